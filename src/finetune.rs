//! Fine-tuning: the stance head fitted to a codebook of one's own, in a model folder of its own.
//!
//! The encoder stays as it is, for the other heads read it too; what it says of each statement is read once, and only the
//! small stance head learns. So it is fast on any processor, and the rest of a row stays what it was. Reading codings and
//! counting agreement need nothing; learning needs libtorch (feature `torch`).

pub mod agreement;
pub mod codings;
mod folder;
#[cfg(feature = "torch")]
mod learning;
#[cfg(any(feature = "torch", test))]
mod split;

use std::num::NonZeroUsize;
use std::path::Path;

pub use agreement::Agreement;
pub use codings::Codings;

#[cfg(not(feature = "torch"))]
use crate::reader::Engine;
use crate::reader::engine::Device;
pub use crate::reader::heads::Start;
use crate::{Error, stance};

/// How the head learns.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Most passes over the statements.
    pub epochs: NonZeroUsize,
    /// Passes without a better macro-F before it ends.
    pub patience: usize,
    /// Share of the statements that are kept for checking, 0–1.
    pub validation: f64,
    /// Greatest learning rate, after a tenth of all steps.
    pub rate: f64,
    /// Statements of one step.
    pub batch: NonZeroUsize,
    /// What split, first weights and order are drawn from.
    pub seed: u64,
    /// What the head's inner layers begin with.
    pub start: Start,
    /// Where it learns.
    pub device: Device,
    /// Threads that read the statements.
    pub threads: NonZeroUsize,
}

/// How learning goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// That many statements of so many are read.
    Read(usize, usize),
    /// An epoch is done: its number, its mean loss, and macro-F on the statements kept for checking.
    Epoch(usize, f64, f64),
}

/// A head that has learnt.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Names of its labels.
    pub labels: stance::Labels,
    /// Statements it learnt from.
    pub learnt: usize,
    /// Epoch whose weights were kept, and how many there were.
    pub epochs: (usize, usize),
    /// On the statements kept for checking, before the first step.
    pub before: Agreement,
    /// … and with the weights kept.
    pub after: Agreement,
    /// Logits are divided by it before the softmax; chosen on the statements kept for checking.
    pub temperature: f32,
    /// Name and version of the model it began with.
    pub base: String,
    /// Its weights.
    tensors: Vec<(String, Vec<usize>, Vec<f32>)>,
}

/// Fits the stance head of `models` (else the built-in one) to `codings`; `engine` reads the statements.
///
/// # Errors
/// The models cannot be loaded, a statement has no words, or this program was built without libtorch.
#[cfg(not(feature = "torch"))]
pub fn fit(
    _models: Option<&Path>,
    _engine: Engine,
    _codings: &Codings,
    _options: &Options,
    _tell: impl FnMut(Event),
) -> Result<Fitted, Error> {
    Err(unbuilt())
}

#[cfg(feature = "torch")]
pub use learning::fit;

/// Whether this program can learn.
///
/// # Errors
/// It was built without libtorch.
pub fn available() -> Result<(), Error> {
    if cfg!(feature = "torch") { Ok(()) } else { Err(unbuilt()) }
}

fn unbuilt() -> Error {
    crate::reader::engine::unbuilt("sayso finetune")
}

impl Fitted {
    /// Writes the new model's folder: the files of `models` with the new head, and its card. `remarks` end the card.
    ///
    /// # Errors
    /// The models cannot be read, or the folder cannot be written.
    pub fn write(
        &self,
        models: Option<&Path>,
        name: &str,
        remarks: &str,
        folder: &Path,
    ) -> Result<(), Error> {
        folder::write(self, models, name, remarks, folder)
    }
}
