//! Speakers: from the words that stand for a speaker to a name, a role and a side.

mod affiliation;
mod allegiance;
mod anaphora;
mod appositions;
mod bodies;
mod cast;
pub(crate) mod countries;
mod descriptions;
mod evidence;
pub(crate) mod figure;
mod finish;
mod furniture;
mod hearing;
mod hints;
mod homes;
pub(crate) mod lexicon;
mod mention;
pub(crate) mod names;
mod noun_phrase;
mod origin;
mod parties;
mod phrase;
mod referent;
mod scan;
pub(crate) mod side;
mod sides;
mod standing;
mod target;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

use crate::Span;
use crate::quotes::Quote;
use crate::reader::Reading;
use crate::sentences::Sentence;
use crate::stance::Stance;

use anaphora::Spoken;
use cast::Cast;
use countries::{Found, Sense};
use figure::pronoun_gender;
use noun_phrase::{Class, Description};
use phrase::Phrase;
use referent::Asks;
use target::Aim;
use words::Word;

/// What a speaker is (column `speaker_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SpeakerType {
    /// A named person.
    Person,
    /// An institution, company, party, newspaper.
    Organisation,
    /// A country or the capital that stands for its government.
    Country,
    /// Several people without names: "U.S. officials".
    Group,
    /// One person without a name: "a senior official".
    Unnamed,
    /// The text names nobody.
    #[default]
    None,
}

/// Who makes a statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Speaker {
    /// Fullest form of the name in the document; the description for unnamed speakers; empty if none.
    pub name: String,
    /// What the speaker is.
    pub kind: SpeakerType,
    /// Title or office as the document gives it, or empty.
    pub role: String,
    /// Country or organisation spoken for, or empty.
    pub side: String,
    /// Whom the statement is about or addressed to, or empty.
    pub target: String,
    /// The words that stand for the speaker.
    pub mention: Option<Span>,
    /// Name of the rule that resolved the name, for `basis`.
    pub basis: &'static str,
    /// Name of the rule that settled the side, or empty.
    pub side_basis: &'static str,
    /// Name of the rule that settled the target, or empty.
    pub target_basis: &'static str,
    /// Probability that the name is right, 0–1.
    pub confidence: f32,
}

/// Who a mention stands for, before the row is written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// Person of the cast.
    figure: Option<usize>,
    /// Person whose body it is: "her office".
    owner: Option<usize>,
    /// Words of the name where it is no person of the cast.
    name: Range<usize>,
    kind: SpeakerType,
    /// Head noun of a description, to take it up again.
    noun: String,
    /// Side, where the words themselves give it.
    side: String,
    basis: &'static str,
    confidence: f32,
}

impl Answer {
    fn figure(figure: usize) -> Self {
        Self {
            figure: Some(figure),
            kind: SpeakerType::Person,
            confidence: 0.95,
            basis: "name",
            ..Self::default()
        }
    }

    fn place(found: Found, at: usize) -> Self {
        let kind =
            if found.place.sense == Sense::Body { SpeakerType::Organisation } else { SpeakerType::Country };
        let name = at..at + found.len;
        Self {
            name,
            kind,
            side: found.place.side.clone(),
            confidence: 0.95,
            basis: "place",
            ..Self::default()
        }
    }

    fn body(name: Range<usize>) -> Self {
        Self { name, kind: SpeakerType::Organisation, confidence: 0.85, basis: "body", ..Self::default() }
    }
}

/// Resolves the speaker of each quote, in the quotes' order. `stances` are those of the quotes (they decide
/// whether there is a target), or nothing where they are not known.
pub fn attribute(
    text: &str,
    paragraphs: &[Span],
    sentences: &[Sentence],
    quotes: &[Quote],
    stances: &[Stance],
    reading: &Reading,
) -> Vec<Speaker> {
    if quotes.is_empty() {
        return Vec::new();
    }
    let words = words::split(text, sentences);
    let mut contents: Vec<Span> = quotes.iter().flat_map(|quote| quote.content.iter().copied()).collect();
    contents.sort_unstable();
    let mut asked: Vec<Range<usize>> = quotes
        .iter()
        .filter_map(|quote| quote.mention)
        .map(|mention| words::within(&words, mention))
        .collect();
    asked.sort_unstable_by_key(|range| (range.start, range.end));
    let cast = Cast::gather(text, &words, &contents, &asked, reading);
    let parties = parties::Parties::gather(&words);
    let trust = hints::Trust::of(reading);
    let (words, cast, contents) = (words.as_slice(), &cast, contents.as_slice());
    let bodies = cast.bodies(text, words);
    let mut scene = Scene { text, paragraphs, words, cast, contents, parties, bodies, reading, trust };
    let mut spoken: Vec<Spoken> = Vec::with_capacity(quotes.len());
    for (at, quote) in quotes.iter().enumerate() {
        let answer = match quote.mention {
            Some(mention) => scene.mentioned(words::within(words, mention), &spoken),
            None => scene.unmentioned(quotes, at, &spoken),
        };
        spoken.push(scene.spoken(quote, answer));
    }
    furniture::echo_headlines(text, quotes, &mut spoken);
    let sides = scene.sides(quotes, stances, &spoken);
    let mut parties = std::mem::take(&mut scene.parties);
    parties.heard(sides.iter().map(|sided| sided.side.as_str()));
    let scene = Scene { parties, ..scene };
    let mut aimed: HashMap<String, String> = HashMap::new();
    let mut speakers = Vec::with_capacity(quotes.len());
    for (at, quote) in quotes.iter().enumerate() {
        let aim = Aim { at, quote, stance: stances.get(at), spoken: &spoken, sides: &sides };
        let before = aimed.get(&sides[at].side).map_or("", String::as_str);
        let speaker = scene.speaker(&aim, before);
        if !speaker.target.is_empty() && !speaker.side.is_empty() {
            aimed.insert(speaker.side.clone(), speaker.target.clone());
        }
        speakers.push(speaker);
    }
    speakers
}

/// The one name that rows use for a country of several ("Türkiye" → "Turkey"); any other name as it is.
pub(crate) fn country(name: &str) -> String {
    let words = words::split(name, &[]);
    match countries::find(&words, 0)
        .filter(|found| found.len == words.len() && found.place.sense == Sense::Place)
    {
        Some(found) => found.place.side.clone(),
        None => name.to_owned(),
    }
}

/// What every rule looks at.
struct Scene<'a> {
    text: &'a str,
    paragraphs: &'a [Span],
    words: &'a [Word],
    cast: &'a Cast,
    contents: &'a [Span],
    reading: &'a Reading,
    trust: hints::Trust,
    /// Sides the document names.
    parties: parties::Parties,
    /// Bodies that it names most, with the number of namings.
    bodies: Vec<(String, usize)>,
}

impl Scene<'_> {
    /// Who these words stand for.
    fn mentioned(&self, range: Range<usize>, spoken: &[Spoken]) -> Answer {
        let range = mention::bounds(self.words, range);
        let at = range.start;
        match phrase::parse(self.words, range.clone(), self.cast) {
            Phrase::Nothing => Answer::default(),
            Phrase::Person(figure) => Answer::figure(figure),
            Phrase::Place(range, found) => Answer::place(found, range.start),
            Phrase::Name(range) if range.len() == 1 && self.words[range.start].folded == "a" => {
                descriptions::interviewee(self.cast, spoken).unwrap_or_default()
            }
            Phrase::Name(range) => self.other_name(range),
            Phrase::Pronoun(at) => self.pronoun(at, spoken),
            Phrase::Description(description) => {
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

    fn pronoun(&self, at: usize, spoken: &[Spoken]) -> Answer {
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
        if pronoun_gender(&self.words[at].folded).is_some() {
            self.refer(Asks::Pronoun, at..at + 1, None, found, spoken)
        } else {
            found
        }
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
            // "the official" never becomes a minister.
            && !(ruled.figure.is_none() && lexicon::is_anonymous(&description.noun));
        if !person {
            return ruled;
        }
        let asks = if self.is_bare(description) { Asks::Bare } else { Asks::Definite };
        self.refer(asks, range.clone(), Some(description), ruled, spoken)
    }

    fn quoted(&self, word: usize) -> bool {
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
            return self.paper(description, at, spoken);
        }
        if description.plural || self.coordinated(description) {
            let numbered =
                words[whole.start].folded.parse::<usize>().is_ok() || is_number(&words[whole.start].folded);
            let people = matches!(description.noun.as_str(), "people" | "source" | "person");
            let kind = if numbered && people { SpeakerType::Unnamed } else { SpeakerType::Group };
            return self.plain(whole, kind, description);
        }
        if description.class == Class::Body {
            return self.body(description, at, spoken);
        }
        if description.noun == "side" && description.class == Class::Other {
            return self.plain(whole, SpeakerType::Country, description);
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
        let taken_up = descriptions::again(&spoken[spoken.len().saturating_sub(3)..], description);
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
        if let Some(answer) = descriptions::again(spoken, description).filter(|_| description.core.len() <= 3)
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

    /// "a minister", "another envoy": somebody new.
    fn is_bare(&self, description: &Description) -> bool {
        let first = self.words[description.words.start].folded.as_str();
        !description.definite && matches!(first, "a" | "an" | "one" | "another" | "some")
    }

    /// "Vietnam and China", "the two sides".
    fn coordinated(&self, description: &Description) -> bool {
        let core = &self.words[description.core.clone()];
        core.iter().any(|word| word.folded == "and" || word.folded == "both")
    }

    /// The words themselves are the answer.
    fn plain(&self, range: Range<usize>, kind: SpeakerType, description: &Description) -> Answer {
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
    fn unmentioned(&self, quotes: &[Quote], at: usize, spoken: &[Spoken]) -> Answer {
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

    fn spoken(&self, quote: &Quote, answer: Answer) -> Spoken {
        let end = quote.content.iter().chain(&quote.mention).map(|span| span.end).max().unwrap_or(0);
        let start = quote.mention.or(quote.content.first().copied()).map_or(0, |span| span.start);
        let at = self.words.partition_point(|word| word.span.start < start);
        let last = self.words.partition_point(|word| word.span.start < end);
        let sentence = last.checked_sub(1).map_or(0, |last| self.words[last].sentence);
        Spoken { at, sentence, answer }
    }
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
