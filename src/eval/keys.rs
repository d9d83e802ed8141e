//! Span keys, and the one-to-one matching of gold and predicted ones.

use std::cmp::Ordering;
use std::collections::HashSet;

/// Offsets of the letters and digits of some spans: sorted, each once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Key(Vec<usize>);

impl FromIterator<usize> for Key {
    fn from_iter<I: IntoIterator<Item = usize>>(offsets: I) -> Self {
        let mut offsets: Vec<usize> = offsets.into_iter().collect();
        offsets.sort_unstable();
        offsets.dedup();
        Self(offsets)
    }
}

impl Key {
    /// The offsets in order.
    pub fn offsets(&self) -> &[usize] {
        &self.0
    }

    /// How many offsets it holds.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many offsets both hold.
    pub fn shared(&self, other: &Key) -> usize {
        let (mut left, mut right, mut shared) = (self.0.as_slice(), other.0.as_slice(), 0);
        if self.0.last() < other.0.first() || other.0.last() < self.0.first() {
            return 0;
        }
        while let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right) {
            match a.cmp(b) {
                Ordering::Less => left = left_rest,
                Ordering::Greater => right = right_rest,
                Ordering::Equal => (left, right, shared) = (left_rest, right_rest, shared + 1),
            }
        }
        shared
    }

    /// Shared offsets over all offsets, 0–1; two empty keys have 0.
    pub fn jaccard(&self, other: &Key) -> f64 {
        match self.shared(other) {
            0 => 0.0,
            shared => shared as f64 / (self.len() + other.len() - shared) as f64,
        }
    }
}

/// Pairs gold and predicted keys one to one, greedily by falling Jaccard of at least `threshold` (> 0);
/// of equals the earlier gold key goes first, then the earlier predicted one.
pub fn match_greedily(gold: &[&Key], predicted: &[&Key], threshold: f64) -> Vec<(usize, usize)> {
    let mut candidates = Vec::new();
    for (a, g) in gold.iter().enumerate() {
        for (j, p) in predicted.iter().enumerate() {
            let jaccard = g.jaccard(p);
            if threshold <= jaccard {
                candidates.push((jaccard, a, j));
            }
        }
    }
    candidates.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)).then(x.2.cmp(&y.2)));
    let (mut gold_used, mut predicted_used) = (HashSet::new(), HashSet::new());
    let mut pairs = Vec::new();
    for (_, a, j) in candidates {
        if !gold_used.contains(&a) && !predicted_used.contains(&j) {
            gold_used.insert(a);
            predicted_used.insert(j);
            pairs.push((a, j));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(range: std::ops::Range<usize>) -> Key {
        range.collect()
    }

    #[test]
    fn equals_go_to_the_earlier_gold_key_then_to_the_earlier_prediction() {
        let (a, b, c) = (key(0..4), key(2..6), key(1..5));
        assert_eq!(match_greedily(&[&a, &b], &[&c], 0.5), [(0, 0)]);
        assert_eq!(match_greedily(&[&c], &[&b, &a], 0.5), [(0, 0)]);
    }

    #[test]
    fn the_better_pair_goes_first() {
        let (wide, narrow) = (key(0..10), key(0..6));
        assert_eq!(match_greedily(&[&wide, &narrow], &[&narrow], 0.5), [(1, 0)]);
        assert_eq!(match_greedily(&[&wide], &[&narrow], 0.61), []);
    }

    #[test]
    fn empty_keys_match_nothing() {
        assert_eq!(match_greedily(&[&Key::default()], &[&Key::default()], 1e-9), []);
    }

    proptest! {
        #[test]
        fn jaccard_is_symmetric_and_one_only_for_equals(
            a in proptest::collection::vec(0usize..30, 1..20),
            b in proptest::collection::vec(0usize..30, 1..20),
        ) {
            let (a, b): (Key, Key) = (a.into_iter().collect(), b.into_iter().collect());
            prop_assert_eq!(a.jaccard(&b), b.jaccard(&a));
            prop_assert_eq!(a.jaccard(&b) == 1.0, a == b);
        }

        #[test]
        fn matching_is_one_to_one(keys in proptest::collection::vec((0usize..40, 1usize..12), 0..24)) {
            let keys: Vec<Key> = keys.into_iter().map(|(start, len)| key(start..start + len)).collect();
            let (gold, predicted) = keys.split_at(keys.len() / 2);
            let pairs = match_greedily(
                &gold.iter().collect::<Vec<_>>(), &predicted.iter().collect::<Vec<_>>(), 0.5);
            let gold_once: HashSet<_> = pairs.iter().map(|pair| pair.0).collect();
            let predicted_once: HashSet<_> = pairs.iter().map(|pair| pair.1).collect();
            prop_assert_eq!((gold_once.len(), predicted_once.len()), (pairs.len(), pairs.len()));
        }
    }
}
