//! Learning: statements → features, once → head, epoch after epoch.

use std::path::Path;

use super::agreement::Agreement;
use super::codings::Coding;
use super::split::{Draw, split};
use super::{Codings, Event, Fitted, Options};
use crate::reader::engine::Engine;
use crate::reader::torch::head::{Head, Named};
use crate::reader::weights::Tensors;
use crate::reader::{Files, Reader, StanceFeatures, WEIGHTS};
use crate::stance::Lone;
use crate::{Error, run};

/// Share of all steps in which the learning rate rises.
const WARM_UP: f64 = 0.1;

/// Temperatures tried.
const TEMPERATURES: std::ops::RangeInclusive<u8> = 10..=60;

/// Fits the stance head of `models` (else the built-in one) to `codings`; `engine` reads the statements.
///
/// # Errors
/// The models cannot be loaded, a statement has no words, or the device is not there.
pub fn fit(
    models: Option<&Path>,
    engine: Engine,
    codings: &Codings,
    options: &Options,
    mut tell: impl FnMut(Event),
) -> Result<Fitted, Error> {
    let reader = Reader::load_with(models, engine)?;
    let (files, folder) = Files::of(models)?;
    let broken = |reason| Error::Model { path: folder.join(WEIGHTS).display().to_string(), reason };
    let features = features(&reader, codings, options, &mut tell)?;
    let mut draw = Draw::new(options.seed);
    let (mut learnt, checked) = split(&codings.codings, options.validation, &mut draw);
    let label = |at: usize| codings.codings[at].label;
    let labels = codings.labels.names().len();

    let weights = label_weights(labels, learnt.iter().map(|&at| label(at)));
    let tensors = Tensors::new(&files.weights).map_err(broken)?;
    let config = reader.config();
    let mut head =
        Head::new(config, &tensors, options.start, &codings.labels, &weights, options.seed, options.device)
            .map_err(broken)?;
    let check = |head: &Head| -> (Agreement, Vec<Vec<f32>>) {
        let parts = checked.chunks(options.batch.get());
        let logits: Vec<Vec<f32>> = parts
            .flat_map(|part| head.logits(&part.iter().map(|&at| &features[at]).collect::<Vec<_>>()))
            .collect();
        let pairs = checked.iter().zip(&logits).map(|(&at, logits)| (label(at), greatest(logits)));
        (Agreement::of(labels, pairs), logits)
    };

    let (before, _) = check(&head);
    let mut best: Option<Best> = None;
    let steps = learnt.len().div_ceil(options.batch.get());
    let all = (steps * options.epochs.get()) as f64;
    let mut step = 0.0;
    let mut epochs = 0;
    for epoch in 1..=options.epochs.get() {
        draw.shuffle(&mut learnt);
        let mut loss = 0.0;
        for part in learnt.chunks(options.batch.get()) {
            step += 1.0;
            let rate =
                options.rate * f64::min(step / (WARM_UP * all), (all - step + 1.0) / (all * (1.0 - WARM_UP)));
            let batch: Vec<_> = part.iter().map(|&at| (&features[at], label(at))).collect();
            loss += head.step(&batch, rate.min(options.rate)) / steps as f64;
        }
        epochs = epoch;
        let (agreement, logits) = check(&head);
        tell(Event::Epoch(epoch, loss, agreement.macro_f()));
        if best.as_ref().is_none_or(|best| best.agreement.macro_f() < agreement.macro_f()) {
            best = Some(Best { epoch, agreement, logits, tensors: head.named() });
        } else if best.as_ref().is_some_and(|best| best.epoch + options.patience <= epoch) {
            break;
        }
    }
    let Some(Best { epoch, agreement, logits, tensors }) = best else {
        return Err(Error::Input {
            path: codings.place.clone(),
            reason: "nothing could be learnt".to_owned(),
        });
    };
    let gold: Vec<usize> = checked.iter().map(|&at| label(at)).collect();
    Ok(Fitted {
        labels: codings.labels.clone(),
        learnt: learnt.len(),
        epochs: (epoch, epochs),
        before,
        after: agreement,
        temperature: temperature(&logits, &gold),
        base: format!("{} {}", config.name, config.version),
        tensors,
    })
}

/// The best epoch so far.
struct Best {
    epoch: usize,
    agreement: Agreement,
    logits: Vec<Vec<f32>>,
    tensors: Vec<Named>,
}

/// What the encoder says of each statement.
fn features(
    reader: &Reader,
    codings: &Codings,
    options: &Options,
    tell: &mut impl FnMut(Event),
) -> Result<Vec<StanceFeatures>, Error> {
    let all = codings.codings.len();
    let mut features = Vec::with_capacity(all);
    let read = |coding: &Coding| {
        let Coding { statement, speaker, cue, context, .. } = coding;
        (coding.line, Lone { statement, speaker, cue, context }.features(reader))
    };
    run::in_order(options.threads, codings.codings.iter(), read, |(line, read)| {
        let unread = || Error::Input {
            path: format!("{}:{line}", codings.place),
            reason: "the statement has no words that can be read".to_owned(),
        };
        features.push(read.ok_or_else(unread)?);
        tell(Event::Read(features.len(), all));
        Ok(())
    })?;
    Ok(features)
}

/// How much each label's statements count: the square root of how much rarer they are than on average.
fn label_weights(labels: usize, coded: impl Iterator<Item = usize>) -> Vec<f32> {
    let mut counts = vec![0usize; labels];
    coded.for_each(|label| counts[label] += 1);
    let mean = counts.iter().sum::<usize>() as f32 / labels as f32;
    counts.iter().map(|&count| (mean / count.max(1) as f32).sqrt()).collect()
}

fn greatest(logits: &[f32]) -> usize {
    (0..logits.len()).rev().max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap_or(0)
}

/// The temperature under which the labels are likeliest (Guo et al., ICML 2017).
fn temperature(logits: &[Vec<f32>], gold: &[usize]) -> f32 {
    let surprise = |temperature: f32| -> f64 {
        let of = |(logits, &gold): (&Vec<f32>, &usize)| {
            let top = logits[greatest(logits)];
            let total: f32 = logits.iter().map(|logit| ((logit - top) / temperature).exp()).sum();
            f64::from(total.ln() - (logits[gold] - top) / temperature)
        };
        logits.iter().zip(gold).map(of).sum()
    };
    let tried = TEMPERATURES.map(|twentieths| f32::from(twentieths) / 20.0);
    tried.min_by(|&a, &b| surprise(a).total_cmp(&surprise(b))).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_labels_count_more() {
        let weights = label_weights(3, [0, 0, 0, 0, 1].into_iter());
        assert!(weights[0] < 1.0 && 1.0 < weights[1] && weights[2].is_finite(), "{weights:?}");
    }

    #[test]
    fn the_temperature_cools_what_is_too_sure() {
        let sure: Vec<Vec<f32>> = vec![vec![6.0, 0.0]; 10];
        let half: Vec<usize> = (0..10).map(|at| at % 2).collect();
        assert_eq!(temperature(&sure, &half), 3.0);
        assert_eq!(temperature(&sure, &[0; 10]), 0.5);
        assert_eq!(greatest(&[1.0, 1.0]), 0);
    }
}
