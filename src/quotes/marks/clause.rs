//! Where a quotation with one mark missing ends or starts: at the words that name its speaker.

use crate::Span;

/// Verbs that name a speaker beside a quotation. A closed list serves here: it only says where a
/// quotation with a mark missing ends.
const SAYING: &str = "said says saying added adds adding told tells wrote writes noted notes warned warns stressed \
    stresses replied continued continues explained explains asked asks argued argues stated states \
    insisted insists tweeted responded declared announced concluded claimed claims mentioned remarked \
    recalled recalls commented reported complained emphasized emphasised answered conceded admitted \
    acknowledged vowed pledged mused countered observed predicted quipped joked criticised criticized \
    scoffed proclaimed";

/// Titles whose full stop ends no clause.
const TITLES: [&str; 14] = [
    "Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Sen.", "Rep.", "Gov.", "Gen.", "Lt.", "Col.", "Capt.", "Adm.",
    "Rev.",
];

/// Words that may follow the saying verb of a clause that closes a quotation.
const CIRCUMSTANCE: &str = "of about in on at during after before to as through when while from via by last this earlier later \
    yesterday today monday tuesday wednesday thursday friday saturday sunday";

/// Words after *said* with which something said begins, so that no speaker follows.
const SAID: &str = "that it he she they we i there this so to no";

/// How many words a speaker may have: *the US secretary of state*.
const LONGEST_SPEAKER: usize = 8;

/// Marks that may stand between a comma and the space after it.
const MARKS: [char; 6] = ['\'', '"', '’', '”', '»', '›'];

/// The end of the quotation in `stretch` that has an opening mark only, if a clause with a speaker
/// closes it: `“We are not in a hurry, Brand said.` ends before the comma's clause. Not:
/// `“In May, Wang said he would come.`, where the clause goes on and so is part of what was said.
pub(super) fn closing_clause(text: &str, stretch: Span) -> Option<usize> {
    let words = stretch.of(text);
    for (at, sign) in words.match_indices([',', '?', '!']) {
        let clause = words[at + sign.len()..].trim_start_matches(MARKS);
        if clause.starts_with(char::is_whitespace) && is_saying_clause(clause) {
            return Some(stretch.end - clause.len());
        }
    }
    None
}

/// Whether `clause` starts with a speaker and a saying verb, in either order, and nothing said after
/// them: *Wang said.*, *said Wang on Friday*. Not: *Wang said he*.
fn is_saying_clause(clause: &str) -> bool {
    let mut words = clause.split_whitespace().take(LONGEST_SPEAKER + 2).peekable();
    let Some(first) = words.peek().copied() else { return false };
    if is_saying(first) {
        words.next();
        return !first.ends_with(['.', ',', ':']) && words.peek().is_some_and(|word| !is_one_of(word, SAID));
    }
    if !starts_speaker(first) {
        return false;
    }
    if ["he", "she", "they"].contains(&first)
        && words.clone().nth(1).is_some_and(|verb| verb.ends_with("ed."))
    {
        return true; // he thundered.
    }
    while let Some(word) = words.next() {
        if word == "told" || word == "tells" {
            return is_addressed(words);
        }
        if is_saying(word) {
            let ends = word.ends_with(['.', ',', ';']);
            return ends || words.peek().is_none_or(|next| is_one_of(next, CIRCUMSTANCE));
        }
        if word.ends_with([',', ';', ':', '?', '!']) {
            return false;
        }
    }
    false
}

/// Verb and speaker of the clause that `text` opens with, bytes from its start: *the company said.*, *said the company on Friday*.
/// Not: *the company said it*, *said he would*.
pub(in crate::quotes) fn attribution(text: &str) -> Option<(Span, Span)> {
    // "Ms. Lind", "J. Lind"
    let short = |bare: &str| TITLES.contains(&bare) || bare.chars().count() == 2;
    let ends = |bare: &str| bare.ends_with([',', ';']) || bare.ends_with('.') && !short(bare);
    let mut words = Vec::new();
    let mut end = 0;
    for word in text.split_inclusive(char::is_whitespace).take(LONGEST_SPEAKER + 2) {
        let bare = word.trim();
        words.push((Span::new(end, end + bare.trim_end_matches([',', '.', ';', ':']).len()), bare));
        end += word.len();
        if bare.is_empty() || word.contains(['\n', '\r']) || ends(bare) {
            break;
        }
    }
    let verb = words.iter().position(|(_, bare)| is_saying(bare))?;
    if verb == 0 {
        let (cue, bare) = words[0];
        let follows = words.get(1).filter(|_| !ends(bare))?;
        let stop = words.iter().skip(1).take_while(|(_, bare)| !is_one_of(bare, CIRCUMSTANCE)).count();
        let whole = stop + 1 < words.len() || words.last().is_some_and(|(_, bare)| ends(bare));
        let speaker = words.get(stop).filter(|_| 0 < stop && whole && starts_speaker(follows.1))?;
        return (!is_one_of(follows.1, SAID)).then_some((cue, Span::new(follows.0.start, speaker.0.end)));
    }
    let (cue, bare) = words[verb];
    let closed = ends(bare) || words.get(verb + 1).is_some_and(|(_, next)| is_one_of(next, CIRCUMSTANCE));
    (closed && starts_speaker(words[0].1)).then(|| (cue, Span::new(words[0].0.start, words[verb - 1].0.end)))
}

/// Whether nothing but a hearer follows *told*: *the cameras.* Not: *the cameras that*.
fn is_addressed<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    words.take_while(|word| *word != "that").any(|word| word.ends_with(['.', ',']))
}

/// The end of the sentence in which a quotation without its closing mark began in small letters, as a
/// part of the reporter's own sentence: `Maro called it “a long road. The talks went on.` Not
/// `“A long road. We go on.`, a quotation of sentences.
pub(super) fn fragment_end(text: &str, stretch: Span) -> Option<usize> {
    let words = stretch.of(text);
    if !words.starts_with(char::is_lowercase) {
        return None;
    }
    sentence_end(words).map(|end| stretch.start + end)
}

/// Where the first sentence of `words` ends, if another follows. A stop after a title or an initial,
/// *Mr. Wang*, *J. Wang*, *the U.S. Army*, ends none.
fn sentence_end(words: &str) -> Option<usize> {
    const LONG_TITLES: [&str; 8] = ["Prof.", "Sept.", "Corp.", "Capt.", "Supt.", "Messrs.", "Minn.", "Mass."];
    let mut end = 0;
    for word in words.split_inclusive(char::is_whitespace) {
        end += word.len();
        let bare = word.trim_end();
        let Some(stem) = bare.strip_suffix(['.', '!', '?']) else { continue };
        let shortest = if bare.starts_with(char::is_lowercase) { 3 } else { 4 };
        let is_word = shortest <= stem.chars().count() && !stem.contains('.') && !LONG_TITLES.contains(&bare);
        if is_word && words[end..].starts_with(char::is_uppercase) {
            return Some(end - (word.len() - bare.len()));
        }
    }
    None
}

/// Where the quotation in `stretch` that has a closing mark only, followed by `rest`, starts: after
/// the last colon, or after the first saying verb and its sentence or comma, `Wang said: we are ready.”`;
/// or with the stretch if nothing in it speaks of saying, `We are ready,” Wang said.`. Nowhere, so that
/// the mark is a stray one, if no stop follows the verb, `Wang said we are ready.”`, if the mark ends a
/// paragraph without a verb, as under a quotation set apart, `Wang Yi, foreign minister.”`, or if no
/// sign of a quotation's end stands before the mark, `the red barn” has gone`.
pub(super) fn opening_clause(text: &str, stretch: Span, rest: &str) -> Option<usize> {
    let words = stretch.of(text);
    if !words.trim_end().trim_end_matches(MARKS).ends_with(['.', ',', '!', '?', '…', '—']) {
        return None;
    }
    let after = |stop: usize| {
        let lead = words[stop..].len() - words[stop..].trim_start().len();
        (lead != 0 && stop + lead < words.len()).then_some(stretch.start + stop + lead)
    };
    if let Some(colon) = words.rfind(": ") {
        return after(colon + 1);
    }
    let Some(verb_end) = saying_verb_end(words) else {
        return (!rest.trim().is_empty()).then_some(stretch.start);
    };
    if words[..verb_end].ends_with([',', '.']) {
        return after(verb_end);
    }
    let comma = || words[verb_end..].find(',').map(|comma| comma + 1);
    after(verb_end + sentence_end(&words[verb_end..]).or_else(comma)?)
}

/// Where the first saying verb of `words` ends, with the stop that hangs on it.
fn saying_verb_end(words: &str) -> Option<usize> {
    let mut end = 0;
    for word in words.split_inclusive(char::is_whitespace) {
        if is_saying(word) {
            return Some(end + word.trim_end().len());
        }
        end += word.len();
    }
    None
}

fn is_saying(word: &str) -> bool {
    is_one_of(word, SAYING)
}

fn is_one_of(word: &str, list: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    !word.is_empty() && list.split(' ').any(|entry| word.eq_ignore_ascii_case(entry))
}

/// Whether a speaker may start with this word: a name, a pronoun, an article.
fn starts_speaker(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
        || ["he", "she", "it", "they", "the", "a", "an", "one", "his", "her"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributions_name_verb_and_speaker() {
        let of = |clause: &'static str| {
            attribution(clause).map(|(cue, speaker)| (cue.of(clause), speaker.of(clause)))
        };
        assert_eq!(of("the company said."), Some(("said", "the company")));
        assert_eq!(of("the company said on Friday."), Some(("said", "the company")));
        assert_eq!(of("said the company’s owner. It"), Some(("said", "the company’s owner")));
        assert_eq!(of("added Ms. Lind on Friday"), Some(("added", "Ms. Lind")));
        for clause in ["the company said it", "said he would", "and left.", "said", "", "which he said."] {
            assert_eq!(of(clause), None, "{clause}");
        }
    }
}
