//! The whole reader on the tiny random model of `models/train/tiny_reference.py`.

use std::path::PathBuf;

use rayon::prelude::*;
use serde::Deserialize;

use super::kernel::Kernel;
use super::*;

/// What PyTorch gives for the tiny model.
#[derive(Deserialize)]
struct Reference {
    text: String,
    tokens: Vec<(usize, usize)>,
    windows: Vec<(usize, usize, usize)>,
    hidden: Vec<Vec<f32>>,
    roles: Vec<Vec<f32>>,
    mentions: Vec<Vec<f32>>,
    links: Vec<LinkCase>,
    pointers: Vec<PointerCase>,
    stances: Vec<StanceCase>,
}

#[derive(Deserialize)]
struct LinkCase {
    link: String,
    content: Vec<(usize, usize)>,
    candidates: Vec<(usize, usize)>,
    scores: Vec<f32>,
}

/// Scores of nobody and of the candidates.
#[derive(Deserialize)]
struct PointerCase {
    asked: Vec<(usize, usize)>,
    candidates: Vec<(usize, usize)>,
    scores: Vec<f32>,
}

#[derive(Deserialize)]
struct StanceCase {
    content: Vec<(usize, usize)>,
    cue: Option<(usize, usize)>,
    speaker: Option<(usize, usize)>,
    logits: Vec<f32>,
    leaning: Vec<f32>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models/train/tiny")
}

/// The tiny model on the portable kernel, which is held to PyTorch.
fn tiny() -> Reader {
    Reader::load_with(Some(&folder()), Kernel::Portable).unwrap()
}

fn reference() -> Reference {
    serde_json::from_slice(&std::fs::read(folder().join("reference.json")).unwrap()).unwrap()
}

fn read(reader: &Reader, text: &str) -> Reading {
    reader.read(text, &crate::paragraphs::split(text))
}

fn span(&(start, end): &(usize, usize)) -> Span {
    Span::new(start, end)
}

fn spans(pairs: &[(usize, usize)]) -> Vec<Span> {
    pairs.iter().map(span).collect()
}

#[track_caller]
fn close(got: &[f32], expected: &[f32], what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() < 1e-4, "{what}: {got} for {expected}");
    }
}

#[test]
fn tokens_and_windows_are_those_of_the_reference() {
    let (reading, reference) = (read(&tiny(), &reference().text), reference());
    assert_eq!(reading.tokens, spans(&reference.tokens));
    let windows = reading.windows.iter().map(|w| (w.context.start, w.own.start, w.own.end));
    assert_eq!(windows.collect::<Vec<_>>(), reference.windows);
    assert!(3 <= reference.windows.len(), "the text must need several windows");
}

#[test]
fn forward_and_heads_are_those_of_pytorch() {
    let (reader, reference) = (tiny(), reference());
    let reading = read(&reader, &reference.text);
    for (token, expected) in reference.hidden.iter().enumerate() {
        let window = reading.windows.iter().position(|window| window.own.contains(&token)).unwrap();
        let row = 1 + token - reading.windows[window].context.start;
        let vectors = reading.vectors.as_ref().unwrap();
        let row = vectors.first_rows[window] + row;
        close(&vectors.hidden[row * 24..(row + 1) * 24], expected, "hidden");
        close(&reading.role_probabilities[token], &reference.roles[token], "roles");
        let mut mentions = reader.heads.mentions.apply(expected, 1);
        lanes::log_softmax(&mut mentions, 11);
        let mentions: Vec<f32> = mentions.into_iter().map(f32::exp).collect();
        close(&mentions, &reference.mentions[token], "mentions");
    }
}

#[test]
fn links_are_those_of_pytorch() {
    let reference = reference();
    let reading = read(&tiny(), &reference.text);
    for case in &reference.links {
        let link = if case.link == "cue" { Link::Cue } else { Link::Speaker };
        let scores = reading.link(link, &spans(&case.content), &spans(&case.candidates));
        close(&scores, &case.scores, "link");
    }
}

#[test]
fn pointers_are_those_of_pytorch() {
    let reference = reference();
    let reading = read(&tiny(), &reference.text);
    for case in &reference.pointers {
        let pointed =
            reading.pointed(Pointer::Antecedent, &spans(&case.asked), &spans(&case.candidates)).unwrap();
        let scores: Vec<f32> = [pointed.nobody].into_iter().chain(pointed.candidates).collect();
        close(&scores, &case.scores, "pointer");
    }
    assert_eq!(reading.pointed(Pointer::Target, &spans(&reference.pointers[0].asked), &[]), None);
}

#[test]
fn stances_are_those_of_pytorch() {
    let reference = reference();
    let reading = read(&tiny(), &reference.text);
    for case in &reference.stances {
        let scores = reading.stance(
            &spans(&case.content),
            case.cue.as_ref().map(span),
            case.speaker.as_ref().map(span),
        );
        close(&scores.logits, &case.logits, "stance");
        close(&scores.leaning, &case.leaning, "leaning");
    }
    assert_eq!(reading.stance_temperature(), 1.5);
    assert_eq!(reading.threshold("statement"), Some(0.4));
    assert_eq!(reading.threshold("no such"), None);
}

#[test]
fn roles_and_mentions_are_the_decoded_labels() {
    let reference = reference();
    let reading = read(&tiny(), &reference.text);
    // A random model still marks something; each span lies on the edges of its tokens.
    assert!(!reading.roles.is_empty() && !reading.mentions.is_empty());
    for role in &reading.roles {
        assert_eq!(role.span.start, reading.tokens[role.tokens.start].start);
        assert_eq!(role.span.end, reading.tokens[role.tokens.end - 1].end);
        assert!(0.0 < role.confidence && role.confidence <= 1.0);
    }
    for mention in &reading.mentions {
        let name = mention.span.of(&reference.text);
        assert!(!name.is_empty() && !name.ends_with("’s"), "{name}");
    }
}

/// Bits of everything a reading says.
fn bits(reading: &Reading) -> Vec<u32> {
    let vectors = reading.vectors.as_ref().unwrap();
    let probabilities = reading.role_probabilities.iter().flatten();
    let mentions = reading.mentions.iter().map(|mention| &mention.confidence);
    vectors
        .hidden
        .iter()
        .chain(&vectors.links)
        .chain(probabilities)
        .chain(mentions)
        .map(|x| x.to_bits())
        .collect()
}

#[test]
fn every_kernel_is_close_to_pytorch_and_gives_the_same_labels() {
    let reference = reference();
    let portable = read(&tiny(), &reference.text);
    let hidden = |reading: &Reading| reading.vectors.as_ref().unwrap().hidden.clone();
    let labels = |reading: &Reading| -> Vec<_> {
        let roles = reading.roles.iter().map(|found| (format!("{:?}", found.role), found.span));
        roles.chain(reading.mentions.iter().map(|found| (format!("{:?}", found.kind), found.span))).collect()
    };
    for kernel in Kernel::all() {
        let reading = read(&Reader::load_with(Some(&folder()), kernel).unwrap(), &reference.text);
        let (got, expected) = (hidden(&reading), hidden(&portable));
        let differences = got.iter().zip(&expected).map(|(got, expected)| (got - expected).abs());
        // The random weights are far larger than a trained model's, and so is what rounding does to them.
        let mean = differences.sum::<f32>() / got.len() as f32;
        let name = kernel.name();
        assert!(got.len() == expected.len() && mean < 2e-2, "{name}: mean difference {mean}");
        assert_eq!(labels(&reading), labels(&portable), "{name}");
    }
}

#[test]
fn threads_and_neighbours_change_no_bit() {
    Kernel::all().for_each(unmoved_by_company);
}

fn unmoved_by_company(kernel: Kernel) {
    let reader = Reader::load_with(Some(&folder()), kernel).unwrap();
    let text = reference().text;
    let documents: Vec<String> =
        (0..24).map(|i| text.repeat(1 + i % 3) + &"The talks end. ".repeat(i * i)).collect();
    let alone: Vec<Vec<u32>> = documents.iter().map(|text| bits(&read(&reader, text))).collect();
    for threads in [2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let together: Vec<Vec<u32>> =
            pool.install(|| documents.par_iter().map(|text| bits(&read(&reader, text))).collect());
        assert!(alone == together, "{threads} threads");
    }
}

#[test]
fn odd_texts_are_read() {
    let reader = tiny();
    for text in
        ["", "\n\n", " ", "\u{0}\u{1}", "“", "\u{301}", "\u{10ffff}", "[CLS]", "´´``''", "e\u{301}\u{200d}"]
    {
        let reading = reader.read(text, &crate::paragraphs::split(text));
        assert_eq!(reading.tokens.len(), reading.role_probabilities.len(), "{text:?}");
        let whole = Span::new(0, text.len());
        assert!(reading.link(Link::Cue, &[whole], &[whole]).iter().all(|score| score.is_finite()));
        reading.stance(&[whole], Some(whole), None);
        reading.stance(&[], None, None);
    }
    assert!(read(&reader, "").windows.is_empty());
}

#[test]
fn a_text_of_many_windows_is_read_to_its_end() {
    let text = "The talks of the minister end and we will read, Ora said ".repeat(400);
    let reading = read(&tiny(), &text);
    assert!(100 < reading.windows.len());
    assert_eq!(reading.tokens.last().unwrap().of(&text), "said");
    assert_eq!(reading.windows.last().unwrap().own.end, reading.tokens.len());
    assert_eq!(reading.role_probabilities.len(), reading.tokens.len());
    // A content over several windows, and a candidate far from it.
    let scores = reading.link(Link::Speaker, &[Span::new(100, 900)], &[Span::new(20_000, 20_010)]);
    assert_eq!(scores[1], -15.0);
}

#[test]
fn tokens_beyond_the_kept_vectors_fall_back() {
    let text = "a ".repeat(KEPT + 100);
    let reading = read(&tiny(), &text);
    assert_eq!(reading.role_probabilities.len(), KEPT + 100);
    let late = Span::new(text.len() - 10, text.len() - 1);
    assert_eq!(reading.stance(&[late], None, None), StanceScores::UNREAD);
    let scores = reading.link(Link::Cue, &[late], &[late, Span::new(0, 1)]);
    assert!(scores[1] > scores[0] && scores[0] > scores[2]);
}

/// The tiny model in a fresh folder, changed by `change`; what loading it says.
fn load_changed(change: impl FnOnce(&Path)) -> String {
    let copy = tempfile::tempdir().unwrap();
    for name in [CONFIG, TOKENIZER, WEIGHTS] {
        std::fs::copy(folder().join(name), copy.path().join(name)).unwrap();
    }
    change(copy.path());
    Reader::load(Some(copy.path())).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn a_whole_folder_loads_also_as_subfolder() {
    assert_eq!(load_changed(|_| ()), "");
    let outer = load_changed(|path| {
        std::fs::create_dir(path.join("reader")).unwrap();
        for name in [CONFIG, TOKENIZER, WEIGHTS] {
            std::fs::rename(path.join(name), path.join("reader").join(name)).unwrap();
        }
    });
    assert_eq!(outer, "");
}

#[test]
fn broken_models_are_told_with_file_and_reason() {
    let write = |name: &'static str, bytes: Vec<u8>| {
        load_changed(move |path| std::fs::write(path.join(name), bytes).unwrap())
    };
    let without =
        |name: &'static str| load_changed(move |path| std::fs::remove_file(path.join(name)).unwrap());
    for name in [CONFIG, TOKENIZER, WEIGHTS] {
        let missing = without(name);
        assert!(missing.contains(name) && missing.contains("No such file"), "{missing}");
        let junk = write(name, b"{\"junk\"".to_vec());
        assert!(junk.starts_with("model ") && junk.contains(name), "{junk}");
    }
    let weights = std::fs::read(folder().join(WEIGHTS)).unwrap();
    let cut = write(WEIGHTS, weights[..weights.len() - 100].to_vec());
    assert!(cut.contains(WEIGHTS), "{cut}");

    let config = std::fs::read_to_string(folder().join(CONFIG)).unwrap();
    let reasons = [
        ("\"layers\": 2", "\"layers\": 3", "layer.2"),
        ("\"width\": 24", "\"width\": 48", "not I8 of width 48"),
        ("\"heads\": 3", "\"heads\": 5", "does not divide"),
        ("\"heads\": 3", "\"heads\": 0", "must not be zero"),
        ("\"window\": 20", "\"window\": 25", "24 positions"),
        ("\"B-place\"", "\"B-planet\"", "B-planet"),
        ("\"B-cue\"", "\"B-verb\"", "roles must be"),
        ("\"link_width\": 5", "\"link_width\": 6", "links.weight has shape"),
    ];
    for (from, to, reason) in reasons {
        assert!(config.contains(from), "{from}");
        let error = write(CONFIG, config.replace(from, to).into_bytes());
        assert!(error.contains(reason), "{from} → {to}: {error}");
    }
    let tokenizer = std::fs::read_to_string(folder().join(TOKENIZER)).unwrap();
    let error = write(TOKENIZER, tokenizer.replace("\"[unused0]\":", "\"[unused0]\":4").into_bytes());
    assert!(error.contains("no row among 100"), "{error}");
}

#[test]
fn no_folder_is_an_error() {
    let error = Reader::load(Some(Path::new("/no/such/folder"))).err().unwrap();
    assert!(error.to_string().starts_with("model /no/such/folder/config.json: "), "{error}");
}
