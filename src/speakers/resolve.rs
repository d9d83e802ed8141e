//! Who the words of a mention stand for: a person of the cast, a place, a body, or nobody with a name.

use std::ops::Range;

use crate::quotes::Quote;

use super::anaphora::{self, Spoken};
use super::figure::pronoun_gender;
use super::noun_phrase::{Class, Description, describe, may_be_person};
use super::phrase::{self, Phrase};
use super::referent::Asks;
use super::words::Gap;
use super::{Answer, Scene, SpeakerType, countries, descriptions, lexicon, mention, side};

impl Scene<'_> {
    /// Who these words stand for.
    pub(super) fn mentioned(&self, range: Range<usize>, spoken: &[Spoken]) -> Answer {
        let range = self.whole_name(mention::bounds(self.words, range));
        let at = range.start;
        match phrase::parse(self.words, range.clone(), self.cast) {
            Phrase::Nothing => Answer::default(),
            Phrase::Person(figure) => Answer::figure(figure),
            Phrase::Place(range, found) => Answer::place(found, range.start),
            // "A:", "A3." in a transcript
            Phrase::Name(range) if range.len() == 1 && is_answer(&self.words[range.start].folded) => {
                descriptions::interviewee(self.cast, spoken).unwrap_or_default()
            }
            // "Another, Lind Finance,"
            Phrase::Name(range)
                if range.len() == 1 && matches!(self.words[at].folded.as_str(), "another" | "one") =>
            {
                let body = self.apposed_body(&describe(self.words, &range));
                self.other_name(body.unwrap_or(range))
            }
            Phrase::Name(range) => self.other_name(range),
            Phrase::Pronoun(at) => self.pronoun(at, spoken),
            Phrase::Description(description) => {
                if let Some(body) = self.apposed_body(&description) {
                    return Answer { basis: "name", ..Answer::body(body) };
                }
                match phrase::apposed(self.words, &description, &range, self.cast) {
                    Some(figure) => Answer::figure(figure),
                    None => {
                        let answer = self.description(&description, at, spoken);
                        let answer = self.reconsidered(&description, &range, answer, spoken);
                        // What a person is called tells his office.
                        let noun =
                            if answer.figure.is_some() { description.noun } else { answer.noun.clone() };
                        Answer { noun, ..answer }
                    }
                }
            }
        }
    }

    /// The body whose name comes right behind a description, between commas: "the contractor|, Lind Hygiene,".
    fn apposed_body(&self, description: &Description) -> Option<Range<usize>> {
        if description.plural || matches!(description.class, Class::Paper) {
            return None;
        }
        let comma = [description.core.end, description.words.end];
        let comma =
            comma.into_iter().find(|&at| self.words.get(at).is_some_and(|word| word.gap == Gap::Comma))?;
        let article = self.words.get(comma).is_some_and(|word| word.folded == "the");
        let at = comma + usize::from(article);
        let next = self.cast.others.partition_point(|naming| naming.name.start < at);
        let naming = self.cast.others.get(next).filter(|naming| naming.name.start == at)?;
        // "the operator, Lind Hygiene |of Quito|,"
        let rest = &self.words[naming.name.end..];
        let seated = rest.first().is_some_and(|word| matches!(word.folded.as_str(), "of" | "in"));
        let seat = rest[usize::from(seated)..]
            .iter()
            .take_while(|word| word.gap == Gap::Space && word.capital)
            .count();
        let behind = if seated && 0 < seat { seat + 1 } else { 0 };
        let closed = rest.get(behind).is_none_or(|word| word.gap != Gap::Space);
        (naming.organised && !naming.located && closed).then(|| naming.name.clone())
    }

    /// "Said |bin Nasser", "Ana bin |Said al-Lind": a mention that opens or ends inside a name takes all of it.
    fn whole_name(&self, mut range: Range<usize>) -> Range<usize> {
        let sighted =
            |at: usize| self.cast.sighted_from(at).checked_sub(1).map(|last| &self.cast.sightings[last].name);
        if let Some(name) =
            sighted(range.start).filter(|name| range.start < name.end && name.end <= range.end)
        {
            range.start = name.start;
        }
        // "Ms| Ana Ruiz"
        let address =
            range.end.checked_sub(1).is_some_and(|last| lexicon::is_honorific(&self.words[last].folded));
        let next = self.cast.sightings.get(self.cast.sighted_from(range.end));
        if let Some(next) = next.filter(|next| address && next.name.start == range.end) {
            range.end = next.name.end;
        }
        if let Some(name) =
            sighted(range.end).filter(|name| range.start <= name.start && range.end < name.end)
        {
            range.end = name.end;
        }
        range
    }

    pub(super) fn pronoun(&self, at: usize, spoken: &[Spoken]) -> Answer {
        if let Some(answer) = self.antecedent_beside(at) {
            return answer;
        }
        let quoted = |word: usize| self.quoted(word);
        let thing = || anaphora::thing(self.words, self.cast, spoken, at, &quoted);
        let hints = self.hints(at..at + 1);
        let person = || anaphora::person(self.words, self.cast, spoken, at, &hints);
        let found = match self.words[at].folded.as_str() {
            "it" | "its" | "itself" | "they" | "them" | "their" | "themselves" | "we" | "which" => {
                thing().or_else(person)
            }
            _ => person().or_else(thing),
        };
        let found = found.unwrap_or_default();
        let thing = matches!(self.words[at].folded.as_str(), "it" | "its" | "they" | "their");
        if pronoun_gender(&self.words[at].folded).is_some() {
            self.refer(Asks::Pronoun, at..at + 1, None, found, spoken)
        } else if thing && found.figure.is_none() {
            self.refer_thing(at..at + 1, None, found, spoken)
        } else {
            found
        }
    }

    /// "Ana Ruiz, |who said": the name right before a relative pronoun.
    fn antecedent_beside(&self, at: usize) -> Option<Answer> {
        let word = &self.words[at];
        if !matches!(word.folded.as_str(), "who" | "which" | "whom") || word.gap == Gap::Stop {
            return None;
        }
        let before = self.cast.sighted_from(at).checked_sub(1).map(|last| &self.cast.sightings[last]);
        if word.folded != "which" {
            let sighting = before.filter(|sighting| sighting.name.end == at)?;
            return Some(Answer { basis: "pronoun", ..Answer::figure(sighting.figure) });
        }
        let others = &self.cast.others;
        let before = others.partition_point(|naming| naming.name.start < at).checked_sub(1);
        let naming = before.map(|last| &others[last]).filter(|naming| naming.name.end == at)?;
        Some(Answer { basis: "pronoun", ..self.other_name(naming.name.clone()) })
    }

    /// The answer to a description, weighed against the persons who are near.
    fn reconsidered(
        &self,
        description: &Description,
        range: &Range<usize>,
        ruled: Answer,
        spoken: &[Spoken],
    ) -> Answer {
        let person = matches!(description.class, Class::Role | Class::Other)
            && !description.plural
            && !self.coordinated(description)
            && matches!(ruled.kind, SpeakerType::Person | SpeakerType::Unnamed | SpeakerType::None)
            && description.noun != "side"
            && self.may_be_person(description)
            // "the official" never becomes a minister.
            && !(ruled.figure.is_none() && lexicon::is_anonymous(&description.noun));
        if !person {
            return ruled;
        }
        let asks = if self.is_bare(description) { Asks::Bare } else { Asks::Definite };
        self.refer(asks, range.clone(), Some(description), ruled, spoken)
    }

    pub(super) fn quoted(&self, word: usize) -> bool {
        let start = self.words[word].span.start;
        let at = self.contents.partition_point(|content| content.end <= start);
        self.contents.get(at).is_some_and(|content| content.covers(start))
    }

    /// Capitals that are neither a person of the cast nor a place: a body, or a person seen only here.
    fn other_name(&self, range: Range<usize>) -> Answer {
        let given = 1 < range.len() && lexicon::given_name_gender(&self.words[range.start].folded).is_some();
        if given {
            return Answer { kind: SpeakerType::Person, confidence: 0.7, ..Answer::body(range) };
        }
        Answer { basis: "name", ..Answer::body(range) }
    }

    fn description(&self, description: &Description, at: usize, spoken: &[Spoken]) -> Answer {
        let words = self.words;
        let whole = description.words.clone();
        if description.class == Class::Paper {
            return self.paper(description, spoken);
        }
        if description.plural || self.coordinated(description) {
            let numbered =
                words[whole.start].folded.parse::<usize>().is_ok() || is_number(&words[whole.start].folded);
            let people = matches!(description.noun.as_str(), "people" | "source" | "person");
            let kind = if numbered && people { SpeakerType::Unnamed } else { SpeakerType::Group };
            return self.plain(whole, kind, description);
        }
        if description.class == Class::Body {
            let ruled = self.body(description, at, spoken);
            let first = words[whole.start].folded.as_str();
            let taken_up = matches!(first, "the" | "that" | "this") && description.core.len() <= 3;
            // Newspapers and posts abroad have rules of their own.
            let ruled_by_kind = matches!(
                description.noun.as_str(),
                "publication"
                    | "newspaper"
                    | "paper"
                    | "daily"
                    | "tabloid"
                    | "outlet"
                    | "embassy"
                    | "consulate"
            ) && !whole.contains(&ruled.name.start);
            return if taken_up && !ruled_by_kind && ruled.owner.is_none() && ruled.figure.is_none() {
                self.refer_thing(whole, Some(description), ruled, spoken)
            } else {
                ruled
            };
        }
        if description.noun == "side" && description.class == Class::Other {
            return self.plain(whole, SpeakerType::Country, description);
        }
        // "the recording", "the research"
        if !self.may_be_person(description) {
            return self.plain(whole, SpeakerType::Organisation, description);
        }
        let bare = self.is_bare(description);
        let anonymous = lexicon::is_anonymous(&description.noun);
        if bare {
            let named = || descriptions::named_next(words, self.cast, description, at);
            return (!anonymous)
                .then(named)
                .flatten()
                .unwrap_or_else(|| self.plain(whole, SpeakerType::Unnamed, description));
        }
        // "the diplomat" behind "a Western diplomat"
        let taken_up =
            descriptions::again(self.words, &spoken[spoken.len().saturating_sub(3)..], description);
        if let Some(answer) = taken_up.filter(|_| description.core.len() == 2) {
            return answer;
        }
        if description.noun == "counterpart"
            && let Some(answer) = descriptions::salient(words, self.cast, &[], description, at)
        {
            return answer;
        }
        if let Some(answer) = descriptions::described(words, self.cast, spoken, description, at) {
            return answer;
        }
        if let Some(answer) =
            descriptions::again(self.words, spoken, description).filter(|_| description.core.len() <= 3)
        {
            return answer;
        }
        let sided = !side::represented(words, description.core.clone()).is_empty()
            && matches!(description.noun.as_str(), "delegate" | "negotiator");
        if anonymous && !sided {
            return self.plain(whole, SpeakerType::Unnamed, description);
        }
        descriptions::by_biography(words, self.cast, description, at)
            .or_else(|| descriptions::salient(words, self.cast, spoken, description, at))
            .unwrap_or_else(|| self.plain(whole, SpeakerType::Unnamed, description))
    }

    /// Whether a description can stand for a person: by a list, by its ending, or as one of a nation.
    fn may_be_person(&self, description: &Description) -> bool {
        let core = &self.words[description.core.clone()];
        description.class != Class::Other
            || may_be_person(&description.noun)
            || core.iter().any(|word| {
                let tells = matches!(
                    word.folded.as_str(),
                    "former"
                        | "retired"
                        | "late"
                        | "young"
                        | "someone"
                        | "somebody"
                        | "anyone"
                        | "anybody"
                        | "nobody"
                        | "one"
                        | "those"
                        | "whoever"
                );
                word.possessive || tells || word.folded.ends_with("-year-old")
            })
            || !countries::all(self.words, description.core.clone()).is_empty()
    }

    /// "a minister", "another envoy": somebody new.
    pub(super) fn is_bare(&self, description: &Description) -> bool {
        let first = self.words[description.words.start].folded.as_str();
        !description.definite && matches!(first, "a" | "an" | "one" | "another" | "some")
    }

    /// "Vietnam and China", "the two sides".
    pub(super) fn coordinated(&self, description: &Description) -> bool {
        let core = &self.words[description.core.clone()];
        core.iter().any(|word| word.folded == "and" || word.folded == "both")
    }

    /// The words themselves are the answer.
    pub(super) fn plain(&self, range: Range<usize>, kind: SpeakerType, description: &Description) -> Answer {
        Answer {
            name: descriptions::without_anonymity(self.words, range),
            kind,
            noun: description.noun.clone(),
            confidence: 0.8,
            basis: "description",
            ..Answer::default()
        }
    }

    /// The speaker of a statement without mention: the one before it speaks on.
    pub(super) fn unmentioned(&self, quotes: &[Quote], at: usize, spoken: &[Spoken]) -> Answer {
        let (Some(previous), Some(start)) = (at.checked_sub(1), quotes[at].content.first()) else {
            return Answer::default();
        };
        let Some(end) = quotes[previous].content.last() else { return Answer::default() };
        let paragraph = |offset: usize| self.paragraphs.partition_point(|span| span.end <= offset);
        let (here, there) = (paragraph(start.start), paragraph(end.start));
        let marked =
            start.of(self.text).starts_with(['"', '\u{201c}', '\u{2018}', '\'', '\u{ab}', '\u{201e}']);
        let continues = here == there
            || (here == there + 1
                && marked
                && self.paragraphs.get(here).is_some_and(|span| start.start <= span.start + 4));
        if !continues {
            return Answer::default();
        }
        Answer { basis: "continued", confidence: 0.6, ..spoken[previous].answer.clone() }
    }
}

/// "a", "a3": what stands before an answer in a transcript.
fn is_answer(word: &str) -> bool {
    word.strip_prefix('a')
        .is_some_and(|number| number.len() < 3 && number.chars().all(|c| c.is_ascii_digit()))
}

/// "two", "eleven": a number that opens a group.
fn is_number(word: &str) -> bool {
    matches!(
        word,
        "two"
            | "three"
            | "four"
            | "five"
            | "six"
            | "seven"
            | "eight"
            | "nine"
            | "ten"
            | "eleven"
            | "twelve"
            | "dozens"
            | "several"
            | "many"
    )
}
