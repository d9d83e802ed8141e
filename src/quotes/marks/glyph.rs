//! Quotation marks as they stand in a paragraph, with the evidence on either side of each.

use super::MarkStyle;
use super::apostrophe::{self, is_clipped_and, is_within_word};
use crate::Span;

/// Which sign was used. Signs of one kind pair with one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glyph {
    /// “
    CurlyOpen,
    /// ”
    CurlyClose,
    /// „ (and ‟, its twin)
    Low,
    /// "
    Straight,
    /// '' on either side, as the wires of some newspapers have it
    Twin,
    /// ``
    Backticks,
    /// «
    GuillemetLeft,
    /// »
    GuillemetRight,
    /// ‘
    SingleOpen,
    /// ’
    SingleClose,
    /// ‚ (and ‛, its twin)
    SingleLow,
    /// '
    Apostrophe,
    /// `
    Backtick,
    /// ‹
    AngleLeft,
    /// ›
    AngleRight,
}

impl Glyph {
    fn of(sign: char) -> Option<Self> {
        Some(match sign {
            '“' => Self::CurlyOpen,
            '”' => Self::CurlyClose,
            '„' | '‟' => Self::Low,
            '"' => Self::Straight,
            '«' => Self::GuillemetLeft,
            '»' => Self::GuillemetRight,
            '‘' => Self::SingleOpen,
            '’' => Self::SingleClose,
            '‚' | '‛' => Self::SingleLow,
            '\'' => Self::Apostrophe,
            '`' => Self::Backtick,
            '‹' => Self::AngleLeft,
            '›' => Self::AngleRight,
            _ => return None,
        })
    }

    /// The style of a region in such marks.
    pub(super) fn style(self) -> MarkStyle {
        match self {
            Self::CurlyOpen | Self::CurlyClose | Self::Low | Self::Straight => MarkStyle::Double,
            Self::Twin | Self::Backticks | Self::GuillemetLeft | Self::GuillemetRight => MarkStyle::Double,
            Self::SingleOpen | Self::SingleClose | Self::SingleLow | Self::Apostrophe => MarkStyle::Single,
            Self::Backtick | Self::AngleLeft | Self::AngleRight => MarkStyle::Single,
        }
    }

    /// Whether the sign may be an apostrophe.
    fn is_apostrophe(self) -> bool {
        matches!(self, Self::SingleOpen | Self::SingleClose | Self::Apostrophe | Self::Backtick)
    }

    /// Whether both ends of a region look the same, so that the sign itself does not say which it is.
    pub(super) fn is_two_faced(self) -> bool {
        matches!(self, Self::Straight | Self::Twin | Self::Apostrophe)
    }
}

/// How much speaks against each reading of a mark, from what stands on its two sides:
/// 0 nothing, 3 one odd side, 6 two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The sign itself, bytes.
    pub(super) span: Span,
    /// Which sign.
    pub(super) glyph: Glyph,
    /// Against its opening a region.
    pub(super) open: u16,
    /// Against its closing one.
    pub(super) close: u16,
    /// Against its being no quotation mark at all: apostrophe, inches, slip of the keyboard.
    pub(super) skip: u16,
    /// Whether it stands where a sentence may start, after a full stop or at the paragraph's start.
    pub(super) fresh: bool,
}

/// Markup tags with attributes, `<tweet author="x">`, in order: marks inside them quote nothing.
/// Not one: `a < b and "c" > d`.
pub(super) fn tags(text: &str) -> Vec<Span> {
    const LONGEST: usize = 600;
    let bytes = text.as_bytes();
    let mut tags = Vec::new();
    let mut opening: Option<usize> = None;
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'<' => {
                let named = bytes.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/');
                opening = named.then_some(at);
            }
            b'>' => {
                if let Some(start) = opening.take().filter(|start| at - start < LONGEST) {
                    tags.push(Span::new(start, at + 1));
                }
            }
            _ => {}
        }
    }
    tags
}

/// The marks of one paragraph in order, without those inside `tags` and without those that can
/// only be apostrophes (*don't*, *O'Brien*, *rock 'n' roll*) or measures (*6'2"*).
pub(super) fn scan(text: &str, paragraph: Span, tags: &[Span]) -> Vec<Mark> {
    let signs = signs(text, paragraph, tags);
    let surroundings = Surroundings { text, paragraph, tags };
    let (before, after) = surroundings.reach(&signs);
    let mut marks = Vec::with_capacity(signs.len());
    for (i, &(span, glyph)) in signs.iter().enumerate() {
        let left = surroundings.left(before[i]);
        let right = surroundings.right(after[i]);
        let doubled = (i > 0 && signs[i - 1].1 == glyph && signs[i - 1].0.end == span.start)
            || signs.get(i + 1).is_some_and(|next| next.1 == glyph && next.0.start == span.end);
        let leaned = after[i] != span.end;
        let words = (&text[paragraph.start..before[i]], &text[after[i]..paragraph.end]);
        let fresh = left == Side::End || (left == Side::Edge && ends_sentence(words.0));
        let mut mark =
            Mark { span, glyph, open: open(left, right), close: close(left, right), skip: 7, fresh };
        if glyph.is_apostrophe() {
            mark.skip = apostrophe::evidence(glyph, left, right, words);
            // The plural possessive looks just like a closing mark; only what follows can tell.
            let possessive = left == Side::Word && right == Side::Edge && words.0.ends_with('s') && !leaned;
            mark.close += u16::from(possessive);
            mark.open += u16::from(glyph == Glyph::Apostrophe);
        } else if doubled {
            mark.skip = 3;
        } else if left == Side::Closer && right == Side::Edge {
            mark.skip = 9; // ends a quotation if anything does
        } else if words.0.ends_with(|c: char| c.is_ascii_digit()) && glyph.is_two_faced() {
            mark.skip = 1; // inches
        }
        marks.push(mark);
    }
    marks
}

/// Whether a sentence has ended before the spaces at the end of `words`.
fn ends_sentence(words: &str) -> bool {
    let words = words.trim_end();
    words.ends_with(['.', '!', '?', '…'])
        || words
            .strip_suffix(['”', '"', '’', '\'', '»'])
            .is_some_and(|words| words.ends_with(['.', '!', '?', '…']))
}

/// Every sign of the paragraph that may be a quotation mark.
fn signs(text: &str, paragraph: Span, tags: &[Span]) -> Vec<(Span, Glyph)> {
    let mut signs = Vec::new();
    let mut tag = tags.partition_point(|tag| tag.end <= paragraph.start);
    let mut at = paragraph.start;
    while let Some(sign) = text[at..paragraph.end].chars().next() {
        let here = at;
        at += sign.len_utf8();
        while tags.get(tag).is_some_and(|tag| tag.end <= here) {
            tag += 1;
        }
        if tags.get(tag).is_some_and(|tag| tag.covers(here)) {
            continue;
        }
        let Some(glyph) = Glyph::of(sign) else { continue };
        if matches!(sign, '\'' | '`' | '‘' | '’') {
            let rest = &text[at..paragraph.end];
            let run = 1 + rest.chars().take_while(|&c| c == sign).count();
            if 1 < run {
                at = here + run * sign.len_utf8();
                push_run(&mut signs, text, paragraph, Span::new(here, at), glyph);
                continue;
            }
        }
        let left = &text[paragraph.start..here];
        let right = &text[at..paragraph.end];
        if glyph.is_apostrophe() && (is_within_word(left, right) || is_clipped_and(left, right)) {
            continue;
        }
        if matches!(glyph, Glyph::Straight | Glyph::CurlyClose) && is_height(left) {
            continue;
        }
        signs.push((Span::new(here, at), glyph));
    }
    signs
}

/// A run of one single sign: pairs of it are double marks, an odd one is the inner single mark:
/// `'''Yes,' he said,''` and `'No,'''`.
fn push_run(signs: &mut Vec<(Span, Glyph)>, text: &str, paragraph: Span, run: Span, single: Glyph) {
    let double = match single {
        Glyph::SingleOpen => Glyph::CurlyOpen,
        Glyph::SingleClose => Glyph::CurlyClose,
        Glyph::Backtick => Glyph::Backticks,
        _ => Glyph::Twin,
    };
    let opens = text[run.end..paragraph.end].starts_with(char::is_alphanumeric)
        && !text[paragraph.start..run.start].ends_with(char::is_alphanumeric);
    let width = run.of(text).chars().next().map_or(1, char::len_utf8);
    let odd = if run.len() / width % 2 == 1 { width } else { 0 };
    let (from, to) = if opens { (run.start, run.end - odd) } else { (run.start + odd, run.end) };
    if from != run.start {
        signs.push((Span::new(run.start, from), single));
    }
    signs.extend((from..to).step_by(2 * width).map(|start| (Span::new(start, start + 2 * width), double)));
    if to != run.end {
        signs.push((Span::new(to, run.end), single));
    }
}

/// What stands before the inches mark of a height: *6'2*. Not: *born in '92*.
fn is_height(left: &str) -> bool {
    let feet = left.trim_end_matches(|c: char| c.is_ascii_digit());
    let inches = left.len() - feet.len();
    (1..=2).contains(&inches)
        && feet.strip_suffix(['\'', '’']).is_some_and(|feet| feet.ends_with(|c: char| c.is_ascii_digit()))
}

/// What stands on one side of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The end of the paragraph.
    End,
    /// White space or a tag.
    Edge,
    /// Letters, digits and signs that start words: $ @ #.
    Word,
    /// ( [ {
    Opener,
    /// . , ; ! ? ) ] }
    Closer,
    /// :
    Colon,
    /// … or dots that begin a word or an omission.
    Dots,
    /// - – — /
    Dash,
}

impl Side {
    fn of(sign: Option<char>) -> Self {
        match sign {
            None => Self::End,
            Some('(' | '[' | '{' | '<') => Self::Opener,
            Some('.' | ',' | ';' | '!' | '?' | ')' | ']' | '}' | '>') => Self::Closer,
            Some(':') => Self::Colon,
            Some('…') => Self::Dots,
            Some('-' | '–' | '—' | '/' | '―' | '‐' | '‑') => Self::Dash,
            Some(c) if c.is_whitespace() || c.is_control() => Self::Edge,
            // Direction marks and zero-width signs hide at the edges of pasted text.
            Some('\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}') => Self::Edge,
            Some(_) => Self::Word,
        }
    }
}

/// What speaks against a mark's opening a region.
fn open(left: Side, right: Side) -> u16 {
    let left = match left {
        Side::End | Side::Edge | Side::Opener | Side::Dash => 0,
        Side::Colon | Side::Dots => 1,
        Side::Closer => 2,
        Side::Word => 3,
    };
    let right = match right {
        Side::Word | Side::Opener => 0,
        Side::Dots | Side::Dash => 1,
        Side::Edge | Side::Closer | Side::Colon => 3,
        Side::End => 6,
    };
    left + right
}

/// What speaks against a mark's closing one.
fn close(left: Side, right: Side) -> u16 {
    let left = match left {
        Side::Word | Side::Closer | Side::Colon | Side::Dots | Side::Dash => 0,
        Side::Edge => 3,
        Side::Opener => 4,
        Side::End => 8,
    };
    let right = match right {
        Side::End | Side::Edge | Side::Closer | Side::Colon | Side::Dots | Side::Dash => 0,
        Side::Opener => 1,
        Side::Word => 3,
    };
    left + right
}

/// The text around the marks of one paragraph.
struct Surroundings<'t> {
    text: &'t str,
    paragraph: Span,
    tags: &'t [Span],
}

impl Surroundings<'_> {
    /// For each sign, where what stands before it ends and what stands after it starts, seen past
    /// neighbouring marks: in `no,'" he` the last mark follows a comma. A mark with spaces on both
    /// sides also looks past the one between it and another mark, as in `no,' " he`.
    fn reach(&self, signs: &[(Span, Glyph)]) -> (Vec<usize>, Vec<usize>) {
        let spaced = |at: Option<char>| at.is_none_or(char::is_whitespace);
        let is_gap = |a: usize, b: usize| b - a <= 2 && self.text[a..b].chars().all(char::is_whitespace);
        let mut before: Vec<usize> = Vec::with_capacity(signs.len());
        for (i, (span, _)) in signs.iter().enumerate() {
            let far = spaced(self.text[span.end..self.paragraph.end].chars().next());
            let past = i.checked_sub(1).filter(|&prior| {
                let end = signs[prior].0.end;
                end == span.start || (far && is_gap(end, span.start))
            });
            before.push(past.map_or(span.start, |prior| before[prior]));
        }
        let mut after: Vec<usize> = signs.iter().map(|(span, _)| span.end).collect();
        for i in (0..signs.len().saturating_sub(1)).rev() {
            let span = signs[i].0;
            let next = signs[i + 1].0.start;
            let far = spaced(self.text[self.paragraph.start..span.start].chars().next_back());
            if next == span.end || (far && is_gap(span.end, next)) {
                after[i] = after[i + 1];
            }
        }
        (before, after)
    }

    fn left(&self, at: usize) -> Side {
        if self.tags.binary_search_by_key(&at, |tag| tag.end).is_ok() {
            return Side::Edge;
        }
        Side::of(self.text[self.paragraph.start..at].chars().next_back())
    }

    fn right(&self, at: usize) -> Side {
        if self.tags.binary_search_by_key(&at, |tag| tag.start).is_ok() {
            return Side::Edge;
        }
        let rest = &self.text[at..self.paragraph.end];
        // "...and so on", ". . . and", ".gov": dots that begin something, not a full stop.
        let dots = rest.strip_prefix('.').is_some_and(|rest| {
            rest.starts_with(|c: char| c == '.' || c.is_alphanumeric()) || rest.starts_with(" .")
        });
        if dots { Side::Dots } else { Side::of(rest.chars().next()) }
    }
}
