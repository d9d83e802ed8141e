//! Input: from the arguments on the command line to documents, in order.
//!
//! Every input is looked at before any work starts ([`Collection::open`]): a missing file, a table without
//! its column or an empty folder stops the run at once, and the metadata columns of all tables are known
//! before the first row is written. Documents are then read one at a time ([`Collection::documents`]), so
//! memory does not grow with the collection; only the file names and the ids seen are kept.

pub mod encoding;
pub mod files;
mod ids;
pub mod lines;
pub mod table;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Document, Error};
use files::{File, Origin};
use ids::Ids;
use table::{Broken, Record, Table};

/// More metadata columns than this are taken for data in the wrong place.
const MAX_COLUMNS: usize = 1_000;

/// How an input file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The whole file is one document.
    Text,
    /// A header, then a document a record.
    Csv,
    /// A document a line.
    Jsonl,
}

/// How inputs are read.
#[derive(Debug, Clone)]
pub struct Options {
    /// The format of the files named and of standard input; `None`: by ending, standard input as text.
    pub format: Option<Format>,
    /// Column or field that holds the id.
    pub id_column: String,
    /// Column or field that holds the text.
    pub text_column: String,
    /// Longest text of one document, bytes of UTF-8.
    pub max_bytes: usize,
    /// Where the rows will go: not read when it lies in a folder that is.
    pub output: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            id_column: "id".into(),
            text_column: "text".into(),
            max_bytes: 1_000_000,
            output: None,
        }
    }
}

/// One document as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// File stem, or the id column or field; unique in the collection.
    pub id: String,
    /// The text, decoded and otherwise unaltered.
    pub text: String,
    /// One value for each of [`Collection::columns`], `Null` where the document has none.
    pub metadata: Vec<Value>,
    /// Where it stands: path, and line for a record.
    pub place: String,
    /// What a reader of the rows should know about it: a guessed encoding, a changed id.
    pub notes: Vec<String>,
    /// Bytes of input it took up.
    pub bytes: u64,
}

impl Source {
    /// The document, borrowed.
    pub fn document(&self) -> Document<'_> {
        Document { id: &self.id, text: &self.text }
    }
}

/// A document that could not be read or analysed; the others go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its id, where it got that far.
    pub id: Option<String>,
    /// Path, and line for a record.
    pub place: String,
    /// What is wrong with it.
    pub reason: String,
    /// Bytes of input it took up.
    pub bytes: u64,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.id {
            Some(id) => write!(f, "{id} ({}): {}", self.place, self.reason),
            None => write!(f, "{}: {}", self.place, self.reason),
        }
    }
}

/// The inputs of a run, checked but not yet read.
#[derive(Debug)]
pub struct Collection {
    parts: Vec<Part>,
    columns: Vec<String>,
    notes: Vec<String>,
    paths: Vec<PathBuf>,
    bytes: u64,
    max_bytes: usize,
}

#[derive(Debug)]
enum Part {
    Text(File),
    Table { table: Table, shape: Shape },
    Failed(Failure),
}

/// Where in a table's records the parts of a document stand.
#[derive(Debug)]
struct Shape {
    id: Option<usize>,
    text: Option<usize>,
    /// For each of the collection's columns its position in the record.
    metadata: Vec<Option<usize>>,
}

/// A note on files that were passed over, if there are any: the first ones by name.
fn left_out(others: &[PathBuf]) -> Option<String> {
    const NAMED: usize = 3;
    let named: Vec<String> = others.iter().take(NAMED).map(|path| path.display().to_string()).collect();
    let more = if NAMED < others.len() { ", …" } else { "" };
    let files = if others.len() == 1 { "file" } else { "files" };
    let what = "left out, not .txt, .csv, .tsv, .jsonl or .ndjson";
    (!others.is_empty()).then(|| format!("{} {files} {what}: {}{more}", others.len(), named.join(", ")))
}

impl Collection {
    /// Finds and checks the inputs: files, folders (recursively, by name) and `-` for standard input.
    ///
    /// # Errors
    /// An input is missing, of unknown kind, or an empty folder; a table named as input has no such column.
    pub fn open(inputs: &[PathBuf], options: &Options) -> Result<Self, Error> {
        let mut collection = Self {
            parts: Vec::new(),
            columns: Vec::new(),
            notes: Vec::new(),
            paths: Vec::new(),
            bytes: 0,
            max_bytes: options.max_bytes,
        };
        let found = files::find(inputs, options.format, options.output.as_deref())?;
        collection.notes.extend(left_out(&found.others));
        collection.parts.extend(found.unreadable.into_iter().map(Part::Failed));
        for file in found.files {
            collection.bytes += file.bytes;
            collection.paths.extend(file.path().map(Path::to_owned));
            if file.format == Format::Text {
                collection.parts.push(Part::Text(file));
                continue;
            }
            let (place, bytes, origin) = (file.place(), file.bytes, file.origin);
            match collection.add_table(file, options) {
                Ok(()) => {}
                // A folder may well hold a table that is no collection of articles: say so and go on.
                Err(error) if origin == Origin::Folder => {
                    let reason = error.to_string();
                    let reason = reason.strip_prefix(&format!("{place}: ")).unwrap_or(&reason).to_owned();
                    collection.parts.push(Part::Failed(Failure { id: None, place, reason, bytes }));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(collection)
    }

    fn add_table(&mut self, file: File, options: &Options) -> Result<(), Error> {
        let table = Table::open(file, options.max_bytes)?;
        // The very name, or else the only one that differs in capitals alone.
        let position = |column: &str| {
            let same = table.columns().iter().position(|name| name == column);
            same.or_else(|| {
                let fits = |name: &String| name.to_lowercase() == column.to_lowercase();
                let mut fitting = table.columns().iter().enumerate().filter(|(_, name)| fits(name));
                fitting.next().filter(|_| fitting.next().is_none()).map(|(at, _)| at)
            })
        };
        let required = |column: &str| {
            position(column).ok_or_else(|| Error::Column {
                path: table.place().to_owned(),
                column: column.to_owned(),
                available: table.columns().to_vec(),
            })
        };
        let (text, id) = match table.format() {
            // An empty file has no documents; of a JSON Lines file without fields no line could be read, and
            // they fail one by one.
            _ if table.columns().is_empty() => (None, None),
            Format::Csv if options.id_column != Options::default().id_column => {
                (Some(required(&options.text_column)?), Some(required(&options.id_column)?))
            }
            _ => (Some(required(&options.text_column)?), position(&options.id_column)),
        };
        if text.is_some() && text == id {
            return Err(Error::Input {
                path: table.place().to_owned(),
                reason: format!("column `{}` cannot be both id and text", options.text_column),
            });
        }
        if id.is_none() && text.is_some() && table.format() == Format::Csv {
            self.notes.push(format!(
                "{}: no column `{}`, so documents are named by file and line (--id-column says another)",
                table.place(),
                options.id_column
            ));
        }
        let mut metadata = vec![None; self.columns.len()];
        for (at, name) in table.columns().iter().enumerate() {
            if [id, text].contains(&Some(at)) {
                continue;
            }
            match self.columns.iter().position(|known| known == name) {
                Some(known) => metadata[known] = Some(at),
                None => {
                    self.columns.push(name.clone());
                    metadata.push(Some(at));
                }
            }
        }
        if self.columns.len() > MAX_COLUMNS {
            return Err(Error::Input {
                path: table.place().to_owned(),
                reason: format!("more than {MAX_COLUMNS} different metadata columns"),
            });
        }
        self.notes.extend(table.notes().iter().cloned());
        self.parts.push(Part::Table { table, shape: Shape { id, text, metadata } });
        Ok(())
    }

    /// Names of the metadata columns, in order of their first appearance.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What was noticed while the inputs were checked.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The files that will be read.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Size of all inputs, as far as known.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The documents in the order of the inputs, each read when it is asked for.
    pub fn documents(&self) -> impl Iterator<Item = Result<Source, Failure>> + '_ {
        let mut ids = Ids::default();
        let mut remains_told = false;
        self.parts.iter().flat_map(|part| self.read(part)).map(move |read| {
            let mut source = read?;
            if !remains_told && let Some(remains) = encoding::remains(&source.text) {
                remains_told = true;
                let note = format!("{remains}: statements may be missed (said once for all documents)");
                source.notes.push(note);
            }
            if let Some(unique) = ids.rename(&source.id) {
                let note = format!("id {} was there before: this document is called {unique}", source.id);
                source.notes.push(note);
                source.id = unique;
            }
            Ok(source)
        })
    }

    fn read<'s>(&'s self, part: &'s Part) -> Box<dyn Iterator<Item = Result<Source, Failure>> + 's> {
        match part {
            Part::Text(file) => Box::new(std::iter::once(self.text(file))),
            Part::Failed(failure) => Box::new(std::iter::once(Err(failure.clone()))),
            Part::Table { table, shape } => {
                Box::new(table.records().map(move |record| self.record(table, shape, record)))
            }
        }
    }

    fn text(&self, file: &File) -> Result<Source, Failure> {
        let (id, place, bytes) = (file.stem(), file.place(), file.bytes);
        let read = || {
            let encoded = file.read(self.max_bytes)?;
            let decoded = encoding::decode(&encoded)?;
            self.checked(decoded.text).map(|text| (text, decoded.encoding))
        };
        let (text, encoding) =
            read().map_err(|reason| Failure { id: Some(id.clone()), place: place.clone(), reason, bytes })?;
        let mut notes = Vec::from_iter(encoding.map(|name| format!("read as {name}: it is not UTF-8")));
        if text.trim().is_empty() {
            notes.push("no text in it".to_owned());
        }
        Ok(Source { id, text, metadata: vec![Value::Null; self.columns.len()], place, notes, bytes })
    }

    fn record(
        &self,
        table: &Table,
        shape: &Shape,
        record: Result<Record, Broken>,
    ) -> Result<Source, Failure> {
        let mut record = record.map_err(|broken| {
            let place = format!("{}:{}", table.place(), broken.line);
            Failure { id: None, place, reason: broken.reason, bytes: broken.bytes }
        })?;
        let place = format!("{}:{}", table.place(), record.line);
        let mut take = |at: Option<usize>| at.and_then(|at| record.cells.get_mut(at)).map(Value::take);
        let id = match take(shape.id) {
            Some(Value::String(id)) if !id.trim().is_empty() => Ok(id),
            Some(Value::Number(id)) => Ok(id.to_string()),
            // A record without an id is named by its line, so that its rows can still be told apart.
            None | Some(Value::Null | Value::String(_)) => Ok(format!("{}:{}", table.stem(), record.line)),
            Some(_) => Err("its id is neither text nor a number".to_owned()),
        };
        let text = match take(shape.text) {
            Some(Value::String(text)) => self.checked(text),
            // An empty CSV cell is an empty document; a JSON record without text is a mistake.
            Some(Value::Null) if table.format() == Format::Csv => Ok(String::new()),
            None | Some(Value::Null) => Err("the record has no text".to_owned()),
            Some(_) => Err("its text is not a string".to_owned()),
        };
        let (id, text) = match (id, text) {
            (Ok(id), Ok(text)) => (id, text),
            (Ok(id), Err(reason)) => {
                return Err(Failure { id: Some(id), place, reason, bytes: record.bytes });
            }
            (Err(reason), _) => return Err(Failure { id: None, place, reason, bytes: record.bytes }),
        };
        let mut metadata: Vec<Value> =
            shape.metadata.iter().map(|at| take(*at).unwrap_or(Value::Null)).collect();
        metadata.resize(self.columns.len(), Value::Null);
        let notes = if text.trim().is_empty() { vec!["no text in it".to_owned()] } else { Vec::new() };
        Ok(Source { id, text, metadata, place, notes, bytes: record.bytes })
    }

    /// Refuses a text that is too long or no text at all.
    fn checked(&self, text: String) -> Result<String, String> {
        if self.max_bytes < text.len() {
            return Err(too_long(text.len() as u64, self.max_bytes));
        }
        match encoding::binary(&text) {
            Some(reason) => Err(reason.to_owned()),
            None => Ok(text),
        }
    }
}

fn too_long(bytes: u64, max_bytes: usize) -> String {
    format!("{bytes} bytes of text are more than the limit of {max_bytes} (--max-bytes)")
}

#[cfg(test)]
mod tests;
