//! Counts behind the figures: precision, recall and plain shares.

/// What precision and recall are made of. Right answers are counted from both sides, as the side
/// decides which kind of statement they count for; soft scores are sums of shares.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Retrieval {
    /// Predictions that are right.
    pub right_predicted: f64,
    /// All predictions.
    pub predicted: f64,
    /// Gold answers that were found.
    pub right_gold: f64,
    /// All gold answers.
    pub gold: f64,
}

impl Retrieval {
    /// Adds `right` matched pairs out of so many predicted and gold answers.
    pub fn add(&mut self, right: usize, predicted: usize, gold: usize) {
        self.right_predicted += right as f64;
        self.right_gold += right as f64;
        self.predicted += predicted as f64;
        self.gold += gold as f64;
    }

    /// Share of the predictions that are right, 0–1; 0 without predictions.
    pub fn precision(&self) -> f64 {
        ratio(self.right_predicted, self.predicted)
    }

    /// Share of the gold answers that were found, 0–1; 0 without gold.
    pub fn recall(&self) -> f64 {
        ratio(self.right_gold, self.gold)
    }

    /// Harmonic mean of precision and recall, 0–1.
    pub fn f(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        ratio(2.0 * p * r, p + r)
    }
}

/// How many of some cases are right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Right cases.
    pub right: usize,
    /// All cases.
    pub of: usize,
}

impl Share {
    /// Adds one case.
    pub fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }

    /// Right cases over all, 0–1; 0 without cases.
    pub fn rate(&self) -> f64 {
        ratio(self.right as f64, self.of as f64)
    }
}

/// `part / whole`, 0 where there is no whole.
pub fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_is_the_harmonic_mean() {
        let mut found = Retrieval::default();
        found.add(1, 2, 4);
        assert_eq!((found.precision(), found.recall()), (0.5, 0.25));
        assert!((found.f() - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_counts_as_zero() {
        assert_eq!(Retrieval::default().f(), 0.0);
        assert_eq!(Share::default().rate(), 0.0);
    }
}
