//! The reader: one pass of a small encoder over a document, and what its heads say.

use crate::Span;

/// What a stretch of text is in an attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The words that stand for the speaker.
    Speaker,
    /// The reporting words.
    Cue,
    /// The quoted or reported words.
    Content,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MentionKind {
    /// A person's name, without title.
    Person,
    /// An organisation, institution, newspaper.
    Organisation,
    /// A country, capital or other place.
    Place,
    /// A nationality, religion or party: "Chinese", "Republicans".
    Group,
    /// A title or office next to a name: "Secretary of State".
    Title,
}

/// A stretch that the roles head marked.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleSpan {
    /// What it is.
    pub role: Role,
    /// Bytes in the text.
    pub span: Span,
    /// Tokens in the reading.
    pub tokens: std::ops::Range<usize>,
    /// Mean probability of its tokens' labels, 0–1.
    pub confidence: f32,
}

/// A name that the mentions head marked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mention {
    /// What it stands for.
    pub kind: MentionKind,
    /// Bytes in the text, on word boundaries, without possessive 's.
    pub span: Span,
    /// Mean probability of its tokens' labels, 0–1.
    pub confidence: f32,
}

/// Everything the encoder said of one document.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Word pieces in order of the text: their bytes.
    pub tokens: Vec<Span>,
    /// Role spans in order of the text.
    pub roles: Vec<RoleSpan>,
    /// Mentions in order of the text, without overlaps.
    pub mentions: Vec<Mention>,
}
