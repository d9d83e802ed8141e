//! Which country a document joins with which office.

use std::collections::HashMap;

use super::countries;
use super::lexicon;
use super::side::is_office;
use super::words::{Gap, Word};

/// Which sides a document joins with a portfolio or an office: "China's foreign ministry" → foreign: China.
#[derive(Debug, Default)]
pub(crate) struct Homes {
    sides: HashMap<String, Vec<String>>,
}

impl Homes {
    /// Reads the places that stand before a portfolio, an office or a body.
    pub(crate) fn gather(words: &[Word]) -> Self {
        let mut homes = Self::default();
        for (start, found) in countries::all(words, 0..words.len()) {
            let behind = words[start + found.len..].iter().take(5).take_while(|word| {
                word.gap == Gap::Space
                    && (lexicon::is_modifier(&word.folded)
                        || is_office(&word.folded)
                        || lexicon::is_body(&word.folded))
            });
            for key in behind.filter_map(|word| key(&word.folded)) {
                homes.join(key, &found.place.side);
            }
            // "the foreign ministry of Laos", "President Wen of Laos"
            let link = start.checked_sub(1).filter(|_| words[start].gap == Gap::Space);
            let Some(link) = link.filter(|&link| words[link].folded == "of" && words[link].gap == Gap::Space)
            else {
                continue;
            };
            for word in words[link.saturating_sub(4)..link].iter().rev() {
                if let Some(key) = key(&word.folded) {
                    homes.join(key, &found.place.side);
                }
                if word.gap != Gap::Space {
                    break;
                }
            }
        }
        homes
    }

    fn join(&mut self, key: &str, side: &str) {
        let sides = self.sides.entry(key.to_owned()).or_default();
        if !sides.iter().any(|known| known == side) && sides.len() < 8 {
            sides.push(side.to_owned());
        }
    }

    /// The sides that the document joins with the portfolios and offices of a title, with the share of each, and
    /// whether it is a portfolio.
    pub(super) fn shares(&self, title: &[Word]) -> Vec<(&str, f32, bool)> {
        let mut shares = Vec::new();
        for key in title.iter().filter_map(|word| key(&word.folded)) {
            let portfolio = !(is_office(key) || lexicon::is_body(key));
            for side in self.sides.get(key).into_iter().flatten() {
                shares.push((side.as_str(), 1.0 / self.sides[key].len() as f32, portfolio));
            }
        }
        shares
    }

    /// The only side that the document joins with the portfolio of this title or body, else with its office.
    pub(super) fn of(&self, words: &[Word]) -> Option<String> {
        let keys: Vec<&str> = words.iter().filter_map(|word| key(&word.folded)).collect();
        let (offices, portfolios): (Vec<&str>, Vec<&str>) =
            keys.into_iter().partition(|key| is_office(key) || lexicon::is_body(key));
        [portfolios, offices].iter().flatten().find_map(|key| match self.sides.get(*key).map(Vec::as_slice) {
            Some([only]) => Some(only.clone()),
            _ => None,
        })
    }
}

/// What of a title tells whose it is: its portfolio, its office.
fn key(word: &str) -> Option<&str> {
    let rank = matches!(
        word,
        "former"
            | "ex"
            | "then"
            | "late"
            | "retired"
            | "outgoing"
            | "incoming"
            | "new"
            | "senior"
            | "top"
            | "leading"
            | "chief"
            | "acting"
            | "interim"
            | "caretaker"
            | "deputy"
            | "vice"
            | "special"
            | "state"
            | "first"
            | "high"
            | "general"
            | "permanent"
            | "ministry"
            | "minister"
            | "department"
            | "office"
            | "government"
            | "council"
            | "embassy"
            | "group"
    );
    if matches!(word, "embassy" | "consulate" | "envoy") {
        return Some("ambassador");
    }
    let telling = !rank && (lexicon::is_modifier(word) || is_office(word));
    telling.then_some(word)
}
