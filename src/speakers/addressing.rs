//! Words that address somebody or leave him out of it: "both sides", "in |Quito", "urged |Japan".

use crate::quotes::Quote;

use super::countries;
use super::words::{self, Gap, Word};

/// "both sides", "the two neighbours", "all parties", "each other".
pub(super) fn is_both(word: &Word) -> bool {
    matches!(
        word.folded.as_str(),
        "both"
            | "two"
            | "parties"
            | "sides"
            | "each"
            | "neighbours"
            | "neighbors"
            | "pair"
            | "capitals"
            | "governments"
            | "presidents"
            | "delegations"
            | "countries"
    )
}

/// Whether the place at this word is where something happens: "in |Quito", "from |Lima".
pub(super) fn is_scenery(words: &[Word], at: usize) -> bool {
    at > 0
        && words[at].gap == Gap::Space
        && matches!(words[at - 1].folded.as_str(), "in" | "at" | "from" | "near")
}

/// The object of "accused", "urged", "told" and the like: the place right behind the cue.
///
/// Takes "urged |Japan to …", "accused the |United States of …"; not "told reporters in |Japan".
pub(super) fn object(words: &[Word], quote: &Quote) -> Option<String> {
    let cue = words::within(words, quote.cue?);
    let verb = words.get(cue.clone())?.iter().any(|word| addresses(&word.folded));
    if !verb {
        return None;
    }
    let start = (cue.end..cue.end + 3).find(|&at| {
        words.get(at).is_some_and(|word| {
            word.gap == Gap::Space
                && !matches!(word.folded.as_str(), "the" | "on" | "upon" | "for" | "his" | "her" | "its")
        })
    })?;
    Some(countries::find(words, start)?.place.side.clone())
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
