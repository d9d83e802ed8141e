//! Pointers: which naming in the window a mention or a statement points to.
//!
//! Biaffine scores without a bias between two stretches of text, as mention-ranking coreference has them (Lee et al.,
//! EMNLP 2017), learnt on one encoder with the other heads. They are worked out on demand, for each window that is
//! asked about.

use super::Reading;
use super::reading::Vectors;
use crate::Span;

/// What a stretch of text points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pointer {
    /// From a pronoun or description to a name of whom it stands for.
    Antecedent,
    /// From the words that stand for a speaker to the country or body spoken for.
    Side,
    /// From a statement's content to whom it is made toward.
    Target,
}

impl Pointer {
    /// The pointer of this name in `config.json`.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "antecedent" => Some(Self::Antecedent),
            "side" => Some(Self::Side),
            "target" => Some(Self::Target),
            _ => None,
        }
    }
}

/// Where a stretch of text points.
#[derive(Debug, Clone, PartialEq)]
pub struct Pointed {
    /// Log-probability that it points to none of the candidates in its window.
    pub nobody: f32,
    /// Log-probability of each candidate; [`Pointed::UNSEEN`] outside the window.
    pub candidates: Vec<f32>,
}

impl Pointed {
    /// Log-probability of a candidate outside the window.
    pub const UNSEEN: f32 = -9.0;
}

/// Most tokens of one stretch that are asked.
const ASKED: usize = 32;

impl Reading {
    /// Where the stretch `from` points: probabilities over nobody and the candidates' first tokens in the same window,
    /// mean of the logarithms over the stretch's first 32 tokens.
    ///
    /// Nothing where the model has no such pointer or there are no vectors.
    pub fn pointed(&self, pointer: Pointer, from: &[Span], candidates: &[Span]) -> Option<Pointed> {
        let vectors = self.vectors.as_ref()?;
        let number = vectors.heads.pointers.iter().position(|(own, _)| *own == pointer)?;
        let layer = &vectors.heads.pointers[number].1;
        let firsts: Vec<usize> = candidates.iter().map(|&span| self.tokens_of(span).start).collect();
        let mut totals = vec![0.0; 1 + candidates.len()];
        let mut asked = 0;
        for part in from {
            let part = self.tokens_of(*part);
            let part = part.start..part.end.min(part.start + ASKED - asked.min(ASKED));
            for (window, index) in self.windows_of(&part) {
                let own = part.start.max(window.own.start)..part.end.min(window.own.end);
                let seen = window.seen();
                let inside: Vec<usize> = (0..firsts.len()).filter(|&i| seen.contains(&firsts[i])).collect();
                let Some(rows) = vectors.pointer_rows(number, index, 1 + seen.len()) else { continue };
                let outputs = layer.outputs;
                let row = |at: usize| &rows[at * outputs..(at + 1) * outputs];
                let size = layer.outputs / 2;
                for token in own.clone() {
                    let query = &row(window.row(token))[..size];
                    let scale = 1.0 / (size as f32).sqrt();
                    let dot = |at: usize| {
                        row(at)[size..].iter().zip(query).map(|(a, b)| a * b).sum::<f32>() * scale
                    };
                    let keys = std::iter::once(0).chain(inside.iter().map(|&i| window.row(firsts[i])));
                    let mut scores: Vec<f32> = keys.map(dot).collect();
                    let columns = scores.len();
                    super::lanes::log_softmax(&mut scores, columns);
                    totals[0] += scores[0].max(Pointed::UNSEEN);
                    let mut row = vec![Pointed::UNSEEN; candidates.len()];
                    for (&i, score) in inside.iter().zip(&scores[1..]) {
                        row[i] = score.max(Pointed::UNSEEN);
                    }
                    totals[1..].iter_mut().zip(row).for_each(|(total, score)| *total += score);
                }
                asked += own.len();
            }
        }
        let mean = |total: f32| total / asked as f32;
        let (nobody, candidates) = totals.split_first()?;
        (0 < asked).then(|| Pointed {
            nobody: mean(*nobody),
            candidates: candidates.iter().map(|&total| mean(total)).collect(),
        })
    }
}

impl Vectors {
    /// Queries (first half) and keys of the pointer of this number for the first `count` rows of a window, row after
    /// row; worked out when they are asked for first.
    fn pointer_rows(&self, pointer: usize, window: usize, count: usize) -> Option<&[f32]> {
        let width = self.heads.config.width;
        let first = *self.first_rows.get(window)?;
        let hidden = self.hidden.get(first * width..(first + count) * width)?;
        let place = self.pointed.get(window * self.heads.pointers.len() + pointer)?;
        Some(place.get_or_init(|| self.heads.pointers[pointer].1.apply(hidden, count)))
    }
}
