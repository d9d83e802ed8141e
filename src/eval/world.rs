//! World news: names, types, sides, targets and stances of statements in articles that nobody wrote for us, as coders
//! gave them (`eval/worldwide-cast.jsonl`: offsets, names and labels, no text).
//!
//! The statements were found by an earlier sayso, and coders left out what was none: how many of all are found is not
//! measured here.

use super::articles;
use super::coded;
use super::corpora::{Article, ArticleStatement, News};
use super::counts::Share;
use super::keys::{Key, match_greedily};
use super::names;
use super::page::Chars;
use super::predicted::{Predicted, predict};
use super::report::Section;
use super::stances::{Stances, label_of};
use crate::pipeline::Pipeline;
use std::collections::HashMap;

/// What a coder wrote of one statement; empty where there is none.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Code {
    /// Document.
    id: String,
    /// Content parts.
    spans: Vec<Chars>,
    /// The words that stand for the speaker.
    speaker: Vec<Chars>,
    /// The reporting words.
    cue: Vec<Chars>,
    /// Fullest name in the document.
    name: String,
    /// person, organisation, country, group, unnamed or none.
    #[serde(rename = "type")]
    kind: String,
    /// Whom the speaker speaks for.
    side: String,
    /// Whom the statement is about or addressed to.
    target: String,
    /// `C`, `F`, `N`, `Nc`, `Nf`, with `?` where the coder hesitated.
    stance: String,
}

/// Runs the pipeline over the documents that have codes and compares the rows.
pub fn section(name: &'static str, pipeline: &Pipeline, documents: Vec<News>, codes: &[Code]) -> Section {
    let mut by_document: HashMap<&str, Vec<&Code>> = HashMap::new();
    codes.iter().for_each(|code| by_document.entry(&code.id).or_default().push(code));
    let coded = |document: News| Some(article(by_document.get(document.id.as_str())?, document));
    let articles: Vec<Article> = documents.into_iter().filter_map(coded).collect();
    let texts: Vec<(&str, &str)> = articles.iter().map(|a| (a.id.as_str(), a.text.as_str())).collect();
    score(name, &articles, &predict(pipeline, &texts))
}

/// A document with its codes as statements.
fn article(codes: &[&Code], document: News) -> Article {
    let statement = |code: &&Code| ArticleStatement {
        spans: code.spans.clone(),
        speaker_spans: code.speaker.clone(),
        cue_spans: code.cue.clone(),
        speaker: code.name.clone(),
        kind: code.kind.clone(),
        side: code.side.clone(),
        target: code.target.clone(),
        stance: code.stance.chars().take(1).collect(),
    };
    Article { id: document.id, text: document.text, statements: codes.iter().map(statement).collect() }
}

/// Scores predictions, one an article.
pub fn score(name: &'static str, articles: &[Article], predictions: &[Predicted]) -> Section {
    let coded: usize = articles.iter().map(|article| article.statements.len()).sum();
    let about = format!(
        "{} articles from newspapers of the world (Stanford Worldwide Newswire, training part), {coded} statements coded by \
         language models, one coder each. Their codes are kept out of the reader's training, not the named entities of the same \
         texts, and the weights of the speaker rules are fitted on them among others. Everything is over the coded ones that are found.",
        articles.len()
    );
    let mut section = Section { name, about, ..Section::default() };
    let (mut found, mut names, mut persons, mut kinds) = <(Share, Share, Share, Share)>::default();
    let (mut sides, mut named_sides, mut targets, mut named_targets) =
        <(Share, Share, Share, Share)>::default();
    let mut stances = Stances::default();
    for (article, predicted) in articles.iter().zip(predictions) {
        let page = &predicted.page;
        let gold: Vec<Key> = article.statements.iter().map(|one| page.key(&one.spans)).collect();
        let ours: Vec<Key> = predicted.relations.iter().map(|one| page.key(&one.content)).collect();
        let pairs = match_greedily(&gold.iter().collect::<Vec<_>>(), &ours.iter().collect::<Vec<_>>(), 0.5);
        for (at, statement) in article.statements.iter().enumerate() {
            let partner = pairs.iter().find(|pair| pair.0 == at).map(|pair| &predicted.statements[pair.1]);
            found.add(partner.is_some());
            let Some(partner) = partner else { continue };
            let speaker = &partner.speaker;
            if !statement.speaker.is_empty() {
                let same = names::are_same(&statement.speaker, &speaker.name);
                names.add(same);
                if statement.kind == "person" {
                    persons.add(same);
                }
                if !same {
                    section.errors.push(format!(
                        "wrong name\t{}\t{}\tfound {}",
                        article.id, statement.speaker, speaker.name
                    ));
                }
            }
            kinds.add(articles::type_name(speaker.kind) == statement.kind);
            for (code, ours, all, named) in [
                (&statement.side, &speaker.side, &mut sides, &mut named_sides),
                (&statement.target, &speaker.target, &mut targets, &mut named_targets),
            ] {
                all.add(names::are_same_sides(code, ours));
                if !code.is_empty() {
                    named.add(names::are_same_sides(code, ours));
                }
            }
            stances.add(label_of(&statement.stance), partner.stance);
        }
    }
    for (figure, meaning, share) in [
        ("found", "coded statements found", found),
        ("name", "full name as coded, where the code has one", names),
        ("person_name", "the same, persons", persons),
        ("type", "speaker type as coded", kinds),
        ("side", "side as coded, empty ones too", sides),
        ("side_named", "the same where the code has one", named_sides),
        ("target", "target as coded, empty ones too", targets),
        ("target_named", "the same where the code has one", named_targets),
    ] {
        section.share(figure, meaning, share.rate());
    }
    section.share("stance_macro_F", "stance, three classes", stances.macro_f());
    section.share("pole_flips", "coded poles given the opposite label", stances.flips());
    section.tables = coded::confusion(&stances);
    section
}

#[cfg(test)]
mod tests {
    use super::super::predicted::invented::{predicted, statement};
    use super::super::report::Value;
    use super::*;
    use crate::speakers::{Speaker, SpeakerType};
    use crate::stance::{Label, Stance};

    #[test]
    fn only_coded_statements_count() {
        const TEXT: &str = "“We welcome it,” Ines Falk said. Oslo warned that talks may end.";
        let code = r#"{"id": "d", "spans": [[0, 16]], "speaker": [[17, 26]], "cue": [[27, 31]], "name": "Ines Falk",
            "type": "person", "side": "", "target": "Chile", "stance": "C?"}"#;
        let code: Code = serde_json::from_str(code).unwrap();
        let document = News { id: "d".into(), text: TEXT.into(), quotes: vec![], sentences: vec![] };
        let article = article(&[&code], document);
        let speaker = Speaker { name: "Ines Falk".into(), kind: SpeakerType::Person, ..Speaker::default() };
        let stance = Stance { label: Label::Conciliatory, ..Stance::default() };
        let rows = vec![statement(TEXT, "“We welcome it,”", "Ines Falk", speaker, stance)];
        let section = score("world-news", &[article], &[predicted(TEXT, rows)]);
        let value =
            |name: &str| section.figures.iter().find(|figure| figure.name == name).map(|figure| figure.value);
        for (figure, share) in [
            ("found", 1.0),
            ("name", 1.0),
            ("type", 1.0),
            ("side", 1.0),
            ("target", 0.0),
            ("pole_flips", 0.0),
        ] {
            assert_eq!(value(figure), Some(Value::Share(share)), "{figure}");
        }
    }
}
