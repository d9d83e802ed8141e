//! Links: which cue and which speaker go with which content.

use super::contents::Part;
use crate::Span;
use crate::reader::{Link, Reading, Role};

/// How far from a content, in bytes, its cue and speaker are looked for.
const REACH: usize = 1200;
/// At most so many candidates on either side of a content, which keeps hostile text linear.
const NEAREST: usize = 12;
/// A candidate wins over "none" although it is so much less likely (natural logarithm): most contents have a cue and a
/// speaker, and the links' "none" also stands for "outside the window".
const CUE_BIAS: f32 = 1.0;
const SPEAKER_BIAS: f32 = 1.0;

/// A part with its cue and speaker.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    pub part: Part,
    pub cue: Option<Span>,
    pub speaker: Option<Span>,
    /// Probability of the links chosen, 0–1.
    pub confidence: f32,
}

/// Links every part, in order.
pub(super) fn link(text: &str, parts: &[Part], reading: &Reading) -> Vec<Linked> {
    let free = |role: Role| -> Vec<Span> {
        let mut next = 0;
        let spans = reading.roles.iter().filter(|span| span.role == role).map(|span| span.span.trim(text));
        spans
            .filter(|span| {
                while next < parts.len() && parts[next].span.end <= span.start {
                    next += 1;
                }
                !span.is_empty() && parts.get(next).is_none_or(|part| !part.span.overlaps(*span))
            })
            .collect()
    };
    let (cues, speakers) = (free(Role::Cue), free(Role::Speaker));
    parts
        .iter()
        .map(|part| {
            let (cue, p_cue) = best(reading, Link::Cue, part, &near(&cues, part.span), CUE_BIAS);
            let (speaker, p_speaker) =
                best(reading, Link::Speaker, part, &near(&speakers, part.span), SPEAKER_BIAS);
            Linked { part: part.clone(), cue, speaker, confidence: (p_cue * p_speaker).sqrt() }
        })
        .collect()
}

/// The spans that lie near `of`, in order.
fn near(spans: &[Span], of: Span) -> Vec<Span> {
    let middle = spans.partition_point(|span| span.start < of.start);
    let before = spans[..middle]
        .iter()
        .rev()
        .take(NEAREST)
        .take_while(|span| of.start.saturating_sub(span.end) < REACH);
    let after =
        spans[middle..].iter().take(NEAREST).take_while(|span| span.start.saturating_sub(of.end) < REACH);
    let mut near: Vec<Span> = before.copied().collect();
    near.reverse();
    near.extend(after);
    near
}

/// The candidate that the reader links `part` with, and the probability of that choice.
fn best(reading: &Reading, kind: Link, part: &Part, candidates: &[Span], bias: f32) -> (Option<Span>, f32) {
    let scores = reading.link(kind, &[part.span], candidates);
    let Some((&none, scores)) = scores.split_first() else { return (None, 0.5) };
    let best = candidates.iter().zip(scores).max_by(|a, b| a.1.total_cmp(b.1));
    match best {
        Some((&span, &score)) if score + bias > none && score > -12.0 => (Some(span), score.exp().min(1.0)),
        _ => (None, none.exp().min(1.0)),
    }
}
