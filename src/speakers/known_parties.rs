//! Parties that news name by a word or a letter: "Republicans", "(D-Mich.)", "the Labour leader".

use super::words::{Gap, Word};

/// The party that a word names or puts its bearer in: "Republican of |Ohio" → "Republican Party", "(D-Mich.)".
///
/// Must not take "Democratic Republic", "Labour Minister", "Democratic Progressive Party", "Social Democrat".
pub(super) fn party_at(words: &[Word], at: usize) -> Option<&'static str> {
    let word = &words[at];
    if !word.capital {
        return None;
    }
    let rest = &words[at + 1..];
    let next = rest.first().filter(|word| word.gap == Gap::Space).map_or("", |word| word.folded.as_str());
    let before = at.checked_sub(1).filter(|_| word.gap == Gap::Space).map(|before| &words[before]);
    let other = before.is_some_and(|before| {
        before.capital
            && matches!(
                before.folded.as_str(),
                "christian" | "social" | "liberal" | "free" | "progressive" | "national" | "new" | "united"
            )
    });
    // Part of another party's name.
    let longer = || {
        let name = rest.iter().take(3).take_while(|word| word.capital && word.gap == Gap::Space);
        let parts = |word: &str| matches!(word, "party" | "front" | "alliance" | "movement" | "coalition");
        name.skip(1).any(|word| parts(&word.folded))
            || matches!(
                next,
                "unionist"
                    | "unionists"
                    | "people's"
                    | "progressive"
                    | "left"
                    | "right"
                    | "alliance"
                    | "rampart"
                    | "pole"
                    | "action"
                    | "renewal"
                    | "unity"
                    | "bloc"
                    | "list"
                    | "change"
                    | "future"
                    | "convergence"
                    | "forum"
                    | "reform"
            )
    };
    let office = matches!(
        next,
        "minister"
            | "ministry"
            | "secretary"
            | "department"
            | "court"
            | "organisation"
            | "organization"
            | "day"
            | "relations"
            | "board"
            | "federation"
            | "statistics"
    );
    match word.folded.as_str() {
        "republican" | "republicans" if longer() => None,
        "republican" | "republicans" | "gop" => Some("Republican Party"),
        "democratic" if matches!(next, "republic" | "forces" | "union") || longer() => None,
        "democrat" | "democrats" | "democratic" if !other => Some("Democratic Party"),
        "conservative" | "conservatives" | "tory" | "tories" if !longer() => Some("Conservative Party"),
        "labour" if !office => Some("Labour Party"),
        "labor" if !office => Some("Labor Party"),
        "liberal" | "liberals" if next.starts_with("democrat") => None,
        "liberal" | "liberals" if !longer() => Some("Liberal Party"),
        "greens" => Some("Green Party"),
        short if short.len() > 3 && short.starts_with("r-") => Some("Republican Party"),
        short if short.len() > 3 && short.starts_with("d-") => Some("Democratic Party"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::words;

    #[test]
    fn parties() {
        let named = |title: &str| {
            let words = words::split(title, &[]);
            (0..words.len()).find_map(|at| party_at(&words, at))
        };
        assert_eq!(named("a Republican of Ohio"), Some("Republican Party"));
        assert_eq!(named("Sen. Ana Ruiz, D-Mich."), Some("Democratic Party"));
        assert_eq!(named("the Labour leader"), Some("Labour Party"));
        assert_eq!(named("the Labour Minister"), None);
        assert_eq!(named("the Democratic Republic of Congo"), None);
        assert_eq!(named("the Democratic Progressive Party whip"), None);
        assert_eq!(named("a Christian Democrat"), None);
        assert_eq!(named("Senator Ana Ruiz of the Democratic Rampart"), None);
        assert_eq!(named("the Republican People's Party"), None);
        assert_eq!(named("a liberal and a republican"), None, "small letters name convictions");
    }
}
