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
/// Pairs of inputs that are summed at a time, so that their part of a panel and of a group's rows stays in the first-level
/// cache; sums of more are added as floats.
const DEPTH: usize = 192;
/// Groups of rows that meet all weights before the next ones do, so that they stay in the second-level cache.
const BLOCK: usize = 16;
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

/// Two integers side by side, as the products take them.
type Pair = [i16; 2];

/// Rows of x in integers.
#[derive(Default)]
struct Rounded {
    /// Group after group of rows, in each for every two inputs the pairs of all its rows: what a product reads next
    /// lies next. The last group is filled up with zeros.
    pairs: Vec<[Pair; ROWS]>,
    /// What a row's integers are to be multiplied with, group after group.
    scales: Vec<[f32; ROWS]>,
    /// One row, while it is rounded.
    row: Vec<i16>,
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
        let depth = inputs.min(2 * DEPTH);
        let limit = (i32::MAX as usize / (STEPS * depth)).min(i16::MAX as usize);
        // No more than this may an output's weights sum up to, after each was rounded by up to 1/2.
        let most = (i32::MAX as usize / limit).saturating_sub(depth / 2 + 2).max(1) as f32;
        let mut weight = vec![0; outputs.next_multiple_of(panel) * pairs * 2];
        let mut scales = vec![0.0; outputs.next_multiple_of(panel)];
        let mut rounded = vec![0; pairs * 2];
        for (output, row) in rows.chunks_exact(inputs).enumerate() {
            let parts = row.chunks(depth).map(|part| part.iter().map(|value| value.abs()).sum());
            let total = parts.fold(0.0, f32::max);
            let scale = (total / most).max(greatest(row) / 32_766.0).max(f32::MIN_POSITIVE);
            scales[output] = scale;
            let first = output / panel * panel * pairs * 2 + output % panel * 2;
            round(row, 1.0 / scale, &mut rounded);
            for (pairs, pair) in weight[first..].chunks_mut(panel * 2).zip(rounded.as_chunks::<2>().0) {
                pairs[..2].copy_from_slice(pair);
            }
        }
        Self { instructions, weight, scales, bias, pairs, inputs, greatest: limit as f32 }
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
        let outputs = self.bias.len();
        out.resize(rows * outputs, 0.0);
        ROUNDED.with_borrow_mut(|rounded| {
            rounded.fill(x, rows, self);
            let blocks = rounded.pairs.chunks(BLOCK * self.pairs).zip(rounded.scales.chunks(BLOCK));
            for ((x, scales), out) in blocks.zip(out.chunks_mut(BLOCK * ROWS * outputs)) {
                self.block(x, scales, out);
            }
        });
    }

    fn bias(&self) -> &[f32] {
        &self.bias
    }
}

impl Integers {
    /// The product for a few groups of rows.
    fn block(&self, x: &[[Pair; ROWS]], scales: &[[f32; ROWS]], out: &mut [f32]) {
        let (outputs, panel) = (self.bias.len(), self.instructions.panel());
        let mut sums = [[0.0; WIDE]; ROWS];
        let panels = self.weight.chunks_exact(panel * 2 * self.pairs).zip(self.scales.chunks_exact(panel));
        for (number, (weight, factors)) in panels.enumerate() {
            let places = number * panel..outputs.min((number + 1) * panel);
            for (part, weight) in weight.chunks(panel * 2 * DEPTH).enumerate() {
                let groups = x.chunks_exact(self.pairs).zip(scales);
                for ((x, scales), out) in groups.zip(out.chunks_mut(ROWS * outputs)) {
                    let x = &x[part * DEPTH..self.pairs.min((part + 1) * DEPTH)];
                    self.instructions.multiply(x, weight, scales, factors, &mut sums);
                    for (out, sums) in out.chunks_exact_mut(outputs).zip(&sums) {
                        let out = &mut out[places.clone()];
                        if part == 0 {
                            out.copy_from_slice(&sums[..out.len()]);
                        } else {
                            out.iter_mut().zip(sums).for_each(|(out, sum)| *out += sum);
                        }
                    }
                }
            }
        }
    }
}

impl Rounded {
    /// Rounds the `rows` rows of x, so that no sum with these weights overflows.
    fn fill(&mut self, x: &[f32], rows: usize, weights: &Integers) {
        let groups = rows.div_ceil(ROWS);
        self.pairs.resize(groups * weights.pairs, [[0; 2]; ROWS]);
        self.scales.resize(groups, [0.0; ROWS]);
        self.row.clear();
        self.row.resize(weights.pairs * 2, 0);
        let groups = self.pairs.chunks_exact_mut(weights.pairs).zip(&mut self.scales);
        for ((group, scales), x) in groups.zip(x.chunks(ROWS * weights.inputs)) {
            let mut rows = x.chunks_exact(weights.inputs);
            for (place, scale) in scales.iter_mut().enumerate() {
                match rows.next() {
                    Some(x) => {
                        let top = greatest(x).max(LEAST);
                        *scale = top / weights.greatest;
                        round(x, weights.greatest / top, &mut self.row);
                    }
                    None => self.row.fill(0),
                }
                for (pairs, pair) in group.iter_mut().zip(self.row.as_chunks::<2>().0) {
                    pairs[place] = *pair;
                }
            }
        }
    }
}

/// The greatest absolute value of a row.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn greatest(row: &[f32]) -> f32 {
    let mut tops = [0.0f32; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for (top, value) in tops.iter_mut().zip(chunk) {
            *top = if *top < value.abs() { value.abs() } else { *top };
        }
    }
    tops.iter().chain(rest).fold(0.0, |top, value| top.max(value.abs()))
}

/// The integers nearest to `factor` times a row's values; what `out` has beyond them stays.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn round(row: &[f32], factor: f32, out: &mut [i16]) {
    for (out, value) in out.iter_mut().zip(row) {
        *out = (value * factor + ROUNDER).to_bits() as i16;
    }
}

impl Instructions {
    /// `sums = x · weight`, each sum times its row's scale and its output's factor: a group of rows times a panel of weights.
    #[inline]
    fn multiply(
        self,
        x: &[[Pair; ROWS]],
        weight: &[i16],
        scales: &[f32; ROWS],
        factors: &[f32],
        sums: &mut [[f32; WIDE]; ROWS],
    ) {
        // SAFETY: the value proves that the processor has these features.
        match self.0 {
            Set::Avx512 => unsafe { multiply_avx512(x, weight, scales, factors, sums) },
            Set::Avx2 => unsafe { multiply_avx2(x, weight, scales, factors, sums) },
        }
    }
}

/// The pair of values in each lane.
fn lane(pair: Pair) -> i32 {
    let [low, high] = pair.map(i16::to_le_bytes);
    i32::from_le_bytes([low[0], low[1], high[0], high[1]])
}

#[target_feature(enable = "avx512f,avx512vnni")]
fn multiply_avx512(
    x: &[[Pair; ROWS]],
    weight: &[i16],
    scales: &[f32; ROWS],
    factors: &[f32],
    sums: &mut [[f32; WIDE]; ROWS],
) {
    const LANES: usize = 16;
    let mut totals = [[_mm512_setzero_si512(); WIDE / LANES]; ROWS];
    let lines = weight.as_chunks::<{ 2 * LANES }>().0.as_chunks::<{ WIDE / LANES }>().0;
    for (pairs, lines) in x.iter().zip(lines) {
        // SAFETY: each line is 64 bytes, read at any alignment.
        let lines = [0, 1, 2, 3].map(|at| unsafe { _mm512_loadu_si512(lines[at].as_ptr().cast()) });
        for (pair, totals) in pairs.iter().zip(&mut totals) {
            let values = _mm512_set1_epi32(lane(*pair));
            for (total, line) in totals.iter_mut().zip(lines) {
                *total = _mm512_dpwssd_epi32(*total, values, line);
            }
        }
    }
    for ((sums, scale), totals) in sums.iter_mut().zip(scales).zip(totals) {
        let places = sums.as_chunks_mut::<LANES>().0.iter_mut().zip(factors.as_chunks::<LANES>().0);
        for ((sums, factors), total) in places.zip(totals) {
            // SAFETY: reads and writes 16 floats each, at any alignment.
            unsafe {
                let factors = _mm512_mul_ps(_mm512_set1_ps(*scale), _mm512_loadu_ps(factors.as_ptr()));
                let scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(total), factors);
                _mm512_storeu_ps(sums.as_mut_ptr(), scaled);
            }
        }
    }
}

#[target_feature(enable = "avx2")]
fn multiply_avx2(
    x: &[[Pair; ROWS]],
    weight: &[i16],
    scales: &[f32; ROWS],
    factors: &[f32],
    sums: &mut [[f32; WIDE]; ROWS],
) {
    const LANES: usize = 8;
    let mut totals = [[_mm256_setzero_si256(); NARROW / LANES]; ROWS];
    let lines = weight.as_chunks::<{ 2 * LANES }>().0.as_chunks::<{ NARROW / LANES }>().0;
    for (pairs, lines) in x.iter().zip(lines) {
        // SAFETY: each line is 32 bytes, read at any alignment.
        let lines = [0, 1].map(|at| unsafe { _mm256_loadu_si256(lines[at].as_ptr().cast()) });
        for (pair, totals) in pairs.iter().zip(&mut totals) {
            let values = _mm256_set1_epi32(lane(*pair));
            for (total, line) in totals.iter_mut().zip(lines) {
                *total = _mm256_add_epi32(*total, _mm256_madd_epi16(values, line));
            }
        }
    }
    for ((sums, scale), totals) in sums.iter_mut().zip(scales).zip(totals) {
        let places = sums.as_chunks_mut::<LANES>().0.iter_mut().zip(factors.as_chunks::<LANES>().0);
        for ((sums, factors), total) in places.zip(totals) {
            // SAFETY: reads and writes eight floats each, at any alignment.
            unsafe {
                let factors = _mm256_mul_ps(_mm256_set1_ps(*scale), _mm256_loadu_ps(factors.as_ptr()));
                let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(total), factors);
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
        /// All remainders of rows, outputs and inputs, in one part or more and one block or more.
        #[test]
        fn products_agree_with_the_schoolbook(
            rows in prop_oneof![0usize..20, BLOCK * ROWS - 3..BLOCK * ROWS + 9],
            outputs in 1usize..150,
            inputs in prop_oneof![1usize..70, 2 * DEPTH - 2..2 * DEPTH + 5, 4 * DEPTH..4 * DEPTH + 3],
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
