//! `sayso`: who said what, to whom, and in what spirit.

pub mod error;
pub mod eval;
pub mod input;
pub mod paragraphs;
pub mod pipeline;
pub mod quotes;
pub mod reader;
pub mod rows;
pub mod run;
pub mod sentences;
pub mod span;
pub mod speakers;
pub mod stance;

pub use error::Error;
pub use span::Span;

/// One article: borrowed text with its name in the collection.
#[derive(Debug, Clone, Copy)]
pub struct Document<'t> {
    /// File stem, or the id column or field of the input.
    pub id: &'t str,
    /// The text as it was read, never altered.
    pub text: &'t str,
}
