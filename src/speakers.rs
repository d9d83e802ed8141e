//! Speakers: from the words that stand for a speaker to a name, a role and a side.

mod anaphora;
mod cast;
mod countries;
mod lexicon;
mod names;
mod phrase;
mod scan;
mod side;
mod target;
mod words;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

use crate::Span;
use crate::quotes::Quote;
use crate::reader::Reading;
use crate::sentences::Sentence;

use anaphora::Spoken;
use cast::Cast;
use countries::{Found, Sense};
use phrase::{Class, Description, Phrase};
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

/// Resolves the speaker of each quote, in the quotes' order.
pub fn attribute(
    text: &str,
    paragraphs: &[Span],
    sentences: &[Sentence],
    quotes: &[Quote],
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
    let learnt = HashMap::new();
    let parties = target::Parties::gather(&words);
    let scene = Scene { text, paragraphs, words: &words, cast: &cast, contents: &contents, learnt, parties };
    let mut spoken: Vec<Spoken> = Vec::with_capacity(quotes.len());
    for (at, quote) in quotes.iter().enumerate() {
        let answer = match quote.mention {
            Some(mention) => scene.mentioned(words::within(&words, mention), &spoken),
            None => scene.unmentioned(quotes, at, &spoken),
        };
        spoken.push(scene.spoken(quote, answer));
    }
    echo_headlines(text, quotes, &mut spoken);
    // "Australia's foreign minister" tells the side of whoever it stands for.
    let mut learnt: HashMap<usize, String> = HashMap::new();
    for one in &spoken {
        if let Some(figure) = one.answer.figure.filter(|_| !one.answer.side.is_empty()) {
            learnt.entry(figure).or_insert_with(|| one.answer.side.clone());
        }
    }
    let scene = Scene { learnt, ..scene };
    quotes.iter().zip(spoken).map(|(quote, spoken)| scene.speaker(quote, spoken.answer)).collect()
}

/// What every rule looks at.
struct Scene<'a> {
    text: &'a str,
    paragraphs: &'a [Span],
    words: &'a [Word],
    cast: &'a Cast,
    contents: &'a [Span],
    /// Sides of figures that only a description tells.
    learnt: HashMap<usize, String>,
    /// Sides the document names.
    parties: target::Parties,
}

impl Scene<'_> {
    /// Who these words stand for.
    fn mentioned(&self, range: Range<usize>, spoken: &[Spoken]) -> Answer {
        let at = range.start;
        match phrase::parse(self.words, range, self.cast) {
            Phrase::Nothing => Answer::default(),
            Phrase::Person(figure) => Answer::figure(figure),
            Phrase::Place(range, found) => Answer::place(found, range.start),
            Phrase::Name(range) if range.len() == 1 && self.words[range.start].folded == "a" => {
                anaphora::interviewee(self.cast, spoken).unwrap_or_default()
            }
            Phrase::Name(range) => self.other_name(range),
            Phrase::Pronoun(at) => self.pronoun(at, spoken),
            Phrase::Description(description) => self.description(&description, at, spoken),
        }
    }

    fn pronoun(&self, at: usize, spoken: &[Spoken]) -> Answer {
        let quoted = |word: usize| self.quoted(word);
        let thing = || anaphora::thing(self.words, self.cast, spoken, at, &quoted);
        let person = || anaphora::person(self.words, self.cast, spoken, at);
        let found = match self.words[at].folded.as_str() {
            "it" | "its" | "itself" | "they" | "them" | "their" | "themselves" | "we" | "which" => {
                thing().or_else(person)
            }
            _ => person().or_else(thing),
        };
        found.unwrap_or_default()
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
        let bare = !description.definite
            && matches!(words[whole.start].folded.as_str(), "a" | "an" | "one" | "another" | "some");
        if bare {
            return self.plain(whole, SpeakerType::Unnamed, description);
        }
        let anonymous = lexicon::is_anonymous(&description.noun);
        if description.noun == "counterpart" {
            if let Some(answer) = anaphora::salient(words, self.cast, &[], description, at) {
                return answer;
            }
        }
        if let Some(answer) = anaphora::described(words, self.cast, spoken, description, at) {
            return answer;
        }
        if let Some(answer) = anaphora::again(spoken, description).filter(|_| description.core.len() <= 3) {
            return answer;
        }
        let sided = !side::represented(words, description.core.clone()).is_empty()
            && matches!(description.noun.as_str(), "delegate" | "negotiator");
        if anonymous && !sided {
            return self.plain(whole, SpeakerType::Unnamed, description);
        }
        anaphora::salient(words, self.cast, spoken, description, at)
            .unwrap_or_else(|| self.plain(whole, SpeakerType::Unnamed, description))
    }

    /// "Vietnam and China", "the two sides".
    fn coordinated(&self, description: &Description) -> bool {
        let core = &self.words[description.core.clone()];
        core.iter().any(|word| word.folded == "and" || word.folded == "both")
    }

    /// A body by its description: in full, or the last one of that kind ("the ministry").
    fn body(&self, description: &Description, at: usize, spoken: &[Spoken]) -> Answer {
        let words = self.words;
        let mut range = description.words.clone();
        let first = words[range.start].folded.as_str();
        if matches!(first, "his" | "her") && description.core.len() == 2 {
            if let Some(owner) =
                anaphora::person(words, self.cast, spoken, range.start).and_then(|answer| answer.figure)
            {
                let name = range.start + 1..range.end;
                return Answer { owner: Some(owner), noun: description.noun.clone(), ..Answer::body(name) };
            }
        }
        if description.noun == "website" {
            if let Some(owner) = description.core.clone().find(|&at| words[at].possessive) {
                return self.mentioned(range.start..owner + 1, spoken);
            }
        }
        if let Some(paper) = self.newspaper(description, at) {
            return Answer { noun: description.noun.clone(), confidence: 0.7, ..Answer::body(paper) };
        }
        let determiner = matches!(
            words[range.start].folded.as_str(),
            "the" | "a" | "an" | "his" | "her" | "its" | "their"
        );
        range.start += usize::from(determiner && 1 < range.len());
        let based = words[description.core.clone()].iter().any(|word| word.folded.ends_with("-based"));
        let bare =
            description.core.len() <= 2 + usize::from(based) && (determiner || description.core.len() == 1);
        if bare && description.core.len() == description.words.len() {
            let before = spoken.iter().rev().take(12).find(|one| {
                one.answer.kind == SpeakerType::Organisation && one.answer.noun == description.noun
            });
            if let Some(one) = before {
                return one.answer.clone();
            }
            if let Some(name) = self.fuller_body(&description.noun, at) {
                return Answer { noun: description.noun.clone(), confidence: 0.7, ..Answer::body(name) };
            }
            let before = spoken.iter().rev().take(4).find(|one| one.answer.kind == SpeakerType::Organisation);
            if let Some(one) = before.filter(|_| {
                matches!(
                    description.noun.as_str(),
                    "company" | "firm" | "group" | "agency" | "paper" | "newspaper" | "club" | "publication"
                )
            }) {
                return Answer { confidence: 0.5, ..one.answer.clone() };
            }
            let business = matches!(
                description.noun.as_str(),
                "company" | "firm" | "publisher" | "manufacturer" | "airline" | "gang" | "club"
            );
            let before = self.cast.others.partition_point(|naming| naming.name.start < at);
            let near = self.cast.others[..before]
                .iter()
                .rev()
                .take(12)
                .find(|naming| 1 < naming.name.len() && !self.quoted(naming.name.start));
            if let Some(naming) = near.filter(|_| business) {
                return Answer {
                    noun: description.noun.clone(),
                    confidence: 0.4,
                    ..Answer::body(naming.name.clone())
                };
            }
        }
        Answer { noun: description.noun.clone(), ..Answer::body(range) }
    }

    /// The newspaper named last before "the Chinese publication", of that country where one is asked for.
    fn newspaper(&self, description: &Description, at: usize) -> Option<Range<usize>> {
        let words = self.words;
        let asked = matches!(
            description.noun.as_str(),
            "publication" | "newspaper" | "paper" | "daily" | "tabloid" | "outlet"
        );
        let plain = description.core.len() <= 3
            && words[description.words.start].folded == "the"
            && words[description.core.clone()].last().is_some_and(|word| !word.capital);
        if !asked || !plain {
            return None;
        }
        let side = countries::all(words, description.core.clone())
            .first()
            .map(|(_, found)| found.place.side.clone());
        let title = |head: &usize| {
            words[*head].capital
                && matches!(
                    words[*head].folded.as_str(),
                    "daily"
                        | "times"
                        | "post"
                        | "herald"
                        | "tribune"
                        | "gazette"
                        | "courier"
                        | "guardian"
                        | "journal"
                        | "weekly"
                        | "news"
                )
        };
        (at.saturating_sub(400)..at).rev().filter(title).find_map(|head| {
            let mut start = head;
            while start > 0
                && words[start].gap == words::Gap::Space
                && words[start - 1].capital
                && !words[start - 1].is_function()
            {
                start -= 1;
            }
            let own = side::represented(words, start..head + 1);
            let fits = side.as_ref().is_none_or(|side| own.is_empty() || own == *side);
            (start < head && fits).then_some(start..head + 1)
        })
    }

    /// The nearest naming of a body with this head and more words, before or behind word `at`.
    fn fuller_body(&self, noun: &str, at: usize) -> Option<Range<usize>> {
        let words = self.words;
        let low = at.saturating_sub(600);
        let high = words.len().min(at + 300);
        let heads = (low..at).rev().chain(at + 2..high).filter(|&head| words[head].folded == noun);
        heads.take(40).find_map(|head| {
            let mut start = head;
            while start > low && words[start].gap == words::Gap::Space {
                let before = &words[start - 1];
                let inside = before.capital && !before.is_function()
                    || lexicon::is_modifier(&before.folded)
                    || before.possessive;
                if !inside || (before.possessive && !before.capital) {
                    break;
                }
                start -= 1;
            }
            let mut end = head + 1;
            let of = words.get(end).is_some_and(|word| word.folded == "of" && word.gap == words::Gap::Space);
            if of {
                let mut next = end + 1;
                while next < words.len()
                    && next < end + 7
                    && words[next].gap == words::Gap::Space
                    && (words[next].capital || matches!(words[next].folded.as_str(), "the" | "of" | "and"))
                {
                    next += 1;
                }
                while next > end && !words[next - 1].capital {
                    next -= 1;
                }
                end = next.max(end);
            }
            let role = words
                .get(end)
                .is_some_and(|word| word.gap == words::Gap::Space && lexicon::is_role(&word.folded));
            let long = 1 < end - start && words[start..end].iter().any(|word| word.capital);
            (long && !(role && end == head + 1 && start + 1 == head && !words[start].capital))
                .then_some(start..end)
        })
    }

    /// A paper that speaks for its author: "a statement of the ministry", "a letter signed by 43 scholars".
    fn paper(&self, description: &Description, at: usize, spoken: &[Spoken]) -> Answer {
        let words = self.words;
        let range = description.words.clone();
        let first = words[range.start].folded.as_str();
        if matches!(first, "his" | "her" | "its" | "their") {
            let answer = self.pronoun(range.start, spoken);
            if answer.kind != SpeakerType::None {
                return answer;
            }
        }
        if first == "the"
            && description.words.len() == 2
            && matches!(
                description.noun.as_str(),
                "letter" | "statement" | "note" | "tweet" | "post" | "message"
            )
        {
            if let Some(one) = spoken.last().filter(|one| one.answer.kind != SpeakerType::None) {
                return Answer { basis: "again", confidence: 0.5, ..one.answer.clone() };
            }
        }
        let link = (description.core.end..range.end)
            .find(|&at| matches!(words[at].folded.as_str(), "of" | "by" | "from"));
        let joint = words[range.clone()].iter().any(|word| word.folded == "joint");
        let link = link.filter(|&link| !joint || words[link].folded != "of");
        if let Some(link) = link.filter(|&link| link + 1 < range.end && description.noun != "report") {
            return self.mentioned(link + 1..range.end, spoken);
        }
        let _ = at;
        let kind = if joint { SpeakerType::Group } else { SpeakerType::Organisation };
        Answer { confidence: 0.6, ..self.plain(range, kind, description) }
    }

    /// The words themselves are the answer.
    fn plain(&self, range: Range<usize>, kind: SpeakerType, description: &Description) -> Answer {
        Answer {
            name: range,
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

    /// The finished speaker: name, role, side and target.
    fn speaker(&self, quote: &Quote, answer: Answer) -> Speaker {
        let (name, role) = match answer.figure {
            Some(figure) => (self.figure_name(figure), self.role(quote, figure)),
            None => (self.plain_name(&answer), String::new()),
        };
        // A pronoun is never a name.
        let name = if phrase::is_pronoun(&words::fold(&name)) { String::new() } else { name };
        let side = self.side(&answer);
        let target = target::of(self.words, quote, &side, &self.parties);
        Speaker {
            name,
            kind: answer.kind,
            role,
            side,
            target,
            mention: quote.mention,
            basis: answer.basis,
            confidence: answer.confidence,
        }
    }

    fn figure_name(&self, figure: usize) -> String {
        let range = self.cast.figures[figure].fullest(self.words).unwrap_or_default();
        self.written(range)
    }

    /// The words of a range as they stand in the text, line ends as blanks.
    fn written(&self, range: Range<usize>) -> String {
        let span = words::hull(self.words, range);
        span.of(self.text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn plain_name(&self, answer: &Answer) -> String {
        let mut range = answer.name.clone();
        let article = range
            .clone()
            .next()
            .is_some_and(|at| matches!(self.words[at].folded.as_str(), "the" | "a" | "an"));
        let bare = matches!(answer.kind, SpeakerType::Organisation | SpeakerType::Country);
        if article && bare && 1 < range.len() {
            range.start += 1;
        }
        let name = self.written(range.clone());
        if let Some(owner) = answer.owner {
            return format!("{}'s {name}", self.figure_name(owner));
        }
        if answer.kind == SpeakerType::Organisation
            && name != answer.side
            && self.text.contains(&answer.side)
            && !answer.side.is_empty()
            && answer.basis == "place"
        {
            let short = name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
            if short {
                return answer.side.clone();
            }
        }
        if answer.kind == SpeakerType::Organisation && range.len() == 1 && self.words[range.start].shouting {
            if let Some(full) = self.spelt_out(range.start) {
                return self.written(full);
            }
        }
        name
    }

    /// The words whose initials a short form has: "MAC" → "Mainland Affairs Council".
    fn spelt_out(&self, short: usize) -> Option<Range<usize>> {
        let words = self.words;
        let initials: Vec<char> = words[short].folded.chars().collect();
        if initials.len() < 3 {
            return None;
        }
        let initial = |at: usize| words[at].folded.chars().next();
        (0..words.len()).filter(|&at| words[at].capital && initial(at) == initials.first().copied()).find_map(
            |start| {
                let mut at = start;
                for (n, letter) in initials.iter().enumerate() {
                    while n > 0
                        && words.get(at).is_some_and(|word| {
                            matches!(word.folded.as_str(), "of" | "and" | "for" | "the" | "on")
                        })
                    {
                        at += 1;
                    }
                    let word = words.get(at)?;
                    let fits = word.capital
                        && !word.shouting
                        && initial(at) == Some(*letter)
                        && (n == 0 || word.gap == words::Gap::Space);
                    if !fits {
                        return None;
                    }
                    at += 1;
                }
                Some(start..at)
            },
        )
    }

    /// The title at the mention itself, else the first that names a side, else the first.
    fn role(&self, quote: &Quote, figure: usize) -> String {
        let titles = &self.cast.figures[figure].titles;
        let own = quote.mention.map(|mention| words::within(self.words, mention));
        let here = own.and_then(|own| {
            titles.iter().find(|title| {
                own.start <= title.words.start && title.words.end <= own.end && !title.heads.is_empty()
            })
        });
        let sided = || {
            titles.iter().find(|title| {
                !title.heads.is_empty() && !side::of_phrase(self.words, title.words.clone()).is_empty()
            })
        };
        let any = || titles.iter().find(|title| !title.heads.is_empty());
        let Some(title) = here.or_else(sided).or_else(any) else { return String::new() };
        let mut range = title.words.clone();
        while 1 < range.len()
            && matches!(self.words[range.start].folded.as_str(), "a" | "an" | "the" | "his" | "her")
        {
            range.start += 1;
        }
        self.written(range)
    }

    fn side(&self, answer: &Answer) -> String {
        if let Some(figure) = answer.figure {
            let stated = &self.cast.figures[figure].side;
            return if stated.is_empty() {
                self.learnt.get(&figure).cloned().unwrap_or_default()
            } else {
                stated.clone()
            };
        }
        if !answer.side.is_empty() {
            return answer.side.clone();
        }
        // "her office", "a spokesman for Mr. Ruiz"
        let named = self.cast.sightings.get(self.cast.sighted_from(answer.name.start));
        let named =
            named.filter(|sighting| sighting.name.end <= answer.name.end).map(|sighting| sighting.figure);
        if let Some(figure) = answer.owner.or(named) {
            let side = self.side(&Answer::figure(figure));
            if !side.is_empty() {
                return side;
            }
        }
        match answer.kind {
            SpeakerType::None | SpeakerType::Person => String::new(),
            SpeakerType::Group => side::of_group(self.words, answer.name.clone()),
            SpeakerType::Organisation => side::of_body(self.words, answer.name.clone(), &self.cast.homes),
            _ => side::of_phrase(self.words, answer.name.clone()),
        }
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

/// A headline's quotation without a speaker belongs to whoever says the same words in the article.
fn echo_headlines(text: &str, quotes: &[Quote], spoken: &mut [Spoken]) {
    const HEADLINES: usize = 4;
    for at in 0..quotes.len().min(HEADLINES) {
        if spoken[at].answer.kind != SpeakerType::None {
            continue;
        }
        let bare = |span: &Span| span.of(text).trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let Some(words) = quotes[at].content.first().map(bare).filter(|words| 8 <= words.len()) else {
            continue;
        };
        let twin = (at + 1..quotes.len().min(200)).find(|&other| {
            spoken[other].answer.kind != SpeakerType::None
                && quotes[other].content.iter().any(|span| span.of(text).to_lowercase().contains(&words))
        });
        if let Some(twin) = twin {
            spoken[at].answer = Answer { basis: "echo", confidence: 0.7, ..spoken[twin].answer.clone() };
        }
    }
}
