//! Targets: whom a statement is about or addressed to.
//!
//! An act toward somebody has a target: each side that the document names is weighed by its place in and
//! around the statement; the net that weighs was fitted by `models/train/ballots.py` on articles and coded news. A neutral
//! statement has one only where the text addresses it.

use crate::quotes::Quote;
use crate::reader::Pointer;
use crate::stance::Stance;

use super::Scene;
use super::addressing::{is_both, is_scenery, object};
use super::anaphora::Spoken;
use super::countries;
use super::sides::Sided;
use super::{net, words};

/// A statement among the others.
pub(super) struct Aim<'a> {
    /// Its number.
    pub(super) at: usize,
    /// The statement.
    pub(super) quote: &'a Quote,
    /// Its stance, where it is known.
    pub(super) stance: Option<&'a Stance>,
    /// Who makes it and the others.
    pub(super) spoken: &'a [Spoken],
    /// For whom they are made.
    pub(super) sides: &'a [Sided],
}

/// What can speak for a target.
#[derive(Debug, Clone, Copy)]
enum Sign {
    /// A side: its share of all places of the document.
    Share,
    /// It is the heaviest side beside the speaker's own.
    Main,
    /// "accused |Peru of …", "told |Peru's envoy"
    Object,
    /// The statement names it.
    Named,
    /// The statement opens with it.
    Opens,
    /// It is the side named last before the statement; the farther, the less.
    Near,
    /// The sentence names it beside the statement.
    Beside,
    /// The statement before was made for it.
    Answered,
    /// The statement behind was made for it.
    Answers,
    /// The last statement of the same side was made toward it.
    Again,
    /// Nobody.
    Nobody,
    /// Nobody: probability that the statement is neutral.
    Neutral,
    /// Nobody: the statement names no place.
    Silent,
    /// The two main parties beside the speaker's own.
    Pair,
    /// The two: the speaker's side is a third one.
    Third,
    /// The two: the speaker has no side.
    Sideless,
    /// The two: "both", "the two", "all parties" in the statement.
    Both,
    /// The two: the statement names both.
    NamesBoth,
    /// A person.
    Person,
    /// A person right behind the reporting verb.
    PersonObject,
    /// A person named in the statement.
    PersonNamed,
    /// A person of the speaker's own side.
    Fellow,
    /// A person, and the speaker has no side.
    PersonSideless,
    /// A person who made the statement before.
    PersonAnswered,
    /// A body that is no side of the document's.
    Body,
    /// Its share of all namings of bodies.
    BodyShare,
    /// A body that the statement names.
    BodyNamed,
    /// The reader's pointer: probability.
    Pointed,
}
pub(super) const SIGNS: usize = 28;
type Row = [f32; SIGNS];
const CANDIDATES: usize = 8;
const REACH: usize = 60;
/// What is known of a stance that is not given: a little less than the share of neutral statements.
const UNKNOWN: f32 = 0.3;

/// The candidates of one statement with what speaks for each.
struct Ballot {
    rows: Vec<(Toward, Row)>,
}

/// Whom a statement may be made toward.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Toward {
    Nobody,
    Side(String),
    Pair(String, String),
    Person(usize),
    Body(String),
}

impl Ballot {
    fn add(&mut self, whom: &Toward, sign: Sign, value: f32) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.0 == *whom) {
            row.1[sign as usize] = (row.1[sign as usize] + value).min(2.0);
        }
    }

    fn set(&mut self, whom: &Toward, sign: Sign, value: f32) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.0 == *whom) {
            row.1[sign as usize] = value;
        }
    }

    fn add_side(&mut self, side: &str, sign: Sign, value: f32) {
        let named = |whom: &Toward| matches!(whom, Toward::Side(own) | Toward::Body(own) if own == side);
        if let Some(row) = self.rows.iter_mut().find(|row| named(&row.0)) {
            row.1[sign as usize] = (row.1[sign as usize] + value).min(2.0);
        }
    }

    fn stand(&mut self, whom: Toward, sign: Sign) {
        let mut row = [0.0; SIGNS];
        row[sign as usize] = 1.0;
        self.rows.push((whom, row));
    }

    fn winner(self) -> Option<Toward> {
        let (mut whom, signs): (Vec<Toward>, Vec<Row>) = self.rows.into_iter().unzip();
        Some(whom.swap_remove(net::targets()?.winner(&signs)?))
    }
}

impl Scene<'_> {
    /// The target of a statement and the rule that found it; nothing if it has none. `before` is the target of
    /// the last statement of the same side.
    pub(super) fn target(&self, aim: &Aim<'_>, before: &str) -> Option<(String, &'static str)> {
        let mut ballot = self.ballot(aim, before);
        // Nobody's own side is the other one: in the articles with gold it is for one statement in two hundred.
        let own = aim.sides[aim.at].side.as_str();
        let joint = own.contains(" and ");
        let is_own = |side: &str| side == own || joint && own.contains(side);
        ballot.rows.retain(|(whom, _)| match whom {
            Toward::Side(side) | Toward::Body(side) => !is_own(side),
            Toward::Pair(first, second) => !(is_own(first) && is_own(second)),
            Toward::Nobody | Toward::Person(_) => true,
        });
        #[cfg(feature = "ballots")]
        {
            let name = |whom: &Toward| self.toward(whom).map_or(String::new(), |found| found.0);
            let rows: Vec<_> = ballot.rows.iter().map(|(whom, row)| (name(whom), *row)).collect();
            super::ballots::tell("target", self.text, &aim.quote.content, &rows);
        }
        self.toward(&ballot.winner()?)
    }

    fn toward(&self, whom: &Toward) -> Option<(String, &'static str)> {
        match whom {
            Toward::Nobody => None,
            Toward::Side(side) => Some((side.clone(), "side")),
            Toward::Pair(first, second) => Some((self.parties.joined(first, second), "both")),
            Toward::Person(figure) => Some((self.figure_name(*figure), "person")),
            Toward::Body(name) => Some((name.clone(), "body")),
        }
    }

    fn ballot(&self, aim: &Aim<'_>, before: &str) -> Ballot {
        let (words, quote) = (self.words, aim.quote);
        let sided = &aim.sides[aim.at];
        let own = sided.side.as_str();
        let hull = words::within(words, quote.hull());
        let sentence = words.get(hull.start).map_or(0, |word| word.sentence);
        let ranked = &self.parties.ranked()[..self.parties.ranked().len().min(CANDIDATES)];
        let total: usize = ranked.iter().map(|party| party.1).sum();
        let mut ballot = Ballot { rows: Vec::new() };
        ballot.stand(Toward::Nobody, Sign::Nobody);
        ballot.add(&Toward::Nobody, Sign::Neutral, aim.stance.map_or(UNKNOWN, |stance| stance.neutral));
        for (side, count) in ranked {
            let mut row = [0.0; SIGNS];
            row[Sign::Share as usize] = *count as f32 / total.max(1) as f32;
            ballot.rows.push((Toward::Side(side.clone()), row));
        }
        let bodies: usize = self.bodies.iter().map(|body| body.1).sum();
        for (body, count) in &self.bodies {
            if !self.parties.ranked().iter().any(|party| party.0 == *body) {
                ballot.stand(Toward::Body(body.clone()), Sign::Body);
                ballot.add_side(body, Sign::BodyShare, *count as f32 / bodies.max(1) as f32);
            }
        }
        let mut others = ranked.iter().map(|party| party.0.as_str()).filter(|side| *side != own);
        let (first, second) = (others.next().unwrap_or_default(), others.next().unwrap_or_default());
        ballot.add_side(first, Sign::Main, 1.0);
        ballot.add_side(before, Sign::Again, 1.0);
        if let Some(object) = object(words, quote) {
            ballot.add_side(&object, Sign::Object, 1.0);
        }
        let mut named: Vec<&str> = Vec::new();
        let contents: Vec<_> =
            quote.content.iter().take(16).map(|span| words::within(words, *span)).collect();
        for (n, content) in contents.iter().enumerate() {
            for (start, found) in self.parties.within(content.clone()) {
                let opens = n == 0 && *start <= content.start + 1;
                ballot.add_side(&found.place.side, if opens { Sign::Opens } else { Sign::Named }, 1.0);
                named.push(&found.place.side);
            }
        }
        for content in &contents {
            let from = self.cast.others.partition_point(|naming| naming.name.start < content.start);
            let inside = self.cast.others[from..].iter().take_while(|naming| naming.name.start < content.end);
            for naming in inside.filter(|naming| naming.body).take(4) {
                let body = self.body_name(naming.name.clone());
                let known =
                    |whom: &Toward| matches!(whom, Toward::Side(own) | Toward::Body(own) if *own == body);
                if !ballot.rows.iter().any(|row| known(&row.0)) {
                    ballot.stand(Toward::Body(body.clone()), Sign::Body);
                }
                ballot.add(&Toward::Body(body), Sign::BodyNamed, 1.0);
            }
        }
        if named.is_empty() {
            ballot.add(&Toward::Nobody, Sign::Silent, 1.0);
        }
        if !second.is_empty() {
            let pair = Toward::Pair(first.to_owned(), second.to_owned());
            ballot.stand(pair.clone(), Sign::Pair);
            let third = !own.is_empty() && !ranked.iter().take(2).any(|party| party.0 == own);
            let both = contents.iter().any(|content| words[content.clone()].iter().any(is_both));
            let names = named.contains(&first) && named.contains(&second);
            for (sign, holds) in [
                (Sign::Third, third),
                (Sign::Sideless, own.is_empty()),
                (Sign::Both, both),
                (Sign::NamesBoth, names),
            ] {
                ballot.add(&pair, sign, f32::from(u8::from(holds)));
            }
        }
        self.persons(aim, &contents, &mut ballot);
        self.pointed(aim, &mut ballot);
        let stands = |(start, found): &&(usize, countries::Found)| {
            found.place.side != own && !is_scenery(words, *start)
        };
        let near = self.parties.within(hull.start.saturating_sub(2 * REACH)..hull.start);
        if let Some((start, found)) = near.iter().rev().find(stands) {
            ballot.add_side(
                &found.place.side,
                Sign::Near,
                1.0 / (1 + sentence - words[*start].sentence) as f32,
            );
        }
        let around = hull.start.saturating_sub(REACH)..words.len().min(hull.end + REACH);
        for (start, found) in self.parties.within(around).iter().filter(stands) {
            if words[*start].sentence == sentence && !self.quoted(*start) {
                ballot.add_side(&found.place.side, Sign::Beside, 1.0);
            }
        }
        let neighbours = [(aim.at.checked_sub(1), Sign::Answered), (Some(aim.at + 1), Sign::Answers)];
        for (at, sign) in neighbours {
            if let Some(side) = at.and_then(|at| aim.sides.get(at)) {
                ballot.add_side(&side.side, sign, 1.0);
            }
        }
        ballot
    }

    /// What the reader's pointer says of the candidates, and those that it adds.
    fn pointed(&self, aim: &Aim<'_>, ballot: &mut Ballot) {
        const LEAST: f32 = 0.2;
        let leads = self.leads(Pointer::Target, std::slice::from_ref(&aim.quote.content));
        let Some(nobody) = leads.nobody else { return };
        let weight = self.trust.target;
        ballot.set(&Toward::Nobody, Sign::Pointed, weight * nobody);
        let speaker = aim.spoken[aim.at].answer.figure;
        for &(figure, probability) in leads.figures.iter().filter(|one| Some(one.0) != speaker) {
            let person = Toward::Person(figure);
            if LEAST < probability && !ballot.rows.iter().any(|row| row.0 == person) {
                ballot.stand(person.clone(), Sign::Person);
            }
            ballot.set(&person, Sign::Pointed, weight * probability);
        }
        for (side, probability) in &leads.sides {
            let stands =
                |whom: &&Toward| matches!(whom, Toward::Side(own) | Toward::Body(own) if own == side);
            let whom = match ballot.rows.iter().map(|row| &row.0).find(stands).cloned() {
                Some(whom) => whom,
                None if LEAST < *probability => {
                    let body = Toward::Body(side.clone());
                    ballot.stand(body.clone(), Sign::Body);
                    body
                }
                None => continue,
            };
            ballot.set(&whom, Sign::Pointed, weight * probability);
        }
        let pair = ballot.rows.iter().find_map(|row| match &row.0 {
            Toward::Pair(first, second) => Some((row.0.clone(), leads.of(first).min(leads.of(second)))),
            _ => None,
        });
        if let Some((pair, least)) = pair {
            ballot.set(&pair, Sign::Pointed, weight * 2.0 * least);
        }
    }

    /// The persons whom a statement names or addresses.
    fn persons(&self, aim: &Aim<'_>, contents: &[std::ops::Range<usize>], ballot: &mut Ballot) {
        const PERSONS: usize = 4;
        let own = aim.sides[aim.at].side.as_str();
        let speaker = aim.spoken[aim.at].answer.figure;
        let sighted = |range: std::ops::Range<usize>| {
            let from = self.cast.sighted_from(range.start);
            self.cast.sightings[from..].iter().take_while(move |one| one.name.start < range.end).take(PERSONS)
        };
        let behind = aim.quote.cue.map(|cue| words::within(self.words, cue).end);
        let object = behind.into_iter().flat_map(|end| sighted(end..end + 4));
        let object = object.map(|one| (one.figure, Sign::PersonObject));
        let named = contents.iter().flat_map(|content| sighted(content.clone()));
        let named = named.map(|one| (one.figure, Sign::PersonNamed));
        let before = aim.at.checked_sub(1).and_then(|at| aim.spoken[at].answer.figure);
        let before = before.map(|figure| (figure, Sign::PersonAnswered));
        for (figure, sign) in object.chain(named).chain(before) {
            if Some(figure) == speaker || self.cast.figures[figure].evidence == 0 {
                continue;
            }
            let person = Toward::Person(figure);
            if !ballot.rows.iter().any(|row| row.0 == person) {
                let standing = ballot.rows.iter().filter(|row| matches!(row.0, Toward::Person(_)));
                if 2 * PERSONS <= standing.count() {
                    continue;
                }
                ballot.stand(person.clone(), Sign::Person);
                let side = &self.cast.figures[figure].side;
                ballot.add(&person, Sign::Fellow, f32::from(u8::from(!own.is_empty() && side == own)));
                ballot.add(&person, Sign::PersonSideless, f32::from(u8::from(own.is_empty())));
            }
            ballot.add(&person, sign, 1.0);
        }
    }
}
