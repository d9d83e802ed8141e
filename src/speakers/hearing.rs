//! What the net and the statements' mentions say of a naming: a person, a body, or nothing.

use std::ops::Range;

use crate::reader::{MentionKind, Reading};

use super::appositions;
use super::countries;
use super::lexicon;
use super::names;
use super::scan::{self, Naming};
use super::words::{self, Gap, Word};

/// What the net and the statements' mentions say of a naming: a person, a body, or nothing.
pub(super) fn hear(
    naming: &mut Naming,
    text: &str,
    words: &[Word],
    asked: &[Range<usize>],
    reading: &Reading,
    headline: bool,
) {
    let inquired = asked[asked.partition_point(|range| range.end <= naming.name.start)..]
        .first()
        .is_some_and(|range| range.start < naming.name.end);
    let span = words::hull(words, naming.name.clone());
    // the tanker "Alba Lind"; the Alba Lind
    let marked = is_marked(text, span)
        || naming.name.start.checked_sub(1).is_some_and(|at| {
            words[at].folded == "the"
                && words[naming.name.start].gap == Gap::Space
                && naming.titles.is_empty()
        });
    if marked && !inquired {
        naming.strong = false;
        naming.body = true;
        return;
    }
    let at = reading.mentions.partition_point(|mention| mention.span.end <= span.start);
    for mention in reading.mentions[at..].iter().take_while(|mention| mention.span.start < span.end) {
        let most = mention.span.start == span.start || span.len() < mention.span.shared(span) * 2;
        match mention.kind {
            // One word that nothing beside the net calls a person is more often a place or a thing.
            MentionKind::Person if naming.name.len() == 1 && !naming.strong && !inquired => {}
            MentionKind::Person if most && !is_no_person(words, naming) => {
                naming.strong = true;
                naming.body = false;
                naming.certain = true;
                let scanned = naming.name.clone();
                naming.name = heard(words, &scanned, words::within(words, mention.span));
                // "Ana" of "Ana Ruiz": a lone first name is a name cut short, but for headlines.
                if naming.name.len() == 1
                    && naming.name.start == scanned.start
                    && !headline
                    && scanned.len() <= 3
                {
                    naming.name.end = scanned.end;
                }
            }
            MentionKind::Organisation | MentionKind::Place | MentionKind::Group
                if mention.span.contains(span) =>
            {
                naming.strong = false;
                naming.body = true;
                naming.organised |= mention.kind == MentionKind::Organisation;
            }
            _ => {}
        }
    }
    // A mention that is nothing but two or three capitalised words is a person more often than not.
    let cut = asked.partition_point(|range| range.end <= naming.name.start);
    let whole = asked.get(cut).is_some_and(|range| *range == naming.name);
    if whole && !naming.body && (2..=3).contains(&naming.name.len()) {
        naming.strong = true;
    }
}

/// Whether a name stands in quotation marks of its own, as ships and nicknames do.
fn is_marked(text: &str, name: crate::Span) -> bool {
    let opens = |c: char| matches!(c, '"' | '\u{201c}' | '\u{201e}' | '\u{ab}');
    let closes = |c: char| matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{bb}');
    text.get(..name.start).is_some_and(|before| before.ends_with(opens))
        && text.get(name.end..).is_some_and(|behind| behind.starts_with(closes))
}

/// Whether a row that the net calls a person is none for sure: a short form ("IST", "CGTN"), a row headed by
/// a body ("Reed Cutters' Union"), a paper ("the Ilbo, a daily"). A given name before it is a person's.
fn is_no_person(words: &[Word], naming: &Naming) -> bool {
    let name = &naming.name;
    let row = &words[name.clone()];
    // "in Bahir Dar"
    if naming.located && naming.titles.is_empty() {
        return true;
    }
    if is_thing(words, name.start) && !naming.strong {
        return true;
    }
    let [first, .., last] = row else {
        return row.iter().any(|word| word.shouting && word.span.len() <= 5)
            || appositions::body_behind(words, name.end);
    };
    lexicon::given_name_gender(&first.folded).is_none()
        && (lexicon::is_body(&last.folded) || appositions::body_behind(words, name.end))
}

/// Whether the noun before a row of capitals says that it is a thing: "the trawler |Alba Lind|", "an Australian
/// firm, |Lind Horizons|"; not "the widow |Ana Ruiz|".
fn is_thing(words: &[Word], name: usize) -> bool {
    let Some(noun) = name.checked_sub(1).filter(|_| words[name].gap != Gap::Stop) else { return false };
    let plain = |at: usize| !words[at].capital && !words[at].is_function();
    let person = lexicon::is_role(&words[noun].folded) || lexicon::is_honorific(&words[noun].folded);
    let mut article = noun;
    while 0 < article && noun - article < 3 && words[article].gap == Gap::Space {
        article -= 1;
        if matches!(words[article].folded.as_str(), "the" | "a" | "an" | "its" | "their") {
            return plain(noun) && !person && !words[noun].folded.ends_with("ed");
        }
    }
    false
}

/// The name where the net's mention and the capitals differ. The net knows where a name ends ("Ana Ruiz
/// |Slams Quito") and what belongs in front ("Ould |Cheikh Ahmed"), but it takes titles along ("Ms. |Ruiz")
/// and cuts first names off ("Ana |Ben Ruiz").
fn heard(words: &[Word], scanned: &Range<usize>, mention: Range<usize>) -> Range<usize> {
    const LONGEST: usize = 6;
    if mention.is_empty() || LONGEST < mention.len() || words.len() < mention.end {
        return scanned.clone();
    }
    let titles = |word: &Word| {
        lexicon::is_honorific(&word.folded)
            || lexicon::is_role(&word.folded)
            || lexicon::singular_role(&word.folded).is_some()
            || lexicon::is_modifier(&word.folded)
            || word.is_function()
    };
    // "Don Fowler": a short given name is no contraction; "Ms |Peace Lind".
    let titles = |word: &Word| titles(word) && (word.folded != "don" && word.folded != "will");
    let mut start = mention.start;
    while start + 1 < mention.end
        && titles(&words[start])
        && !scan::kept_function(words, start)
        && !is_addressed(words, start)
    {
        start += 1;
    }
    // "Tan Sri |Ana Lind"
    if mention.start < scanned.start
        && scanned.start < mention.end
        && matches!(words[scanned.start - 1].folded.as_str(), "sri" | "seri")
    {
        start = start.max(scanned.start);
    }
    // "Representative |Earl Cottrell", "|Said bin Nasser": a word that is a title or plain elsewhere.
    let word = words[scanned.start].folded.as_str();
    let filial = word == "said" && words.get(scanned.start + 1).is_some_and(scan::is_filial);
    if (filial || matches!(word, "earl" | "duke" | "dean")) && mention.contains(&scanned.start) {
        start = start.min(scanned.start);
    }
    // What the mention leaves out in front is part of the name unless it is a title, a place or a body.
    let cut = scanned.start..start.max(scanned.start);
    let foreign =
        |at: usize| titles(&words[at]) || lexicon::is_body(&words[at].folded) || words[at].possessive;
    let first_name = cut.len() <= 2
        && !cut.clone().any(foreign)
        && countries::all(words, cut.clone()).is_empty()
        && (cut.clone().all(|at| words[at].span.len() <= 3)
            || is_addressed(words, cut.start)
            || lexicon::given_name_gender(&words[cut.start.min(words.len() - 1)].folded).is_some()
            || (cut.len() == 1 && words[cut.start].gap == Gap::Space && 2 <= mention.end - start)
            || words[start].folded.contains('-')
            || lexicon::is_particle(&words[start].folded));
    if !cut.is_empty() && (first_name || filial) {
        start = cut.start;
    }
    // "Ana Ruiz |Jr.", "Ana bin |Said al-Ruiz"
    let suffix = scanned.end == mention.end + 1 && names::is_suffix(&words[mention.end].folded);
    let broken = mention.end < scanned.end && lexicon::is_particle(&words[mention.end - 1].folded);
    start..if suffix || broken { scanned.end } else { mention.end }
}

/// Whether a form of address that goes with a first name stands right before this word: "Ms |Peace Lind", "Dame |Honor Lind".
fn is_addressed(words: &[Word], at: usize) -> bool {
    let own = &words[at];
    let titles = lexicon::is_honorific(&own.folded) || lexicon::is_role(&own.folded);
    own.gap == Gap::Space
        && !titles
        && at.checked_sub(1).is_some_and(|before| {
            matches!(words[before].folded.as_str(), "mr" | "mrs" | "ms" | "miss" | "sir" | "dame")
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::scan;

    #[test]
    fn ships_are_no_persons() {
        let text = "The tanker \"Alba Lind\" left. The trawler Alba Lind left. The widow Alba Lind left.";
        let words = words::split(text, &[]);
        let namings: Vec<Naming> = scan::namings(text, &words);
        let first = words::hull(&words, namings[0].name.clone());
        assert!(is_marked(text, first));
        assert!(is_thing(&words, namings[1].name.start));
        assert!(!is_thing(&words, namings[2].name.start));
    }
}
