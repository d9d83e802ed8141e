//! Sides: the country or body that a person, a body or a description speaks for.

use std::ops::Range;

use super::cast::Title;
use super::countries;
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

/// The side that a figure's titles give, the first that gives one; for an office without a country
/// ("the foreign minister, Ana Ruiz") the country named last before it. Empty if there is none.
pub(crate) fn of_titles(words: &[Word], titles: &[Title], seen: &[usize]) -> String {
    let stated = titles.iter().map(|title| of_phrase(words, title.words.clone())).find(|side| !side.is_empty());
    if let Some(side) = stated {
        return side;
    }
    let official = titles.iter().any(|title| title.heads.iter().any(|head| is_office(head)))
        && !titles.iter().any(|title| title.heads.last().is_some_and(|head| is_independent(head)));
    let possessive = seen.iter().take(8).find_map(|&at| owner(words, at));
    if possessive.is_some() || !official {
        return possessive.unwrap_or_default();
    }
    let Some(title) = titles.iter().find(|title| title.heads.iter().any(|head| is_office(head))) else {
        return String::new();
    };
    nearest(words, title.words.start).unwrap_or_default()
}

/// "India's |Ravi Iyer" → India.
fn owner(words: &[Word], name: usize) -> Option<String> {
    let before = name.checked_sub(1).filter(|_| words[name].gap == Gap::Space)?;
    if !words[before].possessive {
        return None;
    }
    (0..3).find_map(|back| {
        let start = before.checked_sub(back)?;
        let found = countries::find(words, start)?;
        (start + found.len == before + 1).then(|| found.place.side.clone())
    })
}

/// The side of a body: the place in its name, for a ministry or an embassy without one the place named last.
pub(crate) fn of_body(words: &[Word], name: Range<usize>) -> String {
    let side = represented(words, name.clone());
    if !side.is_empty() {
        return side;
    }
    let public = words[name.clone()].iter().any(|word| {
        matches!(
            word.folded.as_str(),
            "ministry" | "embassy" | "government" | "army" | "navy" | "police" | "presidency" | "consulate" | "cabinet" | "parliament" | "treasury"
        )
    });
    if public { nearest(words, name.start).unwrap_or_default() } else { String::new() }
}

/// Offices of a state.
fn is_office(role: &str) -> bool {
    matches!(
        role,
        "minister" | "secretary" | "ambassador" | "president" | "premier" | "spokesman" | "spokeswoman" | "spokesperson" | "chancellor" | "general" | "admiral" | "colonel" | "commodore" | "envoy" | "negotiator" | "diplomat" | "king" | "senator" | "lawmaker" | "legislator" | "undersecretary" | "counsellor" | "consul"
    )
}

/// The place named last before word `at`, at most sixty words away, that is no destination or object.
fn nearest(words: &[Word], at: usize) -> Option<String> {
    let from = at.saturating_sub(60);
    let found = countries::all(words, from..at);
    let stands = |start: &usize| {
        let link = start.checked_sub(1).filter(|_| words[*start].gap == Gap::Space).map(|before| words[before].folded.as_str());
        !matches!(link, Some("to" | "with" | "against" | "on" | "about" | "over" | "accused" | "told" | "urged"))
    };
    found.iter().rev().find(|(start, _)| stands(start)).map(|(_, found)| found.place.side.clone())
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
