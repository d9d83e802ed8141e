//! Quotes: contents with their cue and the mention of their speaker.

pub mod marks;

use crate::reader::Reading;
use crate::sentences::Sentence;
use crate::{Span, quotes::marks::Region};

/// How much of a content stands in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// All of its letters and digits.
    Direct,
    /// Some.
    Mixed,
    /// None.
    Indirect,
}

/// One statement before its speaker is resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// Content parts in order, at least one, none empty; no part overlaps another statement's part.
    pub content: Vec<Span>,
    /// Share of the content in quotation marks.
    pub kind: Kind,
    /// The reporting words, if any.
    pub cue: Option<Span>,
    /// The words that stand for the speaker, if any (without a trailing comma).
    pub mention: Option<Span>,
    /// Probability that this is a statement, 0–1.
    pub confidence: f32,
    /// Names of the rules and model that settled content and mention, joined with `+`.
    pub basis: String,
}

/// Assembles the quotes of a text in order of their first character.
pub fn extract(
    text: &str,
    paragraphs: &[Span],
    sentences: &[Sentence],
    regions: &[Region],
    reading: &Reading,
) -> Vec<Quote> {
    let _ = (text, paragraphs, sentences, regions, reading);
    Vec::new()
}
