//! Which body, country or group "it", "they", "the ministry" and "the company" stand for, settled: what the rules say
//! and the reader's pointer, weighed together with how near and how fitting each one is.
//!
//! The weights were fitted by `models/train/ballots.py`, as those of persons in `referent`.

use std::ops::Range;

use crate::Span;
use crate::reader::{Pointed, Pointer};

use super::anaphora::Spoken;
use super::countries::{self, Sense};
use super::noun_phrase::{self, Description};
use super::{Answer, Scene, SpeakerType, descriptions, words};

/// What speaks for a candidate.
#[derive(Debug, Clone, Copy)]
enum Sign {
    /// It is the answer of the rules …
    Rule,
    /// … because it made one of the last statements.
    RuleSpoke,
    /// Log-probability of the reader's pointer; for the nameless, of pointing to nobody.
    LogPointed,
    /// Probability of the same.
    Pointed,
    /// The pointer does not see any of its names.
    Unseen,
    /// Sentences back to the last naming.
    Distance,
    /// Named only further on.
    Ahead,
    /// The last naming opens its sentence.
    Opens,
    /// The last naming stands inside a statement.
    Quoted,
    /// Made the statement before.
    Spoke,
    /// Made one of the four statements before that.
    SpokeEarlier,
    /// Its name has the description's noun.
    SameNoun,
    /// Its name has the noun of another kind of body.
    OtherNoun,
    /// A country or capital.
    Place,
    /// Several people without names.
    Group,
    /// A name of one word.
    Short,
    /// The words themselves.
    Plain,
}
const SIGNS: usize = 17;
type Row = [f32; SIGNS];

const THING: Row = [
    0.86, -0.01, 0.45, 0.90, 0.16, 0.10, -1.45, 0.33, -0.38, -0.14, 0.43, 0.00, 0.00, 0.29, -0.22, -0.49,
    0.00,
];
const BODY: Row = [
    0.84, 0.02, 0.43, 0.70, -0.19, 0.21, -1.19, -0.13, -0.27, 1.13, 0.25, 1.44, -1.64, -1.00, -1.00, -0.93,
    -1.37,
];

const FLOOR: f32 = -6.0;
/// Namings of bodies before a mention and behind it, words in which places are looked for, and statements before it.
const BEFORE: usize = 24;
const AHEAD: usize = 6;
const REACH: usize = 200;
const STATEMENTS: usize = 5;

/// Names of the rules' answer and of whoever made the last statements, the last one first.
struct Heard {
    ruled: String,
    spoken: Vec<String>,
}

/// A candidate with its namings.
struct Candidate {
    answer: Answer,
    name: String,
    namings: Vec<Range<usize>>,
}

impl Scene<'_> {
    /// Settles what the words `mention` stand for, a pronoun or the description of a body; `ruled` is what the rules say.
    pub(super) fn refer_thing(
        &self,
        mention: Range<usize>,
        description: Option<&Description>,
        ruled: Answer,
        spoken: &[Spoken],
    ) -> Answer {
        let candidates = self.things(&mention, description, &ruled, spoken);
        let namings = candidates.iter().flat_map(|one| &one.namings);
        let spans: Vec<Span> = namings.map(|naming| words::hull(self.words, naming.clone())).collect();
        let asking = words::hull(self.words, mention.clone());
        let Some(pointed) = self.reading.pointed(Pointer::Antecedent, &[asking], &spans) else {
            return ruled;
        };
        let before = spoken.iter().rev().take(STATEMENTS).filter(|one| one.at < mention.start);
        let heard = Heard {
            ruled: self.plain_name(&ruled),
            spoken: before.map(|one| self.plain_name(&one.answer)).collect(),
        };
        let mut chances = pointed.candidates.iter();
        let rows: Vec<Row> = candidates
            .iter()
            .map(|one| {
                let seen = chances.by_ref().take(one.namings.len()).filter(|&&score| Pointed::UNSEEN < score);
                let chance: f32 = seen.map(|score| score.exp()).sum();
                let chance = if one.namings.is_empty() { pointed.nobody.exp() } else { chance };
                self.thing_row(one, chance, &mention, description, &heard)
            })
            .collect();
        #[cfg(feature = "ballots")]
        {
            let kind = if description.is_some() { "Body" } else { "Thing" };
            let told: Vec<_> =
                candidates.iter().zip(&rows).map(|(one, row)| (one.name.clone(), *row)).collect();
            super::ballots::tell(kind, self.text, &[asking], &told);
        }
        let weights = if description.is_some() { &BODY } else { &THING };
        let weight = |row: &Row| -> f32 { row.iter().zip(weights).map(|(sign, w)| sign * w).sum() };
        let best =
            candidates.into_iter().zip(&rows).reduce(|a, b| if weight(a.1) < weight(b.1) { b } else { a });
        match best {
            Some((one, row)) if row[Sign::Rule as usize] == 0.0 => {
                // "the company" is to find it again.
                let noun = description.map_or(one.answer.noun, |description| description.noun.clone());
                Answer { noun, basis: "pointer", confidence: 0.6, ..one.answer }
            }
            _ => ruled,
        }
    }

    /// Everything that a mention may stand for, the rules' answer first.
    fn things(
        &self,
        mention: &Range<usize>,
        description: Option<&Description>,
        ruled: &Answer,
        spoken: &[Spoken],
    ) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        let mut stand = |answer: Answer, naming: Option<Range<usize>>| {
            let name = self.plain_name(&answer);
            let at = found.iter().position(|one| one.name == name).unwrap_or_else(|| {
                found.push(Candidate { answer, name, namings: Vec::new() });
                found.len() - 1
            });
            let known = &mut found[at].namings;
            known.extend(naming.filter(|naming| !known.contains(naming)));
        };
        let named = |answer: &Answer| {
            let lies = !answer.name.is_empty() && !mention.contains(&answer.name.start);
            let nameless =
                matches!(answer.kind, SpeakerType::Group | SpeakerType::Unnamed | SpeakerType::None);
            (lies && !nameless).then(|| answer.name.clone())
        };
        stand(ruled.clone(), named(ruled));
        if let Some(description) = description {
            let range = description.words.clone();
            let article = usize::from(1 < range.len() && self.words[range.start].folded == "the");
            stand(
                Answer { noun: description.noun.clone(), ..Answer::body(range.start + article..range.end) },
                None,
            );
        }
        for one in spoken.iter().rev().take(STATEMENTS).filter(|one| one.at < mention.start) {
            let plural = matches!(self.words[mention.start].folded.as_str(), "they" | "their");
            let fits = match one.answer.kind {
                SpeakerType::Organisation => true,
                SpeakerType::Country => description.is_none(),
                SpeakerType::Group => plural,
                SpeakerType::Person | SpeakerType::Unnamed | SpeakerType::None => false,
            };
            let other = description.is_some_and(|description| self.differs(description, &one.answer.name));
            if fits && !other && one.answer.owner.is_none() {
                stand(one.answer.clone(), named(&one.answer));
            }
        }
        let here = self.cast.others.partition_point(|naming| naming.name.start < mention.start);
        let near = here.saturating_sub(BEFORE)..self.cast.others.len().min(here + AHEAD);
        for naming in self.cast.others[near].iter().filter(|naming| naming.body) {
            let other = description.is_some_and(|description| self.differs(description, &naming.name));
            if !mention.contains(&naming.name.start) && !other {
                stand(Answer::body(naming.name.clone()), Some(naming.name.clone()));
            }
        }
        if description.is_none() {
            for (start, place) in self.parties.within(mention.start.saturating_sub(REACH)..mention.start) {
                if !matches!(place.place.sense, Sense::Demonym | Sense::City) {
                    stand(Answer::place(*place, *start), Some(*start..*start + place.len));
                }
            }
        }
        found
    }

    /// Whether a name has another portfolio or country than a description: "the |Peruvian| embassy" and "the Chilean embassy".
    fn differs(&self, description: &Description, name: &Range<usize>) -> bool {
        let (asked, own) = (&self.words[description.core.clone()], &self.words[name.clone()]);
        let telling = (descriptions::telling(asked), descriptions::telling(own));
        let portfolio = !telling.0.is_empty()
            && !telling.1.is_empty()
            && !telling.0.iter().any(|word| telling.1.contains(word));
        let place = |range: &Range<usize>| {
            countries::all(self.words, range.clone()).first().map(|(_, found)| found.place.side.clone())
        };
        let places = (place(&description.core), place(name));
        portfolio || places.0.is_some() && places.1.is_some() && places.0 != places.1
    }

    fn thing_row(
        &self,
        one: &Candidate,
        chance: f32,
        mention: &Range<usize>,
        description: Option<&Description>,
        heard: &Heard,
    ) -> Row {
        let mut row = [0.0; SIGNS];
        let mut set = |sign: Sign, value: f32| row[sign as usize] = value;
        let holds = |value: bool| f32::from(u8::from(value));
        let rule = heard.ruled == one.name;
        set(Sign::Rule, holds(rule));
        set(Sign::LogPointed, chance.ln().max(FLOOR));
        set(Sign::Pointed, chance);
        set(Sign::Unseen, holds(chance == 0.0));
        let last = one
            .namings
            .iter()
            .filter(|naming| naming.start < mention.start)
            .max_by_key(|naming| naming.start);
        match last {
            Some(last) => {
                let sentence = self.words[last.start].sentence;
                let back = self.words[mention.start].sentence.saturating_sub(sentence);
                set(Sign::Distance, back.min(12) as f32 / 4.0);
                let opens = self.words[..last.start].partition_point(|word| word.sentence < sentence);
                set(Sign::Opens, holds(last.start <= opens + 1));
                set(Sign::Quoted, holds(self.quoted(last.start)));
            }
            None => set(Sign::Ahead, holds(!one.namings.is_empty())),
        }
        let spoke = heard.spoken.iter().position(|name| *name == one.name);
        set(Sign::Spoke, holds(spoke == Some(0)));
        set(Sign::SpokeEarlier, holds(spoke.is_some_and(|back| 0 < back)));
        set(Sign::RuleSpoke, holds(rule && spoke.is_some()));
        let own = &self.words[one.answer.name.clone()];
        if let Some(description) = description {
            let same = own.iter().any(|word| word.folded == description.noun);
            let body = own.iter().any(|word| noun_phrase::body_noun(&word.folded).is_some());
            set(Sign::SameNoun, holds(same));
            set(Sign::OtherNoun, holds(!same && body));
        }
        set(Sign::Place, holds(one.answer.kind == SpeakerType::Country));
        set(Sign::Group, holds(one.answer.kind == SpeakerType::Group));
        set(Sign::Short, holds(own.len() == 1));
        set(Sign::Plain, holds(mention.contains(&one.answer.name.start)));
        row
    }
}
