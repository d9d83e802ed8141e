//! Stance: what a statement does toward its counterpart.

use crate::quotes::Quote;
use crate::reader::heads::FURTHER;
use crate::reader::{Reader, Reading, StanceScores};
use crate::{Span, paragraphs};

/// What a statement does toward its counterpart (column `stance`; meanings in STANCE.md). A model fitted to a codebook
/// of one's own has its own [`Labels`]: their names, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Label {
    /// Welcomes, offers, agrees, praises, reassures.
    Conciliatory,
    /// Accuses, demands, rejects, threatens.
    Confrontational,
    /// Neither, or doubtful.
    #[default]
    Neutral,
    /// Number 3, 4, … of a model with more labels than these three.
    Further(u8),
}

impl Label {
    /// The label that stands at this place of a model's list.
    pub fn at(place: usize) -> Self {
        match place {
            0 => Self::Conciliatory,
            1 => Self::Confrontational,
            2 => Self::Neutral,
            _ => Self::Further(u8::try_from(place).unwrap_or(u8::MAX)),
        }
    }

    /// Its place in a model's list.
    pub fn place(self) -> usize {
        match self {
            Self::Conciliatory => 0,
            Self::Confrontational => 1,
            Self::Neutral => 2,
            Self::Further(place) => usize::from(place),
        }
    }
}

/// Names of a model's stance labels: the friendly pole, the adverse pole, then (if any) the middle and others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels(Vec<String>);

impl Labels {
    /// Fewest and most labels of a model.
    pub const COUNT: std::ops::RangeInclusive<usize> = 2..=3 + FURTHER;

    /// Labels of these names; what is wrong with them, if anything.
    ///
    /// # Errors
    /// Too few, too many, a name that is empty or there twice.
    pub fn new(names: Vec<String>) -> Result<Self, String> {
        let (least, most) = (Self::COUNT.start(), Self::COUNT.end());
        if !Self::COUNT.contains(&names.len()) {
            return Err(format!("{} labels; a model has {least} to {most}", names.len()));
        }
        if names.iter().any(|name| name.trim().is_empty()) {
            return Err("a label without a name".to_owned());
        }
        match (1..names.len()).find(|&at| names[..at].contains(&names[at])) {
            Some(twice) => Err(format!("label {:?} is there twice", names[twice])),
            None => Ok(Self(names)),
        }
    }

    /// The names in their order.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Name of a label, empty if the model has none at its place.
    pub fn name(&self, label: Label) -> &str {
        self.0.get(label.place()).map_or("", String::as_str)
    }
}

impl Default for Labels {
    /// Those of the shipped model: conciliatory, confrontational, neutral.
    fn default() -> Self {
        Self(["conciliatory", "confrontational", "neutral"].map(str::to_owned).into())
    }
}

/// Stance of one statement.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stance {
    /// The label.
    pub label: Label,
    /// Forced choice between the two poles.
    pub leaning: Label,
    /// Calibrated probability that it is conciliatory, 0–1.
    pub conciliatory: f32,
    /// … confrontational; all sum to 1.
    pub confrontational: f32,
    /// … neutral.
    pub neutral: f32,
    /// … of a model's further labels, 0 where it has none.
    pub further: [f32; FURTHER],
}

impl Stance {
    /// All probabilities, in the order of a model's [`Labels`].
    pub fn probabilities(&self) -> [f32; 3 + FURTHER] {
        let [a, b, c, d, e] = self.further;
        [self.conciliatory, self.confrontational, self.neutral, a, b, c, d, e]
    }
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

/// A statement without its article; speaker, cue and context may be empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lone<'a> {
    pub statement: &'a str,
    pub speaker: &'a str,
    pub cue: &'a str,
    pub context: &'a str,
}

impl Lone<'_> {
    pub(crate) fn stance(self, reader: &Reader) -> Stance {
        let (reading, content, cue, speaker) = self.read(reader);
        let scores = content.map_or(StanceScores::UNREAD, |content| reading.stance(&[content], cue, speaker));
        calibrated(scores, reading.stance_temperature())
    }

    /// What its stance is read from; nothing if it has no words.
    #[cfg(feature = "torch")]
    pub(crate) fn features(self, reader: &Reader) -> Option<crate::reader::StanceFeatures> {
        let (reading, content, cue, speaker) = self.read(reader);
        reading.stance_features(&[content?], cue, speaker)
    }

    /// Reads `context ⏎ speaker cue: statement`; gives the spans of statement, cue and speaker.
    fn read(self, reader: &Reader) -> (Reading, Option<Span>, Option<Span>, Option<Span>) {
        let (text, content, cue, speaker) = self.text();
        (reader.read(&text, &paragraphs::split(&text)), content, cue, speaker)
    }

    fn text(self) -> (String, Option<Span>, Option<Span>, Option<Span>) {
        let Self { statement, speaker, cue, context } = self;
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
        (text, content, cue, speaker)
    }
}

/// Probabilities by temperature scaling (Guo et al., ICML 2017).
fn calibrated(scores: StanceScores, temperature: f32) -> Stance {
    let [a, b, c] = scores.logits;
    let [d, e, f, g, h] = scores.further;
    let logits = [a, b, c, d, e, f, g, h];
    let top = logits.iter().fold(f32::NEG_INFINITY, |top, &logit| top.max(logit));
    let weights = logits.map(|logit| ((logit - top) / temperature).exp());
    let total: f32 = weights.iter().sum();
    let probabilities = weights.map(|weight| weight / total);
    let [conciliatory, confrontational, neutral, further @ ..] = probabilities;
    let mut label = if conciliatory > neutral && conciliatory > confrontational {
        Label::Conciliatory
    } else if confrontational > neutral {
        Label::Confrontational
    } else {
        Label::Neutral
    };
    for (place, probability) in probabilities.iter().enumerate().skip(3) {
        if *probability > probabilities[label.place()] {
            label = Label::at(place);
        }
    }
    let leans =
        |poles: [f32; 2]| if poles[1] > poles[0] { Label::Confrontational } else { Label::Conciliatory };
    let is_pole = matches!(label, Label::Conciliatory | Label::Confrontational);
    let leaning = if is_pole { label } else { leans(scores.leaning) };
    Stance { label, leaning, conciliatory, confrontational, neutral, further }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leaning_of_a_pole_is_the_pole() {
        let stance = calibrated(
            StanceScores { logits: [0.2, 1.9, 0.4], leaning: [3.0, -3.0], ..StanceScores::UNREAD },
            1.0,
        );
        assert_eq!((stance.label, stance.leaning), (Label::Confrontational, Label::Confrontational));
    }

    #[test]
    fn temperature_flattens_and_keeps_the_order() {
        let scores = StanceScores { logits: [2.0, 0.0, 1.0], leaning: [0.0, 0.0], ..StanceScores::UNREAD };
        let (cold, warm) = (calibrated(scores, 1.0), calibrated(scores, 2.0));
        assert_eq!(cold.label, warm.label);
        assert!(warm.conciliatory < cold.conciliatory && cold.neutral < cold.conciliatory);
        assert!((warm.conciliatory + warm.confrontational + warm.neutral - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_model_may_have_further_labels_or_no_middle() {
        let mut scores =
            StanceScores { logits: [0.2, 1.9, 0.4], leaning: [3.0, -3.0], ..StanceScores::UNREAD };
        scores.further[1] = 2.5;
        let stance = calibrated(scores, 1.0);
        assert_eq!((stance.label, stance.leaning), (Label::Further(4), Label::Conciliatory));
        assert!((stance.probabilities().iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let two = StanceScores { logits: [0.2, 0.1, f32::NEG_INFINITY], ..StanceScores::UNREAD };
        assert_eq!(calibrated(two, 1.0).label, Label::Conciliatory);
        assert_eq!(calibrated(two, 1.0).neutral, 0.0);
    }

    #[test]
    fn labels_have_names_of_their_own() {
        let named = |names: &[&str]| Labels::new(names.iter().map(|&name| name.to_owned()).collect());
        let labels = named(&["ally", "foe", "other", "threat"]).unwrap();
        assert_eq!(labels.name(Label::at(3)), "threat");
        assert_eq!(named(&["ally", "foe"]).unwrap().name(Label::Neutral), "");
        assert!(named(&["ally"]).is_err() && named(&["ally", " "]).is_err() && named(&["a"; 9]).is_err());
        assert_eq!(named(&["ally", "foe", "ally"]).unwrap_err(), "label \"ally\" is there twice");
        assert!((0..8).all(|place| Label::at(place).place() == place));
    }

    #[test]
    fn nothing_read_is_neutral() {
        assert_eq!(calibrated(StanceScores::UNREAD, 1.0).label, Label::Neutral);
    }
}
