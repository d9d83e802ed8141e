//! A person of the document: forms of the name, titles, gender, side.

use std::ops::Range;

use super::lexicon::{self, Gender};
use super::names::{Fit, Name};
use super::scan::Naming;
use super::words::{Gap, Word};

/// How many figures of one name part, and namings of one title, are looked at.
pub(super) const LOOK_BACK: usize = 48;
/// How many forms of one name are kept.
pub(super) const FORMS: usize = 12;

/// What the text calls a person at one place.
#[derive(Debug, Clone)]
pub(crate) struct Title {
    /// Indices of its words.
    pub(crate) words: Range<usize>,
    /// Its role nouns, folded, singular.
    pub(crate) heads: Vec<String>,
}

/// A person of the document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figure {
    /// Forms of the name: indices of the words, parts, how often.
    pub(super) forms: Vec<(Range<usize>, Name, usize)>,
    /// Titles and appositions in the order of the text.
    pub(crate) titles: Vec<Title>,
    /// Indices of the words that open its namings, ascending.
    pub(crate) seen: Vec<usize>,
    /// Ages the text gives.
    pub(crate) ages: Vec<usize>,
    /// Namings with evidence beside capitals.
    pub(crate) evidence: usize,
    /// Votes for female and male.
    votes: [usize; 2],
    /// The gender that the letters of the name tell: for where there is no vote.
    pub(super) spelt: Option<Gender>,
    /// Country or body spoken for as the titles give it, or empty.
    pub(crate) stated: String,
    /// The same, or a guess for an office without a country.
    pub(crate) side: String,
}

impl Figure {
    /// The fullest form of the name: most parts, not in capitals throughout, then the most frequent.
    ///
    /// A longer form that only adds words at an end counts only if it is not much rarer: "Condemn Ana Ruiz",
    /// once, does not beat "Ana Ruiz", but "Hadi al-Ruiz Lind" does "al-Ruiz Lind".
    pub(crate) fn fullest(&self, words: &[Word]) -> Option<Range<usize>> {
        let rank = |form: &&(Range<usize>, Name, usize)| {
            let shouted = form.0.clone().all(|at| words[at].shouting);
            let doubtful = self.forms.iter().take(LOOK_BACK).any(|other| {
                let longer = 1 < other.1.weight() && form.1.extends(&other.1) && form.2 * 2 <= other.2;
                longer && !form.1.adds_given_name(&other.1)
            });
            (
                form.1.weight().min(2),
                !shouted,
                !doubtful,
                form.1.parts().len(),
                form.2,
                std::cmp::Reverse(form.0.start),
            )
        };
        self.forms.iter().max_by_key(rank).map(|form| form.0.clone())
    }

    /// Female or male, if the text says so, the given name is known, or else the letters of the name tell.
    pub(super) fn likely_gender(&self) -> Option<Gender> {
        self.gender().or(self.spelt.filter(|_| self.votes == [0, 0]))
    }

    /// Female or male, if the text says so or the given name is known.
    pub(crate) fn gender(&self) -> Option<Gender> {
        let [female, male] = self.votes;
        if female == male {
            return None;
        }
        Some(if male < female { Gender::Female } else { Gender::Male })
    }

    /// How sure the gender is, from 0 (a tie) to 1 (a form of address, several pronouns).
    pub(super) fn sureness(&self) -> f32 {
        let [female, male] = self.votes;
        female.abs_diff(male).min(6) as f32 / 6.0
    }

    pub(super) fn vote(&mut self, gender: Option<Gender>, weight: usize) {
        match gender {
            Some(Gender::Female) => self.votes[0] += weight,
            Some(Gender::Male) => self.votes[1] += weight,
            None => {}
        }
    }

    pub(super) fn best_fit(&self, name: &Name) -> Option<Fit> {
        self.forms.iter().take(FORMS).filter_map(|form| name.fit(&form.1)).max()
    }

    pub(super) fn add(&mut self, words: &[Word], naming: &Naming, name: Name) {
        for title in &naming.titles {
            if self.titles.len() < LOOK_BACK {
                self.titles.push(Title { words: title.clone(), heads: heads(words, title.clone()) });
            }
        }
        self.seen.push(naming.name.start);
        self.ages.extend(naming.age);
        self.evidence += usize::from(naming.strong);
        let known = self.forms.iter().position(|form| form.1 == name && form.0.len() == naming.name.len());
        match known {
            Some(at) => self.forms[at].2 += 1,
            None if self.forms.len() < FORMS => self.forms.push((naming.name.clone(), name, 1)),
            None => {}
        }
    }
}

/// The role nouns of a title, folded and singular.
pub(crate) fn heads(words: &[Word], title: Range<usize>) -> Vec<String> {
    // "an engineer in charge of …, no relation to the general": the head stands before the first complement.
    let mut roles: Vec<String> = Vec::new();
    for word in &words[title] {
        let links = matches!(word.folded.as_str(), "of" | "to" | "for" | "in" | "who" | "at" | "from" | "on");
        if links && !roles.is_empty() {
            break;
        }
        // "the general's lawyer" is no general.
        let rank = lexicon::rank(&word.folded).filter(|_| word.capital);
        if let Some(role) = rank.or_else(|| lexicon::compound(&word.folded)) {
            roles.push(role.to_owned());
        } else if lexicon::is_role(&word.folded) && !word.possessive {
            roles.push(word.folded.clone());
        }
    }
    roles
}

/// What the form of address right before a name tells.
pub(super) fn address(words: &[Word], name: usize) -> Option<Gender> {
    let before = name.checked_sub(1).map(|at| &words[at])?;
    (words[name].gap == Gap::Space).then(|| lexicon::title_gender(&before.folded)).flatten()
}

/// "he", "his" → male; "she", "her" → female.
pub(crate) fn pronoun_gender(folded: &str) -> Option<Gender> {
    match folded {
        "he" | "his" | "him" | "himself" => Some(Gender::Male),
        "she" | "her" | "hers" | "herself" => Some(Gender::Female),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::words;

    #[test]
    fn heads_of_titles() {
        let of = |title: &str| heads(&words::split(title, &[]), 0..words::split(title, &[]).len());
        assert_eq!(of("Gen."), ["general"]);
        assert_eq!(of("vice-minister of customs"), ["minister"]);
        assert_eq!(of("a lawyer for the general"), ["lawyer"]);
        assert!(of("the general's car").is_empty());
    }
}
