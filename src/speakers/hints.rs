//! What the reader's pointers say: whom a mention stands for, whom a speaker speaks for, whom a statement is made toward.

use std::collections::HashMap;
use std::ops::Range;

use crate::Span;
use crate::reader::{Pointed, Pointer, Reading};

use super::anaphora::LOOK_BACK;
use super::{Scene, countries, side, words};

/// Numbers tuned with the model, in its `config.json` under `thresholds`; what holds where they are missing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trust {
    /// What the log-probability of an antecedent weighs for a pronoun.
    pub(super) pronoun: f32,
    /// What the probability of a target weighs beside what else speaks for it.
    pub(super) target: f32,
}

impl Trust {
    /// As the model says.
    pub(super) fn of(reading: &Reading) -> Self {
        let tuned = |name: &str, default: f32| reading.threshold(name).unwrap_or(default);
        Self { pronoun: tuned("pointer_pronoun", 0.3), target: tuned("pointer_target", 1.5) }
    }
}

/// Probabilities of the sides that a speaker or a statement may point to.
#[derive(Debug, Default, Clone)]
pub(super) struct Leads {
    /// Countries and bodies by name.
    pub(super) sides: Vec<(String, f32)>,
    /// Persons.
    pub(super) figures: Vec<(usize, f32)>,
    /// That it points to nobody in its window; nothing where the reader has no such pointer.
    pub(super) nobody: Option<f32>,
}

impl Leads {
    /// Probability of a side, 0–1.
    pub(super) fn of(&self, side: &str) -> f32 {
        self.sides.iter().find(|one| one.0 == side).map_or(0.0, |one| one.1)
    }
}

/// How many words around a stretch its sides are looked for.
const AROUND: usize = 330;

/// How many namings behind a mention are asked about, and how many bodies before it.
const AHEAD: usize = 12;
const BODIES: usize = 20;

/// Log-probabilities of the persons that a mention may stand for.
#[derive(Debug, Default, Clone)]
pub(super) struct Hints {
    /// By index of the figure.
    figures: HashMap<usize, f32>,
    /// That it stands for nobody who is named in the window.
    nobody: Option<f32>,
    /// What a log-probability weighs.
    weight: f32,
}

impl Hints {
    /// What speaks for a figure, or for somebody without name: at most 0, and 0 for all where the reader has no
    /// pointers.
    pub(super) fn of(&self, figure: Option<usize>) -> f32 {
        const LEAST: f32 = -5.0;
        let Some(nobody) = self.nobody else { return 0.0 };
        let known = |figure| self.figures.get(&figure).copied().unwrap_or(Pointed::UNSEEN);
        self.weight * figure.map_or(nobody, known).max(LEAST)
    }
}

impl Scene<'_> {
    /// Where stretches of text point: mean over those that see anybody.
    pub(super) fn leads(&self, pointer: Pointer, asked: &[Vec<Span>]) -> Leads {
        let span = |range: Range<usize>| words::hull(self.words, range);
        let mut leads = Leads::default();
        let mut heard = 0;
        for from in asked {
            let Some(first) = from.first() else { continue };
            let at = words::within(self.words, *first).start;
            let around = at.saturating_sub(AROUND)..self.words.len().min(at + AROUND);
            let places = self.parties.within(around.clone());
            let bodies = self.cast.others.partition_point(|naming| naming.name.start < around.start);
            let bodies = self.cast.others[bodies..]
                .iter()
                .take_while(|naming| naming.name.start < around.end)
                .filter(|naming| naming.body && !self.is_of_state(&naming.name, places));
            let bodies: Vec<_> = bodies.take(4 * BODIES).map(|naming| naming.name.clone()).collect();
            let free = |at: usize| !bodies.iter().any(|name| name.contains(&at));
            let parties = self.cast.parties_within(&around).iter().filter(|(at, _)| free(*at));
            let parties: Vec<_> = parties.take(BODIES).map(|(at, _)| *at..at + 1).collect();
            let bodies: Vec<_> = bodies.iter().chain(&parties).cloned().collect();
            let seen = self.cast.sighted_from(around.start)..self.cast.sighted_from(around.end);
            let seen = match pointer {
                Pointer::Target => &self.cast.sightings[seen],
                Pointer::Side | Pointer::Antecedent => &[],
            };
            let candidates: Vec<Span> = places
                .iter()
                .map(|(at, found)| span(*at..at + found.len))
                .chain(bodies.iter().map(|name| span(name.clone())))
                .chain(seen.iter().map(|sighting| span(sighting.name.clone())))
                .collect();
            let Some(pointed) = self.reading.pointed(pointer, from, &candidates) else { continue };
            heard += 1;
            *leads.nobody.get_or_insert(0.0) += pointed.nobody.exp();
            let mut scores = pointed.candidates.iter().map(|score| score.exp());
            let named = places.iter().map(|(_, found)| found.place.side.clone());
            let named = named.chain(bodies.iter().map(|name| self.body_name(name.clone())));
            for (side, score) in named.zip(scores.by_ref()) {
                match leads.sides.iter_mut().find(|one| one.0 == side) {
                    Some(one) => one.1 += score,
                    None => leads.sides.push((side, score)),
                }
            }
            let scores = &pointed.candidates[pointed.candidates.len() - seen.len()..];
            for (sighting, score) in seen.iter().zip(scores) {
                match leads.figures.iter_mut().find(|one| one.0 == sighting.figure) {
                    Some(one) => one.1 += score.exp(),
                    None => leads.figures.push((sighting.figure, score.exp())),
                }
            }
        }
        let count = heard.max(1) as f32;
        leads.sides.iter_mut().for_each(|one| one.1 /= count);
        leads.figures.iter_mut().for_each(|one| one.1 /= count);
        leads.nobody = leads.nobody.map(|nobody| nobody / count);
        leads
    }

    /// Whether a body's name is that of a place, or of a part of its state: "the Chinese Foreign Ministry", not "Bank of
    /// China".
    fn is_of_state(&self, name: &Range<usize>, places: &[(usize, countries::Found)]) -> bool {
        let inside = places.iter().find(|(at, _)| name.contains(at));
        inside.is_some_and(|(_, found)| found.len == name.len() || side::is_public(&self.words[name.clone()]))
    }

    /// Asks the reader whom the words of `mention` stand for; nothing where it has no such pointer.
    pub(super) fn hints(&self, mention: Range<usize>) -> Hints {
        let span = |range: &Range<usize>| words::hull(self.words, range.clone());
        let before = self.cast.sighted_from(mention.start);
        let near = before.saturating_sub(LOOK_BACK)..self.cast.sightings.len().min(before + AHEAD);
        let near = &self.cast.sightings[near];
        let bodies = self.cast.others.partition_point(|naming| naming.name.start < mention.start);
        let bodies =
            self.cast.others[bodies.saturating_sub(BODIES)..bodies].iter().filter(|naming| naming.body);
        let places = self.parties.within(mention.start.saturating_sub(200)..mention.start);
        let candidates: Vec<Span> = near
            .iter()
            .map(|sighting| span(&sighting.name))
            .chain(bodies.map(|naming| span(&naming.name)))
            .chain(places.iter().map(|(at, found)| span(&(*at..at + found.len))))
            .collect();
        let from = [span(&mention)];
        let Some(pointed) = self.reading.pointed(Pointer::Antecedent, &from, &candidates) else {
            return Hints::default();
        };
        let mut hints =
            Hints { nobody: Some(pointed.nobody), weight: self.trust.pronoun, ..Hints::default() };
        for (sighting, score) in near.iter().zip(&pointed.candidates) {
            let known = hints.figures.entry(sighting.figure).or_insert(Pointed::UNSEEN);
            let (low, high) = (known.min(*score), known.max(*score));
            *known = high + (low - high).exp().ln_1p();
        }
        hints
    }
}
