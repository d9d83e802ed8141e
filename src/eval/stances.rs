//! Stance against gold: macro-F, leaning, flips between the poles, calibration.

use super::counts::{Retrieval, Share};
use super::reliability::Reliability;
use crate::stance::{Label, Stance};

/// The classes in the order of the confusion table.
pub const LABELS: [Label; 3] = [Label::Conciliatory, Label::Confrontational, Label::Neutral];

/// Gold and predicted stances of some statements.
#[derive(Debug, Clone, Default)]
pub struct Stances(Vec<(Label, Stance)>);

impl Stances {
    /// Adds one statement.
    pub fn add(&mut self, gold: Label, predicted: Stance) {
        self.0.push((gold, predicted));
    }

    /// How many statements there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts by gold (row) and predicted class (column), in the order of [`LABELS`].
    pub fn confusion(&self) -> [[usize; 3]; 3] {
        let mut table = [[0; 3]; 3];
        for (gold, predicted) in &self.0 {
            table[place(*gold)][place(predicted.label)] += 1;
        }
        table
    }

    /// Mean F of the three classes, 0–1.
    pub fn macro_f(&self) -> f64 {
        let table = self.confusion();
        let f = |class: usize| {
            let mut count = Retrieval::default();
            let predicted = table.iter().map(|row| row[class]).sum();
            count.add(table[class][class], predicted, table[class].iter().sum());
            count.f()
        };
        (0..3).map(f).sum::<f64>() / 3.0
    }

    /// Share of the right labels.
    pub fn accuracy(&self) -> f64 {
        self.share(|_| true, |gold, predicted| predicted.label == gold)
    }

    /// Share of the gold poles towards which the forced choice leans, 0–1.
    pub fn leaning(&self) -> f64 {
        self.share(is_pole, |gold, predicted| predicted.leaning == gold)
    }

    /// Share of the gold poles that were given the opposite label, 0–1.
    pub fn flips(&self) -> f64 {
        self.share(is_pole, |gold, predicted| is_pole(predicted.label) && predicted.label != gold)
    }

    /// How far the probability of the likeliest label is to be believed.
    pub fn reliability(&self) -> Reliability {
        let mut cases = Reliability::default();
        for (gold, predicted) in &self.0 {
            let (label, probability) = likeliest(predicted);
            cases.add(probability, label == *gold);
        }
        cases
    }

    fn share(&self, among: fn(Label) -> bool, right: fn(Label, &Stance) -> bool) -> f64 {
        let mut share = Share::default();
        for (gold, predicted) in self.0.iter().filter(|(gold, _)| among(*gold)) {
            share.add(right(*gold, predicted));
        }
        share.rate()
    }
}

/// The label a corpus names by word or by letter.
pub fn label_of(name: &str) -> Label {
    match name {
        "conciliatory" | "C" => Label::Conciliatory,
        "confrontational" | "F" => Label::Confrontational,
        _ => Label::Neutral,
    }
}

/// The word for a label; the corpora have no further ones.
pub fn name_of(label: Label) -> &'static str {
    match label {
        Label::Conciliatory => "conciliatory",
        Label::Confrontational => "confrontational",
        Label::Neutral => "neutral",
        Label::Further(_) => "further",
    }
}

/// A further label of a model is none of the corpora's poles.
fn place(label: Label) -> usize {
    label.place().min(2)
}

fn is_pole(label: Label) -> bool {
    matches!(label, Label::Conciliatory | Label::Confrontational)
}

fn likeliest(stance: &Stance) -> (Label, f64) {
    let probabilities = [stance.conciliatory, stance.confrontational, stance.neutral];
    let mut best = (LABELS[0], probabilities[0]);
    for (label, probability) in LABELS.into_iter().zip(probabilities) {
        if best.1 < probability {
            best = (label, probability);
        }
    }
    (best.0, f64::from(best.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Label::{Conciliatory as C, Confrontational as F, Neutral as N};

    fn stance(c: f32, f: f32, n: f32) -> Stance {
        let mut stance = Stance { conciliatory: c, confrontational: f, neutral: n, ..Stance::default() };
        stance.label = likeliest(&stance).0;
        stance.leaning = if c < f { F } else { C };
        stance
    }

    fn sample() -> Stances {
        let mut stances = Stances::default();
        stances.add(C, stance(0.8, 0.1, 0.1));
        stances.add(C, stance(0.1, 0.6, 0.3));
        stances.add(F, stance(0.1, 0.3, 0.6));
        stances.add(N, stance(0.2, 0.2, 0.6));
        stances
    }

    #[test]
    fn macro_f_is_the_mean_over_three_classes() {
        let (c, f, n) = (2.0 / 3.0, 0.0, 2.0 / 3.0);
        assert!((sample().macro_f() - (c + f + n) / 3.0).abs() < 1e-12);
        assert_eq!(sample().confusion(), [[1, 1, 0], [0, 0, 1], [0, 0, 1]]);
    }

    #[test]
    fn leaning_and_flips_are_over_the_gold_poles() {
        assert!((sample().leaning() - 2.0 / 3.0).abs() < 1e-12);
        assert!((sample().flips() - 1.0 / 3.0).abs() < 1e-12);
    }
}
