//! Speakers: from the words that stand for a speaker to a name, a role and a side.

mod addressing;
mod affiliation;
mod allegiance;
mod anaphora;
mod appositions;
#[cfg(feature = "ballots")]
mod ballots;
mod beside;
mod bodies;
mod cast;
pub(crate) mod countries;
mod descriptions;
mod evidence;
pub(crate) mod figure;
mod finish;
mod furniture;
mod gender;
mod hearing;
mod hints;
mod homes;
mod institutions;
mod known_parties;
pub(crate) mod lexicon;
mod mention;
pub(crate) mod names;
mod net;
mod noun_phrase;
mod origin;
mod parties;
mod phrase;
mod referent;
mod resolve;
mod scan;
mod short_forms;
pub(crate) mod side;
mod sides;
mod standing;
mod target;
mod things;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;
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
    let named = |at: usize| {
        let next = cast.sightings.get(cast.sighted_from(at));
        let before = cast.sighted_from(at).checked_sub(1).map(|last| &cast.sightings[last]);
        next.is_some_and(|one| one.name.contains(&at)) || before.is_some_and(|one| one.name.contains(&at))
    };
    let parties = parties::Parties::gather(&words, &named);
    let trust = hints::Trust::of(reading);
    let (words, cast, contents) = (words.as_slice(), &cast, contents.as_slice());
    let bodies = cast.bodies(text, words);
    let known = std::iter::repeat_with(Known::default).take(cast.figures.len()).collect();
    let mut scene = Scene { text, paragraphs, words, cast, contents, parties, bodies, reading, trust, known };
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
    /// What is worked out once a person, when it is asked for.
    known: Vec<Known>,
}

/// Where a person's name comes from, and which sides the person's first namings point to.
type Known = (OnceCell<origin::Origin>, OnceCell<hints::Leads>);

impl Scene<'_> {
    fn spoken(&self, quote: &Quote, answer: Answer) -> Spoken {
        let end = quote.content.iter().chain(&quote.mention).map(|span| span.end).max().unwrap_or(0);
        let start = quote.mention.or(quote.content.first().copied()).map_or(0, |span| span.start);
        let at = self.words.partition_point(|word| word.span.start < start);
        let last = self.words.partition_point(|word| word.span.start < end);
        let sentence = last.checked_sub(1).map_or(0, |last| self.words[last].sentence);
        Spoken { at, sentence, answer }
    }
}
