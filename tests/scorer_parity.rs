//! Holds the scorers to the figures of `score_relations.py` and `score_components.py` on one file with
//! errors of every kind (`scorer_parity/README.md`).

#![allow(clippy::unwrap_used)] // also in the helpers of the tests

use sayso::eval::components::{self, Components, Instance};
use sayso::eval::corpora::{self, News};
use sayso::eval::page::Page;
use sayso::eval::relations::{Figures, Relation, Tally};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

#[derive(serde::Deserialize)]
struct Prediction {
    id: String,
    quotes: Vec<Relation>,
}

#[derive(serde::Deserialize)]
struct Expected {
    relations: BTreeMap<String, f64>,
    components: BTreeMap<String, f64>,
}

/// The committed data, or other data made by `make.py` in the folder that `SAYSO_PARITY` names.
fn data(file: &str) -> PathBuf {
    let committed = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scorer_parity");
    std::env::var_os("SAYSO_PARITY").map_or_else(committed, PathBuf::from).join(file)
}

fn expected() -> Expected {
    serde_json::from_slice(&std::fs::read(data("expected.json")).unwrap()).unwrap()
}

fn predictions() -> HashMap<String, Vec<Relation>> {
    let records: Vec<Prediction> = corpora::read(&data("predicted.jsonl")).unwrap();
    records.into_iter().map(|record| (record.id, record.quotes)).collect()
}

fn assert_same(figures: &Figures, expected: &BTreeMap<String, f64>) {
    for (name, value) in figures {
        let reference = expected[*name];
        assert!((value - reference).abs() < 1e-9, "{name}: {value}, reference {reference}");
    }
    assert_eq!(figures.len(), expected.len(), "every figure of the reference is computed");
}

#[test]
fn relations_score_as_the_reference_does() {
    let predictions = predictions();
    let mut tally = Tally::default();
    for document in corpora::read::<News>(&data("gold.jsonl")).unwrap() {
        let gold: Vec<Relation> = document.quotes.iter().map(|quote| quote.relation()).collect();
        let predicted = predictions.get(&document.id).map(Vec::as_slice).unwrap_or_default();
        tally.add(&Page::new(&document.text), &gold, predicted);
    }
    assert_same(&tally.figures(), &expected().relations);
}

#[test]
fn token_runs_score_as_the_reference_does() {
    let instances: Vec<Instance> = corpora::read(&data("instances.jsonl")).unwrap();
    let predictions = predictions();
    let parts = |r: &Relation| Components {
        content: r.content.clone(),
        cue: r.cue.into_iter().collect(),
        speaker: r.speaker.into_iter().collect(),
    };
    let predicted =
        predictions.iter().map(|(id, quotes)| (id.as_str(), quotes.iter().map(parts).collect())).collect();
    assert_same(&components::score(&instances, &predicted), &expected().components);
}
