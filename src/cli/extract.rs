//! `sayso extract`: a row for every statement.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sayso::Error;
use sayso::input::{Collection, Options};
use sayso::rows::layout::{Form, Layout};
use sayso::rows::sink::Sink;
use sayso::run::{self, Event, Tally};

use super::{About, Engine, Exit, InputFormat, Output, say};

const EXAMPLES: &str = "\
Examples:
  sayso extract articles/ -o statements.csv
  sayso extract news.csv --id-column url --text-column body -o statements.jsonl
  zcat news.jsonl.gz | sayso extract - --input-format jsonl > statements.csv
  sayso extract article.txt --format jsonl | jq -r '.speaker + \": \" + .quote'";

const INPUTS: &str = "\
Inputs: .txt files (one document each, called by the file's name), .csv and .tsv (a document a record, \
under a header), .jsonl and .ndjson (a document a line), folders (all such files in them, in order of \
their names, whatever starts with a dot left out), and - for standard input (plain text unless \
--input-format says otherwise). Further columns and fields come out again at the end of each row, \
prefixed doc_. Text that is not UTF-8 is decoded by its byte-order mark or by detection, with a note. \
A document whose id was there before is called id#2, id#3, ..., with a note.";

/// Write a row for every statement in the articles: who said what, how, and in what spirit.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{INPUTS}\n\n{}", super::EXIT_CODES))]
pub struct Args {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    engine: Engine,
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
    #[arg(long, value_name = "N", default_value_t = Options::default().max_bytes)]
    max_bytes: usize,
    /// No progress bar, notes or closing line; failures are still told
    #[arg(long, short)]
    quiet: bool,
}

/// Runs `sayso extract`.
///
/// # Errors
/// An input is missing or not what it was taken for, or the output cannot be written.
pub fn run(args: Args) -> Result<Exit, Error> {
    let form = args.output.form(Form::Csv)?;
    let options = Options {
        format: args.input_format.map(Into::into),
        id_column: args.id_column,
        text_column: args.text_column,
        max_bytes: args.max_bytes,
    };
    let collection = Collection::open(&args.inputs, &options)?;
    let mut sink = Sink::open(args.output.output.as_deref(), collection.paths())?;
    let pipeline = args.engine.pipeline()?;
    let layout = Layout::of_rows(form, args.output.formulas(), pipeline.labels(), collection.columns());

    let rows_on_terminal = matches!(sink, Sink::Stdout) && std::io::stdout().is_terminal();
    let volume = if args.quiet { Volume::OnlyFailures } else { Volume::Normal };
    // A bar would be torn apart by rows on the same terminal.
    let bar = match volume {
        Volume::Normal if std::io::stderr().is_terminal() && !rows_on_terminal => bar(collection.bytes()),
        _ => ProgressBar::hidden(),
    };
    let report = Report { volume, bar, started: Instant::now() };
    collection.notes().iter().for_each(|note| report.note(note));
    let analyse = |document: sayso::Document<'_>| pipeline.analyse(document);
    let tell = |event: Event<'_>| report.tell(event);
    let tally = run::extract(&collection, analyse, &layout, args.engine.threads(), &mut sink, tell)?;
    sink.finish()?;
    report.close(tally);
    Ok(if tally.failed == 0 { Exit::Done } else { Exit::SomeFailed })
}

/// How much is said on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Volume {
    Normal,
    OnlyFailures,
}

/// Tells the user how the run goes, on standard error.
struct Report {
    volume: Volume,
    bar: ProgressBar,
    started: Instant,
}

impl Report {
    fn tell(&self, event: Event<'_>) {
        match event {
            Event::Failed(failure) => self.bar.suspend(|| say(About::Failure, &failure.to_string())),
            Event::Note(place, note) => self.note(&format!("{place}: {note}")),
            Event::Done(tally) => {
                self.bar.set_position(tally.bytes);
                let (documents, speed) = (tally.documents + tally.failed, self.speed(tally));
                self.bar.set_message(format!("{documents} documents, {speed} words/s"));
            }
        }
    }

    fn note(&self, note: &str) {
        if self.volume == Volume::Normal {
            self.bar.suspend(|| say(About::Note, note));
        }
    }

    fn close(&self, tally: Tally) {
        self.bar.finish_and_clear();
        if self.volume == Volume::Normal {
            let Tally { documents, statements, failed, .. } = tally;
            let speed = self.speed(tally);
            eprintln!(
                "sayso: {documents} documents, {statements} statements, {failed} failed, {speed} words/s"
            );
        }
    }

    /// Words a second since the start.
    fn speed(&self, tally: Tally) -> u64 {
        (tally.words as f64 / self.started.elapsed().as_secs_f64().max(1e-3)).round() as u64
    }
}

/// A bar over `bytes` of input, since the documents in a table are not counted before they are read; for
/// standard input, of unknown length, it only turns.
fn bar(bytes: u64) -> ProgressBar {
    let (bar, template) = match bytes {
        0 => (ProgressBar::no_length(), "{spinner} {msg}, {elapsed}"),
        _ => (ProgressBar::new(bytes), "{bar:30} {percent}% {msg}, {eta} left"),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr());
    bar.with_style(ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_bar()))
}
