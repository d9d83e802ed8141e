//! What stands beside a name and says who that is: appositions, ages, copulas, relative clauses.

use std::ops::Range;

use super::countries;
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
    if let Some(place) = in_brackets(words, end) {
        return (Some(place), None);
    }
    // "Ruiz has led Peru's team", "Ruiz has been Peru's envoy since May"
    if next.gap == Gap::Space && matches!(next.folded.as_str(), "has" | "had") {
        return (clause(words, end), None);
    }
    if next.gap == Gap::Space && matches!(next.folded.as_str(), "of" | "at" | "from") {
        let stop = (end + 1..words.len().min(end + 9)).find(|&at| {
            let capital =
                |at: usize| words.get(at).is_some_and(|word| word.capital && word.gap == Gap::Space);
            let small = match words[at].folded.as_str() {
                "the" | "of" | "in" | "opposition" | "ruling" | "nationalist" | "party" => true,
                // "of the Umbrella |for| Renewal"
                "for" => capital(at + 1) && words[at - 1].capital,
                _ => false,
            };
            words[at].gap != Gap::Space || !words[at].capital && !small
        });
        let stop = stop.unwrap_or(words.len().min(end + 9));
        let capital = words[end + 1..stop].iter().any(|word| word.capital || word.folded == "opposition");
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
    stop = (head + 1..stop).find(|&at| ends_office(words, at)).unwrap_or(stop);
    Some(start..stop)
}

/// Whether a word behind an office opens what the person does or did: "president of the union |has", "lawmaker |said"; not
/// "lawyer for the |accused".
pub(super) fn ends_office(words: &[Word], at: usize) -> bool {
    let folded = words[at].folded.as_str();
    let verb =
        matches!(folded, "has" | "have" | "had" | "is" | "was" | "were" | "will" | "would" | "because")
            || lexicon::is_reporting_verb(folded);
    let before = at.checked_sub(1).map_or("", |before| words[before].folded.as_str());
    let inside =
        matches!(before, "the" | "a" | "an" | "of" | "for" | "to" | "in" | "at" | "by" | "with" | "and");
    verb && !inside && !words[at].capital
}

/// The clause behind `at` that tells an office without naming it: "who speaks for Honduras", "has led Russia's
/// team".
fn clause(words: &[Word], at: usize) -> Option<Range<usize>> {
    let mut verb = at + 1;
    while words.get(verb).is_some_and(|word| {
        word.gap == Gap::Space && matches!(word.folded.as_str(), "has" | "had" | "now" | "once" | "also")
    }) {
        verb += 1;
    }
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
        "founded",
        "been",
    ];
    let told = words.get(verb).filter(|word| word.gap == Gap::Space)?;
    let stop = (verb + 1..words.len().min(verb + 11)).find(|&at| words[at].gap != Gap::Space);
    let stop = stop.unwrap_or(words.len().min(verb + 11));
    (leads.contains(&told.folded.as_str()) && verb + 1 < stop).then_some(verb + 1..stop)
}

/// The place in brackets behind a name: "Wen Hui (|China|)".
fn in_brackets(words: &[Word], end: usize) -> Option<Range<usize>> {
    let before = words.get(end.checked_sub(1)?)?;
    let next = words.get(end)?;
    let close =
        next.gap == Gap::Stop && next.sentence == before.sentence && next.span.start == before.span.end + 2;
    let found = countries::find(words, end).filter(|_| close)?;
    let stop = end + found.len;
    words.get(stop).is_none_or(|word| word.gap != Gap::Space).then_some(end..stop)
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

/// The first of the forms of address before a name, else the name: "|Dr. Wen Hui".
pub(super) fn before_address(words: &[Word], name: usize) -> usize {
    let mut at = name;
    while at > 0
        && words[at].gap == Gap::Space
        && words[at - 1].capital
        && lexicon::is_honorific(&words[at - 1].folded)
    {
        at -= 1;
    }
    at
}

/// The description before a comma before a name: "China's ambassador to Laos, Wen Hui, said".
pub(super) fn lead_in(words: &[Word], name: usize, end: usize) -> Option<Range<usize>> {
    // "the ambassador, Dr. |Wen Hui"
    let name = before_address(words, name);
    if words[name].gap != Gap::Comma || name == 0 {
        return None;
    }
    if words.get(end).is_some_and(|next| next.gap == Gap::Space && !next.is_function()) {
        // "the minister, Wang said" closes no apposition, unless the words before it do not stand alone
        return None;
    }
    // "the leader of the Reform Forum (|RF|), Ana Ruiz"
    let short = &words[name - 1];
    let name = if short.gap == Gap::Stop && short.shouting { name - 1 } else { name };
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
