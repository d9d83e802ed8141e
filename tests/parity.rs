//! The Rust engine against the trainer: the built-in weights give what PyTorch gave on a text of ours. And the
//! fast kernels against the portable one: the same labels on the sample articles.
//!
//! `models/reader/reference.json` is written by `models/train/export.py`, in f32 with the weights as stored.

#![allow(clippy::unwrap_used)] // helpers of tests: a broken reference must fail them

use sayso::reader::kernel::Kernel;
use sayso::reader::{Link, Reader, Reading, Role};
use sayso::{Span, paragraphs};
use serde_json::Value;

/// How far engine and trainer may differ.
const TOLERANCE: f32 = 1e-3;

fn reference() -> Value {
    serde_json::from_str(include_str!("../models/reader/reference.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
}

fn rows(value: &Value) -> Vec<Vec<f32>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn log_softmax(logits: &[f32]) -> Vec<f32> {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let total = logits.iter().map(|logit| (logit - top).exp()).sum::<f32>().ln() + top;
    logits.iter().map(|logit| logit - total).collect()
}

fn reading(reference: &Value) -> Reading {
    let text = reference["text"].as_str().unwrap();
    Reader::load_with(None, Kernel::Portable).unwrap().read(text, &paragraphs::split(text))
}

/// The span of the window's positions `first..=last`; position 0 is `[CLS]`, token 0 stands at 1.
fn span(reading: &Reading, positions: &[f32]) -> Span {
    let token = |position: f32| reading.tokens[position as usize - 1];
    token(positions[0]).hull(token(positions[positions.len() - 1]))
}

fn assert_close(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() < TOLERANCE, "{what}: {a} here, {b} in the trainer");
    }
}

#[test]
fn roles_are_the_trainers() {
    let reference = reference();
    let reading = reading(&reference);
    let logits = rows(&reference["roles"]);
    assert_eq!(reading.tokens.len() + 2, logits.len(), "word pieces");
    for (i, (ours, theirs)) in reading.role_probabilities.iter().zip(&logits[1..]).enumerate() {
        let theirs: Vec<f32> = log_softmax(theirs).into_iter().map(f32::exp).collect();
        assert_close(ours, &theirs, &format!("roles of token {i}"));
    }
}

#[test]
fn links_are_the_trainers() {
    let reference = reference();
    let reading = reading(&reference);
    let from = span(&reading, &[reference["cue_link_from"].as_f64().unwrap() as f32]);
    for (kind, field) in [(Link::Cue, "cue_link"), (Link::Speaker, "speaker_link")] {
        let logits = numbers(&reference[field]);
        let theirs = log_softmax(&logits[..logits.len() - 1]); // [SEP] cannot be linked to
        let ours = reading.link(kind, &[from], &reading.tokens);
        // The engine gives nothing less than e^-15.
        let theirs: Vec<f32> = theirs.into_iter().map(|score| score.max(-15.0)).collect();
        assert_close(&ours, &theirs, field);
    }
}

#[test]
fn stance_is_the_trainers() {
    let reference = reference();
    let reading = reading(&reference);
    let at = |part: &str| span(&reading, &numbers(&reference["stance_positions"][part]));
    let scores = reading.stance(&[at("content")], Some(at("cue")), Some(at("speaker")));
    assert_close(&scores.logits, &numbers(&reference["stance"]), "stance");
    assert_close(&scores.leaning, &numbers(&reference["leaning"]), "leaning");
}

/// Articles, and what the portable kernel, in f32, reads in them.
fn sample() -> Vec<(String, Reading)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/articles");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let reader = Reader::load_with(None, Kernel::Portable).unwrap();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    let texts = files.iter().map(|path| std::fs::read_to_string(path).unwrap());
    texts.map(|text| (text.clone(), reader.read(&text, &paragraphs::split(&text)))).collect()
}

/// Number of the greatest value.
fn best(values: &[f32]) -> usize {
    (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap()
}

/// Labels of one reading by each head: roles and mentions of every token, links and stances of every content
/// that `asked` marks.
fn labels(reading: &Reading, asked: &Reading) -> [(&'static str, Vec<String>); 4] {
    let spans = |role: Role| -> Vec<Span> {
        asked.roles.iter().filter(|found| found.role == role).map(|found| found.span).collect()
    };
    let mention = |token: &Span| {
        let over = reading
            .mentions
            .iter()
            .find(|mention| token.start < mention.span.end && mention.span.start < token.end);
        format!("{:?}", over.map(|mention| (mention.kind, mention.span.start == token.start)))
    };
    let contents = spans(Role::Content);
    let (cues, speakers) = (spans(Role::Cue), spans(Role::Speaker));
    let links = contents.iter().flat_map(|content| {
        [(Link::Cue, &cues), (Link::Speaker, &speakers)]
            .map(|(link, candidates)| best(&reading.link(link, &[*content], candidates)).to_string())
    });
    let stances = contents.iter().map(|content| {
        let scores = reading.stance(&[*content], None, None);
        format!("{} {}", best(&scores.logits), best(&scores.leaning))
    });
    [
        ("roles", reading.role_probabilities.iter().map(|row| best(row).to_string()).collect()),
        ("mentions", reading.tokens.iter().map(mention).collect()),
        ("links", links.collect()),
        ("stances", stances.collect()),
    ]
}

#[test]
fn kernels_give_the_labels_of_f32() {
    let sample = sample();
    for kernel in Kernel::all().filter(|kernel| kernel.name() != "portable") {
        let reader = Reader::load_with(None, kernel).unwrap();
        let mut counts = [("", 0, 0); 4];
        for (text, expected) in &sample {
            let reading = reader.read(text, &paragraphs::split(text));
            let pairs = labels(&reading, expected).into_iter().zip(labels(expected, expected));
            for (((head, got), (_, expected)), count) in pairs.zip(&mut counts) {
                assert_eq!(got.len(), expected.len());
                let differing = got.iter().zip(&expected).filter(|(got, expected)| got != expected).count();
                *count = (head, count.1 + differing, count.2 + got.len());
            }
        }
        for (head, differing, all) in counts {
            println!("{}: {differing} of {all} {head} differ", kernel.name());
        }
        for (head, differing, all) in counts {
            // One in a thousand; of the few links and stances, one.
            let allowed = (all / 1000).max(1);
            assert!(0 < all && differing <= allowed, "{}: {differing} of {all} {head}", kernel.name());
        }
    }
}
