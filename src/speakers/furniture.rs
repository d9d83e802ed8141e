//! Sentences that are no prose: headlines and bylines.

use crate::Span;
use crate::quotes::Quote;

use super::anaphora::Spoken;
use super::words::Word;
use super::{Answer, SpeakerType};

/// Which sentences are headlines: nearly all of their longer words open with capitals.
pub(super) fn headlines(text: &str, words: &[Word]) -> Vec<bool> {
    let count = words.last().map_or(0, |word| word.sentence + 1);
    let mut tally = vec![(0_usize, 0_usize); count];
    for word in words.iter().filter(|word| 3 < word.folded.len()) {
        tally[word.sentence].0 += usize::from(word.capital);
        tally[word.sentence].1 += 1;
    }
    let mut headlines: Vec<bool> =
        tally.iter().map(|&(capitals, all)| 4 <= all && (all - capitals) * 4 <= all).collect();
    // A sentence ends with a mark, a headline does not.
    for (at, word) in words.iter().enumerate() {
        if words.get(at + 1).is_none_or(|next| next.sentence != word.sentence) {
            let rest = text[word.span.end..].trim_start_matches(['"', '\'', '\u{201d}', '\u{2019}', ')']);
            headlines[word.sentence] &= !rest.starts_with(['.', '!', '?', ':', ','])
                || tally[word.sentence].0 == tally[word.sentence].1 && 7 <= tally[word.sentence].1;
        }
    }
    headlines
}

/// Which sentences are bylines and credits: "By Ana Ruiz", "(Reporting by …; editing by …)".
pub(super) fn bylines(words: &[Word]) -> Vec<bool> {
    let count = words.last().map_or(0, |word| word.sentence + 1);
    let mut marked = vec![false; count];
    for (at, word) in words.iter().enumerate() {
        let opens = at == 0 || words[at - 1].sentence != word.sentence;
        let next = words.get(at + 1).is_some_and(|next| next.capital && next.sentence == word.sentence);
        let credit = word.folded == "by"
            && at > 0
            && matches!(
                words[at - 1].folded.as_str(),
                "reporting" | "editing" | "written" | "photo" | "photographs"
            );
        if next && (credit || (opens && word.folded == "by")) {
            let length =
                words[at..].iter().take(40).take_while(|other| other.sentence == word.sentence).count();
            marked[word.sentence] |= credit || length <= 14;
        }
    }
    marked
}

/// A headline's quotation without a speaker belongs to whoever says the same words in the article.
pub(super) fn echo_headlines(text: &str, quotes: &[Quote], spoken: &mut [Spoken]) {
    const HEADLINES: usize = 4;
    for at in 0..quotes.len().min(HEADLINES) {
        if spoken[at].answer.kind != SpeakerType::None {
            continue;
        }
        let bare = |span: &Span| span.of(text).trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let Some(words) = quotes[at].content.first().map(bare).filter(|words| 8 <= words.len()) else {
            continue;
        };
        let twin = (at + 1..quotes.len().min(200)).find(|&other| {
            spoken[other].answer.kind != SpeakerType::None
                && quotes[other].content.iter().any(|span| span.of(text).to_lowercase().contains(&words))
        });
        if let Some(twin) = twin {
            spoken[at].answer = Answer { basis: "echo", confidence: 0.7, ..spoken[twin].answer.clone() };
        }
    }
}
