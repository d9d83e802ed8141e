//! Whom a description stands for: "the ambassador", "the Indonesian", "the 63-year-old".

use std::ops::Range;

use super::anaphora::{self, LOOK_BACK, Spoken, agreement};
use super::cast::Cast;
use super::figure::Figure;
use super::hints::Hints;
use super::noun_phrase::{Class, Description};
use super::words::Word;
use super::{Answer, SpeakerType, countries, lexicon, side};

/// The person that a description stands for, and how sure that is.
///
/// Takes "the ambassador" for whoever is called an ambassador, "the Chinese minister" only for one of China,
/// "the 63-year-old" by age; "the official" for nobody by title.
pub(crate) fn described(
    words: &[Word],
    cast: &Cast,
    spoken: &[Spoken],
    description: &Description,
    at: usize,
) -> Option<Answer> {
    let phrase = description.core.clone();
    let asked: Vec<&str> = words[phrase.clone()]
        .iter()
        .map(|word| word.folded.as_str())
        .filter(|word| lexicon::is_modifier(word))
        .collect();
    let side =
        place(words, description).unwrap_or_else(|| side::represented(words, description.words.clone()));
    if let Some(age) = words[phrase.clone()].iter().find_map(|word| word.folded.strip_suffix("-year-old")) {
        let age = age.parse::<usize>().ok()?;
        let figure = cast.figures.iter().position(|figure| figure.ages.contains(&age))?;
        return Some(Answer { basis: "age", confidence: 0.9, ..Answer::figure(figure) });
    }
    // "the Saudi delegate" can be someone titled so, "the official" is nobody.
    let anonymous = lexicon::is_anonymous(&description.noun);
    if description.class == Class::Role && (!anonymous || !side.is_empty()) {
        let mut heads = vec![description.noun.as_str()];
        heads.extend(lexicon::role_synonyms(&description.noun).iter().map(String::as_str));
        let mut best: Option<(f32, usize)> = None;
        for (order, head) in heads.iter().enumerate() {
            let mut titled = cast.titled(head, at);
            // Who was named or spoke last comes first.
            let last = |figure: &usize| {
                let seen = &cast.figures[*figure].seen;
                let seen = seen[..seen.partition_point(|&seen| seen < at)].last().copied();
                let spoke = spoken
                    .iter()
                    .rev()
                    .take(16)
                    .find(|one| one.answer.figure == Some(*figure))
                    .map(|one| one.at);
                std::cmp::Reverse(seen.max(spoke))
            };
            titled.sort_by_key(last);
            for (near, figure) in titled.into_iter().enumerate() {
                let score = title_score(words, &cast.figures[figure], head, &asked, &side)
                    - near as f32 * 0.2
                    - if order == 0 { 0.0 } else { 0.4 }
                    + spoken
                        .last()
                        .map_or(0.0, |one| if one.answer.figure == Some(figure) { 0.3 } else { 0.0 });
                let fits = !anonymous || cast.figures[figure].side == side;
                if fits && best.is_none_or(|(top, _)| top < score) {
                    best = Some((score, figure));
                }
            }
        }
        if let Some((_, figure)) = best.filter(|(score, _)| 0.0 < *score) {
            return Some(Answer { basis: "title", confidence: 0.8, side, ..Answer::figure(figure) });
        }
    }
    None
}

/// The country that a description gives its bearer: "the |Chilean| minister", "the representative of |Chile|".
pub(super) fn place(words: &[Word], description: &Description) -> Option<String> {
    let inside = countries::all(words, description.core.clone());
    let inside = inside.first().map(|(_, found)| found.place.side.clone());
    let behind = || {
        let link =
            words.get(description.core.end).filter(|_| description.core.end < description.words.end)?;
        let office = side::is_official(&description.noun) || description.noun == "representative";
        let side = side::represented(words, description.words.clone());
        (office && link.folded == "of" && !side.is_empty()).then_some(side)
    };
    inside.or_else(behind)
}

/// Words of rank: they do not tell one portfolio from another.
fn is_rank(word: &str) -> bool {
    matches!(
        word,
        "former"
            | "ex"
            | "then"
            | "late"
            | "retired"
            | "outgoing"
            | "incoming"
            | "new"
            | "newly"
            | "senior"
            | "top"
            | "leading"
            | "lead"
            | "main"
            | "chief"
            | "acting"
            | "interim"
            | "caretaker"
            | "minister"
            | "secretary"
            | "state"
            | "long-serving"
            | "elected"
            | "appointed"
            | "general"
            | "special"
            | "permanent"
            | "commissioner"
            | "ministry"
            | "department"
            | "office"
            | "government"
            | "embassy"
            | "council"
            | "joint"
    )
}

/// The words of a title or description that tell one portfolio from another: "fisheries", "foreign".
pub(super) fn telling(words: &[Word]) -> Vec<&str> {
    let words = words.iter().map(|word| word.folded.as_str());
    words.filter(|word| lexicon::is_modifier(word) && !is_rank(word)).collect()
}

/// How well a figure's title with this head answers a description.
fn title_score(words: &[Word], figure: &Figure, head: &str, asked: &[&str], side: &str) -> f32 {
    let mut score = 1.5;
    let mut shared = 0;
    let mut best = f32::MIN;
    for title in figure.titles.iter().filter(|title| title.heads.iter().any(|own| own == head)) {
        let own: Vec<&str> = words[title.words.clone()].iter().map(|word| word.folded.as_str()).collect();
        let same =
            asked.iter().filter(|word| own.contains(word) || **word == "top" || **word == "country").count();
        let missing = asked.len() - same;
        let portfolio = |word: &&str| lexicon::is_modifier(word) && !is_rank(word);
        let clash = asked.iter().any(portfolio)
            && own.iter().any(portfolio)
            && !asked.iter().filter(|word| portfolio(word)).any(|word| own.contains(word));
        let rank = |word: &str| own.contains(&word) && !asked.contains(&word);
        let demoted = ["deputy", "vice", "assistant", "prime", "shadow"].iter().any(|word| rank(word));
        let value = same as f32 * 0.8
            - missing as f32 * 0.7
            - if demoted { 0.9 } else { 0.0 }
            - if clash { 2.5 } else { 0.0 };
        if best < value {
            best = value;
            shared = same;
        }
    }
    score += best.max(-3.0);
    if !side.is_empty() && !figure.side.is_empty() {
        score += if figure.side == side { 1.0 } else { -2.5 };
    }
    score + if 0 < shared { 0.2 } else { 0.0 }
}

/// The unnamed speaker of an earlier statement that "the official" or "the source" takes up.
pub(crate) fn again(words: &[Word], spoken: &[Spoken], description: &Description) -> Option<Answer> {
    let place = place(words, description);
    let same = |one: &Spoken| {
        place.as_ref().is_none_or(|place| side::represented(words, one.answer.name.clone()) == *place)
    };
    spoken
        .iter()
        .rev()
        .take(12)
        .find(|one| {
            one.answer.kind == SpeakerType::Unnamed
                && (one.answer.noun == description.noun
                    || (description.noun == "official" && one.answer.noun == "member"))
                && same(one)
        })
        .map(|one| Answer { basis: "again", ..one.answer.clone() })
}

/// The person whose introduction tells what a description says, without a title: "the former general" for
/// "Ana Ruiz, who commanded a brigade"; not for the last speaker.
pub(crate) fn by_biography(
    words: &[Word],
    cast: &Cast,
    description: &Description,
    at: usize,
) -> Option<Answer> {
    const REACH: usize = 200;
    let former = words[description.core.clone()]
        .iter()
        .any(|word| matches!(word.folded.as_str(), "former" | "retired" | "ex" | "old"));
    if description.class != Class::Role || !former {
        return None;
    }
    let signs = signs(&description.noun);
    // "Consul General", "the secretary general"
    let rank = |word: &Word| {
        matches!(word.folded.as_str(), "consul" | "secretary" | "attorney" | "director" | "solicitor")
    };
    let tells = |at: usize| {
        let word = &words[at];
        signs.contains(&word.folded.as_str())
            || (word.folded == description.noun
                && !word.possessive
                && !at.checked_sub(1).is_some_and(|before| rank(&words[before])))
    };
    let here = cast.sighted_from(at);
    let near = cast.sightings[here.saturating_sub(REACH)..here]
        .iter()
        .rev()
        .chain(cast.sightings[here..].iter().take(REACH / 4));
    let told = near.filter(|sighting| !sighting.quoted).find(|sighting| {
        let name = &sighting.name;
        let same = |at: &usize| words[*at].sentence == sighting.sentence;
        let introduced = cast.figures[sighting.figure].seen.first() == Some(&name.start);
        // "Lt Gen (retd) Ana Ruiz"
        let titled = |at: &usize| same(at) && (words[*at].capital || words[*at].folded.starts_with("ret"));
        let own = (name.start.saturating_sub(4)..name.start).rev().take_while(titled).any(tells);
        let behind = name.end..words.len().min(name.end + 24);
        let clause = behind
            .take_while(same)
            .take_while(|&at| !lexicon::is_reporting_verb(&words[at].folded))
            .any(tells);
        own || (introduced && clause)
    })?;
    Some(Answer { basis: "biography", confidence: 0.7, ..Answer::figure(told.figure) })
}

/// Words of a life that tell of an office or rank.
fn signs(noun: &str) -> &'static [&'static str] {
    match noun {
        "general" | "officer" | "soldier" | "colonel" | "commander" => &[
            "gen",
            "commanded",
            "corps",
            "brigade",
            "troops",
            "army",
            "guerrillas",
            "division",
            "soldier",
            "battalion",
        ],
        "admiral" | "captain" | "sailor" => &["adm", "navy", "fleet", "frigate", "squadron"],
        "judge" | "magistrate" | "prosecutor" => &["court", "bench", "tribunal"],
        "ambassador" | "diplomat" | "envoy" => &["ambassador", "embassy", "posting", "postings"],
        "policeman" | "policewoman" => &["police"],
        _ => &[],
    }
}

/// The person whose name opens the sentence behind an indefinite description: "a tired minister said. |Ana Ruiz|
/// added"; not where the name comes with a title of its own.
pub(crate) fn named_next(
    words: &[Word],
    cast: &Cast,
    description: &Description,
    at: usize,
) -> Option<Answer> {
    let sighting = cast.sightings.get(cast.sighted_from(description.words.end))?;
    let figure = &cast.figures[sighting.figure];
    let opens = sighting.name.start > 0
        && words[sighting.name.start - 1].sentence < sighting.sentence
        && sighting.sentence == words[at].sentence + 1;
    let fits = agreement(figure, lexicon::title_gender(&description.noun)).is_some()
        && figure.seen.first() == Some(&sighting.name.start)
        && figure.titles.is_empty()
        && !sighting.quoted;
    (opens && fits).then(|| Answer {
        basis: "introduced",
        confidence: 0.6,
        ..Answer::figure(sighting.figure)
    })
}

/// A description without the clause that tells why its bearer has no name: "an official |who asked not to be
/// named"; "a diplomat who took notes" stays whole.
pub(crate) fn without_anonymity(words: &[Word], name: Range<usize>) -> Range<usize> {
    let hides = |at: &usize| {
        let next = |n: usize| words.get(at + n).map_or("", |word| word.folded.as_str());
        match words[*at].folded.as_str() {
            "who" => {
                matches!(next(1), "asked" | "declined" | "requested" | "spoke" | "insisted")
                    || matches!((next(1), next(2)), ("was" | "were" | "is" | "are", "not"))
            }
            "whose" => matches!(next(1), "name" | "names"),
            "speaking" | "on" => matches!(next(1), "on" | "condition"),
            _ => false,
        }
    };
    let cut = name.clone().skip(1).find(hides).unwrap_or(name.end);
    name.start..cut
}

/// The nearest person that fits a description no title explains: "the Indonesian", "the barrister".
pub(crate) fn salient(
    words: &[Word],
    cast: &Cast,
    spoken: &[Spoken],
    description: &Description,
    at: usize,
) -> Option<Answer> {
    // "his friend" is not himself.
    let owner = matches!(words[description.words.start].folded.as_str(), "his" | "her")
        .then(|| anaphora::person(words, cast, spoken, description.words.start, &Hints::default()))
        .flatten()
        .and_then(|answer| answer.figure);
    // "Peru's observer", "Ruiz's lawyer": somebody's somebody is only who belongs to that side.
    let owned = words[description.core.clone()].iter().any(|word| word.possessive);
    let side = place(words, description);
    let behind = side.is_some() && countries::all(words, description.core.clone()).is_empty();
    let gender = lexicon::title_gender(&description.noun);
    // "the Belgian" may speak for the European Union: a nationality asks for no side where nobody has it.
    let sided =
        side.as_ref().is_some_and(|side| cast.figures.iter().take(200).any(|figure| figure.side == *side));
    if behind && !sided {
        return None;
    }
    // Whoever holds another office is not meant by "the ambassador", but may be by "the former general".
    let former = words[description.core.clone()]
        .iter()
        .any(|word| word.folded == "former" || word.folded == "retired");
    let office = side::is_official(&description.noun) && !former;
    let fits = |at: usize| {
        let figure = &cast.figures[at];
        owner != Some(at)
            && agreement(figure, gender).is_some()
            && (!owned
                || side.as_ref().is_some_and(|side| *side == figure.stated)
                || (side.is_some() && figure.titles.is_empty()))
            && side.as_ref().is_none_or(|side| {
                let free = figure.titles.is_empty() || (!sided && !office);
                figure.side == *side || (figure.side.is_empty() && free)
            })
            && !(office
                && figure.titles.iter().any(|title| title.heads.iter().any(|head| side::is_official(head))))
    };
    // "… said the ambassador. Ana Ruiz, 58, …": the name comes right behind.
    let sentence = words[at].sentence;
    let introduced = cast.sightings[cast.sighted_from(at)..].iter().take(6).find(|sighting| {
        let figure = &cast.figures[sighting.figure];
        let shouted = words[sighting.name.clone()].iter().all(|word| word.shouting);
        // Whoever is introduced with a title of his own is somebody else.
        let titled = figure.titles.first().is_some_and(|title| title.words.end == sighting.name.start);
        sighting.leads
            && !sighting.quoted
            && !titled
            && (0 < figure.evidence || !shouted)
            && sighting.sentence <= sentence + 2
            && sentence < sighting.sentence
            && figure.seen.first() == Some(&sighting.name.start)
            && fits(sighting.figure)
    });
    if let Some(sighting) = introduced.filter(|_| description.class == Class::Role) {
        let side = side.unwrap_or_default();
        return Some(Answer {
            basis: "introduced",
            confidence: 0.6,
            side,
            ..Answer::figure(sighting.figure)
        });
    }
    let previous = spoken
        .iter()
        .rev()
        .take(6)
        .filter(|one| one.at < at)
        .find_map(|one| one.answer.figure.filter(|&figure| fits(figure)));
    let before = cast.sighted_from(at);
    let sighted = || {
        let near = cast.sightings[before.saturating_sub(LOOK_BACK)..before].iter().rev();
        near.filter(|sighting| !sighting.quoted)
            .map(|sighting| sighting.figure)
            .find(|&figure| 0 < cast.figures[figure].evidence && fits(figure))
    };
    let ahead = || {
        let next = cast.sightings[before..].iter().take(12);
        next.map(|sighting| sighting.figure).find(|&figure| 0 < cast.figures[figure].evidence && fits(figure))
    };
    let figure = previous.or_else(sighted).or_else(ahead)?;
    let side = side.unwrap_or_default();
    Some(Answer { basis: "salience", confidence: 0.5, side, ..Answer::figure(figure) })
}

/// Who answers in a transcript's lines "A:": whoever answered before, else the person the article names most.
pub(crate) fn interviewee(cast: &Cast, spoken: &[Spoken]) -> Option<Answer> {
    let before = spoken.iter().rev().take(12).find(|one| one.answer.basis == "transcript");
    let most = || {
        let known = cast.figures.iter().enumerate().filter(|(_, figure)| 0 < figure.evidence);
        known.max_by_key(|(at, figure)| (figure.seen.len(), std::cmp::Reverse(*at))).map(|(at, _)| at)
    };
    let figure = before.and_then(|one| one.answer.figure).or_else(most)?;
    Some(Answer { basis: "transcript", confidence: 0.6, ..Answer::figure(figure) })
}
