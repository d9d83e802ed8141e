//! Paragraphs: the stretches of text between line ends.
//!
//! Most articles have one line a paragraph. Some come hard-wrapped: every line broken at about 70 columns,
//! in mid-sentence. There a line end is a space, and paragraphs end at blank lines and at lines that stop
//! short of the width.

use crate::Span;

/// The widths, in characters, that people wrap text at.
const WRAP_WIDTHS: std::ops::RangeInclusive<usize> = 45..=100;

/// Of so many lines one may be longer, such as a caption put in by hand; of fewer none.
const LINES_A_LONG_ONE: usize = 12;

/// Breaks in mid-sentence that it takes to call a text wrapped.
const FEWEST_BREAKS: usize = 3;

/// The paragraphs of `text`, in order, without white space at their ends, empty ones left out: every
/// line, or, where the whole text is hard-wrapped, every run of lines that were one before.
pub fn split(text: &str) -> Vec<Span> {
    let lines = lines(text);
    let width = wrap_width(text, &lines);
    let mut paragraphs: Vec<Span> = Vec::new();
    let mut above: Option<Line> = None;
    for line in lines {
        if !line.words.is_empty() {
            match (above, width, paragraphs.last_mut()) {
                (Some(above), Some(width), Some(paragraph)) if line.goes_on(above, width, text) => {
                    paragraph.end = line.words.end;
                }
                _ => paragraphs.push(line.words),
            }
        }
        above = (!line.words.is_empty()).then_some(line);
    }
    paragraphs
}

/// A line between two line ends.
#[derive(Clone, Copy)]
struct Line {
    /// Without white space at its ends; empty for a blank line.
    words: Span,
    /// Characters before the first word.
    indent: usize,
    /// Characters up to the last word's end, the indent included.
    columns: usize,
}

impl Line {
    /// Whether this line's words run on from the line above in a text wrapped at `width`: its first word
    /// found no room there. Not after a line that stops short, nor an indented line, nor a list item after
    /// the end of a sentence.
    fn goes_on(self, above: Line, width: usize, text: &str) -> bool {
        let item = is_item(self.words.of(text)) && ends_clause(above.words.of(text));
        let is_wrapped = [above, self]
            .iter()
            .all(|line| line.columns <= width || !line.words.of(text).contains(char::is_whitespace));
        is_wrapped && above.is_full(self, width, text) && self.indent <= above.indent && !item
    }

    /// Whether the first word of `below` had no room on this line. An eighth of the width is forgiven:
    /// some programs even their lines out.
    fn is_full(self, below: Line, width: usize, text: &str) -> bool {
        let unbroken = |c: &char| !c.is_whitespace() || matches!(c, '\u{a0}' | '\u{202f}');
        let word = below.words.of(text).chars().take(width).take_while(unbroken).count();
        width - width / 8 < self.columns + 1 + word
    }
}

/// The width at which `text` is wrapped; `None` for ordinary text. Wrapped text has hardly a line beyond its
/// width; where a line goes on with a small letter it is nearly always as full as it can be; and most full
/// lines go on so. One-line paragraphs fail the first, verse the second, headlines in a list the third.
fn wrap_width(text: &str, lines: &[Line]) -> Option<usize> {
    let is_long = |line: &&Line| *WRAP_WIDTHS.end() < line.columns;
    // A long address cannot be wrapped and says nothing.
    let long = lines.iter().filter(is_long).filter(|line| line.words.of(text).contains(char::is_whitespace));
    let filled = lines.iter().filter(|line| !line.words.is_empty());
    let width = lines.iter().filter(|line| !is_long(line)).map(|line| line.columns).max()?;
    if !WRAP_WIDTHS.contains(&width) || filled.count() < long.count() * LINES_A_LONG_ONE {
        return None;
    }
    let (mut breaks, mut full, mut small, mut small_full) = (0, 0, 0, 0);
    for pair in lines.windows(2) {
        let &[above, below] = pair else { continue };
        if above.words.is_empty() || below.words.is_empty() {
            continue;
        }
        let is_full = above.is_full(below, width, text);
        let is_small = below.words.of(text).starts_with(char::is_lowercase);
        breaks += 1;
        full += usize::from(is_full);
        small += usize::from(is_small);
        small_full += usize::from(is_full && is_small);
    }
    let enough = FEWEST_BREAKS <= small_full;
    let filled = small * 4 <= small_full * 5 && breaks <= full * 2;
    let mid_sentence = full <= small_full * 2;
    (enough && filled && mid_sentence).then_some(width)
}

/// Whether a line opens with the mark of a list item: "• ", "- ", "* ", "3. ".
fn is_item(line: &str) -> bool {
    let mark = line.split(char::is_whitespace).next().unwrap_or(line);
    matches!(mark, "•" | "-" | "–" | "*" | "▪" | "●" | "■" | "►")
        || mark.len() < 4 && mark.strip_suffix(['.', ')']).is_some_and(|n| n.parse::<u8>().is_ok())
}

/// Whether a list item may follow `line`: "19." in "on the\n19. of May" is none.
fn ends_clause(line: &str) -> bool {
    line.trim_end_matches(['”', '"', '’', '\'', ')', ']']).ends_with(['.', '!', '?', '…', ':', ';'])
}

/// The lines of `text`, blank ones too; `\r\n` is one line end.
fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for piece in text.split(is_line_end) {
        let end = start + piece.len();
        let crlf = piece.is_empty() && text[..start].ends_with('\r') && text[start..].starts_with('\n');
        if !crlf {
            let words = Span::new(start, end).trim(text);
            let indent = text[start..words.start].chars().count();
            lines.push(Line { words, indent, columns: indent + words.of(text).chars().count() });
        }
        start = end + text[end..].chars().next().map_or(0, char::len_utf8);
    }
    lines
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split_of(text: &str) -> Vec<&str> {
        split(text).into_iter().map(|span| span.of(text)).collect()
    }

    /// `text` with its paragraphs filled to `width` columns, as mail programs do.
    fn wrapped(paragraphs: &[&str], width: usize, line_end: &str) -> String {
        let fill = |paragraph: &&str| {
            let mut out = String::new();
            let mut column = 0;
            for word in paragraph.split(' ') {
                let length = word.chars().count();
                if 0 < column && width < column + 1 + length {
                    out.push_str(line_end);
                    column = 0;
                } else if 0 < column {
                    out.push(' ');
                    column += 1;
                }
                out.push_str(word);
                column += length;
            }
            out
        };
        paragraphs.iter().map(fill).collect::<Vec<_>>().join(&format!("{line_end}{line_end}"))
    }

    const ARTICLE: [&str; 4] = [
        "Ministers of Tarnia and Ostrava agree on fishing rights",
        "The foreign ministers of Tarnia and Ostrava met in the harbour town of Leem on Tuesday and agreed to \
         share the waters off the cape, three years after talks broke down over a sunken trawler.",
        "“We have found a way that serves the people on both coasts,” said Mara Holt, the foreign minister of \
         Tarnia. Her counterpart, Anton Cole, called the agreement a first step and said that more would follow.",
        "Fishermen were less sure. “We will see in spring,” one of them said at the pier.",
    ];

    #[test]
    fn every_line_of_ordinary_text_is_a_paragraph() {
        let text = ARTICLE.join("\n");
        assert_eq!(split_of(&text), ARTICLE);
        assert_eq!(split_of(&ARTICLE.join("\r\n\r\n")), ARTICLE);
        assert_eq!(split_of(" one \r\n\t\u{2029}two\u{85} three\u{c}"), ["one", "two", "three"]);
    }

    #[test]
    fn wrapped_paragraphs_are_whole() {
        for width in [60, 65, 70, 72, 78, 80, 90] {
            for line_end in ["\n", "\r\n"] {
                let text = wrapped(&ARTICLE, width, line_end);
                let unwrapped: Vec<String> =
                    split_of(&text).iter().map(|p| p.replace(line_end, " ")).collect();
                assert_eq!(unwrapped, ARTICLE, "width {width}");
            }
        }
    }

    #[test]
    fn one_long_line_among_many_stays_alone() {
        let caption = "Boats in the harbour of Leem, where the fishing fleets of both countries have lain \
                       since spring; photograph by A. Cole";
        let mut paragraphs = ARTICLE.repeat(3);
        let wrapped = wrapped(&paragraphs, 65, "\n");
        let text = wrapped.replacen("\n\n", &format!("\n\n{caption}\n\n"), 1);
        paragraphs.insert(1, caption);
        let found: Vec<String> = split_of(&text).iter().map(|p| p.replace('\n', " ")).collect();
        assert_eq!(found, paragraphs);
    }

    #[test]
    fn short_lines_indents_and_items_end_paragraphs_of_wrapped_text() {
        let text = "\
Ministers agree on fishing rights
By A. Cole
  The foreign ministers of Tarnia and Ostrava met in the harbour town of
Leem on Tuesday and agreed to share the waters off the cape, three years
after the talks broke down over a sunken trawler and the arrest of seven
  Her counterpart called the agreement a step that was overdue and which
would be followed by more:
- The first of them is a joint patrol of the waters around the northern
cape, which both claim.
- The second is a telephone line between the two ministries in the years
after, and a fund for boats sunk: the sum paid into it in spring is only
57. More will come";
        let starts: Vec<&str> =
            split_of(text).iter().map(|p| p.split_whitespace().next().unwrap_or_default()).collect();
        assert_eq!(starts, ["Ministers", "By", "The", "Her", "-", "-"], "57. is no item");
    }

    #[test]
    fn lists_and_verse_are_not_wrapped_text() {
        let headlines = "\
Tarnia and Ostrava agree to share the waters off the cape
Fishermen at the pier of Leem are less sure of the accord
Opposition in Tarnia calls the fishing accord a surrender
Ostrava's parliament to vote on the accord before Tuesday
Seven sailors freed after three years in Tarnian custody";
        assert_eq!(split_of(headlines).len(), 5);
        let verse = "the sea is grey and wide, and all the boats are home\nand we\nare waiting by the tide\nfor men\nwho went to roam";
        assert_eq!(split_of(verse).len(), 5);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(split("").is_empty());
        assert!(split(" \n\r\n \u{2029}").is_empty());
    }

    proptest! {
        #[test]
        fn paragraphs_cover_all_but_white_space(text in "([a-z.é•-]{1,9}|[ \n\r\t\u{2029}]){0,200}") {
            let paragraphs = split(&text);
            let mut at = 0;
            for paragraph in &paragraphs {
                prop_assert!(text[at..paragraph.start].trim().is_empty());
                prop_assert_eq!(paragraph.trim(&text), *paragraph);
                prop_assert!(!paragraph.is_empty());
                at = paragraph.end;
            }
            prop_assert!(text[at..].trim().is_empty());
        }
    }
}
