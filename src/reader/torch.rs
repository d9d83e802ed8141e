//! rust-bert on libtorch: the encoder's layers on a graphics card or the processor. Only this module and its `head` name
//! rust_bert and tch.
//!
//! libtorch's tensors may go to another thread but not be shared (`Send`, not `Sync`), so each model belongs to a thread
//! of its own: one for a graphics card, as many as there are workers on the processor. Whoever reads a document hands its
//! windows over and sleeps until they come back. No lock is held meanwhile, and nobody who waits here is inside rayon,
//! where he would steal another document and come upon himself.

pub(crate) mod head;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use rust_bert::bert::{BertConfig, BertEncoder};
use tch::{Kind, Tensor, nn};

use super::config::Config;
use super::engine::{Device, Precision, Torch};
use super::kernel::Layers;
use super::weights::Tensors;
use crate::run::WORKER;

/// Most windows that a graphics card is given at once, those of other documents among them.
const BATCH: usize = 128;

/// What rust-bert adds to the variance in its layer norms, whatever a model says.
const EPS: f32 = 1e-12;

/// Added to the scores of positions beyond a window's end: its exponential is 0.
const HIDDEN: f32 = -1e4;

/// Whether there is such a device; why not.
pub fn check(device: Device) -> Result<(), String> {
    let Device::Cuda(number) = device else { return Ok(()) };
    match tch::Cuda::device_count() {
        0 if !tch::utils::has_cuda() => Err("this sayso was built with a libtorch for the processor only; \
                                             set LIBTORCH to one with CUDA and run .ci/libtorch.sh again"
            .to_owned()),
        0 => Err("libtorch sees no graphics card".to_owned()),
        count if usize::try_from(count).is_ok_and(|count| number < count) => Ok(()),
        count => Err(format!("there are {count} graphics cards, numbered from 0")),
    }
}

pub(crate) fn device(device: Device) -> tch::Device {
    match device {
        Device::Cpu => tch::Device::Cpu,
        Device::Cuda(number) => tch::Device::Cuda(number),
    }
}

/// All layers of an encoder, run by libtorch.
#[derive(Debug)]
pub struct Encoder {
    /// `None` only while it is dropped.
    queue: Option<mpsc::Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

/// Windows of one document, on their way through the layers.
struct Job {
    /// Embedded rows of one window after another.
    rows: Vec<f32>,
    /// How many rows each window has.
    lengths: Vec<usize>,
    reply: mpsc::Sender<Result<Vec<f32>, String>>,
}

impl Encoder {
    /// Takes the layers' tensors, of the shapes that `config` tells, and starts the threads.
    pub fn new(torch: &Torch, config: &Config, tensors: &Tensors<'_>) -> Result<Self, String> {
        if EPS != config.layer_norm_eps {
            return Err(format!("rust-bert knows only a layer_norm_eps of {EPS}"));
        }
        let (count, batch) = match torch.device {
            Device::Cpu => (torch.workers.get(), 1),
            Device::Cuda(_) => (1, BATCH),
        };
        let weights = weights(torch, config, tensors)?;
        let (queue, jobs) = mpsc::channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        let (ready, started) = mpsc::channel();
        let mut threads = Vec::new();
        for number in 0..count {
            let (torch, config, jobs, ready) = (*torch, config.clone(), Arc::clone(&jobs), ready.clone());
            // The numbers themselves are there once.
            let weights =
                weights.iter().map(|(name, tensor)| (name.clone(), tensor.shallow_clone())).collect();
            let work = move || {
                tch::set_num_threads(1);
                let model = Model::new(&torch, &config, weights);
                let _ = ready.send(model.as_ref().err().cloned());
                drop(ready);
                if let Ok(model) = model {
                    while let Some(jobs) = next(&jobs, batch) {
                        model.serve(jobs, batch);
                    }
                }
            };
            let name = format!("{WORKER}-torch-{number}");
            threads.push(thread::Builder::new().name(name).spawn(work).map_err(|error| error.to_string())?);
        }
        drop(ready);
        let encoder = Self { queue: Some(queue), threads };
        let failures = started.iter().flatten().next();
        failures.map_or(Ok(encoder), Err)
    }
}

impl Layers for Encoder {
    /// # Panics
    /// libtorch fails, for instance for want of memory: the document fails, the others go on.
    fn run(&self, rows: &mut [f32], lengths: &[usize]) {
        let (reply, answer) = mpsc::channel();
        let job = Job { rows: rows.to_vec(), lengths: lengths.to_vec(), reply };
        let sent = self.queue.as_ref().is_some_and(|queue| queue.send(job).is_ok());
        match answer.recv() {
            Ok(Ok(done)) if sent => rows.copy_from_slice(&done),
            Ok(Err(reason)) => panic!("libtorch: {reason}"),
            _ => panic!("libtorch: its thread has ended"),
        }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // Without a queue the threads end; libtorch must not be taken down under them.
        self.queue = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Waits for a job and takes what else has come meanwhile, up to `batch` windows; nothing at the end.
fn next(jobs: &Mutex<mpsc::Receiver<Job>>, batch: usize) -> Option<Vec<Job>> {
    let queue = jobs.lock().unwrap_or_else(PoisonError::into_inner);
    let mut taken = vec![queue.recv().ok()?];
    while taken.iter().map(|job| job.lengths.len()).sum::<usize>() < batch {
        match queue.try_recv() {
            Ok(job) => taken.push(job),
            Err(_) => break,
        }
    }
    Some(taken)
}

/// The layers' tensors under rust-bert's names, on the device.
fn weights(torch: &Torch, config: &Config, tensors: &Tensors<'_>) -> Result<HashMap<String, Tensor>, String> {
    let (width, inner) = (config.width, config.intermediate);
    let device = device(torch.device);
    let mut named = HashMap::new();
    let mut put = |name: String, values: &[f32], shape: &[usize]| {
        let shape: Vec<i64> = shape.iter().map(|&size| size as i64).collect();
        named
            .insert(name, Tensor::from_slice(values).view(&shape[..]).to_device(device).to_kind(kind(torch)));
    };
    for i in 0..config.layers {
        let qkv = tensors.floats(&format!("layer.{i}.qkv.weight"), &[3 * width, width])?;
        let bias = tensors.floats(&format!("layer.{i}.qkv.bias"), &[3 * width])?;
        for (part, name) in ["query", "key", "value"].iter().enumerate() {
            let name = format!("layer.{i}.attention.self.{name}");
            put(format!("{name}.weight"), &qkv[part * width * width..][..width * width], &[width, width]);
            put(format!("{name}.bias"), &bias[part * width..][..width], &[width]);
        }
        for (ours, theirs, outputs, inputs) in [
            ("out", "attention.output.dense", width, width),
            ("up", "intermediate.dense", inner, width),
            ("down", "output.dense", width, inner),
        ] {
            let (ours, theirs) = (format!("layer.{i}.{ours}"), format!("layer.{i}.{theirs}"));
            let shape = [outputs, inputs];
            put(format!("{theirs}.weight"), &tensors.floats(&format!("{ours}.weight"), &shape)?, &shape);
            put(
                format!("{theirs}.bias"),
                &tensors.floats(&format!("{ours}.bias"), &shape[..1])?,
                &shape[..1],
            );
        }
        for (ours, theirs) in [("norm1", "attention.output.LayerNorm"), ("norm2", "output.LayerNorm")] {
            let norm = tensors.norm(&format!("layer.{i}.{ours}"), width)?;
            put(format!("layer.{i}.{theirs}.weight"), &norm.weight, &[width]);
            put(format!("layer.{i}.{theirs}.bias"), &norm.shift, &[width]);
        }
    }
    Ok(named)
}

fn kind(torch: &Torch) -> Kind {
    match torch.precision {
        Precision::F32 => Kind::Float,
        Precision::Bf16 => Kind::BFloat16,
    }
}

/// One thread's model.
struct Model {
    encoder: BertEncoder,
    device: tch::Device,
    kind: Kind,
    width: usize,
}

impl Model {
    fn new(torch: &Torch, config: &Config, mut weights: HashMap<String, Tensor>) -> Result<Self, String> {
        let device = device(torch.device);
        let store = nn::VarStore::new(device);
        let shape = BertConfig {
            hidden_size: config.width as i64,
            intermediate_size: config.intermediate as i64,
            num_attention_heads: config.heads as i64,
            num_hidden_layers: config.layers as i64,
            ..BertConfig::default()
        };
        let encoder = BertEncoder::new(store.root(), &shape);
        for (name, mut variable) in store.variables() {
            let tensor = weights.remove(&name).ok_or_else(|| format!("rust-bert wants a tensor {name}"))?;
            tch::no_grad(|| variable.f_set_data(&tensor)).map_err(|error| error.to_string())?;
        }
        match weights.keys().next() {
            Some(name) => Err(format!("rust-bert has no tensor {name}")),
            None => Ok(Self { encoder, device, kind: kind(torch), width: config.width }),
        }
    }

    /// Runs the windows of these jobs, at most `batch` at a time, and answers each.
    fn serve(&self, mut jobs: Vec<Job>, batch: usize) {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let width = self.width;
            let mut windows: Vec<&mut [f32]> = Vec::new();
            for Job { rows, lengths, .. } in &mut jobs {
                let mut rest = rows.as_mut_slice();
                for length in lengths {
                    let (window, others) = rest.split_at_mut(*length * width);
                    windows.push(window);
                    rest = others;
                }
            }
            // Windows of like length, so that little is padded.
            windows.sort_by_key(|window| window.len());
            windows.chunks_mut(batch).for_each(|windows| self.run(windows));
        }));
        let failure = outcome.err().map(|panic| crate::run::message(panic.as_ref()).to_owned());
        for Job { rows, reply, .. } in jobs {
            // Nobody listens any more if the run has ended.
            let _ = reply.send(failure.clone().map_or(Ok(rows), Err));
        }
    }

    /// Runs windows side by side, in place.
    fn run(&self, windows: &mut [&mut [f32]]) {
        let (count, width) = (windows.len(), self.width);
        let longest = windows.iter().map(|window| window.len()).max().unwrap_or(0);
        let (mut rows, mut mask) = (vec![0.0; count * longest], vec![0.0; count * longest / width]);
        for (at, window) in windows.iter().enumerate() {
            rows[at * longest..][..window.len()].copy_from_slice(window);
            mask[(at * longest + window.len()) / width..(at + 1) * longest / width].fill(HIDDEN);
        }
        let tensor = |values: &[f32], shape: &[i64]| {
            Tensor::from_slice(values).view(shape).to_device(self.device).to_kind(self.kind)
        };
        let (batch, length) = (count as i64, (longest / width) as i64);
        let out = tch::no_grad(|| {
            let rows = tensor(&rows, &[batch, length, width as i64]);
            // One window needs no mask.
            let mask = (1 < count).then(|| tensor(&mask, &[batch, 1, 1, length]));
            let out = self.encoder.forward_t(&rows, mask.as_ref(), None, None, false).hidden_state;
            out.to_kind(Kind::Float).to_device(tch::Device::Cpu).contiguous()
        });
        out.copy_data(&mut rows, count * longest);
        for (window, rows) in windows.iter_mut().zip(rows.chunks_exact(longest)) {
            window.copy_from_slice(&rows[..window.len()]);
        }
    }
}

#[cfg(test)]
mod tests;
