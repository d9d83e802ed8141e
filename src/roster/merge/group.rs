//! Groups: forms that are one speaker, and what is known of him.

use std::collections::{BTreeSet, HashSet};

use crate::roster::form::{Form, hash};
use crate::roster::identity::{FullName, Identity, is_country};
use crate::speakers::figure;
use crate::speakers::names::Fit;
use crate::speakers::words;

/// Names compared for each group.
const NAMES: usize = 12;
/// Others of the same documents remembered for each group.
const COMPANY: usize = 64;
/// Others that two must have in common to be in the same company: everybody meets the president.
const SHARED: usize = 2;

/// Forms that are one speaker.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    /// Their numbers.
    pub(crate) forms: Vec<usize>,
    /// For each form the rule that brought it here.
    pub(crate) basis: Vec<String>,
    /// Entry in the list of people.
    pub(crate) entry: Option<usize>,
    /// Sum over the forms.
    pub(crate) documents: usize,
    pub(crate) evidence: Evidence,
}

impl Group {
    /// Adds a form that `basis` brings here.
    pub(crate) fn add(&mut self, number: usize, form: &Form, basis: &str) {
        self.forms.push(number);
        self.basis.push(basis.to_owned());
        self.documents += form.documents.len();
        self.evidence.add(form);
    }

    /// Takes in all of `other` by `basis`.
    pub(crate) fn swallow(&mut self, other: Group, basis: &str) {
        let people = self.entry.is_some();
        self.forms.extend(other.forms);
        let basis = if people { format!("{basis}+people") } else { basis.to_owned() };
        self.basis.extend(other.basis.iter().map(|_| basis.clone()));
        self.documents += other.documents;
        self.evidence.swallow(other.evidence);
    }

    /// Whether a rule has merged anything.
    pub(crate) fn is_linked(&self) -> bool {
        1 < self.forms.len() || 1 < self.documents
    }

    /// What to tell of a rule: nothing where there is nothing to explain.
    pub(crate) fn told<'b>(&self, basis: &'b str) -> &'b str {
        if self.is_linked() || self.entry.is_some() { basis } else { "" }
    }

    /// All rules, each once, separated by commas.
    pub(crate) fn all_basis(&self) -> String {
        let rules: BTreeSet<&str> =
            self.basis.iter().map(|basis| self.told(basis)).filter(|rule| !rule.is_empty()).collect();
        rules.into_iter().collect::<Vec<_>>().join(", ")
    }
}

/// What is known of a speaker.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    names: Vec<FullName>,
    suffixes: BTreeSet<String>,
    sides: BTreeSet<String>,
    countries: BTreeSet<String>,
    /// Nouns of the roles: "minister".
    nouns: BTreeSet<String>,
    company: BTreeSet<u64>,
}

impl Evidence {
    fn add(&mut self, form: &Form) {
        if let Identity::FullName(full) = &form.identity {
            if self.names.len() < NAMES && !self.names.iter().any(|known| known.name == full.name) {
                self.names.push(full.clone());
            }
            self.suffixes.extend(Some(full.suffix.clone()).filter(|suffix| !suffix.is_empty()));
            let stated = &form.look.stated;
            if !stated.is_empty() && self.sides.insert(stated.clone()) && is_country(stated) {
                self.countries.insert(stated.clone());
            }
            for role in &form.look.roles {
                let words = words::split(role, &[]);
                self.nouns.extend(figure::heads(&words, 0..words.len()));
            }
        }
        self.meet(form.company.iter().copied());
    }

    fn swallow(&mut self, other: Evidence) {
        let room = NAMES.saturating_sub(self.names.len());
        self.names.extend(other.names.into_iter().take(room));
        self.suffixes.extend(other.suffixes);
        self.sides.extend(other.sides);
        self.countries.extend(other.countries);
        self.nouns.extend(other.nouns);
        self.meet(other.company.iter().copied());
    }

    fn meet(&mut self, others: impl Iterator<Item = u64>) {
        self.company.extend(others);
        while COMPANY < self.company.len() {
            self.company.pop_last();
        }
    }

    /// Its full names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &FullName> {
        self.names.iter()
    }

    /// The longer name takes in the shorter; of two spellings the more frequent one the other.
    pub(crate) fn fullness(&self, rule: &str) -> usize {
        let letters = |full: &FullName| full.name.parts().iter().map(|part| part.len().min(2)).sum::<usize>();
        if rule == "spelling" { 0 } else { self.names().map(letters).max().unwrap_or(0) }
    }

    /// Whether the given name is a mere letter.
    pub(crate) fn has_initial(&self) -> bool {
        self.names().any(|full| full.name.parts().first().is_some_and(|part| part.len() == 1))
    }

    pub(crate) fn shares_side(&self, other: &Self) -> bool {
        !self.sides.is_disjoint(&other.sides)
    }

    pub(crate) fn shares_role(&self, other: &Self) -> bool {
        !self.nouns.is_disjoint(&other.nouns)
    }

    pub(crate) fn shares_company(&self, other: &Self) -> bool {
        SHARED <= self.company.intersection(&other.company).count()
    }

    /// Whether a role or the company speaks for one person.
    pub(crate) fn supports(&self, other: &Self) -> bool {
        self.shares_role(other) || self.shares_company(other)
    }

    fn is_humble(&self) -> bool {
        !self.nouns.is_empty() && self.nouns.iter().all(|noun| is_humble(noun))
    }

    fn holds_office(&self) -> bool {
        !self.nouns.is_empty() && !self.nouns.iter().any(|noun| is_humble(noun))
    }
}

/// Trades that nobody in public office is called by.
fn is_humble(noun: &str) -> bool {
    const TRADES: [&str; 23] = [
        "farmer",
        "fisherman",
        "skipper",
        "driver",
        "trucker",
        "worker",
        "miner",
        "shopkeeper",
        "villager",
        "resident",
        "refugee",
        "herder",
        "singer",
        "actor",
        "actress",
        "champion",
        "chef",
        "midwife",
        "ferryman",
        "shepherd",
        "grower",
        "student",
        "nurse",
    ];
    TRADES.contains(&noun)
}

/// Whether the two cannot be one person: other countries, "Jr." and "Sr.", office and humble trade, or two
/// persons of one document.
pub(crate) fn contradict(a: &Evidence, b: &Evidence, apart: &HashSet<(u64, u64)>) -> bool {
    let excluded =
        |a: &BTreeSet<String>, b: &BTreeSet<String>| !a.is_empty() && !b.is_empty() && a.is_disjoint(b);
    let estates = (a.is_humble() && b.holds_office()) || (a.holds_office() && b.is_humble());
    let told_apart = || {
        a.names().any(|x| {
            b.names().any(|y| {
                let (x, y) = (hash(&x.key), hash(&y.key));
                apart.contains(&(x.min(y), x.max(y)))
            })
        })
    };
    excluded(&a.countries, &b.countries)
        || excluded(&a.suffixes, &b.suffixes)
        || (estates && !a.shares_company(b))
        || told_apart()
}

/// Whether some name of the one can be a form of some name of the other.
pub(crate) fn fits(a: &Evidence, b: &Evidence) -> bool {
    a.names().any(|x| b.names().any(|y| x.name.fit(&y.name) == Some(Fit::Whole)))
}

/// Whether two names differ in initials only: "Raymond T. Whitlock", "Raymond Whitlock".
pub(crate) fn initials_apart(a: &Evidence, b: &Evidence) -> bool {
    let whole = |full: &FullName| {
        let parts = full.name.parts().iter().filter(|part| 1 < part.chars().count());
        parts.cloned().collect::<Vec<_>>()
    };
    a.names().any(|x| b.names().any(|y| 1 < whole(x).len() && whole(x) == whole(y)))
}
