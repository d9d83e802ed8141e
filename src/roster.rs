//! Roster: who speaks in a whole collection. Speakers of different documents who are the same get one name and
//! one id.
//!
//! Every document hands in its [`Voices`]; the [`Roster`] keeps of them only the *forms* (one name, one side,
//! the same roles), and once all documents are in, [`Roster::link`] says which forms are one speaker. That
//! happens in a fixed order of the forms' contents, so neither threads nor the order of the documents matter.
//!
//! | rule in `basis` | merges |
//! |---|---|
//! | `full-name` | persons with the same full name, in any order, with or without accents, hyphens, titles, "Jr." |
//! | `initials` | "Raymond T. Whitlock" and "Raymond Whitlock"; with a role or company in common "R. Whitlock" too |
//! | `middle-name` | "Ann Berit Cole" and "Ann Cole", with a role or company in common |
//! | `spelling` | "Anthony Hale" and "Antony Hale", with a role and a side or company in common |
//! | `surname+role+side` | "Hale", secretary for the United States, where only one full name fits |
//! | `canonical-name` | bodies and countries: "China's Foreign Ministry", "Beijing" |
//! | `people` | what the list given with `--people` says |
//!
//! Never merged: a surname alone; persons whom one document tells apart; the same name for two countries, or
//! with "Jr." and "Sr.", or in public office here and in a humble trade there; groups and unnamed speakers of
//! different documents; public bodies whose country nobody states.

pub mod cast;
mod form;
mod identity;
mod merge;
pub mod people;
mod slug;
#[cfg(test)]
mod tests;
pub mod voice;

use std::collections::HashSet;

use crate::speakers::SpeakerType;

use form::{Form, Forms};
use identity::Identity;
use merge::Group;
use people::People;
use slug::{Slugs, slug};
use voice::{Heard, Voice, Voices};

/// The speakers of a collection while its documents come in.
#[derive(Debug)]
pub struct Roster<'p> {
    people: &'p People,
    forms: Forms,
}

/// Who a speaker is in the collection: what his rows say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Name: the fullest form that is not much rarer than the most frequent one, or the list's.
    pub name: String,
    /// Id, of which no other speaker of the collection has the same.
    pub id: String,
    /// The list's side, where it has one.
    pub side: Option<String>,
    /// Names of the rules that made him one with others, joined by `+`; empty if none did.
    pub basis: String,
}

/// One speaker of the collection.
#[derive(Debug, Clone)]
pub struct Member {
    /// Name and id; `basis` has all rules that merged, separated by commas.
    pub known: Known,
    /// What it is in most statements.
    pub kind: SpeakerType,
    /// Other names, the most frequent first.
    pub aliases: Vec<String>,
    /// Sides, those that the texts state before those guessed, then the most frequent first.
    pub sides: Vec<String>,
    /// Number of documents.
    pub documents: usize,
    /// Its statements.
    pub heard: Heard,
}

/// The speakers of a collection, linked.
#[derive(Debug)]
pub struct Linked {
    /// Who each form is, by its number.
    pub known: Vec<Known>,
    /// The speakers by number of statements, the most first.
    pub members: Vec<Member>,
}

impl<'p> Roster<'p> {
    /// An empty roster. What `people` says wins over what the texts show.
    pub fn new(people: &'p People) -> Self {
        Self { people, forms: Forms::default() }
    }

    /// Takes in one more document; for each of its voices the number of its form. Keeps about a
    /// kilobyte for each new form and four bytes for each old one.
    pub fn add(&mut self, doc_id: &str, voices: Vec<Voice>) -> Vec<usize> {
        self.forms.add(doc_id, voices)
    }

    /// Settles who is who, in time linear in the number of forms.
    pub fn link(self) -> Linked {
        let Forms { forms, apart, .. } = self.forms;
        let mut order: Vec<usize> = (0..forms.len()).collect();
        order.sort_by(|&a, &b| forms[a].look.cmp(&forms[b].look));
        let groups = merge::groups(&forms, &order, &apart, self.people);
        let mut named: Vec<(String, Group)> =
            groups.into_iter().map(|group| (name(&forms, &group, self.people), group)).collect();
        named.sort_by_cached_key(|(name, group)| {
            let first = group.forms.iter().map(|&form| forms[form].first.clone()).min();
            let look = group.forms.iter().map(|&form| forms[form].look.clone()).min();
            (slug(name), first, look)
        });
        let mut slugs = Slugs::default();
        self.people.entries().iter().for_each(|entry| slugs.reserve(&entry.id));
        let mut known = vec![Known::default(); forms.len()];
        let mut members = Vec::with_capacity(named.len());
        for (name, group) in named {
            let entry = group.entry.map(|entry| &self.people.entries()[entry]);
            let local = group.forms.first().map_or("", |&form| forms[form].look.local.as_str());
            let tail =
                if local.is_empty() || group.is_linked() { String::new() } else { format!("@{local}") };
            let id = entry.map_or_else(|| slugs.take(&slug(&name), &tail), |entry| entry.id.clone());
            let side = entry.map(|entry| entry.side.clone()).filter(|side| !side.is_empty());
            for (&form, basis) in group.forms.iter().zip(&group.basis) {
                let (name, id, side) = (name.clone(), id.clone(), side.clone());
                known[form] = Known { name, id, side, basis: group.told(basis).to_owned() };
            }
            members.push(member(&forms, &group, Known { name, id, side, basis: group.all_basis() }));
        }
        members.sort_by(|a, b| {
            let rank = |member: &Member| std::cmp::Reverse((member.heard.statements, member.documents));
            rank(a).cmp(&rank(b)).then_with(|| a.known.id.cmp(&b.known.id))
        });
        Linked { known, members }
    }
}

impl People {
    /// What the list says about each voice of a document, if anything.
    pub fn known(&self, voices: &Voices) -> Vec<Option<Known>> {
        let known = |voice: &Voice| {
            let entry = &self.entries()[self.find(&voice.name, &voice.stated)?];
            let side = Some(entry.side.clone()).filter(|side| !side.is_empty());
            Some(Known { name: entry.name.clone(), id: entry.id.clone(), side, basis: "people".to_owned() })
        };
        voices.voices.iter().map(known).collect()
    }
}

/// The name of a group: the list's; a country's; else, of the forms that are in at least a quarter as many
/// documents as the most frequent one, that with the most parts, not in capitals throughout, then the most
/// frequent.
fn name(forms: &[Form], group: &Group, people: &People) -> String {
    if let Some(entry) = group.entry {
        return people.entries()[entry].name.clone();
    }
    let members = || group.forms.iter().map(|&form| &forms[form]);
    if let Some(country) = members().find_map(|form| match &form.identity {
        Identity::Country(country) if country.contains(char::is_uppercase) => Some(country.clone()),
        _ => None,
    }) {
        return country;
    }
    let full = |form: &Form| matches!(form.identity, Identity::FullName(_));
    let mut names: Vec<(&str, usize, u64, bool)> = Vec::new();
    for form in members() {
        let name = form.look.name.as_str();
        match names.iter_mut().find(|known| known.0 == name) {
            Some(known) => {
                known.1 += form.documents.len();
                known.2 += form.heard.statements;
            }
            None => names.push((name, form.documents.len(), form.heard.statements, full(form))),
        }
    }
    let most = names.iter().map(|name| name.1).max().unwrap_or(0);
    let rank = |&(name, documents, statements, full): &(&str, usize, u64, bool)| {
        let shouted = name.chars().any(char::is_lowercase);
        let parts = if full {
            name.split_whitespace().map(|part| part.trim_end_matches('.').len().min(2)).sum()
        } else {
            0
        };
        (full, most <= 4 * documents, shouted, parts, documents, statements)
    };
    let best = names.iter().max_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| b.0.cmp(a.0)));
    best.map_or(String::new(), |best| best.0.to_owned())
}

fn member(forms: &[Form], group: &Group, known: Known) -> Member {
    let members = || group.forms.iter().map(|&form| &forms[form]);
    let mut heard = Heard::default();
    let mut names: std::collections::BTreeMap<&str, u64> = std::collections::BTreeMap::new();
    let mut kinds: Vec<(u64, SpeakerType)> = Vec::new();
    let mut stated: HashSet<&str> = HashSet::new();
    for form in members() {
        heard.add(form.heard.clone());
        *names.entry(&form.look.name).or_default() += form.heard.statements;
        match kinds.iter_mut().find(|(_, kind)| *kind == form.kind) {
            Some((statements, _)) => *statements += form.heard.statements,
            None => kinds.push((form.heard.statements, form.kind)),
        }
        stated.insert(&form.look.stated);
    }
    let ranked = |counts: Vec<(&str, u64)>| {
        let mut counts = counts;
        counts.sort_by_key(|(word, n)| (!stated.contains(word), std::cmp::Reverse(*n), *word));
        counts.into_iter().map(|(word, _)| word.to_owned()).collect::<Vec<_>>()
    };
    let mut aliases: Vec<(&str, u64)> = names.into_iter().filter(|(name, _)| *name != known.name).collect();
    aliases.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
    let aliases = aliases.into_iter().map(|(name, _)| name.to_owned()).collect();
    let mut sides = ranked(heard.sides.iter().map(|(side, n)| (side.as_str(), *n)).collect());
    if let Some(side) = &known.side {
        sides.retain(|other| other != side);
        sides.insert(0, side.clone());
    }
    let documents = members().flat_map(|form| &form.documents).collect::<HashSet<_>>().len();
    kinds.sort_by_key(|(statements, kind)| (std::cmp::Reverse(*statements), *kind as u8));
    let kind = kinds.first().map_or(SpeakerType::None, |(_, kind)| *kind);
    Member { known, kind, aliases, sides, documents, heard }
}
