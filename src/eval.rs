//! Evaluation: the pipeline against gold, with the definitions of the project's scorers.
//!
//! The scorers are pure functions over code-point ranges ([`relations`], [`components`], [`stances`],
//! [`boundaries`]); [`evaluate`] reads the corpora that are there, runs the real pipeline over them and
//! returns an [`Evaluation`], which writes itself as Markdown.

pub mod actors;
pub mod articles;
pub mod bars;
pub mod boundaries;
pub mod cast;
pub mod coded;
pub mod components;
pub mod corpora;
pub mod counts;
pub mod gum;
pub mod keys;
pub mod names;
pub mod page;
pub mod polnear;
pub mod predicted;
pub mod relations;
pub mod reliability;
pub mod report;
pub mod say;
pub mod sentence_ends;
pub mod stances;
pub mod world;

pub use bars::Bars;
pub use cast::Casts;
pub use report::Evaluation;

use crate::Error;
use crate::pipeline::Pipeline;
use corpora::News;
use report::Section;
use std::path::{Path, PathBuf};

/// The sections of a report, in order.
pub const SECTIONS: [&str; 8] = [
    "polnear-dev",
    "polnear-devtest",
    "articles-dev",
    "world-news",
    "stance-open",
    "events",
    "gum-names",
    "sentences",
];

/// Runs the pipeline over the corpora under `data`: all of [`SECTIONS`], or those in `only`. Documents run
/// in parallel on rayon's current pool; the figures do not depend on it. Corpora that are not there are
/// listed in the result. `casts` are the coded names, sides and targets of some of their statements.
///
/// # Errors
/// A corpus that is there cannot be read.
pub fn evaluate(
    pipeline: &Pipeline,
    data: &Path,
    casts: &Casts,
    only: &[String],
) -> Result<Evaluation, Error> {
    let mut evaluation = Evaluation { models: pipeline.model_name(), ..Evaluation::default() };
    for name in SECTIONS {
        if !only.is_empty() && !only.iter().any(|wanted| wanted == name) {
            continue;
        }
        let mut shelf = Shelf { folder: data, absent: Vec::new() };
        let section = measure(name, pipeline, casts, &mut shelf)?;
        evaluation.absent.extend(shelf.absent.iter().map(|file| format!("{name} ({file})")));
        evaluation.sections.extend(section);
    }
    Ok(evaluation)
}

fn measure(
    name: &'static str,
    pipeline: &Pipeline,
    casts: &Casts,
    shelf: &mut Shelf,
) -> Result<Option<Section>, Error> {
    Ok(match name {
        "polnear-dev" => {
            let Some(documents) = shelf.read::<News>("polnear-dev.jsonl")? else { return Ok(None) };
            let instances = shelf.read("polnear-dev.cofenet-instances.jsonl")?.unwrap_or_default();
            Some(polnear::section(name, pipeline, &documents, casts, &instances))
        }
        "polnear-devtest" => shelf.devtest()?.map(|d| polnear::section(name, pipeline, &d, casts, &[])),
        "articles-dev" => {
            shelf.read("articles/articles-dev.jsonl")?.map(|a| articles::section(name, pipeline, &a))
        }
        "world-news" if !casts.world.is_empty() => {
            shelf.read("ner-worldwide-train.jsonl")?.map(|d| world::section(name, pipeline, d, &casts.world))
        }
        "world-news" => None,
        "stance-open" => {
            shelf.read("stance-statements-open.jsonl")?.map(|s| coded::section(name, pipeline, &s))
        }
        "events" => shelf.read("stance-plv-train.jsonl")?.map(|e| coded::events(name, pipeline, &e)),
        "gum-names" => shelf.read("gum-news-open.jsonl")?.map(|d| gum::section(name, pipeline, &d)),
        _ => {
            let mut corpora = Vec::new();
            for (figure, meaning, file) in [
                ("ewt_F", "UD EWT dev: web texts", "ewt-dev.jsonl"),
                ("pud_F", "UD PUD: news and wiki", "pud-test.jsonl"),
                ("gum_F", "GUM: Wikinews", "gum-news-open.jsonl"),
            ] {
                corpora.extend(shelf.read(file)?.map(|documents| (figure, meaning, documents)));
            }
            (!corpora.is_empty()).then(|| sentence_ends::section(name, &corpora))
        }
    })
}

/// The folder with the corpora, and those that were asked for and are not there.
struct Shelf<'d> {
    folder: &'d Path,
    absent: Vec<String>,
}

impl Shelf<'_> {
    fn path(&mut self, file: &str) -> Option<PathBuf> {
        let path = self.folder.join(file);
        if path.is_file() {
            return Some(path);
        }
        self.absent.push(file.to_owned());
        None
    }

    fn read<T: serde::de::DeserializeOwned>(&mut self, file: &str) -> Result<Option<Vec<T>>, Error> {
        self.path(file).map(|path| corpora::read(&path)).transpose()
    }

    /// The documents of PolNeAR's training part that are kept for tuning.
    fn devtest(&mut self) -> Result<Option<Vec<News>>, Error> {
        #[derive(serde::Deserialize)]
        struct Splits {
            polnear_devtest: Vec<String>,
        }
        let Some(path) = self.path("polnear-splits.json") else { return Ok(None) };
        let failed = |source| Error::Io { path: path.display().to_string(), source };
        let bytes = std::fs::read(&path).map_err(failed)?;
        let splits: Splits = serde_json::from_slice(&bytes).map_err(|error| failed(error.into()))?;
        let Some(mut documents) = self.read::<News>("polnear-train.jsonl")? else { return Ok(None) };
        documents.retain(|document| splits.polnear_devtest.contains(&document.id));
        Ok(Some(documents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_corpora_are_named_and_no_error() {
        let folder = tempfile::tempdir().unwrap();
        let pipeline = Pipeline::load(None).unwrap();
        let evaluation =
            evaluate(&pipeline, folder.path(), &Casts::default(), &["articles-dev".to_owned()]).unwrap();
        assert_eq!(evaluation.absent, ["articles-dev (articles/articles-dev.jsonl)"]);
        assert!(evaluation.sections.is_empty());
    }

    #[test]
    fn a_corpus_that_is_there_is_scored_whatever_the_number_of_threads() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("articles")).unwrap();
        let statement = r#"{"spans": [[0, 22]], "speaker_spans": [[28, 37]], "cue_spans": [[23, 27]],
            "speaker": "Ines Falk", "type": "person", "side": "", "target": "", "stance": "C"}"#;
        let text = "“We welcome the deal,” said Ines Falk.";
        let article = format!(r#"{{"id": "t", "text": "{text}", "statements": [{statement}]}}"#);
        let lines = article.replace('\n', " ");
        std::fs::write(folder.path().join("articles/articles-dev.jsonl"), lines).unwrap();
        let pipeline = Pipeline::load(None).unwrap();
        let report = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let only = ["articles-dev".to_owned()];
            let evaluation =
                pool.install(|| evaluate(&pipeline, folder.path(), &Casts::default(), &only)).unwrap();
            evaluation.markdown(&Bars::default())
        };
        assert!(report(1).contains("| n_gold | statements in the gold | 1 |"), "{}", report(1));
        assert_eq!(report(1), report(8));
    }
}
