//! What the pipeline says of a document, in the corpora's terms.

use super::components::Components;
use super::page::{Chars, Page};
use super::relations::Relation;
use crate::pipeline::{Pipeline, Statement};
use crate::{Document, Span};
use rayon::prelude::*;

/// One document with its text prepared and everything the pipeline found.
#[derive(Debug, Clone)]
pub struct Predicted {
    /// The text as the scorers see it.
    pub page: Page,
    /// Paragraphs, bytes.
    pub paragraphs: Vec<Span>,
    /// Sentences, bytes.
    pub sentences: Vec<Span>,
    /// The statements' spans in code points, in the statements' order.
    pub relations: Vec<Relation>,
    /// The statements themselves.
    pub statements: Vec<Statement>,
}

impl Predicted {
    fn new(pipeline: &Pipeline, id: &str, text: &str) -> Self {
        let analysis = pipeline.analyse(Document { id, text });
        let page = Page::new(text);
        let relations = analysis.statements.iter().map(|statement| relation(&page, statement)).collect();
        let sentences = analysis.sentences.iter().map(|sentence| sentence.span).collect();
        Self { page, paragraphs: analysis.paragraphs, sentences, relations, statements: analysis.statements }
    }

    /// The spans as single components.
    pub fn components(&self) -> Vec<Components> {
        let parts = |r: &Relation| Components {
            content: r.content.clone(),
            cue: r.cue.into_iter().collect(),
            speaker: r.speaker.into_iter().collect(),
        };
        self.relations.iter().map(parts).collect()
    }
}

/// Runs the pipeline over documents (id, text), in parallel; results in the documents' order.
pub fn predict(pipeline: &Pipeline, documents: &[(&str, &str)]) -> Vec<Predicted> {
    documents.par_iter().map(|(id, text)| Predicted::new(pipeline, id, text)).collect()
}

fn relation(page: &Page, statement: &Statement) -> Relation {
    let quote = &statement.quote;
    Relation {
        content: quote.content.iter().map(|&span| page.chars_of(span)).collect(),
        speaker: statement.speaker.mention.or(quote.mention).map(|span| page.chars_of(span)),
        cue: quote.cue.map(|span| page.chars_of(span)),
    }
}

/// A range for the list of errors: offsets and the first and last words, never the whole text.
pub fn excerpt(page: &Page, ranges: &[Chars]) -> String {
    let (Some(first), Some(last)) = (ranges.first(), ranges.last()) else { return "-".to_owned() };
    let words = page.words((first.0, last.1));
    let words: Vec<&str> = words.split_whitespace().collect();
    let shown = match words.as_slice() {
        [a, b, c, _, .., y, z] => format!("{a} {b} {c} … {y} {z}"),
        all => all.join(" "),
    };
    format!("{}-{} {shown}", first.0, last.1)
}
