//! Weights on disk: `model.safetensors`, its dtypes and shapes.

use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors};

/// Tensors of a file; failures are reasons for [`crate::Error::Model`].
pub struct Tensors<'a>(SafeTensors<'a>);

/// An embedding table, its rows as bytes with a scale each, to stay small in memory too.
#[derive(Debug)]
pub struct Table {
    bytes: Vec<i8>,
    scales: Vec<f32>,
    width: usize,
}

/// Outputs side by side in a panel of weights: the height of the AVX-512 kernel's tile.
pub const PANEL: usize = 64;

/// A linear layer, y = x Wᵀ + b.
#[derive(Debug)]
pub struct Linear {
    /// Wᵀ in panels of [`PANEL`] outputs (the last may be narrower), panel after panel, each of `inputs`
    /// rows: the order in which the product's innermost loop reads, so that nothing is repacked.
    pub weight: Vec<f32>,
    /// b.
    pub bias: Vec<f32>,
    /// Width of x.
    pub inputs: usize,
    /// Width of y.
    pub outputs: usize,
}

/// Weight and shift of a layer norm.
#[derive(Debug)]
pub struct Norm {
    /// Factor of each feature.
    pub weight: Vec<f32>,
    /// Added to each feature.
    pub shift: Vec<f32>,
}

impl<'a> Tensors<'a> {
    /// Reads the file's header.
    pub fn new(bytes: &'a [u8]) -> Result<Self, String> {
        SafeTensors::deserialize(bytes).map(Self).map_err(|error| error.to_string())
    }

    /// Floats of any float type, of exactly this shape.
    pub fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let tensor = self.0.tensor(name).map_err(|error| format!("{name}: {error}"))?;
        if tensor.shape() != shape {
            return Err(format!("{name} has shape {:?}, not {shape:?}", tensor.shape()));
        }
        let data = tensor.data();
        match tensor.dtype() {
            Dtype::F32 => Ok(data.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()),
            Dtype::F16 => {
                Ok(data.as_chunks().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect())
            }
            Dtype::BF16 => {
                Ok(data.as_chunks().0.iter().map(|&bytes| bf16::from_le_bytes(bytes).to_f32()).collect())
            }
            other => Err(format!("{name} has type {other:?}, not F32, F16 or BF16")),
        }
    }

    /// Length of a vector.
    pub fn len(&self, name: &str) -> Result<usize, String> {
        let tensor = self.0.tensor(name).map_err(|error| format!("{name}: {error}"))?;
        match tensor.shape() {
            &[len] if 0 < len => Ok(len),
            shape => Err(format!("{name} has shape {shape:?}, not one size")),
        }
    }

    /// `NAME.weight` and `NAME.bias`.
    pub fn linear(&self, name: &str, outputs: usize, inputs: usize) -> Result<Linear, String> {
        let rows = self.floats(&format!("{name}.weight"), &[outputs, inputs])?;
        let bias = self.floats(&format!("{name}.bias"), &[outputs])?;
        let mut weight = Vec::with_capacity(rows.len());
        for panel in rows.chunks(PANEL * inputs) {
            for input in 0..inputs {
                weight.extend(panel.iter().skip(input).step_by(inputs));
            }
        }
        Ok(Linear { weight, bias, inputs, outputs })
    }

    /// `NAME.weight` and `NAME.bias` of a layer norm.
    pub fn norm(&self, name: &str, width: usize) -> Result<Norm, String> {
        Ok(Norm {
            weight: self.floats(&format!("{name}.weight"), &[width])?,
            shift: self.floats(&format!("{name}.bias"), &[width])?,
        })
    }

    /// A table of I8 rows with `NAME.scale`.
    pub fn table(&self, name: &str, width: usize) -> Result<Table, String> {
        let tensor = self.0.tensor(name).map_err(|error| format!("{name}: {error}"))?;
        let &[rows, columns] = tensor.shape() else {
            return Err(format!("{name} has shape {:?}, not two sizes", tensor.shape()));
        };
        if columns != width || tensor.dtype() != Dtype::I8 {
            return Err(format!(
                "{name} is {:?} of width {columns}, not I8 of width {width}",
                tensor.dtype()
            ));
        }
        let bytes = tensor.data().iter().map(|&byte| byte.cast_signed()).collect();
        Ok(Table { bytes, scales: self.floats(&format!("{name}.scale"), &[rows])?, width })
    }
}

impl Table {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Adds row `index` to `vector`; a row beyond the table adds nothing.
    pub fn add_row(&self, index: usize, vector: &mut [f32]) {
        let (Some(bytes), Some(scale)) =
            (self.bytes.chunks_exact(self.width).nth(index), self.scales.get(index))
        else {
            return;
        };
        for (value, &byte) in vector.iter_mut().zip(bytes) {
            *value += f32::from(byte) * scale;
        }
    }
}
