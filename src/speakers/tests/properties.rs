//! Properties over arbitrary and over newsy text.

use proptest::prelude::*;

use super::*;
use crate::reader::{Mention, MentionKind};

fn quotes(text: &str, cuts: &[(usize, usize, bool)]) -> Vec<Quote> {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let mut quotes: Vec<Quote> = cuts
        .iter()
        .map(|&(a, b, mentioned)| {
            let (a, b) = (floor(a % (text.len() + 1)), floor(b % (text.len() + 1)));
            let span = Span::new(a.min(b), a.max(b));
            Quote {
                content: vec![span],
                kind: Kind::Mixed,
                cue: Some(span),
                mention: mentioned.then_some(Span::new(floor(a / 2), floor(a / 2 + 9).max(floor(a / 2)))),
                confidence: 0.5,
                basis: String::new(),
            }
        })
        .collect();
    quotes.sort_by_key(|quote| quote.content[0]);
    quotes
}

proptest! {
    #[test]
    fn any_text_gives_one_speaker_a_quote(text in "\\PC{0,200}", cuts in prop::collection::vec((0usize..900, 0usize..900, any::<bool>()), 0..8)) {
        let quotes = quotes(&text, &cuts);
        let got = attribute(&text, &paragraphs::split(&text), &sentences::split(&text), &quotes, &[], &Reading::default());
        prop_assert_eq!(got.len(), quotes.len());
    }

    #[test]
    fn newsy_text_gives_no_pronoun_for_a_name(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "Ana Ruiz", "he", "she", "the minister", "said", ",", ". ", "\n", "Foreign Minister", "of", "China's", "the",
            "U.S.", "officials", "Ruiz", "\"", "they", "it", "Mr.", "van der", "Berg", "63", "It", "a", "office", "’s", "and",
        ]), 0..60),
        cuts in prop::collection::vec((0usize..900, 0usize..900, any::<bool>()), 0..8),
    ) {
        let text = pieces.join(" ");
        let quotes = quotes(&text, &cuts);
        let kinds = [MentionKind::Person, MentionKind::Organisation, MentionKind::Place, MentionKind::Title];
        let mentions = quotes.iter().enumerate().map(|(n, quote)| Mention {
            kind: kinds[n % kinds.len()],
            span: quote.content[0],
            confidence: 0.5,
        });
        let reading = Reading { mentions: mentions.collect(), ..Reading::default() };
        for speaker in attribute(&text, &paragraphs::split(&text), &sentences::split(&text), &quotes, &[], &reading) {
            prop_assert!(!["he", "she", "it", "they"].contains(&speaker.name.to_lowercase().as_str()));
        }
    }
}

#[test]
fn ten_thousand_namesakes_are_fine() {
    let mut marked = String::new();
    for n in 0..10_000 {
        marked.push_str(&format!("[\"No,\"] {{Ana{n} Ruiz}} said. "));
    }
    let (text, quotes) = read(&marked);
    let started = std::time::Instant::now();
    let got =
        attribute(&text, &paragraphs::split(&text), &cut_fast(&text), &quotes, &[], &Reading::default());
    assert_eq!(got.len(), 10_000);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

fn cut_fast(text: &str) -> Vec<Sentence> {
    let mut start = 0;
    let ends = text.match_indices(". ").map(|(at, _)| at + 2).chain([text.len()]);
    let mut all: Vec<Sentence> = ends
        .map(|end| {
            let span = Span::new(start, end);
            start = end;
            Sentence { span }
        })
        .collect();
    all.retain(|sentence| !sentence.span.is_empty());
    all
}
