//! Stance: what a statement does toward its counterpart.

use crate::quotes::Quote;
use crate::reader::{Reader, Reading, StanceScores};
use crate::{Span, paragraphs};

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

/// Words of context that a lone statement is read with; as many as in training (`tail` in models/train/corpora.py).
const CONTEXT_WORDS: usize = 50;

/// The stance of each quote, in the quotes' order.
pub fn classify(quotes: &[Quote], reading: &Reading) -> Vec<Stance> {
    let stance = |quote: &Quote| {
        calibrated(reading.stance(&quote.content, quote.cue, quote.mention), reading.stance_temperature())
    };
    quotes.iter().map(stance).collect()
}

/// The stance of a statement without its article; speaker, cue and context may be empty.
pub(crate) fn of_lone_statement(
    reader: &Reader,
    statement: &str,
    speaker: &str,
    cue: &str,
    context: &str,
) -> Stance {
    let words: Vec<&str> = context.split_whitespace().collect();
    let mut text = words[words.len().saturating_sub(CONTEXT_WORDS)..].join(" ");
    if !text.is_empty() {
        text.push('\n');
    }
    let mut append = |words: &str, after: &str| {
        let start = text.len();
        for (i, word) in words.split_whitespace().enumerate() {
            text.push_str(if i == 0 { "" } else { " " });
            text.push_str(word);
        }
        let span = Span::new(start, text.len());
        text.push_str(if span.is_empty() { "" } else { after });
        (!span.is_empty()).then_some(span)
    };
    let speaker = append(speaker, if cue.trim().is_empty() { ": " } else { " " });
    let cue = append(cue, ": ");
    let content = append(statement, "");
    let reading = reader.read(&text, &paragraphs::split(&text));
    let scores = content.map_or(StanceScores::UNREAD, |content| reading.stance(&[content], cue, speaker));
    calibrated(scores, reading.stance_temperature())
}

/// Probabilities by temperature scaling (Guo et al., ICML 2017).
fn calibrated(scores: StanceScores, temperature: f32) -> Stance {
    let top = scores.logits.iter().fold(f32::NEG_INFINITY, |top, &logit| top.max(logit));
    let weights = scores.logits.map(|logit| ((logit - top) / temperature).exp());
    let total: f32 = weights.iter().sum();
    let [conciliatory, confrontational, neutral] = weights.map(|weight| weight / total);
    let label = if conciliatory > neutral && conciliatory > confrontational {
        Label::Conciliatory
    } else if confrontational > neutral {
        Label::Confrontational
    } else {
        Label::Neutral
    };
    let leans =
        |poles: [f32; 2]| if poles[1] > poles[0] { Label::Confrontational } else { Label::Conciliatory };
    let leaning = if label == Label::Neutral { leans(scores.leaning) } else { label };
    Stance { label, leaning, conciliatory, confrontational, neutral }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leaning_of_a_pole_is_the_pole() {
        let stance = calibrated(StanceScores { logits: [0.2, 1.9, 0.4], leaning: [3.0, -3.0] }, 1.0);
        assert_eq!((stance.label, stance.leaning), (Label::Confrontational, Label::Confrontational));
    }

    #[test]
    fn temperature_flattens_and_keeps_the_order() {
        let scores = StanceScores { logits: [2.0, 0.0, 1.0], leaning: [0.0, 0.0] };
        let (cold, warm) = (calibrated(scores, 1.0), calibrated(scores, 2.0));
        assert_eq!(cold.label, warm.label);
        assert!(warm.conciliatory < cold.conciliatory && cold.neutral < cold.conciliatory);
        assert!((warm.conciliatory + warm.confrontational + warm.neutral - 1.0).abs() < 1e-6);
    }

    #[test]
    fn nothing_read_is_neutral() {
        assert_eq!(calibrated(StanceScores::UNREAD, 1.0).label, Label::Neutral);
    }
}
