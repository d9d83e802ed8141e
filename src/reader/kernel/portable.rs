//! The kernel for any machine: f32, products by the `gemm` crate, which chooses its own kernel.
//!
//! One window at a time, for its rows stay in the second-level cache from one product to the next.

use std::cell::RefCell;
use std::fmt::Debug;

use super::Layers;
use crate::reader::config::Config;
use crate::reader::lanes;
use crate::reader::product::{self, View, product};
use crate::reader::weights::{Linear, Norm, Tensors};

/// Rows whose scores are computed at a time: with all keys of a window they stay in the second-level cache.
const QUERIES: usize = 96;

/// The large products of the layers.
pub trait Dense: Debug + Send + Sync {
    /// `out = x Wᵀ`, for the `rows` rows of `x`: without the bias, which the caller adds in its next pass.
    fn product(&self, x: &[f32], rows: usize, out: &mut Vec<f32>);

    /// b.
    fn bias(&self) -> &[f32];
}

impl Dense for Linear {
    fn product(&self, x: &[f32], rows: usize, out: &mut Vec<f32>) {
        Linear::product(self, x, rows, out);
    }

    fn bias(&self) -> &[f32] {
        &self.bias
    }
}

/// All layers in f32, but for what `D` does.
#[derive(Debug)]
pub struct Portable<D> {
    layers: Vec<Layer<D>>,
    heads: usize,
    width: usize,
    eps: f32,
}

#[derive(Debug)]
struct Layer<D> {
    /// Queries, keys and values side by side.
    qkv: D,
    out: D,
    norm1: Norm,
    up: D,
    down: D,
    norm2: Norm,
}

/// Buffers, reused from window to window.
#[derive(Default)]
struct Scratch {
    wide: Vec<f32>,
    attended: Vec<f32>,
    narrow: Vec<f32>,
    scores: Vec<f32>,
    factors: Vec<f32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl<D: Dense> Layers for Portable<D> {
    fn run(&self, rows: &mut [f32], lengths: &[usize]) {
        SCRATCH.with_borrow_mut(|scratch| {
            let mut rest = rows;
            for length in lengths {
                let (window, others) = rest.split_at_mut(length * self.width);
                self.run_window(window, *length, scratch);
                rest = others;
            }
        });
    }
}

impl<D: Dense> Portable<D> {
    /// Takes the tensors; `dense` reads those of one product by its name, outputs and inputs.
    pub fn new(
        config: &Config,
        tensors: &Tensors<'_>,
        dense: impl Fn(&str, usize, usize) -> Result<D, String>,
    ) -> Result<Self, String> {
        product::keep_panels();
        let (width, inner) = (config.width, config.intermediate);
        let layer = |i: usize| -> Result<Layer<D>, String> {
            Ok(Layer {
                qkv: dense(&format!("layer.{i}.qkv"), 3 * width, width)?,
                out: dense(&format!("layer.{i}.out"), width, width)?,
                norm1: tensors.norm(&format!("layer.{i}.norm1"), width)?,
                up: dense(&format!("layer.{i}.up"), inner, width)?,
                down: dense(&format!("layer.{i}.down"), width, inner)?,
                norm2: tensors.norm(&format!("layer.{i}.norm2"), width)?,
            })
        };
        Ok(Self {
            layers: (0..config.layers).map(layer).collect::<Result<_, _>>()?,
            heads: config.heads,
            width,
            eps: config.layer_norm_eps,
        })
    }

    fn run_window(&self, x: &mut [f32], rows: usize, scratch: &mut Scratch) {
        for layer in &self.layers {
            layer.qkv.product(x, rows, &mut scratch.wide);
            lanes::add_bias(&mut scratch.wide, layer.qkv.bias());
            self.attend(rows, scratch);
            layer.out.product(&scratch.attended, rows, &mut scratch.narrow);
            self.add_norm(x, &scratch.narrow, &layer.out, &layer.norm1);
            layer.up.product(x, rows, &mut scratch.wide);
            lanes::add_bias_gelu(&mut scratch.wide, layer.up.bias());
            layer.down.product(&scratch.wide, rows, &mut scratch.narrow);
            self.add_norm(x, &scratch.narrow, &layer.down, &layer.norm2);
        }
    }

    fn add_norm(&self, x: &mut [f32], added: &[f32], dense: &D, norm: &Norm) {
        lanes::add_norm(x, added, dense.bias(), &norm.weight, &norm.shift, self.eps);
    }

    /// Attention of each head over the window: `wide` holds queries, keys, values; fills `attended`.
    fn attend(&self, rows: usize, scratch: &mut Scratch) {
        let Scratch { wide, attended, scores, factors, .. } = scratch;
        let size = self.width / self.heads;
        let step = 3 * self.width;
        let scale = 1.0 / (size as f32).sqrt();
        attended.resize(rows * self.width, 0.0);
        for first in (0..self.width).step_by(size) {
            let part = |which: usize, row: usize, rows: usize| {
                View::rows(&wide[row * step + which * self.width + first..], rows, size, step)
            };
            for row in (0..rows).step_by(QUERIES) {
                let asking = QUERIES.min(rows - row);
                scores.resize(asking * rows, 0.0);
                product(part(0, row, asking), part(1, 0, rows).transposed(), scale, scores, rows);
                lanes::exponentials(scores, rows, factors);
                let attended = &mut attended[row * self.width..(row + asking) * self.width];
                let weights = View::rows(scores, asking, rows, rows);
                product(weights, part(2, 0, rows), 1.0, &mut attended[first..], self.width);
                for (row, factor) in attended.chunks_exact_mut(self.width).zip(&*factors) {
                    for value in &mut row[first..first + size] {
                        *value *= factor;
                    }
                }
            }
        }
    }
}
