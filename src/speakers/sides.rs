//! The side of every speaker of a document: all that the text says of one is collected before it is settled.

use std::collections::HashMap;
use std::ops::Range;

use crate::Span;
use crate::quotes::Quote;
use crate::stance::{Label, Stance};

use super::anaphora::{self, Spoken};
use super::hints::Hints;
use super::noun_phrase::{body_noun, describe};
use super::{Answer, Scene, SpeakerType, affiliation, countries, lexicon, side, words};

/// Whom a speaker speaks for, and the rule that says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sided {
    /// Country or body, or empty.
    pub(super) side: String,
    /// Name of the rule, or empty.
    pub(super) basis: &'static str,
}

fn sided(side: String, basis: &'static str) -> Option<Sided> {
    (!side.is_empty()).then_some(Sided { side, basis })
}

/// One speaker of the document: a person of the cast, or all who have the same name or description.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Voice {
    Figure(usize),
    Other(String),
}

/// What the statements tell of a voice.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Words of the contents, and whether the statement attacks.
    pub(super) contents: Vec<(Range<usize>, bool)>,
    pub(super) namings: Vec<usize>,
    /// The words that stand for it.
    pub(super) mentions: Vec<Vec<Span>>,
    /// Nouns of the descriptions that stand for it: "the ambassador".
    pub(super) nouns: Vec<String>,
    /// Side that a description gives: "Australia's foreign minister".
    learnt: String,
}

impl Scene<'_> {
    /// The side of each statement's speaker, in the statements' order.
    pub(super) fn sides(&self, quotes: &[Quote], stances: &[Stance], spoken: &[Spoken]) -> Vec<Sided> {
        let voices = self.voices(quotes, stances, spoken);
        #[cfg(feature = "ballots")]
        for (quote, one) in quotes.iter().zip(spoken) {
            let nothing = Heard::default();
            let heard = voices.get(&self.voice(&one.answer)).unwrap_or(&nothing);
            let stated = self.stated(&one.answer, heard, 0);
            if !self.certain(&one.answer, stated.as_ref()) {
                let rows = self.candidates(&one.answer, heard, stated.as_ref());
                super::ballots::tell("side", self.text, &quote.content, &rows);
            }
        }
        let mut settled: HashMap<Voice, Sided> = HashMap::new();
        let settle = |one: &Spoken| {
            let voice = self.voice(&one.answer);
            if let Some(known) = settled.get(&voice) {
                return known.clone();
            }
            let nothing = Heard::default();
            let heard = voices.get(&voice).unwrap_or(&nothing);
            let found = self.settle(&one.answer, heard, 0).unwrap_or_default();
            settled.insert(voice, found.clone());
            found
        };
        spoken.iter().map(settle).collect()
    }

    /// What the statements tell of each voice.
    fn voices(&self, quotes: &[Quote], stances: &[Stance], spoken: &[Spoken]) -> HashMap<Voice, Heard> {
        const KEPT: usize = 8;
        let mut voices: HashMap<Voice, Heard> = HashMap::new();
        for (at, (quote, one)) in quotes.iter().zip(spoken).enumerate() {
            let attacks = stances.get(at).is_some_and(|stance| stance.label == Label::Confrontational);
            let heard = voices.entry(self.voice(&one.answer)).or_default();
            if heard.contents.len() < KEPT {
                let content = quote.content.iter().map(|span| words::within(self.words, *span));
                heard.contents.extend(content.take(2).map(|content| (content, attacks)));
                heard.namings.push(one.answer.name.start);
                heard.mentions.extend(quote.mention.map(|mention| vec![mention]));
                heard.nouns.push(one.answer.noun.clone());
            }
            if heard.learnt.is_empty() {
                heard.learnt.clone_from(&one.answer.side);
            }
        }
        voices
    }

    fn voice(&self, answer: &Answer) -> Voice {
        match answer.figure.or(answer.owner) {
            Some(figure) => Voice::Figure(figure),
            None => Voice::Other(self.plain_name(answer).to_lowercase()),
        }
    }

    fn settle(&self, answer: &Answer, heard: &Heard, depth: usize) -> Option<Sided> {
        let stated = self.stated(answer, heard, depth);
        if 0 < depth { stated } else { self.elect(answer, heard, stated) }
    }

    /// What the text says of a speaker's side, and the rule that reads it.
    fn stated(&self, answer: &Answer, heard: &Heard, depth: usize) -> Option<Sided> {
        if let Some(figure) = answer.figure.or(answer.owner) {
            return self.of_figure(figure, heard);
        }
        let name = answer.name.clone();
        let row = &self.words[name.clone()];
        if !answer.side.is_empty() {
            return sided(answer.side.clone(), "place");
        }
        // "a spokesman for Mr. Ruiz", "President Ruiz's office"
        let named = self.cast.sightings.get(self.cast.sighted_from(name.start));
        if let Some(sighting) = named.filter(|sighting| sighting.name.end <= name.end && depth == 0) {
            let whose = self.settle(&Answer::figure(sighting.figure), &Heard::default(), 1);
            if whose.is_some() {
                return whose;
            }
        }
        let phrase = || side::of_phrase(self.words, name.clone());
        match answer.kind {
            SpeakerType::None | SpeakerType::Person => None,
            SpeakerType::Country => sided(phrase(), "place"),
            SpeakerType::Group => {
                let stated = sided(side::of_group(self.words, name.clone()), "phrase");
                stated.or_else(|| self.both(row))
            }
            SpeakerType::Unnamed => sided(phrase(), "phrase").or_else(|| {
                if affiliation::is_opposition(row) {
                    return sided("opposition".to_owned(), "opposition");
                }
                if let Some(body) =
                    affiliation::of_title(self.words, name.clone()).filter(|body| body.start > name.start)
                {
                    return sided(self.body_name(body), "affiliation");
                }
                None
            }),
            SpeakerType::Organisation => {
                let studies = |word: &words::Word| {
                    matches!(
                        word.folded.as_str(),
                        "institute" | "club" | "university" | "centre" | "center" | "ilbo"
                    )
                };
                if row.iter().any(studies) {
                    return None;
                }
                if self.has_own_voice(answer) {
                    return sided(self.plain_name(answer), "itself");
                }
                let stated = sided(side::represented(self.words, name.clone()), "name");
                stated.or_else(|| self.both(row)).or_else(|| {
                    let own = !side::is_public(row)
                        && row.iter().any(|word| word.capital)
                        && !affiliation::is_observer(row);
                    sided(if own { self.plain_name(answer) } else { String::new() }, "itself")
                })
            }
        }
    }

    /// Whether a body, by its full name, speaks for itself.
    pub(super) fn has_own_voice(&self, answer: &Answer) -> bool {
        let mut name = answer.name.clone();
        let article = |word: &words::Word| matches!(word.folded.as_str(), "the" | "a" | "an");
        name.start += usize::from(self.words[name.clone()].first().is_some_and(article));
        !name.is_empty() && affiliation::has_own_voice(&self.words[self.in_full(name)])
    }

    /// The side of a person: titles and possessives, descriptions that stand for him, what he leads.
    fn of_figure(&self, figure: usize, heard: &Heard) -> Option<Sided> {
        let it = &self.cast.figures[figure];
        let titles: Vec<Range<usize>> = it.titles.iter().map(|title| title.words.clone()).collect();
        let owned = |&at: &usize| {
            at > 0 && self.words[at - 1].possessive && self.words[at - 1].folded == "opposition"
        };
        let body = |title: &Range<usize>| affiliation::of_title(self.words, title.clone());
        let opposes = |title: &&Range<usize>| affiliation::is_opposition(&self.words[(*title).clone()]);
        // "leader of the opposition |Reform Forum|"
        if let Some(party) = titles.iter().filter(opposes).find_map(|title| {
            let opposition = title.clone().find(|&at| self.words[at].folded == "opposition")?;
            let named = |at: usize| {
                let word = &self.words[at];
                let titled = lexicon::is_role(&word.folded) || lexicon::is_honorific(&word.folded);
                word.capital && !titled && lexicon::rank(&word.folded).is_none()
            };
            let next =
                (opposition + 1..title.end).find(|&at| named(at)).filter(|at| *at <= opposition + 2)?;
            let party = (next..title.end).take_while(|&at| named(at)).count();
            Some(next..next + party)
        }) {
            return sided(self.body_name(party), "affiliation");
        }
        let members = titles.iter().find_map(|title| {
            body(title).filter(|name| affiliation::is_membership(&self.words[name.clone()]))
        });
        if let Some(members) = members {
            return sided(self.body_name(members), "affiliation");
        }
        if titles.iter().any(|title| affiliation::is_opposition(&self.words[title.clone()]))
            || it.seen.iter().take(8).any(owned)
        {
            // "Opposition senator Ana Ruiz |of the Reform Forum|"
            let party = titles.iter().find_map(body).filter(|name| 1 < name.len());
            return party.map_or_else(
                || sided("opposition".to_owned(), "opposition"),
                |party| sided(self.body_name(party), "affiliation"),
            );
        }
        let left = |title: &super::figure::Title| {
            self.words[title.words.clone()]
                .iter()
                .any(|word| matches!(word.folded.as_str(), "former" | "retired" | "ex"))
        };
        let offices: Vec<_> = it.titles.iter().filter(|title| !title.heads.is_empty()).collect();
        if !offices.is_empty() && offices.iter().all(|title| left(title)) {
            return None;
        }
        if let Some(stated) =
            sided(it.stated.clone(), "title").or_else(|| sided(heard.learnt.clone(), "description"))
        {
            return Some(stated);
        }
        // "its chairman, |Ana Ruiz|"
        let quoted = |word: usize| self.quoted(word);
        let its = titles.iter().find_map(|title| {
            let its = title
                .start
                .checked_sub(1)
                .filter(|&at| matches!(self.words[at].folded.as_str(), "its" | "their"))
                // "who leads |it|"
                .or_else(|| {
                    (title.len() == 1 && self.words[title.start].folded == "it").then_some(title.start)
                })?;
            let body = anaphora::thing(self.words, self.cast, &[], its, &quoted)?;
            self.settle(&body, &Heard::default(), 1)
        });
        if let Some(its) = its {
            return Some(Sided { basis: "its", ..its });
        }
        let owner = titles.iter().find_map(|title| self.owner(title).or_else(|| self.joined(title)));
        if let Some(owner) = owner.and_then(|body| self.settle(&body, &Heard::default(), 1)) {
            return Some(Sided { basis: "owner", ..owner });
        }
        if let Some(side) = titles.iter().find_map(|title| self.inherited(figure, title)) {
            return sided(side, "title");
        }
        let joined = titles.iter().find_map(body)?;
        sided(self.body_name(joined), "affiliation")
    }

    /// The body that a title begins with: "|the union's| secretary", "|the Front's| spokesman"; no observer, and no country.
    fn owner(&self, title: &Range<usize>) -> Option<Answer> {
        let words = self.words;
        let start = title.start + usize::from(matches!(words[title.start].folded.as_str(), "the"));
        let end = (start..title.end).find(|&at| words[at].possessive)? + 1;
        let row = &words[start..end];
        let role = words[end..title.end].iter().any(|word| lexicon::is_role(&word.folded));
        // "the Ilbo's correspondent" speaks for nobody.
        let reports = words[end..title.end].iter().any(|word| {
            matches!(
                word.folded.as_str(),
                "correspondent" | "reporter" | "journalist" | "columnist" | "editor" | "anchor"
            )
        });
        if 5 < row.len()
            || !role
            || reports
            || affiliation::is_observer(row)
            || !countries::all(words, start..end).is_empty()
        {
            return None;
        }
        let person = self.cast.sightings.get(self.cast.sighted_from(start));
        if person.is_some_and(|sighting| sighting.name.start < end) {
            return None;
        }
        if row.iter().all(|word| word.capital || matches!(word.folded.as_str(), "of" | "and" | "for")) {
            return Some(Answer::body(start..end));
        }
        let noun = body_noun(&row[0].folded).filter(|_| row.len() == 1 && !row[0].capital)?;
        let article = start.checked_sub(1).filter(|&before| words[before].folded == "the");
        let description = describe(words, &(article.unwrap_or(start)..end));
        let body = self.body(&description, start, &[]);
        (noun == description.noun && body.name.start != start).then_some(body)
    }

    /// The body that a title ends with, by its noun: "president of |the guild|", "who chairs |the committee|".
    fn joined(&self, title: &Range<usize>) -> Option<Answer> {
        let words = self.words;
        let noun = title.end.checked_sub(1).filter(|&at| title.start < at && !words[at].capital)?;
        body_noun(&words[noun].folded).filter(|noun| !lexicon::is_paper(noun))?;
        let article = noun - 1;
        let linked = article == title.start
            || matches!(words[article - 1].folded.as_str(), "of" | "for") && title.start < article;
        if words[article].folded != "the" || !linked {
            return None;
        }
        let body = self.body(&describe(words, &(article..noun + 1)), article, &[]);
        (body.name.start != noun && !affiliation::is_observer(&words[body.name.clone()])).then_some(body)
    }

    /// The side that a title takes from a person or body whose side the text states: "|Wang's deputy", "|his
    /// spokesman", and "|ministry spokesman" behind "China's Commerce Ministry said".
    fn inherited(&self, figure: usize, title: &Range<usize>) -> Option<String> {
        const REACH: usize = 250;
        let role = |word: &words::Word| lexicon::is_role(&word.folded);
        let head = self.words[title.clone()].iter().rfind(|word| role(word))?.folded.as_str();
        if side::is_independent(head)
            || matches!(
                head,
                "counterpart"
                    | "rival"
                    | "opponent"
                    | "predecessor"
                    | "successor"
                    | "guest"
                    | "host"
                    | "critic"
            )
        {
            return None;
        }
        let stated = |figure: usize| Some(&self.cast.figures[figure].stated).filter(|side| !side.is_empty());
        let from = self.cast.sighted_from(title.start.saturating_sub(4));
        let before = self.cast.sightings[from..].iter().take_while(|one| one.name.end <= title.end);
        let owner = before.filter(|one| one.figure != figure).find(|one| {
            one.name.end.max(title.start) <= title.start + 2 && self.words[one.name.end - 1].possessive
        });
        if let Some(owner) = owner.filter(|one| title.start <= one.name.end) {
            return stated(owner.figure).cloned();
        }
        let his = [title.start.checked_sub(1), Some(title.start)].into_iter().flatten();
        let his = his.into_iter().find(|&at| matches!(self.words[at].folded.as_str(), "his" | "her"));
        if let Some(at) = his {
            let owner = anaphora::person(self.words, self.cast, &[], at, &Hints::default());
            return stated(owner?.figure.filter(|&owner| owner != figure)?).cloned();
        }
        let opens = &self.words[title.start];
        let public = matches!(opens.folded.as_str(), "ministry" | "army" | "embassy" | "navy" | "police");
        if !public || title.len() < 2 {
            return None;
        }
        let joined = |at: usize| {
            let first = at.saturating_sub(4);
            let first = (first..at).rev().take_while(|&word| {
                self.words[word + 1].gap == words::Gap::Space
                    && (self.words[word].capital || lexicon::is_modifier(&self.words[word].folded))
            });
            let side = side::represented(self.words, first.last()?..at + 1);
            (!side.is_empty()).then_some(side)
        };
        let same = |at: &usize| self.words[*at].folded == opens.folded;
        (title.start.saturating_sub(REACH)..title.start).rev().filter(same).find_map(joined)
    }

    /// The stated sides of others who hold the office of this person: "the Peruvian foreign minister" for a
    /// foreign minister.
    pub(super) fn rivals(&self, figure: usize) -> Vec<String> {
        let Some(title) = self.cast.figures[figure].titles.iter().find(|title| !title.heads.is_empty())
        else {
            return Vec::new();
        };
        let portfolio = |title: &super::figure::Title| -> Vec<&str> {
            let words = self.words[title.words.clone()].iter().map(|word| word.folded.as_str());
            words.filter(|word| lexicon::is_modifier(word)).collect()
        };
        let Some(head) = title.heads.last() else { return Vec::new() };
        let own = portfolio(title);
        let others = self.cast.titled(head, title.words.start).into_iter().filter(|&other| other != figure);
        let same = |other: &usize| {
            self.cast.figures[*other]
                .titles
                .iter()
                .any(|title| title.heads.contains(head) && portfolio(title) == own)
        };
        others.filter(same).map(|other| self.cast.figures[other].stated.clone()).collect()
    }

    /// The side of whoever stands before "his |counterpart, Ana Ruiz".
    pub(super) fn opposite(&self, figure: usize) -> String {
        let it = &self.cast.figures[figure];
        let title = it.titles.iter().find(|title| title.heads.iter().any(|head| head == "counterpart"));
        let before = title.and_then(|title| self.cast.sighted_from(title.words.start).checked_sub(1));
        before.map_or(String::new(), |at| self.cast.figures[self.cast.sightings[at].figure].stated.clone())
    }

    /// "both governments", "the two delegations", "a joint statement": the two main parties.
    fn both(&self, row: &[words::Word]) -> Option<Sided> {
        let joint = row.iter().any(|word| matches!(word.folded.as_str(), "both" | "two" | "joint"));
        let parties = row.iter().any(|word| {
            matches!(
                word.folded.as_str(),
                "governments"
                    | "delegations"
                    | "sides"
                    | "armies"
                    | "ministries"
                    | "capitals"
                    | "countries"
                    | "teams"
                    | "ministers"
                    | "statement"
                    | "communique"
                    | "communiqué"
                    | "note"
                    | "declaration"
            ) || lexicon::is_paper(&word.folded)
        });
        let ranked = self.parties.ranked();
        let [first, second, ..] = ranked.get(..ranked.len().min(3))? else { return None };
        (joint && parties).then(|| Sided { side: self.parties.joined(&first.0, &second.0), basis: "both" })
    }
}
