//! The standing of a speaker: in office, a body of state, a diplomat without a name … How often one speaks for nobody
//! depends on it.

use std::ops::Range;

use super::sides::Heard;
use super::{Answer, Scene, SpeakerType, affiliation, lexicon, side};

/// What kind of speaker is asked about: how often it speaks for nobody depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A person who holds an office.
    Official,
    /// A person whose calling speaks for itself: an analyst, a fisherman.
    Independent,
    /// A person with another role.
    Roled,
    /// A person of whom the text tells no role.
    Bare,
    /// A person who has left office.
    Former,
    /// A body of a state.
    Public,
    /// A body that reports or studies.
    Observer,
    /// A body that stands up for its members.
    Guild,
    /// Another body.
    Body,
    /// Several people.
    Group,
    /// An official without a name.
    UnnamedOfficial,
    /// A diplomat or aide without a name, of whatever country.
    UnnamedDiplomat,
    /// Somebody else without a name.
    Unnamed,
    /// A country, or nobody.
    Other,
}
pub(super) const CLASSES: usize = 14;

impl Scene<'_> {
    /// The standing of whoever an answer names, by titles, the nouns that stand for it and the kind of its name.
    pub(super) fn class(&self, answer: &Answer, heard: &Heard) -> Class {
        let row = &self.words[answer.name.clone()];
        if let Some(figure) = answer.figure.or(answer.owner) {
            let titles = &self.cast.figures[figure].titles;
            let offices: Vec<_> = titles.iter().filter(|title| !title.heads.is_empty()).collect();
            let left = |range: Range<usize>| {
                self.words[range]
                    .iter()
                    .any(|word| matches!(word.folded.as_str(), "former" | "retired" | "ex"))
            };
            if !offices.is_empty() && offices.iter().all(|title| left(title.words.clone())) {
                return Class::Former;
            }
            let heads = offices.iter().flat_map(|title| title.heads.iter().map(String::as_str));
            let nouns: Vec<&str> = heads.chain(heard.nouns.iter().map(String::as_str)).collect();
            let nouns: Vec<&str> = nouns.into_iter().filter(|noun| !noun.is_empty()).collect();
            return if nouns.iter().any(|noun| side::is_official(noun)) {
                Class::Official
            } else if nouns.is_empty() {
                Class::Bare
            } else if nouns.iter().all(|noun| side::is_independent(noun)) {
                Class::Independent
            } else {
                Class::Roled
            };
        }
        match answer.kind {
            SpeakerType::None | SpeakerType::Country => Class::Other,
            SpeakerType::Person => Class::Bare,
            SpeakerType::Group => Class::Group,
            SpeakerType::Unnamed => {
                let diplomat = matches!(
                    answer.noun.as_str(),
                    "diplomat" | "delegate" | "negotiator" | "adviser" | "aide"
                ) || row.iter().any(|word| word.folded == "western");
                match (diplomat, side::is_official(&answer.noun)) {
                    (true, _) => Class::UnnamedDiplomat,
                    (false, true) => Class::UnnamedOfficial,
                    (false, false) => Class::Unnamed,
                }
            }
            SpeakerType::Organisation => {
                if affiliation::is_observer(row) || row.iter().any(|word| lexicon::is_paper(&word.folded)) {
                    Class::Observer
                } else if affiliation::is_guild(row) {
                    Class::Guild
                } else if side::is_public(row) {
                    Class::Public
                } else {
                    Class::Body
                }
            }
        }
    }
}
