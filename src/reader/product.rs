//! The matrix product, over the `gemm` crate.

use super::lanes;
use super::weights::{Linear, PANEL};

/// A matrix seen in a slice of floats: element (r, c) is `data[r * row_step + c * column_step]`.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    data: &'a [f32],
    rows: usize,
    columns: usize,
    row_step: usize,
    column_step: usize,
}

impl<'a> View<'a> {
    /// Rows one after another, `step` floats from one row's start to the next.
    pub fn rows(data: &'a [f32], rows: usize, columns: usize, step: usize) -> Self {
        Self { data, rows, columns, row_step: step, column_step: 1 }
    }

    /// The same floats with rows and columns exchanged.
    pub fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_step: self.column_step,
            column_step: self.row_step,
            ..self
        }
    }

    /// Whether every element lies in the slice.
    fn fits(self) -> bool {
        fits(self.data.len(), self.rows, self.row_step, self.columns, self.column_step)
    }
}

fn fits(len: usize, rows: usize, row_step: usize, columns: usize, column_step: usize) -> bool {
    let (Some(row), Some(column)) = (rows.checked_sub(1), columns.checked_sub(1)) else { return true };
    let last = row
        .checked_mul(row_step)
        .zip(column.checked_mul(column_step))
        .and_then(|(down, across)| down.checked_add(across));
    last.is_some_and(|last| last < len)
}

/// `out = scale · left · right`, on the calling thread; rows of `out` start `out_step` floats apart and
/// what lies between them stays. The kernel (AVX-512, FMA, NEON or plain) is chosen at run time; on one
/// machine the same shapes give the same bits.
///
/// # Panics
/// The shapes do not match, or a matrix is larger than its slice.
#[allow(unsafe_code)]
pub fn product(left: View<'_>, right: View<'_>, scale: f32, out: &mut [f32], out_step: usize) {
    let (rows, columns, depth) = (left.rows, right.columns, left.columns);
    assert_eq!(depth, right.rows, "inner sizes differ");
    assert!(left.fits() && right.fits(), "factor exceeds its slice");
    assert!(columns <= out_step, "rows of the result overlap");
    assert!(fits(out.len(), rows, out_step, columns, 1), "result exceeds its slice");
    let step = |size: usize| isize::try_from(size).expect("steps lie within a slice");
    // SAFETY: `gemm` reads lhs[r][k] and rhs[k][c] and writes dst[r][c] for r < rows, k < depth,
    // c < columns only, at the offsets that `fits` has just checked against each slice's length. The
    // elements of dst are distinct (columns lie side by side, rows at least `columns` apart) and no
    // factor aliases it, for `out` is borrowed mutably. `read_dst` is false, so that dst is not read.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            depth,
            out.as_mut_ptr(),
            1,
            step(out_step),
            false,
            left.data.as_ptr(),
            step(left.column_step),
            step(left.row_step),
            right.data.as_ptr(),
            step(right.column_step),
            step(right.row_step),
            0.0,
            scale,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

/// Tells `gemm` (for the whole process) not to copy a factor whose columns lie close together already, as
/// the panels of weights do: copying them anew for each window took an eighth of the time.
pub fn keep_panels() {
    gemm::set_lhs_packing_threshold_single_thread(1 << 24);
}

impl Linear {
    /// `out = x Wᵀ`, for the `rows` rows of `x`: without the bias, which the caller adds in its next pass.
    pub fn product(&self, x: &[f32], rows: usize, out: &mut Vec<f32>) {
        out.resize(rows * self.outputs, 0.0);
        if rows == 0 {
            return;
        }
        let x = View::rows(x, rows, self.inputs, self.inputs);
        for (number, panel) in self.weight.chunks(PANEL * self.inputs).enumerate() {
            let width = panel.len() / self.inputs;
            let panel = View::rows(panel, self.inputs, width, width);
            product(x, panel, 1.0, &mut out[number * PANEL..], self.outputs);
        }
    }

    /// `x Wᵀ + b`.
    pub fn apply(&self, x: &[f32], rows: usize) -> Vec<f32> {
        let mut out = Vec::new();
        self.product(x, rows, &mut out);
        lanes::add_bias(&mut out, &self.bias);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_the_schoolbook(
            rows in 0usize..20,
            columns in 0usize..40,
            depth in 0usize..24,
            extra in 0usize..3,
            seed in any::<u32>(),
        ) {
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 16) as f32 / 65_536.0 - 0.5
            };
            let (left_step, out_step) = (depth + extra, columns + extra);
            let left: Vec<f32> = (0..rows * left_step).map(|_| next()).collect();
            let right: Vec<f32> = (0..columns * depth).map(|_| next()).collect();
            let mut out = vec![7.0; rows * out_step];
            product(
                View::rows(&left, rows, depth, left_step),
                View::rows(&right, columns, depth, depth).transposed(),
                2.0,
                &mut out,
                out_step,
            );
            for r in 0..rows {
                for c in 0..out_step {
                    let expected = if columns <= c {
                        7.0
                    } else {
                        (0..depth).map(|k| left[r * left_step + k] * right[c * depth + k]).sum::<f32>() * 2.0
                    };
                    prop_assert!((out[r * out_step + c] - expected).abs() < 1e-4);
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "factor exceeds its slice")]
    fn refuses_a_matrix_larger_than_its_slice() {
        let data = [0.0; 5];
        product(View::rows(&data, 2, 3, 3), View::rows(&data, 3, 1, 1), 1.0, &mut [0.0; 2], 1);
    }
}
