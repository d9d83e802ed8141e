//! The edges of contents: no stray punctuation, no half pair of marks.

use super::marks::Region;
use crate::Span;

/// Index of the outermost region that covers `span`, marks included.
pub(super) fn covering(regions: &[Region], span: Span) -> Option<usize> {
    let last = regions.partition_point(|region| region.span.start <= span.start);
    // Regions nest a few deep at most; the outermost one that covers the span is close before `last`.
    let first = last.saturating_sub(8);
    (first..last).find(|&i| regions[i].depth == 0 && regions[i].span.contains(span))
}

/// Whether `offset` lies inside some region or on its marks.
fn quoted(regions: &[Region], offset: usize) -> bool {
    covering(regions, Span::new(offset, offset + 1)).is_some()
}

/// `span` without white space, commas, colons, semicolons and dashes at its ends, and without the full stop that ends
/// an unquoted content. What stands in quotation marks stays as it is.
///
/// Takes `, that it was ready,` to `that it was ready`; must not take the point of `in the U.S.`
pub(super) fn tidy(text: &str, span: Span, regions: &[Region]) -> Span {
    let mut span = span.trim(text);
    while let Some(first) = span.of(text).chars().next() {
        let stray =
            matches!(first, ',' | ';' | ':' | '—' | '–' | '-' | '.' | ')' | ']') || first.is_whitespace();
        if !stray || quoted(regions, span.start) || begins_number(span.of(text)) {
            break;
        }
        span.start += first.len_utf8();
    }
    while let Some(last) = span.of(text).chars().next_back() {
        let words = span.of(text);
        let punctuation =
            matches!(last, ',' | ';' | ':' | '—' | '–' | '-' | '(' | '[') || last.is_whitespace();
        let stray = punctuation || (last == '.' && ends_sentence(words));
        if !stray || quoted(regions, span.end - last.len_utf8()) {
            break;
        }
        span.end -= last.len_utf8();
    }
    span
}

/// `-3 per cent`, `.5 points`: the sign belongs to the number.
fn begins_number(words: &str) -> bool {
    let mut chars = words.chars();
    matches!(chars.next(), Some('-' | '.')) && chars.next().is_some_and(|c| c.is_ascii_digit())
}

/// Whether the full stop at the end of `words` is one, and not the point of `U.S.`, `Jr.` or an ellipsis.
fn ends_sentence(words: &str) -> bool {
    let last = words.split_whitespace().next_back().unwrap_or_default();
    let stem = last.trim_end_matches('.');
    let letters = stem.chars().filter(|c| c.is_alphabetic()).count();
    last.len() == stem.len() + 1
        && !stem.contains('.')
        && letters != 1
        && !matches!(stem, "Jr" | "Sr" | "Inc" | "Corp" | "Ltd" | "Co" | "etc")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(text: &str) -> &str {
        tidy(text, Span::new(0, text.len()), &[]).of(text)
    }

    #[test]
    fn strips_what_belongs_to_the_sentence() {
        assert_eq!(tidied(", that it was ready,"), "that it was ready");
        assert_eq!(tidied("it would leave."), "it would leave");
        assert_eq!(tidied("— nothing —"), "nothing");
    }

    #[test]
    fn keeps_what_belongs_to_the_words() {
        assert_eq!(tidied("it stays in the U.S."), "it stays in the U.S.");
        assert_eq!(tidied("-3 per cent"), "-3 per cent");
        assert_eq!(tidied("it met Olaf Brand Jr."), "it met Olaf Brand Jr.");
        assert_eq!(tidied("well..."), "well...");
    }
}
