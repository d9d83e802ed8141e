//! What lies between the products, in AVX-512: biases, GELU, layer norm, soft-max, and the way to bf16.
//!
//! Results are rounded to bf16 (relative error 2⁻⁹) next, so that series need no more than that; sums are
//! in f32. Lanes are added up in a fixed order.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::attention::Scores;
use super::matrix::Norm;
use super::tiles::{Line, SIDE, TILE};

/// Floats of a vector.
const LANES: usize = 16;
/// 2^f for 0 ≤ f < 1 as a polynomial, lowest power first; relative error 8e-5, a twenty-fifth of what
/// rounding to bf16 does next.
const POWER: [f32; 4] = [0.999_925_2, 0.695_833_54, 0.226_067_16, 0.078_024_52];
/// Sums of a row's powers that are exact enough: none of them was too large for a float, and the least that
/// count were not too small.
const TOTALS: std::ops::Range<f32> = 1e-20..1e30;
/// (Φ(x) - 1/2) / x as a polynomial of x² for |x| ≤ 4.5, lowest power first; fitted so that GELU is within
/// 4e-5 for |x| ≤ 12, with x clamped here.
const NORMAL: [f32; 10] = [
    3.989_054_5e-1,
    -6.635_839e-2,
    9.838_608e-3,
    -1.122_278_3e-3,
    9.746_354e-5,
    -6.286_847e-6,
    2.884_246_4e-7,
    -8.803_637e-9,
    1.590_282_1e-10,
    -1.279_397_8e-12,
];

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn load(floats: &[f32; LANES]) -> __m512 {
    // SAFETY: reads the 16 floats, at any alignment.
    unsafe { _mm512_loadu_ps(floats.as_ptr()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn store(floats: &mut [f32; LANES], vector: __m512) {
    // SAFETY: writes the 16 floats, at any alignment.
    unsafe { _mm512_storeu_ps(floats.as_mut_ptr(), vector) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn lanes(line: &Line) -> __m512i {
    // SAFETY: both are 64 bytes without invalid values.
    unsafe { std::mem::transmute::<Line, __m512i>(*line) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn from_lanes(lanes: __m512i) -> Line {
    // SAFETY: both are 64 bytes without invalid values.
    unsafe { std::mem::transmute::<__m512i, Line>(lanes) }
}

/// Rounds to bf16.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn line(low: __m512, high: __m512) -> Line {
    let rounded = _mm512_cvtne2ps_pbh(high, low);
    // SAFETY: both are 64 bytes without invalid values; the processor stores the first lane first.
    unsafe { std::mem::transmute::<_, Line>(rounded) }
}

/// 2^x; 0 where that is too small for a float, infinite where it is too large.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn power_of_2(x: __m512) -> __m512 {
    // x less its floor, then times 2 to the power of its floor.
    let fraction = _mm512_reduce_ps::<0b1001>(x);
    _mm512_scalef_ps(polynomial(&POWER, fraction), x)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn gelu(x: __m512) -> __m512 {
    let near = _mm512_min_ps(_mm512_max_ps(x, _mm512_set1_ps(-4.5)), _mm512_set1_ps(4.5));
    let series = polynomial(&NORMAL, _mm512_mul_ps(near, near));
    _mm512_mul_ps(x, _mm512_fmadd_ps(near, series, _mm512_set1_ps(0.5)))
}

/// A row rounded to bf16: 32 values in the first line of `out`, the next [`SIDE`] lines after.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn round_row(row: &[f32], out: &mut [Line]) {
    for (values, out) in row.as_chunks::<SIDE>().0.iter().zip(out.iter_mut().step_by(SIDE)) {
        let [low, high] = [0, 1].map(|half| load(&values.as_chunks().0[half]));
        *out = line(low, high);
    }
}

/// GELU (the exact one, by Φ) of a row of a block plus its bias, rounded to bf16.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn round_gelu(row: &[f32; SIDE], bias: &[f32; SIDE]) -> Line {
    let [low, high] = biased(row, bias);
    line(gelu(low), gelu(high))
}

/// A row of a block plus its bias, rounded to bf16.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn round_biased(row: &[f32; SIDE], bias: &[f32; SIDE]) -> Line {
    let [low, high] = biased(row, bias);
    line(low, high)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn biased(row: &[f32; SIDE], bias: &[f32; SIDE]) -> [__m512; 2] {
    let (row, bias) = (row.as_chunks().0, bias.as_chunks().0);
    [0, 1].map(|half| _mm512_add_ps(load(&row[half]), load(&bias[half])))
}

/// A row of a block times a factor, rounded to bf16.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn round_scaled(row: &[f32; SIDE], factor: f32) -> Line {
    let factor = _mm512_set1_ps(factor);
    let [low, high] = [0, 1].map(|half| _mm512_mul_ps(load(&row.as_chunks().0[half]), factor));
    line(low, high)
}

/// Turns 16 keys on their side: line r gets the values 2r, 2r + 1 of each key.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn turn(keys: &[Line; TILE], turned: &mut [Line; TILE]) {
    // Pairs of values change places by ever larger groups: 1, 2, 4 and 8 of them.
    let before = keys.map(|key| lanes(&key));
    let mut pairs = before;
    for i in 0..TILE / 2 {
        pairs[2 * i] = _mm512_unpacklo_epi32(before[2 * i], before[2 * i + 1]);
        pairs[2 * i + 1] = _mm512_unpackhi_epi32(before[2 * i], before[2 * i + 1]);
    }
    let before = pairs;
    for i in 0..TILE / 4 {
        for half in 0..2 {
            let (first, second) = (before[4 * i + half], before[4 * i + half + 2]);
            pairs[4 * i + 2 * half] = _mm512_unpacklo_epi64(first, second);
            pairs[4 * i + 2 * half + 1] = _mm512_unpackhi_epi64(first, second);
        }
    }
    // Now pairs[4 i + j] has in its quarter q the pairs 4 q + j of the keys 4 i to 4 i + 3.
    for j in 0..4 {
        let [a, b, c, d] = [0, 1, 2, 3].map(|i| pairs[4 * i + j]);
        let even = [_mm512_shuffle_i32x4::<0b10_00_10_00>(a, b), _mm512_shuffle_i32x4::<0b10_00_10_00>(c, d)];
        let odd = [_mm512_shuffle_i32x4::<0b11_01_11_01>(a, b), _mm512_shuffle_i32x4::<0b11_01_11_01>(c, d)];
        for (quarter, [low, high]) in [even, odd].into_iter().enumerate() {
            turned[4 * quarter + j] = from_lanes(_mm512_shuffle_i32x4::<0b10_00_10_00>(low, high));
            turned[4 * (quarter + 2) + j] = from_lanes(_mm512_shuffle_i32x4::<0b11_01_11_01>(low, high));
        }
    }
}

/// Interleaves two rows of 32 values: pairs of their first 16 values, pairs of the others.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn interleave(even: &Line, odd: &Line) -> [Line; 2] {
    let (even, odd) = (lanes(even), lanes(odd));
    let (low, high) = (_mm512_unpacklo_epi16(even, odd), _mm512_unpackhi_epi16(even, odd));
    // Each quarter of `low` has the first four pairs of that quarter, `high` the other four.
    let first = _mm512_permutex2var_epi64(low, _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), high);
    let second = _mm512_permutex2var_epi64(low, _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), high);
    [from_lanes(first), from_lanes(second)]
}

/// Only `length` keys count: the scores of those that follow become the least.
#[inline]
pub fn hide(scores: &mut [Scores], length: usize) {
    if let Some(last) = scores.get_mut(length / SIDE) {
        for row in last.0.chunks_exact_mut(SIDE) {
            row[length % SIDE..].fill(f32::MIN);
        }
    }
}

/// 2^score of one row of scores, rounded to bf16: 32 of them in the first line of `out`, the next [`SIDE`]
/// lines after. Gives 1 / their sum.
///
/// The soft-max is the same whatever is taken from all scores before: nothing here, which saves looking for
/// the row's greatest. Only where the sum would be too large or too small for that, the greatest is taken.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn soft_max(scores: &[Scores], row: usize, out: &mut [Line]) -> f32 {
    let total = powers(scores, row, 0.0, out);
    if TOTALS.contains(&total) {
        return 1.0 / total;
    }
    let values = scores.iter().flat_map(|scores| &scores.0[row * SIDE..(row + 1) * SIDE]);
    let top = values.fold(f32::MIN, |top, &score| top.max(score));
    1.0 / powers(scores, row, top, out)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn powers(scores: &[Scores], row: usize, top: f32, out: &mut [Line]) -> f32 {
    let top = _mm512_set1_ps(top);
    let mut totals = [_mm512_setzero_ps(); 2];
    for (scores, out) in scores.iter().zip(out.iter_mut().step_by(SIDE)) {
        let [low, high] = [2 * row, 2 * row + 1]
            .map(|at| power_of_2(_mm512_sub_ps(load(&scores.0.as_chunks::<LANES>().0[at]), top)));
        totals = [_mm512_add_ps(totals[0], low), _mm512_add_ps(totals[1], high)];
        *out = line(low, high);
    }
    _mm512_reduce_add_ps(_mm512_add_ps(totals[0], totals[1]))
}

/// `row = norm(row + bias) · weight + shift` over the first `width` values; the others, 0 before, stay 0
/// as long as the three are 0 there. The row also goes, rounded to bf16, to every [`SIDE`]th line of `out`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn norm(row: &mut [f32], norm: &Norm, width: usize, eps: f32, out: &mut [Line]) {
    let row = row.as_chunks_mut::<LANES>().0;
    let mut total = _mm512_setzero_ps();
    for (value, bias) in row.iter_mut().zip(norm.bias.as_chunks().0) {
        let sum = _mm512_add_ps(load(value), load(bias));
        total = _mm512_add_ps(total, sum);
        store(value, sum);
    }
    let average = _mm512_reduce_add_ps(total) / width as f32;
    let mean = _mm512_set1_ps(average);
    let mut squares = _mm512_setzero_ps();
    for value in row.iter() {
        let distance = _mm512_sub_ps(load(value), mean);
        squares = _mm512_fmadd_ps(distance, distance, squares);
    }
    // The values beyond the width, all 0, have the mean's square each.
    let beyond = (row.len() * LANES - width) as f32 * average * average;
    let variance = (_mm512_reduce_add_ps(squares) - beyond) / width as f32;
    let factor = _mm512_set1_ps(1.0 / (variance + eps).sqrt());
    let (weights, shifts) = (norm.weight.as_chunks::<LANES>().0, norm.shift.as_chunks::<LANES>().0);
    let places = row.chunks_exact_mut(2).zip(weights.chunks_exact(2)).zip(shifts.chunks_exact(2));
    for (((pair, weight), shift), out) in places.zip(out.iter_mut().step_by(SIDE)) {
        let scaled = |i: usize| _mm512_mul_ps(_mm512_sub_ps(load(&pair[i]), mean), factor);
        let low = _mm512_fmadd_ps(scaled(0), load(&weight[0]), load(&shift[0]));
        let high = _mm512_fmadd_ps(scaled(1), load(&weight[1]), load(&shift[1]));
        store(&mut pair[0], low);
        store(&mut pair[1], high);
        *out = line(low, high);
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn polynomial<const N: usize>(coefficients: &[f32; N], x: __m512) -> __m512 {
    let mut value = _mm512_set1_ps(coefficients[N - 1]);
    for coefficient in coefficients[..N - 1].iter().rev() {
        value = _mm512_fmadd_ps(value, x, _mm512_set1_ps(*coefficient));
    }
    value
}

const _: () = assert!(2 * LANES == SIDE);
