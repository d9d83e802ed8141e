//! Reliability: whether what is said to be right with probability p is right in p of the cases.

use super::counts::ratio;
use super::report::{Value, markdown_table, show};
use crate::confidence::{FEATURES, NAMES, Weights};

/// Number of bins of equal width.
const BINS: usize = 10;

/// Probabilities and whether what they stand for was right.
#[derive(Debug, Clone, Default)]
pub struct Reliability(Vec<(f64, bool)>);

/// Cases whose probability lies in one bin.
#[derive(Debug, Clone, Copy, Default)]
struct Bin {
    cases: usize,
    right: usize,
    probability: f64,
}

impl Reliability {
    /// Adds one case.
    pub fn add(&mut self, probability: f64, right: bool) {
        self.0.push((probability, right));
    }

    /// Expected calibration error: the mean distance, over ten bins of the probability, between it and the
    /// share of right answers; 0–1, less is better.
    pub fn calibration_error(&self) -> f64 {
        let distance: f64 = self.bins().iter().map(|bin| (bin.right as f64 - bin.probability).abs()).sum();
        ratio(distance, self.0.len() as f64)
    }

    /// The bins in use: cases, mean probability, share of right answers.
    pub fn table(&self, said: &str) -> String {
        let header = [said, "cases", "mean", "right"].map(str::to_owned);
        let used = self.bins().into_iter().enumerate().filter(|(_, bin)| 0 < bin.cases);
        let rows = used.map(|(i, bin)| {
            let cases = bin.cases as f64;
            vec![
                format!("{}–{} %", 10 * i, 10 * (i + 1)),
                bin.cases.to_string(),
                show(Value::Share(ratio(bin.probability, cases))),
                show(Value::Share(ratio(bin.right as f64, cases))),
            ]
        });
        markdown_table(&header, rows)
    }

    fn bins(&self) -> [Bin; BINS] {
        let mut bins = [Bin::default(); BINS];
        for (probability, right) in &self.0 {
            let bin = &mut bins[((probability * BINS as f64).ceil() as usize).clamp(1, BINS) - 1];
            bin.cases += 1;
            bin.right += usize::from(*right);
            bin.probability += probability;
        }
        bins
    }
}

/// Rows with what their confidence depends on, and whether content and speaker were right.
#[derive(Debug, Clone, Default)]
pub struct Rows(Vec<([f32; FEATURES], bool)>);

impl Rows {
    /// Adds a row.
    pub fn add(&mut self, features: [f32; FEATURES], right: bool) {
        self.0.push((features, right));
    }

    /// The weights that make these rows likeliest (logistic regression by gradient descent), for `config.json`.
    pub fn fitted(&self) -> Weights {
        const STEPS: usize = 3000;
        const RATE: f32 = 0.3;
        let mut weights = Weights([0.0; FEATURES]);
        for _ in 0..STEPS {
            let mut slope = [0.0; FEATURES];
            for (features, right) in &self.0 {
                let excess = weights.probability(features) - f32::from(u8::from(*right));
                for (slope, feature) in slope.iter_mut().zip(features) {
                    *slope += excess * feature;
                }
            }
            for (weight, slope) in weights.0.iter_mut().zip(slope) {
                *weight -= RATE * slope / self.0.len().max(1) as f32;
            }
        }
        weights
    }

    /// The fitted weights in words.
    pub fn fitted_words(&self) -> String {
        let fitted = self.fitted();
        let one = |(name, weight): (&&str, &f32)| format!("{name} {weight:.2}");
        NAMES.iter().zip(&fitted.0).map(one).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calibration_compares_confidence_with_truth_bin_by_bin() {
        let mut cases = Reliability::default();
        assert_eq!(cases.calibration_error(), 0.0);
        // 0.8 right: 0.2 off. Three at 0.6, one of them right: |1 − 1.8| = 0.8 off.
        for (probability, right) in [(0.8, true), (0.6, true), (0.6, false), (0.6, false)] {
            cases.add(probability, right);
        }
        assert!((cases.calibration_error() - 1.0 / 4.0).abs() < 1e-9);
        assert!(cases.table("p").contains("| 50–60 % | 3 | 60.0 | 33.3 |\n"), "{}", cases.table("p"));
    }

    #[test]
    fn the_fit_finds_the_share_of_right_rows() {
        let mut rows = Rows::default();
        for i in 0..100 {
            rows.add([1.0, 1.0, 0.0, 0.0], i % 4 != 0);
            rows.add([1.0, -1.0, 0.0, 0.0], i % 4 == 0);
        }
        let fitted = rows.fitted();
        assert!((fitted.probability(&[1.0, 1.0, 0.0, 0.0]) - 0.75).abs() < 0.01, "{fitted:?}");
        assert!((fitted.probability(&[1.0, -1.0, 0.0, 0.0]) - 0.25).abs() < 0.01, "{fitted:?}");
    }
}
