//! Assembly: linked parts become statements; split and running quotations become one.

use super::links::Linked;
use super::marks::{self, Region};
use super::{Kind, Quote};
use crate::Span;
use crate::reader::{Reading, Role};

/// Below this an unquoted part without a cue is no statement.
const UNCUED: f32 = 0.75;

/// Words up to which a quotation may be a scare quote.
const FEW: usize = 3;
/// Confidence from which a doubtful form is a statement all the same.
const SURE: f32 = 0.7;
/// Longest hole between two parts that is filled, in bytes.
const HOLE: usize = 40;

/// A statement in the making.
struct Draft {
    parts: Vec<Span>,
    cue: Option<Span>,
    speaker: Option<Span>,
    region: Option<usize>,
    last_paragraph: usize,
    confidence: f32,
    weight: usize,
    basis: &'static str,
    rule: Option<&'static str>,
}

/// Joins parts that belong to one statement and drops what nobody is said to say.
pub(super) fn join(
    text: &str,
    paragraphs: &[Span],
    regions: &[Region],
    linked: Vec<Linked>,
    reading: &Reading,
) -> Vec<Quote> {
    let mut drafts: Vec<Draft> = Vec::new();
    for link in linked {
        let paragraph = paragraphs.partition_point(|p| p.end <= link.part.span.start);
        if let Some(draft) = drafts.last_mut().filter(|draft| belongs(text, draft, &link, paragraph, regions))
        {
            take(text, draft, link, paragraph, reading);
            continue;
        }
        if link.part.region.is_none() && link.cue.is_none() && link.part.confidence < UNCUED {
            continue;
        }
        if told_before(text, &link) {
            continue;
        }
        drafts.push(Draft {
            parts: vec![link.part.span],
            cue: link.cue,
            speaker: link.speaker,
            region: link.part.region,
            last_paragraph: paragraph,
            confidence: link.part.confidence * (0.5 + 0.5 * link.confidence),
            weight: link.part.span.len(),
            basis: link.part.basis,
            rule: link.rule,
        });
    }
    let outermost = marks::outermost(regions);
    let quotes = drafts.into_iter().map(|draft| finish(text, &outermost, draft));
    quotes.filter(|quote| !scare_quote(text, quote) && !nobody_says(quote)).collect()
}

/// A few words in quotation marks that the reader is not sure anybody says: `‘Tough’ talks end`. Must not take
/// `“No,” she said`.
fn scare_quote(text: &str, quote: &Quote) -> bool {
    let words = quote.content.iter().flat_map(|part| part.of(text).split_whitespace()).count();
    quote.kind == Kind::Direct && words <= FEW && quote.confidence < SURE && !attributed(text, quote)
}

/// Whether the last part ends in no full stop and cue and speaker stand right behind it: `“No,” she said`.
fn attributed(text: &str, quote: &Quote) -> bool {
    let (Some(last), Some(cue), Some(speaker)) = (quote.content.last(), quote.cue, quote.mention) else {
        return false;
    };
    let open = last.of(text).trim_end_matches(['"', '”', '’', '\'', '»']).ends_with([',', '!', '?']);
    let next = |from: usize, to: usize| from <= to && !text[from..to].contains(char::is_alphanumeric);
    let (first, second) = if cue.start < speaker.start { (cue, speaker) } else { (speaker, cue) };
    open && next(last.end, first.start) && next(first.end, second.start)
}

/// Reported words without a speaker that the reader is not sure of: `The talks are expected to last hours`. Must not take
/// a quotation, whose speaker may stand further off.
fn nobody_says(quote: &Quote) -> bool {
    quote.mention.is_none() && quote.kind != Kind::Direct && quote.confidence < SURE
}

/// Whether a part continues the statement before it: the same cue in the same paragraph ("A," he said. "B."), or the next
/// paragraph of a running quotation.
fn belongs(text: &str, draft: &Draft, link: &Linked, paragraph: usize, regions: &[Region]) -> bool {
    let running = link.part.region.is_some_and(|region| {
        regions[region].continues && link.part.span.start <= regions[region].inner.start
    });
    if running && paragraph == draft.last_paragraph + 1 && draft.region.is_some() {
        return true;
    }
    // “A,” she said. “B.”, where the reader ties the second half to the speaker alone
    let second_half = link.cue.is_none()
        && draft.cue.is_some()
        && link.speaker.is_some()
        && link.speaker == draft.speaker
        && draft.region.is_some()
        && link.part.region.is_some();
    (link.cue.is_some() && link.cue == draft.cue || second_half)
        && paragraph == draft.last_paragraph
        && !turns(text, draft, link)
}

/// Whether an unquoted sentence is over before its cue comes: `The road was open again. “We counted forty cars,” said
/// Roos` reports one statement, for reported words run on after an attribution and not up to one. Must not take
/// `The road was open again, said Roos`.
fn told_before(text: &str, link: &Linked) -> bool {
    let after = |cue: Span| text.get(link.part.span.end..cue.start);
    link.part.region.is_none()
        && link
            .cue
            .and_then(after)
            .is_some_and(|gap| gap.starts_with(['.', '!', '?']) && gap.contains(['“', '"', '”']))
}

/// Whether reported words end with their sentence and a quotation begins, or the other way round, with nothing between:
/// `… that it was late. “We left,` are two statements though one cue follows. Must not take `“No,” she said. “Never.”`
fn turns(text: &str, draft: &Draft, link: &Linked) -> bool {
    let Some(last) = draft.parts.last() else { return false };
    let gap = &text[last.end.min(link.part.span.start)..link.part.span.start];
    let ended = |words: &str| words.trim_end_matches(['"', '”', '’', '\'', ' ']).ends_with(['.', '!', '?']);
    let only_stop = !gap.contains(char::is_alphanumeric);
    only_stop && draft.region.is_some() != link.part.region.is_some() && (ended(gap) || ended(last.of(text)))
}

fn take(text: &str, draft: &mut Draft, link: Linked, paragraph: usize, reading: &Reading) {
    let weight = link.part.span.len();
    let confidence = link.part.confidence * (0.5 + 0.5 * link.confidence);
    let total = (draft.weight + weight) as f32;
    draft.confidence = (draft.confidence * draft.weight as f32 + confidence * weight as f32) / total;
    draft.weight += weight;
    match draft.parts.last_mut() {
        Some(last)
            if paragraph == draft.last_paragraph
                && hole(*last, link.part.span, reading)
                && !(draft.region.is_some()
                    && link.part.region.is_some()
                    && draft.region != link.part.region
                    && reports(text, *last, link.part.span)) =>
        {
            *last = last.hull(link.part.span);
        }
        _ => draft.parts.push(link.part.span),
    }
    draft.region = link.part.region;
    draft.last_paragraph = paragraph;
    draft.speaker = draft.speaker.or(link.speaker);
    draft.cue = draft.cue.or(link.cue);
}

/// Whether words stand between two quotations that may attribute them: `“No,” |said Holt. “|Never.”`, not `“a” |and| “b”`.
fn reports(text: &str, before: Span, after: Span) -> bool {
    let gap = &text[before.end..after.start.max(before.end)];
    let words = gap.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.into_iter().any(|word| !matches!(word, "and" | "or" | "but"))
}

/// Whether what stands between two parts of one statement is a hole the reader left and no attribution: short, without
/// cue or speaker.
///
/// Takes `to open the port … and the road`, must not take `“No,” she said. “Never.”`
fn hole(before: Span, after: Span, reading: &Reading) -> bool {
    let gap = Span::new(before.end, after.start.max(before.end));
    let first = reading.roles.partition_point(|role| role.span.end <= gap.start);
    let attributed = reading.roles[first..]
        .iter()
        .take_while(|role| role.span.start < gap.end)
        .any(|role| role.role != Role::Content);
    gap.len() <= HOLE && !attributed
}

fn finish(text: &str, outermost: &[Span], draft: Draft) -> Quote {
    let (mut quoted, mut all) = (0, 0);
    for &part in &draft.parts {
        let (inside, letters) = marks::quoted_letters(text, part, outermost);
        quoted += inside;
        all += letters;
    }
    let kind = if quoted == 0 {
        Kind::Indirect
    } else if quoted == all {
        Kind::Direct
    } else {
        Kind::Mixed
    };
    Quote {
        content: draft.parts,
        kind,
        cue: draft.cue,
        mention: draft.speaker,
        confidence: draft.confidence.clamp(0.0, 1.0),
        basis: draft.rule.map_or_else(|| draft.basis.to_owned(), |rule| format!("{}+{rule}", draft.basis)),
    }
}
