//! The one error type: only loading and input/output can fail.

/// What can go wrong outside the analysis itself. Each of these stops a run before or during its work
/// (exit code 2); a single bad document is an [`input::Failure`](crate::input::Failure) instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The weights are missing, broken or of another shape.
    #[error("model {path}: {reason}")]
    Model {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An input is not what it was taken for.
    #[error("{path}: {reason}")]
    Input {
        /// The file or folder.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A table lacks a column that the run needs.
    #[error("{path}: no column `{column}`; its columns are: {}", .available.join(", "))]
    Column {
        /// The file.
        path: String,
        /// The column asked for.
        column: String,
        /// The columns that are there.
        available: Vec<String>,
    },
    /// The output cannot be what it was asked to be.
    #[error("output {path}: {reason}")]
    Output {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The threads could not be started.
    #[error("threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// The reader of our output went away, as `head` does. No failure: the run ends in silence.
    #[error("the reader of the output has gone")]
    ClosedPipe,
}

impl Error {
    /// What the system said about `path`.
    pub fn io(path: impl AsRef<std::path::Path>, source: std::io::Error) -> Self {
        Self::Io { path: path.as_ref().display().to_string(), source }
    }
}
