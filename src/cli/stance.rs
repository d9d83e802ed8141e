//! `sayso stance`: the stance of statements that somebody already has.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use sayso::input::Format;
use sayso::input::table::{Broken, Record, Table, unique};
use sayso::rows::cell::Cell;
use sayso::rows::layout::{Form, Layout};
use sayso::rows::sink::Sink;
use sayso::rows::{stance_cells, stance_columns};
use sayso::stance::Stance;
use sayso::{Error, run};
use serde_json::Value;

use super::{About, Engine, Exit, InputFormat, Output, say};

const EXAMPLES: &str = "\
Examples:
  sayso stance statements.csv -o with-stance.csv
  sayso stance speeches.jsonl --statement-column sentence --speaker-column country > with-stance.jsonl

All columns of the input are kept, in their order; after them come stance, leaning, p_conciliatory,
p_confrontational, p_neutral and score. The more of speaker, cue and context there is, the better.";

/// Add the stance to statements that you already have (CSV or JSON Lines).
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{}", super::EXIT_CODES))]
pub struct Args {
    /// A .csv or .jsonl file, or - for standard input (CSV unless --input-format says otherwise)
    #[arg(value_name = "FILE")]
    input: PathBuf,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    engine: Engine,
    /// What the input is [default: by ending]
    #[arg(long, value_enum)]
    input_format: Option<InputFormat>,
    /// Column or field with the statement
    #[arg(long, value_name = "NAME", default_value = "statement")]
    statement_column: String,
    /// Column or field with the speaker's name; need not be there
    #[arg(long, value_name = "NAME", default_value = "speaker")]
    speaker_column: String,
    /// Column or field with the reporting words; need not be there
    #[arg(long, value_name = "NAME", default_value = "cue")]
    cue_column: String,
    /// Column or field with the sentences around the statement; need not be there
    #[arg(long, value_name = "NAME", default_value = "context")]
    context_column: String,
    /// No notes or closing line; failures are still told
    #[arg(long, short)]
    quiet: bool,
}

/// Runs `sayso stance`.
///
/// # Errors
/// The input is missing, no table or has no column with the statement, or the output cannot be written.
pub fn run(args: Args) -> Result<Exit, Error> {
    let format = args.input_format.map(Into::into);
    let table = Table::of_path(&args.input, format, "with a statement a record")?;
    let form = args.output.form(match table.format() {
        Format::Jsonl => Form::Jsonl,
        _ => Form::Csv,
    })?;
    let column = |name: &str| table.columns().iter().position(|column| column == name);
    let statement = column(&args.statement_column).ok_or_else(|| Error::Column {
        path: table.place().to_owned(),
        column: args.statement_column.clone(),
        available: table.columns().to_vec(),
    })?;
    let others = [&args.speaker_column, &args.cue_column, &args.context_column].map(|name| column(name));

    let inputs = [args.input.clone()];
    let mut sink = Sink::open(args.output.output.as_deref(), &inputs)?;
    let pipeline = args.engine.pipeline()?;
    let labels = pipeline.labels();
    let columns = table.columns().iter().cloned().chain(stance_columns(labels));
    let layout = Layout::new(form, args.output.formulas(), unique(columns));
    if !args.quiet {
        table.notes().iter().for_each(|note| say(About::Note, note));
    }

    let classify = |record: &Record| -> Result<Stance, String> {
        let words = |at: usize| record.cells.get(at).and_then(Value::as_str).unwrap_or_default();
        if words(statement).trim().is_empty() {
            return Err("the record has no statement: its stance is left empty".to_owned());
        }
        let [speaker, cue, context] = others.map(|at| at.map(words).unwrap_or_default());
        catch_unwind(AssertUnwindSafe(|| pipeline.stance_of(words(statement), speaker, cue, context)))
            .map_err(|_| "a bug in sayso, please report it: its stance is left empty".to_owned())
    };
    let labelled = |record: Result<Record, Broken>| -> Labelled {
        let record = match record {
            Ok(record) => record,
            Err(Broken { line, reason, .. }) => {
                return Labelled { row: Vec::new(), failure: Some((line, reason)) };
            }
        };
        let stance = classify(&record);
        // A record that cannot be labelled stays in the table, which may be one of several side by side.
        let added = match &stance {
            Ok(stance) => stance_cells(stance, labels),
            Err(_) => vec![Cell::Text(""); 3 + labels.names().len()],
        };
        let row = layout.line(record.cells.iter().map(Cell::Input).chain(added));
        Labelled { row, failure: stance.err().map(|reason| (record.line, reason)) }
    };
    let (mut records, mut failed) = (0_u64, 0_u64);
    sink.write(&layout.header())?;
    run::in_order(args.engine.threads(), table.records(), labelled, |Labelled { row, failure }| {
        records += 1;
        if let Some((line, reason)) = failure {
            failed += 1;
            say(About::Failure, &format!("{}:{line}: {reason}", table.place()));
        }
        sink.write(&row)
    })?;
    sink.finish()?;
    if !args.quiet {
        eprintln!("sayso: {records} records, {failed} failed");
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::SomeFailed })
}

/// A record with its stance.
struct Labelled {
    /// Its line in the output, empty if it could not be read.
    row: Vec<u8>,
    /// Its line in the input and what went wrong.
    failure: Option<(u64, String)>,
}
