//! A small net that weighs candidates against each other: sides of speakers, targets of statements.
//!
//! A candidate's weight is a linear one of its signs plus a hidden layer's that also sees what the others have: the most of each
//! sign among all candidates, and among all but this one. Weights in models/cast, fitted by models/train/ballots.py.

use std::sync::OnceLock;

use safetensors::SafeTensors;

/// The trained weights for one question.
pub(super) struct Net {
    /// One number a sign.
    linear: Vec<f32>,
    /// Rows of three numbers a sign: the candidate's own, the most of all, the most of the others.
    hidden: Vec<f32>,
    /// One number a hidden unit.
    bias: Vec<f32>,
    /// One number a hidden unit.
    out: Vec<f32>,
}

/// What weighs the sides of a speaker.
pub(super) fn sides() -> Option<&'static Net> {
    static NET: OnceLock<Option<Net>> = OnceLock::new();
    NET.get_or_init(|| Net::read("side")).as_ref()
}

/// What weighs the targets of a statement.
pub(super) fn targets() -> Option<&'static Net> {
    static NET: OnceLock<Option<Net>> = OnceLock::new();
    NET.get_or_init(|| Net::read("target")).as_ref()
}

impl Net {
    fn read(question: &str) -> Option<Self> {
        let tensors =
            SafeTensors::deserialize(include_bytes!("../../models/cast/choices.safetensors")).ok()?;
        let floats = |part: &str| -> Option<Vec<f32>> {
            let data = tensors.tensor(&format!("{question}.{part}")).ok()?.data();
            Some(data.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
        };
        let net = Self {
            linear: floats("linear")?,
            hidden: floats("hidden")?,
            bias: floats("bias")?,
            out: floats("out")?,
        };
        let fits =
            net.hidden.len() == net.bias.len() * 3 * net.linear.len() && net.out.len() == net.bias.len();
        fits.then_some(net)
    }

    /// The number of the candidate that weighs most, the first of equals; nothing for none, or for rows of another length.
    pub(super) fn winner<const N: usize>(&self, rows: &[[f32; N]]) -> Option<usize> {
        let weights = self.weights(rows)?;
        let best = weights.iter().enumerate().reduce(|a, b| if a.1 < b.1 { b } else { a })?;
        Some(best.0)
    }

    /// A weight for each candidate; nothing for rows of another length.
    fn weights<const N: usize>(&self, rows: &[[f32; N]]) -> Option<Vec<f32>> {
        if N != self.linear.len() {
            return None;
        }
        let (most, second) = tops(rows);
        let units = || self.hidden.chunks_exact(3 * N);
        let shared: Vec<f32> =
            units().zip(&self.bias).map(|(unit, bias)| bias + dot(&unit[N..2 * N], &most)).collect();
        let weigh = |row: &[f32; N]| {
            let others: [f32; N] =
                std::array::from_fn(|sign| if most[sign] <= row[sign] { second[sign] } else { most[sign] });
            let units = units().zip(&shared).zip(&self.out);
            let hidden: f32 = units
                .map(|((unit, shared), out)| {
                    let sum = shared + dot(&unit[..N], row) + dot(&unit[2 * N..], &others);
                    out * sum.max(0.0)
                })
                .sum();
            dot(&self.linear, row) + hidden
        };
        Some(rows.iter().map(weigh).collect())
    }
}

/// The greatest and second greatest of each sign, 0 at least.
fn tops<const N: usize>(rows: &[[f32; N]]) -> ([f32; N], [f32; N]) {
    let (mut most, mut second) = ([0.0; N], [0.0; N]);
    for row in rows {
        for ((most, second), &value) in most.iter_mut().zip(&mut second).zip(row) {
            if *most < value {
                (*most, *second) = (value, *most);
            } else if *second < value {
                *second = value;
            }
        }
    }
    (most, second)
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Candidates with the trainer's own weights for them.
    type Reference = std::collections::HashMap<String, Vec<(Vec<Vec<f32>>, Vec<f32>)>>;

    fn agree<const N: usize>(net: &Net, cases: &[(Vec<Vec<f32>>, Vec<f32>)]) {
        for (rows, theirs) in cases {
            let rows: Vec<[f32; N]> = rows.iter().map(|row| row.as_slice().try_into().unwrap()).collect();
            let ours = net.weights(&rows).unwrap();
            for (ours, theirs) in ours.iter().zip(theirs) {
                assert!((ours - theirs).abs() < 1e-3, "{ours}, not {theirs}");
            }
        }
    }

    #[test]
    fn as_the_trainer_computes_it() {
        let reference: Reference =
            serde_json::from_str(include_str!("../../models/cast/reference.json")).unwrap();
        agree::<{ super::super::allegiance::FEATURES }>(sides().unwrap(), &reference["side"]);
        agree::<{ super::super::target::SIGNS }>(targets().unwrap(), &reference["target"]);
    }

    #[test]
    fn what_others_have() {
        let (most, second) = tops(&[[1.0, -1.0], [3.0, -2.0], [2.0, 0.5]]);
        assert_eq!((most, second), ([3.0, 0.5], [2.0, 0.0]));
        assert_eq!(sides().unwrap().winner::<3>(&[[0.0; 3]]), None, "rows of another length");
        assert_eq!(targets().unwrap().winner::<{ super::super::target::SIGNS }>(&[]), None);
    }

    proptest! {
        #[test]
        fn the_winner_does_not_depend_on_the_others_order(
            rows in prop::collection::vec(prop::array::uniform28(0f32..1.0), 2..6), by in 1usize..6,
        ) {
            let mut turned = rows.clone();
            let by = by % rows.len();
            turned.rotate_left(by);
            let net = targets().unwrap();
            let weights = net.weights(&rows).unwrap();
            let mut again = net.weights(&turned).unwrap();
            again.rotate_right(by);
            for (a, b) in weights.iter().zip(again) {
                prop_assert!((a - b).abs() < 1e-3);
            }
        }
    }
}
