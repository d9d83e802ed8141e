//! The kernel for processors with AMX: all large products in bf16 by tiles, summed in f32; what lies between
//! them in f32 by AVX-512, rounded to bf16 where it enters the next product.
//!
//! Rows of several windows stand one after another without gaps; only attention heeds where a window ends.
//! Widths that are no multiple of 32 are filled up with zeros when the weights are packed.
#![allow(unsafe_code)]

mod attention;
mod matrix;
mod tiles;
mod vectors;

use std::cell::RefCell;
use std::f32::consts::LOG2_E;

pub use tiles::Permission;

use super::Layers;
use crate::reader::config::Config;
use crate::reader::weights::Tensors;
use matrix::{Matrix, Norm, Planes, Spread};
use tiles::{SIDE, Start, Tiles};

/// All layers in bf16.
#[derive(Debug)]
pub struct Amx {
    permission: Permission,
    layers: Vec<Layer>,
    width: usize,
    /// Lines of a row, of a row of all heads, of a row between up and down, and of one head.
    planes: usize,
    head_planes: usize,
    inner_planes: usize,
    depth: usize,
    eps: f32,
}

#[derive(Debug)]
struct Layer {
    /// Queries, keys and values side by side, each head from a whole line on.
    qkv: Matrix,
    out: Matrix,
    norm1: Norm,
    up: Matrix,
    down: Matrix,
    norm2: Norm,
}

/// 32 rows of 32 floats, as a product leaves them.
#[repr(C, align(64))]
struct Block([f32; SIDE * SIDE]);

impl Default for Block {
    fn default() -> Self {
        Self([0.0; SIDE * SIDE])
    }
}

/// Buffers, reused from call to call.
#[derive(Default)]
struct Scratch {
    /// The vectors in f32, each filled up to whole lines.
    rows: Vec<f32>,
    /// The same in bf16.
    rounded: Planes,
    qkv: Planes,
    attended: Planes,
    inner: Planes,
    block: Block,
    attention: attention::Scratch,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Layers for Amx {
    fn run(&self, rows: &mut [f32], lengths: &[usize]) {
        SCRATCH.with_borrow_mut(|scratch| {
            let tiles = Tiles::configure(self.permission);
            // SAFETY: the permission proves that the processor has these features.
            unsafe { self.run_in(&tiles, rows, lengths, scratch) }
        });
    }
}

impl Amx {
    /// Takes the tensors; a permission proves that the kernel can run.
    pub fn new(permission: Permission, config: &Config, tensors: &Tensors<'_>) -> Result<Self, String> {
        let (width, inner) = (config.width, config.intermediate);
        let size = width / config.heads;
        let (plain, wide, heads) = (Spread::groups(width), Spread::groups(inner), Spread::groups(size));
        let read = |name: String, outputs: usize, inputs: usize| -> Result<_, String> {
            let rows = tensors.floats(&format!("{name}.weight"), &[outputs, inputs])?;
            Ok((rows, tensors.floats(&format!("{name}.bias"), &[outputs])?))
        };
        let norm = |name: String, bias: &[f32]| -> Result<Norm, String> {
            let norm = tensors.norm(&name, width)?;
            let [bias, weight, shift] = [bias, &norm.weight, &norm.shift].map(|v| plain.vector(v));
            Ok(Norm { bias, weight, shift })
        };
        let layer = |i: usize| -> Result<Layer, String> {
            let (mut rows, mut bias) = read(format!("layer.{i}.qkv"), 3 * width, width)?;
            // The scores' scale, and the exponentials' base of 2, go into the queries.
            let scale = LOG2_E / (size as f32).sqrt();
            rows[..width * width].iter_mut().chain(&mut bias[..width]).for_each(|value| *value *= scale);
            let qkv = Matrix::pack(&rows, &bias, heads, plain);
            let (rows, bias) = read(format!("layer.{i}.out"), width, width)?;
            let out = Matrix::pack(&rows, &bias, plain, heads);
            let norm1 = norm(format!("layer.{i}.norm1"), &bias)?;
            let (rows, bias) = read(format!("layer.{i}.up"), inner, width)?;
            let up = Matrix::pack(&rows, &bias, wide, plain);
            let (rows, bias) = read(format!("layer.{i}.down"), width, inner)?;
            let down = Matrix::pack(&rows, &bias, plain, wide);
            Ok(Layer { qkv, out, norm1, up, down, norm2: norm(format!("layer.{i}.norm2"), &bias)? })
        };
        Ok(Self {
            permission,
            layers: (0..config.layers).map(layer).collect::<Result<_, _>>()?,
            width,
            planes: plain.places(width) / SIDE,
            head_planes: heads.places(width) / SIDE,
            inner_planes: wide.places(inner) / SIDE,
            depth: heads.places(size) / SIDE,
            eps: config.layer_norm_eps,
        })
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
    fn run_in(&self, tiles: &Tiles, vectors: &mut [f32], lengths: &[usize], scratch: &mut Scratch) {
        let count: usize = lengths.iter().sum();
        // A block of 32 rows that begins with the last row must lie inside.
        let room = (count + SIDE).next_multiple_of(SIDE);
        let Scratch { rows, rounded, qkv, attended, inner, block, attention } = scratch;
        let step = self.planes * SIDE;
        rows.clear();
        rows.resize(room * step, 0.0);
        rounded.reshape(room, self.planes);
        qkv.reshape(room, 3 * self.head_planes);
        attended.reshape(room, self.head_planes);
        inner.reshape(room, self.inner_planes);
        for (number, (row, vector)) in
            rows.chunks_exact_mut(step).zip(vectors.chunks_exact(self.width)).enumerate()
        {
            row[..self.width].copy_from_slice(vector);
            vectors::round_row(row, rounded.row_mut(number), room);
        }
        for layer in &self.layers {
            let blocks = Blocks { tiles, count, step };
            blocks.round(rounded, &layer.qkv, Then::Round, qkv, block);
            let mut start = 0;
            for length in lengths {
                let window = start..start + length;
                start = window.end;
                attention::attend(tiles, qkv, window, self.depth, attended, self.head_planes, attention);
            }
            blocks.add(attended, &layer.out, rows);
            self.norm(rows, count, &layer.norm1, rounded);
            blocks.round(rounded, &layer.up, Then::Gelu, inner, block);
            blocks.add(inner, &layer.down, rows);
            self.norm(rows, count, &layer.norm2, rounded);
        }
        for (row, vector) in rows.chunks_exact(step).zip(vectors.chunks_exact_mut(self.width)) {
            vector.copy_from_slice(&row[..self.width]);
        }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
    fn norm(&self, rows: &mut [f32], count: usize, norm: &Norm, rounded: &mut Planes) {
        let step = rounded.step();
        for (number, row) in rows.chunks_exact_mut(self.planes * SIDE).take(count).enumerate() {
            vectors::norm(row, norm, self.width, self.eps, rounded.row_mut(number), step);
        }
    }
}

/// What is done to a block of a product.
#[derive(Clone, Copy)]
enum Then {
    Round,
    Gelu,
}

/// The products over all rows of a call, block by block: 32 rows of x stay in the first-level cache while
/// all weights pass by, in the order in which they lie in memory. (The other way round took a fifth longer.)
struct Blocks<'t> {
    tiles: &'t Tiles,
    /// Rows.
    count: usize,
    /// Floats from row to row.
    step: usize,
}

impl Blocks<'_> {
    /// `out = then(x Wᵀ + b)` in bf16.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
    fn round(&self, x: &Planes, matrix: &Matrix, then: Then, out: &mut Planes, block: &mut Block) {
        for row in (0..self.count).step_by(SIDE) {
            for (output, bias) in matrix.bias.as_chunks().0.iter().enumerate() {
                let start = Start::Row(bias);
                self.tiles.multiply(x.left(row, 0), matrix.right(output), &start, &mut block.0, SIDE);
                let out = &mut out.plane_mut(output)[row..row + SIDE];
                match then {
                    Then::Round => vectors::round(&block.0, out),
                    Then::Gelu => vectors::round_gelu(&block.0, out),
                }
            }
        }
    }

    /// `rows += x Wᵀ`.
    fn add(&self, x: &Planes, matrix: &Matrix, rows: &mut [f32]) {
        for row in (0..self.count).step_by(SIDE) {
            for output in 0..matrix.blocks() {
                let out = &mut rows[row * self.step + output * SIDE..];
                let right = matrix.right(output);
                self.tiles.multiply(x.left(row, 0), right, &Start::Itself, out, self.step);
            }
        }
    }
}

#[cfg(test)]
mod tests;
