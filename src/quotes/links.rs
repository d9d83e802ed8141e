//! Links: which cue and which speaker go with which content.
//!
//! The reader's link heads score every candidate; what stands between a content and a candidate counts against it, and
//! where the reader marked no speaker, a few plain forms of attribution say who it is.

use super::contents::Part;
use super::marks::{Region, clause};
use crate::Span;
use crate::reader::{Link, MentionKind, Reading, Role};

// The numbers below were chosen on PolNeAR devtest and our dev articles; all of them are flat there: halving or doubling
// one moves end-to-end F by 0.3 points at most.

/// How far from a content, in bytes, its cue and speaker are looked for.
const REACH: usize = 1200;
/// At most so many candidates on either side of a content, which keeps hostile text linear.
const NEAREST: usize = 12;
/// A candidate wins over "none" although it is so much less likely (natural logarithm): most contents have a cue and a
/// speaker, and the links' "none" also stands for "outside the window".
const CUE_BIAS: f32 = 1.0;
const SPEAKER_BIAS: f32 = 2.0;
/// What each other candidate between a content and a candidate costs it (natural logarithm).
const CROSSING: f32 = 0.7;
/// What a cue right beside the content has over the others, and a speaker right beside that cue (natural logarithm).
const CUE_TOUCHING: f32 = 1.0;
const SPEAKER_TOUCHING: f32 = 2.0;
/// What cue and speaker right behind a quotation that ends in no full stop have over all others (natural logarithm).
const PLAIN: f32 = 6.0;
/// What standing in an earlier paragraph costs a candidate (natural logarithm).
const EARLIER: f32 = 1.0;
/// Least log-probability of a link.
const LEAST: f32 = -12.0;
/// How far from its cue an unmarked speaker may stand, in bytes.
const BESIDE: usize = 160;

/// A part with its cue and speaker.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    pub part: Part,
    pub cue: Option<Span>,
    pub speaker: Option<Span>,
    /// Probability of the links chosen, 0–1.
    pub confidence: f32,
    /// What found the speaker beside the reader: the name of a rule, or nothing.
    pub rule: Option<&'static str>,
}

/// Links every part, in order.
pub(super) fn link(
    text: &str,
    paragraphs: &[Span],
    regions: &[Region],
    parts: &[Part],
    reading: &Reading,
) -> Vec<Linked> {
    let (cues, speakers) = (free(text, parts, reading, Role::Cue), free(text, parts, reading, Role::Speaker));
    parts
        .iter()
        .map(|part| {
            let end = horizon(part, paragraphs, regions);
            let start = paragraphs[..paragraphs.partition_point(|one| one.start <= part.span.start)].last();
            let start = start.map_or(0, |paragraph| paragraph.start);
            let earlier = |span: Span| if span.end <= start { EARLIER } else { 0.0 };
            let (cues, speakers) = (near(&cues, part.span, end), near(&speakers, part.span, end));
            let (plain_cue, plain_speaker) = plain(text, part.span, &cues, &speakers).unzip();
            let (cue, p_cue) = best(reading, Link::Cue, part, &cues, CUE_BIAS, |span| {
                let touching = if touches(text, part.span, span) { CUE_TOUCHING } else { 0.0 };
                if plain_cue == Some(span) { PLAIN } else { touching - earlier(span) }
            });
            let beside_cue = |span: Span| {
                let touching = cue.is_some_and(|cue| touches(text, cue, span));
                if cue == plain_cue && plain_speaker == Some(span) {
                    PLAIN
                } else if touching {
                    SPEAKER_TOUCHING
                } else {
                    -earlier(span)
                }
            };
            let (mut speaker, p_speaker) =
                best(reading, Link::Speaker, part, &speakers, SPEAKER_BIAS, beside_cue);
            let mut rule = None;
            // The reader overlooked the plainest of attributions.
            let told = if plain_cue.is_none() { behind(text, part.span) } else { None };
            let (cue, told) = match told {
                Some((verb, who)) => (Some(verb), Some(("beside", who))),
                None => (cue, None),
            };
            if let Some((name, who)) = told {
                (rule, speaker) = (Some(name), Some(who));
            }
            // `with the envoy, Ana Ruiz, saying “No.”`: a name between comma and cue, and the reader took another's words.
            if let (Some(verb), Some(who)) = (cue, speaker)
                && part.region.is_some()
                && touches(text, verb, part.span)
                && !touches(text, who, verb)
                && let Some(name) = person_before(verb, text, reading).filter(|name| !who.overlaps(*name))
            {
                (rule, speaker) = (Some("beside"), Some(name));
            }
            if speaker.is_none() {
                let named = |rule, found: Option<Span>| found.map(|span| (rule, span));
                let found = named("lead-in", lead_in(text, part.span, reading))
                    .or_else(|| named("signature", signature(text, part.span, reading)))
                    .or_else(|| named("beside", beside(text, cue?, parts, reading)));
                (rule, speaker) = found.unzip();
            }
            Linked { part: part.clone(), cue, speaker, confidence: (p_cue * p_speaker).sqrt(), rule }
        })
        .collect()
}

/// The cue and the speaker right behind a quotation that ends in no full stop, in either order: `“We go,” said Ana Ruiz`,
/// `“We go,” she said`; not behind `“We go.”`, where another quotation's attribution may stand.
fn plain(text: &str, content: Span, cues: &[Span], speakers: &[Span]) -> Option<(Span, Span)> {
    if !is_open(text, content) {
        return None;
    }
    let behind = |from: usize, spans: &[Span]| {
        let next = spans[spans.partition_point(|span| span.start < from)..].first().copied();
        next.filter(|span| !text[from..span.start].contains(|c: char| c.is_alphanumeric() || c == '\n'))
    };
    let cue_first = || {
        let cue = behind(content.end, cues)?;
        Some((cue, behind(cue.end, speakers)?))
    };
    let speaker_first = || {
        let speaker = behind(content.end, speakers)?;
        Some((behind(speaker.end, cues)?, speaker))
    };
    cue_first().or_else(speaker_first)
}

/// Whether a quotation ends in a mark before which its sentence goes on: `“We go,”`.
fn is_open(text: &str, content: Span) -> bool {
    let quoted = content.of(text).trim_end_matches(['"', '”', '’', '\'', '»']);
    quoted.len() < content.len() && quoted.ends_with([',', '!', '?'])
}

/// The verb and the speaker right behind a quotation that ends in no full stop, as the words tell: `“We go,” the company
/// said.`
fn behind(text: &str, content: Span) -> Option<(Span, Span)> {
    if !is_open(text, content) {
        return None;
    }
    let rest = &text[content.end..];
    let clause = rest.trim_start_matches(' ');
    let from = text.len() - clause.len();
    let (verb, who) = clause::attribution(clause)?;
    let placed = |span: Span| Span::new(span.start + from, span.end + from);
    Some((placed(verb), placed(who)))
}

/// Where the last cue and speaker of a part may begin: in its paragraph, but in any if its quotation runs on.
fn horizon(part: &Part, paragraphs: &[Span], regions: &[Region]) -> usize {
    let next = |at: usize| regions[at + 1..].iter().take(NEAREST).find(|next| next.depth == 0);
    let runs_on = part.region.and_then(next).is_some_and(|next| next.continues);
    let at = paragraphs.partition_point(|paragraph| paragraph.end < part.span.end);
    if runs_on { usize::MAX } else { paragraphs.get(at).map_or(usize::MAX, |paragraph| paragraph.end) }
}

/// The spans of one role that no content covers.
fn free(text: &str, parts: &[Part], reading: &Reading, role: Role) -> Vec<Span> {
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
}

/// The spans that lie near `of` and begin before `end`, in order.
fn near(spans: &[Span], of: Span, end: usize) -> Vec<Span> {
    let middle = spans.partition_point(|span| span.start < of.start);
    let before = spans[..middle]
        .iter()
        .rev()
        .take(NEAREST)
        .take_while(|span| of.start.saturating_sub(span.end) < REACH);
    let after = spans[middle..].iter().take(NEAREST).take_while(|span| span.start < end.min(of.end + REACH));
    let mut near: Vec<Span> = before.copied().collect();
    near.reverse();
    near.extend(after);
    near
}

/// The candidate that the reader links `part` with, and the probability of that choice.
///
/// `bonus` is what a candidate has over what the reader and its place say (natural logarithm).
fn best(
    reading: &Reading,
    kind: Link,
    part: &Part,
    candidates: &[Span],
    bias: f32,
    bonus: impl Fn(Span) -> f32,
) -> (Option<Span>, f32) {
    let scores = reading.link(kind, &[part.span], candidates);
    let Some((&none, scores)) = scores.split_first() else { return (None, 0.5) };
    let before = candidates.partition_point(|candidate| candidate.start < part.span.start);
    let crossed = |i: usize| if i < before { before - 1 - i } else { i - before };
    let ranked =
        (0..candidates.len()).map(|i| (i, scores[i] - CROSSING * crossed(i) as f32 + bonus(candidates[i])));
    match ranked.max_by(|a, b| a.1.total_cmp(&b.1)) {
        Some((i, score)) if score + bias > none && scores[i] > LEAST => {
            (Some(candidates[i]), scores[i].exp().min(1.0))
        }
        _ => (None, none.exp().min(1.0)),
    }
}

/// Whether no word stands between two spans: `replied Viktor Somogyi`, `“No,” she`.
fn touches(text: &str, one: Span, other: Span) -> bool {
    let gap = one.end.min(other.end)..one.start.max(other.start);
    gap.start <= gap.end && !text[gap].contains(char::is_alphanumeric)
}

/// Persons and organisations that end at or after `from`, in order.
fn named(reading: &Reading, from: usize) -> impl Iterator<Item = Span> {
    let first = reading.mentions.partition_point(|mention| mention.span.end < from);
    let body = |kind| matches!(kind, MentionKind::Person | MentionKind::Organisation);
    reading.mentions[first..].iter().filter(move |mention| body(mention.kind)).map(|mention| mention.span)
}

/// The person whose name ends right before a cue, but for a comma.
fn person_before(cue: Span, text: &str, reading: &Reading) -> Option<Span> {
    let before = reading.mentions.partition_point(|mention| mention.span.end <= cue.start);
    let last = reading.mentions[..before].last().filter(|last| last.kind == MentionKind::Person)?;
    touches(text, last.span, cue).then_some(last.span)
}

/// A name and a colon before the content: `From Agnes Telford: “The lamb was excellent.”`, and not `at ten: “Go.”`
fn lead_in(text: &str, content: Span, reading: &Reading) -> Option<Span> {
    let colon = text[..content.start].trim_end().strip_suffix(':')?.len();
    named(reading, colon).next().filter(|name| name.end == colon)
}

/// A dash and a name after the content: `“We came to fish.” — Inigo Zabala`, and not `“Go” — a word Zabala hates`.
fn signature(text: &str, content: Span, reading: &Reading) -> Option<Span> {
    let rest = &text[content.end..];
    if let Some(name) = headed(text, content, reading) {
        return Some(name);
    }
    let name = rest.trim_start().strip_prefix(['—', '–', '-'])?.trim_start_matches(['—', '–', '-', ' ']);
    let start = text.len() - name.len();
    named(reading, start).next().filter(|name| name.start == start)
}

/// The name behind a headline that opens with a quotation: `‘No tap will be turned’: |Lima| on upstream dam`; not
/// `“A cup half poured”: Peru and Chile end talks`.
fn headed(text: &str, content: Span, reading: &Reading) -> Option<Span> {
    let rest = text[content.end..].strip_prefix(": ")?;
    let opens = text[..content.start].trim().is_empty()
        && content.of(text).starts_with(['"', '“', '‘', '\'', '«', '„']);
    let start = text.len() - rest.len();
    let first = reading.mentions.partition_point(|mention| mention.span.start < start);
    let name = reading.mentions.get(first).filter(|name| opens && name.span.start == start)?.span;
    let line = text[name.end..].lines().next().unwrap_or_default();
    let next = line.split_whitespace().next().map(str::to_lowercase);
    let about = |word: &str| {
        matches!(word, "on" | "over" | "about" | "as" | "after" | "in" | "at" | "tells" | "warns")
    };
    next.is_none_or(|word| about(&word)).then_some(name)
}

/// The name next to a cue whose speaker the reader did not mark: `quipped Solveig Amdal`. Not across another content,
/// nor beyond the line.
fn beside(text: &str, cue: Span, parts: &[Part], reading: &Reading) -> Option<Span> {
    let start = text[..cue.start].rfind(['\n', '\r']).map_or(0, |line_end| line_end + 1);
    let start = start.max(
        parts[..parts.partition_point(|part| part.span.end <= cue.start)]
            .last()
            .map_or(0, |part| part.span.end),
    );
    let end = cue.end + text[cue.end..].find(['\n', '\r']).unwrap_or(text.len() - cue.end);
    let end = parts
        .get(parts.partition_point(|part| part.span.start < cue.end))
        .map_or(end, |part| part.span.start.min(end));
    let gap = |name: &Span| cue.start.saturating_sub(name.end).max(name.start.saturating_sub(cue.end));
    named(reading, start)
        .skip_while(|name| name.start < start)
        .take_while(|name| name.end <= end)
        .filter(|name| !name.overlaps(cue) && gap(name) <= BESIDE)
        .min_by_key(gap)
}
