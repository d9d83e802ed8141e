//! Stance of statements coded by hand, with gold content, speaker and cue.

use super::corpora::Coded;
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
    section.share("ECE", "calibration error, ten bins, less is better", stances.calibration_error());
    section.tables = confusion(&stances);
    section
}

fn confusion(stances: &Stances) -> String {
    let names = LABELS.map(name_of);
    let header: Vec<String> =
        ["gold ↓ predicted →"].iter().chain(&names).map(|name| (*name).to_owned()).collect();
    let rows = names.iter().zip(stances.confusion()).map(|(name, row)| {
        [(*name).to_owned()].into_iter().chain(row.iter().map(usize::to_string)).collect()
    });
    markdown_table(&header, rows)
}
