//! Stance: what a statement does toward its counterpart.

use crate::quotes::Quote;
use crate::reader::Reading;

/// What a statement does toward its counterpart (column `stance`; meanings in STANCE.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Label {
    /// Welcomes, offers, agrees, praises, reassures.
    Conciliatory,
    /// Accuses, demands, rejects, threatens.
    Confrontational,
    /// Neither, or doubtful.
    #[default]
    Neutral,
}

/// Stance of one statement.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stance {
    /// The label.
    pub label: Label,
    /// Forced choice between the two poles; never `Neutral`.
    pub leaning: Label,
    /// Calibrated probability that it is conciliatory, 0–1.
    pub conciliatory: f32,
    /// … confrontational; the three sum to 1.
    pub confrontational: f32,
    /// … neutral.
    pub neutral: f32,
}

/// The stance of each quote, in the quotes' order.
pub fn classify(quotes: &[Quote], reading: &Reading) -> Vec<Stance> {
    let _ = reading;
    quotes
        .iter()
        .map(|_| Stance { leaning: Label::Conciliatory, neutral: 1.0, ..Stance::default() })
        .collect()
}
