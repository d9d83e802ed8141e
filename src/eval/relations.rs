//! Relations (content, cue, speaker) against PolNeAR's gold: the definitions of
//! `tools/score_relations.py`, figure for figure (`tests/scorer_parity.rs` holds the two together).

use super::counts::{Retrieval, Share, ratio};
use super::keys::{Key, match_greedily};
use super::page::{Chars, Page};
use super::say;
use std::collections::{BTreeMap, HashSet};

/// One attribution, in code points.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Relation {
    /// Content parts.
    pub content: Vec<Chars>,
    /// The words that stand for the speaker.
    pub speaker: Option<Chars>,
    /// The reporting words.
    pub cue: Option<Chars>,
}

/// Named figures in a fixed order; shares are 0–1.
pub type Figures = Vec<(&'static str, f64)>;

/// How a content stands to quotation marks, found from its span and never from a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// Every letter and digit is quoted.
    Direct,
    /// Some are.
    Mixed,
    /// None is.
    Indirect,
    /// The cue itself lies in quotation marks: counted among all relations only.
    Nested,
}

/// A relation as keys.
#[derive(Debug, Clone)]
pub struct Keyed {
    /// Its place in the list it was made from.
    pub index: usize,
    /// Key of the content.
    pub content: Key,
    /// Key of the speaker; empty if none.
    pub speaker: Key,
    /// Key of the cue; empty if none.
    pub cue: Key,
    /// Found from the quotation marks.
    pub kind: Type,
    says: bool,
}

/// The relations of a page as keys, without empty contents and repetitions of content and cue.
pub fn keyed(page: &Page, relations: &[Relation]) -> Vec<Keyed> {
    let mut seen = HashSet::new();
    let all = relations.iter().enumerate().map(|(index, relation)| key_one(page, index, relation));
    all.filter(|r| !r.content.is_empty() && seen.insert((r.content.clone(), r.cue.clone()))).collect()
}

fn key_one(page: &Page, index: usize, relation: &Relation) -> Keyed {
    let content = page.key(&relation.content);
    let speaker = page.key(relation.speaker.as_slice());
    let cue = page.key(relation.cue.as_slice());
    let quoted = content.offsets().iter().filter(|&&i| page.is_quoted(i)).count();
    let kind = if !cue.is_empty() && cue.offsets().iter().all(|&i| page.is_quoted(i)) {
        Type::Nested
    } else if quoted == content.len() {
        Type::Direct
    } else if 0 < quoted {
        Type::Mixed
    } else {
        Type::Indirect
    };
    let says = relation.cue.is_some_and(|cue| say::is_plain_saying(&page.words(cue)));
    Keyed { index, content, speaker, cue, kind, says }
}

/// One-to-one matches of relations whose contents overlap (Jaccard ≥ 0.5): places in the two lists.
pub fn overlapping(gold: &[Keyed], predicted: &[Keyed]) -> Vec<(usize, usize)> {
    matched(gold, predicted, 0.5)
}

fn matched(gold: &[Keyed], predicted: &[Keyed], threshold: f64) -> Vec<(usize, usize)> {
    let contents = |list| <[Keyed]>::iter(list).map(|r: &Keyed| &r.content).collect::<Vec<_>>();
    match_greedily(&contents(gold), &contents(predicted), threshold)
}

/// Whether the predicted speaker of a matched relation is right: it overlaps the gold one, or the gold
/// has none.
pub fn speaker_is_right(gold: &Keyed, predicted: &Keyed) -> bool {
    gold.speaker.is_empty() || 0.5 <= gold.speaker.jaccard(&predicted.speaker)
}

/// Counts over documents; add each one, then ask for the figures.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    segments_exact: Retrieval,
    segments_overlap: Retrieval,
    segments_end_to_end: Retrieval,
    segment_speaker_overlaps: Share,
    segment_speaker_touches: Share,
    exact: Retrieval,
    overlap: Retrieval,
    soft: Retrieval,
    kinds: [Retrieval; 3],
    saying: Share,
    speaker_exact: Share,
    speaker_overlaps: Share,
    speaker_touches: Share,
    end_to_end: Retrieval,
    end_to_end_direct: Retrieval,
    cue_exact: Retrieval,
    cue_touch: Retrieval,
    source_exact: Retrieval,
    source_touch: Retrieval,
}

const KINDS: [Type; 3] = [Type::Direct, Type::Mixed, Type::Indirect];

impl Tally {
    /// Scores the predictions of one document.
    pub fn add(&mut self, page: &Page, gold: &[Relation], predicted: &[Relation]) {
        let (gold, predicted) = (keyed(page, gold), keyed(page, predicted));
        self.add_segments(page, &gold, &predicted);
        self.add_relations(&gold, &predicted);
        self.add_soft(&gold, &predicted);
        let components = [
            (component(&gold, |r| &r.cue), component(&predicted, |r| &r.cue)),
            (component(&gold, |r| &r.speaker), component(&predicted, |r| &r.speaker)),
        ];
        let exact = [&mut self.cue_exact, &mut self.source_exact];
        let touch = [&mut self.cue_touch, &mut self.source_touch];
        for (((g, p), exact), touch) in components.iter().zip(exact).zip(touch) {
            exact.add(match_greedily(g, p, 1.0).len(), p.len(), g.len());
            touch.add(match_greedily(g, p, 1e-9).len(), p.len(), g.len());
        }
    }

    fn add_segments(&mut self, page: &Page, gold: &[Keyed], predicted: &[Keyed]) {
        let gold_segments = segments(page, gold);
        let predicted_segments = segments(page, predicted);
        let g: Vec<&Key> = gold_segments.iter().map(|s| &s.key).collect();
        let p: Vec<&Key> = predicted_segments.iter().map(|s| &s.key).collect();
        let not_direct: Vec<&Key> = gold
            .iter()
            .filter(|r| matches!(r.kind, Type::Mixed | Type::Nested))
            .map(|r| &r.content)
            .collect();
        // A quoted piece inside a mixed or nested statement is no direct quotation, but no error either.
        let counted = |pairs: &[(usize, usize)]| {
            let hit: HashSet<usize> = pairs.iter().map(|pair| pair.1).collect();
            let ignored =
                |j: &usize| !hit.contains(j) && not_direct.iter().any(|n| p[*j].len() <= 2 * p[*j].shared(n));
            p.len() - (0..p.len()).filter(ignored).count()
        };
        let exact = match_greedily(&g, &p, 1.0);
        self.segments_exact.add(exact.len(), counted(&exact), g.len());
        let overlap = match_greedily(&g, &p, 0.5);
        self.segments_overlap.add(overlap.len(), counted(&overlap), g.len());
        let mut right = 0;
        for &(a, j) in &overlap {
            let (g, p) = (gold_segments[a].owner, predicted_segments[j].owner);
            right += usize::from(speaker_is_right(g, p));
            if !g.speaker.is_empty() {
                self.segment_speaker_overlaps.add(speaker_is_right(g, p));
                self.segment_speaker_touches.add(0 < g.speaker.shared(&p.speaker));
            }
        }
        self.segments_end_to_end.add(right, counted(&overlap), g.len());
    }

    fn add_relations(&mut self, gold: &[Keyed], predicted: &[Keyed]) {
        self.exact.add(matched(gold, predicted, 1.0).len(), predicted.len(), gold.len());
        let pairs = overlapping(gold, predicted);
        self.overlap.add(pairs.len(), predicted.len(), gold.len());
        let of = |list: &[Keyed], kind| list.iter().filter(|r| r.kind == kind).count() as f64;
        for (kind, count) in KINDS.into_iter().zip(&mut self.kinds) {
            count.gold += of(gold, kind);
            count.predicted += of(predicted, kind);
        }
        self.end_to_end_direct.gold += of(gold, Type::Direct);
        self.end_to_end_direct.predicted += of(predicted, Type::Direct);
        let says = |r: &Keyed| r.kind == Type::Indirect && r.says;
        self.saying.of += gold.iter().filter(|r| says(r)).count();
        let mut right = 0;
        for &(a, j) in &pairs {
            let (g, p) = (&gold[a], &predicted[j]);
            let speaker_right = speaker_is_right(g, p);
            for (kind, count) in KINDS.into_iter().zip(&mut self.kinds) {
                count.right_gold += f64::from(u8::from(g.kind == kind));
                count.right_predicted += f64::from(u8::from(p.kind == kind));
            }
            self.saying.right += usize::from(says(g));
            if speaker_right {
                right += 1;
                self.end_to_end_direct.right_gold += f64::from(u8::from(g.kind == Type::Direct));
                self.end_to_end_direct.right_predicted += f64::from(u8::from(p.kind == Type::Direct));
            }
            if !g.speaker.is_empty() {
                self.speaker_exact.add(g.speaker == p.speaker);
                self.speaker_overlaps.add(speaker_right);
                self.speaker_touches.add(0 < g.speaker.shared(&p.speaker));
            }
        }
        self.end_to_end.add(right, predicted.len(), gold.len());
    }

    /// Mean share of each content that the other side covers (Johansson & Moschitti 2013).
    fn add_soft(&mut self, gold: &[Keyed], predicted: &[Keyed]) {
        let all =
            |list: &[Keyed]| -> Key { list.iter().flat_map(|r| r.content.offsets()).copied().collect() };
        let covered = |list: &[Keyed], by: &Key| -> f64 {
            list.iter().map(|r| ratio(r.content.shared(by) as f64, r.content.len() as f64)).sum()
        };
        self.soft.right_predicted += covered(predicted, &all(gold));
        self.soft.right_gold += covered(gold, &all(predicted));
        self.soft.predicted += predicted.len() as f64;
        self.soft.gold += gold.len() as f64;
    }

    /// All figures under the names of `score_relations.py`, in its order.
    pub fn figures(&self) -> Figures {
        let [direct, mixed, indirect] = &self.kinds;
        vec![
            ("dq_exact_P", self.segments_exact.precision()),
            ("dq_exact_R", self.segments_exact.recall()),
            ("dq_exact_F", self.segments_exact.f()),
            ("dq_ovl_P", self.segments_overlap.precision()),
            ("dq_ovl_R", self.segments_overlap.recall()),
            ("dq_ovl_F", self.segments_overlap.f()),
            ("dq_spk_ovl", self.segment_speaker_overlaps.rate()),
            ("dq_spk_any", self.segment_speaker_touches.rate()),
            ("dq_e2e_F", self.segments_end_to_end.f()),
            ("all_exact_F", self.exact.f()),
            ("all_ovl_P", self.overlap.precision()),
            ("all_ovl_R", self.overlap.recall()),
            ("all_ovl_F", self.overlap.f()),
            ("all_soft_P", self.soft.precision()),
            ("all_soft_R", self.soft.recall()),
            ("all_soft_F", self.soft.f()),
            ("D_P", direct.precision()),
            ("D_R", direct.recall()),
            ("D_F", direct.f()),
            ("M_P", mixed.precision()),
            ("M_R", mixed.recall()),
            ("M_F", mixed.f()),
            ("I_P", indirect.precision()),
            ("I_R", indirect.recall()),
            ("I_F", indirect.f()),
            ("Rsay", self.saying.rate()),
            ("spk_exact", self.speaker_exact.rate()),
            ("spk_ovl", self.speaker_overlaps.rate()),
            ("spk_any", self.speaker_touches.rate()),
            ("e2e_P", self.end_to_end.precision()),
            ("e2e_R", self.end_to_end.recall()),
            ("e2e_F", self.end_to_end.f()),
            ("e2eD_F", self.end_to_end_direct.f()),
            ("cue_exact_F", self.cue_exact.f()),
            ("cue_touch_F", self.cue_touch.f()),
            ("src_exact_F", self.source_exact.f()),
            ("src_touch_F", self.source_touch.f()),
            ("n_pred", self.overlap.predicted),
            ("n_gold", self.overlap.gold),
        ]
    }
}

/// A contiguous piece of direct quotation and the first relation that holds it.
struct Segment<'k> {
    key: Key,
    owner: &'k Keyed,
}

/// The contents of direct relations cut into contiguous pieces within a paragraph, in order of the text.
fn segments<'k>(page: &Page, relations: &'k [Keyed]) -> Vec<Segment<'k>> {
    let mut found: BTreeMap<(usize, usize), Segment<'k>> = BTreeMap::new();
    for owner in relations.iter().filter(|r| r.kind == Type::Direct) {
        for piece in owner.content.offsets().chunk_by(|&a, &b| !page.breaks_between(a, b)) {
            let key = || piece.iter().copied().collect();
            found.entry((piece[0], piece.len())).or_insert_with(|| Segment { key: key(), owner });
        }
    }
    found.into_values().collect()
}

/// The different, non-empty keys of one component, in order of their first relation.
fn component(relations: &[Keyed], of: fn(&Keyed) -> &Key) -> Vec<&Key> {
    let mut seen = HashSet::new();
    relations.iter().map(of).filter(|key| !key.is_empty() && seen.insert(*key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(figures: &Figures, name: &str) -> f64 {
        figures.iter().find(|(n, _)| *n == name).map(|(_, v)| *v).unwrap()
    }

    const TEXT: &str = "“We agree,” Ines Falk said. “We sign.”\nPavel Orr added that talks go on.";

    fn gold() -> Vec<Relation> {
        vec![
            Relation { content: vec![(0, 11), (28, 38)], speaker: Some((12, 21)), cue: Some((22, 26)) },
            Relation { content: vec![(55, 71)], speaker: Some((39, 48)), cue: Some((49, 54)) },
        ]
    }

    fn score(predicted: &[Relation]) -> Figures {
        let mut tally = Tally::default();
        tally.add(&Page::new(TEXT), &gold(), predicted);
        tally.figures()
    }

    #[test]
    fn the_gold_itself_scores_one() {
        let figures = score(&gold());
        for name in ["dq_ovl_F", "dq_e2e_F", "all_exact_F", "all_soft_F", "Rsay", "e2e_F", "cue_exact_F"] {
            assert_eq!(figure(&figures, name), 1.0, "{name}");
        }
        assert_eq!(figure(&figures, "n_gold"), 2.0);
    }

    #[test]
    fn a_split_quotation_is_two_segments_but_one_relation() {
        let mut predicted = gold();
        predicted[0].content.pop();
        let figures = score(&predicted);
        assert_eq!(figure(&figures, "dq_ovl_R"), 0.5);
        assert_eq!(figure(&figures, "all_ovl_R"), 1.0, "7 of 14 letters are enough");
    }

    #[test]
    fn a_wrong_speaker_costs_end_to_end_only() {
        let mut predicted = gold();
        predicted[1].speaker = Some((12, 21));
        let figures = score(&predicted);
        assert_eq!(figure(&figures, "all_ovl_F"), 1.0);
        assert_eq!(figure(&figures, "e2e_F"), 0.5);
        assert_eq!(figure(&figures, "spk_any"), 0.5);
    }

    #[test]
    fn repetitions_and_empty_contents_do_not_count() {
        let mut predicted = gold();
        predicted.push(predicted[1].clone());
        predicted.push(Relation { content: vec![(9, 11)], ..Relation::default() });
        assert_eq!(figure(&score(&predicted), "n_pred"), 2.0);
    }
}
