//! Contents: the stretches that somebody is said to say, before they are linked and joined.
//!
//! The reader marks contents word by word, marks give exact edges: a region that the reader believes to be said becomes
//! content as a whole, and contents that begin or end inside it are drawn to its edges.

use super::edges;
use super::marks::Region;
use crate::Span;
use crate::reader::{Reading, Role};

/// Mean content probability from which a region counts as said although the decoder marked less than half of it.
const SAID: f32 = 0.35;
/// Words from which an unmarked region is long enough to be judged by its mean probability alone.
const LONG: usize = 6;
/// Mean content probability below which an unmarked stretch is no content.
const DOUBTFUL: f32 = 0.5;

/// Rows of [`ROLES`](crate::reader::config::ROLES).
const BEGIN_CONTENT: usize = 5;
const INSIDE_CONTENT: usize = 6;

/// One contiguous stretch of content.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// Bytes, tidied at the edges.
    pub span: Span,
    /// Mean probability of its words to be content, 0–1.
    pub confidence: f32,
    /// Index of the outermost region that covers it, marks included.
    pub region: Option<usize>,
    /// What found it: `marks`, `tagger` or both.
    pub basis: &'static str,
}

/// The parts of a text in order, without overlaps.
pub(super) fn parts(text: &str, regions: &[Region], reading: &Reading) -> Vec<Part> {
    let mut found: Vec<(Span, &'static str)> = Vec::new();
    let marked =
        reading.roles.iter().filter(|role| role.role == Role::Content).map(|role| role.span.trim(text));
    let mut marked: Vec<Span> = marked.filter(|span| !span.is_empty()).collect();
    let mut next = 0;
    for region in regions.iter().filter(|region| region.depth == 0) {
        while next < marked.len() && marked[next].end <= region.span.start {
            next += 1;
        }
        let touching = marked[next..].iter().take_while(|span| span.start < region.span.end).count();
        let inside: usize = marked[next..next + touching].iter().map(|span| span.shared(region.inner)).sum();
        let said = 2 * inside >= region.inner.len() && inside > 0;
        let believed = content_share(reading, region.inner) >= SAID && words(region.inner.of(text)) >= LONG;
        if !said && !believed {
            continue;
        }
        let end = if region.closed {
            region.span.end
        } else {
            open_end(region, &marked[next..next + touching], said)
        };
        let region = Span::new(region.span.start, end);
        if touching == 0 {
            found.push((region, "marks"));
        }
        for span in &mut marked[next..next + touching] {
            *span = draw(*span, region);
            found.push((*span, "marks+tagger"));
        }
    }
    found.extend(marked.iter().map(|&span| (span, "tagger")));
    found.sort_by_key(|&(span, basis)| (span.start, usize::MAX - span.end, usize::MAX - basis.len()));
    let mut parts: Vec<Part> = Vec::new();
    let merged = merge(found).into_iter();
    for (span, basis) in
        merged.flat_map(|(span, basis)| at_turns(text, span, regions).map(move |span| (span, basis)))
    {
        let span = edges::tidy(text, span, regions);
        let confidence = content_share(reading, span);
        let region = edges::covering(regions, span);
        if !span.of(text).contains(char::is_alphanumeric) || (region.is_none() && confidence < DOUBTFUL) {
            continue;
        }
        parts.push(Part { span, confidence, region, basis });
    }
    parts
}

/// An unclosed region ends where the reader's last content in it does, if the reader marked any.
fn open_end(region: &Region, touching: &[Span], said: bool) -> usize {
    let last = touching.last().map_or(region.span.end, |span| span.end.min(region.span.end));
    if said { last } else { region.span.end }
}

/// Draws the edges of `span` that lie inside `region` out to the region's edges.
fn draw(span: Span, region: Span) -> Span {
    if span.overlaps(region) { span.hull(region) } else { span }
}

/// Cuts a span where its reported words end with their sentence and a long quotation follows to its end: two statements,
/// as in `that it was late. “We left before the others came,`. Must not cut `that it was “late and cold”`.
fn at_turns(text: &str, span: Span, regions: &[Region]) -> impl Iterator<Item = Span> {
    let first = regions.partition_point(|region| region.span.start <= span.start);
    let inside = regions[first..].iter().take_while(|region| region.span.start < span.end);
    let turn = inside.filter(|region| region.depth == 0 && span.end <= region.span.end).find(|region| {
        let before = text[span.start..region.span.start].trim_end().trim_end_matches(['"', '”', '’', '\'']);
        before.ends_with(['.', '!', '?']) && words(region.inner.of(text)) >= LONG
    });
    let cut = turn.map_or(span.end, |region| region.span.start);
    [Span::new(span.start, cut), Span::new(cut, span.end)].into_iter().filter(|span| !span.is_empty())
}

/// Joins spans that overlap; they come sorted by their start.
fn merge(spans: Vec<(Span, &'static str)>) -> Vec<(Span, &'static str)> {
    let mut merged: Vec<(Span, &'static str)> = Vec::new();
    for (span, basis) in spans {
        match merged.last_mut() {
            Some((last, _)) if span.start < last.end => *last = last.hull(span),
            _ => merged.push((span, basis)),
        }
    }
    merged
}

/// Mean probability that the words of `span` are content, 0–1; 1 in a reading made by hand.
fn content_share(reading: &Reading, span: Span) -> f32 {
    if reading.role_probabilities.is_empty() {
        return 1.0;
    }
    let rows = &reading.role_probabilities[reading.tokens_of(span)];
    rows.iter().map(|row| row[BEGIN_CONTENT] + row[INSIDE_CONTENT]).sum::<f32>() / rows.len().max(1) as f32
}

fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}
