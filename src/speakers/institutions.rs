//! Names of bodies that go on behind "of", "for" and "and" ("National Union of Metalworkers", "Chamber of Commerce and
//! Industry", "the Ruiz campaign"), which the scan for capitals breaks apart, and the short forms that the text gives them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::reader::{MentionKind, Reading};

use super::countries;
use super::lexicon;
use super::scan::Naming;
use super::words::{self, Gap, Word};

/// Longest name of a body, in words.
const LONGEST: usize = 12;

/// Puts the namings together that are one body's name, as the net or the words tell; `namings` in the order of the text.
pub(super) fn join(namings: &mut Vec<Naming>, words: &[Word], reading: &Reading) {
    let mentions = reading.mentions.iter().filter(|mention| mention.kind == MentionKind::Organisation);
    let heard = mentions.map(|mention| trimmed(words, words::within(words, mention.span)));
    let mut found: Vec<Range<usize>> = heard.filter(|name| is_whole(words, name)).collect();
    found.extend((0..words.len()).filter_map(|head| linked(words, head)));
    found.sort_by_key(|name| (name.start, std::cmp::Reverse(name.end)));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for name in found {
        if joined.last().is_none_or(|last| last.end <= name.start) {
            joined.push(name);
        }
    }
    let within = |naming: &Naming| {
        let next = joined.partition_point(|name| name.end <= naming.name.start);
        joined.get(next).is_some_and(|name| name.start <= naming.name.start && naming.name.end <= name.end)
    };
    // A campaign does not hide its candidate.
    let campaigns: Vec<_> = namings.iter().filter_map(|naming| campaign(words, naming)).collect();
    let hidden = |naming: &Naming| (naming.body || !naming.certain) && within(naming);
    namings.retain(|naming| !hidden(naming));
    namings.extend(joined.into_iter().chain(campaigns).map(|name| Naming {
        name,
        titles: Vec::new(),
        age: None,
        strong: false,
        located: false,
        certain: false,
        organised: true,
        body: true,
    }));
    namings.sort_by_key(|naming| (naming.name.start, naming.name.end));
}

/// The short forms of bodies' names, folded, with the name: "Reed Cutters' Union (|RCU|)", the initials of a name, its first
/// word where that alone names a body too. Headlines, all in capitals, tell none.
pub(super) fn short_forms(
    text: &str,
    words: &[Word],
    namings: &[Naming],
    headline: impl Fn(usize) -> bool,
) -> HashMap<String, Range<usize>> {
    let lone = |naming: &&Naming| naming.body && naming.name.len() == 1;
    let lone: HashSet<&str> =
        namings.iter().filter(lone).map(|naming| words[naming.name.start].folded.as_str()).collect();
    let mut forms = HashMap::new();
    let mut openings: HashMap<&str, Option<Range<usize>>> = HashMap::new();
    let long = |naming: &&Naming| naming.body && 1 < naming.name.len() && !headline(naming.name.start);
    for naming in namings.iter().filter(long) {
        let row = &words[naming.name.clone()];
        if let Some(short) = bracketed(text, words, &naming.name) {
            forms.entry(short.to_owned()).or_insert(naming.name.clone());
        }
        let initials: String =
            row.iter().filter(|word| word.capital).filter_map(|word| word.folded.chars().next()).collect();
        if 2 < initials.len() && lone.contains(initials.as_str()) {
            forms.entry(initials).or_insert(naming.name.clone());
        }
        // The longest name with this opening, if there is but one.
        if naming.organised
            && row.iter().all(|word| word.capital)
            && !row[0].possessive
            && !lexicon::is_modifier(&row[0].folded)
        {
            let known = openings.entry(&row[0].folded).or_insert(Some(naming.name.clone()));
            let same = |other: &Range<usize>| {
                let pairs = words[other.clone()].iter().zip(row);
                pairs.clone().all(|(a, b)| a.folded == b.folded)
            };
            *known = known
                .take()
                .filter(same)
                .map(|other| if other.len() < row.len() { naming.name.clone() } else { other });
        }
    }
    let places = |name: &Range<usize>| countries::find(words, name.start).is_some();
    for (opening, name) in openings {
        if let Some(name) = name.filter(|name| lone.contains(opening) && !places(name)) {
            forms.entry(opening.to_owned()).or_insert(name);
        }
    }
    forms
}

/// The short form in brackets behind a name, folded.
fn bracketed<'w>(text: &str, words: &'w [Word], name: &Range<usize>) -> Option<&'w str> {
    let [last, short] = words.get(name.end - 1..name.end + 1)? else { return None };
    let opens = text.get(last.span.end..short.span.start)?.trim() == "(";
    let closes = text.get(short.span.end..)?.starts_with(')');
    let capitals = short.span.of(text).chars().filter(|c| c.is_uppercase()).count();
    (opens && closes && 1 < capitals).then_some(short.folded.as_str())
}

/// A mention without article in front and possessive behind.
fn trimmed(words: &[Word], mut name: Range<usize>) -> Range<usize> {
    while name.start < name.end && words[name.start].is_function() {
        name.start += 1;
    }
    name
}

/// Whether the net's mention can be a name that the scan broke: more than two words, capitals at both ends, and a link inside.
fn is_whole(words: &[Word], name: &Range<usize>) -> bool {
    let [first, inner @ .., last] = &words[name.clone()] else { return false };
    let link = |word: &Word| matches!(word.folded.as_str(), "of" | "for" | "and" | "on" | "the" | "&");
    name.len() <= LONGEST
        && first.capital
        && last.capital
        && inner.iter().any(link)
        && words[name.start + 1..name.end].iter().all(|word| word.gap != Gap::Stop)
}

/// "Union |of Metalworkers", "Department |for Education and Skills", "Association |of Southeast Asian Nations".
fn linked(words: &[Word], head: usize) -> Option<Range<usize>> {
    let word = &words[head];
    if !word.capital || word.possessive || !lexicon::is_body(&word.folded) || lexicon::is_paper(&word.folded)
    {
        return None;
    }
    let joins = |at: &usize| {
        let before = &words[*at];
        let open = words[at + 1].gap == Gap::Space && head - at < LONGEST;
        open && before.capital && !before.is_function() && !before.possessive
    };
    let start = (0..head).rev().take_while(joins).last().unwrap_or(head);
    let follows = |at: usize| words.get(at).filter(|word| word.gap == Gap::Space);
    let mut end = head + 1;
    follows(end).filter(|word| matches!(word.folded.as_str(), "of" | "for" | "on"))?;
    end += 1;
    end += usize::from(follows(end).is_some_and(|word| word.folded == "the"));
    let capital = |at: usize| follows(at).is_some_and(|word| word.capital && !word.is_function());
    if !capital(end) {
        return None;
    }
    loop {
        while capital(end) && !words[end - 1].possessive {
            end += 1;
        }
        let and = follows(end).is_some_and(|word| word.folded == "and") && capital(end + 1);
        // "the Ministry of Health and Ana Ruiz": what comes behind "and" is a name only if it ends there.
        let noun = and && lexicon::is_modifier(&words[end + 1].folded) && !capital(end + 2);
        if !noun {
            break;
        }
        end += 1;
    }
    (end - start <= LONGEST).then_some(start..end)
}

/// "|Ruiz campaign", "|Ana Ruiz's campaign".
fn campaign(words: &[Word], naming: &Naming) -> Option<Range<usize>> {
    let next = words.get(naming.name.end)?;
    let belongs = next.gap == Gap::Space && matches!(next.folded.as_str(), "campaign" | "administration");
    (belongs && naming.name.len() <= 3).then_some(naming.name.start..naming.name.end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;
    use crate::reader::Mention;
    use crate::speakers::scan;

    /// The bodies' names; `heard` is what the net calls an organisation.
    fn bodies(text: &str, heard: &str) -> Vec<String> {
        let words = words::split(text, &[]);
        let mut namings = scan::namings(text, &words);
        let at = text.find(heard).filter(|_| !heard.is_empty());
        let mentions = at.map(|at| Mention {
            span: Span::new(at, at + heard.len()),
            kind: MentionKind::Organisation,
            confidence: 1.0,
        });
        let reading = Reading::fixed(Vec::new(), Vec::new(), mentions.into_iter().collect());
        join(&mut namings, &words, &reading);
        let bodies = namings.iter().filter(|naming| naming.body);
        bodies.map(|naming| words::hull(&words, naming.name.clone()).of(text).to_owned()).collect()
    }

    #[test]
    fn names_behind_links() {
        assert_eq!(bodies("The Union of Reed Cutters met.", ""), ["Union of Reed Cutters"]);
        assert_eq!(
            bodies("The Ministry of Health and Education met.", ""),
            ["Ministry of Health and Education"]
        );
        assert_eq!(bodies("The Ministry of Health and Ana Ruiz met.", ""), ["Ministry of Health"]);
        assert_eq!(
            bodies("He told Moms for Lind Schools.", "Moms for Lind Schools"),
            ["Moms for Lind Schools"]
        );
        assert_eq!(bodies("The Lind campaign met.", ""), ["Lind campaign"]);
    }

    #[test]
    fn forms_of_names() {
        let full = |text: &str, short: &str| {
            let words = words::split(text, &[]);
            let mut namings = scan::namings(text, &words);
            namings.iter_mut().for_each(|naming| (naming.body, naming.organised) = (true, true));
            let forms = short_forms(text, &words, &namings, |_| false);
            forms.get(short).map(|name| words::hull(&words, name.clone()).of(text).to_owned())
        };
        assert_eq!(full("The Reed Cutters' Union (RCU) met.", "rcu").as_deref(), Some("Reed Cutters' Union"));
        assert_eq!(full("The Lind Care Council met. LCC left.", "lcc").as_deref(), Some("Lind Care Council"));
        assert_eq!(full("Halden Petroleum met. Halden left.", "halden").as_deref(), Some("Halden Petroleum"));
        assert_eq!(full("Halden Petroleum met. Halden Club met. Halden left.", "halden"), None);
    }

    #[test]
    fn persons_stay() {
        let text = "Ana Ruiz of Lima and Bo Lind met.";
        assert!(bodies(text, "").is_empty());
    }
}
