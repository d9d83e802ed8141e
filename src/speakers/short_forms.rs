//! The short forms that a text gives to the names of bodies: initials, a head noun, the first word of a company's name.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::Span;

use super::countries;
use super::lexicon;
use super::scan::Naming;
use super::words::{Gap, Word};

/// Calls a lone word that opens the name of a company the company, whatever the net takes it for: "|Nordvik| said" beside "Nordvik
/// Tankers"; not where somebody of that surname is named, or a town ("in |Nordvik|").
pub(super) fn call_firms(namings: &mut [Naming], words: &[Word]) {
    let long = |naming: &&Naming| 1 < naming.name.len();
    let firm = |naming: &&Naming| naming.body && lexicon::is_company(&words[naming.name.end - 1].folded);
    let opening = |naming: &Naming| words[naming.name.start].folded.clone();
    let firms: HashSet<String> = namings.iter().filter(long).filter(firm).map(opening).collect();
    for naming in namings.iter_mut().filter(|naming| long(&&**naming) && firm(&&**naming)) {
        naming.organised = true;
    }
    let persons = namings.iter().filter(long).filter(|naming| !naming.body);
    let surnames: HashSet<String> = persons.map(|naming| words[naming.name.end - 1].folded.clone()).collect();
    let located = namings.iter().filter(|naming| naming.name.len() == 1 && naming.located);
    let towns: HashSet<String> = located.map(opening).collect();
    let lone = |naming: &&mut Naming| naming.name.len() == 1 && naming.titles.is_empty() && !naming.body;
    for naming in namings.iter_mut().filter(lone) {
        let word = &words[naming.name.start];
        if firms.contains(&word.folded) && !surnames.contains(&word.folded) && !towns.contains(&word.folded) {
            (naming.body, naming.organised) = (true, true);
            (naming.strong, naming.certain) = (false, false);
        }
    }
}

/// The short forms of bodies' names, folded, with the name: "Reed Cutters' Union (|RCU|)", the initials of a name, its head
/// noun behind "the", its first word where that alone names a body too. Headlines, all in capitals, tell none.
pub(super) fn gather(
    text: &str,
    words: &[Word],
    namings: &[Naming],
    headline: impl Fn(usize) -> bool,
) -> HashMap<String, Range<usize>> {
    let mut lone: HashMap<&str, &Word> = HashMap::new();
    let mut headlines: HashSet<Span> = HashSet::new();
    let alone = |naming: &&Naming| {
        let at = naming.name.start;
        let articled =
            || naming.body && at.checked_sub(1).is_some_and(|before| words[before].folded == "the");
        naming.name.len() == 1 && (naming.organised || articled())
    };
    for naming in namings.iter().filter(alone) {
        let word = &words[naming.name.start];
        // A headline may have the short form before the text has the name.
        let first = lone.entry(&word.folded).or_insert(word);
        if headlines.contains(&first.span) {
            *first = word;
        }
        if headline(naming.name.start) {
            headlines.insert(word.span);
        }
    }
    let several = namings.iter().filter(|naming| naming.organised && 1 < naming.name.len());
    let several: HashSet<String> = several.map(|naming| joined(&words[naming.name.clone()])).collect();
    let mut forms: HashMap<String, Range<usize>> = HashMap::new();
    // Nothing for what may be two names.
    let mut guesses: HashMap<String, Option<Range<usize>>> = HashMap::new();
    let mut guess = |short: String, name: &Range<usize>| {
        let same = |other: &Range<usize>| {
            let pairs = words[other.clone()].iter().zip(&words[name.clone()]);
            other.len() == name.len() && pairs.into_iter().all(|(a, b)| a.folded == b.folded)
        };
        let known = guesses.entry(short).or_insert_with(|| Some(name.clone()));
        *known = known.take().filter(same);
    };
    let long = |naming: &&Naming| naming.body && 1 < naming.name.len() && !headline(naming.name.start);
    for naming in namings.iter().filter(long) {
        let row = &words[naming.name.clone()];
        if let Some(short) = bracketed(text, words, &naming.name) {
            forms.entry(short.to_owned()).or_insert(naming.name.clone());
        }
        let capitals = row.iter().filter(|word| word.capital);
        let initials: String = capitals.filter_map(|word| word.folded.chars().next()).collect();
        if 2 < initials.len() && lone.get(initials.as_str()).is_some_and(|word| word.shouting) {
            guess(initials, &naming.name);
        }
        // "Golden Lotus" for Golden Lotus Land
        if 2 < row.len()
            && naming.organised
            && row.last().is_some_and(|last| lexicon::is_company(&last.folded))
        {
            let short = joined(&row[..row.len() - 1]);
            if several.contains(&short) {
                guess(short, &naming.name);
            }
        }
        let opening = &row[0];
        // "Lind complained … |Lind Petroleum": only a company's name is told after its short form, and "Lind Private Airlines" is
        // a part of Lind.
        let company = row.len() == 2 && lexicon::is_company(&row[1].folded);
        let later = lone
            .get(opening.folded.as_str())
            .is_some_and(|first| company || opening.span.start < first.span.start);
        // "the |Front" for the Front for Free Lind
        if let Some(head) = head(row).filter(|_| naming.organised) {
            let later = |word: &&&Word| row[0].span.start < word.span.start;
            let taken_up = lone
                .get(head.folded.as_str())
                .filter(later)
                .is_some_and(|word| word.gap != Gap::Stop && !word.shouting);
            let general =
                matches!(head.folded.as_str(), "house" | "army" | "police" | "government" | "state");
            if taken_up && !general && !lexicon::is_paper(&head.folded) {
                guess(head.folded.clone(), &naming.name);
            }
        }
        let whole =
            naming.organised && row.iter().all(|word| word.capital && !word.shouting) && !opening.possessive;
        let placed = || countries::find(words, naming.name.start).is_some();
        if later && whole && !lexicon::is_modifier(&opening.folded) && !is_branch(row) && !placed() {
            guess(opening.folded.clone(), &naming.name);
        }
    }
    for (short, name) in guesses {
        if let Some(name) = name {
            forms.entry(short).or_insert(name);
        }
    }
    forms
}

/// The words of a name, folded, as short forms are looked up: "golden lotus".
pub(super) fn joined(name: &[Word]) -> String {
    name.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
}

/// The noun that heads a name: "Senate Judiciary |Committee|", "|Front| for Free Lind".
fn head(name: &[Word]) -> Option<&Word> {
    let links =
        |word: &Word| !word.capital && matches!(word.folded.as_str(), "of" | "for" | "on" | "in" | "against");
    let main = name.iter().position(links).unwrap_or(name.len());
    name[..main].last().filter(|word| lexicon::is_body(&word.folded))
}

/// Whether a name is headed by a body that its first word alone does not stand for: "Houston |Police|", "Boeing Workers'
/// |Union|"; a company is called by its first word.
fn is_branch(name: &[Word]) -> bool {
    name.iter().any(|word| lexicon::is_body(&word.folded) && !lexicon::is_company(&word.folded))
}

/// The short form in brackets behind a name, folded.
fn bracketed<'w>(text: &str, words: &'w [Word], name: &Range<usize>) -> Option<&'w str> {
    let [last, short] = words.get(name.end - 1..name.end + 1)? else { return None };
    let opens = text.get(last.span.end..short.span.start)?.trim() == "(";
    let closes = text.get(short.span.end..)?.starts_with(')');
    let capitals = short.span.of(text).chars().filter(|c| c.is_uppercase()).count();
    (opens && closes && 1 < capitals).then_some(short.folded.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::{scan, words};

    #[test]
    fn companies_by_their_first_word() {
        let text = "Halden Tankers met. Halden left. Lind Tankers met. Ana Lind left. Lind came. \
                    Moss Tankers met in Moss. Moss slept.";
        let words = words::split(text, &[]);
        let mut namings = scan::namings(text, &words);
        call_firms(&mut namings, &words);
        let is_body = |at: usize| namings.iter().any(|naming| naming.name == (at..at + 1) && naming.body);
        assert!(is_body(3), "Halden");
        assert!(!is_body(11), "Lind is a person's surname here");
        assert!(!is_body(18), "Moss is a town here");
    }

    #[test]
    fn forms_of_names() {
        let full = |text: &str, short: &str| {
            let words = words::split(text, &[]);
            let mut namings = scan::namings(text, &words);
            namings.iter_mut().for_each(|naming| (naming.body, naming.organised) = (true, true));
            let forms = gather(text, &words, &namings, |_| false);
            forms.get(short).map(|name| words::hull(&words, name.clone()).of(text).to_owned())
        };
        assert_eq!(full("The Reed Cutters' Union (RCU) met.", "rcu").as_deref(), Some("Reed Cutters' Union"));
        assert_eq!(full("The Lind Care Council met. LCC left.", "lcc").as_deref(), Some("Lind Care Council"));
        assert_eq!(full("Halden Petroleum met. Halden left.", "halden").as_deref(), Some("Halden Petroleum"));
        assert_eq!(full("The Lind Front met. He left the Front.", "front").as_deref(), Some("Lind Front"));
        assert_eq!(full("He left the Front. The Lind Front met.", "front"), None, "another one");
        let senate = "The Senate Judiciary Committee met. He left the Senate.";
        assert_eq!(full(senate, "senate"), None, "its head is the committee");
        assert_eq!(full("He left Halden. Halden Private Airlines met.", "halden"), None, "a part of it");
        assert_eq!(full("The Lind Bank and the Bo Bank met. He left the Bank.", "bank"), None, "either");
        assert_eq!(
            full("He left Halden. Halden Petroleum met.", "halden").as_deref(),
            Some("Halden Petroleum")
        );
        assert_eq!(full("He left Halden. Halden Care met.", "halden"), None, "no company by its name");
        assert_eq!(full("Halden Petroleum met. Halden Air met. Halden left.", "halden"), None, "either");
        let lotus = "Golden Lotus Land met. Golden Lotus left.";
        assert_eq!(full(lotus, "golden lotus").as_deref(), Some("Golden Lotus Land"));
        assert_eq!(full("Lind Reed Union met. Lind Reed left.", "lind reed"), None, "no company");
        assert_eq!(full("Halden Police met. Halden left.", "halden"), None, "the town's, not the town");
    }
}
