//! The sides that a document names, and where.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::countries::{self, Found, Sense};
use super::words::Word;

/// Every place of a document in order, and the sides they stand for, the weightiest first.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    places: Vec<(usize, Found)>,
    ranked: Vec<(String, usize)>,
    /// Sides that are named otherwise than by a city.
    named: HashSet<&'static str>,
    /// Where each side is named first: index of the word.
    firsts: HashMap<&'static str, usize>,
}

impl Parties {
    /// Counts the places of a document; `named` says which words belong to a person's name and are no city.
    pub(crate) fn gather(words: &[Word], named: &dyn Fn(usize) -> bool) -> Self {
        let mut places = countries::all(words, 0..words.len());
        let taken: HashSet<usize> = places.iter().flat_map(|(at, found)| *at..at + found.len).collect();
        let free = |at: &usize| !taken.contains(at) && !named(*at);
        let cities = (0..words.len()).filter(free);
        places.extend(cities.filter_map(|at| Some((at, countries::city(words, at)?))));
        places.sort_by_key(|place| place.0);
        let told = places.iter().filter(|(_, found)| found.place.sense != Sense::City);
        let named = told.map(|(_, found)| found.place.side.as_str()).collect();
        let mut tally: HashMap<&'static str, (usize, usize)> = HashMap::new();
        for (at, found) in &places {
            tally.entry(found.place.side.as_str()).or_insert((0, *at)).0 += 1;
        }
        let firsts = tally.iter().map(|(side, (_, first))| (*side, *first)).collect();
        let mut ranked: Vec<(&str, (usize, usize))> = tally.into_iter().collect();
        ranked.sort_by_key(|&(_, (count, first))| (std::cmp::Reverse(count), first));
        let ranked = ranked.into_iter().map(|(side, (count, _))| (side.to_owned(), count)).collect();
        Self { places, ranked, named, firsts }
    }

    /// Counts the sides for which statements are made: a side that speaks is a party more than a place that
    /// is only named.
    pub(crate) fn heard<'s>(&mut self, sides: impl Iterator<Item = &'s str>) {
        const SPEAKS: usize = 3;
        let mut heard: HashMap<&str, usize> = HashMap::new();
        for side in sides.filter(|side| !side.is_empty()) {
            *heard.entry(side).or_default() += SPEAKS;
        }
        for party in &mut self.ranked {
            party.1 += heard.get(party.0.as_str()).copied().unwrap_or(0);
        }
        self.ranked.sort_by_key(|party| std::cmp::Reverse(party.1));
    }

    /// The places that open in these words: index of the first word and what it is.
    pub(crate) fn within(&self, words: Range<usize>) -> &[(usize, Found)] {
        let from = self.places.partition_point(|place| place.0 < words.start);
        let to = self.places.partition_point(|place| place.0 < words.end);
        &self.places[from..to.max(from)]
    }

    /// The first place of the document.
    pub(crate) fn first(&self) -> Option<&(usize, Found)> {
        self.places.first()
    }

    /// Whether only cities tell of a side.
    pub(crate) fn only_cities(&self, side: &str) -> bool {
        self.firsts.contains_key(side) && !self.named.contains(side)
    }

    /// Two sides joined in the order in which the document names them: "Peru and Chile".
    pub(crate) fn joined(&self, one: &str, other: &str) -> String {
        let first = |side: &str| self.firsts.get(side).copied().unwrap_or(usize::MAX);
        let (one, other) = if first(other) < first(one) { (other, one) } else { (one, other) };
        format!("{one} and {other}")
    }

    /// The sides with their weights, the heaviest first.
    pub(crate) fn ranked(&self) -> &[(String, usize)] {
        &self.ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::words;

    #[test]
    fn who_speaks_weighs_more() {
        let words = words::split("Chile, Chile and Peru met in Oslo.", &[]);
        let mut parties = Parties::gather(&words, &|_| false);
        let order = |parties: &Parties| -> Vec<String> {
            parties.ranked().iter().map(|party| party.0.clone()).collect()
        };
        assert_eq!(order(&parties), ["Chile", "Peru", "Norway"]);
        parties.heard(["Peru", ""].into_iter());
        assert_eq!(order(&parties), ["Peru", "Chile", "Norway"]);
        assert_eq!(parties.joined("Peru", "Chile"), "Chile and Peru");
        assert_eq!(parties.within(1..3).len(), 1, "the second Chile; \"and\" is no place");
    }
}
