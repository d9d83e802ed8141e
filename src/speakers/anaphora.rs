//! Whom a pronoun stands for.

use std::ops::Range;

use super::cast::Cast;
use super::countries::{self, Sense};
use super::figure::{Figure, pronoun_gender};
use super::hints::Hints;
use super::lexicon;
use super::words::{Gap, Word};
use super::{Answer, SpeakerType};

/// How many sightings before a pronoun are looked at.
pub(super) const LOOK_BACK: usize = 60;

/// A statement whose speaker is settled.
#[derive(Debug, Clone)]
pub(crate) struct Spoken {
    /// Index of the first word of its mention, or of its content where it has none.
    pub(crate) at: usize,
    /// Number of the sentence of its last word (content or mention).
    pub(crate) sentence: usize,
    /// Its speaker.
    pub(crate) answer: Answer,
}

/// The last settled statement whose mention opens before word `at`.
fn last_spoken(spoken: &[Spoken], at: usize) -> Option<&Spoken> {
    spoken.iter().rev().take(8).find(|one| one.at < at)
}

/// How well an unnamed speaker of the statement before fits "he" or "she".
const UNNAMED: f32 = 0.6;

/// Whom "he" or "she" at word `at` stands for: a figure, or the unnamed speaker of the statement before.
///
/// The weights were tuned on the training articles and PolNeAR's training part (silver names).
pub(crate) fn person(
    words: &[Word],
    cast: &Cast,
    spoken: &[Spoken],
    at: usize,
    hints: &Hints,
) -> Option<Answer> {
    let gender = pronoun_gender(&words[at].folded);
    let sentence = words[at].sentence;
    let before = cast.sighted_from(at);
    let previous = last_spoken(spoken, at).filter(|one| sentence - one.sentence.min(sentence) <= 3);
    let mut best: Option<(f32, usize)> = None;
    for sighting in cast.sightings[before.saturating_sub(LOOK_BACK)..before].iter().rev() {
        let figure = &cast.figures[sighting.figure];
        let Some(agrees) = agreement(figure, gender) else { continue };
        let distance = (sentence - sighting.sentence) as f32;
        let possessive = words[sighting.name.end - 1].possessive;
        let doubt = if figure.evidence == 0 { 1.0 } else { 0.0 };
        let mut score = agrees - doubt + figure.evidence.min(2) as f32 * 0.15 - distance * 0.7;
        score += if sighting.leads { 0.4 } else { 0.0 };
        score -= if sighting.quoted { 0.7 } else { 0.0 };
        score -= if possessive { 0.3 } else { 0.0 };
        score -= if governed(words, sighting.name.start) { 0.3 } else { 0.0 };
        score += hints.of(Some(sighting.figure));
        if previous.is_some_and(|one| one.answer.figure == Some(sighting.figure)) {
            score += 0.6;
        }
        if best.is_none_or(|(top, _)| top < score) {
            best = Some((score, sighting.figure));
        }
    }
    if let Some(one) = previous {
        let distance = (sentence - one.sentence.min(sentence)) as f32;
        let (fits, figure) = match one.answer.figure {
            Some(figure) => (agreement(&cast.figures[figure], gender), Some(figure)),
            None => ((one.answer.kind == SpeakerType::Unnamed).then_some(UNNAMED), None),
        };
        if let Some(fits) = fits {
            let score = fits + 0.4 - distance * 0.7 + hints.of(figure);
            if best.is_none_or(|(top, _)| top < score) {
                match figure {
                    Some(figure) => best = Some((score, figure)),
                    None => return Some(one.answer.clone()),
                }
            }
        }
    }
    // Nobody before: the name follows ("he said … Mr. Ruiz, 63").
    let ahead = || {
        let next = cast.sightings[before..].iter().take(10);
        next.map(|sighting| sighting.figure).find(|&figure| {
            0 < cast.figures[figure].evidence && agreement(&cast.figures[figure], gender).is_some()
        })
    };
    let figure = best.map(|(_, figure)| figure).or_else(ahead)?;
    Some(Answer { basis: "pronoun", confidence: 0.75, ..Answer::figure(figure) })
}

/// How well a figure's gender agrees with a pronoun's; none if it contradicts.
pub(super) fn agreement(figure: &Figure, gender: Option<lexicon::Gender>) -> Option<f32> {
    match (figure.likely_gender(), gender) {
        (Some(own), Some(asked)) if own == asked => Some(0.4),
        (Some(_), Some(_)) => None,
        _ => Some(0.0),
    }
}

/// Whether a name is the object of a preposition or verb right before it: "with Ruiz", "told Ruiz".
fn governed(words: &[Word], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|_| words[at].gap == Gap::Space) else { return false };
    matches!(
        words[before].folded.as_str(),
        "with"
            | "to"
            | "of"
            | "by"
            | "for"
            | "from"
            | "told"
            | "against"
            | "on"
            | "about"
            | "met"
            | "than"
            | "like"
    )
}

/// Whom "it" or "they" at word `at` stands for: the last body, country or group that spoke, or that led a
/// sentence.
pub(crate) fn thing(
    words: &[Word],
    cast: &Cast,
    spoken: &[Spoken],
    at: usize,
    quoted: &dyn Fn(usize) -> bool,
) -> Option<Answer> {
    let sentence = words[at].sentence;
    let plural = matches!(words[at].folded.as_str(), "they" | "them" | "themselves" | "we");
    let speaks = |kind: SpeakerType| match kind {
        SpeakerType::Group => true,
        SpeakerType::Organisation | SpeakerType::Country => true,
        SpeakerType::Unnamed => plural,
        SpeakerType::Person | SpeakerType::None => false,
    };
    let previous = spoken.iter().rev().take(6).find(|one| one.at < at && speaks(one.answer.kind));
    let near = previous.filter(|one| sentence - one.sentence.min(sentence) <= 2);
    if let Some(one) = near {
        return Some(Answer { basis: "pronoun", confidence: 0.7, ..one.answer.clone() });
    }
    subject(words, cast, at, quoted).or_else(|| previous.map(|one| one.answer.clone()))
}

/// The first body or country of this or one of the two sentences before that stands outside contents.
fn subject(words: &[Word], cast: &Cast, at: usize, quoted: &dyn Fn(usize) -> bool) -> Option<Answer> {
    let sentence = words[at].sentence;
    let from = words[..at].partition_point(|word| word.sentence + 2 < sentence).max(at.saturating_sub(120));
    let mut best: Option<(usize, Answer)> = None;
    let mut here = from;
    while here < at {
        if quoted(here) {
            here += 1;
            continue;
        }
        let found = body_at(words, here, at).or_else(|| {
            let place = countries::find(words, here)?;
            (place.place.sense != Sense::Demonym
                && here + place.len <= at
                && !governed(words, here)
                && !words[here + place.len - 1].possessive)
                .then(|| (here..here + place.len, Answer::place(place, here)))
        });
        let other = || {
            let next = cast.others.partition_point(|naming| naming.name.start < here);
            let naming = cast
                .others
                .get(next)
                .filter(|naming| naming.name.start == here && naming.body && naming.name.end <= at)?;
            Some((naming.name.clone(), Answer::body(naming.name.clone())))
        };
        match found.or_else(other) {
            Some((range, answer)) => {
                // The first of the nearest sentence wins.
                if best.as_ref().is_none_or(|(held, _)| *held < words[here].sentence) {
                    best = Some((words[here].sentence, answer));
                }
                here = range.end.max(here + 1);
            }
            None => here += 1,
        }
    }
    best.map(|(_, answer)| Answer { basis: "pronoun", confidence: 0.5, ..answer })
}

/// The description of a body whose first word is `at`: "the Saudi foreign ministry", "China's embassy".
fn body_at(words: &[Word], at: usize, limit: usize) -> Option<(Range<usize>, Answer)> {
    let word = &words[at];
    let opens = word.capital && !word.is_function() || word.folded == "the";
    if !opens {
        return None;
    }
    let mut end = at;
    let mut head = None;
    while end < limit && (end == at || words[end].gap == Gap::Space) && end - at < 7 {
        let folded = words[end].folded.as_str();
        if lexicon::is_body(folded) && !lexicon::is_paper(folded) {
            head = Some(end);
        }
        let inside = words[end].capital
            || lexicon::is_modifier(folded)
            || lexicon::is_body(folded)
            || (end == at && folded == "the");
        if !inside || (end > at && lexicon::is_role(folded) && !lexicon::is_body(folded)) {
            break;
        }
        end += 1;
    }
    let head = head?;
    // "the embassy spokesman" is no body.
    if words.get(head + 1).is_some_and(|next| next.gap == Gap::Space && lexicon::is_role(&next.folded)) {
        return None;
    }
    let start = at + usize::from(word.folded == "the");
    (start <= head).then(|| (at..head + 1, Answer::body(start..head + 1)))
}
