//! The cast of a document: the persons it names, with all forms, titles and places of each.

use std::collections::HashMap;
use std::ops::Range;

use crate::Span;
use crate::reader::{MentionKind, Reading};

use super::appositions;
use super::countries;
use super::furniture;
use super::homes::Homes;
use super::lexicon::{self, Gender};
use super::names::{Fit, Name};
use super::scan::{self, Naming};
use super::side;
use super::words::{self, Gap, Word};

/// What the text calls a person at one place.
#[derive(Debug, Clone)]
pub(crate) struct Title {
    /// Indices of its words.
    pub(crate) words: Range<usize>,
    /// Its role nouns, folded, singular.
    pub(crate) heads: Vec<String>,
}

/// A person of the document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figure {
    /// Forms of the name: indices of the words, parts, how often.
    forms: Vec<(Range<usize>, Name, usize)>,
    /// Titles and appositions in the order of the text.
    pub(crate) titles: Vec<Title>,
    /// Indices of the words that open its namings, ascending.
    pub(crate) seen: Vec<usize>,
    /// Ages the text gives.
    pub(crate) ages: Vec<usize>,
    /// Namings with evidence beside capitals.
    pub(crate) evidence: usize,
    /// Votes for female and male.
    votes: [usize; 2],
    /// Country or body spoken for as the titles give it, or empty.
    pub(crate) stated: String,
    /// The same, or a guess for an office without a country.
    pub(crate) side: String,
}

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

/// The persons of a document, found by name and by title.
#[derive(Debug, Default)]
pub(crate) struct Cast {
    /// The persons.
    pub(crate) figures: Vec<Figure>,
    /// Their namings in the order of the text.
    pub(crate) sightings: Vec<Sighting>,
    /// Namings that became no figure: bodies and lone capitals.
    pub(crate) others: Vec<Naming>,
    /// Which country the document joins with which office.
    pub(crate) homes: Homes,
    by_part: HashMap<String, Vec<usize>>,
    by_head: HashMap<String, Vec<(usize, usize)>>,
}

/// How many figures of one name part, and namings of one title, are looked at.
const LOOK_BACK: usize = 48;
/// How many forms of one name are kept.
const FORMS: usize = 12;

impl Figure {
    /// The fullest form of the name: most parts, not in capitals throughout, then the most frequent.
    ///
    /// A longer form that only adds words at an end counts only if it is not much rarer: "Condemn Ana Ruiz",
    /// once, does not beat "Ana Ruiz".
    pub(crate) fn fullest(&self, words: &[Word]) -> Option<Range<usize>> {
        let rank = |form: &&(Range<usize>, Name, usize)| {
            let shouted = form.0.clone().all(|at| words[at].shouting);
            let doubtful = self
                .forms
                .iter()
                .take(LOOK_BACK)
                .any(|other| 1 < other.1.weight() && form.1.extends(&other.1) && form.2 * 2 <= other.2);
            (
                form.1.weight().min(2),
                !shouted,
                !doubtful,
                form.1.parts().len(),
                form.2,
                std::cmp::Reverse(form.0.start),
            )
        };
        self.forms.iter().max_by_key(rank).map(|form| form.0.clone())
    }

    /// Female or male, if the text says so or the given name is known.
    pub(crate) fn gender(&self) -> Option<Gender> {
        let [female, male] = self.votes;
        if female == male {
            return None;
        }
        Some(if male < female { Gender::Female } else { Gender::Male })
    }

    fn vote(&mut self, gender: Option<Gender>, weight: usize) {
        match gender {
            Some(Gender::Female) => self.votes[0] += weight,
            Some(Gender::Male) => self.votes[1] += weight,
            None => {}
        }
    }

    fn best_fit(&self, name: &Name) -> Option<Fit> {
        self.forms.iter().take(FORMS).filter_map(|form| name.fit(&form.1)).max()
    }

    fn add(&mut self, words: &[Word], naming: &Naming, name: Name) {
        for title in &naming.titles {
            if self.titles.len() < LOOK_BACK {
                self.titles.push(Title { words: title.clone(), heads: heads(words, title.clone()) });
            }
        }
        self.seen.push(naming.name.start);
        self.ages.extend(naming.age);
        self.evidence += usize::from(naming.strong);
        let known = self.forms.iter().position(|form| form.1 == name && form.0.len() == naming.name.len());
        match known {
            Some(at) => self.forms[at].2 += 1,
            None if self.forms.len() < FORMS => self.forms.push((naming.name.clone(), name, 1)),
            None => {}
        }
    }
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
        let mut cast = Self { homes: Homes::gather(words), ..Self::default() };
        let headlines = furniture::headlines(text, words);
        let bylines = furniture::bylines(words);
        let mut namings = scan::namings(words);
        for naming in &mut namings {
            let headline = headlines.get(words[naming.name.start].sentence).copied().unwrap_or(false);
            hear(naming, words, asked, reading, headline);
            let asked = asked[asked.partition_point(|range| range.end <= naming.name.start)..]
                .first()
                .is_some_and(|range| range.start < naming.name.end);
            if bylines.get(words[naming.name.start].sentence).copied().unwrap_or(false) && !asked {
                naming.body = true;
            }
        }
        namings.sort_by_key(|naming| (naming.name.start, naming.name.end));
        namings.dedup_by(|later, first| later.name == first.name);
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
        // Surnames come second: the full name may follow its short form.
        for (naming, slot) in namings.iter().zip(&mut order) {
            if slot.is_some() || naming.body {
                continue;
            }
            let name = Name::parse(&words[naming.name.clone()]);
            let headline = headlines.get(words[naming.name.start].sentence).copied().unwrap_or(false);
            let known = cast.known(words, naming, &name);
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
            let figure = &cast.figures[at];
            let stated = side::of_titles(words, &figure.titles, &figure.seen);
            let guess = || side::of_office(words, &figure.titles, &cast.homes).unwrap_or_default();
            cast.figures[at].side = if stated.is_empty() { guess() } else { stated.clone() };
            cast.figures[at].stated = stated;
        }
        cast
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
        let known = fits.copied().rfind(|&at| {
            self.figures[at].best_fit(&name) == Some(Fit::Whole)
                || (name.weight() == 1 && self.figures[at].best_fit(&name).is_some())
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
    fn known(&self, words: &[Word], naming: &Naming, name: &Name) -> Option<usize> {
        let part = name.parts().last()?;
        let bare = part.strip_prefix("al-").or_else(|| part.strip_prefix("el-")).unwrap_or(part);
        let list = self.by_part.get(part).or_else(|| self.by_part.get(bare))?;
        let heads: Vec<String> = naming.titles.iter().flat_map(|title| heads(words, title.clone())).collect();
        let gender = address(words, naming.name.start);
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
                // The last naming before counts; of those that come only later, the first.
                let before = it.seen[..it.seen.partition_point(|&seen| seen < at)].last().copied();
                let nearness = before.map_or(
                    i64::MIN + it.seen.first().map_or(0, |&seen| (words.len() - seen) as i64),
                    |seen| seen as i64,
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

/// The role nouns of a title, folded and singular.
pub(crate) fn heads(words: &[Word], title: Range<usize>) -> Vec<String> {
    // "an engineer in charge of …, no relation to the general": the head stands before the first complement.
    let mut roles: Vec<String> = Vec::new();
    for word in &words[title] {
        let links = matches!(word.folded.as_str(), "of" | "to" | "for" | "in" | "who" | "at" | "from" | "on");
        if links && !roles.is_empty() {
            break;
        }
        // "the general's lawyer" is no general.
        let rank = lexicon::rank(&word.folded).filter(|_| word.capital);
        if let Some(role) = rank.or_else(|| lexicon::compound(&word.folded)) {
            roles.push(role.to_owned());
        } else if lexicon::is_role(&word.folded) && !word.possessive {
            roles.push(word.folded.clone());
        }
    }
    roles
}

/// What the form of address right before a name tells.
fn address(words: &[Word], name: usize) -> Option<Gender> {
    let before = name.checked_sub(1).map(|at| &words[at])?;
    (words[name].gap == Gap::Space).then(|| lexicon::title_gender(&before.folded)).flatten()
}

/// "he", "his" → male; "she", "her" → female.
pub(crate) fn pronoun_gender(folded: &str) -> Option<Gender> {
    match folded {
        "he" | "his" | "him" | "himself" => Some(Gender::Male),
        "she" | "her" | "hers" | "herself" => Some(Gender::Female),
        _ => None,
    }
}

/// What the net and the statements' mentions say of a naming: a person, a body, or nothing.
fn hear(naming: &mut Naming, words: &[Word], asked: &[Range<usize>], reading: &Reading, headline: bool) {
    let inquired = asked[asked.partition_point(|range| range.end <= naming.name.start)..]
        .first()
        .is_some_and(|range| range.start < naming.name.end);
    let span = words::hull(words, naming.name.clone());
    let at = reading.mentions.partition_point(|mention| mention.span.end <= span.start);
    for mention in reading.mentions[at..].iter().take_while(|mention| mention.span.start < span.end) {
        let most = mention.span.start == span.start || span.len() < mention.span.shared(span) * 2;
        match mention.kind {
            // One word that nothing beside the net calls a person is more often a place or a thing.
            MentionKind::Person if naming.name.len() == 1 && !naming.strong && !inquired => {}
            MentionKind::Person if most && !is_no_person(words, naming) => {
                naming.strong = true;
                naming.body = false;
                naming.certain = true;
                let scanned = naming.name.clone();
                naming.name = heard(words, &scanned, words::within(words, mention.span));
                // "Ana" of "Ana Ruiz": a lone first name is a name cut short, but for headlines.
                if naming.name.len() == 1 && naming.name.start == scanned.start && !headline && scanned.len() <= 3 {
                    naming.name.end = scanned.end;
                }
            }
            MentionKind::Organisation | MentionKind::Place | MentionKind::Group
                if mention.span.contains(span) =>
            {
                naming.strong = false;
                naming.body = true;
            }
            _ => {}
        }
    }
    // A mention that is nothing but two or three capitalised words is a person more often than not.
    let cut = asked.partition_point(|range| range.end <= naming.name.start);
    let whole = asked.get(cut).is_some_and(|range| *range == naming.name);
    if whole && !naming.body && (2..=3).contains(&naming.name.len()) {
        naming.strong = true;
    }
}

/// Whether a row that the net calls a person is none for sure: a short form ("IST", "CGTN"), a row headed by
/// a body ("Reed Cutters' Union"), a paper ("the Ilbo, a daily"). A given name before it is a person's.
fn is_no_person(words: &[Word], naming: &Naming) -> bool {
    let name = &naming.name;
    let row = &words[name.clone()];
    // "in Bahir Dar"
    if naming.located && naming.titles.is_empty() {
        return true;
    }
    if is_thing(words, name.start) && !naming.strong {
        return true;
    }
    let [first, .., last] = row else {
        return row.iter().any(|word| word.shouting && word.span.len() <= 5)
            || appositions::body_behind(words, name.end);
    };
    lexicon::given_name_gender(&first.folded).is_none()
        && (lexicon::is_body(&last.folded) || appositions::body_behind(words, name.end))
}

/// Whether the noun before a row of capitals says that it is a thing: "the trawler |Alba Lind|", "an Australian
/// firm, |Lind Horizons|"; not "the widow |Ana Ruiz|".
fn is_thing(words: &[Word], name: usize) -> bool {
    let Some(noun) = name.checked_sub(1).filter(|_| words[name].gap != Gap::Stop) else { return false };
    let plain = |at: usize| !words[at].capital && !words[at].is_function();
    let person = lexicon::is_role(&words[noun].folded) || lexicon::is_honorific(&words[noun].folded);
    let mut article = noun;
    while 0 < article && noun - article < 3 && words[article].gap == Gap::Space {
        article -= 1;
        if matches!(words[article].folded.as_str(), "the" | "a" | "an" | "its" | "their") {
            return plain(noun) && !person && !words[noun].folded.ends_with("ed");
        }
    }
    false
}

/// The name where the net's mention and the capitals differ. The net knows where a name ends ("Ana Ruiz
/// |Slams Quito") and what belongs in front ("Ould |Cheikh Ahmed"), but it takes titles along ("Ms. |Ruiz")
/// and cuts first names off ("Ana |Ben Ruiz").
fn heard(words: &[Word], scanned: &Range<usize>, mention: Range<usize>) -> Range<usize> {
    const LONGEST: usize = 6;
    if mention.is_empty() || LONGEST < mention.len() || words.len() < mention.end {
        return scanned.clone();
    }
    let titles = |word: &Word| {
        lexicon::is_honorific(&word.folded)
            || lexicon::is_role(&word.folded)
            || lexicon::singular_role(&word.folded).is_some()
            || lexicon::is_modifier(&word.folded)
            || word.is_function()
    };
    // "Don Fowler": a short given name is no contraction.
    let titles = |word: &Word| titles(word) && (word.folded != "don" && word.folded != "will");
    let mut start = mention.start;
    while start + 1 < mention.end && titles(&words[start]) {
        start += 1;
    }
    // What the mention leaves out in front is part of the name unless it is a title, a place or a body.
    let cut = scanned.start..start.max(scanned.start);
    let foreign =
        |at: usize| titles(&words[at]) || lexicon::is_body(&words[at].folded) || words[at].possessive;
    let first_name = cut.len() <= 2
        && !cut.clone().any(foreign)
        && countries::all(words, cut.clone()).is_empty()
        && (cut.clone().all(|at| words[at].span.len() <= 3)
            || lexicon::given_name_gender(&words[cut.start.min(words.len() - 1)].folded).is_some()
            || (cut.len() == 1 && words[cut.start].gap == Gap::Space && 2 <= mention.end - start)
            || words[start].folded.contains('-')
            || lexicon::is_particle(&words[start].folded));
    if !cut.is_empty() && first_name {
        start = cut.start;
    }
    start..mention.end
}
