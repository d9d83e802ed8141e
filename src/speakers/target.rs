//! Targets: whom a statement is about or addressed to, where the text says so.

use std::collections::HashMap;

use crate::quotes::Quote;

use super::countries;
use super::words::{self, Gap, Word};

/// The sides a document names, the most frequent first, with the share of each.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    ranked: Vec<(String, usize)>,
}

impl Parties {
    /// Counts the places of a document.
    pub(crate) fn gather(words: &[Word]) -> Self {
        let mut tally: HashMap<&str, (usize, usize)> = HashMap::new();
        for (at, found) in countries::all(words, 0..words.len()) {
            tally.entry(found.place.side.as_str()).or_insert((0, at)).0 += 1;
        }
        let mut ranked: Vec<(&str, (usize, usize))> = tally.into_iter().collect();
        ranked.sort_by_key(|&(_, (count, first))| (std::cmp::Reverse(count), first));
        Self { ranked: ranked.into_iter().map(|(side, (count, _))| (side.to_owned(), count)).collect() }
    }

    /// The other party of a document about two: the speaker's side is one of the two named most, and the
    /// third is far behind.
    fn other(&self, side: &str) -> Option<&str> {
        let [first, second, rest @ ..] = self.ranked.as_slice() else { return None };
        let third = rest.first().map_or(0, |third| third.1);
        if second.1 < 3 || second.1 < third * 2 {
            return None;
        }
        match side {
            side if side == first.0 => Some(&second.0),
            side if side == second.0 => Some(&first.0),
            _ => None,
        }
    }
}

/// Whom a statement is about or addressed to: the party right behind the reporting verb, else the only
/// party of the content that is not the speaker's own, else the other one of a document about two.
pub(crate) fn of(words: &[Word], quote: &Quote, side: &str, parties: &Parties) -> String {
    if let Some(object) = object(words, quote, side) {
        return object;
    }
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
        [] if !side.is_empty() => parties.other(side).unwrap_or_default().to_owned(),
        many if !side.is_empty() => {
            parties.other(side).filter(|other| many.contains(other)).unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
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
