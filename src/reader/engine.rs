//! Engines: who computes the encoder's layers. The embedded one needs nothing; libtorch (feature `torch`) has graphics
//! cards.

use std::num::NonZeroUsize;
use std::str::FromStr;

use super::config::Config;
use super::kernel::{Kernel, Layers};
use super::weights::Tensors;
use crate::Error;

/// Who computes the encoder's layers.
#[derive(Debug, Clone, Copy)]
pub enum Engine {
    /// This program, with that kernel.
    Embedded(Kernel),
    /// rust-bert on libtorch.
    Torch(Torch),
}

/// How libtorch is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Torch {
    /// Where it computes.
    pub device: Device,
    /// In what numbers.
    pub precision: Precision,
    /// How many threads with a model each share the work; a graphics card has one, whatever this says.
    pub workers: NonZeroUsize,
}

/// Where libtorch computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// The processor.
    Cpu,
    /// The graphics card of this number, by CUDA.
    Cuda(usize),
}

/// In what numbers libtorch computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floats: the embedded engine's numbers, but for the last digits.
    F32,
    /// bfloat16: faster on graphics cards, with three decimal digits.
    Bf16,
}

/// How to get an engine that was not built in.
const UNBUILT: &str = "this sayso was built without libtorch; in a clone of its repository run \
                       `.ci/libtorch.sh && cargo build --release --features torch`";

impl Engine {
    /// The embedded engine with [`Kernel::chosen`].
    ///
    /// # Errors
    /// That of [`Kernel::chosen`].
    pub fn embedded() -> Result<Self, Error> {
        Kernel::chosen().map(Self::Embedded)
    }

    /// Whether this program and machine have what the engine needs.
    ///
    /// # Errors
    /// [`Error::Input`]: the program was built without libtorch, or there is no such device.
    pub fn check(&self) -> Result<(), Error> {
        match self {
            Self::Embedded(_) => Ok(()),
            #[cfg(feature = "torch")]
            Self::Torch(torch) => super::torch::check(torch.device)
                .map_err(|reason| Error::Input { path: format!("--device {}", torch.device), reason }),
            #[cfg(not(feature = "torch"))]
            Self::Torch(_) => Err(unbuilt("--engine torch")),
        }
    }

    /// How many windows it likes to be given at once.
    pub(super) fn together(&self) -> usize {
        match self {
            // The weights pass through the caches once for all of them.
            Self::Embedded(_) | Self::Torch(Torch { device: Device::Cpu, .. }) => 6,
            Self::Torch(Torch { device: Device::Cuda(_), .. }) => 64,
        }
    }

    /// Takes the layers' tensors, of the shapes that `config` tells; [`check`](Self::check) has passed.
    pub(super) fn layers(&self, config: &Config, tensors: &Tensors<'_>) -> Result<Box<dyn Layers>, String> {
        match self {
            Self::Embedded(kernel) => kernel.layers(config, tensors),
            #[cfg(feature = "torch")]
            Self::Torch(torch) => Ok(Box::new(super::torch::Encoder::new(torch, config, tensors)?)),
            #[cfg(not(feature = "torch"))]
            Self::Torch(_) => Err(UNBUILT.to_owned()),
        }
    }
}

/// What needs libtorch cannot run without it.
pub(crate) fn unbuilt(what: &str) -> Error {
    Error::Input { path: what.to_owned(), reason: UNBUILT.to_owned() }
}

impl From<Kernel> for Engine {
    fn from(kernel: Kernel) -> Self {
        Self::Embedded(kernel)
    }
}

impl FromStr for Device {
    type Err = String;

    /// `cpu`, `cuda` (the first card) or `cuda:1`.
    fn from_str(name: &str) -> Result<Self, String> {
        let unknown = || format!("no device {name:?}; there are cpu, cuda and cuda:N");
        match name.split_once(':') {
            None if name == "cpu" => Ok(Self::Cpu),
            None if name == "cuda" => Ok(Self::Cuda(0)),
            Some(("cuda", number)) => number.parse().map(Self::Cuda).map_err(|_| unknown()),
            _ => Err(unknown()),
        }
    }
}

impl std::fmt::Display for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_by_name() {
        assert_eq!("cpu".parse(), Ok(Device::Cpu));
        assert_eq!("cuda".parse(), Ok(Device::Cuda(0)));
        assert_eq!("cuda:3".parse(), Ok(Device::Cuda(3)));
        for name in ["", "gpu", "cuda:", "cuda:x", "cuda:-1", "cpu:0"] {
            assert!(name.parse::<Device>().unwrap_err().contains("cuda:N"), "{name}");
        }
    }
}
