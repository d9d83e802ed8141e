//! Forms: all speakers of the collection that look alike: one name, one side, the same roles.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use crate::speakers::SpeakerType;

use super::identity::{Identity, role_core};
use super::voice::{Heard, Voice};

/// Other speakers remembered for each form: those with the smallest hashes, so that the order of the
/// documents does not matter.
const COMPANY: usize = 16;
/// Persons of one document who share a part of the name and are compared with one another.
const NAMESAKES: usize = 32;

/// What makes two voices the same form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Look {
    pub(crate) name: String,
    pub(crate) kind: u8,
    /// Stated side, or empty.
    pub(crate) stated: String,
    /// Roles without country and article.
    pub(crate) roles: BTreeSet<String>,
    /// The document, for those who cannot be recognised in another one.
    pub(crate) local: String,
    /// Number among the unnamed of that document.
    pub(crate) number: usize,
}

/// All voices of one look.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) look: Look,
    pub(crate) kind: SpeakerType,
    pub(crate) identity: Identity,
    /// Numbers of its documents.
    pub(crate) documents: Vec<u32>,
    pub(crate) heard: Heard,
    /// First document by id, and the number of a statement there.
    pub(crate) first: (String, usize),
    /// Hashes of others in its documents.
    pub(crate) company: BTreeSet<u64>,
}

/// The forms of a collection, in the order in which they were met.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    pub(crate) forms: Vec<Form>,
    known: HashMap<Look, usize>,
    documents: u32,
    /// Full names that one document has as two persons, as pairs of hashes.
    pub(crate) apart: HashSet<(u64, u64)>,
}

impl Forms {
    /// Takes in the voices of one more document; for each of them the number of its form.
    pub(crate) fn add(&mut self, doc_id: &str, voices: Vec<Voice>) -> Vec<usize> {
        let document = self.documents;
        self.documents += 1;
        let identities: Vec<Identity> =
            voices.iter().map(|voice| Identity::of(&voice.name, voice.kind, &voice.stated)).collect();
        self.keep_apart(&identities);
        let company: BTreeSet<u64> = identities.iter().filter_map(fingerprint).collect();
        // One more than are kept, since nobody is his own company.
        let company = company.into_iter().take(COMPANY + 1).collect();
        let number =
            |(voice, identity): (Voice, Identity)| self.enter(doc_id, document, voice, identity, &company);
        voices.into_iter().zip(identities).map(number).collect()
    }

    fn enter(
        &mut self,
        doc_id: &str,
        document: u32,
        voice: Voice,
        identity: Identity,
        company: &BTreeSet<u64>,
    ) -> usize {
        let local = if identity.is_local() { doc_id.to_owned() } else { String::new() };
        // Bodies and countries are known by their names alone.
        let person = voice.kind == SpeakerType::Person;
        let roles = voice.heard.roles.keys().map(|role| role_core(role));
        let roles = roles.filter(|role| person && !role.is_empty()).collect();
        let stated = if person { voice.stated } else { String::new() };
        let (name, kind, number) = (voice.name, voice.kind as u8, voice.number);
        let look = Look { name, kind, stated, roles, local, number };
        // A body's key holds its side: two bodies of one name are two forms.
        let look = match &identity {
            Identity::Body(key) => Look { stated: key.clone(), ..look },
            _ => look,
        };
        let own = fingerprint(&identity);
        let forms = &mut self.forms;
        let at = *self.known.entry(look).or_insert_with_key(|look| {
            forms.push(Form {
                look: look.clone(),
                kind: voice.kind,
                identity,
                documents: Vec::new(),
                heard: Heard::default(),
                first: (doc_id.to_owned(), voice.heard.example.statement_id),
                company: BTreeSet::new(),
            });
            forms.len() - 1
        });
        let form = &mut self.forms[at];
        form.documents.push(document);
        if doc_id < form.first.0.as_str() {
            form.first = (doc_id.to_owned(), voice.heard.example.statement_id);
        }
        form.heard.add(voice.heard);
        form.company.extend(company.iter().filter(|other| Some(**other) != own));
        while COMPANY < form.company.len() {
            form.company.pop_last();
        }
        at
    }

    /// Notes full names that share a part and still are two persons of one document.
    fn keep_apart(&mut self, identities: &[Identity]) {
        let mut by_part: HashMap<&str, Vec<u64>> = HashMap::new();
        for identity in identities {
            let Identity::FullName(full) = identity else { continue };
            for part in full.name.parts() {
                let namesakes = by_part.entry(part).or_default();
                if namesakes.len() < NAMESAKES {
                    namesakes.push(hash(&full.key));
                }
            }
        }
        for namesakes in by_part.values() {
            for (n, one) in namesakes.iter().enumerate() {
                let others = namesakes[..n].iter().filter(|other| *other != one);
                self.apart.extend(others.map(|other| (*one.min(other), *one.max(other))));
            }
        }
    }
}

/// What a named person or body is remembered by as company.
fn fingerprint(identity: &Identity) -> Option<u64> {
    match identity {
        Identity::FullName(full) => Some(hash(&full.key)),
        Identity::Body(key) => Some(hash(key)),
        _ => None,
    }
}

/// The same in every run.
pub(crate) fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
