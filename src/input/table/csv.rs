//! CSV: a header, then a record a document; cells are decoded one by one.

use std::fs;
use std::io::{self, BufReader, Read};

use serde_json::Value;

use super::{Broken, Record, Table, unique};
use crate::Error;
use crate::input::MAX_COLUMNS;
use crate::input::encoding::{self, Guess};

/// Learns the columns of `table`, what separates them, and its encoding. `first` are its first bytes.
pub(super) fn survey(table: &mut Table, first: &[u8]) -> Result<Guess, Error> {
    table.delimiter = delimiter(first);
    if table.delimiter != b',' {
        let name = match table.delimiter {
            b'\t' => "tab",
            b';' => "semicolon",
            _ => "a vertical line",
        };
        table.notes.push(format!("{}: its columns are separated by {name}", table.place));
    }
    let failed = |error| Error::Io { path: table.place.clone(), source: error };
    let mut marks = Marks::of(table.reader().map_err(failed)?, table.delimiter);
    let mut guess = Guess::default();
    let mut header = csv::ByteRecord::new();
    {
        let mut reader = open(table, &mut marks);
        let mut record = csv::ByteRecord::new();
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(false) => break,
                Ok(true) => record.iter().for_each(|cell| guess.feed(cell)),
                Err(error) if error.is_io_error() => return Err(table.refused(&error.to_string())),
                Err(_) => {} // said when the record is read again
            }
            if header.is_empty() {
                header = record.clone();
            }
        }
    }
    if MAX_COLUMNS < header.len() {
        return Err(table.refused(&format!("more than {MAX_COLUMNS} columns")));
    }
    if 0 < marks.stray && table.delimiter == b'\t' {
        table.quoting = false;
        table.notes.push(format!(
            "{}: quotation marks (\") stand for themselves, since some open a cell and close within it",
            table.place
        ));
    } else if marks.marks % 2 == 1 {
        table.notes.push(format!(
            "{}: an odd number of quotation marks (\"): one record may have swallowed those after it",
            table.place
        ));
    }
    let encoding = guess.encoding();
    table.columns = unique(header.iter().map(|name| encoding::decode_with(name, encoding).trim().to_owned()));
    Ok(guess)
}

/// The records of `table`, whose content is `reader`.
pub(super) fn records(
    table: &Table,
    reader: BufReader<fs::File>,
) -> impl Iterator<Item = Result<Record, Broken>> + '_ {
    let mut reader = open(table, reader);
    let mut record = csv::ByteRecord::new();
    let mut is_header = true;
    let mut ended = false;
    std::iter::from_fn(move || {
        loop {
            if ended {
                return None;
            }
            let start = reader.position().byte();
            let read = reader.read_byte_record(&mut record);
            let bytes = reader.position().byte() - start;
            let line = record.position().map_or(0, csv::Position::line);
            match read {
                Ok(false) => return None,
                Ok(true) if is_header => is_header = false,
                Ok(true) => {
                    let cells = record.iter().map(|cell| decoded(table, cell)).collect();
                    return Some(Ok(Record { line, cells, bytes }));
                }
                Err(error) => {
                    ended = error.is_io_error();
                    let (line, reason) = explain(&error, line);
                    return Some(Err(Broken { line, reason, bytes }));
                }
            }
        }
    })
}

fn open<R: Read>(table: &Table, reader: R) -> csv::Reader<R> {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).delimiter(table.delimiter).quoting(table.quoting).from_reader(reader)
}

fn decoded(table: &Table, bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    Value::String(encoding::decode_with(bytes, table.encoding).into_owned())
}

/// Looks at quotation marks on their way through: a well-formed CSV file has an even number of them, and what opens a
/// cell closes at its end.
struct Marks<R> {
    inner: R,
    delimiter: u8,
    marks: u64,
    /// Marks that opened a cell and were followed by more of it.
    stray: u64,
    state: State,
}

/// Where in a cell the next byte stands.
#[derive(Clone, Copy)]
enum State {
    Start,
    Plain,
    Quoted,
    /// Behind a mark within marks: it closes the cell, or is the first of two that mean one.
    Closing,
}

impl<R> Marks<R> {
    fn of(inner: R, delimiter: u8) -> Self {
        Self { inner, delimiter, marks: 0, stray: 0, state: State::Start }
    }

    fn see(&mut self, byte: u8) {
        self.marks += u64::from(byte == b'"');
        let ends = byte == self.delimiter || matches!(byte, b'\n' | b'\r');
        self.state = match (self.state, byte) {
            (State::Start, b'"') | (State::Closing, b'"') => State::Quoted,
            (State::Quoted, b'"') => State::Closing,
            (State::Quoted, _) => State::Quoted,
            (State::Start | State::Plain | State::Closing, _) if ends => State::Start,
            (State::Closing, _) => {
                self.stray += 1;
                State::Plain
            }
            (State::Start | State::Plain, _) => State::Plain,
        };
    }
}

impl<R: Read> Read for Marks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        buffer[..length].iter().for_each(|&byte| self.see(byte));
        Ok(length)
    }
}

/// The separator of a CSV file: the sign that stands most often in its first line outside of quotation marks. Excel writes
/// semicolons where the comma is the decimal sign.
fn delimiter(first: &[u8]) -> u8 {
    let line = first.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let outside = || line.split(|byte| *byte == b'"').step_by(2).flatten();
    let count = |sign: u8| outside().filter(|byte| **byte == sign).count();
    // The last of the greatest is taken: the comma in doubt.
    [b'|', b';', b'\t', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

/// What a CSV error says, and the line of the record it is about.
fn explain(error: &csv::Error, line: u64) -> (u64, String) {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => (
            pos.as_ref().map_or(line, csv::Position::line),
            format!("a record of {len} cells, where the header has {expected_len}"),
        ),
        _ => (line, error.to_string()),
    }
}
