//! Sources, cues and contents as token runs: the published PolNeAR measure of CofeNet (COLING 2022),
//! with the definitions of `tools/score_components.py`, figure for figure.

use super::counts::ratio;
use super::page::Chars;
use super::relations::Figures;
use std::collections::HashMap;

/// One sentence of the benchmark.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Instance {
    /// Id of its document.
    pub doc: String,
    /// A label a token: `B-` or `I-` with `source`, `cue` or `content`; `O`.
    pub labels: Vec<String>,
    /// Code points of each token in the document.
    pub offsets: Vec<Chars>,
}

/// The predicted spans of one attribution, in code points.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Components {
    /// Content parts.
    #[serde(default)]
    pub content: Vec<Chars>,
    /// Cue parts.
    #[serde(default)]
    pub cue: Vec<Chars>,
    /// Speaker parts.
    #[serde(default)]
    pub speaker: Vec<Chars>,
}

/// Component names, in the alphabetical order that decides between spans that start and end together.
const NAMES: [&str; 3] = ["content", "cue", "source"];

/// Half-open token ranges of one component.
type Runs = Vec<(usize, usize)>;

#[derive(Default)]
struct Count {
    exact: usize,
    begin: usize,
    predicted: usize,
    gold: usize,
    jaccard: Vec<f64>,
}

/// Scores predictions, by document id, on all instances. Figures are percentages, as published.
pub fn score(instances: &[Instance], predicted: &HashMap<&str, Vec<Components>>) -> Figures {
    let mut counts: [Count; 3] = Default::default();
    for instance in instances {
        let gold = runs(instance.labels.iter().map(|label| parse(label)));
        let found = predicted
            .get(instance.doc.as_str())
            .map(|quotes| runs(project(quotes, &instance.offsets).into_iter()))
            .unwrap_or_default();
        for ((count, gold), found) in counts.iter_mut().zip(&gold).zip(&found) {
            add(count, gold, found);
        }
    }
    let [content, cue, source] = &counts;
    let mut figures = Vec::new();
    for (names, count) in [(SOURCE, source), (CUE, cue), (CONTENT, content)] {
        let (exact, begin) = (percent(count.exact, count), percent(count.begin, count));
        let jaccard = 100.0 * ratio(count.jaccard.iter().sum(), count.jaccard.len() as f64);
        figures.extend(names.into_iter().zip(exact.into_iter().chain(begin).chain([jaccard])));
    }
    figures
}

const SOURCE: [&str; 7] = [
    "source_exact_P",
    "source_exact_R",
    "source_exact_F",
    "source_begin_P",
    "source_begin_R",
    "source_begin_F",
    "source_jaccard",
];
const CUE: [&str; 7] =
    ["cue_exact_P", "cue_exact_R", "cue_exact_F", "cue_begin_P", "cue_begin_R", "cue_begin_F", "cue_jaccard"];
const CONTENT: [&str; 7] = [
    "content_exact_P",
    "content_exact_R",
    "content_exact_F",
    "content_begin_P",
    "content_begin_R",
    "content_begin_F",
    "content_jaccard",
];

fn percent(right: usize, count: &Count) -> [f64; 3] {
    let p = ratio(right as f64, count.predicted as f64);
    let r = ratio(right as f64, count.gold as f64);
    [100.0 * p, 100.0 * r, ratio(200.0 * p * r, p + r)]
}

fn add(count: &mut Count, gold: &Runs, found: &Runs) {
    count.predicted += found.len();
    count.gold += gold.len();
    count.exact += found.iter().filter(|run| gold.contains(run)).count();
    count.begin += found.iter().filter(|run| gold.iter().any(|g| g.0 == run.0)).count();
    for run in gold {
        let best = found.iter().map(|&f| overlap(*run, f)).fold(0.0, f64::max);
        count.jaccard.push(if found.contains(run) { 1.0 } else { best });
    }
    let strays = found.iter().filter(|run| gold.iter().all(|&g| overlap(**run, g) == 0.0));
    count.jaccard.extend(strays.map(|_| 0.0));
}

/// Shared tokens over the hull of two runs, 0–1.
fn overlap(a: (usize, usize), b: (usize, usize)) -> f64 {
    let shared = a.1.min(b.1).saturating_sub(a.0.max(b.0));
    ratio(shared as f64, (a.1.max(b.1) - a.0.min(b.0)) as f64)
}

/// A label: whether it begins a run, and of which component (its place in `NAMES`).
type Label = Option<(bool, usize)>;

/// Reads `B-cue` and the like; anything else is outside.
fn parse(label: &str) -> Label {
    let (mark, name) = label.split_once('-')?;
    Some((mark == "B", NAMES.iter().position(|n| *n == name)?))
}

/// The runs of each component. A run ends at `O`, at another component and at the next beginning; what
/// goes on without having begun is no run.
fn runs(labels: impl Iterator<Item = Label>) -> [Runs; 3] {
    let mut runs: [Runs; 3] = Default::default();
    let mut current: Option<(usize, usize)> = None;
    let mut end = 0;
    for (i, label) in labels.enumerate() {
        end = i + 1;
        let goes_on =
            current.is_some_and(|(name, _)| label.is_some_and(|(begins, other)| !begins && other == name));
        if goes_on {
            continue;
        }
        if let Some((name, start)) = current.take() {
            runs[name].push((start, i));
        }
        current = label.filter(|(begins, _)| *begins).map(|(_, name)| (name, i));
    }
    if let Some((name, start)) = current {
        runs[name].push((start, end));
    }
    runs
}

/// Labels the tokens of an instance: each belongs to the first span that touches it; another span or a
/// gap begins a new run.
fn project(quotes: &[Components], offsets: &[Chars]) -> Vec<Label> {
    let mut spans: Vec<(usize, usize, usize, usize)> = Vec::new();
    for (quote, parts) in quotes.iter().enumerate() {
        for (name, ranges) in [&parts.content, &parts.cue, &parts.speaker].into_iter().enumerate() {
            spans.extend(ranges.iter().map(|&(start, end)| (start, end, name, quote)));
        }
    }
    // As the original sorts: by offsets, then the component's name, then the attribution.
    spans.sort_unstable();
    let mut labels = Vec::with_capacity(offsets.len());
    let mut previous = None;
    for &(start, end) in offsets {
        let hit = spans.iter().find(|span| span.0 < end && start < span.1);
        let Some(&(_, _, name, quote)) = hit else {
            labels.push(None);
            previous = None;
            continue;
        };
        if end <= start {
            labels.push(None);
            continue;
        }
        labels.push(Some((previous != Some((quote, name)), name)));
        previous = Some((quote, name));
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_of(labels: &str) -> [Runs; 3] {
        runs(labels.split(' ').map(parse))
    }

    #[test]
    fn runs_end_where_another_begins() {
        assert_eq!(
            run_of("B-source I-source B-cue O B-content I-content B-content"),
            [vec![(4, 6), (6, 7)], vec![(2, 3)], vec![(0, 2)]]
        );
    }

    #[test]
    fn what_never_began_is_no_run() {
        assert_eq!(run_of("I-cue B-cue I-source I-source"), [vec![], vec![(1, 2)], vec![]]);
    }

    #[test]
    fn a_gap_between_tokens_of_one_span_begins_anew() {
        let quotes = [Components { content: vec![(0, 3), (8, 12)], cue: vec![(4, 7)], speaker: vec![] }];
        let labels = project(&quotes, &[(0, 3), (4, 7), (8, 10), (10, 12), (13, 15)]);
        assert_eq!(labels, [Some((true, 0)), Some((true, 1)), Some((true, 0)), Some((false, 0)), None]);
    }

    #[test]
    fn overlap_is_over_the_hull() {
        assert_eq!(overlap((0, 4), (2, 6)), 2.0 / 6.0);
        assert_eq!(overlap((0, 2), (2, 6)), 0.0);
    }
}
