//! Encodings: from bytes to text.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// Text with one control character in this many or more is no text.
const CONTROLS: usize = 20;

/// A decoded text.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without byte-order mark.
    pub text: String,
    /// Name of the encoding if it was not UTF-8.
    pub encoding: Option<&'static str>,
}

/// Decodes a whole file: by its byte-order mark, as UTF-8, or else by detection.
///
/// # Errors
/// The bytes are no text; the reason.
pub fn decode(bytes: &[u8]) -> Result<Decoded, String> {
    let (marked, rest) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (Some(encoding), &bytes[length..]),
        None => (None, bytes),
    };
    if let Some(encoding) = marked.filter(|encoding| *encoding != encoding_rs::UTF_8) {
        let (text, _) = encoding.decode_without_bom_handling(rest);
        return Ok(Decoded { text: text.into_owned(), encoding: Some(encoding.name()) });
    }
    // Before detection: it would find some encoding for anything.
    if rest.contains(&0) {
        return Err(NUL.to_owned());
    }
    if let Ok(text) = std::str::from_utf8(rest) {
        return Ok(Decoded { text: text.to_owned(), encoding: None });
    }
    let mut guess = Guess::default();
    guess.feed(rest);
    let encoding = guess.encoding();
    Ok(Decoded { text: decode_with(rest, encoding).into_owned(), encoding: Some(encoding.name()) })
}

/// Decodes one record: as UTF-8, or else as `encoding`, which stands for the file's odd records.
pub fn decode_with<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> Cow<'b, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding.decode_without_bom_handling(bytes).0,
    }
}

/// What an earlier program left in a text instead of its marks and letters, if there is more than a slip of it.
///
/// Takes `&ldquo;Never,&rdquo; he said` and `â€œNever,â€\u{9d} he said`; not one `&amp;`.
pub fn remains(text: &str) -> Option<&'static str> {
    const FEWEST: usize = 3;
    const ENTITIES: [&str; 9] =
        ["&quot;", "&ldquo;", "&rdquo;", "&lsquo;", "&rsquo;", "&#8220;", "&#8221;", "&#8217;", "&#39;"];
    let entities = text.match_indices('&').take(1_000);
    let entities = entities.filter(|(at, _)| ENTITIES.iter().any(|entity| text[*at..].starts_with(entity)));
    if FEWEST <= entities.count() {
        return Some("HTML entities in the text (&quot;)");
    }
    let misread = text.match_indices("â€").take(FEWEST).count();
    (FEWEST <= misread).then_some("UTF-8 that was read as windows-1252 before (â€œ)")
}

const NUL: &str = "a binary file, or UTF-16 without byte-order mark: it has NUL bytes";

/// Why `text` is no text, if it is none: a NUL, or a control character in twenty.
///
/// Takes: the bytes of an image read as windows-1252. Not: a text with a form feed a page.
pub fn binary(text: &str) -> Option<&'static str> {
    let (mut controls, mut chars) = (0, 0);
    for char in text.chars() {
        if char == '\0' {
            return Some(NUL);
        }
        chars += 1;
        if char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\x0c' | '\u{85}') {
            controls += 1;
        }
    }
    (chars < controls * CONTROLS).then_some("a binary file: it is full of control characters")
}

/// Guesses the encoding of the pieces of a file that are not UTF-8, all of them together, since a single
/// short record says little.
#[derive(Default)]
pub struct Guess {
    detector: Option<EncodingDetector>,
}

impl Guess {
    /// Takes `bytes` into account if they are not UTF-8.
    pub fn feed(&mut self, bytes: &[u8]) {
        if std::str::from_utf8(bytes).is_err() {
            self.detector
                .get_or_insert_with(|| EncodingDetector::new(Iso2022JpDetection::Deny))
                .feed(bytes, false);
        }
    }

    /// Whether nothing but UTF-8 was seen.
    pub fn is_utf8(&self) -> bool {
        self.detector.is_none()
    }

    /// The likeliest encoding.
    pub fn encoding(&self) -> &'static Encoding {
        self.detector
            .as_ref()
            .map_or(encoding_rs::UTF_8, |detector| detector.guess(None, Utf8Detection::Deny))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], text: &str, encoding: Option<&'static str>) {
        assert_eq!(decode(bytes), Ok(Decoded { text: text.to_owned(), encoding }));
    }

    #[test]
    fn encodings() {
        check("Señor “Ito”".as_bytes(), "Señor “Ito”", None);
        check(b"\xEF\xBB\xBFIto", "Ito", None);
        check(b"\xFF\xFEI\0t\0o\0", "Ito", Some("UTF-16LE"));
        check(b"\xFE\xFF\0I\0t\0o", "Ito", Some("UTF-16BE"));
        let latin = b"The caf\xE9 in Besan\xE7on, \x93said\x94 Ren\xE9e D\xFCrr, is closed.";
        check(latin, "The café in Besançon, “said” Renée Dürr, is closed.", Some("windows-1252"));
    }

    #[test]
    fn what_other_programs_left_is_noticed() {
        assert!(remains("&ldquo;Never,&rdquo; he said. &quot;No.&quot;").is_some());
        assert!(remains("â€œNever,â€\u{9d} he said. â€œNo.â€\u{9d}").is_some());
        assert!(remains("“Never,” said Lind &amp; Orr &amp; Falk.").is_none());
    }

    #[test]
    fn no_text() {
        assert!(decode(b"GIF\0\x01").is_err());
        assert!(binary("a\u{1}b\u{2}c\u{3}").is_some());
        assert!(binary("first page\x0csecond page\r\n\tthird").is_none());
        assert!(binary("").is_none());
    }
}
