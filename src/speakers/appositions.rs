//! What stands beside a name and says who that is: appositions, ages, copulas, relative clauses.

use std::ops::Range;

use super::lexicon;
use super::scan::{LONGEST_TITLE, in_title};
use super::words::{Gap, Word};

/// The apposition, copula or age behind a name that ends before `end`.
///
/// Takes "Ruiz, a former diplomat,", "Ruiz, 63,", "Ruiz is China's ambassador"; not "Ruiz, Hale and Cole".
pub(super) fn after(words: &[Word], end: usize) -> (Option<Range<usize>>, Option<usize>) {
    let Some(next) = words.get(end) else { return (None, None) };
    if next.gap == Gap::Comma {
        let number = next.folded.parse::<usize>().ok().filter(|age| (15..=110).contains(age));
        if let Some(age) = number {
            let behind = words.get(end + 1).filter(|word| word.gap == Gap::Comma);
            return (behind.and_then(|_| apposition(words, end + 1)), Some(age));
        }
        return (apposition(words, end), None);
    }
    if next.gap == Gap::Space && matches!(next.folded.as_str(), "of" | "at" | "from") {
        let stop = (end + 1..words.len().min(end + 9)).find(|&at| {
            words[at].gap != Gap::Space
                || (!words[at].capital && !matches!(words[at].folded.as_str(), "the" | "of" | "in"))
        });
        let stop = stop.unwrap_or(words.len().min(end + 9));
        let capital = words[end + 1..stop].iter().any(|word| word.capital);
        return (capital.then_some(end..stop), None);
    }
    if next.gap == Gap::Space && matches!(next.folded.as_str(), "is" | "was" | "became" | "remains" | "as") {
        let stop = (end + 1..words.len().min(end + LONGEST_TITLE)).find(|&at| words[at].gap != Gap::Space);
        let stop = stop.unwrap_or(words.len().min(end + LONGEST_TITLE));
        let head = (end + 1..stop.min(end + 8)).find(|&at| lexicon::is_role(&words[at].folded));
        let plain = head.is_some_and(|head| {
            (end + 1..head).all(|at| {
                in_title(words, at)
                    || matches!(words[at].folded.as_str(), "a" | "an" | "the" | "of" | "its" | "and")
            })
        });
        return (plain.then_some(end + 1..stop), None);
    }
    (None, None)
}

/// The apposition that opens at `start`, if it says what a person is.
fn apposition(words: &[Word], start: usize) -> Option<Range<usize>> {
    let first = words.get(start)?;
    if first.folded == "who" {
        return clause(words, start);
    }
    let stop = (start + 1..words.len().min(start + 20)).find(|&at| words[at].gap != Gap::Space);
    let mut stop = stop.unwrap_or(words.len().min(start + 20));
    let head = (start..stop.min(start + 12)).find(|&at| {
        lexicon::is_role(&words[at].folded)
            && words.get(at + 1).is_none_or(|next| {
                next.gap != Gap::Space || !(lexicon::is_role(&next.folded) || lexicon::is_body(&next.folded))
            })
    })?;
    let opens = |at: usize| {
        in_title(words, at)
            || words[at].possessive
            || matches!(
                words[at].folded.as_str(),
                "a" | "an"
                    | "the"
                    | "his"
                    | "her"
                    | "its"
                    | "their"
                    | "then"
                    | "now"
                    | "one"
                    | "of"
                    | "and"
                    | "also"
                    | "s"
            )
            || words[at].folded.ends_with("year-old")
            || !words[at].capital && at > start && !words[at].is_function()
    };
    if !(start..head).all(opens) {
        return None;
    }
    // "Ruiz, Foreign Minister Ana Hale and …" is a list, no apposition.
    if words.get(head + 1).is_some_and(|next| {
        next.gap == Gap::Space && next.capital && head + 1 < stop && !lexicon::is_modifier(&next.folded)
    }) {
        return None;
    }
    if let Some(said) =
        (head + 1..stop).find(|&at| matches!(words[at].folded.as_str(), "said" | "says" | "told"))
    {
        stop = said;
    }
    Some(start..stop)
}

/// The clause that tells an office without naming it: "who speaks for Honduras", "who heads Russia's agency".
fn clause(words: &[Word], who: usize) -> Option<Range<usize>> {
    let verb = words.get(who + 1).filter(|word| word.gap == Gap::Space)?;
    let leads = [
        "speaks",
        "heads",
        "leads",
        "represents",
        "runs",
        "chairs",
        "commands",
        "headed",
        "led",
        "represented",
    ];
    let stop = (who + 2..words.len().min(who + 12)).find(|&at| words[at].gap != Gap::Space);
    let stop = stop.unwrap_or(words.len().min(who + 12));
    (leads.contains(&verb.folded.as_str()) && who + 2 < stop).then_some(who + 2..stop)
}

/// Whether the apposition behind a name calls it a body: "the Ilbo, a conservative daily".
pub(super) fn body_behind(words: &[Word], end: usize) -> bool {
    let Some(first) = words.get(end).filter(|word| word.gap == Gap::Comma) else { return false };
    if !matches!(first.folded.as_str(), "a" | "an" | "the") {
        return false;
    }
    let rest = words[end + 1..].iter().take(7).take_while(|word| {
        word.gap == Gap::Space
            && !matches!(
                word.folded.as_str(),
                "of" | "in" | "for" | "who" | "that" | "which" | "at" | "based" | "from" | "to"
            )
    });
    rest.last().is_some_and(|word| lexicon::is_body(&word.folded) && !lexicon::is_role(&word.folded))
}

/// The description before a comma before a name: "China's ambassador to Laos, Wen Hui, said".
pub(super) fn lead_in(words: &[Word], name: usize, end: usize) -> Option<Range<usize>> {
    if words[name].gap != Gap::Comma || name == 0 {
        return None;
    }
    if words.get(end).is_some_and(|next| next.gap == Gap::Space && !next.is_function()) {
        // "the minister, Wang said" closes no apposition, unless the words before it do not stand alone
        return None;
    }
    let mut start = name;
    while start > 0 && name - start < LONGEST_TITLE && (start == name || words[start].gap == Gap::Space) {
        start -= 1;
    }
    let role = (start..name).rev().find(|&at| lexicon::is_role(&words[at].folded))?;
    let follows = words.get(role + 1..name).unwrap_or_default();
    let complement = follows.first().is_none_or(|word| {
        matches!(word.folded.as_str(), "of" | "to" | "for" | "in" | "at" | "from" | "across" | "on")
    });
    if !complement {
        return None;
    }
    let mut open = role;
    while open > start
        && (in_title(words, open - 1) || words[open - 1].possessive || words[open - 1].folded == "of")
    {
        open -= 1;
    }
    Some(open..name)
}
