//! Targets: whom a statement is about or addressed to, where the text says so.

use crate::quotes::Quote;

use super::countries;
use super::parties::Parties;
use super::words::{self, Gap, Word};

/// Whom a statement is about or addressed to: the party right behind the reporting verb, else the heaviest
/// party of the content that is not the speaker's own, else the main counterpart of the speaker's side.
pub(crate) fn of(words: &[Word], quote: &Quote, side: &str, parties: &Parties) -> String {
    if let Some(object) = object(words, quote, side) {
        return object;
    }
    let counterpart = (!side.is_empty()).then(|| parties.other(side)).flatten();
    let mut found: Vec<&str> = Vec::new();
    for span in quote.content.iter().take(16) {
        for (at, place) in countries::all(words, words::within(words, *span)) {
            let other = place.place.side.as_str();
            let scenery = is_scenery(words, at) && counterpart != Some(other);
            if other != side && !scenery && !found.contains(&other) {
                found.push(other);
            }
        }
    }
    match found.as_slice() {
        [only] => (*only).to_owned(),
        many if !side.is_empty() => parties.heaviest(many).or(counterpart).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

/// Whether the place at this word is where something happens: "in |Quito", "from |Lima".
fn is_scenery(words: &[Word], at: usize) -> bool {
    at > 0
        && words[at].gap == Gap::Space
        && matches!(words[at - 1].folded.as_str(), "in" | "at" | "from" | "near")
}

/// The object of "accused", "urged", "told" and the like: the place right behind the cue.
///
/// Takes "urged |Japan to …", "accused the |United States of …"; not "told reporters in |Japan".
fn object(words: &[Word], quote: &Quote, side: &str) -> Option<String> {
    let cue = words::within(words, quote.cue?);
    let verb = words.get(cue.clone())?.iter().any(|word| addresses(&word.folded));
    if !verb {
        return None;
    }
    let start = (cue.end..cue.end + 3).find(|&at| {
        words.get(at).is_some_and(|word| {
            word.gap == Gap::Space && !matches!(word.folded.as_str(), "the" | "on" | "upon" | "for")
        })
    })?;
    let found = countries::find(words, start)?;
    (found.place.side != side).then(|| found.place.side.clone())
}

fn addresses(verb: &str) -> bool {
    const STEMS: [&str; 24] = [
        "accus",
        "blam",
        "urg",
        "warn",
        "tell",
        "told",
        "thank",
        "prais",
        "critici",
        "condemn",
        "call",
        "ask",
        "demand",
        "remind",
        "invit",
        "assur",
        "congratulat",
        "denounc",
        "chid",
        "slam",
        "credit",
        "threaten",
        "press",
        "advis",
    ];
    STEMS.iter().any(|stem| verb.starts_with(stem))
}
