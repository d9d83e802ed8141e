//! The element-wise loops of the forward: safe code in a form that compilers vectorise, compiled for
//! AVX-512, AVX2 and the baseline (SSE2, NEON) and chosen at run time.
//!
//! Sums and maxima run in 16 lanes, since floats must not be reordered behind our back; products and sums
//! are not fused, so that all x86-64 processors give the same bits here.

use multiversion::multiversion;

const LANES: usize = 16;
/// 1.5 · 2²³: adding it rounds a small float to an integer, which then stands in the low bits.
const ROUNDER: f32 = 12_582_912.0;

/// e^x for x ≤ 0 (clamped at -87, where e^x is about 1.6e-38); relative error about 1e-7 near 0.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = if x > -87.0 { x } else { -87.0 };
    let power = x * std::f32::consts::LOG2_E;
    let shifted = power + ROUNDER;
    let f = power - (shifted - ROUNDER);
    // Taylor series of 2^f, |f| ≤ 1/2.
    let series = 0.001_333_355_8 + f * 0.000_154_035_3;
    let series = 0.055_504_11 + f * (0.009_618_129 + f * series);
    let series = 1.0 + f * (std::f32::consts::LN_2 + f * (0.240_226_5 + f * series));
    f32::from_bits(shifted.to_bits().wrapping_add(127) << 23) * series
}

/// x · Φ(x), with erf after Abramowitz & Stegun 7.1.26 (absolute error 1.5e-7).
#[inline(always)]
fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = -1.453_152 + t * 1.061_405_4;
    let series = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * series)));
    let erf = 1.0 - series * exp(-z * z);
    0.5 * (x + x.abs() * erf)
}

#[inline(always)]
fn sum(row: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let (chunks, rest) = row.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

#[inline(always)]
fn sum_of_squares(row: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let (chunks, rest) = row.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value * value;
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|value| value * value).sum::<f32>()
}

#[inline(always)]
fn greatest(row: &[f32]) -> f32 {
    let mut lanes = [f32::MIN; LANES];
    let (chunks, rest) = row.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = if *value > *lane { *value } else { *lane };
        }
    }
    lanes.iter().chain(rest).fold(f32::MIN, |most, &value| if value > most { value } else { most })
}

/// Adds `bias` to every row of `rows`.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub fn add_bias(rows: &mut [f32], bias: &[f32]) {
    for row in rows.chunks_exact_mut(bias.len()) {
        for (value, bias) in row.iter_mut().zip(bias) {
            *value += bias;
        }
    }
}

/// Adds `bias` to every row of `rows`, then applies GELU (the exact one, by erf).
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub fn add_bias_gelu(rows: &mut [f32], bias: &[f32]) {
    for row in rows.chunks_exact_mut(bias.len()) {
        for (value, bias) in row.iter_mut().zip(bias) {
            *value = gelu(*value + bias);
        }
    }
}

/// `rows = norm(rows + added + bias) · weight + shift`, each row on its own.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub fn add_norm(rows: &mut [f32], added: &[f32], bias: &[f32], weight: &[f32], shift: &[f32], eps: f32) {
    let width = bias.len();
    for (row, added) in rows.chunks_exact_mut(width).zip(added.chunks_exact(width)) {
        for ((value, added), bias) in row.iter_mut().zip(added).zip(bias) {
            *value += added + bias;
        }
        let mean = sum(row) / width as f32;
        for value in row.iter_mut() {
            *value -= mean;
        }
        let factor = 1.0 / (sum_of_squares(row) / width as f32 + eps).sqrt();
        for ((value, weight), shift) in row.iter_mut().zip(weight).zip(shift) {
            *value = *value * factor * weight + shift;
        }
    }
}

/// Replaces each row of `width` scores by e^(score - greatest) and gives 1/sum for each row: the softmax
/// but for that factor, which is cheaper to apply to what the row is multiplied with.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
pub fn exponentials(rows: &mut [f32], width: usize, factors: &mut Vec<f32>) {
    factors.clear();
    for row in rows.chunks_exact_mut(width) {
        let top = greatest(row);
        for value in row.iter_mut() {
            *value = exp(*value - top);
        }
        factors.push(1.0 / sum(row));
    }
}

/// Log-softmax of each row of `width` logits, in place. In full precision: used on few rows only.
pub fn log_softmax(rows: &mut [f32], width: usize) {
    for row in rows.chunks_exact_mut(width) {
        let top = greatest(row);
        let total = row.iter().map(|value| (value - top).exp()).sum::<f32>().ln() + top;
        for value in row {
            *value -= total;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_is_close() {
        for step in 0..8_700 {
            let x = -(step as f32) / 100.0;
            let (got, expected) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((got / expected - 1.0).abs() < 1e-5, "e^{x}: {got} for {expected}");
        }
        assert!(exp(-1e9) < 1e-37);
    }

    #[test]
    fn gelu_is_close() {
        // Values of x·Φ(x) from PyTorch.
        let known = [
            (-3.0, -0.004_049_7),
            (-1.0, -0.158_655_25),
            (0.0, 0.0),
            (0.5, 0.345_731_23),
            (2.0, 1.954_499_7),
        ];
        for (x, expected) in known {
            assert!((gelu(x) - expected).abs() < 1e-6, "gelu({x}) = {}", gelu(x));
        }
        assert_eq!(gelu(40.0), 40.0);
        assert_eq!(gelu(-40.0), 0.0);
    }

    #[test]
    fn norm_has_mean_0_and_variance_1() {
        let mut rows: Vec<f32> = (0..2 * 21).map(|i| ((i * 7) % 11) as f32).collect();
        let (zeros, ones) = (vec![0.0; 42], vec![1.0; 21]);
        add_norm(&mut rows, &zeros, &zeros[..21], &ones, &zeros[..21], 1e-12);
        for row in rows.chunks_exact(21) {
            assert!(sum(row).abs() < 1e-4);
            assert!((sum_of_squares(row) / 21.0 - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn rows_of_exponentials_times_their_factor_sum_to_1() {
        let mut rows: Vec<f32> = (0..3 * 19).map(|i| ((i * 5) % 13) as f32 - 40.0).collect();
        let mut factors = Vec::new();
        exponentials(&mut rows, 19, &mut factors);
        assert_eq!(factors.len(), 3);
        for (row, factor) in rows.chunks_exact(19).zip(factors) {
            assert!((sum(row) * factor - 1.0).abs() < 1e-5);
        }
    }
}
