//! People: a project's own list of who is who (`--people`), which wins over what the program finds.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use crate::Error;
use crate::speakers::words::fold;

use super::identity::key_of;
use super::slug::{Slugs, slug};

/// Columns of the file; only the first must be there, others are ignored.
pub const COLUMNS: [&str; 4] = ["name", "aliases", "side", "id"];

/// One entry of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// Canonical name.
    pub name: String,
    /// Country or organisation spoken for, or empty.
    pub side: String,
    /// Its id: that of the file, or one made of the name.
    pub id: String,
}

/// The list, with what each entry is called.
#[derive(Debug, Clone, Default)]
pub struct People {
    entries: Vec<Entry>,
    /// Folded names and aliases → entries.
    called: HashMap<String, Vec<usize>>,
    /// Full names in any order of their parts → entries.
    full: HashMap<String, Vec<usize>>,
}

impl People {
    /// Reads a CSV file in UTF-8 whose header names the columns `name`, and if there are any `aliases`
    /// (separated by `;`), `side` and `id`, in any order and case. A file that `sayso cast` wrote can be read;
    /// its groups and unnamed speakers (column `type`) are left out, since nobody knows who they are.
    ///
    /// # Errors
    /// The file is missing or no such table; the message names the line.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = fs::read(path).map_err(|error| Error::io(path, error))?;
        Self::parse(&bytes, &path.display().to_string())
    }

    /// Reads the content of a file called `path`.
    ///
    /// # Errors
    /// As [`People::read`].
    pub fn parse(bytes: &[u8], path: &str) -> Result<Self, Error> {
        let refused = |line: u64, reason: String| Error::Input { path: format!("{path}:{line}"), reason };
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let explained = |error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            match error.kind() {
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    refused(line, format!("{len} cells under a header of {expected_len}"))
                }
                csv::ErrorKind::Utf8 { .. } => refused(line, "not UTF-8".to_owned()),
                _ => refused(line, error.to_string()),
            }
        };
        let header: Vec<String> =
            reader.headers().map_err(explained)?.iter().map(str::to_lowercase).collect();
        let column = |name: &str| header.iter().position(|known| known == name);
        let Some(name_at) = column("name") else {
            let (path, column) = (path.to_owned(), "name".to_owned());
            return Err(Error::Column { path, column, available: header });
        };
        if let Some((found, meant)) = misspelt(&header) {
            return Err(refused(1, format!("the column {found} is not known; is {meant} meant?")));
        }
        let [aliases_at, side_at, id_at, type_at] = ["aliases", "side", "id", "type"].map(column);
        let mut people = Self::default();
        let mut lines: HashMap<String, u64> = HashMap::new();
        let mut slugs = Slugs::default();
        for record in reader.records() {
            let record = record.map_err(explained)?;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
            if matches!(cell(type_at), "unnamed" | "group") {
                continue;
            }
            let (name, side, id) = (cell(Some(name_at)), cell(side_at), cell(id_at));
            if fold(name).trim().is_empty() {
                return Err(refused(line, "no name".to_owned()));
            }
            let same = format!("{}\n{}", fold(name), fold(side));
            if let Some(before) = lines.insert(same, line) {
                return Err(refused(line, format!("{name} stands in line {before} too, for the same side")));
            }
            if !id.is_empty()
                && let Some(before) = lines.insert(format!("id\n{id}"), line)
            {
                return Err(refused(line, format!("the id {id} is that of line {before}")));
            }
            slugs.reserve(id);
            let called = std::iter::once(name).chain(cell(aliases_at).split(';').map(str::trim));
            people.add(Entry { name: name.into(), side: side.into(), id: id.into() }, called);
        }
        for entry in people.entries.iter_mut().filter(|entry| entry.id.is_empty()) {
            entry.id = slugs.take(&slug(&entry.name), "");
        }
        Ok(people)
    }

    fn add<'n>(&mut self, entry: Entry, called: impl Iterator<Item = &'n str>) {
        let number = self.entries.len();
        let note = |map: &mut HashMap<String, Vec<usize>>, key: String| {
            let list = map.entry(key).or_default();
            if list.last() != Some(&number) {
                list.push(number);
            }
        };
        for name in called.filter(|name| !name.is_empty()) {
            note(&mut self.called, plain(name));
            if let Some(key) = key_of(name) {
                note(&mut self.full, key);
            }
        }
        self.entries.push(entry);
    }

    /// The entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry that a speaker of this name and stated side (or empty) is: by name or alias as written, else
    /// by full name in another order, with or without accents. Of several, the one for that side.
    pub(crate) fn find(&self, name: &str, stated: &str) -> Option<usize> {
        let by_words = self.called.get(&plain(name));
        let by_parts = || self.full.get(&key_of(name)?);
        let found = by_words.or_else(by_parts)?;
        match found.as_slice() {
            [only] => Some(*only),
            several => {
                let of_side = |at: &&usize| !stated.is_empty() && self.entries[**at].side == stated;
                let mut of_side = several.iter().filter(of_side);
                let first = of_side.next().copied();
                first.filter(|_| of_side.next().is_none())
            }
        }
    }
}

fn plain(name: &str) -> String {
    let folded = fold(name).split_whitespace().collect::<Vec<_>>().join(" ");
    folded.strip_prefix("the ").map_or(folded.clone(), str::to_owned)
}

/// A column that is nearly `aliases` or `side` where that one is missing: what it holds would be lost unseen.
fn misspelt(header: &[String]) -> Option<(&str, &'static str)> {
    let missing = [("aliases", 2), ("side", 1)];
    let missing = missing.into_iter().filter(|(name, _)| !header.iter().any(|column| column == name));
    let near = |name: &str, most: usize| {
        header.iter().find(|column| strsim::damerau_levenshtein(column, name) <= most)
    };
    missing.filter_map(|(name, most)| Some((near(name, most)?.as_str(), name))).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<People, String> {
        People::parse(text.as_bytes(), "people.csv").map_err(|error| error.to_string())
    }

    fn found(people: &People, name: &str, side: &str) -> String {
        people.find(name, side).map_or(String::new(), |at| people.entries()[at].id.clone())
    }

    #[test]
    fn names_aliases_and_other_orders() {
        let people = parse(
            "id,Name,note,aliases,side\nQ1,Ilse Brandvold,x,Brandvold; the Iron Lady ,Norway\n,Kim Tae-seop,,,\n",
        )
        .unwrap();
        for name in ["Ilse Brandvold", "ILSE BRANDVOLD", "Brandvold", "The Iron Lady", "Brandvold Ilse"] {
            assert_eq!(found(&people, name, ""), "Q1", "{name}");
        }
        assert_eq!(found(&people, "Tae Seop Kim", ""), "kim-tae-seop");
        assert_eq!(found(&people, "Ilse", ""), "");
        assert_eq!(people.entries()[0].side, "Norway");
    }

    #[test]
    fn namesakes_are_told_apart_by_side_or_not_at_all() {
        let people = parse("name,side,id\nLi Wen,China,Q1\nLi Wen,Taiwan,Q2\n").unwrap();
        assert_eq!(found(&people, "Li Wen", "Taiwan"), "Q2");
        assert_eq!(found(&people, "Li Wen", ""), "");
        assert_eq!(found(&people, "Li Wen", "Peru"), "");
    }

    #[test]
    fn a_bad_file_is_told_with_its_line() {
        let error = |text: &str| parse(text).unwrap_err();
        assert_eq!(error("who,side\nx,y\n"), "people.csv: no column `name`; its columns are: who, side");
        assert_eq!(error("name,side\nAna Ruiz,Peru\n ,Peru\n"), "people.csv:3: no name");
        assert_eq!(error("name,side\nAna Ruiz\n"), "people.csv:2: 1 cells under a header of 2");
        assert_eq!(error("name,id\nAna Ruiz,Q1\nEva Sol,Q1\n"), "people.csv:3: the id Q1 is that of line 2");
        assert!(
            error("name\nAna Ruiz\nana ruiz\n").starts_with("people.csv:3: ana ruiz stands in line 2 too")
        );
        let latin = People::parse(b"name\nAna R\xEDos\n", "people.csv").unwrap_err().to_string();
        assert_eq!(latin, "people.csv:2: not UTF-8");
    }

    #[test]
    fn a_misspelt_column_is_told() {
        let error = |text: &str| parse(text).unwrap_err();
        assert_eq!(
            error("name,alias\nx,y\n"),
            "people.csv:1: the column alias is not known; is aliases meant?"
        );
        assert_eq!(error("name,sides\nx,y\n"), "people.csv:1: the column sides is not known; is side meant?");
        assert!(parse("name,size,note,aliases,side\nx,1,,,\n").is_ok(), "others are ignored");
    }

    #[test]
    fn the_cast_can_be_read_back() {
        let people =
            parse("name,id,type\nAna Ruiz,ana-ruiz,person\nan official,an-official@a,unnamed\n").unwrap();
        assert_eq!(people.entries().len(), 1);
    }
}
