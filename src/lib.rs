//! `sayso`: who said what, to whom, and in what spirit.
//!
//! Reads English news articles and finds their *statements*: one attribution each, with its content (direct, mixed or
//! indirect quotation), its cue, its speaker by full name, and its stance toward the other side.
//!
//! ```
//! use sayso::{Document, pipeline::Pipeline, quotes::Kind, stance::Label};
//!
//! let pipeline = Pipeline::load(None)?; // the models built into the program
//! let text = "Foreign Minister Ilse Brandvold spoke in Oslo. “We welcome their offer and thank them for it,” she said.";
//! let analysis = pipeline.analyse(Document { id: "oslo", text });
//!
//! let statement = &analysis.statements[0];
//! assert_eq!(statement.quote.content[0].of(text), "“We welcome their offer and thank them for it,”");
//! assert_eq!(statement.quote.kind, Kind::Direct);
//! assert_eq!(statement.speaker.name, "Ilse Brandvold");
//! assert_eq!(statement.stance.label, Label::Conciliatory);
//! # Ok::<(), sayso::Error>(())
//! ```
//!
//! Data flows one way, each stage a plain function of what came before:
//!
//! | stage | | |
//! |---|---|---|
//! | [`paragraphs`], [`sentences`] | text | where they begin and end |
//! | [`quotes::marks`] | text | which stretches stand in quotation marks |
//! | [`reader`] | text | one pass of a small encoder: roles, mentions, links, vectors |
//! | [`quotes`] | marks, reading | contents with cue and speaker mention |
//! | [`speakers`] | quotes, reading | names, roles, sides, targets |
//! | [`stance`] | quotes, reading | three probabilities |
//! | [`pipeline`] | | the order of the stages |
//! | [`roster`] | speakers | who is who in a whole collection |
//! | [`rows`], [`run`], [`input`] | | what goes in, what comes out, and the batch |
//! | [`eval`] | | how well it works |
//! | [`finetune`] | codings | the stance fitted to a codebook of one's own |
//!
//! Spans are half-open **byte** ranges on char boundaries ([`Span`]); only rows count code points. Analysis never fails: any
//! text gives statements or none.

pub mod confidence;
pub mod error;
pub mod eval;
pub mod finetune;
pub mod input;
pub mod paragraphs;
pub mod pipeline;
pub mod quotes;
pub mod reader;
pub mod roster;
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
