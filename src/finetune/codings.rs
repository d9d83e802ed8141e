//! Codings: statements with the label that somebody gave each, from a CSV or JSON Lines table.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::Error;
use crate::input::encoding;
use crate::input::table::{Broken, Table};
use crate::stance::Labels;

/// Columns by name; `None`: the first of the usual names that is there.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The statement: else [`TEXT`].
    pub text: Option<String>,
    /// Its label: else [`LABEL`].
    pub label: Option<String>,
    /// Who said it; need not be there: else [`SPEAKER`].
    pub speaker: Option<String>,
    /// The reporting words; need not be there: else [`CUE`].
    pub cue: Option<String>,
    /// What was written before it; need not be there: else [`CONTEXT`].
    pub context: Option<String>,
}

/// Usual names of the statement's column; `quote` is that of sayso's own rows.
pub const TEXT: &[&str] = &["statement", "text", "quote", "sentence"];
/// … of the label's; `stance` is that of sayso's own rows.
pub const LABEL: &[&str] = &["label", "code", "stance"];
/// … of the speaker's.
pub const SPEAKER: &[&str] = &["speaker"];
/// … of the reporting words'.
pub const CUE: &[&str] = &["cue"];
/// … of what was written before.
pub const CONTEXT: &[&str] = &["context", "context_before"];

/// One coded statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coding {
    /// Line in the table.
    pub line: u64,
    /// The statement.
    pub statement: String,
    /// Who said it, or empty.
    pub speaker: String,
    /// The reporting words, or empty.
    pub cue: String,
    /// What was written before it, or empty.
    pub context: String,
    /// Place of its label among [`Codings::labels`].
    pub label: usize,
}

/// Coded statements.
#[derive(Debug, Clone)]
pub struct Codings {
    /// Their file.
    pub place: String,
    /// The labels, in the order of the model to be.
    pub labels: Labels,
    /// The statements, at least two of each label.
    pub codings: Vec<Coding>,
    /// What a user should know.
    pub notes: Vec<String>,
}

impl Codings {
    /// Reads the statements of `path` whose label is one of `labels`; without these, all, and the labels are those
    /// found, in the order of the shipped model's where they are these, else of the alphabet.
    ///
    /// # Errors
    /// The file is missing or no table, lacks a column, a record is broken, or the labels cannot be learnt: too many,
    /// only one, or one with fewer than two statements.
    pub fn read(path: &Path, columns: &Columns, labels: Option<&Labels>) -> Result<Self, Error> {
        let table = Table::of_path(path, None, "with a coded statement a record")?;
        let place = table.place().to_owned();
        let refused = |place: &str, reason: String| Error::Input { path: place.to_owned(), reason };
        let column = |asked: &Option<String>, usual: &[&str], need: Need| -> Result<Option<usize>, Error> {
            let at = |name: &str| table.columns().iter().position(|column| column == name);
            let found = match asked {
                Some(name) => at(name),
                None => usual.iter().find_map(|name| at(name)),
            };
            if found.is_some() || asked.is_none() && need == Need::Welcome {
                return Ok(found);
            }
            let column = asked.clone().unwrap_or_else(|| usual.join("` or `"));
            Err(Error::Column { path: place.clone(), column, available: table.columns().to_vec() })
        };
        let text = column(&columns.text, TEXT, Need::Must)?;
        let label = column(&columns.label, LABEL, Need::Must)?;
        let others = [
            column(&columns.speaker, SPEAKER, Need::Welcome)?,
            column(&columns.cue, CUE, Need::Welcome)?,
            column(&columns.context, CONTEXT, Need::Welcome)?,
        ];

        let mut notes = table.notes().to_vec();
        let named = |at: Option<usize>| at.map(|at| format!("`{}`", table.columns()[at]));
        let used: Vec<String> = [text, label].into_iter().chain(others).filter_map(named).collect();
        notes.push(format!("{place}: reads the columns {}", used.join(", ")));

        let (mut coded, mut blank) = (Vec::new(), 0);
        for record in table.records() {
            let record =
                record.map_err(|Broken { line, reason, .. }| refused(&format!("{place}:{line}"), reason))?;
            let line = record.line;
            let cell = |at: Option<usize>| words(at.and_then(|at| record.cells.get(at)));
            let (statement, name) = (cell(text), cell(label));
            if let Some(reason) = encoding::binary(&statement) {
                return Err(refused(&format!("{place}:{line}"), reason.to_owned()));
            }
            if statement.is_empty() || name.is_empty() {
                blank += 1;
                continue;
            }
            let [speaker, cue, context] = others.map(cell);
            coded.push((name, Coding { line, statement, speaker, cue, context, label: 0 }));
        }
        if 0 < blank {
            notes.push(format!("{place}: {blank} records without statement or label are left out"));
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        coded.iter().for_each(|(name, _)| *counts.entry(name).or_default() += 1);
        let labels = match labels {
            Some(labels) => labels.clone(),
            None => found(&counts, &mut notes).map_err(|reason| refused(&place, reason))?,
        };
        check(&labels, &counts).map_err(|reason| refused(&place, reason))?;
        let other: Vec<String> =
            counts.keys().filter(|name| !is_one(&labels, name)).map(|name| format!("{name:?}")).collect();
        if !other.is_empty() {
            notes.push(format!("{place}: left out, not among --labels: {}", other.join(", ")));
        }
        let labelled = |(name, coding): (String, Coding)| {
            let label = labels.names().iter().position(|label| *label == name)?;
            Some(Coding { label, ..coding })
        };
        let codings = coded.into_iter().filter_map(labelled).collect();
        Ok(Self { place, labels, codings, notes })
    }

    /// How many statements each label has, in the labels' order.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.labels.names().len()];
        self.codings.iter().for_each(|coding| counts[coding.label] += 1);
        counts
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Must,
    Welcome,
}

/// A cell as words; codes may be numbers.
fn words(cell: Option<&Value>) -> String {
    match cell {
        Some(Value::String(words)) => words.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn is_one(labels: &Labels, name: &str) -> bool {
    labels.names().iter().any(|label| label == name)
}

/// The labels that a table has, put in order.
fn found(counts: &BTreeMap<&str, usize>, notes: &mut Vec<String>) -> Result<Labels, String> {
    let shipped = Labels::default();
    if counts.keys().all(|name| is_one(&shipped, name)) {
        return Ok(shipped);
    }
    let names: Vec<String> = counts.keys().map(|&name| name.to_owned()).collect();
    if Labels::COUNT.end() < &names.len() {
        return Err(format!(
            "{} different labels, more than the {} a model may have: name the ones to learn with --labels",
            names.len(),
            Labels::COUNT.end()
        ));
    }
    if let [first, second, ..] = names.as_slice() {
        notes.push(format!(
            "labels: {}; the first two are the poles, friendly {first:?} and adverse {second:?}: --labels gives another order",
            names.join(", ")
        ));
    }
    match names.as_slice() {
        [only] => Err(one_class(only)),
        _ => Labels::new(names),
    }
}

fn one_class(only: &str) -> String {
    format!("every statement is coded {only:?}: there is nothing to tell apart")
}

/// Whether each label can be learnt and checked.
fn check(labels: &Labels, counts: &BTreeMap<&str, usize>) -> Result<(), String> {
    let count = |name: &String| counts.get(name.as_str()).copied().unwrap_or(0);
    let coded: Vec<&String> = labels.names().iter().filter(|name| 0 < count(name)).collect();
    if counts.is_empty() {
        return Err("no coded statements in it".to_owned());
    }
    let absent = labels.names().iter().find(|name| count(name) == 0);
    if let (Some(name), false) = (absent, *labels == Labels::default()) {
        return Err(format!("no statement is coded {name:?}"));
    }
    if let [only] = coded.as_slice() {
        return Err(one_class(only));
    }
    match coded.iter().find(|name| count(name) < 2) {
        Some(name) => Err(format!(
            "only one statement is coded {name:?}: one to learn from and one to check are the least"
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
