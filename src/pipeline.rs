//! The order of the stages.

use std::sync::Arc;

use crate::quotes::{self, Quote, marks};
use crate::reader::{Engine, Reader};
use crate::sentences::{self, Sentence};
use crate::speakers::{self, Speaker};
use crate::stance::{self, Labels, Lone, Stance};
use crate::{Document, Span, confidence, paragraphs};

/// One statement: a quote, its speaker and its stance.
#[derive(Debug, Clone)]
pub struct Statement {
    /// What was said, with cue and mention.
    pub quote: Quote,
    /// Who said it.
    pub speaker: Speaker,
    /// In what spirit.
    pub stance: Stance,
    /// Calibrated probability that content and speaker are right, 0–1.
    pub confidence: f32,
}

/// Everything found in one document.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    /// Paragraphs in order, bytes.
    pub paragraphs: Vec<Span>,
    /// Sentences, tiling the text.
    pub sentences: Vec<Sentence>,
    /// Statements in order of their first character.
    pub statements: Vec<Statement>,
    /// Names of the stance labels.
    pub labels: Arc<Labels>,
}

/// Loaded models and options, shared by all threads.
pub struct Pipeline {
    reader: Reader,
    labels: Arc<Labels>,
}

impl Pipeline {
    /// Loads the models: those built into the program, or those in `models`.
    ///
    /// # Errors
    /// The folder lacks a file, or a file is broken.
    pub fn load(models: Option<&std::path::Path>) -> Result<Self, crate::Error> {
        Ok(Self::new(Reader::load(models)?))
    }

    /// [`load`](Self::load) with this engine.
    ///
    /// # Errors
    /// Those of [`load`](Self::load), and what the engine asks for is not there.
    pub fn load_with(models: Option<&std::path::Path>, engine: Engine) -> Result<Self, crate::Error> {
        Ok(Self::new(Reader::load_with(models, engine)?))
    }

    fn new(reader: Reader) -> Self {
        let labels = Arc::new(reader.labels());
        Self { reader, labels }
    }

    /// Stance of a statement that stands alone: its words, and, where known (else empty), its speaker, cue and what
    /// was written before it. It is read as `context ⏎ speaker cue: statement`, as in training
    /// (models/train/corpora.py, `statement_text`).
    pub fn stance_of(&self, statement: &str, speaker: &str, cue: &str, context: &str) -> Stance {
        Lone { statement, speaker, cue, context }.stance(&self.reader)
    }

    /// Names of the stance labels.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Name and version of the models.
    pub fn model_name(&self) -> String {
        let config = self.reader.config();
        format!("{} {}", config.name, config.version)
    }

    /// Analyses one document. Never fails: any text gives statements or none.
    pub fn analyse(&self, document: Document<'_>) -> Analysis {
        let text = document.text;
        let paragraphs = paragraphs::split(text);
        let sentences = sentences::split(text);
        let regions = marks::regions(text, &paragraphs);
        let reading = self.reader.read(text, &paragraphs);
        let quotes = quotes::extract(text, &paragraphs, &regions, &reading);
        let stances = stance::classify(&quotes, &reading);
        let speakers = speakers::attribute(text, &paragraphs, &sentences, &quotes, &stances, &reading);
        let weights = confidence::Weights::of(self.reader.config());
        let statements = quotes.into_iter().zip(speakers).zip(stances).map(|((quote, speaker), stance)| {
            let confidence = weights.probability(&confidence::features(&quote, &speaker));
            Statement { quote, speaker, stance, confidence }
        });
        let statements = statements.collect();
        Analysis { paragraphs, sentences, statements, labels: Arc::clone(&self.labels) }
    }

    /// Name and version of the models built into the program.
    pub fn builtin_model_name() -> String {
        Reader::builtin_name().unwrap_or_else(|| "none built in".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_passes_the_encoder_once() {
        let pipeline = Pipeline::load(None).unwrap();
        let paragraph = "“We will answer by Friday,” Minister Ilse Brandvold said. Her counterpart, Tomas Reyes, \
                         told reporters that Quito welcomed the offer and hoped for more.\n";
        let text = paragraph.repeat(40);
        let windows = pipeline.reader.read(&text, &paragraphs::split(&text)).windows.len();
        assert!(3 < windows, "the text must need several windows");
        let before = pipeline.reader.windows_read();
        let analysis = pipeline.analyse(Document { id: "a", text: &text });
        assert!(!analysis.statements.is_empty(), "links and stances must have been asked for");
        assert_eq!(pipeline.reader.windows_read() - before, windows);
    }
}
