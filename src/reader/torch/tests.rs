//! libtorch's layers against PyTorch's own word on the tiny model.

use std::num::NonZeroUsize;
use std::path::Path;

use super::*;
use crate::reader::engine::Engine;
use crate::reader::kernel::Kernel;
use crate::reader::{Reader, Reading};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/train/tiny")
}

fn torch() -> Torch {
    Torch { device: Device::Cpu, precision: Precision::F32, workers: NonZeroUsize::MIN }
}

fn read(engine: Engine, text: &str) -> Reading {
    Reader::load_with(Some(&folder()), engine).unwrap().read(text, &crate::paragraphs::split(text))
}

#[test]
fn vectors_are_those_of_pytorch_and_of_the_embedded_engine() {
    let reference: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder().join("reference.json")).unwrap()).unwrap();
    let text = reference["text"].as_str().unwrap();
    let (torch, embedded) = (read(Engine::Torch(torch()), text), read(Kernel::Portable.into(), text));
    let hidden = |reading: &Reading| reading.vectors.as_ref().unwrap().hidden.clone();
    let (ours, theirs) = (hidden(&torch), hidden(&embedded));
    assert_eq!(ours.len(), theirs.len());
    for (a, b) in ours.iter().zip(&theirs) {
        assert!((a - b).abs() < 1e-4, "{a} by libtorch, {b} embedded");
    }
    // The first token's vector stands in row 1, after [CLS].
    for (a, b) in ours[24..48].iter().zip(reference["hidden"][0].as_array().unwrap()) {
        assert!((f64::from(*a) - b.as_f64().unwrap()).abs() < 1e-4, "{a} here, {b} by PyTorch");
    }
}

/// The tiny model's layers, and two windows of made-up rows.
fn layers() -> (Model, Vec<Vec<f32>>) {
    let bytes = std::fs::read(folder().join("model.safetensors")).unwrap();
    let tensors = Tensors::new(&bytes).unwrap();
    let config: Config =
        serde_json::from_slice(&std::fs::read(folder().join("config.json")).unwrap()).unwrap();
    let model = Model::new(&torch(), &config, weights(&torch(), &config, &tensors).unwrap()).unwrap();
    let row = |length: usize| (0..length * 24).map(|at| ((at * 37 % 101) as f32 - 50.0) / 50.0).collect();
    (model, vec![row(5), row(17), row(1), row(17)])
}

#[test]
fn windows_side_by_side_are_padded_without_a_trace() {
    let (model, windows) = layers();
    let (mut alone, mut together) = (windows.clone(), windows);
    alone.iter_mut().for_each(|window| model.run(&mut [window.as_mut_slice()]));
    model.run(&mut together.iter_mut().map(Vec::as_mut_slice).collect::<Vec<_>>());
    for (a, b) in alone.iter().flatten().zip(together.iter().flatten()) {
        assert!((a - b).abs() < 1e-5, "{a} alone, {b} in company");
    }
}

#[test]
fn jobs_of_several_documents_come_back_to_their_own() {
    let (model, windows) = layers();
    let run = |windows: &[Vec<f32>], batch: usize| {
        let (reply, answer) = mpsc::channel();
        let jobs = windows.chunks(3).map(|windows| Job {
            rows: windows.concat(),
            lengths: windows.iter().map(|window| window.len() / 24).collect(),
            reply: reply.clone(),
        });
        model.serve(jobs.collect(), batch);
        answer.try_iter().map(Result::unwrap).collect::<Vec<_>>().concat()
    };
    for (a, b) in run(&windows, 1).iter().zip(&run(&windows, 128)) {
        assert!((a - b).abs() < 1e-5, "{a} alone, {b} in company");
    }
}

#[test]
fn a_failure_is_told_and_the_model_goes_on() {
    let (model, windows) = layers();
    let (reply, answer) = mpsc::channel();
    // A row of a width that the layers do not have.
    let broken = Job { rows: vec![0.0; 24], lengths: vec![7], reply: reply.clone() };
    model.serve(vec![broken], 1);
    assert!(answer.recv().unwrap().is_err());
    model.serve(vec![Job { rows: windows[0].clone(), lengths: vec![5], reply }], 1);
    assert_eq!(answer.recv().unwrap().unwrap().len(), windows[0].len());
}

#[test]
fn devices_that_are_not_there_are_refused() {
    assert_eq!(check(Device::Cpu), Ok(()));
    assert!(check(Device::Cuda(99)).is_err());
}
