//! Sides: the country or body that a person, a body or a description speaks for.

use std::ops::Range;

use super::cast::Title;
use super::countries::{self, Sense};
use super::lexicon;
use super::words::{Gap, Word, fold};

/// Callings of those who speak for themselves.
pub(crate) fn is_independent(role: &str) -> bool {
    use std::collections::HashSet;
    use std::sync::OnceLock;
    static SET: OnceLock<HashSet<String>> = OnceLock::new();
    SET.get_or_init(|| {
        lexicon::entries(include_str!("../../models/lexicon/independent.txt")).map(fold).collect()
    })
    .contains(role)
}

/// The side that a figure's titles give, the first that gives one; empty if none does.
pub(crate) fn of_titles(words: &[Word], titles: &[Title]) -> String {
    titles
        .iter()
        .map(|title| of_phrase(words, title.words.clone()))
        .find(|side| !side.is_empty())
        .unwrap_or_default()
}

/// The side that a title or description gives: "China's ambassador to Laos" → China, "a fisherman from
/// Laos" → nothing.
pub(crate) fn of_phrase(words: &[Word], phrase: Range<usize>) -> String {
    let roles: Vec<&str> = words[phrase.clone()]
        .iter()
        .map(|word| word.folded.as_str())
        .filter(|word| lexicon::is_role(word))
        .collect();
    let independent = !roles.is_empty() && roles.iter().all(|role| is_independent(role) || *role == "chief");
    if independent {
        return String::new();
    }
    represented(words, phrase)
}

/// The first place of a phrase that it can speak for.
///
/// Takes "Serbian" of "the Serbian envoy to Kosovo"; not "Paris" of "the embassy in Paris".
pub(crate) fn represented(words: &[Word], phrase: Range<usize>) -> String {
    let abroad = words[phrase.clone()].iter().any(|word| {
        matches!(
            word.folded.as_str(),
            "embassy"
                | "consulate"
                | "mission"
                | "ambassador"
                | "envoy"
                | "commission"
                | "diplomat"
                | "consul"
        )
    });
    for (at, found) in countries::all(words, phrase.clone()) {
        let mut before = at;
        while before > phrase.start
            && words[before].gap == Gap::Space
            && matches!(words[before - 1].folded.as_str(), "the" | "neighbouring" | "neighboring")
        {
            before -= 1;
        }
        let link = (before > phrase.start && words[before].gap == Gap::Space)
            .then(|| words[before - 1].folded.as_str());
        let away = match link {
            Some("to" | "on" | "about" | "with" | "against" | "near") => true,
            Some("in" | "at" | "from" | "for") => abroad,
            _ => false,
        };
        if !away {
            return found.place.side.clone();
        }
    }
    String::new()
}

/// Whether a place is a demonym or a possessive, as before "minister" or "officials".
pub(crate) fn describes(sense: Sense) -> bool {
    sense == Sense::Demonym
}
