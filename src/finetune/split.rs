//! What is learnt from and what is kept for checking, and in what order: drawn from a seed.

use std::collections::HashMap;

use super::codings::Coding;

/// Draws numbers: SplitMix64 (Steele, Lea & Flood, OOPSLA 2014).
#[derive(Debug, Clone)]
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Puts `items` in a drawn order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.next() % (last as u64 + 1);
            items.swap(last, other as usize);
        }
    }
}

/// Numbers of the codings to learn from and of those to check: of each label this share is checked, one at least and
/// not all. The same words never stand on both sides.
pub(super) fn split(codings: &[Coding], share: f64, draw: &mut Draw) -> (Vec<usize>, Vec<usize>) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    let leaders: Vec<usize> = codings
        .iter()
        .enumerate()
        .map(|(at, coding)| *first.entry(&coding.statement).or_insert(at))
        .collect();
    let labels = codings.iter().map(|coding| coding.label).max().map_or(0, |most| most + 1);
    let mut is_checked = vec![false; codings.len()];
    for label in 0..labels {
        let mut own: Vec<usize> =
            (0..codings.len()).filter(|&at| leaders[at] == at && codings[at].label == label).collect();
        draw.shuffle(&mut own);
        let wanted = (own.len() as f64 * share).round() as usize;
        let wanted = wanted.max(1).min(own.len().saturating_sub(1));
        own[..wanted].iter().for_each(|&at| is_checked[at] = true);
    }
    (0..codings.len()).partition(|&at| !is_checked[leaders[at]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coding(statement: &str, label: usize) -> Coding {
        let blank = String::new;
        Coding {
            line: 1,
            statement: statement.to_owned(),
            speaker: blank(),
            cue: blank(),
            context: blank(),
            label,
        }
    }

    #[test]
    fn each_label_is_on_both_sides_and_no_words_are() {
        let mut codings: Vec<Coding> = (0..50).map(|at| coding(&format!("s{at}"), at / 40)).collect();
        codings.extend((0..20).map(|at| coding(&format!("s{at}"), 0)));
        let (learnt, checked) = split(&codings, 0.2, &mut Draw::new(1));
        assert_eq!(learnt.len() + checked.len(), 70);
        let of = |side: &[usize], label| side.iter().filter(|&&at| codings[at].label == label).count();
        assert_eq!((of(&checked, 1), of(&learnt, 1)), (2, 8));
        assert!(
            checked.iter().all(|&a| learnt.iter().all(|&b| codings[a].statement != codings[b].statement))
        );
        assert_eq!(split(&codings, 0.2, &mut Draw::new(1)), (learnt.clone(), checked));
        assert_ne!(split(&codings, 0.2, &mut Draw::new(2)).0, learnt);
    }

    #[test]
    fn two_statements_are_one_and_one() {
        let codings = [coding("a", 0), coding("b", 0), coding("c", 1), coding("d", 1)];
        for share in [0.01, 0.99] {
            let (learnt, checked) = split(&codings, share, &mut Draw::new(7));
            assert_eq!((learnt.len(), checked.len()), (2, 2));
        }
    }
}
