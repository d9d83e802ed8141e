//! Sentences: they tile the text.

mod abbreviations;
mod attribution;
mod stops;
#[cfg(test)]
mod tests;

use crate::{Span, paragraphs};

/// One sentence with the white space after it: the sentences of a text lie end to end and cover it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Bytes in the text, the white space after the sentence included.
    pub span: Span,
}

/// Cuts `text` into sentences that tile it: each starts where the one before it ends, the first at 0,
/// the last ends with the text. Empty text has none.
///
/// A paragraph's end ends a sentence whatever stands there, so headlines and list items need no full
/// stop. Within a paragraph a stop ends a sentence with the closing marks after it unless what follows
/// goes on: a small letter, the name after a title, an attribution.
pub fn split(text: &str) -> Vec<Sentence> {
    let mut starts = Vec::new();
    for paragraph in paragraphs::split(text) {
        starts.push(paragraph.start);
        starts.extend(stops::starts(paragraph.of(text)).into_iter().map(|start| paragraph.start + start));
    }
    // White space before the first paragraph belongs to the first sentence.
    if let Some(first) = starts.first_mut() {
        *first = 0;
    } else if !text.is_empty() {
        starts.push(0);
    }
    let ends = starts.iter().copied().skip(1).chain([text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| Sentence { span: Span::new(start, end) }).collect()
}
