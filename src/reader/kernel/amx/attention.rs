//! Attention over one window: two products by tiles, and the soft-max between them.

use std::ops::Range;

use super::Block;
use super::matrix::Planes;
use super::tiles::{Left, Line, SIDE, Start, TILE, Tiles};
use super::vectors;

/// Buffers, reused from window to window.
#[derive(Default)]
pub struct Scratch {
    /// Keys of a head as a right factor: 16 keys after another.
    keys: Vec<Line>,
    /// Values of a head as a right factor: 16 features after another.
    values: Vec<Line>,
    /// 32 rows of scores.
    scores: Vec<f32>,
    /// The same as bf16, as a left factor.
    weights: Vec<Line>,
    block: Block,
}

/// Fills the rows `window` of `attended`. `qkv` has the queries of all heads, then the keys, then the
/// values; a head has `depth` planes. The scale of the scores is in the queries already, to the base of 2.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn attend(
    tiles: &Tiles,
    qkv: &Planes,
    window: Range<usize>,
    depth: usize,
    attended: &mut Planes,
    planes: usize,
    scratch: &mut Scratch,
) {
    let Scratch { keys, values, scores, weights, block } = scratch;
    let length = window.len();
    let room = length.next_multiple_of(SIDE);
    keys.resize(room * depth, Line::ZERO);
    values.resize(room * depth, Line::ZERO);
    scores.resize(room * SIDE, 0.0);
    weights.resize(room, Line::ZERO);
    for first in (0..planes).step_by(depth) {
        for plane in 0..depth {
            pack_keys(&qkv.plane(planes + first + plane)[window.clone()], plane, depth, keys);
            let values = &mut values[plane * room..][..room];
            pack_values(&qkv.plane(2 * planes + first + plane)[window.clone()], values);
        }
        for row in window.clone().step_by(SIDE) {
            let queries = qkv.left(row, first);
            for (number, right) in keys.chunks_exact(2 * TILE * depth).enumerate() {
                let right = right.split_at(TILE * depth).into();
                tiles.multiply(queries, right, &Start::Row(&[0.0; SIDE]), &mut scores[number * SIDE..], room);
            }
            let count = SIDE.min(window.end - row);
            let mut factors = [0.0; SIDE];
            for (number, scores) in scores.chunks_exact_mut(room).take(count).enumerate() {
                factors[number] = vectors::soft_max(scores, length, &mut weights[number..], SIDE);
            }
            for plane in 0..depth {
                let right = values[plane * room..][..room].split_at(room / 2).into();
                let left = Left { lines: weights, step: SIDE };
                tiles.multiply(left, right, &Start::Row(&[0.0; SIDE]), &mut block.0, SIDE);
                let out = &mut attended.plane_mut(first + plane)[row..row + count];
                vectors::round_scaled(&block.0, &factors, out);
            }
        }
    }
}

/// Turns 16 keys after another on their side: line r of a tile gets the values 2r, 2r + 1 of each key.
fn pack_keys(lines: &[Line], plane: usize, depth: usize, keys: &mut [Line]) {
    for (number, tile) in keys.chunks_exact_mut(TILE * depth).enumerate() {
        let tile = &mut tile[plane * TILE..][..TILE];
        for key in 0..TILE {
            let line = lines.get(number * TILE + key).unwrap_or(&Line::ZERO);
            for (out, pair) in tile.iter_mut().zip(line.0.as_chunks::<2>().0) {
                out.0[2 * key..2 * key + 2].copy_from_slice(pair);
            }
        }
    }
}

/// Interleaves two values after another: line r of a tile gets each feature of the values 2r, 2r + 1; first
/// for all values the features 0..16, then the others.
fn pack_values(lines: &[Line], values: &mut [Line]) {
    let (low, high) = values.split_at_mut(values.len() / 2);
    for (number, (low, high)) in low.iter_mut().zip(high).enumerate() {
        let [even, odd] = [0, 1].map(|i| lines.get(2 * number + i).unwrap_or(&Line::ZERO));
        for feature in 0..TILE {
            low.0[2 * feature] = even.0[feature];
            low.0[2 * feature + 1] = odd.0[feature];
            high.0[2 * feature] = even.0[TILE + feature];
            high.0[2 * feature + 1] = odd.0[TILE + feature];
        }
    }
}
