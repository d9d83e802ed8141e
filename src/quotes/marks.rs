//! Quotation marks: which stretches of a text stand between them.
//!
//! Everything is settled within the paragraph: [`glyph`] finds the marks and weighs what stands on
//! either side of each ([`apostrophe`] the single ones), [`pairing`] chooses the reading of them all with the least against it, and
//! [`clause`] says where a quotation with one mark missing ends. Only an open quotation is handed on
//! to the next paragraph, which may go on with it.

mod apostrophe;
pub(super) mod clause;
mod glyph;
mod pairing;

use crate::Span;
use glyph::Mark;
use pairing::{Neighbours, Role};

/// The kind of marks around a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkStyle {
    /// “…”, "…", ''…'', „…“, «…» and their kin.
    Double,
    /// ‘…’, '…', ‹…›: marks that could be apostrophes, used as quotation marks.
    Single,
}

/// A stretch of text in quotation marks, within one paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// With its marks (those that exist), bytes.
    pub span: Span,
    /// Without its marks, bytes.
    pub inner: Span,
    /// The kind of marks.
    pub style: MarkStyle,
    /// Whether the closing mark stands in the text. False: the region was ended by repair.
    pub closed: bool,
    /// Whether the opening mark stands in the text. False: only a closing mark was there.
    pub opened: bool,
    /// Whether the region goes on from the region before it: a running quotation whose
    /// paragraphs each open with a mark and of which only the last one closes.
    pub continues: bool,
    /// 0 for outermost regions, 1 for a region inside another, …
    pub depth: u8,
}

/// Finds the regions of `text` in order of their start, the outer before the inner, given its
/// paragraphs. Each lies within one paragraph; two either nest or lie apart; none is empty.
pub fn regions(text: &str, paragraphs: &[Span]) -> Vec<Region> {
    let tags = glyph::tags(text);
    let mut regions = Vec::new();
    let mut carried = None;
    let mut marks = paragraphs.first().map_or_else(Vec::new, |first| glyph::scan(text, *first, &tags));
    for (i, &paragraph) in paragraphs.iter().enumerate() {
        let next = paragraphs.get(i + 1).map(|next| (next.start, glyph::scan(text, *next, &tags)));
        let reopens = next.as_ref().and_then(|(start, marks)| opens_at(*start, marks));
        let opens = opens_at(paragraph.start, &marks);
        let goes_on = is_broken_line(text, paragraph);
        carried = carried.filter(|style| goes_on || opens == Some(*style));
        // A paragraph that reopens the quotation needs no mark at the end of the one before.
        let lone = carried.filter(|_| opens.is_none());
        let roles = pairing::pair(&marks, Neighbours { carried: lone, reopens });
        let mut page =
            Page { text, paragraph, carried, reopens, open: Vec::new(), regions: Vec::new(), last_end: None };
        for (mark, role) in marks.iter().zip(roles) {
            page.read(mark, role);
        }
        carried = page.finish();
        regions.append(&mut page.regions);
        marks = next.map_or_else(Vec::new, |(_, marks)| marks);
    }
    regions
}

/// The outermost of `regions`, in order: what [`quoted_letters`] asks.
pub fn outermost(regions: &[Region]) -> Vec<Span> {
    regions.iter().filter(|region| region.depth == 0).map(|region| region.inner).collect()
}

/// How many letters and digits of `span` stand in quotation marks, and how many it has, given the
/// [`outermost`] regions of the text.
pub fn quoted_letters(text: &str, span: Span, outermost: &[Span]) -> (usize, usize) {
    let letters = |span: Span| span.of(text).chars().filter(|c| c.is_alphanumeric()).count();
    let first = outermost.partition_point(|region| region.end <= span.start);
    let inside = outermost[first..].iter().take_while(|region| region.start < span.end);
    let quoted =
        inside.map(|region| letters(Span::new(region.start.max(span.start), region.end.min(span.end)))).sum();
    (quoted, letters(span))
}

/// The style of the mark that opens a paragraph starting at `start`, if one does.
fn opens_at(start: usize, marks: &[Mark]) -> Option<MarkStyle> {
    let first = marks.first().filter(|mark| mark.span.start == start)?;
    (first.open <= first.close && first.open < 3).then_some(first.glyph.style())
}

/// Whether `paragraph` goes on with a sentence of the paragraph before, as lines of a fixed width do:
/// it starts small or with a digit, or what is before it has no full stop. Not: a picture's caption
/// between two paragraphs.
fn is_broken_line(text: &str, paragraph: Span) -> bool {
    let before = text[..paragraph.start].trim_end();
    paragraph.of(text).starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
        || !before.ends_with(['.', '?', '!', '…', ':', ')'])
}

/// A paragraph while its marks are read in order.
struct Page<'t> {
    text: &'t str,
    paragraph: Span,
    /// The style of the region that the paragraph before left open.
    carried: Option<MarkStyle>,
    /// The style of the mark at the start of the paragraph after.
    reopens: Option<MarkStyle>,
    /// The marks of the regions that are open, outermost first.
    open: Vec<Mark>,
    /// Those that have ended.
    regions: Vec<Region>,
    /// Where the last outermost region in double marks ended.
    last_end: Option<usize>,
}

impl Page<'_> {
    fn read(&mut self, mark: &Mark, role: Role) {
        match role {
            Role::Skip => {}
            Role::Open => self.open.push(*mark),
            Role::Reopen(place) => {
                self.end_without_marks(usize::from(place), mark.span.start);
                self.open.push(*mark);
            }
            Role::Close(place) => {
                self.end_without_marks(usize::from(place) + 1, mark.span.start);
                if let Some(opening) = self.open.pop() {
                    let inner = Span::new(opening.span.end, mark.span.start);
                    self.push(
                        opening.span.hull(mark.span),
                        inner,
                        opening,
                        Ends { opened: true, closed: true },
                    );
                }
            }
            Role::Lone => self.close_unopened(mark),
        }
    }

    /// Ends the open regions from `place` on at `end`, or earlier where a clause that names the speaker
    /// or the end of the reporter's sentence says so.
    fn end_without_marks(&mut self, place: usize, end: usize) {
        while place < self.open.len()
            && let Some(opening) = self.open.pop()
        {
            let stretch = Span::new(opening.span.end, end);
            let running = self.reopens == Some(opening.glyph.style()) && end == self.paragraph.end;
            let fragment = clause::fragment_end(self.text, stretch).filter(|_| !running);
            let clause = clause::closing_clause(self.text, stretch);
            let end = clause.into_iter().chain(fragment).min().unwrap_or(end);
            let inner = Span::new(opening.span.end, end);
            let span = opening.span.hull(inner).trim(self.text);
            self.push(span, inner, opening, Ends { opened: true, closed: false });
        }
    }

    /// A region that only a closing mark bounds.
    fn close_unopened(&mut self, mark: &Mark) {
        let stretch =
            Span::new(self.last_end.unwrap_or(self.paragraph.start), mark.span.start).trim(self.text);
        let rest = &self.text[mark.span.end..self.paragraph.end];
        let goes_on = self.last_end.is_none() && self.carried == Some(mark.glyph.style());
        let start =
            if goes_on { Some(stretch.start) } else { clause::opening_clause(self.text, stretch, rest) };
        // Kept off from what comes later even where it bounds nothing: no text is read twice.
        self.last_end = Some(mark.span.end);
        if let Some(start) = start {
            let inner = Span::new(start, mark.span.start);
            self.push(inner.hull(mark.span), inner, *mark, Ends { opened: false, closed: true });
        }
    }

    fn push(&mut self, span: Span, inner: Span, mark: Mark, ends: Ends) {
        let depth = self.open.len();
        if depth == 0 && mark.glyph.style() == MarkStyle::Double {
            self.last_end = Some(span.end);
        }
        let inner = inner.trim(self.text);
        if inner.is_empty() {
            return;
        }
        let style = mark.glyph.style();
        let continues = self.carried == Some(style) && span.start == self.paragraph.start;
        let Ends { opened, closed } = ends;
        self.regions.push(Region { span, inner, style, closed, opened, continues, depth: depth as u8 });
    }

    /// Ends what is still open, puts the regions in order and tells the style of the one that the
    /// next paragraph may go on with: open to the paragraph's end.
    fn finish(&mut self) -> Option<MarkStyle> {
        self.end_without_marks(0, self.paragraph.end);
        self.regions.sort_by_key(|region| (region.span.start, std::cmp::Reverse(region.span.end)));
        nest(&mut self.regions);
        let last = self.regions.iter().rfind(|region| region.depth == 0)?;
        (!last.closed && last.span.end == self.paragraph.end).then_some(last.style)
    }
}

/// Which of its marks a region has.
struct Ends {
    opened: bool,
    closed: bool,
}

/// Counts the depths anew: a region that a clause cut short no longer holds those after the cut. One
/// that the cut goes through ends with it.
fn nest(regions: &mut Vec<Region>) {
    let mut around: Vec<Span> = Vec::new();
    for region in regions.iter_mut() {
        while around.last().is_some_and(|outer| outer.end <= region.span.start) {
            around.pop();
        }
        if let Some(outer) = around.last()
            && outer.end < region.span.end
        {
            region.span.end = outer.end;
            region.inner.end = region.inner.end.min(outer.end);
            region.closed = false;
        }
        region.depth = around.len() as u8;
        around.push(region.span);
    }
    regions.retain(|region| region.inner.start < region.inner.end);
}

#[cfg(test)]
mod tests;
