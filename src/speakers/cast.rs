//! The cast of a document: the persons it names, with all forms, titles and places of each.

use std::collections::HashMap;
use std::ops::Range;

use crate::Span;
use crate::reader::Reading;

use super::countries;
use super::figure::{Figure, LOOK_BACK, address, heads, pronoun_gender};
use super::furniture;
use super::gender;
use super::hearing::hear;
use super::homes::Homes;
use super::institutions;
use super::known_parties;
use super::lexicon::{self, Gender};
use super::names::{Fit, Name};
use super::scan::{self, Naming};
use super::short_forms;
use super::side;
use super::words::{Gap, Word, hull};

/// One naming of a figure.
#[derive(Debug, Clone)]
pub(crate) struct Sighting {
    /// Index of the figure.
    pub(crate) figure: usize,
    /// Indices of the name's words.
    pub(crate) name: Range<usize>,
    /// Number of the sentence.
    pub(crate) sentence: usize,
    /// Whether no other naming opens earlier in the sentence.
    pub(crate) leads: bool,
    /// Whether it stands inside some statement's content.
    pub(crate) quoted: bool,
}

/// Words by which a naming in passing counts as further off.
const PASSING: i64 = 80;
/// Namings that are asked whether they name a relative.
const FEW: usize = 4;

/// The persons of a document, found by name and by title.
#[derive(Debug, Default)]
pub(crate) struct Cast {
    /// The persons.
    pub(crate) figures: Vec<Figure>,
    /// Their namings in the order of the text.
    pub(crate) sightings: Vec<Sighting>,
    /// Namings that became no figure: bodies and lone capitals.
    pub(crate) others: Vec<Naming>,
    /// Words that name a party known by name, with that name: "Republicans".
    pub(crate) parties: Vec<(usize, &'static str)>,
    /// The full names of bodies by their short forms, folded: "rcu".
    pub(crate) short_forms: HashMap<String, Range<usize>>,
    /// Which country the document joins with which office.
    pub(crate) homes: Homes,
    by_part: HashMap<String, Vec<usize>>,
    by_head: HashMap<String, Vec<(usize, usize)>>,
}

impl Cast {
    /// The cast of a text; `contents` are the statements' contents in order, `asked` the words of the
    /// statements' mentions.
    pub(crate) fn gather(
        text: &str,
        words: &[Word],
        contents: &[Span],
        asked: &[Range<usize>],
        reading: &Reading,
    ) -> Self {
        let party = |at: usize| Some((at, known_parties::party_at(words, at)?));
        let parties = (0..words.len()).filter_map(party).collect();
        let mut cast = Self { homes: Homes::gather(words), parties, ..Self::default() };
        let headlines = furniture::headlines(text, words);
        let bylines = furniture::bylines(words);
        let mut namings = scan::namings(text, words);
        for naming in &mut namings {
            let headline = headlines.get(words[naming.name.start].sentence).copied().unwrap_or(false);
            hear(naming, text, words, asked, reading, headline);
            let asked = asked[asked.partition_point(|range| range.end <= naming.name.start)..]
                .first()
                .is_some_and(|range| range.start < naming.name.end);
            if bylines.get(words[naming.name.start].sentence).copied().unwrap_or(false) && !asked {
                naming.body = true;
            }
        }
        namings.sort_by_key(|naming| (naming.name.start, naming.name.end));
        namings.dedup_by(|later, first| later.name == first.name);
        institutions::join(&mut namings, text, words, reading);
        short_forms::call_firms(&mut namings, words);
        let headline = |at: usize| headlines.get(words[at].sentence).copied().unwrap_or(false);
        cast.short_forms = short_forms::gather(text, words, &namings, headline);
        let mut order: Vec<Option<usize>> = vec![None; namings.len()];
        for (naming, slot) in namings.iter().zip(&mut order) {
            let headline = headlines.get(words[naming.name.start].sentence).copied().unwrap_or(false);
            let inquired = asked[asked.partition_point(|range| range.end <= naming.name.start)..]
                .first()
                .is_some_and(|range| range.start < naming.name.end);
            let headline = (headline || naming.located) && !inquired && !naming.certain;
            let name = Name::parse(&words[naming.name.clone()]);
            if !naming.body && 1 < name.weight() {
                *slot = cast.enrol(words, naming, name, headline);
            }
        }
        let addressed = addressed(words, &namings);
        // Surnames come second: the full name may follow its short form.
        for (naming, slot) in namings.iter().zip(&mut order) {
            if slot.is_some() || naming.body {
                continue;
            }
            let name = Name::parse(&words[naming.name.clone()]);
            let headline = headlines.get(words[naming.name.start].sentence).copied().unwrap_or(false);
            let known = cast.known(words, naming, &name, &addressed);
            *slot = match known {
                Some(figure) => {
                    cast.figures[figure].add(words, naming, name);
                    Some(figure)
                }
                None if naming.strong && !headline => cast.enrol(words, naming, name, false),
                None => None,
            };
        }
        for (naming, slot) in namings.into_iter().zip(order) {
            match slot {
                Some(figure) => cast.see(words, naming, figure, contents),
                None => cast.others.push(naming),
            }
        }
        for figure in &mut cast.figures {
            figure.seen.sort_unstable();
            figure.titles.sort_by_key(|title| title.words.start);
        }
        cast.vote_by_pronouns(words);
        for at in 0..cast.figures.len() {
            let name = cast.figures[at].fullest(words).map(|name| hull(words, name).of(text));
            cast.figures[at].spelt = name.and_then(gender::told);
            let figure = &cast.figures[at];
            let stated = side::of_titles(words, &figure.titles, &figure.seen);
            let guess = || side::of_office(words, &figure.titles, &cast.homes).unwrap_or_default();
            cast.figures[at].side = if stated.is_empty() { guess() } else { stated.clone() };
            cast.figures[at].stated = stated;
        }
        cast
    }

    /// The party that a name of one or two words names: "Republicans", "Labour Party".
    pub(super) fn party_in(&self, name: &Range<usize>) -> Option<&'static str> {
        let at = self.parties.partition_point(|party| party.0 < name.start);
        let &(at, party) = self.parties.get(at)?;
        (at == name.start && name.len() <= 2).then_some(party)
    }

    /// The words of a stretch that name a party.
    pub(super) fn parties_within(&self, range: &Range<usize>) -> &[(usize, &'static str)] {
        let from = self.parties.partition_point(|party| party.0 < range.start);
        let to = self.parties.partition_point(|party| party.0 < range.end);
        &self.parties[from..to.max(from)]
    }

    /// The bodies that the document names most, with the number of namings.
    pub(super) fn bodies(&self, text: &str, words: &[Word]) -> Vec<(String, usize)> {
        const KEPT: usize = 6;
        let mut tally: HashMap<String, (usize, usize)> = HashMap::new();
        for naming in self.others.iter().filter(|naming| naming.body) {
            if self.party_in(&naming.name).is_some() {
                continue;
            }
            let short = short_forms::joined(&words[naming.name.clone()]);
            let full = self.short_forms.get(&short).unwrap_or(&naming.name);
            let name = hull(words, full.clone()).of(text);
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            if !name.is_empty() && !countries::is_city(&name) {
                tally.entry(name).or_insert((0, naming.name.start)).0 += 1;
            }
        }
        for &(at, party) in &self.parties {
            tally.entry(party.to_owned()).or_insert((0, at)).0 += 1;
        }
        let mut ranked: Vec<_> = tally.into_iter().collect();
        // "Ruiz campaign" before "Ruiz" where both open with the same word.
        ranked.sort_by(|(a, (many, first)), (b, (few, second))| {
            few.cmp(many).then(first.cmp(second)).then(b.len().cmp(&a.len())).then(a.cmp(b))
        });
        ranked.into_iter().take(KEPT).map(|(name, (count, _))| (name, count)).collect()
    }

    /// The figure of a full name: one it fits, or a new one.
    fn enrol(&mut self, words: &[Word], naming: &Naming, name: Name, headline: bool) -> Option<usize> {
        if headline && 2 < name.weight() {
            return None;
        }
        let mut parts = name.parts().to_vec();
        parts.dedup();
        let near =
            |part: &String| self.by_part.get(part).map(|list| &list[list.len().saturating_sub(LOOK_BACK)..]);
        let fits = [parts.last(), parts.first()].into_iter().flatten().filter_map(near).flatten();
        // A lone surname comes here when it fits nobody.
        let known =
            fits.copied().filter(|_| 1 < name.weight()).rfind(|&at| match self.figures[at].best_fit(&name) {
                Some(Fit::Whole) => true,
                // "da Cruz Lind" behind "Ana da Cruz Lind"
                Some(Fit::Last) => lexicon::is_particle(&name.parts()[0]),
                _ => false,
            });
        if known.is_none()
            && (headline || words[naming.name.clone()].iter().any(|word| word.folded.is_empty()))
        {
            return None;
        }
        let figure = known.unwrap_or(self.figures.len());
        if known.is_none() {
            self.figures.push(Figure::default());
        }
        for part in parts.iter().filter(|part| !lexicon::is_particle(part)) {
            let list = self.by_part.entry(part.clone()).or_default();
            if list.last() != Some(&figure) {
                list.push(figure);
            }
            if let Some(bare) = part.strip_prefix("al-").or_else(|| part.strip_prefix("el-")) {
                self.by_part.entry(bare.to_owned()).or_default().push(figure);
            }
        }
        let given =
            [parts.first(), parts.get(1)].map(|part| part.and_then(|part| lexicon::given_name_gender(part)));
        if known.is_none() && 1 < name.weight() {
            self.figures[figure].vote(given[0], 2);
            if given[0].is_none() && parts.len() == 2 {
                self.figures[figure].vote(given[1], 1);
            }
        }
        self.figures[figure].add(words, naming, name);
        Some(figure)
    }

    /// The figure that a short form stands for: by place in the name, title, and nearness before it.
    fn known(
        &self,
        words: &[Word],
        naming: &Naming,
        name: &Name,
        addressed: &HashMap<String, Gender>,
    ) -> Option<usize> {
        let part = name.parts().last()?;
        let bare = part.strip_prefix("al-").or_else(|| part.strip_prefix("el-")).unwrap_or(part);
        let list = self.by_part.get(part).or_else(|| self.by_part.get(bare))?;
        let heads: Vec<String> = naming.titles.iter().flat_map(|title| heads(words, title.clone())).collect();
        let addressed = || addressed.get(part).copied().filter(|_| naming.strong);
        let gender = address(words, naming.name.start).or_else(addressed);
        let at = naming.name.start;
        list[list.len().saturating_sub(LOOK_BACK)..]
            .iter()
            .filter_map(|&figure| {
                let it = &self.figures[figure];
                let fit = it.best_fit(name)?;
                if naming.strong && fit == Fit::Middle && naming.titles.is_empty() && it.evidence == 0 {
                    return None;
                }
                let titled = !heads.is_empty()
                    && it.titles.iter().any(|title| title.heads.iter().any(|head| heads.contains(head)));
                let clash = gender.is_some() && it.gender().is_some() && it.gender() != gender;
                // "Mr. Lind" is not his wife Ana Lind, even if no other Lind is named in full. A given name alone
                // is too little: many are a woman's here and a man's there.
                let relative = || it.seen.iter().take(FEW).any(|&seen| is_relative(words, seen));
                if clash && naming.strong && name.weight() == 1 && relative() {
                    return None;
                }
                // The last naming before counts; of those that come only later, the first.
                // Who was named in passing ("with his wife Ana Lind") counts as further off.
                let before = it.seen[..it.seen.partition_point(|&seen| seen < at)].last().copied();
                let nearness = before.map_or(
                    i64::MIN + it.seen.first().map_or(0, |&seen| (words.len() - seen) as i64),
                    |seen| seen as i64 - if in_passing(words, seen) { PASSING } else { 0 },
                );
                Some((
                    (!clash, titled, fit == Fit::Last || fit == Fit::Whole || it.evidence > 0, nearness),
                    figure,
                ))
            })
            .max_by_key(|(rank, _)| *rank)
            .map(|(_, figure)| figure)
    }

    fn see(&mut self, words: &[Word], naming: Naming, figure: usize, contents: &[Span]) {
        let start = words[naming.name.start].span;
        let sentence = words[naming.name.start].sentence;
        let leads = self.sightings.last().is_none_or(|last| last.sentence != sentence);
        let quoted = contents.partition_point(|content| content.end <= start.start);
        let quoted = contents.get(quoted).is_some_and(|content| content.covers(start.start));
        let gender = address(words, naming.name.start);
        self.figures[figure].vote(gender, 6);
        for title in &naming.titles {
            let heads = heads(words, title.clone());
            for head in &heads {
                self.by_head.entry(head.clone()).or_default().push((naming.name.start, figure));
                self.figures[figure].vote(lexicon::title_gender(head), 6);
            }
        }
        self.sightings.push(Sighting { figure, name: naming.name, sentence, leads, quoted });
    }

    /// A sentence with one person and "he" or "she" after the name tells the person's gender, and so does
    /// the pronoun that opens the next sentence.
    fn vote_by_pronouns(&mut self, words: &[Word]) {
        for at in 0..self.sightings.len() {
            let here = &self.sightings[at];
            let alone =
                here.leads && self.sightings.get(at + 1).is_none_or(|next| next.sentence != here.sentence);
            if !alone || here.quoted {
                continue;
            }
            let mut gender = None;
            for word in words[here.name.end..].iter().take(60) {
                let weight = match word.sentence - here.sentence {
                    0 => 2,
                    1 if word.gap == Gap::Stop && word.capital => 1,
                    _ => break,
                };
                gender = pronoun_gender(&word.folded).map(|gender| (gender, weight));
                if gender.is_some() || weight == 1 {
                    break;
                }
            }
            if let Some((gender, weight)) = gender {
                let figure = here.figure;
                self.figures[figure].vote(Some(gender), weight);
            }
        }
    }

    /// The figure with this surname at the end of a full name and evidence beside capitals.
    pub(crate) fn surnamed(&self, part: &str) -> Option<usize> {
        let list = self.by_part.get(part)?;
        list.iter().take(LOOK_BACK).copied().find(|&figure| {
            let figure = &self.figures[figure];
            let last = |form: &(Range<usize>, Name, usize)| {
                1 < form.1.weight() && form.1.parts().last().is_some_and(|own| own == part)
            };
            0 < figure.evidence && figure.forms.iter().any(last)
        })
    }

    /// Index of the first sighting that opens at or after word `at`.
    pub(crate) fn sighted_from(&self, at: usize) -> usize {
        self.sightings.partition_point(|sighting| sighting.name.start < at)
    }

    /// The figures that bear a title with this head near word `at`, nearest first.
    pub(crate) fn titled(&self, head: &str, at: usize) -> Vec<usize> {
        let Some(list) = self.by_head.get(head) else { return Vec::new() };
        let cut = list.partition_point(|&(seen, _)| seen < at);
        let before = list[cut.saturating_sub(LOOK_BACK)..cut].iter().rev();
        let mut figures: Vec<usize> = Vec::new();
        for &(_, figure) in before.chain(list[cut..].iter().take(LOOK_BACK / 4)) {
            if !figures.contains(&figure) {
                figures.push(figure);
            }
        }
        figures
    }
}

/// The gender of the address that goes with a lone surname all through the text: "Mr. Lind", never "Ms. Lind".
fn addressed(words: &[Word], namings: &[Naming]) -> HashMap<String, Gender> {
    let mut genders: HashMap<String, Option<Gender>> = HashMap::new();
    for naming in namings.iter().filter(|naming| naming.name.len() == 1) {
        if let Some(gender) = address(words, naming.name.start) {
            let known = genders.entry(words[naming.name.start].folded.clone()).or_insert(Some(gender));
            *known = known.filter(|known| *known == gender);
        }
    }
    genders.into_iter().filter_map(|(part, gender)| Some((part, gender?))).collect()
}

/// Whether a name at this word is the object of a preposition, or somebody's relative: "for |Lind", "his wife
/// |Ana Lind".
fn in_passing(words: &[Word], at: usize) -> bool {
    let before =
        at.checked_sub(1).filter(|_| words[at].gap == Gap::Space).map(|at| words[at].folded.as_str());
    matches!(before, Some("for" | "with" | "by" | "against" | "about" | "than" | "like"))
        || is_relative(words, at)
}

/// Whether a name at this word is that of somebody's relative: "his wife |Ana Lind", "her brother, |Bo Lind".
fn is_relative(words: &[Word], at: usize) -> bool {
    let Some([owner, kin]) = at.checked_sub(2).and_then(|from| words.get(from..at)) else { return false };
    let kin = matches!(
        kin.folded.as_str(),
        "wife"
            | "husband"
            | "mother"
            | "father"
            | "sister"
            | "brother"
            | "daughter"
            | "son"
            | "widow"
            | "cousin"
    );
    kin && words[at].gap != Gap::Stop && (matches!(owner.folded.as_str(), "his" | "her") || owner.possessive)
}
