//! Tables: CSV and JSON Lines files as records under columns.
//!
//! A table is read twice: once when it is opened, for its columns and the encoding of whatever in it is not
//! UTF-8, and once for its records. What cannot be read twice (standard input) or is UTF-16 is first copied
//! to a temporary file, so that memory stays bounded. Records are decoded one by one: one in another
//! encoding does not spoil the others.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use encoding_rs::Encoding;
use serde_json::{Map, Value};
use tempfile::NamedTempFile;

use super::encoding::{self, Guess};
use super::files::File;
use super::lines::lines;
use super::{Format, MAX_COLUMNS};
use crate::Error;

/// A table, checked and ready to be read.
#[derive(Debug)]
pub struct Table {
    place: String,
    stem: String,
    format: Format,
    content: Content,
    /// Length of the byte-order mark.
    start: u64,
    delimiter: u8,
    columns: Vec<String>,
    encoding: &'static Encoding,
    notes: Vec<String>,
    longest: usize,
}

#[derive(Debug)]
enum Content {
    File(PathBuf),
    Copy(NamedTempFile),
}

/// One record.
#[derive(Debug, PartialEq)]
pub struct Record {
    /// The line where it starts.
    pub line: u64,
    /// One value for each of the table's columns; an empty CSV cell and an absent field are `Null`.
    pub cells: Vec<Value>,
    /// Its length in the file.
    pub bytes: u64,
}

/// A record that could not be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    /// The line where it starts.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
    /// Its length in the file.
    pub bytes: u64,
}

impl Table {
    /// Opens a table and learns its columns and its encoding. Text of a record may be `max_bytes` long.
    ///
    /// # Errors
    /// It cannot be read, has no header, or is no table of that format at all.
    pub fn open(file: File, max_bytes: usize) -> Result<Self, Error> {
        let place = file.place();
        let failed = |error| Error::Io { path: place.clone(), source: error };
        let (content, start, encoding) = content(&file).map_err(failed)?;
        let mut table = Self {
            stem: file.stem(),
            format: file.format,
            content,
            start,
            delimiter: b',',
            columns: Vec::new(),
            encoding: encoding_rs::UTF_8,
            notes: Vec::from_iter(encoding.map(|name| format!("{place}: read as {name}"))),
            // In JSON a character can take six bytes, and there is room for metadata.
            longest: max_bytes.saturating_mul(8).saturating_add(1 << 16),
            place: place.clone(),
        };
        let mut first = Vec::new();
        table.reader().and_then(|file| file.take(1 << 16).read_to_end(&mut first)).map_err(failed)?;
        if first.trim_ascii().is_empty() {
            table.notes.push(format!("{place}: an empty file"));
        }
        if first.contains(&0) {
            return Err(table.refused("a binary file: it has NUL bytes"));
        }
        let guess = match table.format {
            Format::Jsonl => table.survey_jsonl(&first)?,
            _ => table.survey_csv(&first)?,
        };
        table.encoding = guess.encoding();
        if !guess.is_utf8() {
            let name = table.encoding.name();
            table.notes.push(format!("{place}: what is not UTF-8 in it is read as {name}"));
        }
        Ok(table)
    }

    /// Its name in messages.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Its file's name without folders and ending.
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// CSV or JSON Lines.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The header, or for JSON Lines all fields in order of their first appearance. No name is there twice.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What a user should know about it.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Its records in order. Blank lines are none.
    pub fn records(&self) -> Box<dyn Iterator<Item = Result<Record, Broken>> + '_> {
        let reader = match self.reader() {
            Ok(reader) => reader,
            Err(error) => {
                return Box::new(std::iter::once(Err(Broken {
                    line: 1,
                    reason: error.to_string(),
                    bytes: 0,
                })));
            }
        };
        match self.format {
            Format::Jsonl => Box::new(self.jsonl(reader)),
            _ => Box::new(self.csv(reader)),
        }
    }

    fn reader(&self) -> io::Result<BufReader<fs::File>> {
        let mut file = match &self.content {
            Content::File(path) => fs::File::open(path)?,
            Content::Copy(copy) => copy.reopen()?,
        };
        file.seek(SeekFrom::Start(self.start))?;
        Ok(BufReader::with_capacity(1 << 16, file))
    }

    fn refused(&self, reason: &str) -> Error {
        Error::Input { path: self.place.clone(), reason: reason.to_owned() }
    }

    fn survey_jsonl(&mut self, first: &[u8]) -> Result<Guess, Error> {
        if first.trim_ascii_start().starts_with(b"[") {
            return Err(self.refused("a JSON array; wanted is one object a line (jq -c '.[]' makes that)"));
        }
        let mut guess = Guess::default();
        let mut known = HashMap::new();
        let failed = |error| Error::Io { path: self.place.clone(), source: error };
        for line in lines(self.reader().map_err(failed)?, self.longest) {
            let Some(content) = line.map_err(failed)?.content else { continue };
            guess.feed(&content);
            // Which encoding is not settled yet: names of fields are ASCII or UTF-8 in all but odd files.
            let Ok(record) = serde_json::from_str::<Map<String, Value>>(&String::from_utf8_lossy(&content))
            else {
                continue;
            };
            for name in record.into_iter().map(|(name, _)| name) {
                let next = known.len();
                known.entry(name).or_insert(next);
            }
            if MAX_COLUMNS < known.len() {
                return Err(self.refused(&format!("more than {MAX_COLUMNS} different fields")));
            }
        }
        let mut columns: Vec<_> = known.into_iter().collect();
        columns.sort_by_key(|(_, at)| *at);
        self.columns = columns.into_iter().map(|(name, _)| name).collect();
        Ok(guess)
    }

    fn jsonl(&self, reader: BufReader<fs::File>) -> impl Iterator<Item = Result<Record, Broken>> + '_ {
        let at: HashMap<&str, usize> =
            self.columns.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut line_number = 0;
        stop_at_error(lines(reader, self.longest)).filter_map(move |line| {
            let line = match line {
                Ok(line) => line,
                Err(error) => {
                    return Some(Err(Broken { line: line_number + 1, reason: error.to_string(), bytes: 0 }));
                }
            };
            line_number = line.number;
            let broken = |reason| Some(Err(Broken { line: line.number, reason, bytes: line.bytes }));
            let Some(content) = &line.content else {
                return broken(format!(
                    "a line of {} bytes, more than fits a text within the limit (--max-bytes)",
                    line.bytes
                ));
            };
            if content.trim_ascii().is_empty() {
                return None;
            }
            let content = encoding::decode_with(content, self.encoding);
            let mut cells = vec![Value::Null; self.columns.len()];
            match serde_json::from_str::<Value>(&content) {
                Ok(Value::Object(fields)) => {
                    for (name, value) in fields {
                        if let Some(at) = at.get(name.as_str()) {
                            cells[*at] = value;
                        }
                    }
                }
                Ok(_) => return broken("no JSON object".to_owned()),
                Err(error) => return broken(format!("no valid JSON: {}", without_line(&error))),
            }
            Some(Ok(Record { line: line.number, cells, bytes: line.bytes }))
        })
    }

    fn survey_csv(&mut self, first: &[u8]) -> Result<Guess, Error> {
        self.delimiter = delimiter(first);
        if self.delimiter != b',' {
            let name = if self.delimiter == b'\t' { "tab" } else { "semicolon" };
            self.notes.push(format!("{}: its columns are separated by {name}", self.place));
        }
        let failed = |error| Error::Io { path: self.place.clone(), source: error };
        let mut marks = MarkCounter { inner: self.reader().map_err(failed)?, marks: 0 };
        let mut guess = Guess::default();
        let mut header = csv::ByteRecord::new();
        {
            let mut reader = self.csv_reader(&mut marks);
            let mut record = csv::ByteRecord::new();
            loop {
                match reader.read_byte_record(&mut record) {
                    Ok(false) => break,
                    Ok(true) => record.iter().for_each(|cell| guess.feed(cell)),
                    Err(error) if error.is_io_error() => return Err(self.refused(&error.to_string())),
                    Err(_) => {} // said when the record is read again
                }
                if header.is_empty() {
                    header = record.clone();
                }
            }
        }
        if MAX_COLUMNS < header.len() {
            return Err(self.refused(&format!("more than {MAX_COLUMNS} columns")));
        }
        if marks.marks % 2 == 1 {
            self.notes.push(format!(
                "{}: an odd number of quotation marks (\"): one record may have swallowed those after it",
                self.place
            ));
        }
        let encoding = guess.encoding();
        self.columns =
            unique(header.iter().map(|name| encoding::decode_with(name, encoding).trim().to_owned()));
        Ok(guess)
    }

    fn csv(&self, reader: BufReader<fs::File>) -> impl Iterator<Item = Result<Record, Broken>> + '_ {
        let mut reader = self.csv_reader(reader);
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
                        let cells = record.iter().map(|cell| self.cell(cell)).collect();
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

    fn csv_reader<R: Read>(&self, reader: R) -> csv::Reader<R> {
        csv::ReaderBuilder::new().has_headers(false).delimiter(self.delimiter).from_reader(reader)
    }

    fn cell(&self, bytes: &[u8]) -> Value {
        if bytes.is_empty() {
            return Value::Null;
        }
        Value::String(encoding::decode_with(bytes, self.encoding).into_owned())
    }
}

/// Where a table's bytes are, the length of their byte-order mark, and their encoding if that is UTF-16.
fn content(file: &File) -> io::Result<(Content, u64, Option<&'static str>)> {
    let mut reader = BufReader::new(file.open()?);
    let mut head = Vec::new();
    reader.by_ref().take(3).read_to_end(&mut head)?;
    let mark = Encoding::for_bom(&head);
    let utf16 = mark.map(|(encoding, _)| encoding).filter(|encoding| *encoding != encoding_rs::UTF_8);
    let start = mark.map_or(0, |(_, length)| length as u64);
    match (file.path().filter(|_| file.can_be_read_twice()), utf16) {
        (Some(path), None) => Ok((Content::File(path.to_owned()), start, None)),
        (_, None) => {
            let mut copy = NamedTempFile::new()?;
            io::copy(&mut head.chain(reader), &mut copy)?;
            Ok((Content::Copy(copy), start, None))
        }
        (_, Some(encoding)) => {
            let mut copy = NamedTempFile::new()?;
            transcode(head.chain(reader), encoding, &mut copy)?;
            Ok((Content::Copy(copy), 0, Some(encoding.name())))
        }
    }
}

/// Copies `from`, in `encoding` with its byte-order mark, to `to` in UTF-8.
fn transcode(mut from: impl Read, encoding: &'static Encoding, to: impl Write) -> io::Result<()> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut to = BufWriter::new(to);
    let mut bytes = vec![0; 1 << 16];
    let mut text = String::with_capacity(1 << 18);
    loop {
        let length = from.read(&mut bytes)?;
        // The text's capacity of four times the bytes takes any of their decodings whole.
        let _ = decoder.decode_to_string(&bytes[..length], &mut text, length == 0);
        to.write_all(text.as_bytes())?;
        text.clear();
        if length == 0 {
            return to.flush();
        }
    }
}

/// Counts quotation marks on their way through: a well-formed CSV file has an even number of them.
struct MarkCounter<R> {
    inner: R,
    marks: u64,
}

impl<R: Read> Read for MarkCounter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.marks += buffer[..length].iter().filter(|byte| **byte == b'"').count() as u64;
        Ok(length)
    }
}

/// The separator of a CSV file by its first line: a comma if there is one, else a tab or a semicolon, as
/// Excel writes where the comma is the decimal sign.
fn delimiter(first: &[u8]) -> u8 {
    let line = first.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    [b',', b'\t', b';'].into_iter().find(|sign| line.contains(sign)).unwrap_or(b',')
}

/// `names`, the second `x` of them called `x_2`, and so on.
pub fn unique(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for name in names {
        let mut candidate = name.clone();
        let mut number = 2;
        while !seen.insert(candidate.clone()) {
            candidate = format!("{name}_{number}");
            number += 1;
        }
        unique.push(candidate);
    }
    unique
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

/// The message of a JSON error without its "at line 1", since each line is read by itself.
fn without_line(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    format!("{} at column {}", &message[..end], error.column())
}

/// Passes on results up to and including the first error.
fn stop_at_error<T, E>(results: impl Iterator<Item = Result<T, E>>) -> impl Iterator<Item = Result<T, E>> {
    let mut stopped = false;
    results.take_while(move |result| {
        let go_on = !stopped;
        stopped = result.is_err();
        go_on
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, content: &[u8]) -> Table {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let file = super::super::files::find(&[path], None).unwrap().files.remove(0);
        let mut table = Table::open(file, 1_000).unwrap();
        // The folder goes with this function: keep the content.
        let mut copy = NamedTempFile::new().unwrap();
        if let Content::File(path) = &table.content {
            copy.write_all(&fs::read(path).unwrap()).unwrap();
            table.content = Content::Copy(copy);
        }
        table
    }

    #[test]
    fn one_odd_record_does_not_spoil_the_others() {
        let table = table("a.csv", b"id,text\n1,\xE2\x80\x9Ccaf\xC3\xA9\xE2\x80\x9D\n2,caf\xE9 cr\xE8me\n");
        let cells: Vec<_> = table.records().map(|record| record.unwrap().cells[1].clone()).collect();
        assert_eq!(cells, [Value::from("“café”"), Value::from("café crème")]);
        assert!(table.notes()[0].contains("windows-1252"), "{:?}", table.notes());
    }

    #[test]
    fn utf16_semicolons_and_marks() {
        let mut bytes = b"\xFF\xFE".to_vec();
        bytes.extend("id;text\r\n1;\"é;\"\r\n".encode_utf16().flat_map(u16::to_le_bytes));
        let table = table("a.csv", &bytes);
        assert_eq!(table.columns(), ["id", "text"]);
        assert_eq!(table.records().next().unwrap().unwrap().cells[1], Value::from("é;"));
    }

    #[test]
    fn an_unclosed_cell_is_told() {
        assert!(table("a.csv", b"id,text\n1,\"x\n2,y\n").notes()[0].contains("odd number"));
        assert!(table("a.csv", b"id,text\n1,\"x\"\n2,y\n").notes().is_empty());
    }

    #[test]
    fn broken_lines_have_numbers() {
        let table = table("a.jsonl", b"{\"id\":1}\n\n{\"id\":\n[]\n{\"id\":4}");
        let records: Vec<_> = table.records().collect();
        assert_eq!(records[1].as_ref().unwrap_err().line, 3);
        assert_eq!(records[2].as_ref().unwrap_err().reason, "no JSON object");
        assert_eq!(records[3].as_ref().unwrap().line, 5);
    }
}
