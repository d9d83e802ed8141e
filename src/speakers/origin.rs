//! From which countries a person's name may come, as far as its letters tell: one of the things that speak for a
//! side where the text states none. Many people bear names from elsewhere, so that it is only weighed with the rest.
//!
//! A bag of hashed word and letter n-grams, embedded and scored for each country, as in fastText (Joulin et al.
//! 2016). Trained by models/train/names.py; card in models/names.

use std::collections::HashMap;
use std::sync::OnceLock;

use half::f16;
use safetensors::SafeTensors;
use unicode_normalization::UnicodeNormalization;

use super::words::fold;

/// Letters of the longest n-gram, boundaries counted.
const LONGEST: usize = 4;
/// Least and greatest [`Origin::of`]: by how much a name is strange to a country says little.
const LEAST: f32 = -1.5;
const MOST: f32 = 4.0;

/// The trained tables.
struct Tables {
    /// Rows of `width` numbers in f16, little endian.
    grams: &'static [u8],
    /// Rows of `width` numbers, one a country.
    countries: Vec<f32>,
    shift: Vec<f32>,
    width: usize,
    /// Country → its row.
    rows: HashMap<String, usize>,
}

fn tables() -> Option<&'static Tables> {
    static TABLES: OnceLock<Option<Tables>> = OnceLock::new();
    TABLES.get_or_init(|| read(include_bytes!("../../models/names/origins.safetensors"))).as_ref()
}

fn read(bytes: &'static [u8]) -> Option<Tables> {
    let (_, header) = SafeTensors::read_metadata(bytes).ok()?;
    let names: Vec<String> = serde_json::from_str(header.metadata().as_ref()?.get("countries")?).ok()?;
    let tensors = SafeTensors::deserialize(bytes).ok()?;
    let floats = |name: &str| -> Option<Vec<f32>> {
        let data = tensors.tensor(name).ok()?.data();
        Some(data.as_chunks().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect())
    };
    let grams = tensors.tensor("grams").ok()?;
    let width = *grams.shape().get(1)?;
    let rows = names.into_iter().enumerate().map(|(row, name)| (name, row)).collect();
    Some(Tables {
        grams: grams.data(),
        countries: floats("countries")?,
        shift: floats("shift")?,
        width,
        rows,
    })
}

/// What a name says of every country.
pub(super) struct Origin {
    /// ln of each country's probability times the number of countries; empty for a name without letters.
    scores: Vec<f32>,
}

impl Origin {
    /// Of a whole name or a family name, as it is written.
    pub(super) fn of_name(name: &str) -> Self {
        let scores = tables().and_then(|tables| tables.scores(name)).unwrap_or_default();
        Self { scores }
    }

    /// How much likelier than an unknown name this one comes from `country`: ln of the ratio, from -1.5 to 4; 0 for what
    /// is no country of the tables.
    pub(super) fn of(&self, country: &str) -> f32 {
        let row = tables().and_then(|tables| tables.rows.get(country));
        row.and_then(|&row| self.scores.get(row)).map_or(0.0, |score| score.clamp(LEAST, MOST))
    }
}

impl Tables {
    fn scores(&self, name: &str) -> Option<Vec<f32>> {
        let count = self.grams.len() / (2 * self.width);
        let mut sum = vec![0.0; self.width];
        let mut grams = 0;
        each_gram(name, |gram| {
            let first = usize::try_from(hash(gram) % count as u64).unwrap_or(0) * self.width;
            let row = &self.grams.as_chunks::<2>().0[first..first + self.width];
            for (total, &bytes) in sum.iter_mut().zip(row) {
                *total += f16::from_le_bytes(bytes).to_f32();
            }
            grams += 1;
        });
        if grams == 0 {
            return None;
        }
        let scale = 1.0 / (grams as f32).sqrt();
        let rows = self.countries.chunks_exact(self.width).zip(&self.shift);
        let mut scores: Vec<f32> = rows
            .map(|(row, shift)| shift + scale * row.iter().zip(&sum).map(|(a, b)| a * b).sum::<f32>())
            .collect();
        let total: f32 = scores.iter().map(|score| score.exp()).sum();
        let even = (total / scores.len() as f32).ln();
        scores.iter_mut().for_each(|score| *score -= even);
        Some(scores)
    }
}

/// Hands on the n-grams of a name: each word, first and last ones marked, two to four letters, letters beyond ASCII.
pub(super) fn each_gram(name: &str, mut found: impl FnMut(&str)) {
    let words: Vec<(&str, String)> =
        name.split(|c: char| c.is_whitespace() || c == '-').map(|word| (word, fold(word))).collect();
    let words: Vec<_> =
        words.into_iter().filter(|(_, folded)| folded.contains(char::is_alphanumeric)).collect();
    for (n, (word, folded)) in words.iter().enumerate() {
        let plain = format!("<{folded}>");
        found(&plain);
        if 1 < words.len() && n == 0 {
            found(&format!("1{plain}"));
        } else if 1 < words.len() && n + 1 == words.len() {
            found(&format!("9{plain}"));
        }
        let ends: Vec<usize> = plain.char_indices().map(|(at, _)| at).chain([plain.len()]).collect();
        for size in 2..=LONGEST.min(ends.len().saturating_sub(2)) {
            for edge in ends.windows(size + 1) {
                found(&plain[edge[0]..edge[size]]);
            }
        }
        for letter in word.to_lowercase().nfc().filter(|letter| !letter.is_ascii()) {
            found(&format!("^{letter}"));
        }
    }
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo).
pub(super) fn hash(gram: &str) -> u64 {
    gram.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |value, byte| (value ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_the_trainer_computes_it() {
        let reference = include_str!("../../models/names/reference.json");
        let reference: Vec<(String, String, f32)> = serde_json::from_str(reference).unwrap();
        let tables = tables().unwrap();
        for (name, country, log) in reference {
            let scores = tables.scores(&name).unwrap();
            let ours = scores[tables.rows[&country]] - (scores.len() as f32).ln();
            assert!((ours - log).abs() < 0.02, "{name}: {ours}, not {log}");
        }
    }

    #[test]
    fn every_country_is_a_side_of_the_atlas() {
        for country in tables().unwrap().rows.keys() {
            let words = crate::speakers::words::split(country, &[]);
            let found = crate::speakers::countries::find(&words, 0).map(|found| found.place.side.as_str());
            assert_eq!(found, Some(country.as_str()));
        }
    }

    #[test]
    fn names_speak_for_their_countries() {
        let beats = |name: &str, right: &str, wrong: &str| {
            let origin = Origin::of_name(name);
            assert!(origin.of(wrong) < origin.of(right), "{name}: {right}, not {wrong}");
        };
        beats("Wu Changming", "China", "United States");
        beats("Robert Holloway", "United States", "China");
        beats("Mehmet Aydoğan", "Turkey", "Greece");
        beats("Panagiotis Kyriakou", "Greece", "Turkey");
        assert_eq!(Origin::of_name("Wu Changming").of("NATO"), 0.0);
        assert_eq!(Origin::of_name("—").of("China"), 0.0);
    }

    proptest! {
        #[test]
        fn any_name_has_an_origin_within_bounds(name in ".{0,40}") {
            let score = Origin::of_name(&name).of("France");
            prop_assert!((LEAST..=MOST).contains(&score));
        }
    }
}
