//! What the pipeline says of a document, in the corpora's terms.

use super::components::Components;
use super::page::{Chars, Page};
use super::relations::Relation;
use crate::pipeline::{Analysis, Pipeline, Statement};
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
    /// Maps what was found in a text to code points.
    pub fn new(text: &str, analysis: Analysis) -> Self {
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
    let one = |&(id, text): &(&str, &str)| Predicted::new(text, pipeline.analyse(Document { id, text }));
    documents.par_iter().map(one).collect()
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

/// Invented predictions for the tests of the scorers.
#[cfg(test)]
pub(super) mod invented {
    use super::*;
    use crate::quotes::{Kind, Quote};
    use crate::speakers::Speaker;
    use crate::stance::Stance;

    /// A prediction with these statements.
    pub fn predicted(text: &str, statements: Vec<Statement>) -> Predicted {
        let paragraphs = crate::paragraphs::split(text);
        Predicted::new(text, Analysis { paragraphs, statements, ..Analysis::default() })
    }

    /// A statement whose parts are the first places of these words in the text.
    pub fn statement(
        text: &str,
        content: &str,
        mention: &str,
        speaker: Speaker,
        stance: Stance,
    ) -> Statement {
        let place = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let quote = Quote {
            content: vec![place(content)],
            kind: Kind::Indirect,
            cue: None,
            mention: Some(place(mention)),
            confidence: 1.0,
            basis: String::new(),
        };
        Statement { quote, speaker, stance, confidence: 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{speakers::Speaker, stance::Stance};

    #[test]
    fn bytes_become_code_points() {
        let text = "“Né,” José said.";
        let statement = invented::statement(text, "“Né,”", "José", Speaker::default(), Stance::default());
        let predicted = invented::predicted(text, vec![statement]);
        assert_eq!(
            predicted.relations,
            [Relation { content: vec![(0, 5)], speaker: Some((6, 10)), cue: None }]
        );
    }

    #[test]
    fn long_contents_are_never_shown_whole() {
        let page = Page::new("one two three four five six");
        assert_eq!(excerpt(&page, &[(0, 27)]), "0-27 one two three … five six");
        assert_eq!(excerpt(&page, &[]), "-");
    }
}
