//! Sentence boundaries: F of the ends inside paragraphs.

use super::counts::Retrieval;
use super::page::{Chars, Page};
use crate::Span;
use std::collections::BTreeSet;

/// Adds one document. An end counts as the number of characters before it that are no white space, so
/// that white space belongs to nobody; the last end of each paragraph is left out, as line ends give it
/// away.
pub fn add(count: &mut Retrieval, text: &str, paragraphs: &[Span], gold: &[Chars], predicted: &[Span]) {
    let page = Page::new(text);
    let solid = solid_before(text);
    let at = |byte: usize| solid.get(page.chars_of(Span::new(byte, byte)).0).copied().unwrap_or_default();
    let given: BTreeSet<usize> = paragraphs.iter().map(|p| at(p.end)).chain([0]).collect();
    let gold: BTreeSet<usize> =
        gold.iter().filter_map(|range| solid.get(range.1)).copied().filter(|e| !given.contains(e)).collect();
    let predicted: BTreeSet<usize> =
        predicted.iter().map(|span| at(span.end)).filter(|end| !given.contains(end)).collect();
    count.add(gold.intersection(&predicted).count(), predicted.len(), gold.len());
}

/// For every code point and the end: how many characters before it are no white space.
fn solid_before(text: &str) -> Vec<usize> {
    let mut count = 0;
    let mut solid = vec![0];
    solid.extend(text.chars().map(|c| {
        count += usize::from(!c.is_whitespace());
        count
    }));
    solid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_paragraph_ends_do_not_count() {
        let text = "Né. Two went.  Three.\nFour.";
        let paragraphs = crate::paragraphs::split(text);
        let gold = [(0, 3), (4, 13), (15, 21), (22, 27)];
        let mut count = Retrieval::default();
        add(&mut count, text, &paragraphs, &gold, &[Span::new(0, 5), Span::new(5, 10), Span::new(10, 28)]);
        let expected = Retrieval { right_predicted: 1.0, predicted: 2.0, right_gold: 1.0, gold: 2.0 };
        assert_eq!(count, expected);
    }
}
