//! Bodies and papers as speakers: "the ministry", "the Chinese publication", "a joint statement".

use std::ops::Range;

use super::anaphora::{self, Spoken};
use super::hints::Hints;
use super::noun_phrase::Description;
use super::words::{self, Word};
use super::{Answer, Scene, SpeakerType, countries, lexicon, side};

impl Scene<'_> {
    /// A body by its description: in full, or the last one of that kind ("the ministry").
    pub(super) fn body(&self, description: &Description, at: usize, spoken: &[Spoken]) -> Answer {
        let words = self.words;
        let mut range = description.words.clone();
        let first = words[range.start].folded.as_str();
        if matches!(first, "his" | "her")
            && description.core.len() == 2
            && let Some(owner) = anaphora::person(words, self.cast, spoken, range.start, &Hints::default())
                .and_then(|answer| answer.figure)
        {
            let name = range.start + 1..range.end;
            return Answer { owner: Some(owner), noun: description.noun.clone(), ..Answer::body(name) };
        }
        if description.noun == "website"
            && let Some(owner) = description.core.clone().find(|&at| words[at].possessive)
        {
            return self.mentioned(range.start..owner + 1, spoken);
        }
        if let Some(post) = self.post_abroad(description, at) {
            return Answer { noun: description.noun.clone(), confidence: 0.8, ..Answer::body(post) };
        }
        if let Some(paper) = self.newspaper(description, at).or_else(|| self.named_paper(description, at)) {
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
        Answer { noun: description.noun.clone(), ..Answer::body(self.proper(description, range)) }
    }

    /// The name in the description of a body: "nonpartisan |Congressional Budget Office", "|Centre for Tides| at
    /// the older Sea Foundation"; "state fishing authority" stays whole.
    fn proper(&self, description: &Description, range: Range<usize>) -> Range<usize> {
        let words = self.words;
        let head = description.core.clone().rev().find(|&at| words[at].folded == description.noun);
        let Some(head) = head.filter(|&head| words[head].capital && range.contains(&head)) else {
            return range;
        };
        let drops = |word: &&Word| !word.capital && !word.possessive && !lexicon::is_particle(&word.folded);
        let small = words[range.start..head].iter().take_while(drops).count();
        let at = (head + 1..range.end).find(|&at| words[at].folded == "at").unwrap_or(range.end);
        range.start + small..at
    }

    /// The embassy or consulate with its seat, where the text gives it elsewhere: "the Peruvian embassy" for
    /// "the Peruvian embassy in Quito"; not for the Chilean one.
    fn post_abroad(&self, description: &Description, at: usize) -> Option<Range<usize>> {
        const REACH: usize = 600;
        let words = self.words;
        let core = &words[description.core.clone()];
        let core = match core {
            [article, rest @ ..] if matches!(article.folded.as_str(), "the" | "a" | "an") => rest,
            core => core,
        };
        let post = matches!(description.noun.as_str(), "embassy" | "consulate");
        if !post || core.len() != 2 || description.core.len() != description.words.len() {
            return None;
        }
        let near = at.saturating_sub(REACH)..words.len().min(at + REACH);
        near.filter(|&start| words[start].capital && words[start].folded == core[0].folded).find_map(
            |start| {
                let [_, noun, link, seat] = words.get(start..start + 4)? else { return None };
                let named = noun.folded == core[1].folded
                    && matches!(link.folded.as_str(), "in" | "to")
                    && seat.capital
                    && [noun, link, seat].iter().all(|word| word.gap == words::Gap::Space);
                named.then_some(start..start + 4)
            },
        )
    }

    /// The newspaper that a description introduced: "the newspaper" for "the Urdu daily |Roznama Sahar|".
    fn named_paper(&self, description: &Description, at: usize) -> Option<Range<usize>> {
        const REACH: usize = 400;
        let words = self.words;
        let is_paper = |word: &str| {
            matches!(
                word,
                "newspaper" | "paper" | "daily" | "tabloid" | "weekly" | "magazine" | "publication"
            )
        };
        let plain = description.core.len() == 2 && words[description.words.start].folded == "the";
        if !plain || !is_paper(&description.noun) {
            return None;
        }
        (at.saturating_sub(REACH)..at).rev().find_map(|head| {
            let opens = is_paper(&words[head].folded) && !words[head].capital;
            let joins = |word: &&Word| {
                word.gap == words::Gap::Space
                    && (word.capital && !word.is_function() || lexicon::is_particle(&word.folded))
            };
            let length = words[head + 1..].iter().take(5).take_while(joins).count();
            (opens && 0 < length && words[head + 1].capital).then_some(head + 1..head + 1 + length)
        })
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
    pub(super) fn paper(&self, description: &Description, spoken: &[Spoken]) -> Answer {
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
            && let Some(one) = spoken.last().filter(|one| one.answer.kind != SpeakerType::None)
        {
            return Answer { basis: "again", confidence: 0.5, ..one.answer.clone() };
        }
        // "an editorial in the Lima Herald"
        let editorial = matches!(description.noun.as_str(), "editorial" | "commentary" | "article" | "op-ed");
        let link = (description.core.end..range.end).find(|&at| match words[at].folded.as_str() {
            "of" | "by" | "from" => true,
            "in" => editorial && words[at + 1..range.end].iter().any(|word| word.capital),
            _ => false,
        });
        let joint = words[range.clone()].iter().any(|word| word.folded == "joint");
        let link = link.filter(|&link| !joint || words[link].folded != "of");
        // "a report by the bank" is a paper, "a report by the Lind Bank" speaks for its author.
        let named = |link: usize| words[link + 1..range.end].iter().any(|word| word.capital);
        let speaks = |link: &usize| link + 1 < range.end && (description.noun != "report" || named(*link));
        if let Some(link) = link.filter(speaks) {
            // "a poll by |Lind University| released on Monday"
            let issued = |at: &usize| {
                matches!(
                    words[*at].folded.as_str(),
                    "released"
                        | "published"
                        | "issued"
                        | "conducted"
                        | "commissioned"
                        | "taken"
                        | "circulated"
                )
            };
            let end = (link + 2..range.end).find(issued).unwrap_or(range.end);
            return self.mentioned(link + 1..end, spoken);
        }
        // "a |Lind Bank| report"; not "an Instagram post"
        let issued = matches!(
            description.noun.as_str(),
            "report" | "statement" | "survey" | "poll" | "study" | "editorial" | "advisory" | "bulletin"
        );
        let from = self.cast.others.partition_point(|naming| naming.name.start < description.core.start);
        let inside = self.cast.others[from..].iter().take_while(|one| one.name.end <= description.core.end);
        let author = inside.filter(|_| issued && !joint).find(|naming| {
            naming.body && !words[naming.name.clone()].iter().any(|word| lexicon::is_paper(&word.folded))
        });
        if let Some(author) = author {
            return Answer { confidence: 0.6, ..Answer::body(author.name.clone()) };
        }
        let kind = if joint { SpeakerType::Group } else { SpeakerType::Organisation };
        Answer { confidence: 0.6, ..self.plain(range, kind, description) }
    }
}
