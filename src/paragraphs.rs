//! Paragraphs: the stretches of text between line ends.

use crate::Span;

/// The paragraphs of `text`, in order: every maximal stretch without a line end, without white space
/// at its ends, empty ones left out.
pub fn split(text: &str) -> Vec<Span> {
    let mut paragraphs = Vec::new();
    let mut start = 0;
    for line in text.split(['\n', '\r', '\u{2029}']) {
        let span = Span::new(start, start + line.len()).trim(text);
        if !span.is_empty() {
            paragraphs.push(span);
        }
        start += line.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
    }
    paragraphs
}
