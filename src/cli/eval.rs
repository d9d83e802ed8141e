//! `sayso eval`: the pipeline against gold.

use super::{Engine, Exit};
use sayso::Error;
use sayso::eval::{self, Bars, Casts, Evaluation};
use std::io::{Error as IoError, Write};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  sayso eval                              every corpus; writes eval/REPORT.md
  sayso eval DATA --only articles-dev     one corpus; the report on standard output only
  sayso eval --check                      exit code 1 when a bar of eval/bars.json is missed
  sayso eval --only gum-names --errors 9  what went wrong, in a table outside the repository";

/// Score the program on the open corpora and write the report.
///
/// Runs the real pipeline over each corpus that is there and compares its statements, speakers, stances
/// and sentences with the gold. Corpora that are not there are named on standard error and left out.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Folder with the corpora.
    #[arg(default_value = "../shared/data")]
    data: PathBuf,
    /// Score only these corpora.
    #[arg(long, value_name = "NAME", num_args = 1.., value_parser = clap::builder::PossibleValuesParser::new(eval::SECTIONS))]
    only: Vec<String>,
    /// Where the report goes [default: eval/REPORT.md; with --only, standard output alone].
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// What the figures must reach; a missing file means no bars.
    #[arg(long, value_name = "FILE", default_value = "eval/bars.json")]
    bars: PathBuf,
    /// Remarks to end the report with, such as telling errors; a missing file means none.
    #[arg(long, value_name = "FILE", default_value = "eval/remarks.md")]
    remarks: PathBuf,
    #[command(flatten)]
    engine: Engine,
    /// Folder with names, sides and targets as coded; without it, these are not compared.
    #[arg(long, value_name = "DIR", default_value = "eval")]
    codes: PathBuf,
    /// Exit with 1 when a bar is missed.
    #[arg(long)]
    check: bool,
    /// Write N errors of each kind and corpus: offsets and a few words, tab-separated.
    #[arg(long, value_name = "N")]
    errors: Option<usize>,
    /// Where the errors go; keep them out of the repository [default: sayso-errors.tsv in the temporary folder].
    #[arg(long, value_name = "FILE", requires = "errors")]
    errors_to: Option<PathBuf>,
}

/// Runs the evaluation; the exit code is 1 if bars are to be checked and one is missed.
///
/// # Errors
/// The models or a corpus cannot be read, or the report cannot be written.
pub fn run(args: Args) -> Result<Exit, Error> {
    // Not locked: a worker that panics must be able to say so.
    let mut err = std::io::stderr();
    let bars = if args.bars.is_file() {
        Bars::read(&args.bars)?
    } else {
        say(&mut err, &format!("no bars: {} is not there", args.bars.display()));
        Bars::default()
    };
    let casts = Casts::read(&args.codes)?;
    if casts.is_empty() {
        say(&mut err, &format!("no coded names in {}", args.codes.display()));
    }
    let pipeline = args.engine.pipeline()?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.engine.threads().get())
        .build()
        .map_err(|error| failed(Path::new("threads"), IoError::other(error)))?;
    let mut evaluation = pool.install(|| eval::evaluate(&pipeline, &args.data, &casts, &args.only))?;
    evaluation.command = command(&args);
    for absent in &evaluation.absent {
        say(&mut err, &format!("skipped, not in {}: {absent}", args.data.display()));
    }
    let mut report = evaluation.markdown(&bars);
    if args.remarks.is_file() {
        let remarks =
            std::fs::read_to_string(&args.remarks).map_err(|source| failed(&args.remarks, source))?;
        report = format!("{report}\n{remarks}");
    }
    let out = std::io::stdout().lock().write_all(report.as_bytes());
    out.or_else(ignore_closed_pipe).map_err(|source| failed(Path::new("standard output"), source))?;
    let default_report = args.only.is_empty().then(|| PathBuf::from("eval/REPORT.md"));
    if let Some(path) = args.report.or(default_report) {
        write(&path, &report)?;
    }
    if let Some(most) = args.errors {
        let path = args.errors_to.unwrap_or_else(|| std::env::temp_dir().join("sayso-errors.tsv"));
        write(&path, &errors(&evaluation, most))?;
        say(&mut err, &format!("errors: {}", path.display()));
    }
    let missed = evaluation.missed(&bars);
    for name in &missed {
        say(&mut err, &format!("missed: {name}"));
    }
    Ok(if args.check && !missed.is_empty() { Exit::SomeFailed } else { Exit::Done })
}

/// The command as the report names it: what decides the figures, not where they go.
fn command(args: &Args) -> String {
    let mut command = format!("sayso eval {}", args.data.display());
    if !args.only.is_empty() {
        command.push_str(&format!(" --only {}", args.only.join(" ")));
    }
    if let Some(models) = &args.engine.models {
        command.push_str(&format!(" --models {}", models.display()));
    }
    command
}

/// The first errors of each kind in each section.
fn errors(evaluation: &Evaluation, most: usize) -> String {
    let mut out = String::new();
    for section in &evaluation.sections {
        let kind = |line: &String| line.split('\t').next().map(str::to_owned);
        let mut lines: Vec<&String> = section.errors.iter().collect();
        lines.sort_by_key(|line| kind(line));
        for same in lines.chunk_by(|a, b| kind(a) == kind(b)) {
            out.extend(same.iter().take(most).map(|line| format!("{}\t{line}\n", section.name)));
        }
    }
    out
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    }
    std::fs::write(path, text).map_err(|source| failed(path, source))
}

fn failed(path: &Path, source: IoError) -> Error {
    Error::Io { path: path.display().to_string(), source }
}

fn ignore_closed_pipe(error: IoError) -> Result<(), IoError> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// A note to the user; that nobody reads it is no reason to stop.
fn say(err: &mut impl Write, note: &str) {
    let _ = writeln!(err, "sayso: {note}");
}
