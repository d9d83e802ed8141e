//! Words whose full stop need not end a sentence, and words that open one.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// How an abbreviation stands in a sentence. The lexicon's own comments give the examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Before the word it belongs to: never ends a sentence.
    Before,
    /// Before a number or single capital: otherwise an ordinary word.
    Number,
    /// Ends a sentence only before a word that opens one.
    Either,
    /// Ends a sentence before any capital that is no day, month or time zone.
    After,
}

/// The longest token, in bytes, that is looked up: longer ones are words, and looking back stays cheap.
pub(super) const LONGEST: usize = 24;

static ABBREVIATIONS: LazyLock<HashMap<&str, Standing>> = LazyLock::new(|| {
    entries(include_str!("../../models/lexicon/abbreviations.txt"))
        .filter_map(|line| {
            let (word, standing) = line.split_once(' ')?;
            Some((word, standing_named(standing.trim())?))
        })
        .collect()
});

static OPENERS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| entries(include_str!("../../models/lexicon/sentence_openers.txt")).collect());

/// How `token` stands, a word without its last full stop: "Mr", "U.S", "J". None: an ordinary word.
pub(super) fn standing(token: &str) -> Option<Standing> {
    if token.len() > LONGEST || token.is_empty() {
        return None;
    }
    if let Some(&standing) = ABBREVIATIONS.get(token) {
        return Some(standing);
    }
    if is_initials(token) {
        return Some(Standing::Either);
    }
    let shouted = token.chars().all(|c| !c.is_lowercase()) && token.chars().nth(1).is_some();
    if !shouted {
        return None;
    }
    let mut letters = token.chars();
    let first = letters.next()?;
    let titled: String = std::iter::once(first).chain(letters.flat_map(char::to_lowercase)).collect();
    ABBREVIATIONS.get(titled.as_str()).copied()
}

/// Whether a capitalised word opens a sentence rather than goes on with a name. Takes "The"; not "President".
pub(super) fn opens_sentence(word: &str) -> bool {
    if word.contains('’') {
        return OPENERS.contains(word.replace('’', "'").as_str());
    }
    OPENERS.contains(word)
}

/// Whether a small word would open a sentence with a capital. Takes "the"; not "president".
pub(super) fn opens_sentence_small(word: &str) -> bool {
    if LONGEST < word.len() || !word.chars().next().is_some_and(char::is_lowercase) {
        return false;
    }
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    opens_sentence(&first.chain(letters).collect::<String>())
}

/// Single letters with stops between them, the first a capital or all of them small: "J", "U.S", "e.g",
/// "J.K", "S.&P". Not "us", "x": a small letter alone is a word or a variable.
fn is_initials(token: &str) -> bool {
    let mut letters = 0;
    for part in token.split('.') {
        let mut chars = part.trim_start_matches('&').chars();
        if !chars.next().is_some_and(char::is_alphabetic) || chars.next().is_some() {
            return false;
        }
        letters += 1;
    }
    1 < letters || token.chars().all(char::is_uppercase)
}

fn standing_named(name: &str) -> Option<Standing> {
    match name {
        "before" => Some(Standing::Before),
        "number" => Some(Standing::Number),
        "either" => Some(Standing::Either),
        "after" => Some(Standing::After),
        _ => None,
    }
}

/// The lines of a lexicon without comments and blanks.
fn entries(lexicon: &'static str) -> impl Iterator<Item = &'static str> {
    lexicon.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_lexicon_is_an_entry() {
        for line in entries(include_str!("../../models/lexicon/abbreviations.txt")) {
            let (word, standing) = line.split_once(' ').expect("a word and its standing");
            assert!(standing_named(standing).is_some(), "{line}");
            assert!(word.len() <= LONGEST && !word.ends_with('.'), "{line}");
        }
    }

    #[test]
    fn no_abbreviation_stands_twice() {
        let lines: Vec<&str> = entries(include_str!("../../models/lexicon/abbreviations.txt")).collect();
        assert_eq!(ABBREVIATIONS.len(), lines.len());
    }

    #[test]
    fn tokens_stand_as_the_lexicon_says() {
        assert_eq!(standing("Mr"), Some(Standing::Before));
        assert_eq!(standing("GEN"), Some(Standing::Before));
        assert_eq!(standing("No"), Some(Standing::Number));
        assert_eq!(standing("Inc"), Some(Standing::Either));
        assert_eq!(standing("p.m"), Some(Standing::After));
        for initials in ["J", "U.S", "U.N", "J.K", "S.&P", "Š"] {
            assert_eq!(standing(initials), Some(Standing::Either), "{initials}");
        }
        for word in ["talks", "x", "gen", "co", "example.com", "", "NATO", "1"] {
            assert_eq!(standing(word), None, "{word}");
        }
    }
}
