//! Identity: what of a speaker can be found again in another document.

use crate::speakers::SpeakerType;
use crate::speakers::countries::{self, Sense};
use crate::speakers::lexicon;
use crate::speakers::names::{self, Name};
use crate::speakers::side;
use crate::speakers::words::{self, Word};

/// What a speaker can be recognised by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Identity {
    /// A person by full name.
    FullName(FullName),
    /// A person by one part of a name, which alone says nothing: "Naseem".
    ShortName(String),
    /// A country, under whatever name: "Beijing" is China. One that no source knows in small letters.
    Country(String),
    /// A body by the words of its name, its country first: "china foreign ministry".
    Body(String),
    /// Nothing: "a senior official", "the embassy", "U.S. officials".
    Nobody,
}

/// A person's full name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FullName {
    /// Its parts.
    pub(crate) name: Name,
    /// Its parts, hyphens undone, sorted: the same in either order.
    pub(crate) key: String,
    /// "jr", "iii", or empty.
    pub(crate) suffix: String,
}

impl Identity {
    /// The identity of a speaker with this name, type and stated side (or empty).
    pub(crate) fn of(name: &str, kind: SpeakerType, stated: &str) -> Self {
        let words = words::split(name, &[]);
        match kind {
            SpeakerType::Person => person(&words),
            SpeakerType::Country => {
                Self::Country(place(&words).map_or_else(|| words::fold(name), str::to_owned))
            }
            SpeakerType::Organisation => body(&words, stated).map_or(Self::Nobody, Self::Body),
            SpeakerType::Group | SpeakerType::Unnamed | SpeakerType::None => Self::Nobody,
        }
    }

    /// Whether it says nothing outside its document.
    pub(crate) fn is_local(&self) -> bool {
        matches!(self, Self::ShortName(_) | Self::Nobody)
    }
}

fn person(words: &[Word]) -> Identity {
    let name = Name::parse(words);
    let suffix = words.last().map(|word| word.folded.as_str()).filter(|part| names::is_suffix(part));
    match name.parts().last() {
        None => Identity::Nobody,
        Some(part) if name.weight() < 2 => Identity::ShortName(part.clone()),
        Some(_) => {
            let key = name_key(&name);
            let suffix = suffix.unwrap_or_default().to_owned();
            Identity::FullName(FullName { name, key, suffix })
        }
    }
}

/// "Tae-seop Kim" and "Kim Tae-seop", "Layla al-Sabbagh" and "Layla Sabbagh" have the same.
pub(crate) fn name_key(name: &Name) -> String {
    let parts = name.parts().iter().flat_map(|part| part.split('-'));
    let mut parts: Vec<&str> = parts.filter(|part| !matches!(*part, "al" | "el" | "")).collect();
    parts.sort_unstable();
    parts.join(" ")
}

/// The key of a person's full name, if `name` can be one.
pub(crate) fn key_of(name: &str) -> Option<String> {
    match person(&words::split(name, &[])) {
        Identity::FullName(full) => Some(full.key),
        _ => None,
    }
}

/// The country or body above states that all these words name; not "the Kremlin", which is neither.
fn place(words: &[Word]) -> Option<&'static str> {
    let start = usize::from(words.first().is_some_and(|word| word.folded == "the"));
    let found = countries::find(words, start)?;
    let side = found.place.side.as_str();
    let whole = found.len == words.len() - start;
    (whole && (found.place.sense != Sense::Body || !is_country(side))).then_some(side)
}

/// Whether `side` is a country, and not a body or party: only countries exclude each other.
pub(crate) fn is_country(side: &str) -> bool {
    let words = words::split(side, &[]);
    countries::find(&words, 0)
        .is_some_and(|found| found.len == words.len() && found.place.sense == Sense::Place)
}

/// The words of a body's name with its country in front, whichever way the text puts it: "Chinese Foreign
/// Ministry", "China's Foreign Ministry" and "Foreign Ministry" for China are one. Not "the embassy" or
/// "Commerce Ministry", whose country nobody states.
fn body(words: &[Word], stated: &str) -> Option<String> {
    if let Some(place) = place(words) {
        return Some(words::fold(place));
    }
    let mut places = countries::all(words, 0..words.len());
    // "White House" speaks for a country and is none.
    places.retain(|(_, found)| found.place.sense != Sense::Body);
    let public = side::is_public(words);
    let small = words.iter().all(|word| !word.capital);
    let first = places.first().filter(|(at, _)| words[..*at].iter().all(|word| word.folded == "the"));
    let country = match first {
        Some((_, found)) => found.place.side.as_str(),
        None if (public || small) && is_country(stated) => stated,
        None => "",
    };
    if country.is_empty() && (public || small) && places.is_empty() {
        return None;
    }
    let led = first.map_or(0, |(at, found)| at + found.len);
    let rest = words[led..].iter().map(|word| word.folded.as_str());
    let rest = rest.skip_while(|word| *word == "the");
    let key = std::iter::once(country).filter(|country| !country.is_empty()).map(words::fold);
    Some(key.chain(rest.map(str::to_owned)).collect::<Vec<_>>().join(" "))
}

/// A role without country and article, to compare: "Chinese Ambassador to the U.S." → "ambassador".
pub(crate) fn role_core(role: &str) -> String {
    let words = words::split(role, &[]);
    let mut core: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        // "Secretary of State" stands for the United States and is a role all the same.
        let office = |len: usize| words[at..at + len].iter().any(|word| lexicon::is_role(&word.folded));
        match countries::find(&words, at).filter(|found| !office(found.len)) {
            Some(found) => at += found.len,
            None => {
                core.push(&words[at].folded);
                at += 1;
            }
        }
    }
    let hangs =
        |word: &&str| matches!(*word, "the" | "a" | "an" | "to" | "of" | "in" | "at" | "for" | "from");
    while core.last().is_some_and(hangs) {
        core.pop();
    }
    let start = core.iter().take_while(|word| hangs(word)).count();
    core[start..].join(" ")
}

/// A name as its sound and spelling leave it: double letters, "h", and which vowel it is go, so that "Antony"
/// and "Anthony", "Sergei" and "Sergey" are the same. Only a key to find candidates by.
pub(crate) fn skeleton(name: &Name) -> String {
    let mut parts: Vec<String> = name.parts().iter().map(|part| bones(part)).collect();
    parts.sort_unstable();
    parts.join(" ")
}

fn bones(part: &str) -> String {
    let mut bones = String::with_capacity(part.len());
    for letter in part.replace("ph", "f").chars() {
        let bone = match letter {
            'h' | '-' | '\'' => continue,
            'e' | 'i' | 'o' | 'u' | 'y' => 'a',
            'c' | 'q' => 'k',
            'z' => 's',
            'w' => 'v',
            other => other,
        };
        if !bones.ends_with(bone) {
            bones.push(bone);
        }
    }
    bones
}

/// Whether all parts are given names, so that the order tells who it is: "Hassan Ali", "Ali Hassan".
pub(crate) fn is_all_given(name: &Name) -> bool {
    name.parts().iter().all(|part| lexicon::given_name_gender(part).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> String {
        key_of(name).unwrap_or_default()
    }

    fn body_of(name: &str, stated: &str) -> Identity {
        Identity::of(name, SpeakerType::Organisation, stated)
    }

    #[test]
    fn forms_of_one_full_name() {
        assert_eq!(key("Kenji Morisawa"), key("Morisawa Kenji"));
        assert_eq!(key("Kim Tae-seop"), key("Tae Seop Kim"));
        assert_eq!(key("José Peña Jr."), key("Jose Pena"));
        assert_eq!(key("Layla al-Sabbagh"), key("Layla Sabbagh"));
        assert_ne!(key("Ana Ruiz"), key("Eva Ruiz"));
        assert_eq!(key("Ruiz"), "");
    }

    #[test]
    fn bodies_by_country_and_name() {
        assert_eq!(
            body_of("Chinese Foreign Ministry", "China"),
            body_of("China’s foreign ministry", "China")
        );
        assert_eq!(
            body_of("U.S. State Department", "United States"),
            body_of("State Department", "United States")
        );
        assert_eq!(body_of("China Daily", "China"), Identity::Body("china daily".into()));
        assert_eq!(body_of("Reuters", ""), Identity::Body("reuters".into()));
        assert_ne!(body_of("Chinese embassy", "China"), body_of("Peruvian embassy", "Peru"));
        for nobody in ["Commerce Ministry", "army", "embassy", "council"] {
            assert_eq!(body_of(nobody, ""), Identity::Nobody, "{nobody}");
        }
    }

    #[test]
    fn countries_under_any_name() {
        let country = |name: &str| Identity::of(name, SpeakerType::Country, "");
        assert_eq!(country("Beijing"), country("China"));
        assert_eq!(country("US"), country("Washington"));
        assert_ne!(country("North Korea"), country("South Korea"));
    }

    #[test]
    fn roles_without_their_country() {
        assert_eq!(role_core("Chinese Ambassador to the U.S."), "ambassador");
        assert_eq!(role_core("US Secretary of State"), "secretary of state");
        assert_eq!(role_core("Secretary of State"), "secretary of state");
        assert_ne!(role_core("Defence Minister"), role_core("Foreign Minister"));
    }

    #[test]
    fn spellings() {
        let bones_of = |name: &str| skeleton(&Name::parse(&words::split(name, &[])));
        assert_eq!(bones_of("Antony Hale"), bones_of("Anthony Hale"));
        assert_eq!(bones_of("Sergei Orlov"), bones_of("Sergey Orlov"));
        assert_ne!(bones_of("Maria Silva"), bones_of("Marta Silva"));
    }
}
