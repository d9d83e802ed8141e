//! One pass over the words: what may be a person's name, with the titles and appositions around it.

use std::ops::Range;

use super::appositions::{after, body_behind, lead_in};
use super::countries;
use super::lexicon;
use super::names;
use super::words::{Gap, Word};

/// A row of capitalised words that may name a person, and what is said about it on the spot.
#[derive(Debug, Clone)]
pub(crate) struct Naming {
    /// Indices of the name's words, without titles.
    pub(crate) name: Range<usize>,
    /// Titles and appositions, in the order of the text: indices of words.
    pub(crate) titles: Vec<Range<usize>>,
    /// Age, if the text gives it: "Ana Ruiz, 63,".
    pub(crate) age: Option<usize>,
    /// Whether something beside the capitals says that this is a person.
    pub(crate) strong: bool,
    /// Whether it stands behind "in", "from" and the like, as places do.
    pub(crate) located: bool,
    /// Whether the net calls it a person: then its place in a headline is no doubt.
    pub(crate) certain: bool,
    /// Whether the net calls it an organisation.
    pub(crate) organised: bool,
    /// Whether the row heads a body or stands among places: "Carver Institute".
    pub(crate) body: bool,
}

/// Longest name, in words.
const LONGEST_NAME: usize = 6;
/// Longest title before and apposition behind a name, in words.
pub(super) const LONGEST_TITLE: usize = 14;

/// Every row of capitalised words, in the order of the text.
pub(crate) fn namings(text: &str, words: &[Word]) -> Vec<Naming> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if !opens_name(words, at) {
            at += 1;
            continue;
        }
        let run = run(text, words, at);
        at = run.end;
        if let Some(naming) = naming(words, run) {
            found.push(naming);
        }
    }
    found
}

fn opens_name(words: &[Word], at: usize) -> bool {
    let word = &words[at];
    if word.capital {
        return !word.is_function() || kept_function(words, at);
    }
    // "dela Peña said"
    matches!(word.folded.as_str(), "dela" | "van" | "von" | "bin" | "ibn" | "al" | "della" | "ould")
        && words.get(at + 1).is_some_and(|next| next.capital && next.gap == Gap::Space)
}

/// "Will Hargrove", "May Lindt", "Said bin Nasser", "Do Mi-ran" and "the secretary, Sunday Lind," open with a function word
/// that is a given name or surname here.
pub(super) fn kept_function(words: &[Word], at: usize) -> bool {
    let word = &words[at];
    if word.folded == "said" && words.get(at + 1).is_some_and(is_filial) {
        return true;
    }
    let next = words.get(at + 1).filter(|next| {
        word.gap != Gap::Stop && next.gap == Gap::Space && next.capital && !next.is_function()
    });
    match (word.folded.as_str(), next) {
        ("will" | "may" | "mark" | "june" | "april", next) => next.is_some(),
        ("do" | "an" | "so" | "no" | "in" | "on" | "you" | "my" | "she", Some(next)) => {
            let hyphenated = next.folded.split_once('-');
            word.capital && hyphenated.is_some_and(|(first, second)| first.len() < 7 && second.len() < 7)
        }
        ("sunday" | "monday" | "friday", Some(_)) => {
            word.gap == Gap::Comma
                && at.checked_sub(1).is_some_and(|before| lexicon::is_role(&words[before].folded))
        }
        _ => false,
    }
}

/// "bin" of "Said bin Nasser"; not "Ben" of "said Ben".
pub(super) fn is_filial(word: &Word) -> bool {
    word.gap == Gap::Space && !word.capital && matches!(word.folded.as_str(), "bin" | "ben" | "ibn" | "ould")
}

/// The end of the row of words that opens at `start`.
fn run(text: &str, words: &[Word], start: usize) -> Range<usize> {
    let mut end = start + 1;
    while end < words.len() {
        if nickname(text, words, end) {
            end += 2;
            continue;
        }
        let word = &words[end];
        // "the Makers' Federation" is one name, "the Corps' Ana Ruiz" is none.
        let joined = words[end - 1].folded.ends_with('s') && lexicon::is_body(&word.folded)
            || end == start + 1 && words[start].folded == "people" && word.capital;
        if word.gap != Gap::Space || (words[end - 1].possessive && !joined) {
            break;
        }
        // "Ana bin |Said| al-Lind"
        let said = word.folded == "said" && word.capital && is_filial(&words[end - 1]);
        let joins = word.capital && !word.is_function() || said;
        let particle = lexicon::is_particle(&word.folded)
            && words[end..].iter().take(3).any(|next| next.capital && next.gap == Gap::Space)
            && words[end..].iter().take(2).all(|next| next.capital || lexicon::is_particle(&next.folded));
        if !joins && !particle {
            break;
        }
        end += 1;
    }
    // "Hale, Jr." keeps its suffix.
    if end < words.len() && words[end].gap == Gap::Comma && names::is_suffix(&words[end].folded) {
        end += 1;
    }
    start..end
}

/// Whether a nickname in marks opens at `at`, between first name and surname: Robert "|Bobby" Lind.
fn nickname(text: &str, words: &[Word], at: usize) -> bool {
    let Some([before, nickname, behind]) = at.checked_sub(1).and_then(|from| words.get(from..from + 3))
    else {
        return false;
    };
    let between = |left: &Word, right: &Word| text.get(left.span.end..right.span.start).unwrap_or_default();
    let opens = matches!(between(before, nickname), " \"" | " “" | " ‘");
    let closes = matches!(between(nickname, behind), "\" " | "” " | "’ ");
    let names = |word: &Word| word.capital && !word.is_function();
    opens
        && closes
        && names(before)
        && !before.possessive
        && !titles_name(before)
        && nickname.capital
        && names(behind)
}

/// What of a run is a name: titles, countries and portfolios before it are stripped.
fn naming(words: &[Word], run: Range<usize>) -> Option<Naming> {
    if countries::find(words, run.start).is_some_and(|place| place.len == run.len()) {
        return None;
    }
    let mut start = run.start;
    let mut titled = false;
    // "Representative |Earl Cottrell": a given name, for a title stands before it.
    let given = |at: usize| {
        matches!(words[at].folded.as_str(), "earl" | "duke" | "dean")
            && at + 2 == run.end
            && run.start < at
            && titles_name(&words[at - 1])
            // "Deputy Dean Ruiz"
            && !matches!(words[at - 1].folded.as_str(), "deputy" | "executive" | "vice" | "acting" | "associate")
    };
    let titles = |at: &usize| titles_name(&words[*at]) && !given(*at);
    if let Some(title) = (run.start..run.end.saturating_sub(1)).rfind(titles) {
        start = title + 1;
        titled = true;
    }
    // "Former Obama", "Republican Donald Hale": words that never open a name.
    let heads = |word: &Word| {
        lexicon::is_body(&word.folded) || matches!(word.folded.as_str(), "democrats" | "unionists")
    };
    while start + 1 < run.end
        // "Democratic Alliance", "Liberal Democrats"
        && !heads(&words[start + 1])
        && matches!(
            words[start].folded.as_str(),
            "former"
                | "then"
                | "ex"
                | "republican"
                | "republicans"
                | "democrat"
                | "democrats"
                | "democratic"
                | "presumptive"
                | "senior"
                | "acting"
                | "retired"
                | "longtime"
                | "veteran"
                | "see"
                | "real"
                | "conservative"
                | "liberal"
                | "labour"
                | "tory"
                | "backbencher"
                | "fellow"
        )
    {
        start += 1;
    }
    // "Hydrologist Ana Ruiz": a calling that the lists do not know, at the start of a sentence.
    let calling = |word: &Word| {
        word.gap == Gap::Stop
            && 7 < word.folded.len()
            && ["ist", "elier", "ician"].iter().any(|end| word.folded.ends_with(end))
    };
    if start + 2 < run.end && calling(&words[start]) {
        start += 1;
        titled = true;
    }
    // "MK Ana Ruiz": short forms of offices and bodies before a first name.
    let short = |word: &Word| {
        word.shouting && (2..=5).contains(&word.span.len()) && word.span.len() == word.folded.len()
    };
    if start + 2 < run.end
        && short(&words[start])
        && !words[start + 1].shouting
        && lexicon::given_name_gender(&words[start + 1].folded).is_some()
        && !words[start..run.end].iter().any(|word| word.folded == "jp" || lexicon::is_body(&word.folded))
    {
        start += 1;
        titled = true;
    }
    // "the U.S. Cui Hanwen", "Secretary of State Ruth Hale": the run opens inside a title.
    let inside = start == run.start && run.start > 1 && follows_role(words, run.start);
    if !titled {
        while let Some(place) = countries::find(words, start).filter(|place| start + place.len < run.end) {
            start += place.len;
        }
    }
    while inside && start + 1 < run.end && lexicon::is_modifier(&words[start].folded) {
        start += 1;
        titled = true;
    }
    start = behind_place(words, start, run.end).unwrap_or(start);
    let name = start..run.end;
    let rest = &words[name.clone()];
    let title_only = rest.iter().all(|word| titles_name(word) || lexicon::is_modifier(&word.folded));
    // A role can be a surname ("Nathan King", "Judge Bishop"), but few are.
    let surname = matches!(rest, [word] if matches!(word.folded.as_str(), "king" | "bishop" | "judge" | "dean" | "major" | "prince" | "pope" | "baron" | "young" | "guard"));
    if rest.is_empty() || LONGEST_NAME < rest.len() || (title_only && (!surname || !titled)) {
        return None;
    }
    if rest.iter().all(|word| word.span.len() == 1 || word.folded.chars().all(|c| c.is_ascii_digit())) {
        return None;
    }
    let place = countries::find(words, start).is_some_and(|place| place.len == rest.len());
    if place && !titled {
        return None;
    }
    let body = rest.iter().any(|word| lexicon::is_body(&word.folded))
        || (rest.len() > 1 && !countries::all(words, name.clone()).is_empty() && !titled);
    let before = title_before(words, start);
    let honorific = start > 0
        && words[start].gap == Gap::Space
        && lexicon::is_honorific(&words[start - 1].folded)
        && words[start - 1].capital;
    let (after, age) = after(words, name.end);
    let lead = lead_in(words, start, name.end);
    let given = 1 < rest.len() && lexicon::given_name_gender(&rest[0].folded).is_some();
    let affiliation = after
        .as_ref()
        .is_some_and(|range| matches!(words[range.start].folded.as_str(), "of" | "at" | "from"));
    let apposed = after.is_some() && !affiliation;
    let strong = before.is_some() || honorific || apposed || age.is_some() || lead.is_some() || given;
    // "8 OCT, 16:05", "PM EST": a short form is no name for its age or title.
    let short = matches!(rest, [word] if word.shouting && word.span.len() <= 4);
    let strong = strong && (honorific || !short);
    // "in New Haven", "Farmers from Lind": places and plain plurals at the start of a sentence.
    let located = start > 0
        && words[start].gap == Gap::Space
        && matches!(
            words[start - 1].folded.as_str(),
            "in" | "at" | "near" | "from" | "across" | "outside" | "aboard"
        )
        && !given
        && age.is_none();
    let plural =
        matches!(rest, [word] if word.gap == Gap::Stop && lexicon::singular_role(&word.folded).is_some());
    let body = body || plural || body_behind(words, run.end);
    // "Gen. Ruiz" is a general.
    let rank = (honorific && before.is_none() && lexicon::rank(&words[start - 1].folded).is_some())
        .then(|| start - 1..start);
    let titles = before.into_iter().chain(rank).chain(lead).chain(after).collect();
    let strong = strong && !body && !located;
    Some(Naming { name, titles, age, strong, located, certain: false, organised: false, body })
}

/// Where a name begins behind the place that opens its sentence: "In Stonington |Stan Lind said", "a post on X |Lind".
fn behind_place(words: &[Word], start: usize, end: usize) -> Option<usize> {
    let opens = words.get(start).is_some_and(|word| word.gap == Gap::Space);
    let link = start.checked_sub(1).filter(|_| opens)?;
    let link = &words[link];
    if link.folded == "on" && words[start].folded == "x" && start + 1 < end {
        return Some(start + 1);
    }
    let fronted =
        link.gap == Gap::Stop && matches!(link.folded.as_str(), "in" | "at" | "from" | "near" | "outside");
    let given = |at: usize| lexicon::given_name_gender(&words[at].folded).is_some();
    let place = |at: usize| {
        matches!(
            words[at].folded.as_str(),
            "san" | "santa" | "st" | "saint" | "port" | "fort" | "new" | "mount" | "lake"
        )
    };
    let body = (start..end).any(|at| lexicon::is_paper(&words[at].folded))
        || lexicon::is_body(&words[end - 1].folded);
    if !fronted || given(start) || body {
        return None;
    }
    (start + 1..end.saturating_sub(1)).find(|&at| given(at) && !place(at - 1))
}

/// Whether a word before a name is part of a title rather than of the name.
fn titles_name(word: &Word) -> bool {
    (lexicon::is_role(&word.folded) || lexicon::is_honorific(&word.folded)) && !word.possessive
}

/// "Secretary of |State …", "ambassador to the |U.S. …"
fn follows_role(words: &[Word], start: usize) -> bool {
    let mut at = start;
    for _ in 0..5 {
        if at == 0 || words[at].gap != Gap::Space {
            return false;
        }
        at -= 1;
        if lexicon::is_role(&words[at].folded) {
            return true;
        }
        if !matches!(words[at].folded.as_str(), "of" | "for" | "to" | "the" | "and") && !words[at].capital {
            return false;
        }
    }
    false
}

/// A word that can stand in a title: "deputy", "Chinese", "Treasury", "ministry", "spokesman".
pub(super) fn in_title(words: &[Word], at: usize) -> bool {
    let word = &words[at];
    let folded = word.folded.as_str();
    // "Energy Minister Mrs |Ama Kofi"
    if word.is_function() && !(word.capital && lexicon::is_honorific(folded)) {
        return false;
    }
    word.capital
        || lexicon::is_role(folded)
        || lexicon::is_modifier(folded)
        || lexicon::is_body(folded)
        || lexicon::is_honorific(folded)
        || (folded.contains('-') && word.gap == Gap::Space)
}

/// The title that ends where a name starts: "Chinese Foreign Ministry spokesman", "Secretary of State".
fn title_before(words: &[Word], name: usize) -> Option<Range<usize>> {
    let mut start = name;
    let mut role = false;
    while start > 0 && words[start].gap == Gap::Space && name - start < LONGEST_TITLE {
        let at = start - 1;
        if in_title(words, at) {
            role |= lexicon::is_role(&words[at].folded);
            start = at;
            continue;
        }
        let link = matches!(words[at].folded.as_str(), "of" | "for" | "to" | "the" | "and");
        // "Peru's Minister Ruiz and Chile's |Minister Lind": two titles
        let joins = words[at].folded != "and"
            || at > 0
                && (lexicon::is_role(&words[at - 1].folded) || lexicon::is_modifier(&words[at - 1].folded));
        match role_before(words, at).filter(|_| link && joins) {
            // "the assistant to the president of Laos Wen Hui"; not "a spokesman for Minister Wen"
            Some(head)
                if !role || words[at].folded == "and" || !lexicon::is_role(&words[name - 1].folded) =>
            {
                role = true;
                start = head;
            }
            _ => break,
        }
    }
    // "a spokesman for |KFOR" is no title of KFOR.
    let links = name > 0 && matches!(words[name - 1].folded.as_str(), "of" | "for" | "to" | "the" | "and");
    // "the chief minister of Pakistan's |Punjab": a part of the country.
    let part = (start + 1..name).any(|at| words[at].folded == "of") && words[name - 1].possessive;
    (role && start < name && !links && !part).then_some(start..name)
}

/// The role noun that governs the linking word at `at`: "Minister" of "Minister |of Internal Security".
fn role_before(words: &[Word], at: usize) -> Option<usize> {
    let mut here = at;
    for _ in 0..5 {
        if here == 0 || words[here].gap != Gap::Space {
            return None;
        }
        here -= 1;
        let folded = words[here].folded.as_str();
        if lexicon::is_role(folded) {
            return Some(here);
        }
        if !matches!(folded, "of" | "the" | "for" | "to") && !in_title(words, here) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::words::{self, hull};

    fn found(text: &str) -> Vec<(String, Vec<String>, bool)> {
        let words = words::split(text, &[]);
        let show = |range: &Range<usize>| hull(&words, range.clone()).of(text).to_owned();
        namings(text, &words)
            .iter()
            .map(|naming| (show(&naming.name), naming.titles.iter().map(show).collect(), naming.strong))
            .collect()
    }

    fn first(text: &str) -> (String, Vec<String>) {
        let mut all = found(text);
        let (name, titles, _) = all.remove(0);
        (name, titles)
    }

    #[test]
    fn titles_before_names() {
        let check = |text: &str, name: &str, title: &str| {
            assert_eq!(first(text), (name.to_owned(), vec![title.to_owned()]), "{text}");
        };
        check(
            "the Chinese Foreign Ministry spokesman Tang Ruiming said",
            "Tang Ruiming",
            "Chinese Foreign Ministry spokesman",
        );
        check("US Secretary of State Ruth Halloran said", "Ruth Halloran", "US Secretary of State");
        check("ministry spokeswoman Gu Xinran said", "Gu Xinran", "ministry spokeswoman");
        assert!(first("the chief minister of Laos's Punjab left").1.is_empty());
        check("the Deputy Dean Ruiz said", "Ruiz", "Deputy Dean");
        assert_eq!(found("“No.” Said Ben Hargrove: “Yes.”")[0].0, "Ben Hargrove");
        check("Representative Earl Cottrell said", "Earl Cottrell", "Representative");
        check("the minister Said bin Nasser al-Hinai said", "Said bin Nasser al-Hinai", "minister");
        check("U.S. Treasury Secretary Douglas Prewitt said", "Douglas Prewitt", "U.S. Treasury Secretary");
    }

    #[test]
    fn appositions() {
        assert_eq!(first("Wen Hui, a former diplomat, said").1, ["a former diplomat"]);
        let met = first("He met China's ambassador to Laos, Wen Hui, there");
        assert_eq!(met, ("Wen Hui".to_owned(), vec!["China's ambassador to Laos".to_owned()]));
        assert!(found("Wen Hui, Ana Ruiz and Bo Lind met").iter().all(|naming| naming.1.is_empty()));
        assert!(found("Wen Hui, Foreign Minister Ana Ruiz and Bo Lind met")[0].1.is_empty());
        assert_eq!(first("Wen is Chinese state councilor and foreign minister.").1.len(), 1);
    }

    #[test]
    fn no_names() {
        assert!(found("Officially, they left.").is_empty());
        assert_eq!(first("MK Ana Ruiz said").0, "Ana Ruiz");
        assert_eq!(first("“We lost,” Connolly, the coach, said").0, "Connolly");
        assert!(found("The Prime Minister said on Monday that it rained.").is_empty());
        assert!(!found("The Carver Institute met.")[0].2);
    }
}
