//! Readers of the open corpora: one JSON document a line, offsets in code points.

use super::page::Chars;
use super::relations::Relation;
use crate::Error;
use serde::de::DeserializeOwned;
use std::io::{BufRead, BufReader, Error as IoError, ErrorKind};
use std::path::Path;

/// A news document of the unified form: PolNeAR, GUM, Universal Dependencies.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct News {
    /// `corpus/part/name`.
    pub id: String,
    /// The text.
    pub text: String,
    /// Attributions.
    #[serde(default)]
    pub quotes: Vec<NewsQuote>,
    /// Gold sentences.
    #[serde(default)]
    pub sentences: Vec<Chars>,
}

/// One attribution of a [`News`] document.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct NewsQuote {
    /// Number in its document.
    #[serde(default)]
    pub id: String,
    content: Vec<Chars>,
    #[serde(default)]
    cue: Option<Vec<Chars>>,
    #[serde(default)]
    speaker: Option<Vec<Chars>>,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    speech_cue: bool,
    /// Full name of the speaker, where the corpus knows it.
    #[serde(default)]
    pub speaker_entity: Option<String>,
    /// Shorter forms of the name in the text.
    #[serde(default)]
    pub speaker_aliases: Option<Vec<String>>,
}

impl NewsQuote {
    /// Whether "he" or "she" stands for the speaker.
    pub fn is_by_pronoun(&self, text: &str) -> bool {
        let Some(&[(start, end)]) = self.speaker.as_deref() else { return false };
        let words: String = text.chars().skip(start).take(end.saturating_sub(start)).collect();
        matches!(words.to_lowercase().as_str(), "he" | "she")
    }

    /// The spans; a speaker or cue in several parts becomes the stretch from first to last.
    pub fn relation(&self) -> Relation {
        Relation {
            content: self.content.clone(),
            speaker: hull(self.speaker.as_deref().unwrap_or_default()),
            cue: hull(self.cue.as_deref().unwrap_or_default()),
        }
    }

    /// Whether somebody says it, in quotation marks or with a cue of speech; PolNeAR also marks beliefs,
    /// wishes and intentions.
    pub fn is_said(&self) -> bool {
        self.speech_cue || matches!(self.kind.as_str(), "direct" | "mixed")
    }
}

/// An article written for the project.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Article {
    /// File stem.
    pub id: String,
    /// The text.
    pub text: String,
    /// Everything somebody says in it.
    pub statements: Vec<ArticleStatement>,
}

/// One statement of an [`Article`].
#[derive(Debug, Clone, serde::Deserialize)]
pub struct ArticleStatement {
    /// Content parts.
    pub spans: Vec<Chars>,
    /// The words that stand for the speaker.
    pub speaker_spans: Vec<Chars>,
    /// The reporting words.
    pub cue_spans: Vec<Chars>,
    /// Fullest name in the article.
    pub speaker: String,
    /// person, organisation, country, group or unnamed.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whom the speaker speaks for; empty if nobody.
    pub side: String,
    /// The counterpart; empty if nobody.
    pub target: String,
    /// `C`, `F` or `N`.
    pub stance: String,
}

impl ArticleStatement {
    /// The spans; a speaker or cue in several parts becomes its first part.
    pub fn relation(&self) -> Relation {
        Relation {
            content: self.spans.clone(),
            speaker: self.speaker_spans.first().copied(),
            cue: self.cue_spans.first().copied(),
        }
    }
}

/// A statement coded for its stance, with what was written before it.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Coded {
    /// Document and number.
    pub id: String,
    /// The content.
    pub statement: String,
    /// The words that stand for the speaker.
    pub speaker: String,
    /// The reporting words.
    pub cue: String,
    /// What was written before its paragraph, or before itself.
    pub context_before: String,
    /// conciliatory, confrontational or neutral.
    pub label: String,
}

/// A sentence that tells of an event, with its class.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Event {
    /// The sentence.
    pub text: String,
    /// conciliatory (cooperation) or confrontational (conflict).
    pub label: String,
}

fn hull(parts: &[Chars]) -> Option<Chars> {
    Some((parts.first()?.0, parts.last()?.1))
}

/// Reads a file of JSON lines; empty lines are left out.
///
/// # Errors
/// The file cannot be read, or a line is not what it should be (its number is in the message).
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Error> {
    let failed = |source| Error::Io { path: path.display().to_string(), source };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut records = Vec::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(failed)?;
        if line.trim().is_empty() {
            continue;
        }
        let record = serde_json::from_str(&line).map_err(|error| {
            failed(IoError::new(ErrorKind::InvalidData, format!("line {}: {error}", number + 1)))
        })?;
        records.push(record);
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "{\"id\": \"a\", \"text\": \"b\"}\n\n{\"id\": 7}\n").unwrap();
        let message = read::<News>(file.path()).unwrap_err().to_string();
        assert!(message.contains("line 3"), "{message}");
    }

    #[test]
    fn absent_parts_are_empty() {
        let line = r#"{"content": [[3, 9]], "cue": null, "type": "mixed", "speaker": [[0, 1], [2, 3]]}"#;
        let quote: NewsQuote = serde_json::from_str(line).unwrap();
        assert_eq!(quote.relation(), Relation { content: vec![(3, 9)], speaker: Some((0, 3)), cue: None });
        assert!(quote.is_said());
    }
}
