//! Sentences: they tile the text.

use crate::Span;

/// One sentence with the white space after it: the sentences of a text lie end to end and cover it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Bytes in the text, the white space after the sentence included.
    pub span: Span,
}

/// Cuts `text` into sentences that tile it: each starts where the one before it ends, the first at 0,
/// the last ends with the text. Empty text has none.
pub fn split(text: &str) -> Vec<Sentence> {
    if text.is_empty() { Vec::new() } else { vec![Sentence { span: Span::new(0, text.len()) }] }
}
