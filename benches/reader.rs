//! What each kernel makes of the sample articles, in one run:
//!
//! ```text
//! cargo bench --bench reader
//! ```
//!
//! Every measurement is a process of its own on one thread, for the memory's sake, and the kernels take
//! turns, so that a machine which changes its pace does so for all. Times are CPU time of the thread
//! (`/proc/thread-self/schedstat`, Linux); the median of the rounds counts.

#![allow(clippy::print_stdout)] // a benchmark speaks on standard output

use std::path::Path;
use std::process::Command;

use sayso::pipeline::Pipeline;
use sayso::reader::Reader;
use sayso::reader::kernel::{Kernel, NAMES, VARIABLE};
use sayso::{Document, paragraphs};

const ROUNDS: usize = 5;
/// Times that a round reads all articles.
const TIMES: usize = 12;
/// Set in the processes that measure.
const MEASURING: &str = "SAYSO_BENCH_MEASURING";

/// Load time in CPU milliseconds, tokens read and words analysed per CPU second, peak memory in MB.
type Figures = [f64; 4];

fn main() {
    if std::env::var_os(MEASURING).is_some() {
        let figures = measure();
        println!("{}", figures.map(|figure| figure.to_string()).join(" "));
        return;
    }
    let kernels: Vec<&str> = NAMES.into_iter().filter(|name| Kernel::named(name).is_ok()).collect();
    let mut rounds: Vec<Vec<Figures>> = vec![Vec::new(); kernels.len()];
    for _ in 0..ROUNDS {
        for (kernel, figures) in kernels.iter().zip(&mut rounds) {
            figures.push(in_own_process(kernel));
        }
    }
    let medians: Vec<Figures> = rounds.iter().map(|figures| median(figures)).collect();
    let Some([_, portable, ..]) = medians.last() else { return };
    println!(
        "{:<10} {:>12} {:>14} {:>11} {:>13} {:>9}",
        "kernel", "load CPU-ms", "tokens/CPU-s", "× portable", "words/CPU-s", "peak MB"
    );
    for (kernel, [load, tokens, words, peak]) in kernels.iter().zip(&medians) {
        let ratio = tokens / portable;
        println!("{kernel:<10} {load:>12.0} {tokens:>14.0} {ratio:>11.2} {words:>13.0} {peak:>9.0}");
    }
}

fn in_own_process(kernel: &str) -> Figures {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program).env(MEASURING, "1").env(VARIABLE, kernel).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let figures: Vec<f64> = said.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    figures.try_into().unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn measure() -> Figures {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/articles");
    let files = folder.read_dir().expect("the sample articles are there").flatten().map(|entry| entry.path());
    let articles: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| std::fs::read_to_string(path).expect("an article is text"))
        .collect();
    let words: usize = articles.iter().map(|text| text.split_whitespace().count()).sum();

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
