//! The project's own articles: statements, full names, type, side, target, stance.

use super::corpora::{Article, ArticleStatement};
use super::counts::{Retrieval, Share};
use super::keys::{Key, match_greedily};
use super::names;
use super::page::{Chars, Page};
use super::predicted::{Predicted, excerpt, predict};
use super::relations::{Relation, Tally};
use super::reliability::{Reliability, Rows};
use super::report::{Section, Value, markdown_table, show};
use super::stances::{Stances, label_of, name_of};
use crate::confidence::features;
use crate::pipeline::Pipeline;
use crate::quotes::Kind;
use crate::speakers::SpeakerType;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Runs the pipeline over articles and scores it.
pub fn section(name: &'static str, pipeline: &Pipeline, articles: &[Article]) -> Section {
    let texts: Vec<(&str, &str)> = articles.iter().map(|a| (a.id.as_str(), a.text.as_str())).collect();
    let mut section = score(name, articles, &predict(pipeline, &texts));
    let with_gold = with_gold_contents(pipeline, articles);
    section.share("gold_stance_macro_F", "stance, gold content, speaker and cue", with_gold.macro_f());
    section.share("gold_leaning", "leaning of the poles, likewise", with_gold.leaning());
    section
}

/// Scores predictions, one an article.
pub fn score(name: &'static str, articles: &[Article], predictions: &[Predicted]) -> Section {
    let mut section = Section { name, about: about(articles.len()), ..Section::default() };
    let (mut counts, mut tally) = (Counts::default(), Tally::default());
    for (article, predicted) in articles.iter().zip(predictions) {
        let gold: Vec<Relation> = article.statements.iter().map(ArticleStatement::relation).collect();
        tally.add(&predicted.page, &gold, &predicted.relations);
        counts.add(article, predicted, &mut section.errors);
    }
    counts.fill(&mut section);
    for (figure, value) in tally.figures() {
        if let "dq_ovl_F" | "dq_e2e_F" | "e2e_F" | "cue_touch_F" = figure {
            section.share(figure, "as for PolNeAR", value);
        }
    }
    let fitted = counts.rows.fitted_words();
    let reliability = counts.confidence.table("confidence");
    section.tables = format!("{}\n{reliability}\nRefitted to these rows: {fitted}.\n", counts.by_kind());
    section
}

/// What the figure `confidence_ECE` measures.
pub(super) const CONFIDENCE: &str = "calibration error of `confidence`: content found and speaker right";

fn about(articles: usize) -> String {
    format!(
        "{articles} diplomatic articles written for the project. A statement is found if its letters and \
         digits overlap a gold one's (all parts together, Jaccard ≥ 0.5, one to one); everything below \
         `statements_F` is over the found ones."
    )
}

#[derive(Default)]
struct Counts {
    statements: Retrieval,
    name: Share,
    person_name: Share,
    kind: Share,
    side: Share,
    target: Share,
    stances: Stances,
    confidence: Reliability,
    rows: Rows,
    found_by_kind: BTreeMap<&'static str, Share>,
    name_by_kind: BTreeMap<&'static str, Share>,
    found_by_type: BTreeMap<String, Share>,
    name_by_type: BTreeMap<String, Share>,
}

impl Counts {
    fn add(&mut self, article: &Article, predicted: &Predicted, errors: &mut Vec<String>) {
        let page = &predicted.page;
        let gold: Vec<Key> = article.statements.iter().map(|s| page.key(&s.spans)).collect();
        let found: Vec<Key> = predicted.relations.iter().map(|r| page.key(&r.content)).collect();
        let pairs = match_greedily(&gold.iter().collect::<Vec<_>>(), &found.iter().collect::<Vec<_>>(), 0.5);
        self.statements.add(pairs.len(), found.len(), gold.len());
        let mut right = vec![false; found.len()];
        let mut error = |what: &str, content: String, more: String| {
            errors.push(format!("{what}\t{}\t{content}\t{more}", article.id));
        };
        for (a, statement) in article.statements.iter().enumerate() {
            let partner = pairs.iter().find(|pair| pair.0 == a).map(|pair| pair.1);
            let kind = kind_of(page, &gold[a]);
            self.found_by_kind.entry(kind).or_default().add(partner.is_some());
            self.found_by_type.entry(statement.kind.clone()).or_default().add(partner.is_some());
            let content = excerpt(page, &statement.spans);
            let Some(j) = partner else {
                error("missed", content, format!("{kind}\t{}", statement.speaker));
                continue;
            };
            let (speaker, stance) = (&predicted.statements[j].speaker, predicted.statements[j].stance);
            let name_right = names::are_same(&statement.speaker, &speaker.name);
            self.name.add(name_right);
            right[j] = name_right;
            self.name_by_kind.entry(kind).or_default().add(name_right);
            self.name_by_type.entry(statement.kind.clone()).or_default().add(name_right);
            if statement.kind == "person" {
                self.person_name.add(name_right);
            }
            if !name_right {
                let mention = excerpt(page, predicted.relations[j].speaker.as_slice());
                let more = format!("{}\tfound {}\tfrom {mention}", statement.speaker, speaker.name);
                error("wrong name", content.clone(), more);
            }
            self.kind.add(type_name(speaker.kind) == statement.kind);
            self.side.add(names::are_same_sides(&statement.side, &speaker.side));
            self.target.add(names::are_same_sides(&statement.target, &speaker.target));
            let label = label_of(&statement.stance);
            self.stances.add(label, stance);
            if stance.label != label {
                error(
                    "wrong stance",
                    content,
                    format!("{}\tfound {}", name_of(label), name_of(stance.label)),
                );
            }
        }
        for (statement, right) in predicted.statements.iter().zip(right) {
            self.confidence.add(f64::from(statement.confidence), right);
            self.rows.add(features(&statement.quote, &statement.speaker), right);
        }
        for (j, relation) in predicted.relations.iter().enumerate() {
            if pairs.iter().all(|pair| pair.1 != j) {
                let kind = kind_name(predicted.statements[j].quote.kind);
                let name = &predicted.statements[j].speaker.name;
                error("spurious", excerpt(page, &relation.content), format!("{kind}\t{name}"));
            }
        }
    }

    fn fill(&self, section: &mut Section) {
        section.share("statements_P", "statements, precision", self.statements.precision());
        section.share("statements_R", "statements, recall", self.statements.recall());
        section.share("statements_F", "statements, F", self.statements.f());
        section.share("name", "full name right", self.name.rate());
        section.share("person_name", "full name right, persons", self.person_name.rate());
        section.share("type", "speaker type right", self.kind.rate());
        section.share("side", "speaker side right, empty ones too", self.side.rate());
        section.share("target", "target right, empty ones too", self.target.rate());
        section.share("stance_macro_F", "stance, three classes", self.stances.macro_f());
        section.share("leaning", "leaning of the gold poles right", self.stances.leaning());
        section.share("pole_flips", "gold poles given the opposite label", self.stances.flips());
        section.share("confidence_ECE", CONFIDENCE, self.confidence.calibration_error());
        section.count("n_found", "gold statements found", self.stances.len());
        section.count("n_pred", "statements predicted", self.statements.predicted as usize);
        section.count("n_gold", "statements in the gold", self.statements.gold as usize);
    }

    fn by_kind(&self) -> String {
        let header = ["gold", "statements", "found", "full name right"].map(str::to_owned);
        let row = |group: &str, found: Share, name: Option<&Share>| {
            let name = name.map_or_else(String::new, |share| show(Value::Share(share.rate())));
            vec![group.to_owned(), found.of.to_string(), show(Value::Share(found.rate())), name]
        };
        let kinds = self.found_by_kind.iter().map(|(k, found)| row(k, *found, self.name_by_kind.get(k)));
        let types = self.found_by_type.iter().map(|(t, found)| row(t, *found, self.name_by_type.get(t)));
        markdown_table(&header, kinds.chain(types))
    }
}

/// The stance of the gold statements themselves, whether the pipeline finds them or not: the content's
/// parts, the words for speaker (else the name) and cue, and the paragraph before the content's.
fn with_gold_contents(pipeline: &Pipeline, articles: &[Article]) -> Stances {
    let classified: Vec<Vec<_>> = articles
        .par_iter()
        .map(|article| {
            let page = Page::new(&article.text);
            let paragraphs = crate::paragraphs::split(&article.text);
            let of = |statement: &ArticleStatement| {
                let parts: Vec<String> = statement.spans.iter().map(|&span| page.words(span)).collect();
                let words = |spans: &[Chars]| spans.first().map(|&span| page.words(span));
                let speaker = words(&statement.speaker_spans).unwrap_or_else(|| statement.speaker.clone());
                let cue = words(&statement.cue_spans).unwrap_or_default();
                let start = statement.spans.first().map_or(0, |&span| page.bytes_of(span).start);
                let before = paragraphs.iter().rfind(|p| p.end <= start).map_or("", |p| p.of(&article.text));
                pipeline.stance_of(&parts.join(" "), &speaker, &cue, before)
            };
            article.statements.iter().map(|s| (label_of(&s.stance), of(s))).collect()
        })
        .collect();
    let mut stances = Stances::default();
    classified.into_iter().flatten().for_each(|(gold, predicted)| stances.add(gold, predicted));
    stances
}

fn kind_of(page: &Page, content: &Key) -> &'static str {
    match content.offsets().iter().filter(|&&i| page.is_quoted(i)).count() {
        0 => "indirect",
        quoted if quoted == content.len() => "direct",
        _ => "mixed",
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Direct => "direct",
        Kind::Mixed => "mixed",
        Kind::Indirect => "indirect",
    }
}

pub(super) fn type_name(kind: SpeakerType) -> &'static str {
    match kind {
        SpeakerType::Person => "person",
        SpeakerType::Organisation => "organisation",
        SpeakerType::Country => "country",
        SpeakerType::Group => "group",
        SpeakerType::Unnamed => "unnamed",
        SpeakerType::None => "none",
    }
}

#[cfg(test)]
mod tests {
    use super::super::predicted::invented::{predicted, statement};
    use super::*;
    use crate::speakers::Speaker;
    use crate::stance::{Label, Stance};

    const TEXT: &str = "“We welcome it,” Ines Falk said. Oslo warned that talks may end.";

    fn article() -> Article {
        let gold = |spans, speaker: &str, kind: &str, stance: &str| ArticleStatement {
            spans: vec![spans],
            speaker_spans: vec![],
            cue_spans: vec![],
            speaker: speaker.into(),
            kind: kind.into(),
            side: "Norway".into(),
            target: String::new(),
            stance: stance.into(),
        };
        let statements =
            vec![gold((0, 16), "Ines Falk", "person", "C"), gold((45, 63), "Oslo", "country", "F")];
        Article { id: "t".into(), text: TEXT.into(), statements }
    }

    fn speaker(name: &str, kind: SpeakerType) -> Speaker {
        Speaker { name: name.into(), kind, side: "norway".into(), ..Speaker::default() }
    }

    fn stance(label: Label) -> Stance {
        Stance { label, leaning: label, ..Stance::default() }
    }

    fn figure(section: &Section, name: &str) -> Value {
        section.figures.iter().find(|figure| figure.name == name).map(|figure| figure.value).unwrap()
    }

    #[test]
    fn right_answers_score_one() {
        let found = predicted(
            TEXT,
            vec![
                statement(
                    TEXT,
                    "We welcome it",
                    "Ines Falk",
                    speaker("Ines Falk", SpeakerType::Person),
                    stance(Label::Conciliatory),
                ),
                statement(
                    TEXT,
                    "that talks may end",
                    "Oslo",
                    speaker("Oslo", SpeakerType::Country),
                    stance(Label::Confrontational),
                ),
            ],
        );
        let section = score("articles-dev", &[article()], &[found]);
        for name in ["statements_F", "name", "person_name", "type", "side", "target", "leaning", "dq_ovl_F"] {
            assert_eq!(figure(&section, name), Value::Share(1.0), "{name}");
        }
        assert_eq!(figure(&section, "stance_macro_F"), Value::Share(2.0 / 3.0), "no neutral statement here");
        assert!(section.errors.is_empty(), "{:?}", section.errors);
    }

    #[test]
    fn names_count_for_found_statements_only() {
        let wrong = statement(
            TEXT,
            "We welcome it",
            "Ines Falk",
            speaker("Falk", SpeakerType::Unnamed),
            stance(Label::Confrontational),
        );
        let stray =
            statement(TEXT, "said", "Oslo", speaker("Oslo", SpeakerType::Country), stance(Label::Neutral));
        let section = score("articles-dev", &[article()], &[predicted(TEXT, vec![wrong, stray])]);
        assert_eq!(figure(&section, "statements_F"), Value::Share(0.5));
        assert_eq!(figure(&section, "name"), Value::Share(0.0));
        assert_eq!(figure(&section, "pole_flips"), Value::Share(1.0));
        let errors: Vec<_> = section.errors.iter().filter_map(|line| line.split('\t').next()).collect();
        assert_eq!(errors, ["wrong name", "wrong stance", "missed", "spurious"]);
    }
}
