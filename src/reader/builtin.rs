//! The model built into the program.

use super::Files;

/// The files of `models/reader/`, compiled in: no download ever.
pub fn files() -> Option<Files> {
    // Until the first weights are committed there is no such folder. Then this function's body is
    //
    //     Some(Files {
    //         config: include_bytes!("../../models/reader/config.json").as_slice().into(),
    //         tokenizer: include_bytes!("../../models/reader/tokenizer.json").as_slice().into(),
    //         weights: include_bytes!("../../models/reader/model.safetensors").as_slice().into(),
    //     })
    None
}
