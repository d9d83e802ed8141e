//! `sayso cast`: who speaks in a collection.

use std::path::PathBuf;

use sayso::input::Collection;
use sayso::roster::cast::{CastRow, columns};
use sayso::rows::layout::{Form, Layout};
use sayso::rows::sink::Sink;
use sayso::run::{Event, linked};
use sayso::{Document, Error};

use super::extract::{INPUTS, Report, Volume};
use super::{Authority, Engine, Exit, Output, Reading};

const EXAMPLES: &str = "\
Examples:
  sayso cast articles/
  sayso cast articles/ -o cast.csv
  sayso cast news.jsonl --people people.csv --format jsonl | jq -r .name

A row for every speaker, who says most first: name, id (that of column speaker_id in `sayso extract --link`), \
other names, type, roles, side, other sides, numbers of documents and statements, shares of conciliatory, \
confrontational and neutral statements, the rules by which documents were linked, and the surest statement. \
Groups and unnamed speakers of two documents are two; their ids end in @ and the document.";

/// List who speaks in the articles, each speaker once, with roles, sides and shares of each stance.
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
    #[command(flatten)]
    authority: Authority,
    /// No progress bar, notes or closing line; failures are still told
    #[arg(long, short)]
    quiet: bool,
}

/// Runs `sayso cast`.
///
/// # Errors
/// An input is missing or not what it was taken for, or the output cannot be written.
pub fn run(args: Args) -> Result<Exit, Error> {
    let form = args.output.form(Form::Csv)?;
    let collection = Collection::open(&args.inputs, &args.reading.options(args.output.output.as_deref()))?;
    let mut sink = Sink::open(args.output.output.as_deref(), &args.authority.beside(collection.paths()))?;
    let people = args.authority.people()?.unwrap_or_default();
    let pipeline = args.engine.pipeline()?;
    let report = Report::open(&collection, Volume::of(args.quiet), &sink);
    let analyse = |document: Document<'_>| pipeline.analyse(document);
    let tell = |event: Event<'_>| report.tell(event);
    let (tally, linked) = linked::cast(&collection, analyse, &people, args.engine.threads(), tell)?;
    let labels = pipeline.labels();
    let layout = Layout::new(form, args.output.formulas(), columns(labels));
    sink.write(&layout.header())?;
    for member in &linked.members {
        sink.write(&layout.line(CastRow::of(member).cells(labels)))?;
    }
    sink.finish()?;
    report.close(tally);
    Ok(if tally.failed == 0 { Exit::Done } else { Exit::SomeFailed })
}
