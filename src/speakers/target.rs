//! Targets: whom a statement is about or addressed to, where the text says so.

use crate::quotes::Quote;

use super::countries;
use super::words::{self, Word};

/// The one country or body other than the speaker's own that stands between cue and content or in the
/// content; empty if there is none, or more than one.
pub(crate) fn of(_text: &str, words: &[Word], quote: &Quote, side: &str) -> String {
    let mut found: Vec<&str> = Vec::new();
    for span in quote.content.iter().take(16) {
        for (_, place) in countries::all(words, words::within(words, *span)) {
            let other = place.place.side.as_str();
            if other != side && !found.contains(&other) {
                found.push(other);
            }
        }
    }
    match found.as_slice() {
        [only] => (*only).to_owned(),
        _ => String::new(),
    }
}
