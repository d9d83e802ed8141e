//! How sure the program is of a row: the probability that its content and its speaker are right.
//!
//! The stages say how sure they are each on its own; a logistic regression (Platt, 1999) makes one calibrated
//! probability of it. Its weights belong to the model and stand in `config.json` among the thresholds.

use crate::quotes::{Kind, Quote};
use crate::reader::config::Config;
use crate::speakers::Speaker;

/// Number of [`features`].
pub const FEATURES: usize = 4;

/// Names of the weights in `config.json`, in the order of [`features`].
pub const NAMES: [&str; FEATURES] =
    ["confidence_offset", "confidence_quote", "confidence_speaker", "confidence_direct"];

/// Weights of the regression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights(pub [f32; FEATURES]);

impl Weights {
    /// The model's weights; without them, halfway between the stages' own words.
    pub fn of(config: &Config) -> Self {
        let weight = |name: &str, otherwise| config.thresholds.get(name).copied().unwrap_or(otherwise);
        Self([weight(NAMES[0], 0.0), weight(NAMES[1], 0.5), weight(NAMES[2], 0.5), weight(NAMES[3], 0.0)])
    }

    /// Probability that content and speaker are right, 0–1.
    pub fn probability(&self, features: &[f32; FEATURES]) -> f32 {
        let sum: f32 = self.0.iter().zip(features).map(|(weight, feature)| weight * feature).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

/// What a row's confidence depends on: a constant, the quote's and the speaker's own confidence as log-odds, and
/// whether all of it stands in quotation marks.
pub fn features(quote: &Quote, speaker: &Speaker) -> [f32; FEATURES] {
    let direct = if quote.kind == Kind::Direct { 1.0 } else { 0.0 };
    [1.0, log_odds(quote.confidence), log_odds(speaker.confidence), direct]
}

fn log_odds(probability: f32) -> f32 {
    let probability = probability.clamp(0.02, 0.98);
    (probability / (1.0 - probability)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quote(kind: Kind, confidence: f32) -> Quote {
        Quote { content: vec![], kind, cue: None, mention: None, confidence, basis: String::new() }
    }

    #[test]
    fn surer_stages_make_a_surer_row() {
        let speaker = |confidence| Speaker { confidence, ..Speaker::default() };
        let weights = Weights([0.0, 0.5, 0.5, 0.5]);
        let sure = |quote: &Quote, speaker: &Speaker| weights.probability(&features(quote, speaker));
        let plain = sure(&quote(Kind::Indirect, 0.7), &speaker(0.7));
        assert!((plain - 0.7).abs() < 1e-6, "both weigh half: their common word, {plain}");
        assert!(plain < sure(&quote(Kind::Indirect, 0.9), &speaker(0.7)));
        assert!(plain < sure(&quote(Kind::Indirect, 0.7), &speaker(0.8)));
        assert!(plain < sure(&quote(Kind::Direct, 0.7), &speaker(0.7)));
        let certain = sure(&quote(Kind::Direct, 1.0), &speaker(1.0));
        assert!(certain < 1.0, "nothing is certain");
    }
}
