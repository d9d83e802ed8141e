//! Lines: of a file, numbered, none longer than memory allows.

use std::io::{self, BufRead};

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, 1, 2, …
    pub number: u64,
    /// Its bytes without line end; `None` if they were too many.
    pub content: Option<Vec<u8>>,
    /// Its length in the file.
    pub bytes: u64,
}

/// The lines of `file`; those longer than `longest` bytes are passed over without being held.
pub fn lines(file: impl BufRead, longest: usize) -> impl Iterator<Item = io::Result<Line>> {
    Lines { file, longest, number: 0 }
}

struct Lines<F> {
    file: F,
    longest: usize,
    number: u64,
}

impl<F: BufRead> Lines<F> {
    fn line(&mut self) -> io::Result<Option<Line>> {
        let (mut content, mut bytes) = (Vec::new(), 0);
        loop {
            let buffer = self.file.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(buffer.len(), |end| end + 1);
            if taken == 0 {
                break;
            }
            bytes += taken as u64;
            if bytes <= self.longest as u64 {
                content.extend_from_slice(&buffer[..end.unwrap_or(taken)]);
            } else {
                content = Vec::new();
            }
            self.file.consume(taken);
            if end.is_some() {
                break;
            }
        }
        if bytes == 0 {
            return Ok(None);
        }
        self.number += 1;
        let content = (bytes <= self.longest as u64).then_some(content);
        Ok(Some(Line { number: self.number, content, bytes }))
    }
}

impl<F: BufRead> Iterator for Lines<F> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_passed_over_and_counted() {
        let file = io::BufReader::with_capacity(4, &b"one\n\nlonger than eight\nlast"[..]);
        let lines: Vec<_> = lines(file, 8).map(Result::unwrap).collect();
        let contents: Vec<_> = lines.iter().map(|line| line.content.as_deref()).collect();
        assert_eq!(contents, [Some(&b"one"[..]), Some(b""), None, Some(b"last")]);
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(lines.iter().map(|line| line.bytes).sum::<u64>(), 27);
    }
}
