//! The new model's folder: `config.json`, `tokenizer.json`, `model.safetensors`, `card.md`.

use std::collections::BTreeMap;
use std::path::Path;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde_json::{Value, json};

use super::Fitted;
use crate::Error;
use crate::reader::{CONFIG, Files, TOKENIZER, WEIGHTS};
use crate::rows::sink::Sink;

pub(super) fn write(
    fitted: &Fitted,
    models: Option<&Path>,
    name: &str,
    remarks: &str,
    folder: &Path,
) -> Result<(), Error> {
    let (files, base) = Files::of(models)?;
    let broken =
        |file: &str, reason: String| Error::Model { path: base.join(file).display().to_string(), reason };
    let config = config(fitted, name, &files.config).map_err(|error| broken(CONFIG, error.to_string()))?;
    let weights = weights(fitted, &files.weights).map_err(|error| broken(WEIGHTS, error.to_string()))?;
    std::fs::create_dir_all(folder).map_err(|source| Error::io(folder, source))?;
    for (file, bytes) in [
        (WEIGHTS, weights.as_slice()),
        (TOKENIZER, &files.tokenizer),
        (CONFIG, config.as_bytes()),
        ("card.md", card(fitted, name, remarks).as_bytes()),
    ] {
        let mut sink = Sink::open(Some(&folder.join(file)), &[])?;
        sink.write(bytes)?;
        sink.finish()?;
    }
    Ok(())
}

/// The model's own words about itself, with the new labels.
fn config(fitted: &Fitted, name: &str, base: &[u8]) -> Result<String, serde_json::Error> {
    let mut config: Value = serde_json::from_slice(base)?;
    if let Some(config) = config.as_object_mut() {
        let labels = fitted.labels.names();
        let temperature = (f64::from(fitted.temperature) * 100.0).round() / 100.0;
        for (field, value) in [
            ("name", json!(name)),
            ("version", json!(format!("1 (from {})", fitted.base))),
            ("stance", json!(labels)),
            ("leaning", json!(&labels[..2])),
            ("stance_temperature", json!(temperature)),
        ] {
            config.insert(field.to_owned(), value);
        }
    }
    serde_json::to_string_pretty(&config)
}

/// The model's weights, those of the stance head replaced.
fn weights(fitted: &Fitted, base: &[u8]) -> Result<Vec<u8>, safetensors::SafeTensorError> {
    let base = SafeTensors::deserialize(base)?;
    let bytes: Vec<(&String, &Vec<usize>, Vec<u8>)> = fitted
        .tensors
        .iter()
        .map(|(name, shape, numbers)| (name, shape, numbers.iter().flat_map(|x| x.to_le_bytes()).collect()))
        .collect();
    let mut tensors: BTreeMap<String, TensorView<'_>> = base.tensors().into_iter().collect();
    for (name, shape, bytes) in &bytes {
        tensors.insert((*name).clone(), TensorView::new(Dtype::F32, (*shape).clone(), bytes)?);
    }
    safetensors::serialize(tensors, None)
}

/// What one must know to trust the model, or not.
fn card(fitted: &Fitted, name: &str, remarks: &str) -> String {
    let Fitted { labels, learnt, epochs, before, after, temperature, base, .. } = fitted;
    let per_cent = |share: f64| format!("{:.1}", 100.0 * share);
    format!(
        "# Reader `{name} 1`\n\n\
         Encoder and all heads but the stance of `{base}`; the stance head fitted by `sayso finetune`.\n\n\
         | | |\n|---|---|\n\
         | labels | {} |\n\
         | learnt from | {learnt} statements; epoch {} of {} |\n\
         | checked on | {} others, which also chose the epoch and the temperature ({temperature:.2}): the figures \
         flatter a little |\n\
         | macro-F | {} (before: {}) |\n\
         | same label as the coder | {} % |\n\
         | Krippendorff's alpha, model and coder | {:.3} |\n\n\
         ```\n{}```\n\n{remarks}\n",
        labels.names().join(", "),
        epochs.0,
        epochs.1,
        after.len(),
        per_cent(after.macro_f()),
        per_cent(before.macro_f()),
        per_cent(after.accuracy()),
        after.alpha(),
        after.table(labels),
    )
}
