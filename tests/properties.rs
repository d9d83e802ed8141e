//! The invariants of the design, as properties over arbitrary and quote-heavy text, on the real pipeline.
//!
//! The net runs in every case, so the cases are few and their texts short; what needs no net is tried on
//! long hostile texts too.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rayon::prelude::*;
use sayso::pipeline::{Analysis, Pipeline};
use sayso::quotes::{Kind, Quote, marks};
use sayso::reader::Reading;
use sayso::speakers::SpeakerType;
use sayso::stance::Label;
use sayso::{Document, Span, paragraphs, sentences, speakers, stance};

/// The real pipeline, loaded once and shared by all threads.
static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::load(None).expect("the models load"));

fn analyse(text: &str) -> Analysis {
    PIPELINE.analyse(Document { id: "a", text })
}

/// What of an analysis must be the same twice: all of it.
fn shown(analysis: &Analysis) -> String {
    format!("{analysis:?}")
}

/// Texts of the sample collection, in the order of their names.
fn samples() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/articles");
    let entries = std::fs::read_dir(folder).expect("seeds/articles");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension() == Some("txt".as_ref()));
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("UTF-8")).collect()
}

/// Any text at all: all planes, controls, line ends.
fn arbitrary() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::collection::vec(any::<char>(), 0..120).prop_map(String::from_iter),
        "[ -~\n\r\t\u{a0}\u{2028}\u{2029}\u{200b}\u{ad}éßñ’“”]{0,200}",
    ]
}

/// Words, names, cues and marks in any order: it looks like news and never parses.
fn quote_heavy() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "\"",
        "\"",
        "“",
        "”",
        "‘",
        "’",
        "'",
        "''",
        "``",
        "„",
        "«",
        "»",
        "‹",
        "\n",
        "\n\n",
        "\r\n",
        ", ",
        ". ",
        "? ",
        "… ",
        "— ",
        ": ",
        " ",
        " ",
        "said ",
        " said",
        "Mara Lindqvist",
        "she ",
        "the minister ",
        "Beijing ",
        "U.S. ",
        "according to ",
        "accused ",
        "We will stay",
        "it's over",
        "that talks had failed",
        "rock 'n' roll ",
        "5' 11\" ",
        "<tweet id=\"1\">",
        "\u{feff}",
        "é",
        "東京",
        "\u{301}",
        "🙂",
        "\0",
    ]);
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// `span` lies in the text, on char boundaries, and holds something.
fn sound(span: Span, text: &str) -> bool {
    span.start < span.end && text.get(span.start..span.end).is_some()
}

/// Letters and digits of `span`: all of them, and those within `regions`.
fn marked(span: Span, text: &str, regions: &[marks::Region]) -> (usize, usize) {
    let words = span.of(text).char_indices().filter(|(_, c)| c.is_alphanumeric());
    words.fold((0, 0), |(all, inside), (at, _)| {
        let covered = regions.iter().any(|region| region.span.covers(span.start + at));
        (all + 1, inside + usize::from(covered))
    })
}

/// Everything that holds of the analysis of any text.
fn check(text: &str, analysis: &Analysis) -> Result<(), TestCaseError> {
    let mut end = 0;
    for sentence in &analysis.sentences {
        prop_assert!(sound(sentence.span, text), "sentence {:?} out of bounds", sentence.span);
        prop_assert_eq!(sentence.span.start, end, "sentences do not tile");
        end = sentence.span.end;
    }
    prop_assert_eq!(end, text.len(), "sentences do not cover the text");

    let mut end = 0;
    for &paragraph in &analysis.paragraphs {
        prop_assert!(sound(paragraph, text) && end <= paragraph.start, "paragraph {:?}", paragraph);
        end = paragraph.end;
    }

    let regions = marks::regions(text, &analysis.paragraphs);
    let mut taken: Vec<Span> = Vec::new();
    let mut first = 0;
    for statement in &analysis.statements {
        let quote = &statement.quote;
        prop_assert!(!quote.content.is_empty(), "a quote without content");
        prop_assert!(first <= quote.content[0].start, "statements out of order");
        first = quote.content[0].start;
        let mut end = 0;
        let (mut all, mut inside) = (0, 0);
        for &part in &quote.content {
            prop_assert!(sound(part, text), "content {:?} out of bounds or empty", part);
            prop_assert!(end <= part.start, "content parts out of order");
            end = part.end;
            prop_assert!(
                taken.iter().all(|other| !other.overlaps(part)),
                "{:?} is taken twice",
                part.of(text)
            );
            let counts = marked(part, text, &regions);
            (all, inside) = (all + counts.0, inside + counts.1);
        }
        taken.extend(&quote.content);
        prop_assert!(0 < all, "a quote without letters or digits: {:?}", quote.content);
        let kind = match inside {
            0 => Kind::Indirect,
            _ if inside == all => Kind::Direct,
            _ => Kind::Mixed,
        };
        prop_assert_eq!(quote.kind, kind, "{} of {} letters stand in marks", inside, all);
        for words in [quote.cue, quote.mention, statement.speaker.mention].into_iter().flatten() {
            prop_assert!(sound(words, text), "cue or mention {:?} out of bounds or empty", words);
        }
        for words in [quote.cue, quote.mention].into_iter().flatten() {
            let apart = quote.content.iter().all(|part| !part.overlaps(words));
            prop_assert!(apart, "cue or mention {:?} inside its own content", words.of(text));
        }
        prop_assert!((0.0..=1.0).contains(&quote.confidence), "confidence {}", quote.confidence);

        let speaker = &statement.speaker;
        prop_assert!((0.0..=1.0).contains(&speaker.confidence), "confidence {}", speaker.confidence);
        prop_assert_eq!(speaker.name.is_empty(), speaker.kind == SpeakerType::None, "{:?}", speaker);

        let stance = &statement.stance;
        let parts = [stance.conciliatory, stance.confrontational, stance.neutral];
        prop_assert!(parts.iter().all(|p| (0.0..=1.0).contains(p)), "{:?}", parts);
        prop_assert!((parts.iter().sum::<f32>() - 1.0).abs() < 1e-3, "{:?} do not sum to 1", parts);
        prop_assert!(stance.leaning != Label::Neutral, "a leaning must choose");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_keeps_the_invariants(text in arbitrary()) {
        check(&text, &analyse(&text))?;
    }

    #[test]
    fn quote_heavy_text_keeps_the_invariants(text in quote_heavy()) {
        check(&text, &analyse(&text))?;
    }

    #[test]
    fn every_quote_has_one_speaker_and_one_stance(text in quote_heavy()) {
        // Every marked region a quote, attributed or not: more and odder ones than the reader finds.
        let paragraphs = paragraphs::split(&text);
        let sentences = sentences::split(&text);
        let quotes: Vec<_> = marks::regions(&text, &paragraphs)
            .into_iter()
            .filter(|region| region.depth == 0 && region.inner.of(&text).contains(char::is_alphanumeric))
            .map(|region| Quote {
                content: vec![region.inner],
                kind: Kind::Direct,
                cue: None,
                mention: sentences.last().map(|last| last.span.trim(&text)).filter(|span| !span.is_empty()),
                confidence: 0.5,
                basis: "test".to_owned(),
            })
            .collect();
        let reading = Reading::default();
        let speakers = speakers::attribute(&text, &paragraphs, &sentences, &quotes, &[], &reading);
        prop_assert_eq!(speakers.len(), quotes.len());
        prop_assert_eq!(stance::classify(&quotes, &reading).len(), quotes.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_alone_equals_the_document_in_a_batch(texts in proptest::collection::vec(quote_heavy(), 2..8)) {
        let alone: Vec<_> = texts.iter().map(|text| shown(&analyse(text))).collect();
        let again: Vec<_> = texts.iter().rev().map(|text| shown(&analyse(text))).collect();
        prop_assert!(alone.iter().eq(again.iter().rev()), "the same text gave two analyses");
        let renamed: Vec<_> = texts
            .par_iter()
            .map(|text| shown(&PIPELINE.analyse(Document { id: "another", text })))
            .collect();
        prop_assert_eq!(alone, renamed);
    }
}

#[test]
fn the_samples_keep_the_invariants_and_are_not_mute() {
    for text in samples() {
        let analysis = analyse(&text);
        check(&text, &analysis).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let title = text.lines().next().unwrap_or_default();
        assert!(4 <= analysis.statements.len(), "{} statements in “{title}”", analysis.statements.len());
    }
}

/// Seen at four and more threads where a model is not shareable: a worker that waits inside rayon steals
/// another document and meets its own lock.
#[test]
fn eight_threads_give_what_one_gives() {
    let texts: Vec<String> = samples().into_iter().cycle().take(16).collect();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| texts.par_iter().map(|text| shown(&analyse(text))).collect::<Vec<_>>())
    };
    assert_eq!(texts.len(), 16, "the sample collection is there");
    assert!(run(8) == run(1), "rows depend on the number of threads");
}

/// Quadratic work on these lengths would take many seconds; linear work takes milliseconds.
#[test]
fn hostile_texts_take_linear_time() {
    let hostile =
        ["\"", "“", "”", "'", "‘a", "''", "„\n", "\"\n\n", "«»", "Mr. ", "a.\"", "<tweet a=\"", "“‘", "\r\n"];
    for piece in hostile {
        let text = piece.repeat(100_000);
        let start = Instant::now();
        let paragraphs = paragraphs::split(&text);
        let sentences = sentences::split(&text);
        let regions = marks::regions(&text, &paragraphs);
        let quotes = sayso::quotes::extract(&text, &paragraphs, &regions, &Reading::default());
        speakers::attribute(&text, &paragraphs, &sentences, &quotes, &[], &Reading::default());
        let took = start.elapsed();
        assert!(took < Duration::from_secs(5), "{piece:?} × 100,000 took {took:?}");
    }
}

#[test]
fn hostile_texts_keep_the_invariants() {
    for piece in ["\"", "“", "'", "\"a ", "‘a\n", "said ", "\0", "“He said, ‘", "a", "\u{301}"] {
        let text = piece.repeat(600);
        check(&text, &analyse(&text)).unwrap_or_else(|error| panic!("{piece:?}: {error}"));
    }
    assert!(analyse("").statements.is_empty() && analyse("").sentences.is_empty());
}
