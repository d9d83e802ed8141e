//! The bodies named beside a person, and which of them the text joins with the person: "Ana Ruiz of the |Reform
//! Forum|", "Bo Lind, who chairs |Lind Hygiene|".

use std::ops::Range;

use super::countries::{self, Sense};
use super::words::{Gap, Word};
use super::{Answer, Scene};

/// A body named beside a person.
pub(super) struct Beside {
    /// Its name as rows have it.
    pub(super) name: String,
    /// In a title of the person.
    pub(super) titled: bool,
    /// Right behind a word that makes the person one of it.
    pub(super) joined: bool,
    /// The country that opens its name ("|Laos| Defence Force"), or empty.
    pub(super) country: String,
}

/// Most small words between a link and the name of a body: "of the |nationalist opposition| Reform Forum".
const SMALL: usize = 3;

impl Scene<'_> {
    /// The bodies named in a person's titles or in the sentence that introduces him.
    pub(super) fn beside(&self, answer: &Answer) -> Vec<Beside> {
        let Some(figure) = answer.figure else { return Vec::new() };
        let it = &self.cast.figures[figure];
        let mut found: Vec<Beside> = Vec::new();
        let mut add = |range: Range<usize>, titled: bool| {
            let from = self.cast.others.partition_point(|naming| naming.name.start < range.start);
            let here = self.cast.others[from..].iter().take_while(|naming| naming.name.start < range.end);
            for naming in here.filter(|naming| naming.body).take(4) {
                let name = self.body_name(naming.name.clone());
                let joined = joins(self.words, naming.name.start);
                if let Some(known) = found.iter_mut().find(|body| body.name == name) {
                    known.joined |= joined;
                    continue;
                }
                let place = countries::find(self.words, naming.name.start);
                let place =
                    place.filter(|found| found.len < naming.name.len() && found.place.sense != Sense::Body);
                let country = place.map_or(String::new(), |found| found.place.side.clone());
                found.push(Beside { name, titled, joined: titled && joined, country });
            }
        };
        for title in it.titles.iter().take(4) {
            add(title.words.clone(), true);
        }
        // "Ana Ruiz |of the Reform Forum|", "Ana Ruiz|, who leads the Reform Forum|"
        for &seen in it.seen.iter().take(4) {
            let sighting = self.cast.sightings.get(self.cast.sighted_from(seen));
            if let Some(reach) = sighting.and_then(|sighting| attached(self.words, sighting.name.end)) {
                add(reach, true);
            }
        }
        if let Some(&first) = it.seen.first() {
            let sentence = self.words[first].sentence;
            let from = self.words[..first].partition_point(|word| word.sentence < sentence);
            let to = first + self.words[first..].partition_point(|word| word.sentence <= sentence);
            add(from.max(first.saturating_sub(40))..to.min(first + 40), false);
        }
        found
    }
}

/// Whether the words before the name of a body make somebody one of it: "chair of the |Forum|", "who leads the opposition party
/// |New Lind|".
fn joins(words: &[Word], name: usize) -> bool {
    let mut at = name;
    for _ in 0..=SMALL {
        let Some(before) = at.checked_sub(1).filter(|_| words[at].gap == Gap::Space) else { return false };
        let word = &words[before];
        if is_link(word) {
            return true;
        }
        if word.capital || word.possessive || word.is_function() && word.folded != "the" {
            return false;
        }
        at = before;
    }
    false
}

/// "of" and the verbs that say what somebody does for a body.
fn is_link(word: &Word) -> bool {
    matches!(
        word.folded.as_str(),
        "of" | "for"
            | "with"
            | "at"
            | "leads"
            | "heads"
            | "chairs"
            | "runs"
            | "led"
            | "directs"
            | "represents"
            | "manages"
            | "founded"
            | "joined"
            | "owns"
    )
}

/// The words right behind a name that may say whom its bearer belongs to: "|of the Forum|", "|who chairs the Forum|".
fn attached(words: &[Word], end: usize) -> Option<Range<usize>> {
    const REACH: usize = 7;
    let next = words.get(end)?;
    let clause = match (next.gap, next.folded.as_str()) {
        (Gap::Space | Gap::Comma, "of") | (Gap::Space, "from" | "with" | "for") => true,
        (Gap::Space | Gap::Comma, "who") => {
            let verb = words.get(end + 1)?;
            is_link(verb) || verb.folded == "speaks"
        }
        _ => false,
    };
    let rest = words[end + 1..].iter().take(REACH).take_while(|word| word.gap == Gap::Space).count();
    clause.then_some(end..end + 1 + rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::words;

    #[test]
    fn links_to_a_body() {
        let joined = |text: &str| {
            let words = words::split(text, &[]);
            joins(&words, words.iter().position(|word| word.folded == "forum").unwrap())
        };
        assert!(joined("Ana Ruiz of the nationalist opposition Forum spoke"));
        assert!(joined("Ana Ruiz, who leads Forum, spoke"));
        assert!(!joined("Ana Ruiz told the Forum"));
        assert!(!joined("Ana Ruiz of Lind, Forum"));
    }

    #[test]
    fn clauses_behind_a_name() {
        let clause = |text: &str| attached(&words::split(text, &[]), 2);
        assert_eq!(clause("Ana Ruiz of the Forum, left"), Some(2..5));
        assert_eq!(clause("Ana Ruiz, who speaks for the Forum"), Some(2..7));
        assert_eq!(clause("Ana Ruiz told the Forum"), None);
    }
}
