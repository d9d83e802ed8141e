//! PolNeAR: relations, those that are said, and token runs.

use super::articles::CONFIDENCE;
use super::cast::{Agreement, Casts};
use super::components::{self, Components, Instance};
use super::corpora::News;
use super::counts::{Retrieval, Share};
use super::names;
use super::predicted::{Predicted, excerpt, predict};
use super::relations::{self, Relation, Tally};
use super::reliability::{Reliability, Rows};
use super::report::{Figure, Section, Value, markdown_table, show};
use crate::confidence::features;
use crate::pipeline::Pipeline;
use std::collections::{BTreeMap, HashMap};

/// Runs the pipeline over PolNeAR documents and scores it.
pub fn section(
    name: &'static str,
    pipeline: &Pipeline,
    documents: &[News],
    casts: &Casts,
    instances: &[Instance],
) -> Section {
    let texts: Vec<(&str, &str)> = documents.iter().map(|d| (d.id.as_str(), d.text.as_str())).collect();
    score(name, documents, &predict(pipeline, &texts), casts, instances)
}

/// Scores predictions, one a document, and on the instances of the published benchmark, if any.
pub fn score(
    name: &'static str,
    documents: &[News],
    predictions: &[Predicted],
    casts: &Casts,
    instances: &[Instance],
) -> Section {
    let mut section =
        Section { name, about: about(documents.len(), !instances.is_empty()), ..Section::default() };
    let (mut tally, mut said) = (Tally::default(), Said::default());
    for (document, predicted) in documents.iter().zip(predictions) {
        let gold: Vec<Relation> = document.quotes.iter().map(|quote| quote.relation()).collect();
        tally.add(&predicted.page, &gold, &predicted.relations);
        said.add(document, &gold, predicted, casts, &mut section.errors);
    }
    let figures: BTreeMap<&'static str, f64> = tally.figures().into_iter().collect();
    let value = |figure: &str| figures.get(figure).copied().unwrap_or_default();
    for (figure, meaning) in SHOWN {
        section.share(figure, meaning, value(figure));
    }
    section.count("n_pred", "statements found", value("n_pred") as usize);
    section.count("n_gold", "statements in the gold", value("n_gold") as usize);
    section.tables = by_kind(&value);
    section.share("said_ovl_F", "as all_ovl_F, what is not said left out on both sides", said.overlap.f());
    section.share("said_e2e_F", "as e2e_F, what is not said left out on both sides", said.end_to_end.f());
    section.share(
        "name_silver",
        "full name as the silver one (by rule; see he_she_silver_coded)",
        said.names.rate(),
    );
    section.share("he_she_name_silver", "the same where the mention is he or she", said.pronouns.rate());
    said.cast.show(&mut section);
    section.share("confidence_ECE", CONFIDENCE, said.confidence.calibration_error());
    let reliability = said.confidence.table("confidence");
    let fitted = said.rows.fitted_words();
    section.tables = format!("{}\n{reliability}\nRefitted to these rows: {fitted}.\n", section.tables);
    if !instances.is_empty() {
        let ids = documents.iter().map(|d| d.id.as_str());
        let by_id: HashMap<&str, Vec<Components>> =
            ids.zip(predictions.iter().map(Predicted::components)).collect();
        for (figure, value) in components::score(instances, &by_id) {
            if let Some((figure, meaning)) = token_run_figure(figure) {
                section.figures.push(Figure { name: figure, meaning, value: Value::Share(value / 100.0) });
            }
        }
    }
    section
}

fn about(documents: usize, with_instances: bool) -> String {
    let runs = if with_instances {
        " Rivals were measured on 84 other PolNeAR articles (2,044 attributions). The rows `run_*` are the \
         published measure on token runs (`score_components.py`), published for PolNeAR's test part."
    } else {
        ""
    };
    format!("PolNeAR, {documents} news articles; definitions of `score_relations.py`.{runs}")
}

/// Figures over the attributions that somebody says; PolNeAR also marks beliefs and intentions.
#[derive(Default)]
struct Said {
    overlap: Retrieval,
    end_to_end: Retrieval,
    names: Share,
    pronouns: Share,
    cast: Agreement,
    confidence: Reliability,
    rows: Rows,
}

impl Said {
    fn add(
        &mut self,
        document: &News,
        gold: &[Relation],
        predicted: &Predicted,
        casts: &Casts,
        errors: &mut Vec<String>,
    ) {
        let page = &predicted.page;
        let gold_keys = relations::keyed(page, gold);
        let predicted_keys = relations::keyed(page, &predicted.relations);
        let pairs = relations::overlapping(&gold_keys, &predicted_keys);
        let is_said = |a: usize| document.quotes[gold_keys[a].index].is_said();
        let unsaid = pairs.iter().filter(|pair| !is_said(pair.0)).count();
        let counted = predicted_keys.len() - unsaid;
        let all = (0..gold_keys.len()).filter(|&a| is_said(a)).count();
        let mut right_speakers = 0;
        let mut right_rows = vec![false; predicted.statements.len()];
        let mut error = |what: &str, relation: &Relation, more: String| {
            let cue = excerpt(page, relation.cue.as_slice());
            let speaker = excerpt(page, relation.speaker.as_slice());
            let content = excerpt(page, &relation.content);
            errors.push(format!("{what}\t{}\t{content}\tcue {cue}\tspeaker {speaker}{more}", document.id));
        };
        for &(a, j) in &pairs {
            let (g, p) = (&gold_keys[a], &predicted_keys[j]);
            let right = relations::speaker_is_right(g, p);
            right_speakers += usize::from(is_said(a) && right);
            right_rows[p.index] = right;
            if !right {
                let mention = excerpt(page, predicted.relations[p.index].speaker.as_slice());
                error("wrong speaker", &gold[g.index], format!("\tfound {mention}"));
            }
            let quote = &document.quotes[g.index];
            self.cast.add(casts, document, quote, &predicted.statements[p.index].speaker);
            if let Some(entity) = &quote.speaker_entity {
                let name = &predicted.statements[p.index].speaker.name;
                let same = names::are_same(entity, name);
                self.names.add(same);
                if quote.is_by_pronoun(&document.text) {
                    self.pronouns.add(same);
                }
                if !same {
                    error("wrong name (silver)", &gold[g.index], format!("\t{entity}\tfound {name}"));
                }
            }
        }
        for (statement, right) in predicted.statements.iter().zip(right_rows) {
            self.confidence.add(f64::from(statement.confidence), right);
            self.rows.add(features(&statement.quote, &statement.speaker), right);
        }
        self.overlap.add(pairs.len() - unsaid, counted, all);
        self.end_to_end.add(right_speakers, counted, all);
        for (a, g) in gold_keys.iter().enumerate().filter(|(a, _)| is_said(*a)) {
            if pairs.iter().all(|pair| pair.0 != a) {
                error("missed", &gold[g.index], format!("\t{:?}", g.kind));
            }
        }
        for (j, p) in predicted_keys.iter().enumerate() {
            if pairs.iter().all(|pair| pair.1 != j) {
                error("spurious", &predicted.relations[p.index], format!("\t{:?}", p.kind));
            }
        }
    }
}

/// The figures of `score_relations.py` that the report shows.
const SHOWN: [(&str, &str); 13] = [
    ("dq_ovl_F", "direct pieces, overlap"),
    ("dq_spk_ovl", "speaker of matched direct pieces"),
    ("dq_e2e_F", "direct pieces with their speaker"),
    ("all_exact_F", "all kinds, exact"),
    ("all_ovl_P", "all kinds, overlap, precision"),
    ("all_ovl_R", "all kinds, overlap, recall"),
    ("all_ovl_F", "all kinds, overlap"),
    ("all_soft_F", "all kinds, mean share covered"),
    ("e2e_F", "all kinds with their speaker"),
    ("Rsay", "recall of indirect ones with a plain saying verb"),
    ("spk_ovl", "speaker of matched statements"),
    ("cue_touch_F", "cues, at least a letter shared"),
    ("src_touch_F", "speakers, at least a letter shared"),
];

fn by_kind(value: &impl Fn(&str) -> f64) -> String {
    let header = ["overlap", "precision", "recall", "F"].map(str::to_owned);
    let kinds = [
        ("direct", ["D_P", "D_R", "D_F"]),
        ("mixed", ["M_P", "M_R", "M_F"]),
        ("indirect", ["I_P", "I_R", "I_F"]),
    ];
    let rows = kinds.map(|(kind, figures)| {
        let cells = figures.map(|figure| show(Value::Share(value(figure))));
        [kind.to_owned()].into_iter().chain(cells).collect()
    });
    markdown_table(&header, rows)
}

/// The figure's name here and its meaning; `None` for those the report leaves out.
fn token_run_figure(figure: &str) -> Option<(&'static str, &'static str)> {
    match figure {
        "source_exact_F" => Some(("run_source_exact_F", "speakers as exact token runs")),
        "cue_exact_F" => Some(("run_cue_exact_F", "cues as exact token runs")),
        "content_exact_F" => Some(("run_content_exact_F", "contents as exact token runs")),
        "source_jaccard" => Some(("run_source_jaccard", "speakers, mean overlap of token runs")),
        "cue_jaccard" => Some(("run_cue_jaccard", "cues, mean overlap of token runs")),
        "content_jaccard" => Some(("run_content_jaccard", "contents, mean overlap of token runs")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::predicted::invented::{predicted, statement};
    use super::*;
    use crate::speakers::Speaker;
    use crate::stance::Stance;

    #[test]
    fn what_is_only_believed_counts_neither_for_nor_against() {
        let text = "Ines Falk said talks go on. Pavel Orr believed it was over.";
        let gold = r#"{"id": "d", "text": "Ines Falk said talks go on. Pavel Orr believed it was over.", "quotes": [
            {"content": [[15, 26]], "speaker": [[0, 9]], "cue": [[10, 14]], "type": "indirect",
             "speech_cue": true, "speaker_entity": "Ines Falk"},
            {"content": [[47, 58]], "speaker": [[28, 37]], "cue": [[38, 46]], "type": "indirect",
             "speech_cue": false, "speaker_entity": null}]}"#;
        let document: News = serde_json::from_str(gold).unwrap();
        let name = |name: &str| Speaker { name: name.into(), ..Speaker::default() };
        let both = vec![
            statement(text, "talks go on", "Ines Falk", name("Ines Falk"), Stance::default()),
            statement(text, "it was over", "Ines Falk", name("Ines Falk"), Stance::default()),
        ];
        let section = score("polnear-dev", &[document], &[predicted(text, both)], &Casts::default(), &[]);
        let figure = |name: &str| section.figures.iter().find(|f| f.name == name).map(|f| f.value).unwrap();
        assert_eq!(figure("all_ovl_F"), Value::Share(1.0));
        assert_eq!(figure("e2e_F"), Value::Share(0.5));
        assert_eq!((figure("said_ovl_F"), figure("said_e2e_F")), (Value::Share(1.0), Value::Share(1.0)));
        assert_eq!(figure("name_silver"), Value::Share(1.0));
    }
}
