//! The bars: what each figure must reach, and what rivals reach, from `eval/bars.json`.

use crate::Error;
use std::collections::BTreeMap;
use std::io::{Error as IoError, ErrorKind};
use std::path::Path;

/// Bars and rivals by section.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(transparent)]
pub struct Bars(BTreeMap<String, Section>);

/// Bars and rivals of one section, by figure; per cent.
#[derive(Debug, Clone, Default, serde::Deserialize)]
struct Section {
    #[serde(default)]
    bars: BTreeMap<String, f64>,
    #[serde(default)]
    peers: Vec<Peer>,
}

/// A rival's figures in one section, by figure; per cent.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Peer {
    /// Its name.
    pub name: String,
    /// What it reaches, per cent.
    pub figures: BTreeMap<String, f64>,
}

impl Bars {
    /// Reads the bars.
    ///
    /// # Errors
    /// The file cannot be read or is not what it should be.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Io { path: path.display().to_string(), source };
        let bytes = std::fs::read(path).map_err(failed)?;
        serde_json::from_slice(&bytes).map_err(|error| failed(IoError::new(ErrorKind::InvalidData, error)))
    }

    /// What a figure must reach, per cent.
    pub fn bar(&self, section: &str, figure: &str) -> Option<f64> {
        self.0.get(section)?.bars.get(figure).copied()
    }

    /// The rivals measured on a section.
    pub fn peers(&self, section: &str) -> &[Peer] {
        self.0.get(section).map(|s| s.peers.as_slice()).unwrap_or_default()
    }

    /// Names of the figures that have a bar in a section.
    pub fn figures(&self, section: &str) -> impl Iterator<Item = &str> {
        self.0.get(section).into_iter().flat_map(|s| s.bars.keys()).map(String::as_str)
    }
}
