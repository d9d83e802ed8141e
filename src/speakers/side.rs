//! Sides: the country or body that a person, a body or a description speaks for.

use std::ops::Range;

use super::appositions::before_address;
use super::countries;
use super::figure::Title;
use super::homes::Homes;
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

/// The side that a figure's titles give, the first that gives one, or a possessive before the name; empty if
/// there is none.
pub(crate) fn of_titles(words: &[Word], titles: &[Title], seen: &[usize]) -> String {
    let stated =
        titles.iter().map(|title| of_phrase(words, title.words.clone())).find(|side| !side.is_empty());
    stated.or_else(|| seen.iter().take(8).find_map(|&at| owner(words, at))).unwrap_or_default()
}

/// For an office without a country ("the foreign minister, Ana Ruiz") the one that the document joins with it
/// elsewhere, else the one named last in the sentence.
pub(crate) fn of_office(words: &[Word], titles: &[Title], homes: &Homes) -> Option<String> {
    let title = titles.iter().find(|title| title.heads.iter().any(|head| is_office(head)))?;
    if titles.iter().any(|title| title.heads.last().is_some_and(|head| is_independent(head))) {
        return None;
    }
    let joined = titles.iter().find_map(|title| homes.of(&words[title.words.clone()]));
    joined.or_else(|| dateline(words, title.words.start))
}

/// "India's |Ravi Iyer" → India.
fn owner(words: &[Word], name: usize) -> Option<String> {
    // "Malaysia's Datuk |Hisham"
    let name = before_address(words, name);
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

/// Whether a body is one of a state: "the presidential office", "the navy"; not "the Reed Institute".
pub(crate) fn is_public(name: &[Word]) -> bool {
    name.iter().any(|word| {
        matches!(
            word.folded.as_str(),
            "ministry"
                | "embassy"
                | "government"
                | "army"
                | "navy"
                | "police"
                | "presidency"
                | "presidential"
                | "consulate"
                | "cabinet"
                | "parliament"
                | "treasury"
                | "guard"
                | "administration"
                | "military"
                | "delegation"
                | "commission"
                | "committee"
                | "department"
                | "authority"
                | "customs"
                | "court"
                | "judiciary"
                | "prosecutor"
                | "coastguard"
                | "forces"
                | "chiefs"
                | "junta"
                | "state"
        )
    })
}

/// Offices and callings of those who speak for a state, named or not.
pub(crate) fn is_official(role: &str) -> bool {
    is_office(role)
        || matches!(
            role,
            "official"
                | "officer"
                | "commander"
                | "governor"
                | "delegate"
                | "captain"
                | "deputy"
                | "chief"
                | "adviser"
                | "aide"
                | "ministry"
                | "commissioner"
                | "councillor"
                | "councilor"
                | "justice"
                | "prosecutor"
                | "judge"
                | "mp"
                | "counterpart"
                | "attaché"
                | "attache"
                | "commandant"
                | "brigadier"
                | "major"
                | "inspector"
                | "superintendent"
        )
}

/// Offices of a state.
pub(crate) fn is_office(role: &str) -> bool {
    matches!(
        role,
        "minister"
            | "secretary"
            | "ambassador"
            | "president"
            | "premier"
            | "spokesman"
            | "spokeswoman"
            | "spokesperson"
            | "chancellor"
            | "general"
            | "admiral"
            | "colonel"
            | "commodore"
            | "envoy"
            | "negotiator"
            | "diplomat"
            | "king"
            | "senator"
            | "lawmaker"
            | "legislator"
            | "undersecretary"
            | "counsellor"
            | "consul"
    )
}

/// The place named last before word `at` in its sentence that is no destination or object: "In Quito, Foreign
/// Minister |Ana Ruiz". Two of three such guesses are right.
fn dateline(words: &[Word], at: usize) -> Option<String> {
    let sentence = words.get(at)?.sentence;
    let from = words[..at].partition_point(|word| word.sentence < sentence).max(at.saturating_sub(40));
    let found = countries::all(words, from..at);
    found.iter().rev().find(|(start, _)| !is_object(words, *start)).map(|(_, found)| found.place.side.clone())
}

/// Whether the place at this word is a destination or object: "to |Quito", "accused |Peru".
pub(crate) fn is_object(words: &[Word], start: usize) -> bool {
    let link = start.checked_sub(1).filter(|_| words[start].gap == Gap::Space);
    link.is_some_and(|before| {
        matches!(
            words[before].folded.as_str(),
            "to" | "with" | "against" | "on" | "about" | "over" | "accused" | "told" | "urged"
        )
    })
}

/// The side that a title or description gives: "China's ambassador to Laos" → China, "a fisherman from
/// Laos" → nothing.
pub(crate) fn of_phrase(words: &[Word], phrase: Range<usize>) -> String {
    let roles: Vec<&str> = words[phrase.clone()]
        .iter()
        .map(|word| word.folded.as_str())
        .filter(|word| lexicon::is_role(word))
        .collect();
    // "bureau chief and correspondent", not "NATO chief"
    let independent = roles.iter().any(|role| is_independent(role))
        && roles.iter().all(|role| is_independent(role) || *role == "chief");
    if independent {
        return String::new();
    }
    let side = represented(words, phrase.clone());
    let of_congress = |word: &Word| matches!(word.folded.as_str(), "congressman" | "congresswoman");
    if side.is_empty() && words[phrase].iter().any(of_congress) { "United States".to_owned() } else { side }
}

/// The sides of a group, joined: "U.S. and Chinese officials" → "United States and China".
pub(crate) fn of_group(words: &[Word], phrase: Range<usize>) -> String {
    let joined = words[phrase.clone()].iter().any(|word| word.folded == "and");
    let first = of_phrase(words, phrase.clone());
    if !joined || first.is_empty() {
        return first;
    }
    let mut sides: Vec<&str> = Vec::new();
    for (_, found) in countries::all(words, phrase) {
        if !sides.contains(&found.place.side.as_str()) {
            sides.push(&found.place.side);
        }
    }
    match sides.as_slice() {
        [] => first,
        [only] => (*only).to_owned(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
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
                | "representative"
                | "rapporteur"
                | "coordinator"
        )
    });
    let serves = words[phrase.clone()].iter().any(|word| {
        matches!(
            word.folded.as_str(),
            "aide" | "adviser" | "advisor" | "assistant" | "spokesman" | "spokeswoman" | "spokesperson"
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
            Some("to" | "for") if serves => false,
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
