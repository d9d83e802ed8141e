//! Cells: one value of a row, as CSV and as JSON.

use std::fmt::Write;

use serde_json::Value;

use super::Range;

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'t> {
    /// Text; empty if there is none.
    Text(&'t str),
    /// A whole number.
    Count(usize),
    /// A number with decimals.
    Number(f64),
    /// Ranges of code points.
    Ranges(&'t [Range]),
    /// A range of code points, if there is one.
    Range(Option<Range>),
    /// A value of the input, unchanged.
    Input(&'t Value),
}

/// What becomes of CSV cells that a spreadsheet would run as a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formulas {
    /// They get a leading `'`.
    #[default]
    Guarded,
    /// They stay as they are (`--raw-cells`).
    Raw,
}

impl Cell<'_> {
    /// The cell in a CSV file, before quoting.
    pub fn csv(&self, formulas: Formulas) -> String {
        let text = match self {
            Cell::Text(text) => (*text).to_owned(),
            Cell::Count(count) => return count.to_string(),
            Cell::Number(number) => return number.to_string(),
            Cell::Ranges(ranges) => return ranges_csv(ranges),
            Cell::Range(range) => return ranges_csv(range.as_slice()),
            Cell::Input(Value::Null) => return String::new(),
            Cell::Input(Value::String(text)) => text.clone(),
            Cell::Input(value) => return value.to_string(),
        };
        if formulas == Formulas::Guarded && is_formula(&text) { format!("'{text}") } else { text }
    }

    /// The cell in a JSON object; absent text is `null`.
    pub fn json(&self) -> Value {
        match self {
            Cell::Text("") => Value::Null,
            Cell::Text(text) => Value::from(*text),
            Cell::Count(count) => Value::from(*count),
            Cell::Number(number) => Value::from(*number),
            Cell::Ranges(ranges) => ranges.iter().map(|range| range.to_vec()).collect(),
            Cell::Range(range) => range.map_or(Value::Null, |range| Value::from(range.to_vec())),
            Cell::Input(value) => (*value).clone(),
        }
    }
}

fn ranges_csv(ranges: &[Range]) -> String {
    let mut cell = String::new();
    for [start, end] in ranges {
        let separator = if cell.is_empty() { "" } else { ";" };
        // Writing to a string cannot fail.
        let _ = write!(cell, "{separator}{start}-{end}");
    }
    cell
}

/// Takes: `=1+1`, `@SUM(A1)`, `- he said`. Not: `-12.5`, which is a number.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text)
}

fn is_number(text: &str) -> bool {
    text.chars().all(|char| char.is_ascii_digit() || matches!(char, '+' | '-' | '.' | 'e' | 'E'))
        && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn formulas() {
        for text in ["=1+1", "+A1", "-A1", "@SUM(1)", "\t=1", "\r=1", "-inf", "-", "+1-2"] {
            assert_eq!(Cell::Text(text).csv(Formulas::Guarded), format!("'{text}"));
            assert_eq!(Cell::Text(text).csv(Formulas::Raw), text);
            assert_eq!(Cell::Input(&json!(text)).csv(Formulas::Guarded), format!("'{text}"));
        }
        for text in ["", "1-2", "’=", "-12.5", "+3", "a=b"] {
            assert_eq!(Cell::Text(text).csv(Formulas::Guarded), text);
        }
        assert_eq!(Cell::Number(-0.5).csv(Formulas::Guarded), "-0.5");
        assert_eq!(Cell::Input(&json!(-5)).csv(Formulas::Guarded), "-5");
    }

    #[test]
    fn as_csv_and_as_json() {
        let check = |cell: Cell<'_>, csv: &str, value: Value| {
            assert_eq!((cell.csv(Formulas::Guarded), cell.json()), (csv.to_owned(), value));
        };
        check(Cell::Text(""), "", Value::Null);
        check(Cell::Ranges(&[[1, 5], [7, 9]]), "1-5;7-9", json!([[1, 5], [7, 9]]));
        check(Cell::Range(Some([1, 5])), "1-5", json!([1, 5]));
        check(Cell::Range(None), "", Value::Null);
        check(Cell::Number(0.25), "0.25", json!(0.25));
        check(Cell::Input(&json!({"b": 1, "a": [2]})), "{\"b\":1,\"a\":[2]}", json!({"b": 1, "a": [2]}));
        check(Cell::Input(&Value::Null), "", Value::Null);
    }
}
