//! What stands around a speaker for each side that the document names: near the speaker's namings, in the titles, in
//! the statements. `allegiance` weighs it.

use std::ops::Range;

use super::homes::Homes;
use super::parties::Parties;
use super::side::is_object;
use super::words::Word;

/// What is known of a speaker whose country is asked for.
#[derive(Debug, Default, Clone)]
pub(super) struct Inquiry {
    /// Indices of the words that open the namings.
    pub(super) namings: Vec<usize>,
    /// Words of titles, or of the name of a body.
    pub(super) titles: Vec<Range<usize>>,
    /// Words of the statements' contents, and whether the statement is confrontational.
    pub(super) contents: Vec<(Range<usize>, bool)>,
    /// Sides of others who hold the same office.
    pub(super) rivals: Vec<String>,
    /// The side of the person whose counterpart the speaker is, or empty.
    pub(super) opposite: String,
    /// Whether the speaker is posted abroad, so that the place where he speaks is not his own.
    pub(super) abroad: bool,
}

/// How many sides are weighed, and how many namings, titles and contents of a speaker are looked at.
const CANDIDATES: usize = 8;
pub(super) const LOOKED_AT: usize = 6;
/// How far a naming's surroundings reach, in words.
const REACH: usize = 60;

/// What can speak for a side.
#[derive(Debug, Clone, Copy)]
enum Sign {
    /// Its share of all places of the document.
    Share,
    /// It is the first place of the document.
    First,
    /// "In |Quito, the minister said".
    Seat,
    /// The same for someone posted abroad.
    Host,
    /// Named before the speaker in the same sentence, not as an object.
    Sentence,
    /// Named as an object around the speaker: "flew to |Quito", "accused |Peru".
    Object,
    /// Named last in the sentence before.
    Before,
    /// The nearest place before, sentence for sentence less.
    Near,
    /// Named behind the speaker in the same sentence.
    Behind,
    /// The document joins it with the portfolio ("Peru's foreign minister", "the foreign ministry").
    Portfolio,
    /// The document joins it with the office.
    Office,
    /// A statement opens with it: "|Peru will answer, the minister said".
    Opens,
    /// A statement names it elsewhere.
    Named,
    /// A confrontational statement names it.
    Attacked,
    /// Somebody else holds the same office for it.
    Rival,
    /// It is the side of a person whose counterpart the speaker is.
    Counterpart,
}

/// How many signs there are.
pub(super) const SIGNS: usize = 16;
/// The sides with what stands around the speaker for each; the heaviest parties first.
pub(super) fn signs(
    words: &[Word],
    parties: &Parties,
    homes: &Homes,
    quoted: &dyn Fn(usize) -> bool,
    inquiry: &Inquiry,
) -> Vec<(String, [f32; SIGNS])> {
    let ranked = &parties.ranked()[..parties.ranked().len().min(CANDIDATES)];
    let total: usize = ranked.iter().map(|party| party.1).sum();
    let mut rows: Vec<(String, [f32; SIGNS])> =
        ranked.iter().map(|(side, _)| (side.clone(), [0.0; SIGNS])).collect();
    let mut add = |side: &str, sign: Sign, value: f32| {
        if let Some(row) = rows.iter_mut().find(|row| row.0 == side) {
            row.1[sign as usize] = (row.1[sign as usize] + value).min(2.0);
        }
    };
    for (side, count) in ranked {
        add(side, Sign::Share, *count as f32 / total.max(1) as f32);
    }
    for side in &inquiry.rivals {
        add(side, Sign::Rival, 1.0);
    }
    add(&inquiry.opposite, Sign::Counterpart, 1.0);
    if let Some((_, found)) = parties.first() {
        add(&found.place.side, Sign::First, 1.0);
    }
    for &at in inquiry.namings.iter().filter(|&&at| at < words.len()).take(LOOKED_AT) {
        let sentence = words[at].sentence;
        let opens = words[..at].partition_point(|word| word.sentence < sentence);
        let ends = at + words[at..].iter().take(REACH).take_while(|word| word.sentence == sentence).count();
        let stands = |(start, _): &&(usize, _)| !is_object(words, *start) && !quoted(*start);
        let here = parties.within(opens.max(at.saturating_sub(REACH))..at);
        let seat = here.first().filter(|(start, _)| {
            *start == opens + 1 && matches!(words[opens].folded.as_str(), "in" | "from" | "at")
        });
        if let Some((_, found)) = seat {
            add(&found.place.side, if inquiry.abroad { Sign::Host } else { Sign::Seat }, 1.0);
        } else if let Some((_, found)) = here.iter().rev().find(stands) {
            add(&found.place.side, Sign::Sentence, 1.0);
        }
        let around = parties.within(opens.max(at.saturating_sub(REACH))..ends);
        for (_, found) in around.iter().filter(|(start, _)| is_object(words, *start) && !quoted(*start)) {
            add(&found.place.side, Sign::Object, 1.0);
        }
        let before = words[..opens].partition_point(|word| word.sentence + 1 < sentence);
        let previous = parties.within(before.max(opens.saturating_sub(REACH))..opens);
        if let Some((_, found)) = previous.iter().rev().find(stands) {
            add(&found.place.side, Sign::Before, 1.0);
        }
        let near = parties.within(at.saturating_sub(3 * REACH)..at);
        if let Some((start, found)) = near.iter().rev().find(stands) {
            add(&found.place.side, Sign::Near, 1.0 / (1 + sentence - words[*start].sentence) as f32);
        }
        for (_, found) in parties.within(at..ends).iter().filter(stands) {
            add(&found.place.side, if inquiry.abroad { Sign::Host } else { Sign::Behind }, 1.0);
        }
    }
    for title in inquiry.titles.iter().take(LOOKED_AT) {
        for (side, share, portfolio) in homes.shares(&words[title.clone()]) {
            add(side, if portfolio { Sign::Portfolio } else { Sign::Office }, share);
        }
    }
    let looked_at = inquiry.contents.len().clamp(1, LOOKED_AT) as f32;
    for (content, attacks) in inquiry.contents.iter().take(LOOKED_AT) {
        let mut named: Vec<&str> = Vec::new();
        for (start, found) in parties.within(content.clone()) {
            let side = found.place.side.as_str();
            if named.contains(&side) {
                continue;
            }
            let subject = *start <= content.start + 1 && !words[start + found.len - 1].possessive;
            let sign = match (attacks, subject) {
                (true, _) => Sign::Attacked,
                (false, true) => Sign::Opens,
                (false, false) => Sign::Named,
            };
            add(side, sign, 1.0 / looked_at);
            named.push(side);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentences;
    use crate::speakers::words;

    /// The sides that have a sign, for a speaker named by this word, without titles and statements.
    fn sides(text: &str, name: &str, sign: Sign) -> Vec<String> {
        let words = words::split(text, &sentences::split(text));
        let at = words.iter().position(|word| word.folded == name).unwrap_or(0);
        let inquiry = Inquiry { namings: vec![at], ..Inquiry::default() };
        let (parties, homes) = (Parties::gather(&words, &|_| false), Homes::gather(&words));
        let rows = signs(&words, &parties, &homes, &|_| false, &inquiry);
        rows.into_iter().filter(|row| 0.0 < row.1[sign as usize]).map(|row| row.0).collect()
    }

    #[test]
    fn the_seat_at_the_head_of_the_sentence() {
        let text = "Chile and Peru talked. Chile left. In Lima, a spokesman, Ruiz, said no.";
        assert_eq!(sides(text, "ruiz", Sign::Seat), ["Peru"]);
        assert_eq!(sides(text, "ruiz", Sign::Before), ["Chile"]);
    }

    #[test]
    fn no_place_no_side() {
        assert!(sides("A spokesman, Ruiz, said no.", "ruiz", Sign::Share).is_empty());
        assert!(sides("", "ruiz", Sign::Share).is_empty());
    }
}
