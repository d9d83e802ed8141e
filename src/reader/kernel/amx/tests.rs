//! The tiles against the schoolbook, the vectors against their definitions.

use half::bf16;
use proptest::prelude::*;

use super::tiles::{Left, Line, TILE};
use super::*;

/// The permission, or None and a word about it: these tests need the instructions.
pub fn permission() -> Option<Permission> {
    let permission = Permission::request();
    if permission.is_none() {
        println!("SKIPPED: this machine has no AMX for us");
    }
    permission
}

fn bits(value: f32) -> u16 {
    bf16::from_f32(value).to_bits()
}

fn value(bits: u16) -> f32 {
    bf16::from_bits(bits).to_f32()
}

/// Numbers between -1/2 and 1/2, always the same for the same seed.
fn numbers(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as f32 / 65_536.0 - 0.5
    }
}

proptest! {
    #[test]
    fn tiles_agree_with_the_schoolbook(
        depth in 1usize..6,
        extra in 0usize..40,
        onto_itself in any::<bool>(),
        seed in any::<u32>(),
    ) {
        let Some(permission) = permission() else { return Ok(()) };
        let mut next = numbers(seed);
        let left_step = SIDE + extra;
        let step = SIDE + extra;
        let mut line = || Line(std::array::from_fn(|_| bits(next())));
        let left: Vec<Line> = (0..(depth - 1) * left_step + SIDE).map(|_| line()).collect();
        let right: Vec<Line> = (0..2 * TILE * depth).map(|_| line()).collect();
        let bias: [f32; SIDE] = std::array::from_fn(|column| column as f32);
        let before = vec![7.0; (SIDE - 1) * step + SIDE];
        let mut out = before.clone();
        let start = if onto_itself { Start::Itself } else { Start::Row(&bias) };
        Tiles::configure(permission).multiply(
            Left { lines: &left, step: left_step },
            right.split_at(TILE * depth).into(),
            &start,
            &mut out,
            step,
        );
        for (at, got) in out.iter().enumerate() {
            let (row, column) = (at / step, at % step);
            let expected = if SIDE <= column {
                before[at]
            } else {
                let sum: f32 = (0..SIDE * depth)
                    .map(|k| {
                        let x = left[k / SIDE * left_step + row].0[k % SIDE];
                        let half = column / TILE * TILE * depth;
                        let w = right[half + k / 2].0[column % TILE * 2 + k % 2];
                        value(x) * value(w)
                    })
                    .sum();
                sum + if onto_itself { before[at] } else { bias[column] }
            };
            prop_assert!((got - expected).abs() < 1e-4, "row {row}, column {column}: {got} for {expected}");
        }
    }

    #[test]
    fn weights_lie_where_the_tiles_look(
        groups in 1usize..4, size in 1usize..40, inputs in 1usize..80, seed in any::<u32>(),
    ) {
        let mut next = numbers(seed);
        let outputs = groups * size;
        let rows: Vec<f32> = (0..outputs * inputs).map(|_| next()).collect();
        let bias: Vec<f32> = (0..outputs).map(|output| 1.0 + output as f32).collect();
        let matrix = Matrix::pack(&rows, &bias, Spread::groups(size), Spread::groups(inputs));
        prop_assert_eq!(matrix.depth, inputs.div_ceil(SIDE));
        prop_assert_eq!(matrix.blocks(), groups * size.div_ceil(SIDE));
        let mut seen = 0;
        for (place, bias) in matrix.bias.iter().enumerate() {
            let half = matrix.right(place / SIDE)[place % SIDE / TILE];
            for input in 0..SIDE * matrix.depth {
                let weight = half[input / 2].0[place % TILE * 2 + input % 2];
                let expected = if *bias == 0.0 || inputs <= input {
                    0.0
                } else {
                    seen += 1;
                    rows[(*bias as usize - 1) * inputs + input]
                };
                prop_assert_eq!(weight, bits(expected));
            }
        }
        prop_assert_eq!(seen, rows.len());
    }
}

#[test]
fn tiles_are_configured_once_a_thread() {
    let Some(permission) = permission() else { return };
    drop(Tiles::configure(permission));
    let _first = Tiles::configure(permission);
    assert!(std::panic::catch_unwind(|| drop(Tiles::configure(permission))).is_err());
    std::thread::spawn(move || drop(Tiles::configure(permission))).join().unwrap();
}

#[test]
fn gelu_is_within_the_rounding() {
    if permission().is_none() {
        return;
    }
    // x·Φ(x) from the loop of the portable kernel, itself held to PyTorch's.
    let values: Vec<f32> = (0..SIDE * 800).map(|i| (i as f32 - 12_800.0) / 1_280.0).collect();
    let mut expected = values.clone();
    crate::reader::lanes::add_bias_gelu(&mut expected, &[0.0]);
    let mut lines = vec![Line::ZERO; 800];
    // SAFETY: the permission proves that the processor has these features.
    unsafe { vectors::round_gelu(&values, &mut lines) };
    for ((got, expected), x) in lines.iter().flat_map(|line| line.0).zip(expected).zip(values) {
        let allowed = 5e-5 + expected.abs() / 256.0;
        assert!((value(got) - expected).abs() <= allowed, "gelu({x}) = {} for {expected}", value(got));
    }
}

proptest! {
    #[test]
    fn soft_max_is_its_definition(scores in prop::collection::vec(-150.0f32..30.0, 1..100)) {
        if permission().is_none() {
            return Ok(());
        }
        let room = scores.len().next_multiple_of(SIDE);
        let mut padded = scores.clone();
        padded.resize(room, 1e9); // what lies beyond the length must not count
        let mut lines = vec![Line([u16::MAX; SIDE]); 3 * room / SIDE];
        // SAFETY: the permission proves that the processor has these features.
        let factor = unsafe { vectors::soft_max(&mut padded, scores.len(), &mut lines, 3) };
        let top = scores.iter().fold(f32::MIN, |top, &score| top.max(score));
        let total: f32 = scores.iter().map(|score| (score - top).exp2()).sum();
        prop_assert!((factor * total - 1.0).abs() < 1e-4);
        for at in 0..room {
            let got = value(lines[at / SIDE * 3].0[at % SIDE]);
            let expected = scores.get(at).map_or(0.0, |score| (score - top).exp2());
            prop_assert!((got - expected).abs() <= expected / 200.0 + 1e-30, "{got} for {expected}");
        }
        prop_assert!(lines.iter().skip(1).step_by(3).all(|line| line.0 == [u16::MAX; SIDE]));
    }
}
