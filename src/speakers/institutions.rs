//! Names of bodies that go on behind "of", "for" and "and" ("National Union of Metalworkers", "Chamber of Commerce and
//! Industry", "the Ruiz campaign"), which the scan for capitals breaks apart.

use std::collections::HashSet;
use std::ops::Range;

use crate::reader::{MentionKind, Reading};

use super::countries::{self, Sense};
use super::lexicon;
use super::scan::Naming;
use super::short_forms;
use super::words::{self, Gap, Word};

/// Longest name of a body, in words.
const LONGEST: usize = 12;

/// Puts the namings together that are one body's name, as the net or the words tell; `namings` in the order of the text.
pub(super) fn join(namings: &mut Vec<Naming>, text: &str, words: &[Word], reading: &Reading) {
    let mentions = reading.mentions.iter().filter(|mention| mention.kind == MentionKind::Organisation);
    let heard = mentions.map(|mention| bare(words, words::within(words, mention.span)));
    let named =
        |naming: &&Naming| !naming.body && (naming.certain || naming.strong && !naming.titles.is_empty());
    let persons: HashSet<usize> = namings.iter().filter(named).map(|naming| naming.name.start).collect();
    // A row of capitals that the scan saw longer is cut: "|Reed Cutters| Movement". Else the net knows better than the words
    // where a name ends.
    let cut = |name: &Range<usize>| {
        let here = namings.partition_point(|naming| naming.name.end <= name.start);
        namings.get(here).is_some_and(|naming| naming.name.start <= name.start && name.end < naming.name.end)
    };
    let told = heard.filter_map(|name| match () {
        () if is_whole(words, &name) => Some((name, 0)),
        () if is_row(text, words, &name) && !cut(&name) => Some((name, 1)),
        () => None,
    });
    let linked = (0..words.len()).filter_map(|head| linked(words, head, &persons)).map(|name| (name, 1));
    let mut found: Vec<(Range<usize>, usize)> = told.chain(linked).collect();
    found.sort_by_key(|(name, rank)| (name.start, *rank, std::cmp::Reverse(name.end)));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for (name, _) in found {
        if joined.last().is_none_or(|last| last.end <= name.start) {
            joined.push(name);
        }
    }
    let holder = |at: usize| {
        let next = joined.partition_point(|name| name.end <= at);
        joined.get(next).filter(|name| name.start <= at)
    };
    let within = |naming: &Naming| holder(naming.name.start).is_some_and(|name| naming.name.end <= name.end);
    // A campaign does not hide its candidate.
    let campaigns = namings.iter().filter_map(|naming| campaign(words, naming));
    let campaigns: Vec<_> = campaigns.filter(|name| name.clone().all(|at| holder(at).is_none())).collect();
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

/// A mention without its article.
fn bare(words: &[Word], mut name: Range<usize>) -> Range<usize> {
    let article = |word: &Word| matches!(word.folded.as_str(), "the" | "a" | "an");
    while words.get(name.clone()).and_then(<[Word]>::first).is_some_and(article) {
        name.start += 1;
    }
    name
}

/// Whether the net's mention can be a name that the scan broke: more than two words, capitals at both ends, and between them
/// capitals and links, of these one at least.
fn is_whole(words: &[Word], name: &Range<usize>) -> bool {
    let Some([first, inner @ .., last]) = words.get(name.clone()) else { return false };
    // "Committee for |a| Responsible Lind Budget", "University of Lind |at| Bergen"
    let small = |word: &Word| matches!(word.folded.as_str(), "a" | "an" | "at" | "by" | "from" | "as");
    let link = |word: &Word| {
        matches!(
            word.folded.as_str(),
            "of" | "for"
                | "and"
                | "on"
                | "the"
                | "in"
                | "to"
                | "against"
                | "without"
                | "with"
                | "de"
                | "du"
                | "del"
        )
    };
    name.len() <= LONGEST
        && first.capital
        && last.capital
        && !name.clone().any(|at| words[at].folded == "in" && is_seat(words, at + 1..name.end))
        && inner.iter().any(link)
        && inner
            .iter()
            .all(|word| word.capital || link(word) || small(word) || lexicon::is_particle(&word.folded))
        && words[name.start + 1..name.end].iter().all(|word| word.gap == Gap::Space)
}

/// Where a body sits or sues, no part of its name: "the Lind Council in |Brussels|", "in |U.S. District Court|"; not "the American
/// Institute in |Taiwan|".
fn is_seat(words: &[Word], place: Range<usize>) -> bool {
    let capital = countries::find(words, place.start).is_some_and(|found| {
        found.place.sense == Sense::Place
            && words::fold(&found.place.side) != short_forms::joined(&words[place.clone()])
    });
    capital
        || countries::city(words, place.start).is_some()
        || words[place].iter().any(|word| word.folded == "court")
}

/// Whether the net's mention is nothing but a row of capitals and numbers, of which the scan leaves countries, offices and
/// numbers out: "|Laos| Football Federation", "|National| Railmen's Association", "Transit Workers Local |88|".
fn is_row(text: &str, words: &[Word], name: &Range<usize>) -> bool {
    let row = words.get(name.clone()).unwrap_or_default();
    let number = |word: &Word| word.folded.chars().all(|c| c.is_ascii_digit());
    // "the |Railmen's| Association" is one name, "|Laos's| Association" two.
    let owns = |pair: &[Word]| {
        let [owner, next] = pair else { return false };
        let between = text.get(owner.span.end..next.span.start).unwrap_or_default();
        owner.possessive && !matches!(between, "' " | "\u{2019} ")
    };
    (2..=LONGEST).contains(&row.len())
        && row[0].capital
        && !row.windows(2).any(owns)
        && row[1..].iter().all(|word| word.gap == Gap::Space && (word.capital || number(word)))
}

/// "Union |of Metalworkers", "Department |for Education and Skills", "Association |of Southeast Asian Nations"; not "Bank of
/// Lind |Governor Ana Ruiz", "Police on Long Island". `persons` are the words that open persons' names.
fn linked(words: &[Word], head: usize, persons: &HashSet<usize>) -> Option<Range<usize>> {
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
    // "Forces of Lind advanced": a capital by its place.
    let opens = start == head && word.gap == Gap::Stop;
    let follows = |at: usize| words.get(at).filter(|word| word.gap == Gap::Space);
    let mut end = head + 1;
    let link = follows(end).filter(|_| !opens)?.folded.as_str();
    let sits = matches!(
        word.folded.as_str(),
        "committee" | "commission" | "council" | "center" | "centre" | "panel"
    );
    if !(matches!(link, "of" | "for") || link == "on" && sits) {
        return None;
    }
    end += 1;
    end += usize::from(follows(end).is_some_and(|word| word.folded == "the"));
    let capital = |at: usize| {
        let office = |word: &Word| lexicon::is_role(&word.folded) || lexicon::is_honorific(&word.folded);
        let named = |word: &Word| word.capital && !word.is_function() && !office(word);
        !persons.contains(&at) && follows(at).is_some_and(named)
    };
    if !capital(end) {
        return None;
    }
    let portfolios = matches!(word.folded.as_str(), "ministry" | "department" | "chamber" | "secretariat");
    loop {
        while capital(end) && !words[end - 1].possessive {
            end += 1;
        }
        // "the Ministry of Health and Ana Ruiz", "the Ministry of Finance and Parliament": two.
        let second = |at: usize| {
            let folded = &words[at].folded;
            capital(at) && lexicon::is_modifier(folded) && !lexicon::is_body(folded) && !capital(at + 1)
        };
        let and = portfolios && follows(end).is_some_and(|word| word.folded == "and");
        if !(and && end + 1 < words.len() && second(end + 1)) {
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
        join(&mut namings, text, &words, &reading);
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
        assert_eq!(
            bodies("The Laos Football Federation met.", "Laos Football Federation"),
            ["Laos Football Federation"]
        );
        assert_eq!(bodies("Transit Local 88 met.", "Transit Local 88"), ["Transit Local 88"]);
        let club = "Laos Football Federation";
        assert_eq!(bodies("The Laos Football Federation's head met.", club), [club], "its last word may own");
        assert!(!bodies("Laos's Football Federation met.", "Laos's Football Federation")[0].contains("Laos"));
        assert_eq!(
            bodies("The Reed Cutters Movement met.", "Reed Cutters"),
            ["Reed Cutters Movement"],
            "cut"
        );
        assert_eq!(
            bodies("Villagers Against the Lind met.", "Villagers Against the Lind"),
            ["Villagers Against the Lind"]
        );
        let seat = "Council for Reeds in Brussels";
        assert_eq!(bodies("The Council for Reeds in Brussels met.", seat), ["Council for Reeds"]);
        let abroad = "Lind Institute in Taiwan";
        assert_eq!(bodies("The Lind Institute in Taiwan met.", abroad), [abroad]);
        assert_eq!(bodies("The Lind campaign met.", ""), ["Lind campaign"]);
        assert_eq!(bodies("The Bank of Lind Governor Ana Ruiz met.", ""), ["Bank of Lind"]);
        assert_eq!(bodies("The Ministry of Finance and Parliament met.", "")[0], "Ministry of Finance");
        assert!(!bodies("Police on Long Island met.", "").contains(&"Police on Long Island".to_owned()));
    }

    #[test]
    fn persons_stay() {
        let found = bodies("The Ministry of President Ana Ruiz met Bo Lind of the Union for Mr. Ruiz.", "");
        assert!(found.iter().all(|name| !name.contains("Ruiz") && !name.contains("Lind")), "{found:?}");
    }
}
