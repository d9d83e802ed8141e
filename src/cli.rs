//! Arguments as typed, and the subcommands.

mod cast;
mod eval;
mod extract;
mod finetune;
mod show;
mod stance;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clap::{Parser, Subcommand, ValueEnum};
use sayso::input;
use sayso::pipeline::Pipeline;
use sayso::reader::engine::{self, Device, Precision, Torch};
use sayso::roster::people::People;
use sayso::rows::layout::Form;
use sayso::{Error, rows};

/// How a run ended that could run at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything is done.
    Done,
    /// Some documents failed.
    SomeFailed,
}

static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (models: {})", env!("CARGO_PKG_VERSION"), Pipeline::builtin_model_name()));

const EXIT_CODES: &str = "\
Exit codes: 0 all done, 1 some documents failed (see the messages), 2 could not run.";

/// Who said what, to whom, and in what spirit: a row for every statement in English news articles.
#[derive(Debug, Parser)]
#[command(
    name = "sayso",
    version = VERSION.as_str(),
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "Start with:\n  sayso extract articles/ -o statements.csv",
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

// A new subcommand is a module with `Args` and `run`: named above, here, and in `run` below.
#[derive(Debug, Subcommand)]
enum Command {
    Extract(extract::Args),
    Cast(cast::Args),
    Eval(eval::Args),
    Stance(stance::Args),
    Show(show::Args),
    Finetune(finetune::Args),
}

/// Runs what the command line asks for.
///
/// # Errors
/// It could not run.
pub fn run() -> Result<Exit, Error> {
    match Cli::parse().command {
        Command::Extract(args) => extract::run(args),
        Command::Cast(args) => cast::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Stance(args) => stance::run(args),
        Command::Show(args) => show::run(args),
        Command::Finetune(args) => finetune::run(&args),
    }
}

/// `--input-format` as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum InputFormat {
    /// The whole file is one document
    Text,
    /// A header, then a record a document; separated by comma, tab or semicolon
    Csv,
    /// A JSON object a line
    Jsonl,
}

impl From<InputFormat> for input::Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Text => Self::Text,
            InputFormat::Csv => Self::Csv,
            InputFormat::Jsonl => Self::Jsonl,
        }
    }
}

/// `--format` as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum OutputFormat {
    /// RFC 4180, UTF-8, header
    Csv,
    /// A JSON object a line
    Jsonl,
}

/// Where the output goes and how.
#[derive(Debug, clap::Args)]
struct Output {
    /// Write to FILE instead of standard output; it appears when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Form of the output [default: by the ending of FILE, else csv]
    #[arg(long, value_enum)]
    format: Option<OutputFormat>,
    /// Leave CSV cells as they are that a spreadsheet would run as a formula (they get a leading ')
    #[arg(long)]
    raw_cells: bool,
}

impl Output {
    /// The form of the output, `otherwise` if neither `--format` nor a file says one.
    fn form(&self, otherwise: Form) -> Result<Form, Error> {
        match (self.format, &self.output) {
            (Some(OutputFormat::Csv), _) => Ok(Form::Csv),
            (Some(OutputFormat::Jsonl), _) => Ok(Form::Jsonl),
            (None, None) => Ok(otherwise),
            // /dev/null, a named pipe: its name says nothing.
            (None, Some(path)) if path.extension().is_none() && path.exists() && !path.is_file() => {
                Ok(otherwise)
            }
            (None, Some(path)) => Form::of(path).ok_or_else(|| Error::Output {
                path: path.display().to_string(),
                reason: "its name ends neither in .csv nor in .jsonl; say what to write with --format".into(),
            }),
        }
    }

    fn formulas(&self) -> rows::cell::Formulas {
        if self.raw_cells { rows::cell::Formulas::Raw } else { rows::cell::Formulas::Guarded }
    }
}

/// How the inputs are read.
#[derive(Debug, clap::Args)]
struct Reading {
    /// What the files named (not those in folders) and standard input are [default: by ending]
    #[arg(long, value_enum)]
    input_format: Option<InputFormat>,
    /// Column or field with the documents' ids
    #[arg(long, value_name = "NAME", default_value = "id")]
    id_column: String,
    /// Column or field with the documents' texts
    #[arg(long, value_name = "NAME", default_value = "text")]
    text_column: String,
    /// Longest text of a document, in bytes; longer ones fail
    #[arg(long, value_name = "N", default_value_t = input::Options::default().max_bytes)]
    max_bytes: usize,
}

impl Reading {
    /// How to read the inputs of rows that go to `output`.
    fn options(&self, output: Option<&Path>) -> input::Options {
        input::Options {
            format: self.input_format.map(Into::into),
            id_column: self.id_column.clone(),
            text_column: self.text_column.clone(),
            max_bytes: self.max_bytes,
            output: output.map(Path::to_owned),
        }
    }
}

/// Who is known beforehand.
#[derive(Debug, clap::Args)]
struct Authority {
    /// CSV file of those you know: columns name, aliases (separated by ;), side, id, of which only name must be
    /// there. It wins over what the texts show; for extract it adds column speaker_id. What `sayso cast` writes
    /// can be edited and used
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
}

impl Authority {
    /// The files that the output must not replace: these inputs and the file of people.
    fn beside(&self, inputs: &[PathBuf]) -> Vec<PathBuf> {
        inputs.iter().chain(&self.people).cloned().collect()
    }

    fn people(&self) -> Result<Option<People>, Error> {
        self.people.as_deref().map(People::read).transpose()
    }
}

/// With what the work is done.
#[derive(Debug, clap::Args)]
struct Engine {
    /// Number of threads; the rows do not depend on it [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Read the models from DIR instead of those built in
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// What computes the encoder [default: embedded]
    #[arg(long, value_enum)]
    engine: Option<EngineName>,
    /// Where libtorch computes: cpu, cuda:0, cuda:1, … [default: cpu]
    #[arg(long, value_name = "DEVICE", requires = "engine")]
    device: Option<Device>,
    /// Numbers that libtorch computes with [default: f32]
    #[arg(long, value_enum, requires = "engine")]
    precision: Option<PrecisionName>,
}

/// `--engine` as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EngineName {
    /// This program; needs nothing else
    Embedded,
    /// rust-bert on libtorch, for graphics cards; only in a sayso built with it
    Torch,
}

/// `--precision` as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum PrecisionName {
    /// The embedded engine's numbers but for the last digits
    F32,
    /// Faster on graphics cards; three decimal digits
    Bf16,
}

impl Engine {
    fn threads(&self) -> NonZeroUsize {
        let cores = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.threads.unwrap_or_else(cores)
    }

    fn pipeline(&self) -> Result<Pipeline, Error> {
        Pipeline::load_with(self.models.as_deref(), self.engine()?)
    }

    fn engine(&self) -> Result<engine::Engine, Error> {
        if self.engine == Some(EngineName::Torch) {
            return Ok(engine::Engine::Torch(Torch {
                device: self.device.unwrap_or(Device::Cpu),
                precision: match self.precision {
                    Some(PrecisionName::Bf16) => Precision::Bf16,
                    Some(PrecisionName::F32) | None => Precision::F32,
                },
                workers: self.threads(),
            }));
        }
        if self.device.is_some() || self.precision.is_some() {
            let reason = "is libtorch's: --device and --precision go with --engine torch".to_owned();
            return Err(Error::Input { path: "--engine embedded".to_owned(), reason });
        }
        engine::Engine::embedded()
    }
}

/// What a line on standard error is about.
#[derive(Debug, Clone, Copy)]
pub enum About {
    /// The run cannot go on.
    Error,
    /// A document failed.
    Failure,
    /// Something to know.
    Note,
}

/// Tells the user something. Ids and paths may hold anything: what could do things to the terminal is taken
/// out.
pub fn say(about: About, message: &str) {
    let about = match about {
        About::Error => "error",
        About::Failure => "failed",
        About::Note => "note",
    };
    eprintln!("sayso: {about}: {}", printable(message).replace('\n', " "));
}

/// `words` without control characters, which could do things to the terminal.
fn printable(words: &str) -> String {
    words
        .replace("\r\n", "\n")
        .replace(|char: char| char.is_control() && !matches!(char, '\n' | '\t'), "\u{FFFD}")
}
