//! JSON Lines: an object a line, its fields the columns.

use std::collections::HashMap;
use std::fs;
use std::io::BufReader;

use serde_json::{Map, Value};

use super::{Broken, Record, Table};
use crate::Error;
use crate::input::MAX_COLUMNS;
use crate::input::encoding::{self, Guess};
use crate::input::lines::lines;

/// Learns the fields of `table` and its encoding. `first` are its first bytes.
pub(super) fn survey(table: &mut Table, first: &[u8]) -> Result<Guess, Error> {
    if first.trim_ascii_start().starts_with(b"[") {
        return Err(table.refused("a JSON array; wanted is one object a line (jq -c '.[]' makes that)"));
    }
    let mut guess = Guess::default();
    let mut known = HashMap::new();
    let failed = |error| Error::Io { path: table.place.clone(), source: error };
    for line in lines(table.reader().map_err(failed)?, table.longest) {
        let Some(content) = line.map_err(failed)?.content else { continue };
        guess.feed(&content);
        // Which encoding is not settled yet: names of fields are ASCII or UTF-8 in all but odd files.
        let Ok(record) = serde_json::from_str::<Map<String, Value>>(&String::from_utf8_lossy(&content))
        else {
            continue;
        };
        for name in record.into_iter().map(|(name, _)| name) {
            let next = known.len();
            known.entry(name).or_insert(next);
        }
        if MAX_COLUMNS < known.len() {
            return Err(table.refused(&format!("more than {MAX_COLUMNS} different fields")));
        }
    }
    let mut columns: Vec<_> = known.into_iter().collect();
    columns.sort_by_key(|(_, at)| *at);
    table.columns = columns.into_iter().map(|(name, _)| name).collect();
    Ok(guess)
}

/// The records of `table`, whose content is `reader`.
pub(super) fn records(
    table: &Table,
    reader: BufReader<fs::File>,
) -> impl Iterator<Item = Result<Record, Broken>> + '_ {
    let at: HashMap<&str, usize> =
        table.columns.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut line_number = 0;
    stop_at_error(lines(reader, table.longest)).filter_map(move |line| {
        let line = match line {
            Ok(line) => line,
            Err(error) => {
                return Some(Err(Broken { line: line_number + 1, reason: error.to_string(), bytes: 0 }));
            }
        };
        line_number = line.number;
        let broken = |reason| Some(Err(Broken { line: line.number, reason, bytes: line.bytes }));
        let Some(content) = &line.content else {
            return broken(format!(
                "a line of {} bytes, more than fits a text within the limit (--max-bytes)",
                line.bytes
            ));
        };
        if content.trim_ascii().is_empty() {
            return None;
        }
        let content = encoding::decode_with(content, table.encoding);
        let mut cells = vec![Value::Null; table.columns.len()];
        match serde_json::from_str::<Value>(&content) {
            Ok(Value::Object(fields)) => {
                for (name, value) in fields {
                    if let Some(at) = at.get(name.as_str()) {
                        cells[*at] = value;
                    }
                }
            }
            Ok(_) => return broken("no JSON object".to_owned()),
            Err(error) => return broken(format!("no valid JSON: {}", without_line(&error))),
        }
        Some(Ok(Record { line: line.number, cells, bytes: line.bytes }))
    })
}

/// The message of a JSON error without its "at line 1", since each line is read by itself.
fn without_line(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    format!("{} at column {}", &message[..end], error.column())
}

/// Passes on results up to and including the first error.
fn stop_at_error<T, E>(results: impl Iterator<Item = Result<T, E>>) -> impl Iterator<Item = Result<T, E>> {
    let mut stopped = false;
    results.take_while(move |result| {
        let go_on = !stopped;
        stopped = result.is_err();
        go_on
    })
}
