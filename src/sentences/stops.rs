//! Full stops and their kin within one paragraph, and whether each ends a sentence.

use super::abbreviations::{self, LONGEST, Standing};
use super::attribution;

/// Where the sentences after the first one start, in bytes of `paragraph`: always at a character that is
/// no white space. The time is linear: every look to either side of a stop is bounded.
pub(super) fn starts(paragraph: &str) -> Vec<usize> {
    let mut scan = Scan { paragraph, sentence: 0, spoken: false, quoted: false, bracket: None };
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some(c) = paragraph[at..].chars().next() {
        if is_stop(c) {
            let stop = scan.stop_at(at);
            for mark in paragraph[stop.run_end..stop.end].chars() {
                scan.pass(mark);
            }
            at = stop.end;
            if scan.ends(&stop) {
                at = stop.next;
                scan.begin(at);
                starts.push(at);
            }
            continue;
        }
        if scan.spoken && is_bullet(c) && stands_alone(paragraph, at, c) {
            scan.begin(at);
            starts.push(at);
        }
        scan.pass(c);
        at += c.len_utf8();
    }
    starts
}

/// What the scan knows at one point of the paragraph.
struct Scan<'p> {
    paragraph: &'p str,
    /// Start of the sentence at hand.
    sentence: usize,
    /// Whether a letter or digit stands in it yet.
    spoken: bool,
    /// Whether an odd number of straight double marks came before.
    quoted: bool,
    /// For the bracket that is open: whether words of the sentence stand before it.
    bracket: Option<bool>,
}

/// A run of stops with the marks that close after it.
struct Stop {
    /// The run: ".", "?!", "…", ". . .".
    run: usize,
    run_end: usize,
    /// One past the closing marks and brackets.
    end: usize,
    /// The next character that is no white space.
    next: usize,
    /// The bracket that was open before the stop.
    bracket: Option<bool>,
}

impl Scan<'_> {
    fn begin(&mut self, at: usize) {
        self.sentence = at;
        self.spoken = false;
        self.bracket = None;
    }

    fn pass(&mut self, c: char) {
        match c {
            '"' => self.quoted = !self.quoted,
            '(' | '[' => self.bracket = Some(self.spoken),
            ')' | ']' => self.bracket = None,
            _ => self.spoken |= c.is_alphanumeric(),
        }
    }

    fn stop_at(&self, run: usize) -> Stop {
        let text = self.paragraph;
        let run_end = end_of_run(text, run);
        let end = self.end_of_closers(run_end);
        let next = text.len() - text[end..].trim_start().len();
        Stop { run, run_end, end, next, bracket: self.bracket }
    }

    /// One past the closing marks at `from`; a mark after a space counts where it can only close.
    fn end_of_closers(&self, from: usize) -> usize {
        let text = self.paragraph;
        let mut quoted = self.quoted;
        let mut end = from;
        loop {
            let rest = &text[end..];
            let mut chars = rest.chars();
            let Some(c) = chars.next() else { return end };
            let before_gap = chars.clone().next().is_none_or(char::is_whitespace);
            let before_word = chars.clone().next().is_some_and(char::is_alphanumeric);
            let closes = match c {
                ')' | ']' | '}' | '”' | '’' | '»' | '›' | '*' | '_' => true,
                '"' => quoted || !before_word,
                '\'' => !before_word,
                '“' | '‘' | '`' => before_gap,
                _ => false,
            };
            if closes {
                quoted ^= c == '"';
                end += c.len_utf8();
            } else if let Some(length) = footnote(rest) {
                end += length;
            } else if c.is_whitespace()
                && let Some(mark) = chars.next()
                && (matches!(mark, '”' | '»') || mark == '"' && quoted)
                && chars.next().is_none_or(char::is_whitespace)
            {
                quoted ^= mark == '"';
                end += c.len_utf8() + mark.len_utf8();
            } else {
                return end;
            }
        }
    }

    /// Whether a new sentence starts at `stop.next`.
    fn ends(&self, stop: &Stop) -> bool {
        let text = self.paragraph;
        if stop.next == text.len() || !self.spoken || self.is_enumerator(stop) {
            return false;
        }
        let next = Next::read(&text[stop.next..]);
        if self.goes_on_small(stop, &next) {
            return true;
        }
        if !next.may_open() || (stop.end == stop.next && !self.lacks_a_space(stop, &next)) {
            return false;
        }
        let closers = &text[stop.run_end..stop.end];
        if closers.contains([')', ']']) && stop.bracket == Some(true) {
            return next.opens();
        }
        let after_quote = closers.contains(['"', '”', '’', '»']) || closers.contains("''");
        if after_quote && attribution::said_by_name(ahead(&text[stop.next..], 400)) {
            return false;
        }
        match &text[stop.run..stop.run_end] {
            "." => self.full_stop_ends(stop, &next, after_quote),
            "!" => next.opens() || !matches!(self.token(stop), "Yahoo" | "Yum"),
            run if run.starts_with(['…', '.']) => self.ellipsis_ends(stop, &next),
            _ => true,
        }
    }

    /// Careless text: "it was late. we left." A full stop straight after an ordinary word of small letters,
    /// or another stop before a small word that opens sentences. Not "approx. the", and not after a
    /// closing mark: `"Why?" he asked`.
    fn goes_on_small(&self, stop: &Stop, next: &Next) -> bool {
        let before = self.token(stop);
        let ordinary = before.chars().nth(1).is_some()
            && before.chars().all(char::is_lowercase)
            && abbreviations::standing(before).is_none();
        if !ordinary || stop.run_end < stop.end || stop.end == stop.next || !next.first.is_lowercase() {
            return false;
        }
        match &self.paragraph[stop.run..stop.run_end] {
            "." => {
                before.chars().nth(2).is_some() && !next.dashed
                    || abbreviations::opens_sentence_small(next.word)
            }
            "?" | "!" => abbreviations::opens_sentence_small(next.word),
            _ => false,
        }
    }

    /// "1." or "a." as the first word of a line or sentence. Not "in 1." or "1990.".
    fn is_enumerator(&self, stop: &Stop) -> bool {
        let head = &self.paragraph[self.sentence..stop.run];
        if LONGEST < head.len() || stop.run_end != stop.run + 1 {
            return false;
        }
        let label = head.trim_start_matches(|c: char| !c.is_alphanumeric());
        let digits = label.chars().all(|c| c.is_ascii_digit()) && label.len() < 4;
        digits || matches!(label, "a" | "b" | "c" | "d" | "e" | "f" | "i" | "ii" | "iii" | "iv" | "v" | "vi")
    }

    /// A full stop with no space after it, as scraped text has them: "agreed.The talks". Not "example.com",
    /// "Node.Js", "U.S.Congress".
    fn lacks_a_space(&self, stop: &Stop, next: &Next) -> bool {
        let before = self.token(stop);
        let small = before.chars().rev().take_while(|c| c.is_lowercase()).count();
        let word = next.word.chars().skip(1).all(|c| c.is_lowercase()) && next.word.chars().nth(1).is_some();
        let address = next.tail.starts_with(['.', '/', '@', '(', '_', '=']) && !next.tail.starts_with(". ");
        1 < small
            && word
            && !address
            && !matches!(next.word, "Com" | "Net" | "Org" | "Js")
            && !self.in_address(stop)
    }

    /// Whether the token before the stop holds an address's signs.
    fn in_address(&self, stop: &Stop) -> bool {
        let head = back(&self.paragraph[self.sentence..stop.run], 80);
        let token = head.rsplit(char::is_whitespace).next().unwrap_or(head);
        token.contains(['/', '@', '_', '=']) || token.contains("www.")
    }

    fn full_stop_ends(&self, stop: &Stop, next: &Next, after_quote: bool) -> bool {
        let opens = next.opens();
        match abbreviations::standing(self.token(stop)) {
            None => true,
            Some(Standing::Before) => false,
            Some(Standing::Number) => !next.is_number(),
            Some(Standing::After) => !next.is_date(),
            // A quotation that ends in "the U.S.” ends there, but for a term such as “U.S.” President.
            Some(Standing::Either) => opens || (after_quote && next.first.is_alphabetic() && !next.dashed),
        }
    }

    /// "He left… She stayed": ends before a capital. Not "the … President": a name after a gap goes on;
    /// nor "I... I think": a word said twice.
    fn ellipsis_ends(&self, stop: &Stop, next: &Next) -> bool {
        if self.token(stop) == next.word {
            return false;
        }
        let gap = self.paragraph[..stop.run].ends_with(char::is_whitespace);
        !gap || next.opens()
    }

    /// The word before the stop without marks around it: "U.S" of `(“U.S`.
    fn token(&self, stop: &Stop) -> &str {
        let head = back(&self.paragraph[self.sentence..stop.run], LONGEST + 1);
        let head = head.trim_end_matches(['”', '"', '’', '\'', ')', ']']);
        let start = head.rfind(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '\'' | '’' | '&'));
        let token = start.map_or(head, |at| head[at..].trim_start_matches(|c: char| !c.is_alphanumeric()));
        token.trim_start_matches(['.', '\'', '’', '&'])
    }
}

/// What comes after a stop.
struct Next<'p> {
    /// Whether a dash stands before the word.
    dashed: bool,
    /// First character after dashes and opening marks.
    first: char,
    /// Its word, cut at 24 bytes; empty if `first` is no letter.
    word: &'p str,
    /// The rest of the paragraph after the word.
    tail: &'p str,
}

impl<'p> Next<'p> {
    fn read(rest: &'p str) -> Self {
        // Bounded, so that a mile of opening marks costs nothing.
        let window = ahead(rest, 160);
        let body = window.trim_start_matches(|c: char| is_opener(c) || is_dash(c) || c.is_whitespace());
        let dashed = window[..window.len() - body.len()].contains(is_dash);
        let length = body
            .find(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-'))
            .unwrap_or(body.len())
            .min(64);
        let word = ahead(body, length);
        let at = window.len() - body.len() + word.len();
        Next { dashed, first: body.chars().next().unwrap_or(' '), word, tail: &rest[at..] }
    }

    /// Whether a sentence may start so: a capital, a digit, a sign. Not a small letter (but "iPhone") or
    /// a mark that leans on the words before.
    fn may_open(&self) -> bool {
        let camel = self.word.chars().nth(1).is_some_and(char::is_uppercase);
        !(self.first.is_lowercase() && !camel
            || matches!(self.first, ',' | ';' | ':' | '.' | '!' | '?' | ')' | ']' | '}' | '%' | '&' | ' '))
    }

    /// A word that opens sentences, and no initial ("A. Smith").
    fn opens(&self) -> bool {
        !self.dashed && abbreviations::opens_sentence(self.word) && !self.tail.starts_with(['.', ')'])
    }

    fn is_number(&self) -> bool {
        let roman = self.word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'));
        let letter = self.word.chars().nth(1).is_none() && !self.opens();
        self.first.is_numeric() || !self.word.is_empty() && self.word != "I" && (roman || letter)
    }

    /// A day, month or time zone, as they follow a clock time: "5 p.m. Monday". Not "5 p.m. Sunak".
    fn is_date(&self) -> bool {
        self.dashed || DATES.contains(&self.word)
    }
}

/// What goes on after a clock time.
#[rustfmt::skip]
const DATES: [&str; 60] = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    "Mon", "Tue", "Tues", "Wed", "Thu", "Thur", "Thurs", "Fri", "Sat", "Sun",
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
    "Jan", "Feb", "Apr", "Aug", "Sept", "Oct", "Nov", "Dec",
    "Eastern", "Central", "Mountain", "Pacific", "Greenwich", "Beijing", "Moscow",
    "ET", "EST", "EDT", "CT", "CST", "CDT", "PT", "PST", "PDT", "GMT", "UTC", "BST", "CET", "IST", "JST", "HKT",
];

/// One past the run of stops at `from`, which may be spaced: "?!", "...", ". . .".
fn end_of_run(text: &str, from: usize) -> usize {
    let mut end = from;
    loop {
        let rest = &text[end..];
        let run = rest.len() - rest.trim_start_matches(is_stop).len();
        end += run;
        let spaced =
            text[end..].strip_prefix(" .").is_some_and(|tail| !tail.starts_with(char::is_alphanumeric));
        if !spaced || !text[..end].ends_with('.') {
            return end;
        }
        end += 1;
    }
}

/// Length of a footnote's number in brackets: "[12]".
fn footnote(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('[')?;
    let digits = inner.bytes().take(3).take_while(u8::is_ascii_digit).count();
    (0 < digits && inner[digits..].starts_with(']')).then_some(digits + 2)
}

/// Whether `c` at `at` has white space or an end on both sides.
fn stands_alone(text: &str, at: usize, c: char) -> bool {
    text[..at].ends_with(char::is_whitespace) && text[at + c.len_utf8()..].starts_with(char::is_whitespace)
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‽' | '⁇' | '⁈' | '⁉')
}

fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '▪' | '●' | '■' | '►' | '◆' | '‣')
}

fn is_opener(c: char) -> bool {
    matches!(
        c,
        '"' | '“'
            | '”'
            | '‘'
            | '’'
            | '\''
            | '«'
            | '»'
            | '„'
            | '‚'
            | '‹'
            | '`'
            | '('
            | '['
            | '{'
            | '*'
            | '_'
            | '…'
    ) || matches!(c, '¿' | '¡')
        || is_bullet(c)
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―' | '−')
}

/// At most `bytes` bytes from the end of `text`, on a char boundary.
fn back(text: &str, bytes: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(bytes))..]
}

/// At most `bytes` bytes from the start of `text`, on a char boundary.
fn ahead(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
