//! GUM news: full names of speakers. Its attribution is incomplete, so detection is not scored.

use super::corpora::News;
use super::counts::Share;
use super::names;
use super::predicted::{Predicted, excerpt, predict};
use super::relations::{self, Relation};
use super::report::Section;
use crate::pipeline::Pipeline;

/// Runs the pipeline over GUM documents and scores the names.
pub fn section(name: &'static str, pipeline: &Pipeline, documents: &[News]) -> Section {
    let texts: Vec<(&str, &str)> = documents.iter().map(|d| (d.id.as_str(), d.text.as_str())).collect();
    score(name, documents, &predict(pipeline, &texts))
}

/// Scores the speakers' names of the statements that overlap gold ones; one prediction a document.
pub fn score(name: &'static str, documents: &[News], predictions: &[Predicted]) -> Section {
    let mut section = Section {
        name,
        about: format!(
            "Wikinews, {} documents with gold coreference: names of the speakers of found statements. \
             Detection is not scored, as not every statement is marked.",
            documents.len()
        ),
        ..Section::default()
    };
    let (mut full, mut any, mut found) = (Share::default(), Share::default(), Share::default());
    for (document, predicted) in documents.iter().zip(predictions) {
        let page = &predicted.page;
        let gold: Vec<Relation> = document.quotes.iter().map(|quote| quote.relation()).collect();
        let gold = relations::keyed(page, &gold);
        let keys = relations::keyed(page, &predicted.relations);
        let pairs = relations::overlapping(&gold, &keys);
        found.right += pairs.len();
        found.of += gold.len();
        for (a, j) in pairs {
            let quote = &document.quotes[gold[a].index];
            let Some(entity) = &quote.speaker_entity else { continue };
            let name = &predicted.statements[keys[j].index].speaker.name;
            let is_full = names::are_same(entity, name);
            full.add(is_full);
            let aliases = quote.speaker_aliases.as_deref().unwrap_or_default();
            any.add(is_full || aliases.iter().any(|alias| names::are_same(alias, name)));
            if !is_full {
                let relation = &predicted.relations[keys[j].index];
                let (content, mention) =
                    (excerpt(page, &relation.content), excerpt(page, relation.speaker.as_slice()));
                let id = &document.id;
                section
                    .errors
                    .push(format!("wrong name\t{id}\t{content}\t{entity}\tfound {name}\tfrom {mention}"));
            }
        }
    }
    section.share("name", "full name right", full.rate());
    section.share("any_name", "any form of the name right", any.rate());
    section.count("n_named", "found statements whose speaker has a gold name", full.of);
    section.share("found", "gold statements found", found.rate());
    section
}

#[cfg(test)]
mod tests {
    use super::super::predicted::invented::{predicted, statement};
    use super::super::report::Value;
    use super::*;
    use crate::speakers::Speaker;
    use crate::stance::Stance;

    #[test]
    fn a_surname_is_a_form_of_the_name_but_not_the_full_one() {
        let text = "Falk said talks go on.";
        let gold = r#"{"id": "d", "text": "Falk said talks go on.", "quotes": [{"content": [[10, 21]],
            "type": "indirect", "speaker_entity": "Ines Falk", "speaker_aliases": ["Falk", "Ines Falk"]}]}"#;
        let document: News = serde_json::from_str(gold).unwrap();
        let falk = Speaker { name: "Falk".into(), ..Speaker::default() };
        let found = predicted(text, vec![statement(text, "talks go on", "Falk", falk, Stance::default())]);
        let section = score("gum-names", &[document], &[found]);
        let values: Vec<_> = section.figures.iter().map(|figure| figure.value).collect();
        assert_eq!(values, [Value::Share(0.0), Value::Share(1.0), Value::Count(1), Value::Share(1.0)]);
    }
}
