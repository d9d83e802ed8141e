//! Quotes: contents with their cue and the mention of their speaker.
//!
//! Marks propose exact regions, the reader says which of them somebody is said to say and what is said without marks,
//! and its links say which cue and speaker go with which content.

mod assembly;
mod contents;
mod edges;
mod links;
pub mod marks;

use crate::Span;
use crate::reader::Reading;
use marks::Region;

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
    /// The words that stand for the speaker, if any; the comma that ends an apposition belongs to them.
    pub mention: Option<Span>,
    /// Probability that this is a statement, 0–1.
    pub confidence: f32,
    /// Names of the rules and model that settled content and mention, joined with `+`.
    pub basis: String,
}

impl Quote {
    /// From the first character of the content to its last.
    pub fn hull(&self) -> Span {
        self.content.iter().copied().reduce(Span::hull).unwrap_or_default()
    }
}

/// Assembles the quotes of a text in order of their first character.
pub fn extract(text: &str, paragraphs: &[Span], regions: &[Region], reading: &Reading) -> Vec<Quote> {
    let parts = contents::parts(text, regions, reading);
    let linked = links::link(text, paragraphs, regions, &parts, reading);
    assembly::join(text, paragraphs, regions, linked, reading)
}
