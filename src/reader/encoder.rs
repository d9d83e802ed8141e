//! The encoder: BERT's forward over windows of ids.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::config::Config;
use super::engine::Engine;
use super::kernel::Layers;
use super::lanes;
use super::weights::{Norm, Table, Tensors};

/// Weights of an encoder.
#[derive(Debug)]
pub struct Encoder {
    words: Table,
    /// Position vectors, that of token type 0 already in them.
    positions: Vec<f32>,
    norm: Norm,
    layers: Box<dyn Layers>,
    width: usize,
    eps: f32,
    /// Windows read since loading, so that a test can see that none is read twice.
    windows_read: AtomicUsize,
}

impl Encoder {
    /// Takes the encoder's tensors, of the shapes that `config` tells; `engine` runs its layers.
    pub fn new(config: &Config, tensors: &Tensors<'_>, engine: Engine) -> Result<Self, String> {
        let width = config.width;
        Ok(Self {
            words: tensors.table("embeddings.word", width)?,
            positions: tensors.floats("embeddings.position", &[config.max_position, width])?,
            norm: tensors.norm("embeddings.norm", width)?,
            layers: engine.layers(config, tensors)?,
            width,
            eps: config.layer_norm_eps,
            windows_read: AtomicUsize::new(0),
        })
    }

    /// Number of ids that have a vector.
    pub fn vocabulary(&self) -> usize {
        self.words.len()
    }

    /// Vectors of the last layer for the ids of each window, one row each; at most as many ids a window as
    /// there are positions. The same window gives the same bits in any company.
    pub fn forward(&self, windows: &[Vec<u32>]) -> Vec<f32> {
        self.windows_read.fetch_add(windows.len(), Relaxed);
        let lengths: Vec<usize> = windows.iter().map(Vec::len).collect();
        let mut rows = Vec::with_capacity(lengths.iter().sum::<usize>() * self.width);
        windows.iter().for_each(|ids| self.embed(ids, &mut rows));
        self.layers.run(&mut rows, &lengths);
        rows
    }

    /// How many windows were read since loading.
    pub fn windows_read(&self) -> usize {
        self.windows_read.load(Relaxed)
    }

    fn embed(&self, ids: &[u32], rows: &mut Vec<f32>) {
        let first = rows.len();
        rows.extend_from_slice(&self.positions[..ids.len() * self.width]);
        let zeros = vec![0.0; self.width];
        for (row, &id) in rows[first..].chunks_exact_mut(self.width).zip(ids) {
            self.words.add_row(id as usize, row);
            lanes::add_norm(row, &zeros, &zeros, &self.norm.weight, &self.norm.shift, self.eps);
        }
    }
}
