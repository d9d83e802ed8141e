//! Whom a pronoun or description stands for, settled: what the rules say and the reader's pointer, weighed together
//! with how near, how fitting and how present each person is.
//!
//! The weights were fitted (conditional logit) on annotated articles that the reader had not been trained on; those of `Seems`,
//! `Surely` and `Foreign` were set by hand, and no fit was better.

use std::ops::Range;

use crate::Span;
use crate::reader::{Pointed, Pointer};

use super::anaphora::{Spoken, agreement};
use super::figure::pronoun_gender;
use super::lexicon::Gender;
use super::noun_phrase::Description;
use super::{Answer, Scene, SpeakerType, countries, descriptions, gender, lexicon, side, words};

/// What kind of mention asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// "he", "she"
    Pronoun,
    /// "the minister", "his successor"
    Definite,
    /// "a minister"
    Bare,
}

/// What speaks for a person, or for the rule's answer where that is no person of the cast.
#[derive(Debug, Clone, Copy)]
enum Sign {
    /// It is the answer of the rules …
    Rule,
    /// … by a title,
    Title,
    /// … by nothing but being near,
    Salience,
    /// … because the name follows.
    Introduced,
    /// Log-probability of the reader's pointer.
    LogPointed,
    /// Probability of the same.
    Pointed,
    /// The pointer does not see any of its names.
    Unseen,
    /// The gender agrees.
    Agrees,
    /// The gender contradicts.
    Contradicts,
    /// Sentences back to the last naming.
    Distance,
    /// Named only further on.
    Ahead,
    /// The last naming opens its sentence's names.
    Leads,
    /// The last naming stands inside a statement.
    Quoted,
    /// Made the statement before.
    Spoke,
    /// Made the last statement of somebody else before it.
    SpokeEarlier,
    /// A title has the description's noun.
    Titled,
    /// Its side is the description's.
    SameSide,
    /// Its side is another.
    OtherSide,
    /// Holds an office, and the description is of another one.
    OtherOffice,
    /// A title has another telling word of the description: "the |fisheries minister".
    Portfolio,
    /// A title has the description's noun with other telling words.
    OtherPortfolio,
    /// The description's noun stands in the sentence that introduces the person.
    Told,
    /// How much likelier than by chance a name like the person's comes from the description's country.
    Native,
    /// Probability that the person's first namings point to the description's country as side.
    SidePointed,
    /// Named with no title and no role.
    Untitled,
    /// Nothing but capitals says that it is a person.
    Doubtful,
    /// No person of the cast: the words themselves.
    Plain,
    /// The same where the noun is one of the nameless ("the official").
    PlainAnonymous,
    /// No person: another answer of the rules.
    Other,
    /// Somebody without a name who spoke before; the statements back.
    Nameless,
    /// Of unknown gender: how far the letters of the name speak for the pronoun's, from -1 to 1.
    Seems,
    /// The gender contradicts, by how sure it is, up to 1.
    Surely,
    /// The description is of one country's official, and the person is known to be another's.
    Foreign,
}
const SIGNS: usize = 33;
type Row = [f32; SIGNS];

const PRONOUN: Row = [
    1.07, 0.00, 0.00, 0.00, 0.64, 0.45, 0.27, 1.07, -1.18, 0.29, -1.78, 0.40, -1.09, 0.02, -0.71, 0.00, 0.00,
    0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, -0.40, -0.85, 0.00, 0.00, -0.54, -0.78, 0.50, -1.00, 0.00,
];
const DEFINITE: Row = [
    0.71, 0.97, -0.48, 1.13, 0.52, 0.52, 0.46, 0.65, -1.57, 0.03, -1.12, 0.44, -1.35, -0.33, -0.18, 1.47,
    1.07, -0.22, -1.08, -0.12, -0.22, 1.02, 1.31, -0.01, 0.55, -1.45, -2.27, -0.74, 0.00, 0.00, 0.00, 0.00,
    -5.00,
];
const BARE: Row = [
    0.90, 0.00, 0.00, 0.08, 0.90, 0.21, -0.08, -0.11, -0.01, -0.68, -0.10, -0.70, -0.06, -0.25, -0.20, 0.24,
    -0.01, -0.04, -0.24, 0.00, 0.00, 0.00, 0.00, 0.00, -0.59, -0.03, 0.34, 0.50, 0.00, 0.00, 0.00, 0.00,
    -3.00,
];

impl Asks {
    fn weights(self) -> &'static Row {
        match self {
            Self::Pronoun => &PRONOUN,
            Self::Definite => &DEFINITE,
            Self::Bare => &BARE,
        }
    }
}

const FLOOR: f32 = -6.0;
const BEFORE: usize = 60;
const AHEAD: usize = 12;
/// How far an introduction reaches, in words.
const REACH: usize = 30;

impl Scene<'_> {
    /// Settles whom the words `mention` stand for; `ruled` is what the rules say.
    pub(super) fn refer(
        &self,
        asks: Asks,
        mention: Range<usize>,
        description: Option<&Description>,
        ruled: Answer,
        spoken: &[Spoken],
    ) -> Answer {
        #[cfg(feature = "ballots")]
        let asking = words::hull(self.words, mention.clone());
        let rows = self.referents(mention, description, &ruled, spoken);
        #[cfg(feature = "ballots")]
        {
            let name = |answer: &Answer| match answer.figure {
                Some(figure) => self.figure_name(figure),
                None => self.plain_name(answer),
            };
            let rows: Vec<_> = rows.iter().map(|(answer, row)| (name(answer), *row)).collect();
            super::ballots::tell(&format!("{asks:?}"), self.text, &[asking], &rows);
        }
        let weight = |row: &Row| -> f32 { row.iter().zip(asks.weights()).map(|(sign, w)| sign * w).sum() };
        let best = rows.into_iter().reduce(|a, b| if weight(&a.1) < weight(&b.1) { b } else { a });
        match best {
            Some((answer, row)) if row[Sign::Rule as usize] == 0.0 => answer,
            _ => ruled,
        }
    }

    /// Everybody whom a mention may stand for, with what speaks for each.
    fn referents(
        &self,
        mention: Range<usize>,
        description: Option<&Description>,
        ruled: &Answer,
        spoken: &[Spoken],
    ) -> Vec<(Answer, Row)> {
        let words = self.words;
        let at = mention.start;
        let span = |range: &Range<usize>| words::hull(words, range.clone());
        let here = self.cast.sighted_from(at);
        let near = here.saturating_sub(BEFORE)..self.cast.sightings.len().min(here + AHEAD);
        let near = &self.cast.sightings[near];
        let names: Vec<Span> = near.iter().map(|sighting| span(&sighting.name)).collect();
        let Some(pointed) = self.reading.pointed(Pointer::Antecedent, &[span(&mention)], &names) else {
            return Vec::new();
        };
        let place = description.and_then(|description| descriptions::place(words, description));
        // "a spokesman for Mr. Ruiz" is not he.
        let others = near.iter().filter(|sighting| !mention.contains(&sighting.name.start));
        let mut figures: Vec<usize> = Vec::new();
        for figure in others.map(|sighting| sighting.figure).chain(ruled.figure) {
            if !figures.contains(&figure) {
                figures.push(figure);
            }
        }
        let before = || spoken.iter().rev().take(16).filter(|one| one.at < at).take(8);
        let previous = before().next().and_then(|one| one.answer.figure);
        let earlier = before().map(|one| one.answer.figure).find(|one| *one != previous).flatten();
        let mut rows: Vec<(Answer, Row)> = Vec::new();
        for figure in figures {
            let mut row = [0.0; SIGNS];
            let mut set = |sign: Sign, value: f32| row[sign as usize] = value;
            let own = || near.iter().enumerate().filter(|(_, sighting)| sighting.figure == figure);
            let seen = own().map(|(n, _)| pointed.candidates[n]).filter(|&score| Pointed::UNSEEN < score);
            let chance: f32 = seen.map(f32::exp).sum();
            set(Sign::LogPointed, chance.ln().max(FLOOR));
            set(Sign::Pointed, chance);
            set(Sign::Unseen, holds(chance == 0.0));
            if ruled.figure == Some(figure) {
                set(Sign::Rule, 1.0);
                set(Sign::Title, holds(matches!(ruled.basis, "title" | "age")));
                set(Sign::Salience, holds(ruled.basis == "salience"));
                set(Sign::Introduced, holds(ruled.basis == "introduced"));
            }
            match own().map(|(_, sighting)| sighting).rfind(|sighting| sighting.name.start < at) {
                Some(last) => {
                    let distance = words[at].sentence.saturating_sub(last.sentence);
                    set(Sign::Distance, distance.min(12) as f32 / 4.0);
                    set(Sign::Leads, holds(last.leads));
                    set(Sign::Quoted, holds(last.quoted));
                }
                None if self.cast.figures[figure].seen.first().is_some_and(|&seen| seen < at) => {
                    set(Sign::Distance, 3.0);
                }
                None => set(Sign::Ahead, 1.0),
            }
            set(Sign::Spoke, holds(previous == Some(figure)));
            set(Sign::SpokeEarlier, holds(earlier == Some(figure)));
            self.fits(figure, at, description, place.as_deref(), &mut row);
            let side = place.clone().unwrap_or_default();
            rows.push((Answer { basis: "pointer", confidence: 0.7, side, ..Answer::figure(figure) }, row));
        }
        self.nameless(mention, description, ruled, spoken, &pointed, &mut rows);
        rows
    }

    /// How well a person fits the words of a mention.
    fn fits(
        &self,
        figure: usize,
        at: usize,
        description: Option<&Description>,
        place: Option<&str>,
        row: &mut Row,
    ) {
        let it = &self.cast.figures[figure];
        let mut set = |sign: Sign, value: bool| row[sign as usize] = holds(value);
        let asked = match description {
            None => pronoun_gender(&self.words[at].folded),
            Some(description) => lexicon::title_gender(&description.noun),
        };
        let agrees = agreement(it, asked);
        set(Sign::Agrees, agrees.is_some_and(|value| 0.0 < value));
        set(Sign::Contradicts, agrees.is_none());
        if agrees.is_none() {
            row[Sign::Surely as usize] = it.sureness();
        }
        if description.is_none() && it.likely_gender().is_none() && asked.is_some() {
            let man = gender::log_odds(&self.figure_name(figure)).clamp(-1.0, 1.0);
            row[Sign::Seems as usize] = if asked == Some(Gender::Male) { man } else { -man };
        }
        let mut set = |sign: Sign, value: bool| row[sign as usize] = holds(value);
        set(Sign::Untitled, it.titles.iter().all(|title| title.heads.is_empty()));
        set(Sign::Doubtful, it.evidence == 0);
        let Some(description) = description else { return };
        let heads = || it.titles.iter().flat_map(|title| &title.heads);
        let titled = |noun: &str| heads().any(|head| head == noun);
        let same = titled(&description.noun)
            || lexicon::role_synonyms(&description.noun).iter().any(|noun| titled(noun));
        set(Sign::Titled, same);
        let office = side::is_official(&description.noun);
        set(Sign::OtherOffice, office && !same && heads().any(|head| side::is_official(head)));
        let telling = descriptions::telling(&self.words[description.core.clone()]);
        let mut portfolios = it.titles.iter().map(|title| {
            let own = descriptions::telling(&self.words[title.words.clone()]);
            (
                own.iter().any(|word| telling.contains(word)),
                own.is_empty() || !title.heads.contains(&description.noun),
            )
        });
        let shared = portfolios.clone().any(|(shared, _)| shared);
        set(Sign::Portfolio, shared);
        set(Sign::OtherPortfolio, !telling.is_empty() && !shared && portfolios.any(|(_, free)| !free));
        set(Sign::Told, !same && self.tells(figure, &description.noun));
        if let Some(place) = place {
            let elsewhere = || {
                let pointed = self.introduced(figure);
                let all: f32 = pointed.sides.iter().map(|side| side.1).sum();
                (all - pointed.of(place)) / 2.0
            };
            if office || description.noun == "representative" {
                let other = if it.stated.is_empty() {
                    elsewhere()
                } else {
                    holds(it.stated != place && countries::is_country(&it.stated))
                };
                let studies = heads().any(|head| side::is_independent(head));
                row[Sign::Foreign as usize] = other.max(holds(studies));
            }
            let mut set = |sign: Sign, value: bool| row[sign as usize] = holds(value);
            set(Sign::SameSide, it.side == place);
            set(Sign::OtherSide, !it.side.is_empty() && it.side != place);
            if it.side.is_empty() {
                row[Sign::Native as usize] = self.origin(figure).of(place) / 4.0;
                row[Sign::SidePointed as usize] = self.introduced(figure).of(place);
            }
        }
    }

    /// Whether the sentence that introduces a person has this noun.
    fn tells(&self, figure: usize, noun: &str) -> bool {
        let Some(&first) = self.cast.figures[figure].seen.first() else { return false };
        let sentence = self.words[first].sentence;
        let here = |word: &&words::Word| word.sentence == sentence;
        let before = self.words[..first].iter().rev().take(REACH).take_while(here);
        let behind = self.words[first..].iter().take(REACH).take_while(here);
        before.chain(behind).any(|word| word.folded == noun)
    }

    /// Adds the answers that are no persons of the cast: the rules' own, the description itself, and whoever spoke
    /// before without a name.
    fn nameless(
        &self,
        mention: Range<usize>,
        description: Option<&Description>,
        ruled: &Answer,
        spoken: &[Spoken],
        pointed: &Pointed,
        rows: &mut Vec<(Answer, Row)>,
    ) {
        let mut row = [0.0; SIGNS];
        row[Sign::LogPointed as usize] = pointed.nobody.max(FLOOR);
        row[Sign::Pointed as usize] = pointed.nobody.exp();
        let plain = match description {
            Some(description) if ruled.figure.is_some() => {
                Some(self.plain(description.words.clone(), SpeakerType::Unnamed, description))
            }
            _ => ruled.figure.is_none().then(|| ruled.clone()),
        };
        if let Some(plain) = plain {
            let anonymous = description.is_some_and(|description| lexicon::is_anonymous(&description.noun));
            let itself = match description {
                None => ruled.kind == SpeakerType::None,
                Some(_) => ruled.figure.is_some() || matches!(ruled.basis, "description" | "" | "again"),
            };
            let sign = match (itself, anonymous) {
                (true, true) => Sign::PlainAnonymous,
                (true, false) => Sign::Plain,
                (false, _) => Sign::Other,
            };
            let mut row = row;
            row[sign as usize] = 1.0;
            row[Sign::Rule as usize] = holds(ruled.figure.is_none());
            rows.push((plain, row));
        }
        if description.is_none() {
            let before = spoken.iter().rev().take(16).filter(|one| one.at < mention.start);
            let unnamed = before.take(3).enumerate().find(|(_, one)| one.answer.kind == SpeakerType::Unnamed);
            if let Some((back, one)) = unnamed.filter(|(_, one)| ruled.name != one.answer.name) {
                row[Sign::Nameless as usize] = 1.0 + back as f32;
                rows.push((Answer { basis: "pointer", ..one.answer.clone() }, row));
            }
        }
    }
}

fn holds(value: bool) -> f32 {
    f32::from(u8::from(value))
}
