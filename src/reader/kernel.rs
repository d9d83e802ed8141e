//! Kernels: how the layers of the encoder are computed on the processor at hand.
//!
//! A kernel takes the weights once, in the order it reads them, and then runs all layers over embedded
//! rows. What it makes of a window depends on that window only, not on its neighbours or the thread.

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod amx;
mod portable;

use std::fmt::Debug;

use super::config::Config;
use super::weights::Tensors;
use crate::Error;

/// Environment variable that forces a kernel by its name.
pub const VARIABLE: &str = "SAYSO_KERNEL";

/// A kernel that this machine can run.
#[derive(Debug, Clone, Copy)]
pub enum Kernel {
    /// Products in bf16 by AMX tiles, the rest in f32 by AVX-512; Linux on x86-64.
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    Amx(amx::Permission),
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

    /// The fastest kernel of this machine.
    pub fn fastest() -> Self {
        Self::amx().unwrap_or(Self::Portable)
    }

    /// The kernel of this name (`amx`, `portable`), or why there is none.
    pub fn named(name: &str) -> Result<Self, String> {
        match name {
            "amx" => Self::amx().ok_or_else(|| "this machine cannot run it".to_owned()),
            "portable" => Ok(Self::Portable),
            _ => Err("no such kernel; there are amx and portable".to_owned()),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Amx(_) => "amx",
            Self::Portable => "portable",
        }
    }

    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    fn amx() -> Option<Self> {
        amx::Permission::request().map(Self::Amx)
    }

    #[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
    fn amx() -> Option<Self> {
        None
    }

    /// Takes the layers' tensors, of the shapes that `config` tells.
    pub(super) fn layers(self, config: &Config, tensors: &Tensors<'_>) -> Result<Box<dyn Layers>, String> {
        Ok(match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Amx(permission) => Box::new(amx::Amx::new(permission, config, tensors)?),
            Self::Portable => Box::new(portable::Portable::new(config, tensors)?),
        })
    }
}

#[cfg(test)]
mod tests;
