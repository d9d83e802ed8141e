//! Speakers: from the words that stand for a speaker to a name, a role and a side.

use crate::Span;
use crate::quotes::Quote;
use crate::reader::Reading;
use crate::sentences::Sentence;

/// What a speaker is (column `speaker_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SpeakerType {
    /// A named person.
    Person,
    /// An institution, company, party, newspaper.
    Organisation,
    /// A country or the capital that stands for its government.
    Country,
    /// Several people without names: "U.S. officials".
    Group,
    /// One person without a name: "a senior official".
    Unnamed,
    /// The text names nobody.
    #[default]
    None,
}

/// Who makes a statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Speaker {
    /// Fullest form of the name in the document; the description for unnamed speakers; empty if none.
    pub name: String,
    /// What the speaker is.
    pub kind: SpeakerType,
    /// Title or office as the document gives it, or empty.
    pub role: String,
    /// Country or organisation spoken for, or empty.
    pub side: String,
    /// Whom the statement is about or addressed to, or empty.
    pub target: String,
    /// The words that stand for the speaker.
    pub mention: Option<Span>,
    /// Name of the rule that resolved the name, for `basis`.
    pub basis: &'static str,
    /// Probability that the name is right, 0–1.
    pub confidence: f32,
}

/// Resolves the speaker of each quote, in the quotes' order.
pub fn attribute(
    text: &str,
    paragraphs: &[Span],
    sentences: &[Sentence],
    quotes: &[Quote],
    reading: &Reading,
) -> Vec<Speaker> {
    let _ = (text, paragraphs, sentences, reading);
    quotes.iter().map(|quote| Speaker { mention: quote.mention, ..Speaker::default() }).collect()
}
