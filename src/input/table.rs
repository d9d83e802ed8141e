//! Tables: CSV and JSON Lines files as records under columns.
//!
//! A table is read twice: once when it is opened, for its columns and the encoding of whatever in it is not
//! UTF-8, and once for its records. What cannot be read twice (standard input) or is UTF-16 is first copied
//! to a temporary file, so that memory stays bounded. Records are decoded one by one: one in another
//! encoding does not spoil the others.

mod csv;
mod jsonl;

use std::fs;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use serde_json::Value;
use tempfile::NamedTempFile;

use super::files::{self, File};
use super::{Format, Options};
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
    /// Whether quotation marks enclose cells of a CSV file.
    quoting: bool,
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
            quoting: true,
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
        if is_binary(&first) {
            return Err(table.refused("a binary file: its first line has NUL bytes"));
        }
        let guess = match table.format {
            Format::Jsonl => jsonl::survey(&mut table, &first)?,
            _ => csv::survey(&mut table, &first)?,
        };
        table.encoding = guess.encoding();
        if !guess.is_utf8() {
            let name = table.encoding.name();
            table.notes.push(format!("{place}: what is not UTF-8 in it is read as {name}"));
        }
        Ok(table)
    }

    /// [`open`](Self::open) for one input as a user names it: a file, or `-`; of this format, else by its ending.
    /// `wanted` says what kind of table it should be.
    ///
    /// # Errors
    /// Those of [`open`](Self::open); it is not there, or a folder, or plain text.
    pub fn of_path(path: &Path, format: Option<Format>, wanted: &str) -> Result<Self, Error> {
        let refused = |reason: String| Error::Input { path: path.display().to_string(), reason };
        if path.is_dir() {
            return Err(refused(format!("a folder; wanted is a file {wanted}")));
        }
        let is_stdin = path.as_os_str() == "-";
        let mut found = files::find(&[path.to_owned()], format.or(is_stdin.then_some(Format::Csv)), None)?;
        match found.files.pop() {
            Some(file) if file.format != Format::Text => Self::open(file, Options::default().max_bytes),
            _ => Err(refused(format!("plain text; wanted is CSV or JSON Lines {wanted}"))),
        }
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
            Format::Jsonl => Box::new(jsonl::records(self, reader)),
            _ => Box::new(csv::records(self, reader)),
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
}

/// Takes: a spreadsheet under a false name. Not: a table with a NUL in one of its records, which fails alone.
fn is_binary(first: &[u8]) -> bool {
    let line = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.contains(&0) && !line.starts_with(b"{")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, content: &[u8]) -> Table {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let file = super::super::files::find(&[path], None, None).unwrap().files.remove(0);
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
    fn the_commonest_sign_of_the_header_separates() {
        assert_eq!(table("a.csv", b"id\ttext\ttitle, long\n").columns(), ["id", "text", "title, long"]);
        assert_eq!(table("a.csv", b"id|text\n").columns(), ["id", "text"]);
        assert_eq!(table("a.csv", b"\"a;b;c\",text\n").columns(), ["a;b;c", "text"]);
        assert_eq!(table("a.csv", b"text\n").columns(), ["text"]);
    }

    #[test]
    fn marks_within_a_tab_separated_cell_stand_for_themselves() {
        let table = table("a.csv", b"id\ttext\n1\t\"No,\" she said.\n2\t\"Yes.\n3\tx\n");
        let cells: Vec<_> = table.records().map(|record| record.unwrap().cells[1].clone()).collect();
        assert_eq!(cells, [Value::from("\"No,\" she said."), Value::from("\"Yes."), Value::from("x")]);
        assert!(table.notes().iter().any(|note| note.contains("stand for themselves")));
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
