//! The encoder: BERT's forward over one window.
//!
//! One window at a time, for its rows stay in the second-level cache from one product to the next, and
//! for its numbers then depend on nothing but the window.

use super::config::Config;
use super::lanes;
use super::product::{View, product};
use super::weights::{Linear, Norm, PANEL, Table, Tensors};

/// Weights of an encoder.
#[derive(Debug)]
pub struct Encoder {
    words: Table,
    /// Position vectors, that of token type 0 already in them.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    heads: usize,
    width: usize,
    eps: f32,
}

#[derive(Debug)]
struct Layer {
    /// Queries, keys and values side by side.
    qkv: Linear,
    out: Linear,
    norm1: Norm,
    up: Linear,
    down: Linear,
    norm2: Norm,
}

/// Buffers of a forward, reused from window to window.
#[derive(Debug, Default)]
pub struct Scratch {
    wide: Vec<f32>,
    attended: Vec<f32>,
    narrow: Vec<f32>,
    scores: Vec<f32>,
    factors: Vec<f32>,
}

impl Linear {
    /// `out = x Wᵀ`, for the `rows` rows of `x`: without the bias, which the caller adds in its next pass.
    pub fn product(&self, x: &[f32], rows: usize, out: &mut Vec<f32>) {
        out.resize(rows * self.outputs, 0.0);
        if rows == 0 {
            return;
        }
        let x = View::rows(x, rows, self.inputs, self.inputs);
        for (number, panel) in self.weight.chunks(PANEL * self.inputs).enumerate() {
            let width = panel.len() / self.inputs;
            let panel = View::rows(panel, self.inputs, width, width);
            product(x, panel, 1.0, &mut out[number * PANEL..], self.outputs);
        }
    }

    /// `x Wᵀ + b`.
    pub fn apply(&self, x: &[f32], rows: usize) -> Vec<f32> {
        let mut out = Vec::new();
        self.product(x, rows, &mut out);
        lanes::add_bias(&mut out, &self.bias);
        out
    }
}

impl Encoder {
    /// Takes the encoder's tensors, of the shapes that `config` tells.
    pub fn new(config: &Config, tensors: &Tensors<'_>) -> Result<Self, String> {
        super::product::keep_panels();
        let (width, inner) = (config.width, config.intermediate);
        let layer = |i: usize| -> Result<Layer, String> {
            Ok(Layer {
                qkv: tensors.linear(&format!("layer.{i}.qkv"), 3 * width, width)?,
                out: tensors.linear(&format!("layer.{i}.out"), width, width)?,
                norm1: tensors.norm(&format!("layer.{i}.norm1"), width)?,
                up: tensors.linear(&format!("layer.{i}.up"), inner, width)?,
                down: tensors.linear(&format!("layer.{i}.down"), width, inner)?,
                norm2: tensors.norm(&format!("layer.{i}.norm2"), width)?,
            })
        };
        Ok(Self {
            words: tensors.table("embeddings.word", width)?,
            positions: tensors.floats("embeddings.position", &[config.max_position, width])?,
            norm: tensors.norm("embeddings.norm", width)?,
            layers: (0..config.layers).map(layer).collect::<Result<_, _>>()?,
            heads: config.heads,
            width,
            eps: config.layer_norm_eps,
        })
    }

    /// Number of ids that have a vector.
    pub fn vocabulary(&self) -> usize {
        self.words.len()
    }

    /// Vectors of the last layer for the ids of one window, one row each; at most as many ids as there
    /// are positions.
    pub fn forward(&self, ids: &[u32], scratch: &mut Scratch) -> Vec<f32> {
        let rows = ids.len();
        let mut x = self.embed(ids);
        for layer in &self.layers {
            layer.qkv.product(&x, rows, &mut scratch.wide);
            lanes::add_bias(&mut scratch.wide, &layer.qkv.bias);
            self.attend(rows, scratch);
            layer.out.product(&scratch.attended, rows, &mut scratch.narrow);
            self.add_norm(&mut x, &scratch.narrow, &layer.out, &layer.norm1);
            layer.up.product(&x, rows, &mut scratch.wide);
            lanes::add_bias_gelu(&mut scratch.wide, &layer.up.bias);
            layer.down.product(&scratch.wide, rows, &mut scratch.narrow);
            self.add_norm(&mut x, &scratch.narrow, &layer.down, &layer.norm2);
        }
        x
    }

    fn embed(&self, ids: &[u32]) -> Vec<f32> {
        let mut x = self.positions[..ids.len() * self.width].to_vec();
        for (row, &id) in x.chunks_exact_mut(self.width).zip(ids) {
            self.words.add_row(id as usize, row);
        }
        let zeros = vec![0.0; x.len()];
        let bias = &zeros[..self.width];
        lanes::add_norm(&mut x, &zeros, bias, &self.norm.weight, &self.norm.shift, self.eps);
        x
    }

    fn add_norm(&self, x: &mut [f32], added: &[f32], linear: &Linear, norm: &Norm) {
        lanes::add_norm(x, added, &linear.bias, &norm.weight, &norm.shift, self.eps);
    }

    /// Attention of each head over the window: `wide` holds queries, keys, values; fills `attended`.
    fn attend(&self, rows: usize, scratch: &mut Scratch) {
        let Scratch { wide, attended, scores, factors, .. } = scratch;
        let size = self.width / self.heads;
        let step = 3 * self.width;
        let scale = 1.0 / (size as f32).sqrt();
        attended.resize(rows * self.width, 0.0);
        scores.resize(rows * rows, 0.0);
        for first in (0..self.width).step_by(size) {
            let part = |which: usize| View::rows(&wide[which * self.width + first..], rows, size, step);
            product(part(0), part(1).transposed(), scale, scores, rows);
            lanes::exponentials(scores, rows, factors);
            product(View::rows(scores, rows, rows, rows), part(2), 1.0, &mut attended[first..], self.width);
            for (row, factor) in attended.chunks_exact_mut(self.width).zip(&*factors) {
                for value in &mut row[first..first + size] {
                    *value *= factor;
                }
            }
        }
    }
}
