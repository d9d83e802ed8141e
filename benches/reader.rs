//! What each kernel makes of the sample articles, and how the whole pipeline scales, in one run:
//!
//! ```text
//! cargo bench --bench reader
//! ```
//!
//! Every measurement is a process of its own, for the memory's sake, and the variants take turns, so that a
//! machine which changes its pace does so for all. Times are CPU time of the thread
//! (`/proc/thread-self/schedstat`, Linux) or, where threads are compared, time on the clock; the median of the
//! rounds counts.
//!
//! Other engines have a package of their own, `benches/engines`.

#![allow(clippy::print_stdout)] // a benchmark speaks on standard output

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use sayso::pipeline::Pipeline;
use sayso::reader::Reader;
use sayso::reader::kernel::{Kernel, NAMES, VARIABLE};
use sayso::run::in_order;
use sayso::{Document, paragraphs};

const ROUNDS: usize = 5;
/// Times that a round reads all articles.
const TIMES: usize = 12;
/// Set in the processes that measure, to what they measure.
const MEASURING: &str = "SAYSO_BENCH_MEASURING";

/// Words of the documents whose length is varied, and numbers of documents and threads.
const LENGTHS: [usize; 4] = [100, 500, 4_000, 32_000];
const DOCUMENTS: [usize; 3] = [20, 100, 500];
const THREADS: [usize; 3] = [1, 2, 4];

/// What a process tells: the meaning is its measurement's.
type Figures = [f64; 4];

fn main() {
    if let Some(what) = std::env::var_os(MEASURING) {
        let what = what.to_string_lossy();
        let figures = match what.split_once(' ') {
            Some(("length", words)) => length(words.parse().expect("a number")),
            Some(("documents", number)) => batch(number.parse().expect("a number"), 2),
            Some(("threads", number)) => batch(100, number.parse().expect("a number")),
            _ => kernel(),
        };
        println!("{}", figures.map(|figure| figure.to_string()).join(" "));
        return;
    }
    kernels();
    println!("\nFastest kernel, whole pipeline:");
    let lengths = rounds(&LENGTHS.map(|words| ("", format!("length {words}"))));
    for (words, [rate, tokens, ..]) in LENGTHS.iter().zip(lengths) {
        println!("documents of {words:>6} words: {rate:>7.0} words/CPU-s, {tokens:.2} word pieces a word");
    }
    let threads = rounds(&THREADS.map(|number| ("", format!("threads {number}"))));
    let alone = threads.first().map_or(1.0, |[rate, ..]| *rate);
    for (number, [rate, processor, peak, _]) in THREADS.iter().zip(threads) {
        let times = rate / alone;
        println!(
            "{number} threads: {rate:>7.0} words/s ({times:.2} ×), {processor:.0} words/CPU-s, peak {peak:.0} MB"
        );
    }
    let documents = rounds(&DOCUMENTS.map(|number| ("", format!("documents {number}"))));
    for (number, [_, _, peak, _]) in DOCUMENTS.iter().zip(documents) {
        println!("{number:>4} documents on 2 threads: peak {peak:.0} MB");
    }
}

fn kernels() {
    let kernels: Vec<&str> = NAMES.into_iter().filter(|name| Kernel::named(name).is_ok()).collect();
    let medians = rounds(&kernels.iter().map(|name| (*name, "kernel".to_owned())).collect::<Vec<_>>());
    let Some([_, portable, ..]) = medians.last().copied() else { return };
    println!(
        "{:<10} {:>12} {:>14} {:>11} {:>13} {:>9}",
        "kernel", "load CPU-ms", "tokens/CPU-s", "× portable", "words/CPU-s", "peak MB"
    );
    for (kernel, [load, tokens, words, peak]) in kernels.iter().zip(&medians) {
        let ratio = tokens / portable;
        println!("{kernel:<10} {load:>12.0} {tokens:>14.0} {ratio:>11.2} {words:>13.0} {peak:>9.0}");
    }
}

/// Medians of what each variant (a kernel, or "" for the fastest, and a measurement) tells in its own processes.
fn rounds(variants: &[(&str, String)]) -> Vec<Figures> {
    let mut rounds: Vec<Vec<Figures>> = vec![Vec::new(); variants.len()];
    for _ in 0..ROUNDS {
        for ((kernel, what), figures) in variants.iter().zip(&mut rounds) {
            figures.push(in_own_process(kernel, what));
        }
    }
    rounds.iter().map(|figures| median(figures)).collect()
}

fn in_own_process(kernel: &str, what: &str) -> Figures {
    let program = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(program);
    if !kernel.is_empty() {
        command.env(VARIABLE, kernel);
    }
    let output = command.env(MEASURING, what).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let figures: Vec<f64> = said.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    figures.try_into().unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn articles() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/articles");
    let files = folder.read_dir().expect("the sample articles are there").flatten().map(|entry| entry.path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect();
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).expect("an article is text")).collect()
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Load time in CPU milliseconds, tokens read and words analysed per CPU second, peak memory in MB.
fn kernel() -> Figures {
    let articles = articles();
    let words: usize = articles.iter().map(|text| words(text)).sum();
    let (pipeline, load) = timed(|| Pipeline::load(None).expect("the built-in model loads"));
    let analyse = |text: &String| pipeline.analyse(Document { id: "", text }).statements.len();
    let once = |each: &dyn Fn(&String) -> usize| articles.iter().map(each).sum::<usize>();
    once(&analyse);
    let (_, analysing) = timed(|| (0..TIMES).map(|_| once(&analyse)).sum::<usize>());
    let peak = peak_memory();

    let reader = Reader::load(None).expect("it loaded before");
    let read = |text: &String| reader.read(text, &paragraphs::split(text)).tokens.len();
    once(&read);
    let (tokens, reading) = timed(|| (0..TIMES).map(|_| once(&read)).sum::<usize>());
    [1e3 * load, tokens as f64 / reading, (TIMES * words) as f64 / analysing, peak]
}

/// Words per CPU second in a document of about so many words, made of whole paragraphs of the articles; word
/// pieces a word; peak memory in MB.
fn length(wanted: usize) -> Figures {
    let articles = articles();
    let (mut text, mut count) = (String::new(), 0);
    for paragraph in articles.iter().flat_map(|text| text.lines()).filter(|line| !line.is_empty()).cycle() {
        if wanted <= count {
            break;
        }
        count += words(paragraph);
        text.push_str(paragraph);
        text.push_str("\n\n");
    }
    let pipeline = Pipeline::load(None).expect("the built-in model loads");
    let analyse = || pipeline.analyse(Document { id: "", text: &text }).statements.len();
    analyse();
    let times = (8_000 / count).max(1);
    let (_, analysing) = timed(|| (0..times).map(|_| analyse()).sum::<usize>());
    let reader = Reader::load(None).expect("it loaded before");
    let pieces = reader.read(&text, &paragraphs::split(&text)).tokens.len();
    [(times * count) as f64 / analysing, pieces as f64 / count as f64, peak_memory(), 0.0]
}

/// Words per second on the clock and per CPU second, and peak memory in MB, of many articles on some threads.
fn batch(documents: usize, threads: usize) -> Figures {
    let articles = articles();
    let pipeline = Pipeline::load(None).expect("the built-in model loads");
    let threads = NonZeroUsize::new(threads).expect("some threads");
    let work = |text: &String| {
        let before = cpu_seconds();
        pipeline.analyse(Document { id: "", text });
        (words(text), cpu_seconds() - before)
    };
    let (mut count, mut processor) = (0, 0.0);
    let start = Instant::now();
    in_order(threads, articles.iter().cycle().take(documents), work, |(words, seconds)| {
        count += words;
        processor += seconds;
        Ok(())
    })
    .expect("threads start");
    [count as f64 / start.elapsed().as_secs_f64(), count as f64 / processor, peak_memory(), 0.0]
}

/// The outcome and its CPU seconds on this thread.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let before = cpu_seconds();
    let outcome = work();
    (outcome, cpu_seconds() - before)
}

fn cpu_seconds() -> f64 {
    let said =
        std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells a thread's CPU time");
    let nanoseconds = said.split_whitespace().next().and_then(|field| field.parse::<f64>().ok());
    nanoseconds.expect("its first field is in nanoseconds") / 1e9
}

/// Peak of the process's memory so far, MB.
fn peak_memory() -> f64 {
    let said = std::fs::read_to_string("/proc/self/status").expect("Linux tells a process's memory");
    let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("also its peak");
    line.trim_end_matches("kB").trim().parse::<f64>().expect("in kB") / 1e3
}

/// Median of each figure.
fn median(rounds: &[Figures]) -> Figures {
    std::array::from_fn(|i| {
        let mut values: Vec<f64> = rounds.iter().map(|figures| figures[i]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    })
}
