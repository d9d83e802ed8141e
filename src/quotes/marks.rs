//! Quotation marks: which stretches of a text stand between them.

use crate::Span;

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

/// Finds the regions of `text` in order of their start, given its paragraphs.
pub fn regions(text: &str, paragraphs: &[Span]) -> Vec<Region> {
    let _ = (text, paragraphs);
    Vec::new()
}
