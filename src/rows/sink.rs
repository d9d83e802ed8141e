//! Sink: where the output goes. A file appears whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::Error;

/// Takes the output's bytes.
#[derive(Debug)]
pub enum Sink {
    /// Standard output.
    Stdout,
    /// A file, written under another name in the same folder until it is whole.
    File {
        /// What is written so far.
        writer: BufWriter<NamedTempFile>,
        /// What it will be called.
        path: PathBuf,
    },
    /// What is no ordinary file (`/dev/null`, a named pipe) and so cannot be replaced.
    Device {
        /// It.
        file: fs::File,
        /// Its name.
        path: PathBuf,
    },
}

impl Sink {
    /// Standard output, or `path`, which must be none of `inputs`.
    ///
    /// # Errors
    /// The file is an input or a folder, or its folder is missing or cannot be written to.
    pub fn open(path: Option<&Path>, inputs: &[PathBuf]) -> Result<Self, Error> {
        let Some(path) = path else { return Ok(Self::Stdout) };
        let refused =
            |reason: &str| Err(Error::Output { path: path.display().to_string(), reason: reason.to_owned() });
        // Through a link to the file itself, which is to be replaced, not the link.
        let real = path.canonicalize().ok();
        if real.is_some() && inputs.iter().any(|input| input.canonicalize().ok() == real) {
            return refused("it is one of the inputs");
        }
        let path = real.unwrap_or_else(|| path.to_owned());
        match fs::metadata(&path) {
            Ok(about) if about.is_dir() => return refused("it is a folder"),
            Ok(about) if !about.is_file() => {
                let file = fs::File::options().write(true).open(&path);
                let file = file.map_err(|error| Error::io(&path, error))?;
                return Ok(Self::Device { file, path });
            }
            _ => {}
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return refused("its folder does not exist");
        }
        let file = named_temp_file(folder).map_err(|error| Error::io(&path, error))?;
        Ok(Self::File { writer: BufWriter::new(file), path })
    }

    /// Writes `bytes`; what goes to standard output goes at once.
    ///
    /// # Errors
    /// The disk is full, or what reads standard output has gone ([`Error::ClosedPipe`]).
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(stdout_error)
            }
            Self::File { writer, path } => writer.write_all(bytes).map_err(|error| Error::io(path, error)),
            Self::Device { file, path } => file.write_all(bytes).map_err(|error| Error::io(path, error)),
        }
    }

    /// Gives the file its name. A sink that is dropped before leaves nothing behind.
    ///
    /// # Errors
    /// The disk is full, or the folder has gone.
    pub fn finish(self) -> Result<(), Error> {
        let Self::File { writer, path } = self else { return Ok(()) };
        let file = writer.into_inner().map_err(|error| Error::io(&path, error.into_error()))?;
        file.persist(&path).map_err(|error| Error::io(&path, error.error))?;
        Ok(())
    }
}

/// What a failure to write to standard output means.
pub fn stdout_error(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::ClosedPipe,
        _ => Error::io("stdout", error),
    }
}

/// A temporary file that others may read once it has its name, as far as the user's umask allows.
fn named_temp_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".sayso-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let mut sink = Sink::open(Some(&path), &[]).unwrap();
        sink.write(b"a\n").unwrap();
        assert!(!path.exists());
        sink.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"a\n");

        let mut sink = Sink::open(Some(&path), &[]).unwrap();
        sink.write(b"other").unwrap();
        drop(sink);
        assert_eq!(fs::read(&path).unwrap(), b"a\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_input_is_no_output() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        fs::write(&path, "id,text\n").unwrap();
        let same = folder.path().join(".").join("rows.csv");
        assert!(matches!(Sink::open(Some(&same), &[path]), Err(Error::Output { .. })));
        assert!(matches!(Sink::open(Some(folder.path()), &[]), Err(Error::Output { .. })));
    }

    #[test]
    fn the_null_device_stays_a_device() {
        if cfg!(unix) {
            let mut sink = Sink::open(Some(Path::new("/dev/null")), &[]).unwrap();
            sink.write(b"a").unwrap();
            assert!(matches!(sink, Sink::Device { .. }));
        }
    }
}
