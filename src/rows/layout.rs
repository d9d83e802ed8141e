//! Layout: rows as lines of CSV or JSON Lines.

use std::path::Path;

use serde_json::Value;

use super::cell::{Cell, Formulas};
use super::{SPEAKER_ID, columns};
use crate::input::table::unique;
use crate::stance::Labels;

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// RFC 4180 with a header and `\n` line ends.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl Form {
    /// The form that a file's ending stands for.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// Form and columns of an output.
#[derive(Debug, Clone)]
pub struct Layout {
    form: Form,
    formulas: Formulas,
    columns: Vec<String>,
}

impl Layout {
    /// A layout of `columns`, no two of which may have the same name.
    pub fn new(form: Form, formulas: Formulas, columns: Vec<String>) -> Self {
        Self { form, formulas, columns }
    }

    /// The layout of [`Row`](super::Row)s: the [`columns`], then `metadata`, prefixed `doc_`. A metadata column
    /// called `id` would be a second `doc_id` and becomes `doc_id_2`.
    pub fn of_rows(form: Form, formulas: Formulas, labels: &Labels, metadata: &[String]) -> Self {
        let metadata = metadata.iter().map(|name| format!("doc_{name}"));
        Self::new(form, formulas, unique(columns(labels).chain(metadata)))
    }

    /// The layout of rows that say who each speaker is in the collection: `speaker_id` stands after
    /// the [`columns`].
    pub fn of_linked_rows(form: Form, formulas: Formulas, labels: &Labels, metadata: &[String]) -> Self {
        let metadata = metadata.iter().map(|name| format!("doc_{name}"));
        let columns = columns(labels).chain([SPEAKER_ID.to_owned()]);
        Self::new(form, formulas, unique(columns.chain(metadata)))
    }

    /// Names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What stands before the first row.
    pub fn header(&self) -> Vec<u8> {
        match self.form {
            Form::Csv => csv_line(self.columns.iter().map(|name| Cell::Text(name).csv(self.formulas))),
            Form::Jsonl => Vec::new(),
        }
    }

    /// One row, with its line end. The cells stand in the order of the columns.
    pub fn line<'c>(&self, cells: impl Iterator<Item = Cell<'c>>) -> Vec<u8> {
        self.joined(cells.map(|cell| self.written(&cell)))
    }

    /// A cell as it will stand in its line, before quoting.
    pub fn written(&self, cell: &Cell<'_>) -> String {
        match self.form {
            Form::Csv => cell.csv(self.formulas),
            Form::Jsonl => cell.json().to_string(),
        }
    }

    /// One row of cells that are [written](Self::written), with its line end.
    pub fn joined(&self, cells: impl Iterator<Item = String>) -> Vec<u8> {
        match self.form {
            Form::Csv => csv_line(cells),
            Form::Jsonl => {
                let name = |name: &String| Value::from(name.as_str());
                let fields =
                    self.columns.iter().zip(cells).map(|(column, cell)| format!("{}:{cell}", name(column)));
                format!("{{{}}}\n", fields.collect::<Vec<_>>().join(",")).into_bytes()
            }
        }
    }
}

fn csv_line(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing to memory cannot fail, and one record cannot differ in length from others.
    let _ = writer.write_record(cells.map(String::into_bytes));
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{COLUMNS, rows, tests};
    use super::*;
    use crate::Document;
    use proptest::prelude::*;
    use serde_json::{Map, json};

    fn lines(form: Form, metadata: &[(&str, Value)]) -> String {
        let names: Vec<_> = metadata.iter().map(|(name, _)| (*name).to_owned()).collect();
        let layout = Layout::of_rows(form, Formulas::Guarded, &Labels::default(), &names);
        let analysis = tests::analysis();
        let row = rows(Document { id: "a", text: tests::TEXT }, &analysis).next().unwrap();
        let mut bytes = layout.header();
        bytes.extend(layout.line(row.cells().chain(metadata.iter().map(|(_, value)| Cell::Input(value)))));
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn csv() {
        assert_eq!(
            lines(Form::Csv, &[("date", json!("2020")), ("id", json!("=1")), ("title", json!("a \"b\"\nc"))]),
            "doc_id,statement_id,kind,quote,speaker,speaker_mention,speaker_type,speaker_role,speaker_side,\
             cue,target,stance,leaning,p_conciliatory,p_confrontational,p_neutral,score,confidence,basis,\
             sentence,spans,speaker_span,cue_span,paragraph,doc_date,doc_id_2,doc_title\n\
             a,1,direct,\"We héar you, … Let us talk.\",Ana Ríos,Ana Ríos,person,,,said,,conciliatory,\
             conciliatory,0.6667,0.1112,0.2221,0.5555,0.45,quote=marks+tagger;speaker=name;stance=model,\
             \"“We héar you,” said Ana Ríos. “Let us talk.”\",16-28;46-58,35-43,30-34,2,2020,'=1,\
             \"a \"\"b\"\"\nc\"\n"
        );
    }

    #[test]
    fn jsonl() {
        let lines = lines(Form::Jsonl, &[("n", json!(5)), ("none", Value::Null)]);
        assert_eq!(lines.matches('\n').count(), 1);
        let row: Value = serde_json::from_str(&lines).unwrap();
        let names: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names[..24], COLUMNS);
        assert_eq!(names[24..], ["doc_n", "doc_none"]);
        assert_eq!(row["spans"], json!([[16, 28], [46, 58]]));
        assert_eq!(row["cue_span"], json!([30, 34]));
        assert_eq!(
            (&row["target"], &row["doc_none"], &row["doc_n"]),
            (&Value::Null, &Value::Null, &json!(5))
        );
        assert_eq!(row["statement_id"], json!(1));
    }

    proptest! {
        #[test]
        fn any_cells_can_be_read_back(cells in prop::collection::vec("(?s).{0,20}", 2..5)) {
            let columns: Vec<_> = (0..cells.len()).map(|number| number.to_string()).collect();
            let file = |form| {
                let layout = Layout::new(form, Formulas::Raw, columns.clone());
                [layout.header(), layout.line(cells.iter().map(|cell| Cell::Text(cell)))].concat()
            };
            let csv = file(Form::Csv);
            let record = csv::Reader::from_reader(&csv[..]).records().next().unwrap().unwrap();
            prop_assert!(record.iter().eq(&cells));
            let row: Map<String, Value> = serde_json::from_slice(&file(Form::Jsonl)).unwrap();
            prop_assert!(row.values().map(|value| value.as_str().unwrap_or_default()).eq(&cells));
        }
    }
}
