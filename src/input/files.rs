//! Files: what the arguments on the command line stand for.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Failure, Format, too_long};
use crate::Error;

/// One file to read, or standard input.
#[derive(Debug)]
pub struct File {
    /// `None`: standard input.
    path: Option<PathBuf>,
    /// How to read it.
    pub format: Format,
    /// Whether it was named or found.
    pub origin: Origin,
    /// Its size, 0 where that is unknown.
    pub bytes: u64,
}

/// How a file came to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The user named it.
    Argument,
    /// It lay in a folder that the user named.
    Folder,
}

/// What [`find`] found.
#[derive(Debug, Default)]
pub struct Found {
    /// The files, in order.
    pub files: Vec<File>,
    /// Files in the folders named that end in nothing known: web pages, spreadsheets.
    pub others: Vec<PathBuf>,
    /// Folders inside the folders named that could not be read.
    pub unreadable: Vec<Failure>,
}

impl File {
    /// Its path, unless it is standard input.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Its name in messages.
    pub fn place(&self) -> String {
        self.path.as_ref().map_or("stdin".to_owned(), |path| path.display().to_string())
    }

    /// Its name without folders and ending; `stdin` for standard input.
    pub fn stem(&self) -> String {
        let stem = self.path.as_ref().and_then(|path| path.file_stem());
        stem.map_or("stdin".to_owned(), |stem| stem.to_string_lossy().into_owned())
    }

    /// Its bytes from the start.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        match &self.path {
            Some(path) => Ok(Box::new(fs::File::open(path)?)),
            None => Ok(Box::new(io::stdin())),
        }
    }

    /// Whether it can be read a second time.
    pub fn can_be_read_twice(&self) -> bool {
        self.path.as_ref().is_some_and(|path| path.is_file())
    }

    /// All of its bytes, unless they must be more than `max_bytes` of text.
    pub(super) fn read(&self, max_bytes: usize) -> Result<Vec<u8>, String> {
        // UTF-16 takes up to twice the bytes of UTF-8, and a byte-order mark.
        let most = 2 * max_bytes as u64 + 4;
        if most < self.bytes {
            return Err(too_long(self.bytes, max_bytes));
        }
        let mut bytes = Vec::new();
        let read = self.open().and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
        read.map_err(|error| error.to_string())?;
        if most < bytes.len() as u64 {
            return Err(format!("more text than the limit of {max_bytes} bytes (--max-bytes)"));
        }
        Ok(bytes)
    }
}

impl Format {
    /// The format that a file's ending stands for.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Text),
            "csv" | "tsv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// Lists the files that `inputs` stand for: themselves, or for a folder all files in it with a known
/// ending, by name, without those whose name starts with a dot and without `output` if an earlier run
/// wrote it. `format` is that of the files named.
///
/// # Errors
/// An input is missing or of unknown kind, or a folder holds no file to read.
pub fn find(inputs: &[PathBuf], format: Option<Format>, output: Option<&Path>) -> Result<Found, Error> {
    let output = output.and_then(|path| path.canonicalize().ok());
    let mut found = Found::default();
    for input in inputs {
        if input.as_os_str() == "-" {
            let format = format.unwrap_or(Format::Text);
            found.files.push(File { path: None, format, origin: Origin::Argument, bytes: 0 });
            continue;
        }
        let about = fs::metadata(input).map_err(|error| Error::io(input, error))?;
        if about.is_dir() {
            walk(input, output.as_deref(), &mut found)?;
            continue;
        }
        let format = format
            .or_else(|| Format::of(input))
            .ok_or_else(|| Error::Input { path: input.display().to_string(), reason: advice(input) })?;
        let path = Some(input.clone());
        found.files.push(File { path, format, origin: Origin::Argument, bytes: about.len() });
    }
    Ok(found)
}

/// What to do with a file of unknown kind.
fn advice(path: &Path) -> String {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let known = "its name ends in none of .txt, .csv, .tsv, .jsonl, .ndjson";
    let more = match ending.as_str() {
        "json" => "if it holds one object a line, add --input-format jsonl",
        "xlsx" | "xls" | "ods" | "parquet" => "save the table as CSV first",
        "html" | "htm" | "xml" | "pdf" | "doc" | "docx" | "odt" | "rtf" => "save its text as .txt first",
        "gz" | "zip" | "zst" | "xz" | "bz2" => "unpack it first, or pipe it in: zcat FILE | sayso extract -",
        _ => "say what it is with --input-format",
    };
    format!("{known}; {more}")
}

fn walk(folder: &Path, output: Option<&Path>, found: &mut Found) -> Result<(), Error> {
    let before = found.files.len() + found.unreadable.len();
    let entries = walkdir::WalkDir::new(folder).follow_links(true).sort_by_file_name().min_depth(1);
    for entry in entries.into_iter().filter_entry(|entry| !is_hidden(entry.path())) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder);
                let is_broken_link = error.io_error().is_some_and(|e| e.kind() == io::ErrorKind::NotFound);
                if is_broken_link && (Format::of(path).is_none() || is_hidden(path)) {
                    continue;
                }
                let place = path.display().to_string();
                let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                found.unreadable.push(Failure { id: None, place, reason, bytes: 0 });
                continue;
            }
        };
        if !entry.file_type().is_file() {
            continue;
        }
        let Some(format) = Format::of(entry.path()) else {
            found.others.push(entry.into_path());
            continue;
        };
        let is_output = || entry.path().canonicalize().ok().as_deref() == output;
        if output.is_some() && is_output() && is_ours(entry.path()) {
            continue;
        }
        let bytes = entry.metadata().map_or(0, |about| about.len());
        found.files.push(File { path: Some(entry.into_path()), format, origin: Origin::Folder, bytes });
    }
    if found.files.len() + found.unreadable.len() == before {
        return Err(Error::Input {
            path: folder.display().to_string(),
            reason: "no .txt, .csv or .jsonl file in this folder".to_owned(),
        });
    }
    Ok(())
}

/// Whether a file holds rows that sayso wrote: it may be written anew, which somebody's own table may not.
fn is_ours(path: &Path) -> bool {
    const OPENINGS: [&[u8]; 2] = [b"doc_id,statement_id,", b"{\"doc_id\":"];
    let mut start = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(64).read_to_end(&mut start));
    read.is_ok() && OPENINGS.iter().any(|opening| start.starts_with(opening))
}

/// `.DS_Store`, and the `._article.txt` that macOS leaves beside `article.txt` on foreign disks; not
/// `article.txt`.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_read_by_name_and_only_what_is_known_in_them() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        for name in ["c.txt", "b/2.txt", "b/10.TXT", "a.jsonl", "note.md", ".hidden.txt", "b/._2.txt"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let found = find(&[folder.path().to_owned()], None, None).unwrap();
        let names: Vec<_> = found
            .files
            .iter()
            .map(|file| file.path().unwrap().strip_prefix(folder.path()).unwrap().display().to_string())
            .collect();
        assert_eq!(names, ["a.jsonl", "b/10.TXT", "b/2.txt", "c.txt"]);
        assert_eq!(found.others, [folder.path().join("note.md")]);
        let output = folder.path().join("a.jsonl");
        let files = |output| find(&[folder.path().to_owned()], None, Some(output)).unwrap().files.len();
        assert_eq!(files(&output), 4, "it is not known to be ours");
        fs::write(&output, "{\"doc_id\":\"b\"}\n").unwrap();
        assert_eq!(files(&output), 3);
    }

    #[test]
    fn a_file_of_unknown_kind_needs_a_word() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("article.pdf");
        fs::write(&path, "x").unwrap();
        let inputs = [path];
        assert!(find(&inputs, None, None).unwrap_err().to_string().contains("as .txt first"));
        assert_eq!(find(&inputs, Some(Format::Text), None).unwrap().files[0].format, Format::Text);
    }
}
