//! Word pieces of a text, with their bytes.

use std::ops::Range;

use tokenizers::Tokenizer;

use crate::Span;

/// Paragraphs longer than this many bytes are tokenised in pieces, cut at white space, to bound memory.
const PIECE: usize = 16_384;

/// Splits text into word pieces.
pub struct Tokeniser {
    tokenizer: Tokenizer,
    /// Whether the id continues a word (`##…`), by id.
    continues: Vec<bool>,
    start_id: u32,
    end_id: u32,
}

/// The word pieces of one document.
#[derive(Debug, Default)]
pub struct Tokens {
    /// Vocabulary ids.
    pub ids: Vec<u32>,
    /// Bytes in the text; starts and ends never go back.
    pub spans: Vec<Span>,
    /// Whether the piece continues the word of the piece before it.
    pub continues: Vec<bool>,
    /// Whether the piece ends in `.`, `!` or `?`.
    pub ends: Vec<bool>,
    /// The tokens of each paragraph.
    pub paragraphs: Vec<Range<usize>>,
}

impl Tokeniser {
    /// Reads a `tokenizer.json` of BERT's kind whose ids are below `vocabulary`; says why if it cannot.
    pub fn new(json: &[u8], vocabulary: usize) -> Result<Self, String> {
        let mut tokenizer = Tokenizer::from_bytes(json).map_err(|error| error.to_string())?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|error| error.to_string())?;
        // A text that says "[SEP]" means these five characters.
        tokenizer.set_encode_special_tokens(true);
        let id = |token: &str| tokenizer.token_to_id(token).ok_or_else(|| format!("no token {token}"));
        let (start_id, end_id) = (id("[CLS]")?, id("[SEP]")?);
        let mut continues = vec![false; vocabulary];
        for (token, id) in tokenizer.get_vocab(true) {
            let slot = continues
                .get_mut(id as usize)
                .ok_or_else(|| format!("token {token:?} has no row among {vocabulary}"))?;
            *slot = token.starts_with("##");
        }
        // A word of no known piece must become [UNK], not an error, for reading never fails.
        tokenizer.encode("\u{10ffff}".repeat(200), false).map_err(|error| error.to_string())?;
        Ok(Self { tokenizer, continues, start_id, end_id })
    }

    /// Id of `[CLS]`.
    pub fn start_id(&self) -> u32 {
        self.start_id
    }

    /// Id of `[SEP]`.
    pub fn end_id(&self) -> u32 {
        self.end_id
    }

    /// The word pieces of `paragraphs`; text outside them is left out.
    pub fn split(&self, text: &str, paragraphs: &[Span]) -> Tokens {
        let mut tokens = Tokens::default();
        for paragraph in paragraphs {
            let first = tokens.ids.len();
            for piece in pieces(text, *paragraph) {
                self.append(text, piece, &mut tokens);
            }
            tokens.paragraphs.push(first..tokens.ids.len());
        }
        tokens
    }

    fn append(&self, text: &str, piece: Span, tokens: &mut Tokens) {
        // `new` saw that unknown words are no error; should one arise all the same, the piece goes unread.
        let Ok(encoding) = self.tokenizer.encode(piece.of(text), false) else { return };
        let mut before = piece.start;
        for (&id, &(start, end)) in encoding.get_ids().iter().zip(encoding.get_offsets()) {
            let (start, end) = (piece.start + start, (piece.start + end).min(piece.end));
            let span_start = text.floor_char_boundary(start).max(before);
            let span_end = text.ceil_char_boundary(end);
            if end <= start || span_end <= span_start {
                continue;
            }
            before = span_start;
            let span = Span::new(span_start, span_end);
            tokens.ids.push(id);
            tokens.spans.push(span);
            tokens.continues.push(self.continues.get(id as usize) == Some(&true));
            tokens.ends.push(span.of(text).ends_with(['.', '!', '?']));
        }
    }
}

/// Cuts a paragraph into pieces of about [`PIECE`] bytes, at white space where there is any.
fn pieces(text: &str, paragraph: Span) -> Vec<Span> {
    let mut pieces = Vec::new();
    let mut start = paragraph.start;
    while PIECE < paragraph.end - start {
        let hard = text.floor_char_boundary(start + PIECE);
        let end = text[start..hard].rfind(char::is_whitespace).map_or(hard, |at| start + at.max(1));
        let end = text.ceil_char_boundary(end);
        pieces.push(Span::new(start, end));
        start = end;
    }
    pieces.push(Span::new(start, paragraph.end));
    pieces
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tiny model's tokeniser.
    pub fn tiny() -> Tokeniser {
        Tokeniser::new(include_bytes!("../../models/train/tiny/tokenizer.json"), 100).unwrap()
    }

    fn words<'t>(text: &'t str, tokens: &Tokens) -> Vec<&'t str> {
        tokens.spans.iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn spans_are_bytes_and_outside_text_is_not_read() {
        let text = "Lead — “Élan is said,” Ora said.\nnot read\nthe end.";
        let mut paragraphs = crate::paragraphs::split(text);
        paragraphs.remove(1);
        let tokens = tiny().split(text, &paragraphs);
        assert_eq!(words(text, &tokens)[..5], ["Lead", "—", "“", "Élan", "is"]);
        assert!(!words(text, &tokens).contains(&"read"));
        assert_eq!(tokens.paragraphs.len(), 2);
        assert_eq!(tokens.ends.iter().filter(|&&end| end).count(), 2);
    }

    #[test]
    fn special_tokens_in_a_text_are_plain_text() {
        let text = "[SEP]";
        let tokens = tiny().split(text, &[Span::new(0, 5)]);
        assert!(!tokens.ids.contains(&tiny().end_id()));
    }

    #[test]
    fn long_paragraphs_give_the_tokens_of_their_words() {
        let text = "the end. ".repeat(10_000);
        let text = text.trim_end();
        let tokens = tiny().split(text, &[Span::new(0, text.len())]);
        let short = tiny().split("the end.", &[Span::new(0, 8)]);
        assert_eq!(tokens.ids.len(), 10_000 * short.ids.len());
        assert!(tokens.ids.chunks(short.ids.len()).all(|ids| ids == short.ids));
    }

    #[test]
    fn one_endless_word_is_read_in_linear_time() {
        let text = "ü".repeat(1_000_000);
        let tokens = tiny().split(&text, &[Span::new(0, text.len())]);
        assert!(tokens.ids.len() < 200);
        assert_eq!(tokens.spans.last().unwrap().end, text.len());
    }

    proptest! {
        #[test]
        fn any_text_gives_spans_in_order_on_char_boundaries(text in "\\PC{0,60}|[a-z ’é각\u{301}.]{0,60}") {
            let tokens = tiny().split(&text, &[Span::new(0, text.len())]);
            let mut before = Span::default();
            for span in &tokens.spans {
                prop_assert!(text.get(span.start..span.end).is_some_and(|word| !word.is_empty()));
                prop_assert!(before.start <= span.start && before.end <= span.end);
                before = *span;
            }
        }
    }
}
