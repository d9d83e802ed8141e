//! What the encoder said of one document, and the two heads that are asked later: links and stance.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::heads::{Heads, Link, StanceFeatures, StanceInput, StanceScores};
use super::windows::Window;
use super::{Mention, RoleSpan};
use crate::Span;

/// Most tokens of one content part that vote on its partners.
const VOTERS: usize = 64;
/// Least log-probability of a candidate, also of one that no voter sees.
const FLOOR: f32 = -15.0;
/// Distance in bytes at which a candidate is as likely as none, where there are no vectors.
const FAR: usize = 200;

/// Everything the encoder said of one document.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Word pieces in order of the text: their bytes.
    pub tokens: Vec<Span>,
    /// Role spans in order of the text.
    pub roles: Vec<RoleSpan>,
    /// Mentions in order of the text, without overlaps.
    pub mentions: Vec<Mention>,
    /// Probabilities of [`ROLES`](super::config::ROLES) for each token; empty in a reading made by hand.
    pub role_probabilities: Vec<[f32; 7]>,
    /// What the windows held, in tokens.
    pub windows: Vec<Window>,
    /// Vectors of the first windows' rows; none in a reading made by hand.
    pub(crate) vectors: Option<Vectors>,
}

/// Vectors of the windows read first, row after row: `[CLS]`, context, own tokens, `[SEP]`.
#[derive(Debug, Clone)]
pub(crate) struct Vectors {
    pub(super) heads: Arc<Heads>,
    /// First row of each window.
    pub(super) first_rows: Vec<usize>,
    /// The encoder's vectors.
    pub(super) hidden: Vec<f32>,
    /// Link queries and keys.
    pub(super) links: Vec<f32>,
    /// Queries and keys of each window's pointers, once they are asked for.
    pub(super) pointed: Vec<OnceLock<Vec<f32>>>,
}

impl Reading {
    /// A reading made by hand, for tests of other stages: no vectors, so that [`link`](Self::link) goes by
    /// distance and [`stance`](Self::stance) is neutral.
    pub fn fixed(tokens: Vec<Span>, roles: Vec<RoleSpan>, mentions: Vec<Mention>) -> Self {
        Self { tokens, roles, mentions, ..Self::default() }
    }

    /// Tokens that share a byte with `span`.
    pub fn tokens_of(&self, span: Span) -> Range<usize> {
        let start = self.tokens.partition_point(|token| token.end <= span.start);
        let end = self.tokens.partition_point(|token| token.start < span.end);
        start..end.max(start)
    }

    /// What stance logits are divided by before the softmax.
    pub fn stance_temperature(&self) -> f32 {
        self.vectors.as_ref().map_or(1.0, |vectors| vectors.heads.config.stance_temperature)
    }

    /// A number tuned with the model, by its name in `config.json`.
    pub fn threshold(&self, name: &str) -> Option<f32> {
        self.vectors.as_ref()?.heads.config.thresholds.get(name).copied()
    }

    /// Log-probabilities that a content's partner is none, candidate 0, candidate 1, …; mean over the
    /// content's tokens (the first 64 of each part) of what each says of the positions in its window. None
    /// and the candidates need not sum to 1: other words of the window have their share. A candidate
    /// outside a token's window has -15, the least.
    ///
    /// Without vectors (a reading made by hand, or beyond the first 65,536 tokens) the nearest candidate is
    /// best: softmax of -ln(1 + bytes between it and the content), none standing 200 bytes away.
    pub fn link(&self, link: Link, content: &[Span], candidates: &[Span]) -> Vec<f32> {
        self.votes(link, content, candidates).unwrap_or_else(|| by_distance(content, candidates))
    }

    fn votes(&self, link: Link, content: &[Span], candidates: &[Span]) -> Option<Vec<f32>> {
        let vectors = self.vectors.as_ref()?;
        let candidates: Vec<Range<usize>> = candidates.iter().map(|&span| self.tokens_of(span)).collect();
        let mut totals = vec![0.0; 1 + candidates.len()];
        let mut voters = 0;
        for part in content {
            let part = self.tokens_of(*part);
            let part = part.start..part.end.min(part.start + VOTERS);
            for (window, index) in self.windows_of(&part) {
                let own = part.start.max(window.own.start)..part.end.min(window.own.end);
                let Some(queries) = vectors.link_rows(index, window.row(own.start), own.len()) else {
                    continue;
                };
                let columns = 1 + window.seen().len();
                let keys = vectors.link_rows(index, 0, columns)?;
                let scores = vectors.heads.partners(link, queries, keys);
                for row in scores.chunks_exact(columns) {
                    totals[0] += row[0].max(FLOOR);
                    for (total, candidate) in totals[1..].iter_mut().zip(&candidates) {
                        *total += log_sum(&row[window.rows(candidate)]).max(FLOOR);
                    }
                }
                voters += own.len();
            }
        }
        (0 < voters).then(|| totals.into_iter().map(|total| total / voters as f32).collect())
    }

    /// What the stance head says of a statement; [`StanceScores::UNREAD`] without vectors.
    pub fn stance(&self, content: &[Span], cue: Option<Span>, speaker: Option<Span>) -> StanceScores {
        self.read_stance(content, cue, speaker).unwrap_or(StanceScores::UNREAD)
    }

    /// What a statement's stance is read from; nothing without vectors.
    pub fn stance_features(
        &self,
        content: &[Span],
        cue: Option<Span>,
        speaker: Option<Span>,
    ) -> Option<StanceFeatures> {
        let width = self.vectors.as_ref()?.heads.config.width;
        Some(self.stance_input(content, cue, speaker)?.features(width))
    }

    fn read_stance(
        &self,
        content: &[Span],
        cue: Option<Span>,
        speaker: Option<Span>,
    ) -> Option<StanceScores> {
        let heads = &self.vectors.as_ref()?.heads;
        Some(heads.stance(&self.stance_input(content, cue, speaker)?))
    }

    fn stance_input(
        &self,
        content: &[Span],
        cue: Option<Span>,
        speaker: Option<Span>,
    ) -> Option<StanceInput<'_>> {
        let vectors = self.vectors.as_ref()?;
        let tokens: Vec<usize> = content.iter().flat_map(|&part| self.tokens_of(part)).collect();
        let (_, first) = self.windows_of(&(*tokens.first()?..tokens.first()? + 1)).next()?;
        let rows =
            |span: Option<Span>| span.map_or_else(Vec::new, |span| self.vectors_of(self.tokens_of(span)));
        let input = StanceInput {
            content: self.vectors_of(tokens.into_iter()),
            speaker: rows(speaker),
            cue: rows(cue),
            start: vectors.hidden_row(first, 0)?,
        };
        (!input.content.is_empty()).then_some(input)
    }

    /// Each token's vector in the window that owns it.
    fn vectors_of(&self, tokens: impl Iterator<Item = usize>) -> Vec<&[f32]> {
        let Some(vectors) = &self.vectors else { return Vec::new() };
        tokens
            .filter_map(|token| {
                let (window, index) = self.windows_of(&(token..token + 1)).next()?;
                vectors.hidden_row(index, window.row(token))
            })
            .collect()
    }

    /// The windows that own a token of `run`, with their numbers.
    pub(super) fn windows_of(&self, run: &Range<usize>) -> impl Iterator<Item = (&Window, usize)> {
        let first = self.windows.partition_point(|window| window.own.end <= run.start);
        let end = run.end;
        self.windows[first..].iter().zip(first..).take_while(move |(window, _)| window.own.start < end)
    }
}

impl Window {
    /// Row of a token that the window sees; row 0 is `[CLS]`.
    pub(super) fn row(&self, token: usize) -> usize {
        1 + token - self.context.start
    }

    /// Rows of those tokens of `run` that the window sees.
    fn rows(&self, run: &Range<usize>) -> Range<usize> {
        let seen = self.seen();
        let start = run.start.clamp(seen.start, seen.end);
        let end = run.end.clamp(start, seen.end.max(start));
        self.row(start)..self.row(end)
    }
}

impl Vectors {
    fn link_rows(&self, window: usize, row: usize, count: usize) -> Option<&[f32]> {
        let width = self.heads.links.outputs;
        let first = self.first_rows.get(window)? + row;
        self.links.get(first * width..(first + count) * width)
    }

    pub(super) fn hidden_row(&self, window: usize, row: usize) -> Option<&[f32]> {
        let width = self.heads.config.width;
        let first = self.first_rows.get(window)? + row;
        self.hidden.get(first * width..(first + 1) * width)
    }
}

/// ln Σ eˣ; -∞ for nothing.
fn log_sum(values: &[f32]) -> f32 {
    let top = values.iter().fold(f32::NEG_INFINITY, |top, &value| top.max(value));
    if top == f32::NEG_INFINITY {
        return top;
    }
    values.iter().map(|value| (value - top).exp()).sum::<f32>().ln() + top
}

fn by_distance(content: &[Span], candidates: &[Span]) -> Vec<f32> {
    let closeness = |distance: usize| -(1.0 + distance as f32).ln();
    let gap = |a: Span, b: Span| b.start.saturating_sub(a.end).max(a.start.saturating_sub(b.end));
    let mut scores = vec![closeness(FAR)];
    scores.extend(
        candidates.iter().map(|&candidate| {
            closeness(content.iter().map(|&part| gap(part, candidate)).min().unwrap_or(FAR))
        }),
    );
    let total = log_sum(&scores);
    scores.iter().map(|score| (score - total).max(FLOOR)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_a_span_are_those_that_share_a_byte() {
        let spans = [(0, 3), (4, 7), (7, 8), (10, 12)].map(|(start, end)| Span::new(start, end));
        let reading = Reading::fixed(spans.to_vec(), vec![], vec![]);
        assert_eq!(reading.tokens_of(Span::new(4, 8)), 1..3);
        assert_eq!(reading.tokens_of(Span::new(2, 5)), 0..2);
        assert_eq!(reading.tokens_of(Span::new(8, 10)), 3..3);
        assert_eq!(reading.tokens_of(Span::new(40, 50)), 4..4);
    }

    #[test]
    fn without_vectors_the_nearest_candidate_is_best() {
        let reading = Reading::default();
        let content = [Span::new(100, 150), Span::new(170, 200)];
        let candidates = [Span::new(20, 30), Span::new(155, 165), Span::new(900, 910)];
        let scores = reading.link(Link::Speaker, &content, &candidates);
        assert_eq!(scores.len(), 4);
        assert!(scores[2] > scores[1] && scores[1] > scores[0] && scores[0] > scores[3]);
        assert!((scores.iter().map(|score| score.exp()).sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(reading.link(Link::Cue, &content, &[]), [0.0]);
        assert_eq!(reading.stance(&content, None, None), StanceScores::UNREAD);
    }
}
