//! Draft: a row whose speaker is not known yet, since that takes the whole collection.

use serde::{Deserialize, Serialize};

use super::cell::Cell;
use super::layout::Layout;
use super::{Row, SPEAKER_ID, resettled};
use crate::roster::Known;

/// A row as it will stand in the output but for its speaker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Whose statement it is: a number that its maker understands.
    pub speaker: Option<usize>,
    side: String,
    target: String,
    basis: String,
    /// All cells, written.
    cells: Vec<String>,
}

impl Draft {
    /// The draft of a row of [`Layout::of_linked_rows`].
    pub fn new<'c>(
        row: &'c Row<'c>,
        metadata: impl Iterator<Item = Cell<'c>>,
        speaker: Option<usize>,
        layout: &Layout,
    ) -> Self {
        let cells = row.cells().chain([Cell::Text("")]).chain(metadata);
        Self {
            speaker,
            side: row.speaker_side.to_owned(),
            target: row.target.to_owned(),
            basis: row.basis.clone(),
            cells: cells.map(|cell| layout.written(&cell)).collect(),
        }
    }

    /// The line, with its end. Nobody talks about his own side: a target that turns out to be it goes.
    pub fn finish(mut self, known: Option<&Known>, layout: &Layout) -> Vec<u8> {
        if let Some(known) = known {
            let mut basis = self.basis;
            if !known.basis.is_empty() {
                basis = resettled(&basis, "link", &known.basis);
            }
            let mut put = |column: &str, text: &str| {
                let at = layout.columns().iter().position(|name| name == column);
                if let Some(cell) = at.and_then(|at| self.cells.get_mut(at)) {
                    *cell = layout.written(&Cell::Text(text));
                }
            };
            put("speaker", &known.name);
            put(SPEAKER_ID, &known.id);
            if let Some(side) = known.side.as_ref().filter(|side| **side != self.side) {
                put("speaker_side", side);
                basis = resettled(&basis, "side", "people");
                if *side == self.target {
                    put("target", "");
                    let rest = basis.split(';').filter(|part| !part.starts_with("target="));
                    basis = rest.collect::<Vec<_>>().join(";");
                }
            }
            put("basis", &basis);
        }
        layout.joined(self.cells.into_iter())
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::Form;
    use super::super::{cell::Formulas, rows, tests};
    use super::*;
    use crate::Document;
    use crate::stance::Labels;

    fn line(form: Form, known: Option<&Known>) -> String {
        let layout = Layout::of_linked_rows(form, Formulas::Guarded, &Labels::default(), &[]);
        let mut analysis = tests::analysis();
        let speaker = &mut analysis.statements[0].speaker;
        (speaker.side, speaker.side_basis) = ("Chile".into(), "context");
        (speaker.target, speaker.target_basis) = ("Peru".into(), "side");
        let row = rows(Document { id: "a", text: tests::TEXT }, &analysis).next().unwrap();
        let draft = Draft::new(&row, std::iter::empty(), Some(0), &layout);
        let spilled = serde_json::to_string(&draft).unwrap();
        let draft: Draft = serde_json::from_str(&spilled).unwrap();
        String::from_utf8(draft.finish(known, &layout)).unwrap()
    }

    #[test]
    fn a_known_speaker_gets_name_id_and_basis() {
        let known =
            Known { name: "=Ana M. Ríos".into(), id: "ana".into(), basis: "initials".into(), side: None };
        let csv = line(Form::Csv, Some(&known));
        assert!(csv.contains(",'=Ana M. Ríos,Ana Ríos,person,,Chile,said,Peru,"), "{csv}");
        assert!(csv.contains("side=context;target=side;stance=model;link=initials,"), "{csv}");
        assert!(csv.ends_with(",2,ana\n"), "{csv}");
    }

    #[test]
    fn the_list_of_people_settles_the_side() {
        let side = Some("Peru".to_owned());
        let known = Known { name: "Ana Ríos".into(), id: "Q1".into(), basis: "people".into(), side };
        let row: serde_json::Value = serde_json::from_str(&line(Form::Jsonl, Some(&known))).unwrap();
        assert_eq!((&row["speaker_side"], &row["speaker_id"]), (&"Peru".into(), &"Q1".into()));
        assert!(row["target"].is_null());
        assert_eq!(row["basis"], "quote=marks+tagger;speaker=name;side=people;stance=model;link=people");
    }

    #[test]
    fn an_unknown_speaker_leaves_the_row_as_it_is() {
        assert!(line(Form::Csv, None).ends_with(",2,\n"));
    }
}
