//! Kernels for x86-64 processors without tiles: the large products in 16-bit integers, summed in 32 bits, by
//! AVX-512 VNNI or AVX2; the rest in f32 as the portable kernel does it.
//!
//! Every row of x and every output of W has a scale of its own, found so that no sum can overflow. That
//! keeps 12 to 15 bits of the greatest value, where bf16 keeps 8 of each.
#![allow(unsafe_code)]

use std::arch::x86_64::*;
use std::cell::RefCell;

use multiversion::multiversion;

use super::portable::Dense;
use crate::reader::weights::Tensors;

/// Instructions that this processor has: proof that the products can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instructions(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    /// 512 bits, product and sum in one.
    Avx512,
    /// 256 bits, product and sum one after another.
    Avx2,
}

impl Instructions {
    /// AVX-512 with VNNI, if the processor has them.
    pub fn avx512() -> Option<Self> {
        let has = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni");
        has.then_some(Self(Set::Avx512))
    }

    /// AVX2, if the processor has it.
    pub fn avx2() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(Set::Avx2))
    }
}

/// Rows that a product reads at a time: with all their sums they fill the registers.
const ROWS: usize = 6;
/// Outputs beside each other in a panel of weights, for AVX-512 and AVX2.
const WIDE: usize = 64;
const NARROW: usize = 16;
/// Mean of an output's weights, as integers without signs: finer steps for them are coarser ones for x.
const STEPS: usize = 340;
/// Least value that counts as a row's greatest.
const LEAST: f32 = 1e-30;
/// 1.5 · 2²³: adding it rounds a small float to an integer, which then stands in the low bits.
const ROUNDER: f32 = 12_582_912.0;

/// Weights of y = x Wᵀ + b in integers.
#[derive(Debug)]
pub struct Integers {
    instructions: Instructions,
    /// Panel after panel, in each for two inputs after another the pairs of their weights for each output.
    weight: Vec<i16>,
    /// What a sum is multiplied with, by output; filled up to whole panels.
    scales: Vec<f32>,
    bias: Vec<f32>,
    /// Pairs of inputs.
    pairs: usize,
    inputs: usize,
    /// Greatest integer that x becomes.
    greatest: f32,
}

/// Rows of x in integers.
#[derive(Default)]
struct Rounded {
    /// Pairs of values.
    pairs: Vec<[i16; 2]>,
    scales: Vec<f32>,
}

thread_local! {
    static ROUNDED: RefCell<Rounded> = RefCell::default();
}

impl Integers {
    /// Reads `NAME.weight` and `NAME.bias`.
    pub fn read(
        instructions: Instructions,
        tensors: &Tensors<'_>,
        name: &str,
        outputs: usize,
        inputs: usize,
    ) -> Result<Self, String> {
        let rows = tensors.floats(&format!("{name}.weight"), &[outputs, inputs])?;
        let bias = tensors.floats(&format!("{name}.bias"), &[outputs])?;
        Ok(Self::new(instructions, &rows, bias, inputs))
    }

    /// Rounds W, a row of `inputs` for each output.
    pub fn new(instructions: Instructions, rows: &[f32], bias: Vec<f32>, inputs: usize) -> Self {
        let (outputs, pairs) = (bias.len(), inputs.div_ceil(2));
        let panel = instructions.panel();
        let greatest = (i32::MAX as usize / (STEPS * inputs)).min(i16::MAX as usize);
        // No more than this may an output's weights sum up to, after each was rounded by up to 1/2.
        let most = (i32::MAX as usize / greatest).saturating_sub(inputs / 2 + 2).max(1) as f32;
        let mut weight = vec![0; outputs.next_multiple_of(panel) * pairs * 2];
        let mut scales = vec![0.0; outputs.next_multiple_of(panel)];
        for (output, row) in rows.chunks_exact(inputs).enumerate() {
            let total: f32 = row.iter().map(|value| value.abs()).sum();
            let top = row.iter().fold(0.0f32, |top, value| top.max(value.abs()));
            let scale = (total / most).max(top / 32_766.0).max(f32::MIN_POSITIVE);
            scales[output] = scale;
            let first = output / panel * panel * pairs * 2 + output % panel * 2;
            for (input, value) in row.iter().enumerate() {
                weight[first + input / 2 * panel * 2 + input % 2] = (value / scale).round() as i16;
            }
        }
        Self { instructions, weight, scales, bias, pairs, inputs, greatest: greatest as f32 }
    }
}

impl Instructions {
    fn panel(self) -> usize {
        match self.0 {
            Set::Avx512 => WIDE,
            Set::Avx2 => NARROW,
        }
    }
}

impl Dense for Integers {
    fn product(&self, x: &[f32], rows: usize, out: &mut Vec<f32>) {
        out.resize(rows * self.bias.len(), 0.0);
        ROUNDED.with_borrow_mut(|rounded| {
            let Rounded { pairs, scales } = rounded;
            pairs.resize(rows * self.pairs, [0; 2]);
            scales.resize(rows, 0.0);
            round(x, self.inputs, self.greatest, pairs.as_flattened_mut(), self.pairs * 2, scales);
            let panel = self.instructions.panel();
            let panels =
                self.weight.chunks_exact(panel * 2 * self.pairs).zip(self.scales.chunks_exact(panel));
            for (number, (weight, factors)) in panels.enumerate() {
                let first = number * panel;
                let width = panel.min(self.bias.len() - first);
                let groups = pairs.chunks(ROWS * self.pairs).zip(scales.chunks(ROWS));
                for (group, (x, scales)) in groups.enumerate() {
                    let mut sums = [[0.0; WIDE]; ROWS];
                    self.instructions.multiply(x, self.pairs, weight, factors, &mut sums);
                    for (row, (sums, scale)) in sums.iter().zip(scales).enumerate() {
                        let out = &mut out[(group * ROWS + row) * self.bias.len() + first..][..width];
                        for (out, sum) in out.iter_mut().zip(sums) {
                            *out = sum * scale;
                        }
                    }
                }
            }
        });
    }

    fn bias(&self) -> &[f32] {
        &self.bias
    }
}

/// Rounds each row of x to integers up to `greatest`, `step` of them from row to row (what is beyond `inputs`
/// becomes 0), and tells what each row's integers are to be multiplied with.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn round(x: &[f32], inputs: usize, greatest: f32, out: &mut [i16], step: usize, scales: &mut [f32]) {
    for ((row, out), scale) in x.chunks_exact(inputs).zip(out.chunks_exact_mut(step)).zip(scales) {
        let mut tops = [0.0f32; 16];
        let (chunks, rest) = row.as_chunks::<16>();
        for chunk in chunks {
            for (top, value) in tops.iter_mut().zip(chunk) {
                *top = if *top < value.abs() { value.abs() } else { *top };
            }
        }
        let top = tops.iter().chain(rest).fold(LEAST, |top, value| top.max(value.abs()));
        let factor = greatest / top;
        *scale = top / greatest;
        let (out, beyond) = out.split_at_mut(inputs);
        for (out, value) in out.iter_mut().zip(row) {
            *out = (value * factor + ROUNDER).to_bits() as i16;
        }
        beyond.fill(0);
    }
}

impl Instructions {
    /// `sums = x · weight · factors`: up to [`ROWS`] rows of `pairs` pairs, times a panel of weights.
    #[inline]
    fn multiply(
        self,
        x: &[[i16; 2]],
        pairs: usize,
        weight: &[i16],
        factors: &[f32],
        sums: &mut [[f32; WIDE]; ROWS],
    ) {
        // Short groups are rare: their last row is read again in place of those that are not there.
        let last = (x.len() / pairs).saturating_sub(1);
        let rows: [&[[i16; 2]]; ROWS] = std::array::from_fn(|row| &x[row.min(last) * pairs..][..pairs]);
        // SAFETY: the value proves that the processor has these features.
        match self.0 {
            Set::Avx512 => unsafe { multiply_avx512(rows, pairs, weight, factors, sums) },
            Set::Avx2 => unsafe { multiply_avx2(rows, pairs, weight, factors, sums) },
        }
    }
}

/// The pair of values in each lane.
fn lane(pair: [i16; 2]) -> i32 {
    let [low, high] = pair.map(i16::to_le_bytes);
    i32::from_le_bytes([low[0], low[1], high[0], high[1]])
}

#[target_feature(enable = "avx512f,avx512vnni")]
fn multiply_avx512(
    rows: [&[[i16; 2]]; ROWS],
    pairs: usize,
    weight: &[i16],
    factors: &[f32],
    sums: &mut [[f32; WIDE]; ROWS],
) {
    const LANES: usize = 16;
    let mut totals = [[_mm512_setzero_si512(); WIDE / LANES]; ROWS];
    let lines = weight.as_chunks::<{ 2 * LANES }>().0.as_chunks::<{ WIDE / LANES }>().0;
    for (pair, lines) in lines.iter().enumerate().take(pairs) {
        // SAFETY: each line is 64 bytes, read at any alignment.
        let lines = [0, 1, 2, 3].map(|at| unsafe { _mm512_loadu_si512(lines[at].as_ptr().cast()) });
        for (row, totals) in rows.iter().zip(&mut totals) {
            let values = _mm512_set1_epi32(lane(row[pair]));
            for (total, line) in totals.iter_mut().zip(lines) {
                *total = _mm512_dpwssd_epi32(*total, values, line);
            }
        }
    }
    for (sums, totals) in sums.iter_mut().zip(totals) {
        let places = sums.as_chunks_mut::<LANES>().0.iter_mut().zip(factors.as_chunks::<LANES>().0);
        for ((sums, factors), total) in places.zip(totals) {
            // SAFETY: reads and writes 16 floats each, at any alignment.
            unsafe {
                let scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(total), _mm512_loadu_ps(factors.as_ptr()));
                _mm512_storeu_ps(sums.as_mut_ptr(), scaled);
            }
        }
    }
}

#[target_feature(enable = "avx2")]
fn multiply_avx2(
    rows: [&[[i16; 2]]; ROWS],
    pairs: usize,
    weight: &[i16],
    factors: &[f32],
    sums: &mut [[f32; WIDE]; ROWS],
) {
    const LANES: usize = 8;
    let mut totals = [[_mm256_setzero_si256(); NARROW / LANES]; ROWS];
    let lines = weight.as_chunks::<{ 2 * LANES }>().0.as_chunks::<{ NARROW / LANES }>().0;
    for (pair, lines) in lines.iter().enumerate().take(pairs) {
        // SAFETY: each line is 32 bytes, read at any alignment.
        let lines = [0, 1].map(|at| unsafe { _mm256_loadu_si256(lines[at].as_ptr().cast()) });
        for (row, totals) in rows.iter().zip(&mut totals) {
            let values = _mm256_set1_epi32(lane(row[pair]));
            for (total, line) in totals.iter_mut().zip(lines) {
                *total = _mm256_add_epi32(*total, _mm256_madd_epi16(values, line));
            }
        }
    }
    for (sums, totals) in sums.iter_mut().zip(totals) {
        let places = sums.as_chunks_mut::<LANES>().0.iter_mut().zip(factors.as_chunks::<LANES>().0);
        for ((sums, factors), total) in places.zip(totals) {
            // SAFETY: reads and writes eight floats each, at any alignment.
            unsafe {
                let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(total), _mm256_loadu_ps(factors.as_ptr()));
                _mm256_storeu_ps(sums.as_mut_ptr(), scaled);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(seed: u32, count: usize, size: f32) -> Vec<f32> {
        let mut state = seed;
        let next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            size * ((state >> 16) as f32 / 65_536.0 - 0.5)
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    proptest! {
        /// All remainders of rows, outputs and inputs.
        #[test]
        fn products_agree_with_the_schoolbook(
            rows in 0usize..20,
            outputs in 1usize..150,
            inputs in 1usize..70,
            size in prop_oneof![Just(0.0f32), Just(1e-6), Just(1.0), Just(1e6)],
            seed in any::<u32>(),
        ) {
            let (x, weight) = (numbers(seed, rows * inputs, size), numbers(!seed, outputs * inputs, 1.0));
            for instructions in [Instructions::avx512(), Instructions::avx2()] {
                let Some(instructions) = instructions else {
                    println!("SKIPPED: this machine lacks AVX-512 VNNI or AVX2");
                    continue;
                };
                let integers = Integers::new(instructions, &weight, vec![0.0; outputs], inputs);
                let mut out = Vec::new();
                integers.product(&x, rows, &mut out);
                prop_assert_eq!(out.len(), rows * outputs);
                for (at, got) in out.iter().enumerate() {
                    let (row, output) = (at / outputs, at % outputs);
                    let (x, weight) = (&x[row * inputs..][..inputs], &weight[output * inputs..][..inputs]);
                    let expected: f32 = x.iter().zip(weight).map(|(x, w)| x * w).sum();
                    let allowed = size * 1e-3 * (inputs as f32).sqrt();
                    prop_assert!((got - expected).abs() <= allowed, "{got} for {expected}");
                }
            }
        }

        /// The same value and weight everywhere make the greatest sums there are.
        #[test]
        fn no_sum_overflows(inputs in 1usize..3000, peak in 0usize..3000, negative in any::<bool>()) {
            for instructions in [Instructions::avx512(), Instructions::avx2()].into_iter().flatten() {
                let mut weight = vec![if negative { -0.5f32 } else { 0.5 }; inputs];
                weight[peak % inputs] *= 100.0;
                let expected: f32 = weight.iter().sum::<f32>() * 3.0;
                let integers = Integers::new(instructions, &weight, vec![0.0], inputs);
                let mut out = Vec::new();
                integers.product(&vec![3.0; inputs], 1, &mut out);
                prop_assert!((out[0] / expected - 1.0).abs() < 2e-3, "{} for {expected}", out[0]);
            }
        }
    }
}
