//! Words of a text as the speaker rules see them: folded, with what stands before each.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::Span;
use crate::sentences::Sentence;

use super::lexicon;

/// What stands between a word and the word before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Blanks only: the words may belong to one name.
    Space,
    /// A comma: the words may be a name and its apposition.
    Comma,
    /// Anything else: quotation marks, dashes, line and sentence ends, the start of the text.
    Stop,
}

/// One word: letters and digits with inner apostrophes, hyphens and the full stops of abbreviations.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// Bytes, without possessive 's.
    pub(crate) span: Span,
    /// Lower case, without accents and full stops.
    pub(crate) folded: String,
    /// Whether it opens with a capital ("Wang", "al-Sabbagh").
    pub(crate) capital: bool,
    /// Whether it has several letters, all of them capitals ("MENG", "US").
    pub(crate) shouting: bool,
    /// Whether a possessive 's follows.
    pub(crate) possessive: bool,
    /// What stands before it.
    pub(crate) gap: Gap,
    /// Number of its sentence.
    pub(crate) sentence: usize,
}

impl Word {
    /// Whether it is capitalised only because of its place: "However", "Monday"; not "US".
    pub(crate) fn is_function(&self) -> bool {
        lexicon::is_function(&self.folded) && !(self.shouting && self.folded == "us")
    }
}

/// Lower case, without accents, full stops and curly apostrophes: "Peña" → "pena", "U.S." → "us".
pub(crate) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.chars().filter(|&c| c != '.').map(|c| c.to_ascii_lowercase()).collect();
    }
    word.nfd()
        .filter(|&c| !is_combining_mark(c) && c != '.')
        .flat_map(char::to_lowercase)
        .map(|c| if c == '\u{2019}' { '\'' } else { c })
        .collect()
}

/// The words of `text` in order, each with the number of the sentence that holds its first byte.
pub(crate) fn split(text: &str, sentences: &[Sentence]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut sentence = 0;
    let mut last_end = 0;
    while let Some((start, first)) = chars.next() {
        if !first.is_alphanumeric() {
            continue;
        }
        let mut end = start + first.len_utf8();
        let mut piece = 1; // letters since the last full stop or the start
        while let Some(&(at, c)) = chars.peek() {
            let inner = c.is_alphanumeric() || is_combining_mark(c);
            let joint = matches!(c, '\'' | '\u{2019}' | '-' | '\u{2011}' | '.')
                && text[at + c.len_utf8()..].starts_with(char::is_alphanumeric);
            if inner {
                piece += 1;
            } else if c == '.' && joint {
                // "U.S.", "F.B.I.", "1.5", but not "end.Then"
                let digits = text[..at].ends_with(|c: char| c.is_ascii_digit());
                if piece != 1 && !digits {
                    break;
                }
                piece = 0;
            } else if !joint {
                break;
            } else {
                piece = 0;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        let raw = &text[start..end];
        // "Gen. (Ret.) Ruiz": what only says that the rank is a former one parts no title from its name.
        let rank = words.last().filter(|last| {
            let titles = lexicon::is_honorific(&last.folded) || lexicon::is_role(&last.folded);
            titles && matches!(text[last_end..start].trim(), "(" | ". (")
        });
        if let Some(closed) = rank.and_then(|_| retired(text, start, end)) {
            last_end = closed;
            continue;
        }
        let dotted = raw.contains('.') && raw.chars().all(|c| c.is_alphabetic() || c == '.');
        let abbreviation =
            dotted || (end - start == first.len_utf8() && first.is_uppercase()) || lexicon::abbreviated(raw);
        if abbreviation && text[end..].starts_with('.') {
            end += 1;
            chars.next();
        }
        let possessive = ["'s", "\u{2019}s", "'S", "\u{2019}S"].iter().find(|tail| raw.ends_with(**tail));
        let span = Span::new(start, end - possessive.map_or(0, |tail| tail.len()));
        while sentence + 1 < sentences.len() && sentences[sentence].span.end <= start {
            sentence += 1;
        }
        let same = words.last().is_some_and(|word| word.sentence == sentence);
        let raw = span.of(text);
        words.push(Word {
            folded: fold(raw),
            capital: opens_with_capital(raw),
            shouting: raw.chars().filter(|c| c.is_alphabetic()).count() > 1
                && raw.chars().all(|c| !c.is_lowercase()),
            possessive: possessive.is_some() || plural_possessive(text, end),
            gap: if same { gap(text, last_end, start) } else { Gap::Stop },
            sentence,
            span,
        });
        last_end = end;
    }
    words
}

/// The end of a bracket that holds nothing but "ret." at `start..end`.
fn retired(text: &str, start: usize, end: usize) -> Option<usize> {
    let alone =
        text[..start].ends_with('(') && matches!(fold(&text[start..end]).as_str(), "ret" | "retd" | "rtd");
    let rest = alone.then(|| text[end..].strip_prefix('.').unwrap_or(&text[end..]))?;
    rest.strip_prefix(')').map(|rest| text.len() - rest.len())
}

/// "Wang", "al-Sabbagh", "d'Orsay" and "iTaukei" open with a capital, "well-known" does not.
fn opens_with_capital(word: &str) -> bool {
    let mut letters = word.chars();
    if letters.by_ref().take(2).any(char::is_uppercase)
        && (word.starts_with(char::is_uppercase) || letters.count() > 1)
    {
        return true;
    }
    let Some(joint) = word.find(['-', '\'', '\u{2019}']) else { return false };
    joint <= 3 && word[joint..].chars().nth(1).is_some_and(char::is_uppercase)
}

/// "the Makers' Federation": a plural with its apostrophe, and a word behind.
fn plural_possessive(text: &str, end: usize) -> bool {
    text[..end].ends_with('s') && (text[end..].starts_with("' ") || text[end..].starts_with("\u{2019} "))
}

fn gap(text: &str, last: usize, start: usize) -> Gap {
    let between = &text[last..start];
    let marks = between.trim();
    // "the Makers' Federation"
    if matches!(between, "' " | "\u{2019} ") && text[..last].ends_with('s') {
        return Gap::Space;
    }
    match marks {
        // "Lind & Sons"
        "" | "&" if !between.contains(['\n', '\r']) => Gap::Space,
        "," | ")," => Gap::Comma,
        _ => Gap::Stop,
    }
}

/// The words that start inside `span`, as a range of indices.
pub(crate) fn within(words: &[Word], span: Span) -> std::ops::Range<usize> {
    let from = words.partition_point(|word| word.span.start < span.start);
    let to = words.partition_point(|word| word.span.start < span.end);
    from..to.max(from)
}

/// The stretch of text from the first to the last word of a range; empty at the start for none.
pub(crate) fn hull(words: &[Word], range: std::ops::Range<usize>) -> Span {
    match words.get(range).unwrap_or_default() {
        [] => Span::default(),
        [first, .., last] => first.span.hull(last.span),
        [only] => only.span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        split(text, &crate::sentences::split(text)).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn initials_abbreviations_and_possessives() {
        assert_eq!(
            folded("Gen. Ana de la Peña's U.S. trip"),
            ["gen", "ana", "de", "la", "pena", "us", "trip"]
        );
        assert_eq!(folded("said so.Then 1.5 a.m."), ["said", "so", "then", "15", "am"]);
        assert_eq!(folded("Col. (Ret.) Ana Ruiz (ret 5)"), ["col", "ana", "ruiz", "ret", "5"]);
        assert_eq!(folded("Lind (ret) Ruiz, (Ret.) Bo"), ["lind", "ret", "ruiz", "ret", "bo"]);
    }

    #[test]
    fn gaps_tell_commas_from_stops() {
        let words = split("Ana Ruiz, a \"spy\"", &[]);
        let gaps: Vec<Gap> = words.iter().map(|word| word.gap).collect();
        assert_eq!(gaps, [Gap::Stop, Gap::Space, Gap::Comma, Gap::Stop]);
    }
}
