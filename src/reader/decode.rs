//! From label probabilities to spans.

use std::ops::Range;

use crate::Span;
use crate::reader::tokens::Tokens;

/// A label of the BIO scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag<K> {
    /// In no span.
    Outside,
    /// First token of a span.
    Begin(K),
    /// Later token of a span.
    Inside(K),
}

impl<K: Copy + PartialEq> Tag<K> {
    fn kind(self) -> Option<K> {
        match self {
            Tag::Outside => None,
            Tag::Begin(kind) | Tag::Inside(kind) => Some(kind),
        }
    }

    /// Whether the tag may follow `before`, or start a paragraph where that is `None`.
    fn may_follow(self, before: Option<Self>) -> bool {
        match self {
            Tag::Inside(kind) => before.and_then(Tag::kind) == Some(kind),
            _ => true,
        }
    }
}

/// A decoded span.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<K> {
    /// What it is.
    pub kind: K,
    /// Its tokens, whole words.
    pub tokens: Range<usize>,
    /// Mean probability of its tokens' labels.
    pub confidence: f32,
}

/// The spans of the likeliest label sequence of each paragraph, widened to whole words.
///
/// `scores` holds one log-probability for each token and tag; `transitions` what following one tag with another adds
/// (rows: the tag before; a conditional random field's learnt weights), nothing if it is empty. A span never crosses a
/// paragraph's end.
pub fn spans<K: Copy + PartialEq>(
    tags: &[Tag<K>],
    transitions: &[f32],
    scores: &[f32],
    tokens: &Tokens,
) -> Vec<Found<K>> {
    let width = tags.len();
    let mut found: Vec<Found<K>> = Vec::new();
    for paragraph in &tokens.paragraphs {
        let scores = &scores[paragraph.start * width..paragraph.end * width];
        let path = likeliest(tags, transitions, scores);
        let mut at = 0;
        while let Some(&first) = path.get(at) {
            let start = at;
            at += 1;
            let Some(kind) = tags[first].kind() else { continue };
            while path.get(at).is_some_and(|&label| tags[label] == Tag::Inside(kind)) {
                at += 1;
            }
            let total: f32 = (start..at).map(|token| scores[token * width + path[token]].exp()).sum();
            let confidence = total / (at - start) as f32;
            // Two spans in one word: the first has it.
            let free = found.last().map_or(0, |last| last.tokens.end);
            let run = paragraph.start + start..paragraph.start + at;
            let run = whole_words(run, &paragraph.clone(), &tokens.continues);
            let run = run.start.max(free)..run.end;
            if !run.is_empty() {
                found.push(Found { kind, tokens: run, confidence });
            }
        }
    }
    found
}

/// Bytes of a run of tokens.
pub fn bytes(tokens: &Tokens, run: &Range<usize>) -> Span {
    match tokens.spans.get(run.clone()) {
        Some([first, .., last]) => first.hull(*last),
        Some([only]) => *only,
        _ => Span::default(),
    }
}

/// Drops a possessive at the span's end: "Ora Lund’s" → "Ora Lund", "the Lunds'" → "the Lunds".
/// Keeps "Lund’s Bank"; a possessive alone leaves nothing.
pub fn without_possessive(text: &str, span: Span) -> Span {
    let words = span.of(text);
    let bare = ["’s", "'s", "’S", "'S", "’", "'"].iter().find_map(|ending| words.strip_suffix(ending));
    let length = bare.map_or(words.len(), |bare| bare.trim_end().len());
    Span::new(span.start, span.start + length)
}

fn whole_words(run: Range<usize>, paragraph: &Range<usize>, continues: &[bool]) -> Range<usize> {
    let mut run = run;
    while paragraph.start < run.start && continues[run.start] {
        run.start -= 1;
    }
    while run.end < paragraph.end && continues[run.end] {
        run.end += 1;
    }
    run
}

/// Viterbi: the tag sequence with the greatest sum of scores among those the BIO scheme allows.
fn likeliest<K: Copy + PartialEq>(tags: &[Tag<K>], transitions: &[f32], scores: &[f32]) -> Vec<usize> {
    let width = tags.len();
    let step = |before: usize, label: usize| transitions.get(before * width + label).copied().unwrap_or(0.0);
    let mut best = vec![0.0; width];
    // Bytes, for a paragraph may be a whole book; a head has far fewer than 256 tags (see `Config`).
    let mut backs: Vec<u8> = Vec::with_capacity(scores.len());
    for (token, row) in scores.chunks_exact(width).enumerate() {
        let mut next = vec![f32::NEG_INFINITY; width];
        for (label, tag) in tags.iter().enumerate() {
            let mut back = 0;
            if token == 0 {
                next[label] = if tag.may_follow(None) { row[label] } else { f32::NEG_INFINITY };
            } else {
                for (before, sum) in best.iter().enumerate() {
                    let total = sum + step(before, label) + row[label];
                    if tag.may_follow(Some(tags[before])) && total > next[label] {
                        next[label] = total;
                        back = before;
                    }
                }
            }
            backs.push(back as u8);
        }
        best = next;
    }
    let mut label = 0;
    for (other, sum) in best.iter().enumerate() {
        if *sum > best[label] {
            label = other;
        }
    }
    let mut path: Vec<usize> = backs
        .chunks_exact(width)
        .rev()
        .map(|back| {
            let here = label;
            label = usize::from(back[label]);
            here
        })
        .collect();
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TAGS: [Tag<char>; 5] =
        [Tag::Outside, Tag::Begin('a'), Tag::Inside('a'), Tag::Begin('b'), Tag::Inside('b')];

    /// Tokens of one byte each, `-` for those that continue a word, `|` for a paragraph's end.
    fn tokens(shape: &str) -> Tokens {
        let mut tokens = Tokens::default();
        for paragraph in shape.split('|') {
            let first = tokens.ids.len();
            for piece in paragraph.chars() {
                let at = tokens.ids.len();
                tokens.ids.push(0);
                tokens.spans.push(Span::new(at, at + 1));
                tokens.continues.push(piece == '-');
                tokens.ends.push(false);
            }
            tokens.paragraphs.push(first..tokens.ids.len());
        }
        tokens
    }

    /// Scores that favour the given labels, each with probability `sure`.
    fn favouring(labels: &[usize], sure: f32) -> Vec<f32> {
        labels
            .iter()
            .flat_map(|&label| {
                (0..5).map(move |tag| if tag == label { sure } else { (1.0 - sure) / 4.0 }.ln())
            })
            .collect()
    }

    fn runs(found: &[Found<char>]) -> Vec<(char, Range<usize>)> {
        found.iter().map(|found| (found.kind, found.tokens.clone())).collect()
    }

    #[test]
    fn begin_and_inside_make_a_span() {
        let found = spans(&TAGS, &[], &favouring(&[0, 1, 2, 3, 1, 0], 0.9), &tokens("......"));
        assert_eq!(runs(&found), [('a', 1..3), ('b', 3..4), ('a', 4..5)]);
        assert!((found[0].confidence - 0.9).abs() < 1e-6);
    }

    #[test]
    fn an_inside_without_its_begin_is_repaired() {
        let mut scores = favouring(&[0, 4, 4], 0.9);
        scores[5 + 3] = 0.08f32.ln(); // the second token may well begin a b
        assert_eq!(runs(&spans(&TAGS, &[], &scores, &tokens("..."))), [('b', 1..3)]);
    }

    #[test]
    fn learnt_transitions_tip_a_close_choice() {
        let mut scores = favouring(&[1, 0, 2], 0.9);
        scores[5..10].copy_from_slice(&[0.5f32, 0.0, 0.4, 0.0, 0.0].map(f32::ln));
        assert_eq!(runs(&spans(&TAGS, &[], &scores, &tokens("..."))), [('a', 0..3)]);
        let mut transitions = vec![0.0; 25];
        transitions[5] = 5.0; // from the begin of an a to outside
        assert_eq!(runs(&spans(&TAGS, &transitions, &scores, &tokens("..."))), [('a', 0..1)]);
    }

    #[test]
    fn spans_stop_at_the_paragraph() {
        let found = spans(&TAGS, &[], &favouring(&[1, 2, 2, 2], 0.9), &tokens("..|.."));
        assert!(found.iter().all(|found| found.tokens.end <= 2 || 2 <= found.tokens.start));
        assert_eq!(found[0].tokens, 0..2);
    }

    #[test]
    fn spans_cover_whole_words_and_the_first_keeps_a_shared_one() {
        let found = spans(&TAGS, &[], &favouring(&[0, 0, 1, 2, 0], 0.9), &tokens("..-.-"));
        assert_eq!(runs(&found), [('a', 1..5)]);
        let found = spans(&TAGS, &[], &favouring(&[1, 3, 0], 0.9), &tokens(".--"));
        assert_eq!(runs(&found), [('a', 0..3)]);
    }

    #[test]
    fn possessives_go() {
        let cut = |text: &'static str| without_possessive(text, Span::new(0, text.len())).of(text);
        assert_eq!(cut("Ora Lund’s"), "Ora Lund");
        assert_eq!(cut("Ora Lund 's"), "Ora Lund");
        assert_eq!(cut("Lunds'"), "Lunds");
        assert_eq!(cut("Lund’s Bank"), "Lund’s Bank");
        assert_eq!(cut("’s"), "");
    }

    proptest! {
        #[test]
        fn any_scores_give_spans_in_order(
            shape in "[.|-]{0,40}",
            scores in prop::collection::vec(prop_oneof![-9f32..0.0, Just(f32::NAN), Just(f32::NEG_INFINITY)], 200),
        ) {
            let tokens = tokens(&shape);
            let found = spans(&TAGS, &[], &scores[..tokens.ids.len() * 5], &tokens);
            let mut end = 0;
            for found in found {
                prop_assert!(end <= found.tokens.start && !found.tokens.is_empty());
                end = found.tokens.end;
                let inside = |p: &Range<usize>| p.start <= found.tokens.start && found.tokens.end <= p.end;
                prop_assert!(tokens.paragraphs.iter().any(inside));
            }
        }
    }
}
