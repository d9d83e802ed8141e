//! Whether two names are the same, for scoring.

/// Offices and forms of address before a name.
const OFFICES: &str = "mr mrs ms dr prof professor sir dame lord lady president minister premier chancellor \
    secretary ambassador senator sen rep representative congressman congresswoman governor gov general gen \
    colonel col admiral adm captain judge justice king queen prince princess pope spokesman spokeswoman \
    spokesperson";

/// Words that make an office more precise.
const PRECISIONS: &str = "prime foreign defence defense trade deputy vice former";

/// Whether two names are equal but for case, the kind of apostrophe, white space and a leading "the" or
/// title: "the European Commission" and "European Commission", "Mr. Okoro" and "Okoro"; not "Okoro" and
/// "Ada Okoro".
pub fn are_same(a: &str, b: &str) -> bool {
    normal(a) == normal(b)
}

/// Whether two sides are the same: joined ones in any order, a country by any of its names. Takes "Norway and
/// Peru" for "Peru and Norway", "Türkiye" for "Turkey"; not "Peru" for "Peru and Norway".
pub fn are_same_sides(a: &str, b: &str) -> bool {
    let parts = |sides: &str| {
        let commas = sides.replace(" and ", ", ");
        let mut parts: Vec<String> =
            commas.split(", ").map(|side| normal(&crate::speakers::country(side))).collect();
        parts.sort();
        parts
    };
    parts(a) == parts(b)
}

fn normal(name: &str) -> String {
    let lower = name.to_lowercase().replace('’', "'");
    let words: Vec<&str> = lower.split_whitespace().collect();
    without_title(without_article(&words)).join(" ")
}

fn without_article<'w, 'n>(words: &'w [&'n str]) -> &'w [&'n str] {
    match words {
        ["the", rest @ ..] if !rest.is_empty() => rest,
        _ => words,
    }
}

/// Leaves out everything up to the last office of the words before the name, but never all of it.
/// Takes "Deputy Foreign Minister Okoro"; must not take "Foreign Ministry", which names no office.
fn without_title<'w, 'n>(words: &'w [&'n str]) -> &'w [&'n str] {
    let is = |word: &str, list: &str| list.split(' ').any(|w| w == word.trim_end_matches('.'));
    let title = words.iter().take_while(|word| is(word, OFFICES) || is(word, PRECISIONS)).count();
    let offices = words[..title].iter().rposition(|word| is(word, OFFICES)).map_or(0, |last| last + 1);
    if offices < words.len() { &words[offices..] } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_titles_do_not_matter() {
        assert!(are_same("The Harbour Board", "Harbour Board"));
        assert!(are_same("Prime Minister Ada Okoro", "ada okoro"));
        assert!(are_same("the deputy foreign minister", "Deputy Foreign Minister"));
        assert!(are_same("former Sen. Okoro", "Okoro"));
    }

    #[test]
    fn what_makes_an_institution_is_no_title() {
        assert!(!are_same("Foreign Ministry", "Trade Ministry"));
        assert!(!are_same("Trade Minister", "Foreign Minister"));
    }

    #[test]
    fn sides_are_sets_of_countries() {
        assert!(are_same_sides("Norway and Peru", "Peru and Norway"));
        assert!(are_same_sides("Norway, Peru and Chile", "Chile, Norway, Peru"));
        assert!(are_same_sides("Türkiye", "Turkey"));
        assert!(!are_same_sides("Peru", "Norway and Peru"));
        assert!(!are_same_sides("Harbour Board", ""));
    }

    #[test]
    fn a_surname_is_not_a_full_name() {
        assert!(!are_same("Okoro", "Ada Okoro"));
        assert!(!are_same("", "Ada Okoro"));
        assert!(are_same("", ""));
    }
}
