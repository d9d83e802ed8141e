//! Whom a speaker speaks for, settled: what the rules read off the text, the places around the speaker, the
//! reader's pointer and where the speaker's name comes from, weighed together.
//!
//! The net that weighs was fitted by `models/train/ballots.py` on annotated articles and coded news that the reader had not been
//! trained on.

use std::ops::Range;

use crate::Span;
use crate::reader::Pointer;

use super::countries;
use super::evidence::{self, Inquiry};
use super::hints::Leads;
use super::origin::Origin;
use super::sides::{Heard, Sided};
use super::standing::{CLASSES, Class};
use super::{Answer, Scene, SpeakerType, affiliation, net, side, words};

/// Rules whose word is weighed, in the order of their weights.
const RULES: [&str; 11] = [
    "title",
    "description",
    "its",
    "affiliation",
    "opposition",
    "place",
    "phrase",
    "name",
    "itself",
    "both",
    "context",
];

/// What can speak for a side beside class and rule.
#[derive(Debug, Clone, Copy)]
enum Sign {
    /// A side of the document's, for a person not in office.
    Person,
    /// The same for a body of state or an official without a name.
    Public,
    /// The same for anybody else who is not a person in office.
    Other,
    /// Probability that the speaker's own statements are made toward it.
    Targeted,
    /// Probability of the reader's pointer, for a person.
    PersonPointed,
    /// The same for others.
    Pointed,
    /// Logarithm of the same.
    LogPointed,
    /// Probability of the pointer from where the person is introduced.
    Introduced,
    /// That the pointer points to nobody.
    Nobody,
    /// The party that a title or description names.
    Party,
    /// A body that is no side of the document's.
    Body,
    /// The same for a person.
    PersonBody,
    /// The body's share of all namings of bodies.
    Share,
    /// The body is named in a title of the person.
    InTitle,
    /// The body is named in the sentence that introduces the person.
    Beside,
    /// How much likelier than by chance a name like the person's comes from the country, for one in office.
    OfficialOrigin,
    /// The same for other persons.
    Origin,
    /// Probability of the country among the sides that stand here and an unknown one, by the person's name.
    Native,
    /// A party that the document names, by how much the document is about parties.
    Partisan,
    /// The country that the document names most, by the same.
    Domestic,
    /// A country whose name opens that of a body in the person's title or introduction.
    OfBody,
    /// A body beside the person that is called after a country.
    National,
    /// A country of which only cities tell.
    Cities,
    /// The text makes the person one of the body: "Ana Ruiz of the |Reform Forum|".
    Joined,
}
const SIGNS: usize = 24;
pub(super) const FEATURES: usize = CLASSES + RULES.len() + SIGNS + evidence::SIGNS;
type Row = [f32; FEATURES];

/// How many parts of statements are asked whom they are made toward, and how sure the pointer must be to bring up a side.
const CONTENTS: usize = 4;
const LEAST: f32 = 0.15;
/// What stands for the pointer's logarithm where there is no pointer to ask.
const UNASKED: f32 = -0.7;
/// Log-probability below which a side is as good as absent.
const FLOOR: f32 = -5.0;

const fn of_sign(sign: Sign) -> usize {
    CLASSES + RULES.len() + sign as usize
}

impl Scene<'_> {
    /// The side that weighs most, or nobody. `stated` is what the rules say.
    pub(super) fn elect(&self, answer: &Answer, heard: &Heard, stated: Option<Sided>) -> Option<Sided> {
        if self.certain(answer, stated.as_ref()) {
            return stated;
        }
        let rows = self.candidates(answer, heard, stated.as_ref());
        let (mut sides, signs): (Vec<String>, Vec<Row>) = rows.into_iter().unzip();
        let best = sides.swap_remove(net::sides()?.winner(&signs)?);
        match stated {
            Some(stated) if stated.side == best => Some(stated),
            _ => (!best.is_empty()).then_some(Sided { side: best, basis: "context" }),
        }
    }

    /// Whether there is nothing to weigh: the text states the side, or the speaker is one who has none unless it does.
    pub(super) fn certain(&self, answer: &Answer, stated: Option<&Sided>) -> bool {
        // Nobody speaks for nobody, and a newspaper or institute only for whom the text says.
        let nobody = answer.kind == SpeakerType::None && answer.owner.is_none();
        let studies = answer.kind == SpeakerType::Organisation
            && affiliation::is_observer(&self.words[answer.name.clone()]);
        let told = stated.is_some_and(|one| match one.basis {
            "title" => self.party(answer).is_none(),
            // "U.S. and Chinese officials", "U.S. officials"
            "phrase" => {
                answer.kind == SpeakerType::Group
                    && (one.side.contains(" and ") || side::is_official(&answer.noun))
            }
            "itself" => self.has_own_voice(answer),
            basis => matches!(basis, "opposition" | "both" | "place" | "owner"),
        });
        nobody || studies || told
    }

    pub(super) fn candidates(
        &self,
        answer: &Answer,
        heard: &Heard,
        stated: Option<&Sided>,
    ) -> Vec<(String, Row)> {
        let class = self.class(answer, heard);
        let inquiry = self.inquiry(answer, heard);
        let quoted = |word: usize| self.quoted(word);
        let around = evidence::signs(self.words, &self.parties, &self.cast.homes, &quoted, &inquiry);
        let leads = self.leads(Pointer::Side, &heard.mentions);
        let nowhere = Leads::default();
        let introduced = answer.figure.map_or(&nowhere, |figure| self.introduced(figure));
        let contents =
            heard.contents.iter().map(|(content, _)| vec![words::hull(self.words, content.clone())]);
        let targets = self.leads(Pointer::Target, &contents.take(CONTENTS).collect::<Vec<_>>());
        let person = answer.figure.is_some();
        let mut rows: Vec<(String, Row)> = vec![(String::new(), [0.0; FEATURES])];
        rows[0].1[class as usize] = 1.0;
        rows[0].1[of_sign(Sign::Nobody)] = leads.nobody.unwrap_or(0.0);
        let sign = match class {
            Class::Official => None,
            Class::Public | Class::UnnamedOfficial => Some(Sign::Public),
            _ if person => Some(Sign::Person),
            _ => Some(Sign::Other),
        };
        for (side, signs) in around {
            let mut row = [0.0; FEATURES];
            if let Some(sign) = sign {
                row[of_sign(sign)] = 1.0;
            }
            row[FEATURES - evidence::SIGNS..].copy_from_slice(&signs);
            rows.push((side, row));
        }
        let foreign = |word: &words::Word| matches!(word.folded.as_str(), "foreign" | "defence" | "defense");
        if self.called(answer, heard, foreign) {
            rows.retain(|row| !countries::is_territory(&row.0));
        }
        let absent = [0.0; FEATURES];
        let total: usize = self.bodies.iter().map(|body| body.1).sum();
        let beside = self.beside(answer);
        let pointed =
            leads.sides.iter().chain(&introduced.sides).filter(|one| LEAST < one.1).map(|one| &one.0);
        let bodies = self.bodies.iter().map(|body| &body.0).chain(beside.iter().map(|body| &body.name));
        for side in bodies.chain(pointed) {
            if rows.iter().any(|row| row.0 == *side) {
                continue;
            }
            let mut row = absent;
            if !self.parties.ranked().iter().any(|party| party.0 == *side) {
                row[of_sign(if person { Sign::PersonBody } else { Sign::Body })] = 1.0;
            }
            let count = self.bodies.iter().find(|body| body.0 == *side).map_or(0, |body| body.1);
            row[of_sign(Sign::Share)] = count as f32 / total.max(1) as f32;
            if let Some(body) = beside.iter().find(|body| body.name == *side) {
                row[of_sign(if body.titled { Sign::InTitle } else { Sign::Beside })] = 1.0;
                row[of_sign(Sign::National)] = f32::from(u8::from(!body.country.is_empty()));
                row[of_sign(Sign::Joined)] = f32::from(u8::from(body.joined));
            }
            rows.push((side.clone(), row));
        }
        for body in &beside {
            if let Some(row) = rows.iter_mut().skip(1).find(|row| row.0 == body.country) {
                row.1[of_sign(Sign::OfBody)] = 1.0;
            }
        }
        if let Some(stated) = stated {
            if !rows.iter().any(|row| row.0 == stated.side) {
                rows.push((stated.side.clone(), absent));
            }
            let rule = RULES.iter().position(|rule| *rule == stated.basis);
            if let (Some(rule), Some(row)) = (rule, rows.iter_mut().find(|row| row.0 == stated.side)) {
                row.1[CLASSES + rule] = 1.0;
            }
        }
        if let Some(party) = self.party(answer) {
            let party = party.to_owned();
            if !rows.iter().any(|row| row.0 == party) {
                rows.push((party.clone(), absent));
            }
            if let Some(row) = rows.iter_mut().find(|row| row.0 == party) {
                row.1[of_sign(Sign::Party)] = 1.0;
            }
        }
        // The United States have departments and secretaries.
        if self.called(answer, heard, |word| matches!(word.folded.as_str(), "ministry" | "minister")) {
            rows.retain(|row| row.0 != "United States" || stated.is_some_and(|one| one.side == row.0));
        }
        self.partisanship(&mut rows);
        self.origins(answer, class, &mut rows);
        for (side, row) in rows.iter_mut().skip(1) {
            let pointed = leads.of(side);
            row[of_sign(if person { Sign::PersonPointed } else { Sign::Pointed })] = pointed;
            let known = leads.nobody.map_or(UNASKED, |_| pointed.ln().max(FLOOR) / 5.0);
            row[of_sign(Sign::LogPointed)] = known;
            row[of_sign(Sign::Introduced)] = introduced.of(side);
            row[of_sign(Sign::Targeted)] = targets.of(side);
            row[of_sign(Sign::Cities)] = f32::from(u8::from(self.parties.only_cities(side)));
        }
        rows
    }

    /// Whether a speaker's name, mentions or titles have such a word: "the |defence| secretary", "Commerce |Ministry|".
    fn called(&self, answer: &Answer, heard: &Heard, such: impl Fn(&words::Word) -> bool) -> bool {
        let has = |range: Range<usize>| self.words[range].iter().any(&such);
        let mentions = heard.mentions.iter().flatten().map(|span| words::within(self.words, *span));
        let titles = answer.figure.map_or(&[][..], |figure| &self.cast.figures[figure].titles);
        has(answer.name.clone()) || mentions.chain(titles.iter().map(|title| title.words.clone())).any(has)
    }

    /// Where parties face each other, they are the sides, and their country is none.
    fn partisanship(&self, rows: &mut [(String, Row)]) {
        let ranked = self.parties.ranked();
        let abroad: usize = ranked.iter().skip(1).map(|party| party.1).sum();
        let parties = self.cast.parties.len();
        if parties == 0 {
            return;
        }
        let share = parties as f32 / (parties + abroad) as f32;
        for (side, row) in rows.iter_mut().skip(1) {
            if self.cast.parties.iter().take(200).any(|party| party.1 == side) {
                row[of_sign(Sign::Partisan)] = share;
            } else if ranked.first().is_some_and(|first| first.0 == *side) {
                row[of_sign(Sign::Domestic)] = share;
            }
        }
    }

    /// What a person's name says of the sides.
    fn origins(&self, answer: &Answer, class: Class, rows: &mut [(String, Row)]) {
        // Who has left office or studies speaks for himself.
        if matches!(class, Class::Former | Class::Independent) {
            return;
        }
        let Some(figure) = answer.figure else { return };
        let origin = self.origin(figure);
        let sign = if class == Class::Official { Sign::OfficialOrigin } else { Sign::Origin };
        // One for a country that the text does not name.
        let total: f32 = 1.0 + rows.iter().skip(1).map(|row| origin.of(&row.0).exp()).sum::<f32>();
        for (side, row) in rows.iter_mut().skip(1) {
            let score = origin.of(side);
            row[of_sign(sign)] = score / 4.0;
            row[of_sign(Sign::Native)] = score.exp() / total;
        }
    }

    /// Where a person's name comes from.
    pub(super) fn origin(&self, figure: usize) -> &Origin {
        self.known[figure].0.get_or_init(|| Origin::of_name(&self.figure_name(figure)))
    }

    /// Where a person's first namings point, each with the title that stands at it.
    pub(super) fn introduced(&self, figure: usize) -> &Leads {
        self.known[figure].1.get_or_init(|| self.pointed_at_first(figure))
    }

    fn pointed_at_first(&self, figure: usize) -> Leads {
        const FIRST: usize = 3;
        let it = &self.cast.figures[figure];
        let naming = |&at: &usize| -> Vec<Span> {
            let sighting = self.cast.sightings.get(self.cast.sighted_from(at));
            let name = sighting.map_or(at..at + 1, |sighting| sighting.name.clone());
            let title = it.titles.iter().find(|title| {
                (title.words.end == name.start || title.words.start == name.end) && title.words.len() < 16
            });
            let hull = title.map_or(name.clone(), |title| {
                title.words.start.min(name.start)..title.words.end.max(name.end)
            });
            vec![words::hull(self.words, hull)]
        };
        let first: Vec<_> = it.seen.iter().take(FIRST).map(naming).collect();
        self.leads(Pointer::Side, &first)
    }

    /// The party that a title, the words behind the first name or a description put the speaker in.
    fn party(&self, answer: &Answer) -> Option<&'static str> {
        let named = |range: Range<usize>| self.cast.parties_within(&range).first().map(|party| party.1);
        let Some(figure) = answer.figure else { return named(answer.name.clone()) };
        let it = &self.cast.figures[figure];
        let titled = it.titles.iter().find_map(|title| named(title.words.clone()));
        let behind = |&at: &usize| {
            let sentence = self.words[at].sentence;
            let near = self.words[at..].iter().take(9).take_while(|word| word.sentence == sentence).count();
            named(at..at + near)
        };
        // "|Democrat| Ana Ruiz"
        let before = |&at: &usize| {
            let before = at.checked_sub(1).filter(|_| self.words[at].gap == words::Gap::Space)?;
            named(before..at)
        };
        titled.or_else(|| it.seen.iter().take(2).find_map(|at| before(at).or_else(|| behind(at))))
    }

    fn inquiry(&self, answer: &Answer, heard: &Heard) -> Inquiry {
        let contents = heard.contents.clone();
        let Some(figure) = answer.figure.or(answer.owner) else {
            return Inquiry {
                namings: heard.namings.clone(),
                titles: vec![answer.name.clone()],
                contents,
                ..Inquiry::default()
            };
        };
        let it = &self.cast.figures[figure];
        let heads = it.titles.iter().flat_map(|title| title.heads.iter().map(String::as_str));
        let mut nouns = heads.chain(heard.nouns.iter().map(String::as_str));
        Inquiry {
            namings: it.seen.iter().copied().take(evidence::LOOKED_AT).collect(),
            titles: it.titles.iter().map(|title| title.words.clone()).collect(),
            contents,
            rivals: self.rivals(figure),
            opposite: self.opposite(figure),
            abroad: nouns.any(|noun| matches!(noun, "ambassador" | "envoy" | "consul")),
        }
    }
}
