//! Descriptions: noun phrases without a name, their head and what it is.

use std::ops::Range;

use super::lexicon;
use super::phrase::is_preposition;
use super::words::Word;

/// What a description is headed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A person's office or calling: "the minister".
    Role,
    /// A body: "the ministry".
    Body,
    /// A paper or message: "a joint statement".
    Paper,
    /// Anything else: "the 63-year-old", "the winner".
    Other,
}

/// A noun phrase without a name of its own.
#[derive(Debug, Clone)]
pub(crate) struct Description {
    /// Indices of its words up to a comma, the article included.
    pub(crate) words: Range<usize>,
    /// Indices of its words before "of", "in", "who" and the like.
    pub(crate) core: Range<usize>,
    /// Head noun, folded, singular where it is a role.
    pub(crate) noun: String,
    /// What the head is.
    pub(crate) class: Class,
    /// Whether it stands for several.
    pub(crate) plural: bool,
    /// Whether "the", "his" or a possessive makes it someone known.
    pub(crate) definite: bool,
}

/// Analyses a noun phrase without a name.
pub(super) fn describe(words: &[Word], phrase: &Range<usize>) -> Description {
    let opens = |at: usize| {
        let folded = words[at].folded.as_str();
        is_preposition(folded)
            || matches!(
                folded,
                "who"
                    | "whose"
                    | "that"
                    | "which"
                    | "after"
                    | "signed"
                    | "briefed"
                    | "familiar"
                    | "based"
                    | "speaking"
                    | "talking"
                    | "led"
                    | "published"
                    | "issued"
                    | "representing"
            )
    };
    let core_end = (phrase.start + 1..phrase.end).find(|&at| opens(at)).unwrap_or(phrase.end);
    let core = phrase.start..core_end;
    let class_of = |at: usize| -> Option<(Class, String, bool)> {
        let folded = words[at].folded.as_str();
        if folded == "number" && at > phrase.start && words[at - 1].folded == "opposite" {
            return Some((Class::Role, "counterpart".to_owned(), false));
        }
        if lexicon::is_role(folded) {
            return Some((Class::Role, folded.to_owned(), false));
        }
        if let Some(role) = lexicon::singular_role(folded) {
            return Some((Class::Role, role.to_owned(), true));
        }
        if matches!(
            folded,
            "people"
                | "men"
                | "women"
                | "families"
                | "relatives"
                | "residents"
                | "prosecutors"
                | "experts"
                | "mayors"
        ) {
            return Some((Class::Role, folded.to_owned(), true));
        }
        let single = body_noun(folded)?;
        let class = if lexicon::is_paper(single) { Class::Paper } else { Class::Body };
        Some((class, single.to_owned(), single != folded))
    };
    // "official media organs" are no official.
    let adjective = |at: usize| words[at].folded == "official" && at + 1 < core.end;
    let head = core.clone().rev().find_map(|at| {
        class_of(at).filter(|_| !adjective(at) && (!words[at].possessive || at + 1 == core.end))
    });
    let first = words[phrase.start].folded.as_str();
    // "a club steward" is no club.
    let person = core.clone().next_back().filter(|_| matches!(first, "a" | "an"));
    let person =
        person.is_some_and(|last| !words[last].capital && lexicon::is_person_noun(&words[last].folded));
    let head = head.filter(|(class, ..)| !(person && *class == Class::Body));
    let (class, noun, plural) = head.unwrap_or_else(|| {
        let last = words[core.clone()].last();
        let noun = last.map_or(String::new(), |word| word.folded.clone());
        // "the inhabitants", "eleven donor countries"
        let party = matches!(
            noun.as_str(),
            "republicans" | "democrats" | "conservatives" | "liberals" | "socialists" | "greens" | "tories"
        );
        let counted = matches!(
            first,
            "some" | "many" | "other" | "most" | "few" | "several" | "both" | "two" | "three" | "all"
        );
        let several = noun.ends_with('s')
            && !noun.ends_with("ss")
            && (party || counted || last.is_some_and(|word| !word.capital));
        (Class::Other, noun, several)
    });
    let crowd =
        |word: &Word| is_crowd(&word.folded) && !word.possessive && (!word.capital || core.len() == 1);
    let head = words[core.clone()].last().is_some_and(crowd);
    let plural = plural || class == Class::Other && (head || words[core.clone()].iter().any(is_share));
    let possessive = words[core.clone()].iter().any(|word| word.possessive);
    let definite =
        matches!(first, "the" | "his" | "her" | "its" | "their" | "your" | "that" | "this") || possessive;
    Description { words: phrase.clone(), core, noun, class, plural, definite }
}

/// "73 |percent of those asked"
fn is_share(word: &Word) -> bool {
    word.folded == "percent"
}

/// Nouns that stand for several: "a wide |array of artists", "the |family".
fn is_crowd(folded: &str) -> bool {
    matches!(
        folded,
        "majority"
            | "minority"
            | "number"
            | "share"
            | "fraction"
            | "handful"
            | "dozens"
            | "hundreds"
            | "thousands"
            | "millions"
            | "half"
            | "array"
            | "others"
            | "family"
            | "media"
            | "public"
            | "crowd"
            | "couple"
            | "pair"
            | "duo"
            | "trio"
            | "each"
            | "everyone"
            | "everybody"
            | "electorate"
    )
}

/// Whether a noun that no list knows can stand for one person: "the winner", "the 63-year-old", "my father";
/// not "the recording", "the research".
pub(super) fn may_be_person(noun: &str) -> bool {
    const ENDINGS: [&str; 16] = [
        "er", "or", "ist", "ian", "man", "woman", "ant", "ent", "ee", "ish", "ese", "ar", "old", "ic", "ess",
        "ard",
    ];
    const THINGS: [&str; 4] = ["ment", "ident", "paper", "number"];
    lexicon::is_person_noun(noun)
        || ENDINGS.iter().any(|end| noun.ends_with(end)) && !THINGS.iter().any(|end| noun.ends_with(end))
}

/// The singular of a noun that heads a body: "ministries" → "ministry".
pub(crate) fn body_noun(folded: &str) -> Option<&'static str> {
    use std::collections::HashMap;
    use std::sync::OnceLock;
    static NOUNS: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let nouns = NOUNS.get_or_init(|| {
        let mut nouns = HashMap::new();
        for line in lexicon::entries(include_str!("../../models/lexicon/organisations.txt")) {
            let noun = line.trim_start_matches('-');
            let plural = match noun.strip_suffix('y') {
                Some(stem) if !noun.ends_with("ay") => format!("{stem}ies"),
                _ => format!("{noun}s"),
            };
            nouns.insert(plural, noun);
            nouns.insert(noun.to_owned(), noun);
        }
        nouns
    });
    nouns.get(folded).copied()
}
