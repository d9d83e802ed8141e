//! Whether a person's name is rather a man's or a woman's, as far as its letters tell: for names of which no list tells it, so that
//! "she" finds the right one of two strangers. What the text says (titles, pronouns) always outweighs it.
//!
//! A bag of the n-grams of [`super::origin`], each marked by the place of its word, with one number each. Trained by models/train/names.py; card in
//! models/names.

use std::sync::OnceLock;

use half::f16;
use safetensors::SafeTensors;

use super::lexicon::Gender;
use super::origin::{each_gram, hash};

/// Log-odds from which a name tells a gender: 98 in 100 of the names kept out of training are then told right.
const SURE: f32 = 1.0;

/// The weight of each hashed n-gram, in f16, little endian.
fn grams() -> Option<&'static [[u8; 2]]> {
    static GRAMS: OnceLock<Option<&'static [u8]>> = OnceLock::new();
    let read = || {
        let tensors =
            SafeTensors::deserialize(include_bytes!("../../models/names/genders.safetensors")).ok()?;
        Some(tensors.tensor("grams").ok()?.data())
    };
    Some(GRAMS.get_or_init(read).as_ref()?.as_chunks().0)
}

/// Log-odds that a whole name, as it is written, is a man's; 0 for one that tells nothing.
pub(super) fn log_odds(name: &str) -> f32 {
    let Some(weights) = grams().filter(|weights| !weights.is_empty()) else { return 0.0 };
    let (mut sum, mut count) = (0.0, 0);
    let words: Vec<&str> = name.split_whitespace().collect();
    for (n, word) in words.iter().enumerate() {
        let place = match n {
            _ if words.len() == 1 => "",
            0 => "1",
            _ if n + 1 == words.len() => "9",
            _ => "5",
        };
        each_gram(word, |gram| {
            let at = hash(&format!("{place}{gram}")) % weights.len() as u64;
            sum += f16::from_le_bytes(weights[usize::try_from(at).unwrap_or(0)]).to_f32();
            count += 1;
        });
    }
    if count == 0 { 0.0 } else { sum / (count as f32).sqrt() }
}

/// The gender that a whole name tells, if it does.
pub(super) fn told(name: &str) -> Option<Gender> {
    let odds = log_odds(name);
    (SURE <= odds.abs()).then_some(if odds < 0.0 { Gender::Female } else { Gender::Male })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_the_trainer_computes_it() {
        let reference = include_str!("../../models/names/gender-reference.json");
        let reference: Vec<(String, f32)> = serde_json::from_str(reference).unwrap();
        for (name, odds) in reference {
            assert!((log_odds(&name) - odds).abs() < 0.02, "{name}: {}, not {odds}", log_odds(&name));
        }
    }

    #[test]
    fn names_that_no_list_has() {
        assert_eq!(told("Honorinda da Cruz"), Some(Gender::Female));
        assert_eq!(told("Evaristino Landaeta"), Some(Gender::Male));
        assert_eq!(told("—"), None);
    }

    proptest! {
        #[test]
        fn any_name_has_finite_odds(name in ".{0,40}") {
            prop_assert!(log_odds(&name).is_finite());
        }
    }
}
