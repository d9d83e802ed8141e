//! sayso's encoder beside other inference engines: the same weights, the same windows, one run.
//!
//! ```text
//! cargo run --release --manifest-path benches/engines/Cargo.toml
//! ```
//!
//! Reads the sample articles in their windows, one at a time on one thread, and prints word pieces per CPU second of the
//! process (user and system time): of each kernel of sayso (with its word pieces and heads, which the others are spared),
//! of rten, of ONNX Runtime where `ORT_DYLIB_PATH` names its library (`pip download onnxruntime==1.31.1` has one), and, built
//! with `--features torch`, of rust-bert. Every measurement is a process of its own; the engines take turns, and the
//! median of the rounds counts, so that a machine which changes its pace does so for all. `Gop/s` counts the additions and
//! multiplications of the encoder's products, in whatever numbers.
//! `difference` is the mean distance of the first eight features from PyTorch's on the reference text.

mod onnx;

use std::path::{Path, PathBuf};
use std::process::Command;

use onnx::Products;
use rten::{ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::{AsView, NdTensor};
use sayso::paragraphs;
use sayso::reader::Reader;
use sayso::reader::kernel::{Kernel, NAMES};
use sayso::reader::windows;
use serde::Deserialize;
use tokenizers::Tokenizer;

const ROUNDS: usize = 5;
/// CPU seconds that a measurement lasts at least.
const LEAST: f64 = 4.0;
/// Set in the processes that measure, to what they measure.
const MEASURING: &str = "SAYSO_BENCH_MEASURING";
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn main() {
    if let Some(engine) = std::env::var_os(MEASURING) {
        let (rate, difference) = measure(&engine.to_string_lossy());
        println!("{rate} {difference}");
        return;
    }
    let weights =
        std::fs::read(Path::new(ROOT).join("models/reader/model.safetensors")).expect("the model is there");
    for (name, products) in [("f32", Products::F32), ("int8", Products::Int8)] {
        let Shape { layers, heads, layer_norm_eps, .. } = json("config.json");
        let model = onnx::encoder(&weights, layers, heads, layer_norm_eps, products);
        std::fs::write(file(name), model).expect("a file is written");
    }
    let kernels = NAMES.into_iter().filter(|name| Kernel::named(name).is_ok());
    let mut engines: Vec<String> = kernels.map(|name| format!("sayso {name}")).collect();
    engines.extend(["rten f32", "rten int8"].map(str::to_owned));
    if std::env::var_os("ORT_DYLIB_PATH").is_some() {
        engines.extend(["ort f32", "ort int8"].map(str::to_owned));
    } else {
        println!("ONNX Runtime: not measured, for ORT_DYLIB_PATH names no library");
    }
    if cfg!(feature = "torch") {
        engines.extend(["torch f32", "torch bf16"].map(str::to_owned));
    } else {
        println!("rust-bert: not measured, for feature torch was not built");
    }
    let mut rounds: Vec<Vec<(f64, f64)>> = vec![Vec::new(); engines.len()];
    for _ in 0..ROUNDS {
        for (engine, figures) in engines.iter().zip(&mut rounds) {
            figures.push(in_own_process(engine));
        }
    }
    let medians: Vec<(f64, f64)> = rounds.into_iter().map(median).collect();
    let first = medians[0].0;
    let operations = operations_a_piece();
    println!(
        "{:<16} {:>18} {:>9} {:>9} {:>11}",
        "engine", "word pieces/CPU-s", "× first", "Gop/s", "difference"
    );
    for (engine, (rate, difference)) in engines.iter().zip(&medians) {
        let done = rate * operations / 1e9;
        println!("{engine:<16} {rate:>18.0} {:>9.2} {done:>9.1} {difference:>11.5}", rate / first);
    }
}

fn in_own_process(engine: &str) -> (f64, f64) {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program).env(MEASURING, engine).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let figures: Vec<f64> = said.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    let [rate, difference] = figures[..] else {
        panic!("{engine}: {}", String::from_utf8_lossy(&output.stderr))
    };
    (rate, difference)
}

fn median(mut figures: Vec<(f64, f64)>) -> (f64, f64) {
    figures.sort_by(|a, b| a.0.total_cmp(&b.0));
    figures[figures.len() / 2]
}

/// Word pieces per CPU second, and the distance from PyTorch's features.
fn measure(engine: &str) -> (f64, f64) {
    let (kind, variant) = engine.split_once(' ').expect("a kind and a variant");
    match kind {
        "sayso" => own(Reader::load_with(None, Kernel::named(variant).expect("it was asked before"))),
        "rten" => {
            let model = ModelOptions::with_all_ops()
                .prepack_weights(true)
                .load_file(file(variant))
                .expect("it loads");
            let nodes =
                ["ids", "positions", "hidden"].map(|name| model.node_id(name).expect("the file has it"));
            let pool = std::sync::Arc::new(ThreadPool::with_num_threads(1));
            foreign(|ids| rten(&model, nodes, &pool, ids))
        }
        "ort" => {
            let environment = ort::init().build().expect("the library loads");
            let session = ort::session::Session::builder(&environment).expect("a session");
            let session = session.with_intra_threads(1).expect("one thread").with_inter_threads(1);
            let mut session = session.expect("one thread").commit_from_file(file(variant)).expect("it loads");
            foreign(|ids| {
                let positions: Vec<i64> = (0..ids.len() as i64).collect();
                let row =
                    |values: Vec<i64>| ort::value::Tensor::from_array(([ids.len()], values)).expect("a row");
                let ids = row(ids.iter().map(|&id| id.into()).collect());
                let outputs =
                    session.run(ort::inputs!["ids" => ids, "positions" => row(positions)]).expect("it runs");
                outputs["hidden"].try_extract_tensor::<f32>().expect("floats").1.to_vec()
            })
        }
        #[cfg(feature = "torch")]
        "torch" => {
            use sayso::reader::engine::{Device, Engine, Precision, Torch};
            let precision = if variant == "f32" { Precision::F32 } else { Precision::Bf16 };
            let workers = std::num::NonZeroUsize::MIN;
            own(Reader::load_with(None, Engine::Torch(Torch { device: Device::Cpu, precision, workers })))
        }
        other => panic!("no engine {other}"),
    }
}

/// Additions and multiplications of the encoder's products for a word piece of the articles, in the mean.
fn operations_a_piece() -> f64 {
    let Shape { layers, width, intermediate, .. } = json("config.json");
    let (mut operations, mut pieces) = (0, 0);
    for window in windows(&articles()) {
        let rows = window.len();
        operations += layers * rows * 2 * (4 * width * width + 2 * width * intermediate + 2 * rows * width);
        pieces += rows;
    }
    operations as f64 / pieces as f64
}

fn rten(
    model: &rten::Model,
    [ids_node, positions_node, hidden]: [NodeId; 3],
    pool: &std::sync::Arc<ThreadPool>,
    ids: &[u32],
) -> Vec<f32> {
    let positions = NdTensor::from_data([ids.len()], (0..ids.len() as i32).collect::<Vec<_>>());
    let ids = NdTensor::from_data([ids.len()], ids.iter().map(|&id| id.cast_signed()).collect::<Vec<_>>());
    let inputs = vec![(ids_node, ids.view().into()), (positions_node, positions.view().into())];
    let options = RunOptions::default().with_thread_pool(Some(pool.clone()));
    let outputs = model.run(inputs, &[hidden], Some(options)).expect("it runs");
    let rows: NdTensor<f32, 2> = outputs.into_iter().next().expect("one output").try_into().expect("rows");
    rows.to_vec()
}

/// sayso itself, from text to heads. The distance is that of its tests (`tests/parity.rs`), so it is not told again.
fn own(reader: Result<Reader, sayso::Error>) -> (f64, f64) {
    let reader = reader.expect("the built-in model loads");
    let articles = articles();
    let pieces: usize = windows(&articles).iter().map(Vec::len).sum();
    let once = || {
        articles.iter().map(|text| reader.read(text, &paragraphs::split(text)).tokens.len()).sum::<usize>()
    };
    (rate(pieces, once), f64::NAN)
}

/// An engine that is given windows.
fn foreign(mut hidden: impl FnMut(&[u32]) -> Vec<f32>) -> (f64, f64) {
    let reference: Reference = json("reference.json");
    let ids = reference.ids;
    let found = hidden(&ids);
    let width = found.len() / ids.len();
    let distances = found.chunks(width).zip(&reference.hidden_first).flat_map(|(row, expected)| {
        row.iter().zip(expected).map(|(found, expected)| f64::from((found - expected).abs()))
    });
    let distances: Vec<f64> = distances.collect();
    let windows = windows(&articles());
    let pieces = windows.iter().map(Vec::len).sum();
    let rate = rate(pieces, || windows.iter().map(|ids| hidden(ids).len()).sum());
    (rate, distances.iter().sum::<f64>() / distances.len() as f64)
}

/// Pieces per CPU second of `once`, after one time to get warm.
fn rate(pieces: usize, mut once: impl FnMut() -> usize) -> f64 {
    once();
    let start = cpu_seconds();
    let mut times = 0;
    while cpu_seconds() - start < LEAST {
        once();
        times += 1;
    }
    (times * pieces) as f64 / (cpu_seconds() - start)
}

/// Ids of all windows of the articles, as sayso cuts them.
fn windows(articles: &[String]) -> Vec<Vec<u32>> {
    let tokeniser = Tokenizer::from_file(Path::new(ROOT).join("models/reader/tokenizer.json"));
    let mut tokeniser = tokeniser.expect("it is there");
    tokeniser.with_padding(None);
    tokeniser.with_truncation(None).expect("none at all");
    let Shape { window, context, .. } = json("config.json");
    let mut out = Vec::new();
    for text in articles {
        let (mut ids, mut lengths, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for span in paragraphs::split(text) {
            let paragraph = &text[span.start..span.end];
            let encoded = tokeniser.encode(paragraph, false).expect("text has word pieces");
            let pieces =
                encoded.get_ids().iter().zip(encoded.get_offsets()).filter(|(_, (start, end))| start < end);
            let before = ids.len();
            for (&id, &(_, end)) in pieces {
                ids.push(id);
                ends.push(paragraph[..end].ends_with(['.', '?', '!']));
            }
            lengths.push(ids.len() - before);
        }
        for window in windows::pack(&lengths, &ends, window - 2, context) {
            out.push([&[101], &ids[window.seen()], &[102]].concat());
        }
    }
    out
}

fn articles() -> Vec<String> {
    let folder = Path::new(ROOT).join("seeds/articles");
    let files = folder.read_dir().expect("the sample articles are there").flatten().map(|entry| entry.path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).expect("an article is text")).collect()
}

/// What of the model's `config.json` its encoder needs.
#[derive(Deserialize)]
struct Shape {
    layers: usize,
    heads: usize,
    window: usize,
    context: usize,
    width: usize,
    intermediate: usize,
    layer_norm_eps: f32,
}

/// PyTorch's outputs on a text of ours (models/train/export.py).
#[derive(Deserialize)]
struct Reference {
    ids: Vec<u32>,
    /// The first eight features of each word piece.
    hidden_first: Vec<Vec<f32>>,
}

fn json<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let text =
        std::fs::read_to_string(Path::new(ROOT).join("models/reader").join(name)).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON of this form")
}

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("sayso-encoder-{name}.onnx"))
}

/// User and system time of this process, all its threads.
fn cpu_seconds() -> f64 {
    let said = std::fs::read_to_string("/proc/self/stat").expect("Linux tells a process's CPU time");
    let fields: Vec<&str> = said.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    fields[11..13].iter().map(|ticks| ticks.parse::<f64>().expect("ticks")).sum::<f64>() / 100.0
}
