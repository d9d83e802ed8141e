//! Apostrophes: the single marks that quote nothing.

use super::glyph::{Glyph, Side};

/// What speaks against an apostrophe where none can stand, as after a full stop.
pub(super) const NO_APOSTROPHE: u16 = 6;

/// An apostrophe with letters on both sides: *don't*, *O'Brien*. Not: *workers' rights*.
pub(super) fn is_within_word(left: &str, right: &str) -> bool {
    left.ends_with(char::is_alphanumeric) && right.starts_with(char::is_alphanumeric)
}

/// Either apostrophe of the *'n'* in *rock 'n' roll*. Not the first mark of *'no'*.
pub(super) fn is_clipped_and(left: &str, right: &str) -> bool {
    const MARKS: [char; 3] = ['\'', '’', '‘'];
    let first = right.strip_prefix(['n', 'N']).is_some_and(|rest| rest.starts_with(MARKS));
    let second = left.strip_suffix(['n', 'N']).is_some_and(|rest| rest.ends_with(MARKS));
    first || second
}

/// What speaks against reading a single mark as an apostrophe, given the `words` on its two sides.
pub(super) fn evidence(glyph: Glyph, left: Side, right: Side, words: (&str, &str)) -> u16 {
    match (left, right) {
        (Side::Word, Side::Word) => 0,
        // workers' rights, goin' home, 6' tall; but 'the order' rarely
        (Side::Word, _) => {
            let joined = u16::from(!matches!(right, Side::Edge | Side::Dash));
            match words.0.chars().next_back() {
                Some(c) if c.is_ascii_digit() => 0,
                Some('s' | 'S' | 'z' | 'x') => joined,
                Some('n' | 'o') => 1 + joined,
                _ => 3 + joined,
            }
        }
        // 'em, the '90s; but 'Tough'
        (_, Side::Word) if is_elision(words.1) => 0,
        (Side::Closer, Side::Word) if is_genitive(words.1) => 0,
        (_, Side::Word) => 4 + u16::from(glyph == Glyph::SingleOpen),
        (Side::Edge | Side::End, Side::Edge | Side::End) => 2,
        (Side::Edge, _) => 3,
        _ => NO_APOSTROPHE,
    }
}

/// Whether a word without its beginning follows: *'em*, *'90s*, *'til*. Not: *'empty*.
fn is_elision(words: &str) -> bool {
    const CLIPPED: [&str; 15] = [
        "em", "til", "till", "cause", "cuz", "tis", "twas", "bout", "round", "n", "neath", "twere", "twill",
        "ere", "un",
    ];
    let end = words.find(|c: char| !c.is_alphanumeric()).unwrap_or(words.len());
    let word = &words[..end];
    let year = word.strip_suffix('s').unwrap_or(word);
    let is_year = year.len() == 2 && year.bytes().all(|b| b.is_ascii_digit());
    is_year || CLIPPED.iter().any(|clipped| word.eq_ignore_ascii_case(clipped))
}

/// Whether nothing but a genitive s follows: *the P.M.'s*.
fn is_genitive(words: &str) -> bool {
    words.strip_prefix('s').is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}
