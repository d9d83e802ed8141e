//! The tiles against the schoolbook, the vectors against their definitions.

use half::bf16;
use proptest::prelude::*;

use super::attention::Scores;
use super::tiles::{Line, TILE};
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
        let step = SIDE + extra;
        let mut lines = || (0..SIDE * depth).map(|_| Line(std::array::from_fn(|_| bits(next())))).collect();
        let (left, right): (Vec<Line>, Vec<Line>) = (lines(), lines());
        let before = vec![7.0; (SIDE - 1) * step + SIDE];
        let mut out = before.clone();
        let start = if onto_itself { Start::Itself } else { Start::Zero };
        let mut called = Vec::new();
        let tiles = Tiles::configure(permission);
        // SAFETY: the permission proves that the processor has these features.
        unsafe { tiles.multiply(&left, &right, start, &mut out, step, |depth| called.push(depth)) };
        prop_assert_eq!(called, (0..depth).collect::<Vec<_>>());
        for (at, got) in out.iter().enumerate() {
            let (row, column) = (at / step, at % step);
            let expected = if SIDE <= column {
                before[at]
            } else {
                let sum: f32 = (0..SIDE * depth)
                    .map(|k| {
                        let x = left[k / SIDE * SIDE + row].0[k % SIDE];
                        let line = k / SIDE * SIDE + column / TILE * TILE + k % SIDE / 2;
                        let w = right[line].0[column % TILE * 2 + k % 2];
                        value(x) * value(w)
                    })
                    .sum();
                sum + if onto_itself { before[at] } else { 0.0 }
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
        for place in 0..SIDE * matrix.blocks() {
            let bias = matrix.bias_of(place / SIDE)[place % SIDE];
            let lines = matrix.right(place / SIDE, 0..matrix.depth);
            for input in 0..SIDE * matrix.depth {
                let line = input / SIDE * SIDE + place % SIDE / TILE * TILE + input % SIDE / 2;
                let weight = lines[line].0[place % TILE * 2 + input % 2];
                let expected = if bias == 0.0 || inputs <= input {
                    0.0
                } else {
                    seen += 1;
                    rows[(bias as usize - 1) * inputs + input]
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
    let rows = values.as_chunks().0.iter();
    // SAFETY: the permission proves that the processor has these features.
    let lines: Vec<Line> = rows.map(|row| unsafe { vectors::round_gelu(row, &[0.0; SIDE]) }).collect();
    for ((got, expected), x) in lines.iter().flat_map(|line| line.0).zip(expected).zip(values) {
        let allowed = 5e-5 + expected.abs() / 256.0;
        assert!((value(got) - expected).abs() <= allowed, "gelu({x}) = {} for {expected}", value(got));
    }
}

/// Scores of one row among others, and what lies beyond its length.
fn scores(row: usize, values: &[f32]) -> Vec<Scores> {
    let mut blocks: Vec<Scores> = Vec::new();
    blocks.resize_with(values.len().div_ceil(SIDE), || Scores([-900.0; SIDE * SIDE + SIDE]));
    blocks.last_mut().unwrap().0[..SIDE * SIDE].chunks_exact_mut(SIDE).for_each(|row| {
        row[(values.len() - 1) % SIDE + 1..].fill(1e9); // must not count
    });
    for (at, value) in values.iter().enumerate() {
        blocks[at / SIDE].0[row * SIDE + at % SIDE] = *value;
    }
    blocks
}

proptest! {
    /// Also where the powers exceed a float, or all vanish.
    #[test]
    fn soft_max_is_its_definition(
        values in prop::collection::vec(-150.0f32..30.0, 1..100),
        row in 0usize..SIDE,
        shift in prop_oneof![Just(0.0f32), -500.0f32..500.0],
    ) {
        if permission().is_none() {
            return Ok(());
        }
        let values: Vec<f32> = values.iter().map(|value| value + shift).collect();
        let mut scores = scores(row, &values);
        vectors::hide(&mut scores, values.len());
        let mut lines = vec![Line([u16::MAX; SIDE]); SIDE * scores.len()];
        // SAFETY: the permission proves that the processor has these features.
        let factor = unsafe { vectors::soft_max(&scores, row, &mut lines) };
        let greatest = values.iter().fold(f32::MIN, |top, &score| top.max(score));
        let total: f32 = values.iter().map(|score| (score - greatest).exp2()).sum();
        for at in 0..SIDE * scores.len() {
            let got = value(lines[at / SIDE * SIDE].0[at % SIDE]) * factor;
            let expected = values.get(at).map_or(0.0, |score| (score - greatest).exp2() / total);
            prop_assert!((got - expected).abs() <= expected / 200.0 + 1e-9, "{got} for {expected}");
        }
        let others = lines.chunks_exact(SIDE).flat_map(|lines| &lines[1..]);
        prop_assert!(others.into_iter().all(|line| line.0 == [u16::MAX; SIDE]));
    }

    #[test]
    fn keys_are_turned_and_values_interleaved(seed in any::<u32>()) {
        if permission().is_none() {
            return Ok(());
        }
        let keys: [Line; TILE] = std::array::from_fn(|key| {
            Line(std::array::from_fn(|at| (key * SIDE + at) as u16 ^ seed as u16))
        });
        let mut turned = [Line::ZERO; TILE];
        // SAFETY: the permission proves that the processor has these features.
        let pairs = unsafe {
            vectors::turn(&keys, &mut turned);
            vectors::interleave(&keys[0], &keys[1])
        };
        for (line, turned) in turned.iter().enumerate() {
            for at in 0..SIDE {
                prop_assert_eq!(turned.0[at], keys[at / 2].0[2 * line + at % 2]);
                prop_assert_eq!(pairs[line / 8].0[at], keys[at % 2].0[line / 8 * TILE + at / 2]);
            }
        }
    }
}
