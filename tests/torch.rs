//! rust-bert on libtorch beside the embedded engine, and fine-tuning as its users meet it. Only with feature `torch`.

#![cfg(feature = "torch")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::mpsc;
use std::time::Duration;

use rayon::prelude::*;
use sayso::paragraphs;
use sayso::reader::engine::{Device, Engine, Precision, Torch};
use sayso::reader::kernel::Kernel;
use sayso::reader::{Link, Reader, Reading, Role};

/// How far the engines may differ.
const TOLERANCE: f32 = 1e-4;

fn torch(workers: usize, precision: Precision) -> Engine {
    Engine::Torch(Torch { device: Device::Cpu, precision, workers: NonZeroUsize::new(workers).unwrap() })
}

fn read(reader: &Reader, text: &str) -> Reading {
    reader.read(text, &paragraphs::split(text))
}

/// The text of the reference file, which `tests/parity.rs` holds the embedded engine to.
fn text() -> String {
    let reference: serde_json::Value =
        serde_json::from_str(include_str!("../models/reader/reference.json")).unwrap();
    reference["text"].as_str().unwrap().to_owned()
}

#[track_caller]
fn close(ours: &[f32], theirs: &[f32], tolerance: f32, what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() < tolerance, "{what}: {a} by libtorch, {b} embedded");
    }
}

#[test]
fn the_engines_say_the_same_of_the_reference() {
    let text = text();
    let embedded = read(&Reader::load_with(None, Kernel::Portable).unwrap(), &text);
    for (precision, tolerance) in [(Precision::F32, TOLERANCE), (Precision::Bf16, 0.3)] {
        let torch = read(&Reader::load_with(None, torch(1, precision)).unwrap(), &text);
        assert_eq!(torch.tokens, embedded.tokens);
        let flat = |reading: &Reading| reading.role_probabilities.as_flattened().to_vec();
        assert!(!flat(&torch).is_empty());
        close(&flat(&torch), &flat(&embedded), tolerance, "roles");
        let contents: Vec<_> = embedded.roles.iter().filter(|found| found.role == Role::Content).collect();
        assert!(!contents.is_empty(), "the text must hold a statement");
        for content in contents {
            let scores = |reading: &Reading, link| reading.link(link, &[content.span], &reading.tokens[..20]);
            if precision == Precision::F32 {
                for link in [Link::Cue, Link::Speaker] {
                    // Log-probabilities down to -15: the far end of the scale is coarser.
                    let probabilities = |reading: &Reading| -> Vec<f32> {
                        scores(reading, link).into_iter().map(f32::exp).collect()
                    };
                    close(&probabilities(&torch), &probabilities(&embedded), tolerance, "links");
                }
            }
            let stance = |reading: &Reading| reading.stance(&[content.span], None, None);
            let (ours, theirs) = (stance(&torch), stance(&embedded));
            close(&ours.logits, &theirs.logits, 4.0 * tolerance, "stance");
            close(&ours.leaning, &theirs.leaning, 4.0 * tolerance, "leaning");
        }
    }
}

/// Bits of everything a reading says of its tokens.
fn bits(reading: &Reading) -> Vec<u32> {
    reading.role_probabilities.as_flattened().iter().map(|probability| probability.to_bits()).collect()
}

#[test]
fn eight_threads_neither_wait_for_ever_nor_change_a_bit() {
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/train/tiny");
    let sentence = "“The talks of the minister end,” Ora said. We will read it.\n";
    let documents: Vec<String> = (0..64).map(|at| sentence.repeat(1 + at * 7 % 30)).collect();
    let (done, finished) = mpsc::channel();
    std::thread::spawn(move || {
        for workers in [1, 2, 8] {
            let reader = Reader::load_with(Some(&tiny), torch(workers, Precision::F32)).unwrap();
            let alone: Vec<_> = documents.iter().map(|text| bits(&read(&reader, text))).collect();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build().unwrap();
            // Work inside work, as a thread that waits inside rayon would steal it.
            let together: Vec<_> = pool.install(|| {
                documents
                    .par_iter()
                    .map(|text| rayon::join(|| bits(&read(&reader, text)), || bits(&read(&reader, text))))
                    .collect()
            });
            for ((one, other), alone) in together.iter().zip(&alone) {
                assert!(!alone.is_empty() && one == alone && other == alone, "{workers} workers");
            }
        }
        done.send(()).unwrap();
    });
    finished.recv_timeout(Duration::from_secs(240)).expect("a thread failed, or all wait for each other");
}

fn sayso(arguments: &[&str], folder: &Path) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin!("sayso"))
        .args(arguments)
        .current_dir(folder)
        .env("SAYSO_KERNEL", "portable")
        .output()
        .unwrap()
}

/// What a run that went well wrote to standard output.
#[track_caller]
fn output(arguments: &[&str], folder: &Path) -> String {
    let ran = sayso(arguments, folder);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

/// What a run that could not run said.
#[track_caller]
fn refusal(arguments: &[&str], folder: &Path) -> String {
    let ran = sayso(arguments, folder);
    assert_eq!(ran.status.code(), Some(2), "{}", String::from_utf8_lossy(&ran.stdout));
    String::from_utf8(ran.stderr).unwrap()
}

#[test]
fn the_sample_articles_have_the_same_rows_by_both_engines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let embedded = output(&["extract", "seeds/articles"], root);
    assert!(100 < embedded.lines().count());
    for threads in ["1", "8"] {
        let torch = output(&["extract", "--engine", "torch", "--threads", threads, "seeds/articles"], root);
        assert!(torch == embedded, "{threads} threads: other rows");
    }
}

/// Sixty invented statements under three labels of our own.
fn codings() -> String {
    let objects = ["the harbour plan", "our fishing boats", "the border towns", "this winter's grain"];
    let kinds: [(&str, [&str; 5]); 3] = [
        (
            "ally",
            [
                "We warmly welcome",
                "We thank them for",
                "We gladly agree with them on",
                "We will help them with",
                "We praise their care for",
            ],
        ),
        (
            "foe",
            [
                "They lie about",
                "We will make them pay for",
                "They have wrecked",
                "We condemn their crimes against",
                "They threaten",
            ],
        ),
        (
            "record",
            [
                "The report lists",
                "The office counted",
                "The committee will meet on",
                "A page describes",
                "The ministry received a note on",
            ],
        ),
    ];
    let mut table = "statement,speaker,code\n".to_owned();
    for (label, openings) in kinds {
        for opening in openings {
            objects.iter().for_each(|object| table += &format!("{opening} {object}.,Ora Lund,{label}\n"));
        }
    }
    table
}

#[test]
fn a_fine_tune_learns_sixty_statements_and_names_them_in_the_output() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("coded.csv"), codings()).unwrap();
    let arguments =
        ["finetune", "--codings", "coded.csv", "--labels", "foe,ally,record", "-o", "mine", "--seed", "3"];
    let told = output(&arguments, folder);
    assert!(told.contains("60 statements: 48 learnt from, 12 kept for checking"), "{told}");
    assert!(told.contains("coder ↓ model →") && told.contains("Krippendorff's alpha"), "{told}");
    for file in ["config.json", "tokenizer.json", "model.safetensors", "card.md"] {
        assert!(folder.join("mine").join(file).is_file(), "{file}");
    }
    let card = fs::read_to_string(folder.join("mine/card.md")).unwrap();
    assert!(card.starts_with("# Reader `mine 1`") && card.contains("foe, ally, record"), "{card}");

    // The embedded engine labels them as they were coded, in the words of the codebook.
    let labelled = output(&["stance", "coded.csv", "--models", "mine"], folder);
    let mut table = csv::Reader::from_reader(labelled.as_bytes());
    let header: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(header[2..], ["code", "stance", "leaning", "p_foe", "p_ally", "p_record", "score"]);
    let same = |record: csv::StringRecord| {
        assert!(["foe", "ally"].contains(&&record[4]), "{record:?}");
        usize::from(record[2] == record[3])
    };
    let right: usize = table.records().map(|record| same(record.unwrap())).sum();
    assert!(58 <= right, "{right} of 60");

    fs::write(folder.join("a.txt"), "“They lie about the harbour plan,” said Ora Lund.\n").unwrap();
    for engine in ["embedded", "torch"] {
        let rows = output(&["extract", "a.txt", "--models", "mine", "--engine", engine], folder);
        let mut table = csv::Reader::from_reader(rows.as_bytes());
        let header = table.headers().unwrap().clone();
        let row = table.records().next().unwrap().unwrap();
        let stance = header.iter().position(|name| name == "stance").unwrap();
        assert_eq!((&row[stance], &header[stance + 2]), ("foe", "p_foe"), "{engine}");
    }

    // The same seed gives the same model; own columns and JSON Lines are read too.
    let rows: Vec<String> = csv::Reader::from_reader(codings().as_bytes())
        .records()
        .map(|record| record.unwrap())
        .map(|record| {
            serde_json::json!({"said": &record[0], "who": &record[1], "verdict": &record[2]}).to_string()
        })
        .collect();
    fs::write(folder.join("coded.jsonl"), rows.join("\n")).unwrap();
    let arguments = "finetune --codings coded.jsonl --text-column said --label-column verdict --speaker-column who \
                     --labels foe,ally,record -o again --seed 3";
    output(&arguments.split_whitespace().collect::<Vec<_>>(), folder);
    let weights = |name: &str| fs::read(folder.join(name).join("model.safetensors")).unwrap();
    assert!(weights("mine") == weights("again"), "another model from the same statements");
}

#[test]
fn what_cannot_be_learnt_from_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let tables: [(&str, &[u8], &str); 4] = [
        (
            "no-label.csv",
            b"statement,verdict\na,x\n",
            "no column `label` or `code` or `stance`; its columns are: statement, verdict",
        ),
        ("one.csv", b"statement,label\na,ally\nb,ally\n", "every statement is coded \"ally\""),
        ("utf32.csv", b"s\0\0\0t\0\0\0,\0\0\0l\0\0\0", "a binary file"),
        (
            "blank.csv",
            b"statement,label\n\xe2\x80\x8b,ally\nb,ally\nc,foe\nd,foe\n",
            "blank.csv:2: the statement has no words that can be read",
        ),
    ];
    for (name, content, reason) in tables {
        fs::write(folder.join(name), content).unwrap();
        let said = refusal(&["finetune", "--codings", name, "-o", "out"], folder);
        assert!(said.contains(name) && said.contains(reason), "{said}");
    }
    fs::write(folder.join("coded.csv"), codings()).unwrap();
    for (arguments, reason) in [
        ("--codings absent.csv", "absent.csv"),
        ("--codings coded.csv --text-column words", "no column `words`"),
        ("--codings coded.csv --labels ally", "--labels: 1 labels"),
        ("--codings coded.csv --labels ally,neither", "no statement is coded \"neither\""),
        ("--codings coded.csv --validation 1.5", "--validation: must lie between 0 and 1"),
        ("--codings coded.csv --engine torch --device cuda:99", "--device cuda:99: "),
        ("--codings coded.csv --engine embedded --device cpu", "go with --engine torch"),
    ] {
        let arguments = format!("finetune -o out {arguments}");
        let said = refusal(&arguments.split_whitespace().collect::<Vec<_>>(), folder);
        assert!(said.contains(reason), "{said} for {arguments}");
    }
}
