//! Countries, capitals, demonyms and bodies above states, and the side each stands for.
//!
//! Names and demonyms come from the crate `keshvar` (ISO 3166 with unofficial names), capitals and English
//! short names from GeoNames (`models/lexicon/capitals.txt`), the rest from `models/lexicon/places.txt`.

use std::collections::{HashMap, HashSet};
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
    /// "Mashhad": tells of a country and does not speak for it.
    City,
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

/// Whether a side belongs to another state that speaks for it abroad: Guam, Gibraltar; not Taiwan or Kosovo, which ISO 3166
/// lists and the United Nations do not, but have ministers of their own for that.
pub(super) fn is_territory(side: &str) -> bool {
    static TERRITORIES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let territories = TERRITORIES.get_or_init(|| {
        let own = ["TW", "XK", "PS", "VA", "EH"];
        let dependent: HashSet<String> = keshvar::CountryIterator::new()
            .filter(|country| !country.un_member())
            .map(|country| country.alpha2().to_string())
            .filter(|code| !own.contains(&code.as_str()))
            .collect();
        let cells = |line: &'static str| line.split_once('|').filter(|(code, _)| dependent.contains(*code));
        let names = entries(include_str!("../../models/lexicon/capitals.txt")).filter_map(cells);
        names.filter_map(|(_, rest)| rest.split('|').next()).collect()
    });
    territories.contains(side)
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

fn cities() -> &'static HashMap<&'static str, Place> {
    static CITIES: OnceLock<HashMap<&'static str, Place>> = OnceLock::new();
    CITIES.get_or_init(|| {
        let capitals = entries(include_str!("../../models/lexicon/capitals.txt"));
        let cells = capitals.filter_map(|line| line.split_once('|'));
        let short: HashMap<&str, &str> =
            cells.map(|(code, rest)| (code, rest.split('|').next().unwrap_or_default())).collect();
        let mut cities = HashMap::new();
        for line in entries(include_str!("../../models/lexicon/cities.txt")) {
            let Some((code, names)) = line.split_once('|') else { continue };
            let Some(country) = short.get(code) else { continue };
            let country = country.strip_prefix("The ").unwrap_or(country);
            cities.extend(names.split(", ").map(|name| (name, place(country, Sense::City))));
        }
        cities
    })
}

/// The city whose name starts at word `at` and is no part of a longer name in capitals: "Port |Sandakan".
pub(super) fn city(words: &[Word], at: usize) -> Option<Found> {
    const LONGEST: usize = 3;
    let first = words.get(at).filter(|word| word.capital)?;
    let joined = |at: usize| words[at].gap == Gap::Space && !words[at - 1].possessive;
    let mut name = first.folded.clone();
    let mut best = None;
    for n in 1..=LONGEST {
        if let Some(place) = cities().get(name.as_str()) {
            best = Some(Found { len: n, place });
        }
        match words.get(at + n).filter(|_| joined(at + n)) {
            Some(next) => {
                name.push(' ');
                name.push_str(&next.folded);
            }
            None => break,
        }
    }
    best.filter(|_| at == 0 || !joined(at) || !words[at - 1].capital)
}

/// Whether a name is that of a city.
pub(super) fn is_city(name: &str) -> bool {
    cities().contains_key(fold(name).as_str())
}

/// Whether the word belongs to the name of a sea or a state of a federation: "New |Mexico", "|Indian Ocean".
fn is_part(words: &[Word], at: usize) -> bool {
    let joined = |at: usize| words.get(at).filter(|word| word.gap == Gap::Space && word.capital);
    let before = joined(at).and(at.checked_sub(1)).map_or("", |before| words[before].folded.as_str());
    let after = joined(at + 1).map_or("", |word| word.folded.as_str());
    match words[at].folded.as_str() {
        "mexico" => before == "new" || before == "of" && at > 1 && words[at - 2].folded == "gulf",
        "indian" | "china" | "japan" | "philippine" | "norwegian" => matches!(after, "ocean" | "sea"),
        // "the Workers' |Congress|"
        "congress" => {
            joined(at).is_some_and(|_| at > 0 && words[at - 1].capital && !words[at - 1].is_function())
                && !matches!(before, "republican" | "democratic" | "us" | "american")
        }
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
    fn cities_tell_of_their_country() {
        let side = |text: &str, at: usize| {
            city(&words::split(text, &[]), at).map(|found| (found.place.side.as_str(), found.len))
        };
        assert_eq!(side("in Mashhad on Monday", 1), Some(("Iran", 1)));
        assert_eq!(side("Kota Kinabalu police", 0), Some(("Malaysia", 2)));
        assert_eq!(side("Ana Mashhad", 1), None, "part of a name");
        assert_eq!(side("Split", 0), None, "a word");
        assert_eq!(side("Houston", 0), None);
    }

    #[test]
    fn territories() {
        assert!(["Guam", "Gibraltar", "Falkland Islands"].into_iter().all(is_territory));
        assert!(!["France", "Taiwan", "Kosovo", "Vatican", ""].into_iter().any(is_territory));
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
        let congress = words::split("the Renewal Congress and Congress", &[]);
        assert!(find(&congress, 2).is_none() && find(&congress, 4).is_some());
        assert_eq!(side("Us"), None);
        assert_eq!(side("Nobody"), None);
        assert_eq!(side("EU"), Some(("European Union".to_owned(), Sense::Body)));
    }
}
