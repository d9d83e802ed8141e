//! Merging: which forms are one speaker. Candidates are found by hash keys and never by comparing all with all;
//! of several that fit, none is taken.

mod group;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::speakers::SpeakerType;

use super::form::Form;
use super::identity::{FullName, Identity, is_all_given, skeleton};
use super::people::People;
pub(crate) use group::Group;
use group::{Evidence, contradict, fits, initials_apart};

/// More groups than these under one key are too many to tell apart: "J. Kim" stays alone.
const CROWD: usize = 64;

/// The groups of `forms`, looked at in `order`, which must depend on their contents only.
pub(crate) fn groups(
    forms: &[Form],
    order: &[usize],
    apart: &HashSet<(u64, u64)>,
    people: &People,
) -> Vec<Group> {
    let mut merging = Merging { forms, apart, groups: Vec::new() };
    let entries: HashMap<usize, usize> = order
        .iter()
        .filter_map(|&form| Some((form, people.find(&forms[form].look.name, &forms[form].look.stated)?)))
        .collect();
    merging.by_entry(order, &entries);
    let rest: Vec<usize> = order.iter().copied().filter(|form| !entries.contains_key(form)).collect();
    merging.by_name(&rest);
    merging.by_full_name(&rest);
    merging.mistaken_for_bodies();
    merging.near("initials", &initials_key, |a, b| initials_apart(a, b) || a.supports(b));
    merging.near("initials", &given_initial_key, |a, b| a.has_initial() != b.has_initial() && a.supports(b));
    merging.near("spelling", &spelling_key, |a, b| {
        a.shares_role(b) && (a.shares_side(b) || a.shares_company(b))
    });
    merging.by_surname(&rest);
    merging.groups.retain(|group| !group.forms.is_empty());
    merging.groups
}

struct Merging<'f> {
    forms: &'f [Form],
    apart: &'f HashSet<(u64, u64)>,
    groups: Vec<Group>,
}

impl Merging<'_> {
    fn open(&mut self, form: usize, basis: &str) -> usize {
        let mut group = Group::default();
        group.add(form, &self.forms[form], basis);
        self.groups.push(group);
        self.groups.len() - 1
    }

    fn join(&mut self, group: usize, form: usize, basis: &str) {
        self.groups[group].add(form, &self.forms[form], basis);
    }

    /// Moves all of group `from` into group `into` by a rule.
    fn merge(&mut self, into: usize, from: usize, basis: &str) {
        let moved = std::mem::take(&mut self.groups[from]);
        self.groups[into].swallow(moved, basis);
    }

    /// Those whom the list of people knows.
    fn by_entry(&mut self, order: &[usize], entries: &HashMap<usize, usize>) {
        let mut opened: HashMap<usize, usize> = HashMap::new();
        for form in order.iter().copied() {
            let Some(&entry) = entries.get(&form) else { continue };
            match opened.get(&entry) {
                Some(&group) => self.join(group, form, "people"),
                None => {
                    let group = self.open(form, "people");
                    self.groups[group].entry = Some(entry);
                    opened.insert(entry, group);
                }
            }
        }
    }

    /// Bodies and countries, each by its key; those without identity alone.
    fn by_name(&mut self, order: &[usize]) {
        let mut opened: HashMap<(u8, &str), usize> = HashMap::new();
        let forms = self.forms;
        for &form in order {
            let key = match &forms[form].identity {
                Identity::Country(country) => (0, country.as_str()),
                Identity::Body(body) => (1, body.as_str()),
                Identity::Nobody => {
                    self.open(form, "");
                    continue;
                }
                Identity::FullName(_) | Identity::ShortName(_) => continue,
            };
            match opened.get(&key) {
                Some(&group) => self.join(group, form, "canonical-name"),
                None => {
                    let group = self.open(form, "canonical-name");
                    opened.insert(key, group);
                }
            }
        }
    }

    /// Persons by full name. Forms that state a side come first; one that could be either of two namesakes
    /// joins the one it has more in common with, else stays with others of its kind.
    fn by_full_name(&mut self, order: &[usize]) {
        let forms = self.forms;
        let mut blocks: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &form in order {
            if let Identity::FullName(full) = &forms[form].identity {
                blocks.entry(&full.key).or_default().push(form);
            }
        }
        for (_, mut block) in blocks {
            // A stable sort: what is alike stays in the given order.
            block.sort_by_key(|&form| {
                let form = &forms[form];
                (form.look.stated.is_empty(), std::cmp::Reverse(form.documents.len()))
            });
            let mut opened: Vec<usize> = Vec::new();
            let mut unclear: Option<usize> = None;
            for form in block {
                let mut own = Group::default();
                own.add(form, &forms[form], "full-name");
                let agrees = |&&group: &&usize| {
                    let group = &self.groups[group].evidence;
                    !contradict(group, &own.evidence, self.apart) && !turned_round(group, &own.evidence)
                };
                let fitting: Vec<usize> = opened.iter().filter(agrees).copied().collect();
                let chosen = match fitting.as_slice() {
                    [] => None,
                    [only] => Some(*only),
                    several => {
                        self.closest(several, &own.evidence).or(unclear.filter(|at| several.contains(at)))
                    }
                };
                match chosen {
                    Some(group) => self.join(group, form, "full-name"),
                    None => {
                        let group = self.open(form, "full-name");
                        opened.push(group);
                        if 1 < fitting.len() {
                            unclear = unclear.or(Some(group));
                        }
                    }
                }
            }
        }
    }

    /// The one group of these that has most in common with `evidence`.
    fn closest(&self, groups: &[usize], evidence: &Evidence) -> Option<usize> {
        let shared = |group: usize| {
            let group = &self.groups[group].evidence;
            (group.shares_side(evidence), group.shares_role(evidence), group.shares_company(evidence))
        };
        let most = groups.iter().map(|&group| shared(group)).max()?;
        let mut best = groups.iter().copied().filter(|&group| shared(group) == most);
        let first = best.next();
        first.filter(|_| most != (false, false, false) && best.next().is_none())
    }

    /// "Ilse Brandvold", a person in most documents and taken for a body in one.
    fn mistaken_for_bodies(&mut self) {
        let mut persons: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            if let Some(full) = self.full_name(group) {
                persons.entry(full.key.clone()).or_default().push(at);
            }
        }
        for at in 0..self.groups.len() {
            let Some(&first) = self.groups[at].forms.first() else { continue };
            let form = &self.forms[first];
            if form.kind != SpeakerType::Organisation || self.groups[at].entry.is_some() {
                continue;
            }
            let Some(key) = super::identity::key_of(&form.look.name) else { continue };
            let Some([person]) = persons.get(&key).map(Vec::as_slice) else { continue };
            if self.groups[at].documents <= self.groups[*person].documents {
                self.merge(*person, at, "full-name");
            }
        }
    }

    fn full_name(&self, group: &Group) -> Option<&FullName> {
        group.forms.iter().find_map(|&form| match &self.forms[form].identity {
            Identity::FullName(full) => Some(full),
            _ => None,
        })
    }

    /// Persons whose names differ a little and share a key; `enough` says whether what else is known of the two
    /// suffices. The rarer or shorter name joins the other.
    fn near(
        &mut self,
        rule: &str,
        key: &dyn Fn(&FullName) -> Vec<String>,
        enough: impl Fn(&Evidence, &Evidence) -> bool,
    ) {
        let mut blocks: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            let names = group.evidence.names();
            names.flat_map(key).for_each(|key| blocks.entry(key).or_default().extend([at]));
        }
        for block in blocks.into_values().filter(|block| 1 < block.len() && block.len() <= CROWD) {
            let mut block: Vec<usize> = block.into_iter().collect();
            let rank = |at: &usize| {
                let group = &self.groups[*at];
                (group.entry.is_some(), group.evidence.fullness(rule), group.documents)
            };
            block.sort_by_key(|at| std::cmp::Reverse(rank(at)));
            for place in 1..block.len() {
                let own = &self.groups[block[place]];
                // Merged away under another key.
                if own.forms.is_empty() || own.entry.is_some() {
                    continue;
                }
                let agrees = |at: &usize| {
                    let other = &self.groups[*at];
                    !other.forms.is_empty()
                        && fits(&other.evidence, &own.evidence)
                        && !contradict(&other.evidence, &own.evidence, self.apart)
                };
                let fitting: Vec<usize> = block[..place].iter().copied().filter(agrees).collect();
                let supported = |at: &usize| enough(&self.groups[*at].evidence, &own.evidence);
                let chosen = match fitting.as_slice() {
                    [only] => Some(*only).filter(supported),
                    several => self.closest(several, &own.evidence).filter(supported),
                };
                if let Some(into) = chosen {
                    let basis = match rule {
                        "initials" if !initials_apart(&self.groups[into].evidence, &own.evidence) => {
                            if own.evidence.has_initial() { "initials" } else { "middle-name" }
                        }
                        rule => rule,
                    };
                    self.merge(into, block[place], basis);
                }
            }
        }
    }

    /// Persons known by one part of the name, a side and a role: they join the only full name with all three,
    /// or, where no full name has them, one another.
    fn by_surname(&mut self, order: &[usize]) {
        let keys = |part: &str, form: &Form| {
            let side = form.look.stated.clone();
            let roles = form.look.roles.iter().filter(|_| !side.is_empty());
            roles.map(|role| format!("{part}\n{side}\n{role}")).collect::<Vec<_>>()
        };
        let mut full: HashMap<String, BTreeSet<usize>> = HashMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            for form in group.forms.iter().map(|&form| &self.forms[form]) {
                let Identity::FullName(name) = &form.identity else { continue };
                let parts = name.name.parts();
                for part in [parts.first(), parts.last()].into_iter().flatten() {
                    keys(part, form).into_iter().for_each(|key| full.entry(key).or_default().extend([at]));
                }
            }
        }
        let mut short: HashMap<String, usize> = HashMap::new();
        for &form in order {
            let Identity::ShortName(part) = &self.forms[form].identity else { continue };
            let keys = keys(part, &self.forms[form]);
            let fitting: BTreeSet<usize> =
                keys.iter().filter_map(|key| full.get(key)).flatten().copied().collect();
            let known = match fitting.len() {
                0 => keys.iter().find_map(|key| short.get(key)).copied(),
                1 => fitting.first().copied(),
                _ => None,
            };
            let group = match known {
                Some(group) => {
                    self.join(group, form, "surname+role+side");
                    group
                }
                None => self.open(form, "surname+role+side"),
            };
            if fitting.is_empty() {
                for key in keys {
                    short.entry(key).or_insert(group);
                }
            }
        }
    }
}

/// "Ali Hassan" and "Hassan Ali", both made of given names, with nothing else in common.
fn turned_round(a: &Evidence, b: &Evidence) -> bool {
    let same = |x: &FullName, y: &FullName| x.name.parts().first() == y.name.parts().first();
    let other = a.names().all(|x| b.names().all(|y| !same(x, y)));
    other && a.names().chain(b.names()).all(|full| is_all_given(&full.name)) && !a.supports(b)
}

/// First and last part: what stands between may be left out or shortened.
fn initials_key(full: &FullName) -> Vec<String> {
    let parts = full.name.parts();
    match (parts.first(), parts.last()) {
        (Some(first), Some(last)) => vec![format!("{first}\n{last}")],
        _ => Vec::new(),
    }
}

/// First letter and last part: "R. Whitlock".
fn given_initial_key(full: &FullName) -> Vec<String> {
    let parts = full.name.parts();
    match (parts.first().and_then(|first| first.chars().next()), parts.last()) {
        (Some(first), Some(last)) => vec![format!("{first}\n{last}")],
        _ => Vec::new(),
    }
}

fn spelling_key(full: &FullName) -> Vec<String> {
    vec![skeleton(&full.name)]
}
