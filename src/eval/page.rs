//! A text as the scorers see it: code points, of which some are letters or digits and some stand in
//! double quotation marks.

use crate::Span;
use unicode_normalization::char::is_combining_mark;

/// A half-open range of **code points**, as the public corpora count.
pub type Chars = (usize, usize);

/// One text, ready for scoring.
#[derive(Debug, Clone)]
pub struct Page {
    chars: Vec<char>,
    starts: Vec<usize>,
    alphanumeric: Vec<bool>,
    quoted: Vec<bool>,
}

impl Page {
    /// Prepares a text. Linear in its length.
    pub fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let starts = text.char_indices().map(|(start, _)| start).collect();
        let alphanumeric = chars.iter().map(|&c| is_alphanumeric(c)).collect();
        let quoted = quoted(&chars);
        Self { chars, starts, alphanumeric, quoted }
    }

    /// The code points of a byte span.
    pub fn chars_of(&self, span: Span) -> Chars {
        let point = |byte| self.starts.partition_point(|&start| start < byte);
        (point(span.start), point(span.end))
    }

    /// The bytes of a range of code points, cut at the text's end.
    pub fn bytes_of(&self, range: Chars) -> Span {
        let end = self.starts.last().zip(self.chars.last()).map_or(0, |(start, c)| start + c.len_utf8());
        let byte = |point: usize| self.starts.get(point).copied().unwrap_or(end);
        Span::new(byte(range.0), byte(range.1.max(range.0)))
    }

    /// The words of a range, cut at the text's end.
    pub fn words(&self, range: Chars) -> String {
        let end = range.1.min(self.chars.len());
        self.chars.get(range.0..end).unwrap_or_default().iter().collect()
    }

    /// The span key of some ranges: the sorted offsets of their letters and digits, so that quotation
    /// marks, spaces and punctuation at the edges never matter.
    pub fn key(&self, ranges: &[Chars]) -> super::keys::Key {
        let inside = ranges.iter().flat_map(|&(start, end)| start..end.min(self.chars.len()));
        inside.filter(|&i| self.alphanumeric[i]).collect()
    }

    /// Whether the code point at `offset` stands in double quotation marks.
    pub fn is_quoted(&self, offset: usize) -> bool {
        self.quoted.get(offset).is_some_and(|&quoted| quoted)
    }

    /// Whether a contiguous piece of direct quotation breaks between two neighbouring offsets of a key:
    /// a letter or digit was left out between them, or a paragraph ends there.
    pub fn breaks_between(&self, before: usize, after: usize) -> bool {
        (before + 1..after).any(|i| self.alphanumeric[i] || self.chars[i] == '\n')
    }
}

/// Python's `str.isalnum` for one character: Rust's `is_alphanumeric` also takes combining marks and
/// circled letters, Python's does not.
pub(super) fn is_alphanumeric(c: char) -> bool {
    let circled = matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}');
    c.is_alphanumeric() && !is_combining_mark(c) && !circled
}

/// Python's `str.isspace` for one character: it also takes the four separators of ASCII.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// Which characters stand in “ ” or " ", line by line; an unclosed mark runs to the end of its line.
fn quoted(chars: &[char]) -> Vec<bool> {
    let mut mask = vec![false; chars.len()];
    let mut start = 0;
    for line in chars.split(|&c| c == '\n') {
        let end = start + line.len();
        mark_quoted(line, &mut mask[start..end]);
        start = end + 1;
    }
    mask
}

fn mark_quoted(line: &[char], mask: &mut [bool]) {
    let mut open = None;
    for (i, &c) in line.iter().enumerate() {
        match (c, open) {
            ('“', None) => open = Some(i),
            ('"', None) if line.get(i + 1).is_some_and(|&next| !is_space(next)) => open = Some(i),
            ('”' | '"', Some(start)) => {
                mask[start..=i].fill(true);
                open = None;
            }
            _ => {}
        }
    }
    if let Some(start) = open {
        mask[start..].fill(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted_words(text: &str) -> String {
        let page = Page::new(text);
        (0..page.chars.len()).map(|i| if page.is_quoted(i) { page.chars[i] } else { '.' }).collect()
    }

    #[test]
    fn an_unclosed_mark_ends_with_its_line() {
        assert_eq!(quoted_words("“ab” c \"d\" “e\nf"), "“ab”...\"d\".“e..");
    }

    #[test]
    fn a_straight_mark_before_a_space_opens_nothing() {
        assert_eq!(quoted_words("5\" of \"snow\""), "......\"snow\"");
    }

    #[test]
    fn keys_hold_letters_and_digits_only() {
        let page = Page::new("“Né 7,” à");
        assert_eq!(page.key(&[(0, 7)]), page.key(&[(1, 5)]));
        assert_eq!(page.key(&[(0, 99)]).len(), 4);
    }

    #[test]
    fn bytes_and_code_points_map_both_ways() {
        let text = "é“x”";
        let page = Page::new(text);
        assert_eq!(page.chars_of(Span::new(2, 6)), (1, 3));
        assert_eq!(page.bytes_of((1, 3)), Span::new(2, 6));
        assert_eq!(page.bytes_of((4, 9)), Span::new(text.len(), text.len()));
        assert_eq!(page.words((1, 9)), "“x”");
    }

    #[test]
    fn combining_marks_and_circled_letters_are_not_alphanumeric() {
        assert!(is_alphanumeric('é') && is_alphanumeric('½') && is_alphanumeric('中'));
        assert!(!is_alphanumeric('\u{0345}') && !is_alphanumeric('Ⓐ') && !is_alphanumeric('_'));
    }
}
