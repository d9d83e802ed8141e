//! Context: the sentences that hold a statement (column `sentence`).

use super::ELLIPSIS;
use crate::Span;
use crate::sentences::Sentence;

/// A "sentence" longer than this, in bytes, is a text without sentences: of it only the surroundings are
/// given, or a text of one endless line would be repeated in every row.
const LONGEST: usize = 4_000;

/// How much is given on each side of a span in such a sentence, bytes.
const SURROUNDINGS: usize = 200;

/// The sentences of `text` that hold `spans`, white space around them gone and line breaks in them turned
/// to spaces. Sentences that are not neighbours are joined with ` … `.
pub fn sentence(text: &str, sentences: &[Sentence], spans: impl Iterator<Item = Span>) -> String {
    let mut pieces: Vec<Span> = spans.map(|span| around(text, sentences, span)).collect();
    pieces.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for piece in pieces {
        match merged.last_mut() {
            Some(last) if piece.start <= last.end => *last = last.hull(piece),
            _ => merged.push(piece),
        }
    }
    merged.iter().map(|piece| on_one_line(piece.trim(text).of(text))).collect::<Vec<_>>().join(ELLIPSIS)
}

/// The sentences that hold `span`, from the first to the last.
fn around(text: &str, sentences: &[Sentence], span: Span) -> Span {
    let first = sentences.partition_point(|sentence| sentence.span.end <= span.start);
    let last = sentences.partition_point(|sentence| sentence.span.start < span.end);
    let hull = sentences.get(first..last).unwrap_or_default().iter().fold(span, |hull, s| hull.hull(s.span));
    if hull.len() <= LONGEST + span.len() {
        return hull;
    }
    let start = text.ceil_char_boundary(span.start.saturating_sub(SURROUNDINGS).max(hull.start));
    let end = text.floor_char_boundary((span.end + SURROUNDINGS).min(hull.end));
    Span::new(start, end).hull(span)
}

/// `words` with every stretch of white space that holds a line break as one space.
pub fn on_one_line(words: &str) -> String {
    let mut line = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = rest.find(is_line_break) {
        line.push_str(rest[..at].trim_end());
        line.push(' ');
        rest = rest[at..].trim_start();
    }
    line.push_str(rest);
    line
}

fn is_line_break(char: char) -> bool {
    matches!(char, '\n' | '\r' | '\x0b' | '\x0c' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, words: &[&str], expected: &str) {
        let mut start = 0;
        let sentences: Vec<_> = text
            .split_inclusive(". ")
            .map(|sentence| {
                let span = Span::new(start, start + sentence.len());
                start = span.end;
                Sentence { span }
            })
            .collect();
        let spans = words.iter().map(|words| super::super::tests::span(text, words));
        assert_eq!(sentence(text, &sentences, spans), expected);
    }

    #[test]
    fn neighbours_run_on_and_others_are_joined() {
        let text = "Mr Oe spoke. It rained. He would\n  not go. He went. ";
        check(text, &["not go"], "He would not go.");
        check(text, &["It", "not go"], "It rained. He would not go.");
        check(text, &["not go", "Mr Oe"], "Mr Oe spoke. … He would not go.");
    }

    #[test]
    fn an_endless_line_is_cut_down() {
        let text = format!("{}yes{}", "é ".repeat(5_000), " é".repeat(5_000));
        let sentences = [Sentence { span: Span::new(0, text.len()) }];
        let at = text.find("yes").unwrap();
        let context = sentence(&text, &sentences, [Span::new(at, at + 3)].into_iter());
        assert!(context.contains("é yes é") && context.len() < 500, "{context}");
    }

    #[test]
    fn line_breaks() {
        assert_eq!(on_one_line("a \r\n\n b  c\u{2028}d"), "a b  c d");
    }
}
