//! Where a quotation with one mark missing ends or starts: at the words that name its speaker.

use crate::Span;

const SAYING: [&str; 34] = [
    "said",
    "says",
    "added",
    "adds",
    "told",
    "tells",
    "wrote",
    "writes",
    "noted",
    "notes",
    "warned",
    "warns",
    "stressed",
    "replied",
    "continued",
    "explained",
    "asked",
    "argued",
    "stated",
    "insisted",
    "tweeted",
    "responded",
    "declared",
    "announced",
    "concluded",
    "claimed",
    "mentioned",
    "remarked",
    "recalled",
    "commented",
    "reported",
    "complained",
    "emphasized",
    "emphasised",
];

/// Words that may follow the saying verb of a clause that closes a quotation.
const CIRCUMSTANCE: [&str; 27] = [
    "in",
    "on",
    "at",
    "during",
    "after",
    "before",
    "to",
    "as",
    "through",
    "when",
    "while",
    "from",
    "via",
    "by",
    "last",
    "this",
    "earlier",
    "later",
    "yesterday",
    "today",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// How many words a speaker may have: *the US secretary of state*.
const LONGEST_SPEAKER: usize = 8;

/// The end of the quotation in `stretch` that has an opening mark only, if a clause with a speaker
/// closes it: `“We are being challenged, Wang said.` ends before the comma's clause. Not:
/// `“In May, Wang said he would come.`, where the clause goes on and so is part of what was said.
pub(super) fn closing_clause(text: &str, stretch: Span) -> Option<usize> {
    let words = stretch.of(text);
    let mut verdict = None;
    for (at, sign) in words.char_indices().filter(|(_, c)| matches!(c, ',' | '?' | '!')) {
        let clause = &words[at + sign.len_utf8()..];
        if clause.starts_with(char::is_whitespace) && is_saying_clause(clause) {
            verdict = Some(stretch.start + at + sign.len_utf8());
            break;
        }
    }
    verdict
}

/// Whether `clause` starts with a speaker and a saying verb, in either order, and nothing said after
/// them: *Wang said.*, *said Wang on Friday*. Not: *Wang said he*.
fn is_saying_clause(clause: &str) -> bool {
    let mut words = clause.split_whitespace().take(LONGEST_SPEAKER + 2).peekable();
    let Some(first) = words.peek().copied() else { return false };
    if is_saying(first) {
        words.next();
        return !first.ends_with(['.', ',', ':']) && words.peek().is_some_and(|word| starts_speaker(word));
    }
    if !starts_speaker(first) {
        return false;
    }
    while let Some(word) = words.next() {
        if is_saying(word) {
            let ends = word.ends_with(['.', ',', ';']);
            return ends || words.peek().is_none_or(|next| is_one_of(next, &CIRCUMSTANCE));
        }
        if word.ends_with([',', ';', ':', '?', '!']) {
            return false;
        }
    }
    false
}

/// Where the quotation in `stretch` that has a closing mark only starts: after the last saying verb
/// and the stop that follows it, `Wang said: we are ready.”`, or with the stretch if nothing in it
/// speaks of saying, `We are ready,” Wang said.`. Nowhere, so that the mark is a stray one, if the
/// verb has no stop, `Wang said we are ready”`, or if no sign of a quotation's end stands before the
/// mark, `the big ship” has come`.
pub(super) fn opening_clause(text: &str, stretch: Span) -> Option<usize> {
    let words = stretch.of(text);
    if !words.trim_end().ends_with(['.', ',', '!', '?', '…', '—']) {
        return None;
    }
    let mut from = 0;
    let mut verb_end = None;
    for word in words.split_inclusive(char::is_whitespace) {
        from += word.len();
        if is_saying(word.trim_end()) {
            verb_end = Some(from - (word.len() - word.trim_end().len()));
        }
    }
    let Some(verb_end) = verb_end else { return Some(stretch.start) };
    // The stop may hang on the verb itself.
    let verb_end = words[..verb_end].trim_end_matches(['.', ',', ':', ';']).len();
    let stop = verb_end + words[verb_end..].find(['.', ',', ':', ';'])?;
    let start = stop + 1;
    let lead = words[start..].len() - words[start..].trim_start().len();
    (lead != 0 && start + lead < words.len()).then_some(stretch.start + start + lead)
}

fn is_saying(word: &str) -> bool {
    is_one_of(word, &SAYING)
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    list.iter().any(|entry| word.eq_ignore_ascii_case(entry))
}

/// Whether a speaker may start with this word: a name, a pronoun, an article.
fn starts_speaker(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
        || ["he", "she", "they", "the", "a", "an", "one", "his", "her"].contains(&word)
}
