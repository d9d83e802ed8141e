//! Each kernel against the portable one.

use proptest::prelude::*;
use safetensors::{Dtype, tensor::TensorView};

use super::*;

/// Names and floats of the layers of a random encoder.
fn weights(config: &Config, seed: u32) -> Vec<u8> {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as f32 / 65_536.0 - 0.5
    };
    let (width, inner) = (config.width, config.intermediate);
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    let mut add = |name: String, shape: Vec<usize>, middle: f32, spread: f32| {
        let count = shape.iter().product::<usize>();
        let bytes = (0..count).flat_map(|_| (middle + spread * next()).to_le_bytes()).collect();
        tensors.push((name, shape, bytes));
    };
    for i in 0..config.layers {
        let sizes =
            [("qkv", 3 * width, width), ("out", width, width), ("up", inner, width), ("down", width, inner)];
        for (name, outputs, inputs) in sizes {
            let spread = 3.0 / (inputs as f32).sqrt();
            add(format!("layer.{i}.{name}.weight"), vec![outputs, inputs], 0.0, spread);
            add(format!("layer.{i}.{name}.bias"), vec![outputs], 0.0, 0.5);
        }
        for name in ["norm1", "norm2"] {
            add(format!("layer.{i}.{name}.weight"), vec![width], 1.0, 0.2);
            add(format!("layer.{i}.{name}.bias"), vec![width], 0.0, 0.2);
        }
    }
    let views = tensors
        .iter()
        .map(|(name, shape, bytes)| (name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    safetensors::serialize(views, None).unwrap()
}

fn config(layers: usize, heads: usize, size: usize, intermediate: usize) -> Config {
    let tiny = include_str!("../../../models/train/tiny/config.json");
    let tiny: Config = serde_json::from_str(tiny).unwrap();
    Config { layers, heads, width: heads * size, intermediate, ..tiny }
}

fn rows(count: usize, width: usize, seed: u32) -> Vec<f32> {
    (0..count * width)
        .map(|i| {
            let mixed = (i as u32 ^ seed).wrapping_mul(2_654_435_761);
            (mixed >> 16) as f32 / 32_768.0 - 1.0
        })
        .collect()
}

/// Runs `kernel` on all windows at once, and on each alone.
fn both_ways(kernel: &dyn Layers, rows: &[f32], lengths: &[usize], width: usize) -> (Vec<f32>, Vec<f32>) {
    let (mut together, mut alone) = (rows.to_vec(), rows.to_vec());
    kernel.run(&mut together, lengths);
    let mut rest = alone.as_mut_slice();
    for &length in lengths {
        let (window, others) = rest.split_at_mut(length * width);
        kernel.run(window, &[length]);
        rest = others;
    }
    (together, alone)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// All remainders of rows, and widths that are multiples of 32 or not.
    #[test]
    fn kernels_agree_on_any_shape(
        layers in 1usize..3,
        heads in 1usize..5,
        size in prop_oneof![Just(32usize), Just(64), 4usize..40],
        intermediate in prop_oneof![Just(384usize), 8usize..500],
        lengths in prop::collection::vec(1usize..80, 1..5),
        seed in any::<u32>(),
    ) {
        let config = config(layers, heads, size, intermediate);
        let file = weights(&config, seed);
        let tensors = Tensors::new(&file).unwrap();
        let rows = rows(lengths.iter().sum(), config.width, seed);
        let portable = Kernel::Portable.layers(&config, &tensors).unwrap();
        let (expected, alone) = both_ways(&*portable, &rows, &lengths, config.width);
        prop_assert!(expected == alone, "portable: neighbours matter");
        for kernel in Kernel::all().filter(|kernel| kernel.name() != "portable") {
            let name = kernel.name();
            let (got, alone) = both_ways(&*kernel.layers(&config, &tensors).unwrap(), &rows, &lengths, config.width);
            prop_assert!(got == alone, "{name}: neighbours matter");
            for (at, (got, expected)) in got.iter().zip(&expected).enumerate() {
                prop_assert!((got - expected).abs() < 0.1, "{name}, value {at}: {got} for {expected}");
            }
            let mean = got.iter().zip(&expected).map(|(a, b)| (a - b).abs()).sum::<f32>() / got.len() as f32;
            prop_assert!(mean < 8e-3, "{name}: mean difference {mean}");
        }
    }
}

#[test]
fn kernels_have_their_names() {
    for name in NAMES {
        match Kernel::named(name) {
            Ok(kernel) => assert_eq!(kernel.name(), name),
            Err(reason) => {
                println!("SKIPPED: {name}, {reason}");
                assert_eq!(reason, "this machine cannot run it");
            }
        }
    }
    assert_eq!(Kernel::named("AMX").unwrap_err(), "no such kernel; there are amx, avx512, avx2, portable");
    assert_eq!(Kernel::all().last().unwrap().name(), "portable");
}
