//! Stance of statements coded by hand, with gold content, speaker and cue.

use super::actors::exchanged;
use super::corpora::{Coded, Event};
use super::counts::{Retrieval, Share};
use super::report::{Section, markdown_table};
use super::stances::{LABELS, Stances, label_of, name_of};
use crate::pipeline::Pipeline;
use rayon::prelude::*;

/// Scores the stance of coded statements.
pub fn section(name: &'static str, pipeline: &Pipeline, coded: &[Coded]) -> Section {
    let of = |c: &Coded| pipeline.stance_of(&c.statement, &c.speaker, &c.cue, &c.context_before);
    let predicted: Vec<_> = coded.par_iter().map(of).collect();
    let mut section = Section {
        name,
        about: format!(
            "{} statements of PolNeAR dev and GUM news, coded by two and adjudicated (κ 0.93); content, \
             speaker and cue are the gold ones.",
            coded.len()
        ),
        ..Section::default()
    };
    let mut stances = Stances::default();
    for (coded, stance) in coded.iter().zip(predicted) {
        let gold = label_of(&coded.label);
        stances.add(gold, stance);
        if stance.label != gold {
            let first: Vec<&str> = coded.statement.split_whitespace().take(4).collect();
            let (gold, found) = (name_of(gold), name_of(stance.label));
            section.errors.push(format!(
                "wrong stance\t{}\t{} …\t{gold}\tfound {found}",
                coded.id,
                first.join(" ")
            ));
        }
    }
    section.share("macro_F", "three classes", stances.macro_f());
    section.share("leaning", "leaning of the gold poles right", stances.leaning());
    section.share("accuracy", "three classes", stances.accuracy());
    section.share("pole_flips", "gold poles given the opposite label", stances.flips());
    let reliability = stances.reliability();
    section.share("ECE", "calibration error, ten bins, less is better", reliability.calibration_error());
    let (named, kept) = with_other_actors(pipeline, coded);
    section.share("actor_kept", "labels kept with other countries in the text", kept);
    section.count("n_actor", "statements that name a country", named);
    section.tables = format!("{}\n{}", confusion(&stances), reliability.table("probability of the label"));
    section
}

/// How many statements name one of our countries, and the share of them that keep their label with others in it.
fn with_other_actors(pipeline: &Pipeline, coded: &[Coded]) -> (usize, f64) {
    let label = |words: [&str; 4]| pipeline.stance_of(words[0], words[1], words[2], words[3]).label;
    let kept: Vec<bool> = coded
        .par_iter()
        .filter_map(|c| {
            let words = [&c.statement, &c.speaker, &c.cue, &c.context_before].map(String::as_str);
            let other = words.map(exchanged);
            if other.iter().all(Option::is_none) {
                return None;
            }
            let changed: Vec<&str> =
                other.iter().zip(words).map(|(other, words)| other.as_deref().unwrap_or(words)).collect();
            Some(label(words) == label([changed[0], changed[1], changed[2], changed[3]]))
        })
        .collect();
    let mut share = Share::default();
    kept.iter().for_each(|kept| share.add(*kept));
    (share.of, share.rate())
}

/// Of the PLV training file every seventh line is held out of training (models/train/corpora.py, `events`).
const EVERY: usize = 7;
const HELD: usize = 3;

/// Scores the leaning of whole sentences that tell of cooperation or conflict: our own split of a training file.
pub fn events(name: &'static str, pipeline: &Pipeline, events: &[Event]) -> Section {
    let held: Vec<&Event> = events.iter().skip(HELD).step_by(EVERY).collect();
    let of = |event: &&Event| pipeline.stance_of(&event.text, "", "", "").leaning;
    let predicted: Vec<_> = held.par_iter().map(of).collect();
    let mut share = Share::default();
    let mut per_class = [Retrieval::default(); 2];
    for (event, leaning) in held.iter().zip(predicted) {
        let gold = label_of(&event.label);
        share.add(gold == leaning);
        for (class, count) in LABELS.into_iter().zip(&mut per_class) {
            let is = |label| usize::from(label == class);
            count.add(is(gold) * is(leaning), is(leaning), is(gold));
        }
    }
    let about = format!(
        "{} sentences on cooperation or conflict, every seventh of the PLV training file, held out of training: \
         the leaning of the whole sentence.",
        held.len()
    );
    let mut section = Section { name, about, ..Section::default() };
    section.share("macro_F", "two classes", per_class.iter().map(Retrieval::f).sum::<f64>() / 2.0);
    section.share("accuracy", "two classes", share.rate());
    section
}

pub(super) fn confusion(stances: &Stances) -> String {
    let names = LABELS.map(name_of);
    let header: Vec<String> =
        ["gold ↓ predicted →"].iter().chain(&names).map(|name| (*name).to_owned()).collect();
    let rows = names.iter().zip(stances.confusion()).map(|(name, row)| {
        [(*name).to_owned()].into_iter().chain(row.iter().map(usize::to_string)).collect()
    });
    markdown_table(&header, rows)
}
