//! What lies between the products, in AVX-512: biases, GELU, layer norm, soft-max, and the way to bf16.
//!
//! Results are rounded to bf16 (relative error 2⁻⁹) next, so that series need no more than that; sums are
//! in f32. Lanes are added up in a fixed order.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m512, __m512i, _mm512_add_epi32, _mm512_add_ps, _mm512_castps_si512, _mm512_castsi512_ps,
    _mm512_cvtne2ps_pbh, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_max_ps, _mm512_min_ps, _mm512_mul_ps,
    _mm512_reduce_add_ps, _mm512_reduce_max_ps, _mm512_set1_ps, _mm512_setzero_ps, _mm512_slli_epi32,
    _mm512_storeu_ps, _mm512_sub_ps,
};

use super::matrix::Norm;
use super::tiles::{Line, SIDE};

/// Floats of a vector.
const LANES: usize = 16;
/// 1.5 · 2²³: adding it rounds a small float to an integer, which then stands in the low bits.
const ROUNDER: f32 = 12_582_912.0;
/// 2^f for |f| ≤ 1/2 as a polynomial, lowest power first; relative error 3e-6.
const POWER: [f32; 5] = [0.999_999_3, 0.693_121_8, 0.240_247_45, 0.055_917_86, 0.009_570_098];
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

/// Rounds to bf16.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn line(low: __m512, high: __m512) -> Line {
    let rounded = _mm512_cvtne2ps_pbh(high, low);
    // SAFETY: both are 64 bytes without invalid values; the processor stores the first lane first.
    unsafe { std::mem::transmute::<_, Line>(rounded) }
}

/// 2^x for x ≤ 0, clamped at -125.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn power_of_2(x: __m512) -> __m512 {
    let x = _mm512_max_ps(x, _mm512_set1_ps(-125.0));
    let shifted = _mm512_add_ps(x, _mm512_set1_ps(ROUNDER));
    let fraction = _mm512_sub_ps(x, _mm512_sub_ps(shifted, _mm512_set1_ps(ROUNDER)));
    let exponent: __m512i = _mm512_slli_epi32::<23>(_mm512_castps_si512(shifted));
    let power = _mm512_castps_si512(polynomial(&POWER, fraction));
    _mm512_castsi512_ps(_mm512_add_epi32(power, exponent))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
fn gelu(x: __m512) -> __m512 {
    let near = _mm512_min_ps(_mm512_max_ps(x, _mm512_set1_ps(-4.5)), _mm512_set1_ps(4.5));
    let series = polynomial(&NORMAL, _mm512_mul_ps(near, near));
    _mm512_mul_ps(x, _mm512_fmadd_ps(near, series, _mm512_set1_ps(0.5)))
}

/// A row rounded to bf16: 32 values in `out[0]`, the next in `out[step]` and so on.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn round_row(row: &[f32], out: &mut [Line], step: usize) {
    for (pair, out) in row.as_chunks::<LANES>().0.chunks_exact(2).zip(out.iter_mut().step_by(step)) {
        *out = line(load(&pair[0]), load(&pair[1]));
    }
}

/// Rows of `block` rounded to bf16.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn round(block: &[f32], out: &mut [Line]) {
    for (row, out) in block.as_chunks::<LANES>().0.chunks_exact(2).zip(out) {
        *out = line(load(&row[0]), load(&row[1]));
    }
}

/// GELU (the exact one, by Φ) of the rows of `block`, rounded to bf16.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn round_gelu(block: &[f32], out: &mut [Line]) {
    for (row, out) in block.as_chunks::<LANES>().0.chunks_exact(2).zip(out) {
        *out = line(gelu(load(&row[0])), gelu(load(&row[1])));
    }
}

/// Rows of `block` times a factor each, rounded to bf16.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn round_scaled(block: &[f32], factors: &[f32], out: &mut [Line]) {
    for ((row, out), factor) in block.as_chunks::<LANES>().0.chunks_exact(2).zip(out).zip(factors) {
        let factor = _mm512_set1_ps(*factor);
        *out = line(_mm512_mul_ps(load(&row[0]), factor), _mm512_mul_ps(load(&row[1]), factor));
    }
}

/// 2^(score - greatest) of one row of scores, rounded to bf16: 32 of them in `out[0]`, the next in
/// `out[step]` and so on. Gives 1 / their sum. Of the last lines of the row only `length` scores count,
/// what follows becomes (next to) 0.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn soft_max(scores: &mut [f32], length: usize, out: &mut [Line], step: usize) -> f32 {
    scores[length..].fill(f32::MIN);
    let vectors = scores.as_chunks::<LANES>().0;
    let mut top = _mm512_set1_ps(f32::MIN);
    for vector in vectors {
        top = _mm512_max_ps(top, load(vector));
    }
    let top = _mm512_set1_ps(_mm512_reduce_max_ps(top));
    let mut total = _mm512_setzero_ps();
    for (pair, out) in vectors.chunks_exact(2).zip(out.iter_mut().step_by(step)) {
        let low = power_of_2(_mm512_sub_ps(load(&pair[0]), top));
        let high = power_of_2(_mm512_sub_ps(load(&pair[1]), top));
        total = _mm512_add_ps(total, _mm512_add_ps(low, high));
        *out = line(low, high);
    }
    1.0 / _mm512_reduce_add_ps(total)
}

/// `row = norm(row + bias) · weight + shift` over the first `width` values; the others, 0 before, stay 0
/// as long as the three are 0 there. The row also goes, rounded to bf16, to `out[0]`, `out[step]`, ….
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
pub fn norm(row: &mut [f32], norm: &Norm, width: usize, eps: f32, out: &mut [Line], step: usize) {
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
    for (((pair, weight), shift), out) in places.zip(out.iter_mut().step_by(step)) {
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
