//! What kind of words stand for a speaker: a name, a pronoun, a description, a place, a body.

use std::ops::Range;

use super::cast::Cast;
use super::countries::{self, Found, Sense};
use super::lexicon;
use super::noun_phrase::{Class, Description, describe};
use super::words::{Gap, Word};

/// The words that stand for a speaker, analysed.
#[derive(Debug, Clone)]
pub(crate) enum Phrase {
    /// "he", "it", "we".
    Pronoun(usize),
    /// A person of the cast; index of the figure.
    Person(usize),
    /// "Beijing", "the EU".
    Place(Range<usize>, Found),
    /// Capitals that are neither: "Reuters".
    Name(Range<usize>),
    /// A description.
    Description(Description),
    /// No word at all.
    Nothing,
}

/// Analyses the words of a mention.
pub(crate) fn parse(words: &[Word], range: Range<usize>, cast: &Cast) -> Phrase {
    let Some(first) = words.get(range.clone()).and_then(<[Word]>::first) else { return Phrase::Nothing };
    if range.clone().all(|at| {
        is_pronoun(&words[at].folded)
            && !(words[at].shouting && matches!(words[at].folded.as_str(), "who" | "us" | "it"))
    }) {
        return Phrase::Pronoun(range.start);
    }
    let stop =
        |from: usize| (from + 1..range.end).find(|&at| words[at].gap != Gap::Space).unwrap_or(range.end);
    let mut head = range.start..stop(range.start);
    if let Some(sighting) = named(words, &head, cast) {
        return Phrase::Person(cast.sightings[sighting].figure);
    }
    // "the Reform Party (RP) |spokesman"
    let short = words.get(head.end..range.end).is_some_and(|row| {
        let [short, office, ..] = row else { return false };
        let calling = lexicon::is_role(&office.folded) || matches!(office.folded.as_str(), "man" | "woman");
        short.shouting
            && short.folded.chars().all(char::is_alphanumeric)
            && [short, office].iter().all(|word| word.gap == Gap::Stop)
            && !office.capital
            && calling
    });
    if short {
        head.end = stop(head.end + 1);
    }
    let article = usize::from(1 < head.len() && matches!(first.folded.as_str(), "the" | "a" | "an"));
    let bare = head.start + article..head.end;
    if let Some(found) = countries::find(words, bare.start).filter(|found| found.len == bare.len()) {
        let titled = words[bare.clone()].iter().any(|word| lexicon::is_role(&word.folded));
        // "Paris said" where Valeria Paris is of the cast
        if let Some(figure) =
            cast.surnamed(&words[bare.start].folded).filter(|_| bare.len() == 1 && article == 0)
        {
            return Phrase::Person(figure);
        }
        let alone = head.end == range.end
            || (!words[head.end].capital
                && !words[head.end..range.end].iter().any(|word| word.folded == "and"));
        // "Jakarta, whose seabed lies close by"
        if found.place.sense != Sense::Demonym && !titled && alone {
            return Phrase::Place(bare, found);
        }
    }
    // "the Americans", "Chinese", "the French": a people, not one of them.
    let people = countries::find(words, bare.start).filter(|found| {
        found.len == bare.len()
            && found.place.sense == Sense::Demonym
            && is_plural_demonym(&words[bare.end - 1].folded)
    });
    let mut description = describe(words, &head);
    if people.is_some() {
        description.plural = true;
        return Phrase::Description(description);
    }
    // "South Africa, Namibia and Botswana", "the bishops of Goma, Bukavu and Bunia": a list is one phrase.
    let list = head.end < range.end
        && words[head.end].capital
        && words[head.end..range.end].iter().any(|word| word.folded == "and")
        && (description.plural || countries::find(words, bare.start).is_some());
    if list {
        description.words = range;
        description.core.end = description.words.end;
        description.plural = true;
        return Phrase::Description(description);
    }
    // "Its operator, Sevgaz"
    if description.class == Class::Body
        && let Some(name) = named_body(words, &head, range.end)
    {
        return Phrase::Name(name);
    }
    // "the Treasury's under secretary, Ana Ruiz": an office.
    let office = words[bare.clone()]
        .windows(3)
        .any(|row| row[0].possessive && row[1].folded == "under" && lexicon::is_role(&row[2].folded));
    // "National Party (NP) legislator Ana Ruiz": a title of its own comes before the name.
    if description.class == Class::Body {
        let mut from = head.end;
        while from < range.end {
            let next = from..stop(from);
            let title = words[next.clone()].iter().any(|word| lexicon::is_role(&word.folded));
            if let Some(sighting) = named(words, &next, cast).filter(|_| title || office) {
                return Phrase::Person(cast.sightings[sighting].figure);
            }
            from = next.end;
        }
    }
    // "his guest, President Seo Mira", "a ministry spokesman, Tang Rui"
    if description.class != Class::Paper && description.class != Class::Body && !description.plural {
        let mut from = head.end;
        while from < range.end {
            let next = from..stop(from);
            if let Some(sighting) = named(words, &next, cast) {
                return Phrase::Person(cast.sightings[sighting].figure);
            }
            from = next.end;
        }
    }
    if description.plural && description.class == Class::Other {
        return Phrase::Description(description);
    }
    // "the Republican": one of the party.
    let partisan = matches!(words[bare.start].folded.as_str(), "republican" | "democrat");
    if article == 1 && bare.len() == 1 && partisan {
        return Phrase::Description(description);
    }
    let other = cast.others.partition_point(|naming| naming.name.start < bare.start);
    // "Protesters said": a capital by its place only.
    let called = cast.others.get(other).is_some_and(|naming| naming.name == bare && naming.organised);
    let only = &words[bare.start];
    let plural = ["ists", "ians", "ants", "ents", "ors", "men"].iter().any(|end| only.folded.ends_with(end));
    let plain =
        description.class == Class::Other && only.gap == Gap::Stop && !only.shouting && plural && !called;
    if bare.len() == 1 && (plain || is_people(&only.folded)) {
        description.class = Class::Other;
        description.plural = true;
        return Phrase::Description(description);
    }
    if let Some(naming) = cast.others.get(other).filter(|naming| naming.name.end <= bare.end) {
        let whole =
            naming.name == bare || (naming.name.start == bare.start && linked(words, naming.name.end));
        if whole && description.class != Class::Role {
            return Phrase::Name(bare);
        }
    }
    // "the Seoul Ilbo" is a name, "the Belgian" is none.
    let capitals = words[bare.clone()].iter().all(|word| word.capital);
    let placed =
        countries::all(words, bare.clone()).last().is_some_and(|(at, found)| at + found.len == bare.end);
    if capitals && description.class == Class::Other && !placed {
        return Phrase::Name(bare);
    }
    if description.class == Class::Body {
        // "the daily Strazh", "the state company “Dams and Sons”"
        let tail = (bare.start..bare.end)
            .rev()
            .take_while(|&at| {
                (words[at].capital && !lexicon::is_body(&words[at].folded))
                    || lexicon::is_particle(&words[at].folded)
            })
            .last();
        let tail = tail.filter(|&tail| {
            tail > bare.start && lexicon::is_body(&words[tail - 1].folded) && !words[tail - 1].capital
        });
        if let Some(tail) = tail {
            return Phrase::Name(tail..bare.end);
        }
        let quoted = head.end < range.end && words[head.end].gap == Gap::Stop && words[head.end].capital;
        if quoted {
            return Phrase::Name(head.end..stop(head.end));
        }
    }
    Phrase::Description(description)
}

/// Plurals that are never a name, and that the net takes for a body's now and then.
fn is_people(folded: &str) -> bool {
    matches!(
        folded,
        "authorities"
            | "protesters"
            | "demonstrators"
            | "proponents"
            | "supporters"
            | "parents"
            | "polls"
            | "some"
            | "many"
    )
}

/// The name behind the description of a body, up to the mention's end: "Its operator, |Petrolind|".
fn named_body(words: &[Word], head: &Range<usize>, end: usize) -> Option<Range<usize>> {
    let described = words[head.clone()].iter().all(|word| !word.capital || word.gap == Gap::Stop)
        || matches!(words[head.start].folded.as_str(), "its" | "their");
    if !described || head.end >= end || words[head.end].gap != Gap::Comma {
        return None;
    }
    let named = words[head.end..end]
        .iter()
        .enumerate()
        .take_while(|(n, word)| word.capital && !word.is_function() && (*n == 0 || word.gap == Gap::Space));
    let name = head.end..head.end + named.count();
    (!name.is_empty() && (name.end == end || words[name.end].gap != Gap::Space)).then_some(name)
}

/// How many words of a relative clause may stand between a description that the reader cut short and its comma.
const RELATIVE: usize = 6;

/// The person whose name comes right behind the mention of a description, between commas: "the other
/// guest|, Foreign Minister Wen Hui,"; not "the minister|, Wen said".
pub(crate) fn apposed(
    words: &[Word],
    description: &Description,
    mention: &Range<usize>,
    cast: &Cast,
) -> Option<usize> {
    let singular = !description.plural && matches!(description.class, Class::Role | Class::Other);
    let mut start = mention.end;
    // "The other guest |who attended the talks, Foreign Minister Wen Hui,"
    let marked = words.get(mention.start..words.len().min(mention.end + 1)).unwrap_or_default();
    let clause = marked.iter().any(|word| word.folded == "who");
    let inside = |at: &usize| words.get(*at).is_some_and(|word| word.gap == Gap::Space && !word.capital);
    if clause {
        start += (start..start + RELATIVE).take_while(inside).count();
    }
    if !singular || !description.definite || words.get(start)?.gap != Gap::Comma {
        return None;
    }
    let stop = (start + 1..words.len().min(start + 12)).find(|&at| words[at].gap != Gap::Space)?;
    let sighting = &cast.sightings[named(words, &(start..stop), cast)?];
    let titled = words[start..sighting.name.start].iter().any(|word| lexicon::is_role(&word.folded));
    let whole = sighting.name.start == start || titled;
    (whole && sighting.name.end == stop).then_some(sighting.figure)
}

/// "americans", "chinese", "french", "swiss", but not "american", "belgian".
fn is_plural_demonym(folded: &str) -> bool {
    ["s", "ese", "ch", "sh"].iter().any(|ending| folded.ends_with(ending))
}

fn linked(words: &[Word], at: usize) -> bool {
    words.get(at).is_some_and(|word| {
        word.gap == Gap::Space && matches!(word.folded.as_str(), "of" | "for" | "in" | "and")
    })
}

/// The sighting whose name is the head of a phrase: "Philippine Foreign Secretary Rosa Villar", "India's Ravi
/// Iyer of …"; not "Villar's office", "an aide to Villar".
fn named(words: &[Word], phrase: &Range<usize>, cast: &Cast) -> Option<usize> {
    let inside = |at: &usize| cast.sightings.get(*at).is_some_and(|one| one.name.end <= phrase.end);
    // "Villar's spokesman |Juan Reyes"
    let owns = |at: &usize| {
        let name = &cast.sightings[*at].name;
        words[name.end - 1].possessive && name.end < phrase.end
    };
    let from = (cast.sighted_from(phrase.start)..).take_while(inside).find(|at| !owns(at))?;
    let sighting = &cast.sightings[from];
    let followed = sighting.name.end < phrase.end;
    if followed && !links_name(&words[sighting.name.end].folded) {
        return None;
    }
    let titles = &cast.figures[sighting.figure].titles;
    let governed =
        (phrase.start..sighting.name.start).filter(|&at| is_preposition(&words[at].folded)).any(|at| {
            !titles.iter().any(|title| title.words.contains(&at) && title.words.end == sighting.name.start)
        });
    (!governed || directs(words, phrase.start..sighting.name.start)).then_some(from)
}

/// Whether the words before a name are the name of a body and an office in it: "Irish Institute in Laos
/// Director |Ana Ruiz"; not "the spokesman of Minister |Ana Ruiz", "the office in Laos of President |Ana Ruiz".
fn directs(words: &[Word], before: Range<usize>) -> bool {
    let Some((office, body)) = words[before].split_last() else { return false };
    lexicon::is_role(&office.folded)
        && body.iter().all(|word| {
            (word.capital && !lexicon::is_role(&word.folded))
                || matches!(word.folded.as_str(), "in" | "of" | "for" | "the")
        })
        && body.last().is_some_and(|last| last.capital)
}

fn links_name(word: &str) -> bool {
    is_preposition(word) || matches!(word, "who" | "whose" | "and" | "now" | "said" | "himself" | "herself")
}

pub(super) fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "of" | "in"
            | "at"
            | "for"
            | "to"
            | "from"
            | "with"
            | "on"
            | "by"
            | "under"
            | "near"
            | "behind"
            | "across"
            | "against"
            | "among"
            | "about"
            | "inside"
            | "outside"
    )
}

/// Pronouns that can stand for a speaker.
pub(crate) fn is_pronoun(word: &str) -> bool {
    const PRONOUNS: [&str; 33] = [
        "he",
        "she",
        "it",
        "they",
        "we",
        "i",
        "him",
        "her",
        "them",
        "himself",
        "herself",
        "itself",
        "themselves",
        "who",
        "which",
        "you",
        "his",
        "hers",
        "their",
        "theirs",
        "its",
        "our",
        "ours",
        "my",
        "mine",
        "me",
        "us",
        "your",
        "yours",
        "ourselves",
        "myself",
        "yourself",
        "whom",
    ];
    PRONOUNS.contains(&word)
}
