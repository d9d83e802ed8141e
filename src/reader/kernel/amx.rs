//! The kernel for processors with AMX: all large products in bf16 by tiles, summed in f32; what lies between
//! them in f32 by AVX-512, rounded to bf16 where it enters the next product.
//!
//! Rows of several windows stand one after another without gaps; only attention heeds where a window ends,
//! and its input starts each window at a whole block of rows.
//! Widths that are no multiple of 32 are filled up with zeros when the weights are packed.
#![allow(unsafe_code)]

mod attention;
mod matrix;
mod tiles;
mod vectors;

use std::cell::RefCell;
use std::f32::consts::LOG2_E;
use std::ops::Range;

pub use tiles::Permission;

use super::Layers;
use crate::reader::config::Config;
use crate::reader::weights::Tensors;
use attention::Place;
use matrix::{Matrix, Norm, Planes, Spread};
use tiles::{Line, SIDE, Start, Tiles};

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
    /// Where each row stands in `qkv`.
    places: Vec<usize>,
    windows: Vec<Place>,
    attended: Planes,
    /// Some features between up and down, of some rows.
    inner: Planes,
    blocks: [Block; 2],
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
        let Scratch { rows, rounded, qkv, places, windows, attended, inner, blocks, attention } = scratch;
        let count: usize = lengths.iter().sum();
        let step = self.planes * SIDE;
        rows.clear();
        rows.resize(count.next_multiple_of(SIDE) * step, 0.0);
        rounded.reshape(count, self.planes);
        attended.reshape(count, self.head_planes);
        inner.reshape(PANEL * SIDE, CHUNK);
        for (number, (row, vector)) in
            rows.chunks_exact_mut(step).zip(vectors.chunks_exact(self.width)).enumerate()
        {
            row[..self.width].copy_from_slice(vector);
            vectors::round_row(row, rounded.row_mut(number));
        }
        let placed = place(lengths, places, windows);
        qkv.reshape(placed * SIDE, 3 * self.head_planes);
        for layer in &self.layers {
            for panel in panels(count) {
                let all = 0..layer.qkv.blocks();
                product(tiles, panel, rounded, &layer.qkv, all, blocks, |number, output, row, values| {
                    if let Some(place) = places.get(number * SIDE + row) {
                        let bias = layer.qkv.bias_of(output);
                        *qkv.line_mut(*place, output) = vectors::round_biased(values, bias);
                    }
                });
            }
            for window in &*windows {
                attention::attend(tiles, qkv, *window, self.head_planes, self.depth, attended, attention);
            }
            for panel in panels(count) {
                let real = panel.start * SIDE..count.min(panel.end * SIDE);
                let sums = &mut rows[panel.start * SIDE * step..panel.end * SIDE * step];
                add(tiles, attended, panel.start, &layer.out, 0..self.head_planes, sums);
                self.norm(real.clone(), sums, &layer.norm1, rounded);
                for first in (0..self.inner_planes).step_by(CHUNK) {
                    let chunk = first..self.inner_planes.min(first + CHUNK);
                    let (x, up) = (&*rounded, &layer.up);
                    product(
                        tiles,
                        panel.clone(),
                        x,
                        up,
                        chunk.clone(),
                        blocks,
                        |number, output, row, values| {
                            let lines = inner.plane_mut(number - panel.start, output - first);
                            lines[row] = vectors::round_gelu(values, up.bias_of(output));
                        },
                    );
                    add(tiles, inner, 0, &layer.down, chunk, sums);
                }
                self.norm(real, sums, &layer.norm2, rounded);
            }
        }
        for (row, vector) in rows.chunks_exact(step).zip(vectors.chunks_exact_mut(self.width)) {
            vector.copy_from_slice(&row[..self.width]);
        }
    }

    /// The layer norm of the rows `real`, the first of which is the first of `sums`.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
    fn norm(&self, real: Range<usize>, sums: &mut [f32], norm: &Norm, rounded: &mut Planes) {
        for (number, row) in real.zip(sums.chunks_exact_mut(self.planes * SIDE)) {
            vectors::norm(row, norm, self.width, self.eps, rounded.row_mut(number));
        }
    }
}

/// Blocks of rows, at most, over which one block of weights passes before the next one does: as many as stay in
/// the second-level cache, with all that is made of them in a layer. Weights come from beyond that cache, so
/// that more rows a panel are less to wait for.
const PANEL: usize = 12;
/// Planes between up and down that are computed at a time.
const CHUNK: usize = 16;

/// The blocks of `count` rows, a panel at a time, all about as long.
fn panels(count: usize) -> impl Iterator<Item = Range<usize>> {
    let blocks = count.div_ceil(SIDE);
    let panels = blocks.div_ceil(PANEL).max(1);
    (0..panels).map(move |number| number * blocks / panels..(number + 1) * blocks / panels)
}

/// Where windows and rows stand if each window begins with a whole block; gives the number of blocks.
fn place(lengths: &[usize], places: &mut Vec<usize>, windows: &mut Vec<Place>) -> usize {
    places.clear();
    windows.clear();
    let mut block = 0;
    for &length in lengths {
        windows.push(Place { length, block, row: places.len() });
        places.extend(block * SIDE..block * SIDE + length);
        block += length.div_ceil(SIDE);
    }
    block
}

/// Hands on each row of each block of `x Wᵀ`, with the block's number among the rows and the outputs and the
/// row's number in it: those of one block while the tiles compute the next.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn product(
    tiles: &Tiles,
    panel: Range<usize>,
    x: &Planes,
    matrix: &Matrix,
    outputs: Range<usize>,
    [now, before]: &mut [Block; 2],
    mut then: impl FnMut(usize, usize, usize, &[f32; SIDE]),
) {
    let (mut now, mut before) = (now, before);
    let mut done = None;
    let rows_each = SIDE.div_ceil(matrix.depth);
    for output in outputs {
        let right = matrix.right(output, 0..matrix.depth);
        let mut ahead = Ahead::new(matrix, output, 0..matrix.depth, panel.len());
        for number in panel.clone() {
            let left = x.left(number, 0..matrix.depth);
            tiles.multiply(left, right, Start::Zero, &mut now.0, SIDE, |depth| {
                ahead.fetch();
                let Some((number, output)) = done else { return };
                let first = depth * rows_each;
                for (row, values) in before.0.as_chunks().0.iter().enumerate().skip(first).take(rows_each) {
                    then(number, output, row, values);
                }
            });
            done = Some((number, output));
            std::mem::swap(&mut now, &mut before);
        }
    }
    let Some((number, output)) = done else { return };
    for (row, values) in before.0.as_chunks().0.iter().enumerate() {
        then(number, output, row, values);
    }
}

/// Adds to the blocks of rows in `sums` the product of the inputs `depth` of `matrix` and as many first planes
/// of `x`, from the block `first` on.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn add(tiles: &Tiles, x: &Planes, first: usize, matrix: &Matrix, depth: Range<usize>, sums: &mut [f32]) {
    let step = matrix.blocks() * SIDE;
    for output in 0..matrix.blocks() {
        let right = matrix.right(output, depth.clone());
        let mut ahead = Ahead::new(matrix, output, depth.clone(), sums.len() / (SIDE * step));
        for (number, sums) in sums.chunks_exact_mut(SIDE * step).enumerate() {
            let left = x.left(first + number, 0..depth.len());
            tiles.multiply(left, right, Start::Itself, &mut sums[output * SIDE..], step, |_| {
                ahead.fetch();
            });
        }
    }
}

/// The weights of the next outputs, which come from far: to be fetched while those of the present ones are
/// multiplied, some for each block and depth.
struct Ahead<'a> {
    chunks: std::slice::Chunks<'a, Line>,
}

impl<'a> Ahead<'a> {
    fn new(matrix: &'a Matrix, output: usize, depth: Range<usize>, blocks: usize) -> Self {
        let next = if output + 1 < matrix.blocks() { output + 1 } else { 0 };
        Self { chunks: matrix.right(next, depth).chunks(SIDE.div_ceil(blocks.max(1))) }
    }

    #[inline]
    fn fetch(&mut self) {
        if let Some(lines) = self.chunks.next() {
            tiles::fetch(lines);
        }
    }
}

#[cfg(test)]
mod tests;
