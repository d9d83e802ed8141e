//! Kernels: how the layers of the encoder are computed on the processor at hand.
//!
//! A kernel takes the weights once, in the order it reads them, and then runs all layers over embedded
//! rows. What it makes of a window depends on that window only, not on its neighbours or the thread.

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod amx;
#[cfg(target_arch = "x86_64")]
mod integer;
mod portable;

use std::fmt::Debug;

use super::config::Config;
use super::weights::Tensors;
use crate::Error;
use portable::Portable;

/// Environment variable that forces a kernel by its name.
pub const VARIABLE: &str = "SAYSO_KERNEL";

/// Names of all kernels, fastest first.
pub const NAMES: [&str; 4] = ["amx", "avx512", "avx2", "portable"];

/// A kernel that this machine can run.
#[derive(Debug, Clone, Copy)]
pub enum Kernel {
    /// Products in bf16 by AMX tiles, the rest in f32 by AVX-512; Linux on x86-64.
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    Amx(amx::Permission),
    /// Products in 16-bit integers by AVX-512 VNNI, the rest as the portable kernel.
    #[cfg(target_arch = "x86_64")]
    Avx512(integer::Instructions),
    /// The same by AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2(integer::Instructions),
    /// Everything in f32, products by the `gemm` crate; anywhere.
    Portable,
}

/// All layers of an encoder, ready to run.
pub trait Layers: Debug + Send + Sync {
    /// Runs the layers over `rows`, the vectors of one window after another: `lengths` rows each.
    fn run(&self, rows: &mut [f32], lengths: &[usize]);
}

impl Kernel {
    /// The kernel that [`VARIABLE`] names, or else the fastest one.
    ///
    /// # Errors
    /// [`Error::Input`]: the variable names no kernel, or one that this machine cannot run.
    pub fn chosen() -> Result<Self, Error> {
        let Some(name) = std::env::var_os(VARIABLE) else { return Ok(Self::fastest()) };
        let name = name.to_string_lossy();
        Self::named(&name).map_err(|reason| Error::Input { path: format!("{VARIABLE}={name}"), reason })
    }

    /// The kernel that runs unless another is asked for.
    pub fn fastest() -> Self {
        Self::all().next().unwrap_or(Self::Portable)
    }

    /// The kernels that this machine can run, fastest first.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.into_iter().filter_map(|name| Self::named(name).ok())
    }

    /// The kernel of this name (one of [`NAMES`]), or why there is none.
    pub fn named(name: &str) -> Result<Self, String> {
        let kernel = match name {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            "amx" => amx::Permission::request().map(Self::Amx),
            #[cfg(target_arch = "x86_64")]
            "avx512" => integer::Instructions::avx512().map(Self::Avx512),
            #[cfg(target_arch = "x86_64")]
            "avx2" => integer::Instructions::avx2().map(Self::Avx2),
            "portable" => Some(Self::Portable),
            _ if NAMES.contains(&name) => None,
            _ => return Err(format!("no such kernel; there are {}", NAMES.join(", "))),
        };
        kernel.ok_or_else(|| "this machine cannot run it".to_owned())
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Amx(_) => "amx",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => "avx512",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "avx2",
            Self::Portable => "portable",
        }
    }

    /// Takes the layers' tensors, of the shapes that `config` tells.
    pub(super) fn layers(self, config: &Config, tensors: &Tensors<'_>) -> Result<Box<dyn Layers>, String> {
        Ok(match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Amx(permission) => Box::new(amx::Amx::new(permission, config, tensors)?),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(instructions) | Self::Avx2(instructions) => {
                Box::new(Portable::new(config, tensors, |name, outputs, inputs| {
                    integer::Integers::read(instructions, tensors, name, outputs, inputs)
                })?)
            }
            Self::Portable => Box::new(Portable::new(config, tensors, |name, outputs, inputs| {
                tensors.linear(name, outputs, inputs)
            })?),
        })
    }
}

#[cfg(test)]
mod tests;
