//! Attention over one window: two products by tiles, and the soft-max between them.

use std::ops::Range;

use super::Block;
use super::matrix::Planes;
use super::tiles::{Line, SIDE, Start, TILE, Tiles};
use super::vectors;

/// Scores of 32 queries and 32 keys. The line at the end keeps the scores of one query and further keys from
/// falling into the same set of the first-level cache.
#[repr(C, align(64))]
pub struct Scores(pub [f32; SIDE * SIDE + SIDE]);

impl Default for Scores {
    fn default() -> Self {
        Self([0.0; SIDE * SIDE + SIDE])
    }
}

/// Buffers, reused from window to window.
#[derive(Default)]
pub struct Scratch {
    /// Keys of a head as a right factor: 32 keys after another.
    keys: Vec<Line>,
    /// Values of a head as a right factor: 32 features after another.
    values: Vec<Line>,
    /// Scores of 32 queries: 32 keys after another.
    scores: Vec<Scores>,
    next_scores: Vec<Scores>,
    /// Their soft-max in bf16, as a left factor.
    weights: Vec<Line>,
    block: Block,
}

/// A window's rows: their number, and where they start among the queries, keys and values (at a whole block)
/// and among the rows of all windows.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub length: usize,
    pub block: usize,
    pub row: usize,
}

/// Fills the window's rows of `attended`. `qkv` has the queries of all heads, then the keys, then the values,
/// each in `planes` planes, of which a head has `depth`. The scale of the scores is in the queries already,
/// to the base of 2.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn attend(
    tiles: &Tiles,
    qkv: &Planes,
    window: Place,
    planes: usize,
    depth: usize,
    attended: &mut Planes,
    scratch: &mut Scratch,
) {
    let Scratch { keys, values, scores, next_scores, weights, block } = scratch;
    let Place { length, .. } = window;
    let blocks = length.div_ceil(SIDE);
    let room = blocks * SIDE;
    keys.resize(room * depth, Line::ZERO);
    values.resize(room * depth, Line::ZERO);
    scores.resize_with(blocks, Scores::default);
    next_scores.resize_with(blocks, Scores::default);
    weights.resize(room, Line::ZERO);
    let rows_each = SIDE.div_ceil(blocks);
    for head in (0..planes).step_by(depth) {
        for number in 0..blocks {
            let part = |which: usize, plane: usize| {
                let plane = which * planes + head + plane;
                qkv.left(window.block + number, plane..plane + 1)
            };
            for plane in 0..depth {
                pack_keys(part(1, plane), &mut keys[(number * depth + plane) * SIDE..][..SIDE]);
                let count = length - number * SIDE;
                pack_values(part(2, plane), count, &mut values[(plane * blocks + number) * SIDE..][..SIDE]);
            }
        }
        let queries = |number: usize| qkv.left(window.block + number, head..head + depth);
        for (keys, scores) in keys.chunks_exact(SIDE * depth).zip(&mut *scores) {
            tiles.multiply(queries(0), keys, Start::Zero, &mut scores.0, SIDE, |_| ());
        }
        for number in 0..blocks {
            let count = SIDE.min(length - number * SIDE);
            let mut factors = [0.0; SIDE];
            vectors::hide(scores, length);
            let mut soft_max = |rows: Range<usize>| {
                for row in rows {
                    factors[row] = vectors::soft_max(scores, row, &mut weights[row..]);
                }
            };
            if number + 1 < blocks {
                // The scores of the next rows, while the weights of these are computed.
                let queries = queries(number + 1);
                for (number, (keys, scores)) in
                    keys.chunks_exact(SIDE * depth).zip(&mut *next_scores).enumerate()
                {
                    let rows = number * rows_each..SIDE.min((number + 1) * rows_each);
                    tiles.multiply(queries, keys, Start::Zero, &mut scores.0, SIDE, |depth| {
                        if depth == 0 {
                            soft_max(rows.clone());
                        }
                    });
                }
            } else {
                soft_max(0..count);
            }
            for (plane, values) in values.chunks_exact(room).enumerate() {
                tiles.multiply(weights, values, Start::Zero, &mut block.0, SIDE, |_| ());
                let rows = block.0.as_chunks().0.iter().zip(factors).take(count);
                for (row, (values, factor)) in rows.enumerate() {
                    let out = attended.line_mut(window.row + number * SIDE + row, head + plane);
                    *out = vectors::round_scaled(values, factor);
                }
            }
            std::mem::swap(scores, next_scores);
        }
    }
}

/// Turns 32 keys on their side, the first 16 and the others.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn pack_keys(lines: &[Line], keys: &mut [Line]) {
    for (lines, keys) in lines.as_chunks::<TILE>().0.iter().zip(keys.as_chunks_mut::<TILE>().0) {
        vectors::turn(lines, keys);
    }
}

/// Interleaves two values after another, of which only the first `count` are there.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn pack_values(lines: &[Line], count: usize, values: &mut [Line]) {
    let (low, high) = values.split_at_mut(TILE);
    for (number, (low, high)) in low.iter_mut().zip(high).enumerate() {
        let value = |at: usize| if at < count { &lines[at] } else { &Line::ZERO };
        [*low, *high] = vectors::interleave(value(2 * number), value(2 * number + 1));
    }
}
