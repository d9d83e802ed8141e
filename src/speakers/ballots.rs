//! What the speaker rules weighed, for the fitting of their weights (`models/train/ballots.py`): a JSON line for
//! each choice on standard error. Only with the feature `ballots`, which no user needs.

use serde_json::json;

use crate::Span;

/// Tells of one choice: its `kind`, the part of the text it is about, and each candidate with its signs.
pub(super) fn tell<const N: usize>(kind: &str, text: &str, spans: &[Span], rows: &[(String, [f32; N])]) {
    let chars = |offset: usize| text[..offset].chars().count();
    let spans: Vec<[usize; 2]> = spans.iter().map(|span| [chars(span.start), chars(span.end)]).collect();
    let head: String = text.chars().take(80).collect();
    let rows: Vec<(&str, &[f32])> = rows.iter().map(|(name, signs)| (name.as_str(), &signs[..])).collect();
    eprintln!("ballot {}", json!({"kind": kind, "head": head, "spans": spans, "rows": rows}));
}
