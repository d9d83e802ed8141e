//! The words of a mention as the rules want them: without what hangs over, with what the reader cut off.

use std::ops::Range;

use super::lexicon;
use super::noun_phrase;
use super::words::{Gap, Word};

/// How many words a lone article may gain.
const LONGEST_GAIN: usize = 8;

/// The words that stand for a speaker, given those that the reader marked. The mention itself stays as it is.
pub(super) fn bounds(words: &[Word], range: Range<usize>) -> Range<usize> {
    headed(words, determined(words, titled(words, trimmed(words, range))))
}

/// Takes "The Fishers' Union |in" back to the union, and "Laos, |which" to Laos; keeps "WHO".
fn trimmed(words: &[Word], mut range: Range<usize>) -> Range<usize> {
    while 1 < range.len() && words.get(range.end - 1).is_some_and(hangs_over) {
        range.end -= 1;
    }
    range
}

fn hangs_over(word: &Word) -> bool {
    const LOOSE: [&str; 20] = [
        "in", "on", "at", "of", "for", "to", "from", "by", "with", "and", "or", "the", "an", "as", "who",
        "which", "whose", "that", "but", "while",
    ];
    !word.capital && LOOSE.contains(&word.folded.as_str())
}

/// the "Tide Herald": a name in quotation marks stands without its article; the Tide Herald keeps it.
fn titled(words: &[Word], range: Range<usize>) -> Range<usize> {
    let article =
        words.get(range.start).is_some_and(|word| matches!(word.folded.as_str(), "the" | "a" | "an"));
    let marked = words.get(range.start + 1).is_some_and(|next| next.gap != Gap::Space && next.capital);
    if article && marked && 1 < range.len() { range.start + 1..range.end } else { range }
}

/// "The |agency", "the |Chinese officials": a lone article or possessive gains its noun; "it" gains nothing.
fn determined(words: &[Word], range: Range<usize>) -> Range<usize> {
    let opens = |word: &Word| matches!(word.folded.as_str(), "the" | "its" | "their" | "his" | "our");
    if range.len() != 1 || !words.get(range.start).is_some_and(opens) {
        return range;
    }
    let gained = words[range.end..].iter().take(LONGEST_GAIN).take_while(|word| {
        word.gap == Gap::Space && (word.capital && !word.is_function() || in_noun_phrase(&word.folded))
    });
    let gained = gained.count();
    let headed = words[range.end..range.end + gained].iter().any(|word| heads_phrase(&word.folded));
    if headed { range.start..range.end + gained } else { range }
}

/// "an Iranian border |officer": a mention cut behind a modifier gains its head; "the agency" gains nothing.
fn headed(words: &[Word], range: Range<usize>) -> Range<usize> {
    let Some(marked) = words.get(range.clone()).filter(|marked| 1 < marked.len()) else { return range };
    let open = marked.last().is_some_and(|last| !last.capital && lexicon::is_modifier(&last.folded))
        && !marked.iter().any(|word| heads_phrase(&word.folded));
    let gains = words
        .get(range.end)
        .is_some_and(|next| next.gap == Gap::Space && !next.capital && heads_phrase(&next.folded));
    range.start..range.end + usize::from(open && gains)
}

fn in_noun_phrase(folded: &str) -> bool {
    lexicon::is_modifier(folded) || heads_phrase(folded)
}

fn heads_phrase(folded: &str) -> bool {
    lexicon::is_role(folded)
        || lexicon::singular_role(folded).is_some()
        || noun_phrase::body_noun(folded).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::words::{self, hull};

    /// The words that a mention at the start of a text comes to, the first `n` words being marked.
    fn bound(text: &str, n: usize) -> String {
        let words = words::split(text, &[]);
        hull(&words, bounds(&words, 0..n)).of(text).to_owned()
    }

    #[test]
    fn what_hangs_over_goes() {
        assert_eq!(bound("The Reed Cutters' Union in Lindfors thanked them", 5), "The Reed Cutters' Union");
        assert_eq!(bound("South Korea, which", 3), "South Korea");
        assert_eq!(bound("the WHO said", 2), "the WHO");
    }

    #[test]
    fn what_was_cut_comes_back() {
        assert_eq!(bound("The agency specified", 1), "The agency");
        assert_eq!(bound("an Iranian border officer snapped", 3), "an Iranian border officer");
        assert_eq!(bound("the news agency officials quoted", 3), "the news agency");
        assert_eq!(bound("Its rain fell", 1), "Its");
    }
}
