//! Sentence splitting against gold sentences.

use super::boundaries;
use super::corpora::News;
use super::counts::Retrieval;
use super::report::Section;
use crate::{paragraphs, sentences};
use rayon::prelude::*;

/// Scores the sentence splitter on some corpora (name of the figure, what it is, documents).
pub fn section(name: &'static str, corpora: &[(&'static str, &'static str, Vec<News>)]) -> Section {
    let mut section = Section {
        name,
        about:
            "Ends of sentences inside paragraphs, F; white space belongs to nobody, and the last end of a \
                paragraph does not count."
                .to_owned(),
        ..Section::default()
    };
    for (figure, meaning, documents) in corpora {
        let counts: Vec<Retrieval> = documents.par_iter().map(count).collect();
        let mut total = Retrieval::default();
        for count in &counts {
            total.add(count.right_gold as usize, count.predicted as usize, count.gold as usize);
        }
        section.share(figure, meaning, total.f());
    }
    section
}

fn count(document: &News) -> Retrieval {
    let text = &document.text;
    let predicted: Vec<_> = sentences::split(text).iter().map(|sentence| sentence.span).collect();
    let mut count = Retrieval::default();
    boundaries::add(&mut count, text, &paragraphs::split(text), &document.sentences, &predicted);
    count
}
