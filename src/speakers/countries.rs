//! Countries, capitals, demonyms and bodies above states, and the side each stands for.
//!
//! Names and demonyms come from the crate `keshvar` (ISO 3166 with unofficial names), capitals and English
//! short names from GeoNames (`models/lexicon/capitals.txt`), the rest from `models/lexicon/places.txt`.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::lexicon::entries;
use super::words::{Gap, Word, fold};

/// How a word stands for a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sense {
    /// "China", "Beijing", "the Kremlin": can speak for the country.
    Place,
    /// "Chinese", "Americans".
    Demonym,
    /// A body with a voice of its own: "the European Union", "NATO".
    Body,
}

/// A country or body as the rows name it, and how the words stand for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// "China", "United States", "European Union".
    pub(crate) side: String,
    /// How.
    pub(crate) sense: Sense,
}

/// A place found in a row of words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    /// Number of words.
    pub(crate) len: usize,
    /// What it is.
    pub(crate) place: &'static Place,
}

const LONGEST: usize = 5;

fn atlas() -> &'static HashMap<String, Place> {
    static ATLAS: OnceLock<HashMap<String, Place>> = OnceLock::new();
    ATLAS.get_or_init(|| {
        let mut atlas = HashMap::new();
        let mut short = HashMap::new();
        for line in entries(include_str!("../../models/lexicon/capitals.txt")) {
            let mut cells = line.split('|');
            let (Some(code), Some(name), Some(capital)) = (cells.next(), cells.next(), cells.next()) else {
                continue;
            };
            let name = name.strip_prefix("The ").unwrap_or(name);
            short.insert(code, name);
            atlas.entry(key(capital)).or_insert_with(|| place(name, Sense::Place));
            atlas.insert(key(name), place(name, Sense::Place));
        }
        for country in keshvar::CountryIterator::new() {
            let code = country.alpha2().to_string();
            let Some(name) = short.get(code.as_str()) else { continue };
            for other in country.unofficial_name_list().iter().filter(|other| other.is_ascii()) {
                atlas.entry(key(other)).or_insert_with(|| place(name, Sense::Place));
            }
            for demonym in country.maybe_nationality().unwrap_or_default().split(", ") {
                // Dependencies share their owner's demonym; the independent country comes to its own below.
                if country.un_member() || !atlas.contains_key(&key(demonym)) {
                    let taken = atlas.get(&key(demonym)).is_some_and(|place| place.sense == Sense::Place);
                    if !taken {
                        atlas.insert(key(demonym), place(name, Sense::Demonym));
                    }
                }
            }
        }
        // keshvar gives Niger the demonym of Nigeria.
        atlas.insert("nigerian".to_owned(), place("Nigeria", Sense::Demonym));
        for line in entries(include_str!("../../models/lexicon/places.txt")) {
            let (alias, side) = line.split_once(" = ").unwrap_or((line, ""));
            match alias.chars().next() {
                Some('-') => drop(atlas.remove(&key(&alias[1..]))),
                Some('*') => drop(atlas.insert(key(&alias[1..]), place(side, Sense::Demonym))),
                Some('+') => drop(atlas.insert(key(&alias[1..]), place(side, Sense::Body))),
                _ => drop(atlas.insert(key(alias), place(side, Sense::Place))),
            }
        }
        atlas.remove("");
        atlas
    })
}

fn key(name: &str) -> String {
    let name = name.strip_prefix("the ").unwrap_or(name);
    fold(name).replace(',', "")
}

fn place(side: &str, sense: Sense) -> Place {
    Place { side: side.to_owned(), sense }
}

/// Whether a side is a country, by the name that rows give it.
pub(super) fn is_country(side: &str) -> bool {
    atlas().get(&key(side)).is_some_and(|place| place.sense == Sense::Place && place.side == side)
}

/// The longest place that starts at word `at`: "South Korea" and not "South", "US" and not "us".
pub(crate) fn find(words: &[Word], at: usize) -> Option<Found> {
    let first = words.get(at)?;
    if !first.capital || is_part(words, at) {
        return None;
    }
    // "US-led", "South Korean-born": the part before the hyphen counts where nothing longer does.
    let mut joined = String::new();
    let mut best = None;
    for (n, word) in words[at..].iter().take(LONGEST).enumerate() {
        if n > 0 {
            if word.gap != Gap::Space || words[at + n - 1].possessive {
                break;
            }
            joined.push(' ');
        }
        joined.push_str(&word.folded);
        if let Some(place) = look_up(&joined, first) {
            best = Some(Found { len: n + 1, place });
        }
    }
    best
}

/// Whether the word belongs to the name of a sea or a state of a federation: "New |Mexico", "|Indian Ocean".
fn is_part(words: &[Word], at: usize) -> bool {
    let joined = |at: usize| words.get(at).filter(|word| word.gap == Gap::Space && word.capital);
    let before = joined(at).and(at.checked_sub(1)).map_or("", |before| words[before].folded.as_str());
    let after = joined(at + 1).map_or("", |word| word.folded.as_str());
    match words[at].folded.as_str() {
        "mexico" => before == "new" || before == "of" && at > 1 && words[at - 2].folded == "gulf",
        "indian" | "china" | "japan" | "philippine" | "norwegian" => matches!(after, "ocean" | "sea"),
        "georgia" => {
            matches!(after, "gov" | "governor" | "senator" | "republican" | "democrat" | "republicans")
        }
        _ => false,
    }
}

fn look_up(joined: &str, first: &Word) -> Option<&'static Place> {
    // Short forms are capitals throughout: "US", "EU", "UN"; "Us" and "Un" are words.
    if joined.len() <= 3 && !first.shouting {
        return atlas().get(joined).filter(|_| {
            !matches!(
                joined,
                "us" | "un"
                    | "eu"
                    | "uk"
                    | "who"
                    | "uae"
                    | "usa"
                    | "wto"
                    | "imf"
                    | "drc"
                    | "prc"
                    | "rok"
                    | "cia"
                    | "fbi"
            )
        });
    }
    if joined == "who" && !first.shouting {
        return None;
    }
    if let Some(place) = atlas().get(joined) {
        return Some(place);
    }
    // "Americans", "the Malaysians"; "Philippines" has its own entry.
    let stem = joined.strip_suffix('s')?;
    atlas().get(stem).filter(|place| place.sense == Sense::Demonym)
}

/// Every place in a row of words, in order, without overlaps: index of its first word and what it is.
pub(crate) fn all(words: &[Word], range: std::ops::Range<usize>) -> Vec<(usize, Found)> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        match find(words, at).filter(|found| at + found.len <= range.end) {
            Some(place) => {
                found.push((at, place));
                at += place.len;
            }
            None => at += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::words;

    fn side(text: &str) -> Option<(String, Sense)> {
        let words = words::split(text, &[]);
        find(&words, 0).map(|found| (found.place.side.clone(), found.place.sense))
    }

    #[test]
    fn names_capitals_demonyms_and_metonyms() {
        let place = |side: &str| Some((side.to_owned(), Sense::Place));
        let demonym = |side: &str| Some((side.to_owned(), Sense::Demonym));
        assert_eq!(side("China"), place("China"));
        assert_eq!(side("South Korea's minister"), place("South Korea"));
        assert_eq!(side("Seoul"), place("South Korea"));
        assert_eq!(side("Kremlin"), Some(("Russia".to_owned(), Sense::Body)));
        assert_eq!(side("Brussels"), place("European Union"));
        assert_eq!(side("American"), demonym("United States"));
        assert_eq!(side("Americans"), demonym("United States"));
        assert_eq!(side("Nigerian"), demonym("Nigeria"));
        assert_eq!(side("French"), demonym("France"));
        assert_eq!(side("U.S."), place("United States"));
        assert_eq!(side("Us"), None);
        assert_eq!(side("Nobody"), None);
        assert_eq!(side("EU"), Some(("European Union".to_owned(), Sense::Body)));
    }
}
