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

    /// Counts the sides for which statements are made: a side that speaks is a party more than a place that
    /// is only named.
    pub(crate) fn heard<'s>(&mut self, sides: impl Iterator<Item = &'s str>) {
        const SPEAKS: usize = 3;
        for side in sides.filter(|side| !side.is_empty()) {
            if let Some(party) = self.ranked.iter_mut().find(|party| party.0 == side) {
                party.1 += SPEAKS;
            }
        }
        self.ranked.sort_by_key(|party| std::cmp::Reverse(party.1));
    }

    /// The main counterpart of a side that is itself a main party; nobody for a third one, nor where two
    /// others come near to each other.
    fn other(&self, side: &str) -> Option<&str> {
        const LEAST: usize = 3;
        let place = self.ranked.iter().position(|party| party.0 == side)?;
        let mut others = self.ranked.iter().filter(|party| party.0 != side);
        let (first, second) = (others.next()?, others.next().map_or(0, |party| party.1));
        let clear = second * 5 <= first.1 * 4;
        (place < 3 && LEAST <= first.1 && (clear || place == 0)).then_some(first.0.as_str())
    }

    /// Whether a side is one of the three main parties.
    pub(crate) fn is_main(&self, side: &str) -> bool {
        self.ranked.iter().take(3).any(|party| party.0 == side)
    }

    /// The one of these that weighs most.
    fn heaviest<'s>(&self, sides: &[&'s str]) -> Option<&'s str> {
        let rank =
            |side: &&&str| self.ranked.iter().position(|party| party.0 == **side).unwrap_or(usize::MAX);
        sides.iter().min_by_key(rank).copied()
    }
}

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
