//! `sayso extract`: a row for every statement.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sayso::Error;
use sayso::input::Collection;
use sayso::rows::layout::{Form, Layout};
use sayso::rows::sink::Sink;
use sayso::run::{self, Event, Tally, linked};

use super::{About, Authority, Engine, Exit, Output, Reading, say};

const EXAMPLES: &str = "\
Examples:
  sayso extract articles/ -o statements.csv
  sayso extract news.csv --id-column url --text-column body -o statements.jsonl
  sayso extract articles/ --link --people people.csv -o statements.csv
  zcat news.jsonl.gz | sayso extract - --input-format jsonl > statements.csv
  sayso extract article.txt --format jsonl | jq -r '.speaker + \": \" + .quote'";

pub(super) const INPUTS: &str = "\
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
    #[command(flatten)]
    reading: Reading,
    /// Say who is who in the whole collection: one name and one id (column speaker_id) for each speaker; rows
    /// come when all documents are read
    #[arg(long)]
    link: bool,
    #[command(flatten)]
    authority: Authority,
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
    let collection = Collection::open(&args.inputs, &args.reading.options(args.output.output.as_deref()))?;
    let mut sink = Sink::open(args.output.output.as_deref(), &args.authority.beside(collection.paths()))?;
    let pipeline = args.engine.pipeline()?;
    let people = args.authority.people()?;
    let with_ids = args.link || people.is_some();
    let layout = if with_ids { Layout::of_linked_rows } else { Layout::of_rows };
    let layout = layout(form, args.output.formulas(), pipeline.labels(), collection.columns());

    let report = Report::open(&collection, Volume::of(args.quiet), &sink);
    let analyse = |document: sayso::Document<'_>| pipeline.analyse(document);
    let tell = |event: Event<'_>| report.tell(event);
    let threads = args.engine.threads();
    let tally = match (args.link, people) {
        (true, people) => {
            let people = people.unwrap_or_default();
            linked::extract_linked(&collection, analyse, &people, &layout, threads, &mut sink, tell)?
        }
        (false, Some(people)) => {
            linked::extract_known(&collection, analyse, &people, &layout, threads, &mut sink, tell)?
        }
        (false, None) => run::extract(&collection, analyse, &layout, threads, &mut sink, tell)?,
    };
    sink.finish()?;
    report.close(tally);
    Ok(if tally.failed == 0 { Exit::Done } else { Exit::SomeFailed })
}

/// How much is said on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Volume {
    Normal,
    OnlyFailures,
}

impl Volume {
    pub(super) fn of(quiet: bool) -> Self {
        if quiet { Self::OnlyFailures } else { Self::Normal }
    }
}

/// Tells the user how the run goes, on standard error.
pub(super) struct Report {
    volume: Volume,
    bar: ProgressBar,
    started: Instant,
}

impl Report {
    /// A report; with a bar over `collection` if a terminal shows it and nothing else.
    pub(super) fn open(collection: &Collection, volume: Volume, sink: &Sink) -> Self {
        let rows_on_terminal = matches!(sink, Sink::Stdout) && std::io::stdout().is_terminal();
        // A bar would be torn apart by rows on the same terminal.
        let bar = match volume {
            Volume::Normal if std::io::stderr().is_terminal() && !rows_on_terminal => bar(collection.bytes()),
            _ => ProgressBar::hidden(),
        };
        let report = Self { volume, bar, started: Instant::now() };
        collection.notes().iter().for_each(|note| report.note(note));
        report
    }

    pub(super) fn tell(&self, event: Event<'_>) {
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

    pub(super) fn close(&self, tally: Tally) {
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
