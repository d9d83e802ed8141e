//! The model built into the program.

use super::Files;

/// The files of `models/reader/`, compiled in: no download ever.
pub(super) fn files() -> Files {
    Files {
        config: include_bytes!("../../models/reader/config.json").as_slice().into(),
        tokenizer: include_bytes!("../../models/reader/tokenizer.json").as_slice().into(),
        weights: include_bytes!("../../models/reader/model.safetensors").as_slice().into(),
    }
}
