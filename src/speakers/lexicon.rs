//! The word lists under `models/lexicon`, read once.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::words::fold;

/// What a first name, a form of address or a pronoun tells of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gender {
    /// She.
    Female,
    /// He.
    Male,
}

/// The entries of a lexicon file: lines without comments and blanks.
pub(crate) fn entries(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

struct Roles {
    /// Noun → nouns that stand for the same office.
    synonyms: HashMap<String, Vec<String>>,
    anonymous: HashSet<String>,
}

fn roles() -> &'static Roles {
    static ROLES: OnceLock<Roles> = OnceLock::new();
    ROLES.get_or_init(|| {
        let mut roles = Roles { synonyms: HashMap::new(), anonymous: HashSet::new() };
        for line in entries(include_str!("../../models/lexicon/roles.txt")) {
            let (noun, same) = line.split_once('=').unwrap_or((line, ""));
            let noun = noun.trim();
            let key = fold(noun.trim_start_matches('-'));
            if noun.starts_with('-') {
                roles.anonymous.insert(key.clone());
            }
            let synonyms = same.split(',').map(|word| fold(word.trim())).filter(|word| !word.is_empty());
            roles.synonyms.entry(key).or_default().extend(synonyms);
        }
        roles
    })
}

/// Whether `noun` (folded, singular) says what a person is: "ambassador", not "table".
pub(crate) fn is_role(noun: &str) -> bool {
    roles().synonyms.contains_key(noun) || compound(noun).is_some()
}

/// The office in a compound: "vice-minister" → "minister", "historian-turned-senator" → "senator", "president-elect" →
/// "president"; nothing for "commander-in-chief".
pub(crate) fn compound(noun: &str) -> Option<&str> {
    let (first, last) = noun.rsplit_once('-')?;
    let office = if matches!(last, "elect" | "designate" | "nominee") { first } else { last };
    roles().synonyms.contains_key(office).then_some(office)
}

/// The role noun of which `noun` is the plural, if any: "officials" → "official".
pub(crate) fn singular_role(noun: &str) -> Option<&str> {
    singular(noun, is_role)
}

/// Nouns that can stand for the same office, `noun` itself not among them.
pub(crate) fn role_synonyms(noun: &str) -> &'static [String] {
    roles().synonyms.get(noun).map_or(&[], Vec::as_slice)
}

/// Whether a person called so stays without a name: "official", "source".
pub(crate) fn is_anonymous(noun: &str) -> bool {
    roles().anonymous.contains(noun)
}

fn singular(noun: &str, known: impl Fn(&str) -> bool) -> Option<&str> {
    let stem = noun.strip_suffix('s')?;
    if known(stem) {
        return Some(stem);
    }
    stem.strip_suffix('e').filter(|stem| known(stem))
}

macro_rules! set {
    ($(#[$doc:meta])* $name:ident, $file:literal) => {
        $(#[$doc])*
        pub(crate) fn $name(word: &str) -> bool {
            static SET: OnceLock<HashSet<String>> = OnceLock::new();
            SET.get_or_init(|| {
                entries(include_str!(concat!("../../models/lexicon/", $file)))
                    .map(|line| fold(line.trim_start_matches('-')))
                    .collect()
            })
            .contains(word)
        }
    };
}

set! {
    /// Whether `word` can stand inside a title before its head: "foreign", "deputy".
    is_modifier, "modifiers.txt"
}
set! {
    /// Whether `word` is capitalised only because of its place: "However", "Monday".
    is_function, "function-words.txt"
}
set! {
    /// Whether `word` is a finite form of a verb that reports a statement: "said", "insists".
    is_reporting_verb, "reporting-verbs.txt"
}
set! {
    /// Whether `word` is a noun for one person that is neither a role nor told by its ending: "widow", "suspect".
    is_person_noun, "person-nouns.txt"
}
set! {
    /// Whether `word` heads the name of a body or of a paper that speaks for it: "ministry", "statement".
    is_body, "organisations.txt"
}

set! {
    /// Whether `word` ends the name of a company that may go by the words before it: "Nordvik |Tankers|".
    is_company, "companies.txt"
}

/// Whether `word` is a paper or message that speaks for its author: "statement", "letter".
pub(crate) fn is_paper(word: &str) -> bool {
    static SET: OnceLock<HashSet<String>> = OnceLock::new();
    SET.get_or_init(|| {
        entries(include_str!("../../models/lexicon/organisations.txt"))
            .filter_map(|line| line.strip_prefix('-').map(fold))
            .collect()
    })
    .contains(word)
}

fn honorifics() -> &'static HashMap<String, Option<Gender>> {
    static MAP: OnceLock<HashMap<String, Option<Gender>>> = OnceLock::new();
    MAP.get_or_init(|| {
        entries(include_str!("../../models/lexicon/honorifics.txt"))
            .map(|line| match line.split_once(' ') {
                Some((word, "f")) => (fold(word), Some(Gender::Female)),
                Some((word, _)) => (fold(word), Some(Gender::Male)),
                None => (fold(line), None),
            })
            .collect()
    })
}

/// Whether `word` is a form of address before a name: "mr", "gen".
pub(crate) fn is_honorific(word: &str) -> bool {
    honorifics().contains_key(word)
}

/// The office or rank that a form of address abbreviates: "Gen." → "general".
pub(crate) fn rank(word: &str) -> Option<&'static str> {
    Some(match word {
        "gen" | "gens" => "general",
        "adm" => "admiral",
        "col" | "lt" => "colonel",
        "maj" => "major",
        "capt" => "captain",
        "cmdr" => "commander",
        "brig" => "brigadier",
        "sen" => "senator",
        "rep" => "representative",
        "gov" => "governor",
        "amb" => "ambassador",
        "pres" => "president",
        _ => return None,
    })
}

/// What a form of address or a trade tells: "mrs" and "spokeswoman" are female, "dr" tells nothing.
pub(crate) fn title_gender(word: &str) -> Option<Gender> {
    honorifics().get(word).copied().flatten()
}

/// Whether a full stop after `word` is its own and ends no sentence: "Gen", "Jr".
pub(crate) fn abbreviated(word: &str) -> bool {
    const SHORT: [&str; 36] = [
        "Mr", "Mrs", "Ms", "Dr", "Prof", "Rev", "Gen", "Lt", "Col", "Maj", "Capt", "Cmdr", "Adm", "Sgt",
        "Brig", "Sen", "Rep", "Gov", "Amb", "Md", "Jr", "Sr", "St", "Fr", "Hon", "Msgr", "Ven", "Hj", "Br",
        "Supt", "Insp", "Assoc", "Ts", "Corp", "Inc", "Ltd",
    ];
    SHORT.contains(&word)
}

/// Lower-case words that are part of a surname: "van", "bin", "dela".
pub(crate) fn is_particle(word: &str) -> bool {
    const PARTICLES: [&str; 33] = [
        "van", "von", "der", "den", "de", "da", "del", "dela", "della", "di", "du", "dos", "das", "bin",
        "ibn", "bint", "al", "el", "la", "le", "ter", "ten", "zu", "ould", "abu", "arap", "uulu", "kyzy",
        "oglu", "ogly", "ben", "ni", "nic",
    ];
    PARTICLES.contains(&word)
}

/// The gender of nearly all who bear this given name, if the lists know it and agree.
pub(crate) fn given_name_gender(name: &str) -> Option<Gender> {
    macro_rules! listed {
        ($file:literal) => {{
            static LIST: OnceLock<Vec<&str>> = OnceLock::new();
            let read = || entries(include_str!(concat!("../../models/lexicon/", $file))).collect();
            LIST.get_or_init(read).binary_search(&name).is_ok()
        }};
    }
    let woman = listed!("given-names-women.txt") || listed!("given-names-world-women.txt");
    let man = listed!("given-names-men.txt") || listed!("given-names-world-men.txt");
    match (woman, man) {
        (true, false) => Some(Gender::Female),
        (false, true) => Some(Gender::Male),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        assert!(is_role("ambassador") && !is_role("table"));
        assert_eq!(singular_role("officials"), Some("official"));
        assert!(is_anonymous("official") && !is_anonymous("minister"));
        assert!(
            is_paper("statement") && is_body("statement") && is_body("ministry") && !is_paper("ministry")
        );
        assert_eq!(given_name_gender("margaret"), Some(Gender::Female));
        assert_eq!(given_name_gender("boris"), Some(Gender::Male));
        assert_eq!(given_name_gender("ministry"), None);
        assert_eq!(title_gender("spokeswoman"), Some(Gender::Female));
    }
}
