//! Offsets: from bytes to code points, which is what Python's `str` and R's `substr` count.

use super::Range;
use crate::Span;

/// Bytes between two entries of the index.
const BLOCK: usize = 256;

/// Converts byte offsets of one text to code points: an index of the text, built once, then constant time
/// an offset.
#[derive(Debug)]
pub struct CodePoints<'t> {
    bytes: &'t [u8],
    /// Code points that start before each block.
    before: Vec<usize>,
}

impl<'t> CodePoints<'t> {
    /// Builds the index of `text`.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let before = bytes
            .chunks(BLOCK)
            .scan(0, |sum, block| {
                let before = *sum;
                *sum += starts(block);
                Some(before)
            })
            .collect();
        Self { bytes, before }
    }

    /// Code points before byte `at`; all of them if the text ends before.
    pub fn at(&self, at: usize) -> usize {
        let at = at.min(self.bytes.len());
        let block = (at / BLOCK).min(self.before.len().saturating_sub(1));
        self.before.get(block).copied().unwrap_or(0) + starts(&self.bytes[block * BLOCK..at])
    }

    /// The code points that `span` covers.
    pub fn range(&self, span: Span) -> Range {
        [self.at(span.start), self.at(span.end)]
    }
}

/// Code points that start in `bytes`.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_many_as_counting_gives(text in "(?s).{0,300}", repeat in 1usize..8) {
            let text = text.repeat(repeat);
            let offsets = CodePoints::new(&text);
            for (count, (at, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(offsets.at(at), count);
            }
            prop_assert_eq!(offsets.at(text.len()), text.chars().count());
        }
    }
}
