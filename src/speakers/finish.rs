//! The finished speaker: name, role, side and target as the row has them.

use std::ops::Range;

use crate::quotes::Quote;

use super::sides::Sided;
use super::target::Aim;
use super::words;
use super::{Answer, Scene, Speaker, SpeakerType, appositions, lexicon, phrase, short_forms, side};

/// How sure it is that a statement without any speaker in reach has none.
const NOBODY: f32 = 0.5;

/// Whether a name is nothing but a pronoun: "us", and not "US".
fn is_pronoun(name: &str) -> bool {
    let shouting = 1 < name.len() && name.chars().all(|c| c.is_uppercase() || c == '.');
    phrase::is_pronoun(&words::fold(name)) && !shouting
}

impl Scene<'_> {
    /// The finished speaker: name, role, side and target.
    pub(super) fn speaker(&self, aim: &Aim<'_>, before: &str) -> Speaker {
        let (quote, answer) = (aim.quote, &aim.spoken[aim.at].answer);
        let (name, role) = match answer.figure {
            Some(figure) => (self.figure_name(figure), self.role(quote, figure)),
            None => (self.plain_name(answer), String::new()),
        };
        // A pronoun is never a name, and who has none at all is nobody.
        let name = if is_pronoun(&name) { String::new() } else { name };
        let kind = if name.is_empty() { SpeakerType::None } else { answer.kind };
        let Sided { side, basis: side_basis } = aim.sides[aim.at].clone();
        let (target, target_basis) = self.target(aim, before).unwrap_or_default();
        let (basis, confidence) = match kind {
            SpeakerType::None => ("none", NOBODY),
            _ => (answer.basis, answer.confidence),
        };
        Speaker {
            name,
            kind,
            role,
            side,
            target,
            mention: quote.mention,
            basis,
            side_basis,
            target_basis,
            confidence,
        }
    }

    pub(super) fn figure_name(&self, figure: usize) -> String {
        let range = self.cast.figures[figure].fullest(self.words).unwrap_or_default();
        self.written(range)
    }

    /// The words of a range as they stand in the text, line ends as blanks.
    pub(super) fn written(&self, range: Range<usize>) -> String {
        let span = words::hull(self.words, range);
        span.of(self.text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The name of a body as rows have it: that of a party in full, any other as it stands in the text.
    pub(super) fn body_name(&self, name: Range<usize>) -> String {
        self.cast.party_in(&name).map_or_else(|| self.written(self.in_full(name)), str::to_owned)
    }

    /// The name of a body of which this one is the short form or the first words ("|National Commission| for Tides"), or itself.
    pub(super) fn in_full(&self, name: Range<usize>) -> Range<usize> {
        let word = &self.words[name.start];
        let here = self.cast.others.partition_point(|naming| naming.name.start < name.start);
        let whole =
            self.cast.others.get(here).filter(|naming| naming.organised && naming.name.start == name.start);
        if let Some(whole) = whole.filter(|naming| name.end < naming.name.end) {
            return whole.name.clone();
        }
        if !word.capital {
            return name;
        }
        let short = short_forms::joined(&self.words[name.clone()]);
        self.cast.short_forms.get(&short).cloned().unwrap_or(name)
    }

    pub(super) fn plain_name(&self, answer: &Answer) -> String {
        let mut range = answer.name.clone();
        let article = range
            .clone()
            .next()
            .is_some_and(|at| matches!(self.words[at].folded.as_str(), "the" | "a" | "an"));
        let bare = matches!(answer.kind, SpeakerType::Organisation | SpeakerType::Country);
        let paper = range.clone().any(|at| lexicon::is_paper(&self.words[at].folded));
        if article && (bare || paper) && 1 < range.len() {
            range.start += 1;
        }
        if answer.kind == SpeakerType::Organisation && !range.is_empty() {
            range = self.in_full(range);
        }
        let name = self.written(range.clone());
        if let Some(owner) = answer.owner {
            return format!("{}'s {name}", self.figure_name(owner));
        }
        if answer.kind == SpeakerType::Organisation
            && answer.basis == "place"
            && !answer.side.is_empty()
            && name != answer.side
            && self.text.contains(&answer.side)
        {
            let short = name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
            if short {
                return answer.side.clone();
            }
        }
        if answer.kind == SpeakerType::Organisation
            && range.len() == 1
            && self.words[range.start].shouting
            && let Some(full) = self.spelt_out(range.start)
        {
            return self.written(full);
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
        // Far enough for an article, and bounded for a book.
        let near = short.saturating_sub(3000)..words.len().min(short + 1000);
        near.filter(|&at| words[at].capital && initial(at) == initials.first().copied()).find_map(|start| {
            let mut at = start;
            for (n, letter) in initials.iter().enumerate() {
                while n > 0
                    && words.get(at).is_some_and(|word| {
                        matches!(word.folded.as_str(), "of" | "and" | "for" | "the" | "on" | "to")
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
        })
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
        // "president of the union |has stated that …", "lawyer |who lives in …"
        let ends = |at: &usize| {
            appositions::ends_office(self.words, *at)
                || matches!(self.words[*at].folded.as_str(), "who" | "whose" | "which")
        };
        range.end = range.clone().skip(1).find(ends).unwrap_or(range.end);
        while 1 < range.len()
            && matches!(self.words[range.start].folded.as_str(), "a" | "an" | "the" | "his" | "her")
        {
            range.start += 1;
        }
        self.written(range)
    }
}
