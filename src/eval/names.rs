//! Whether two names are the same, for scoring.

/// Words before a name that do not make it another name.
const TITLES: &str = "the mr mrs ms dr prof professor sir dame lord lady president prime minister premier \
    chancellor secretary ambassador senator sen rep representative congressman congresswoman governor gov \
    general gen colonel col admiral adm captain judge justice king queen prince princess pope foreign \
    defence defense trade deputy vice spokesman spokeswoman spokesperson";

/// Whether two names are equal but for case, the kind of apostrophe, white space and leading "the" or
/// titles: "the European Commission" and "European Commission", "Mr. Okoro" and "Okoro"; not "Okoro" and
/// "Ada Okoro".
pub fn are_same(a: &str, b: &str) -> bool {
    normal(a) == normal(b)
}

fn normal(name: &str) -> String {
    let lower = name.to_lowercase().replace('’', "'");
    let mut words: Vec<&str> = lower.split_whitespace().collect();
    while let [first, _, ..] = words.as_slice() {
        if !is_title(first) {
            break;
        }
        words.remove(0);
    }
    words.join(" ")
}

fn is_title(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    TITLES.split_whitespace().any(|title| title == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_titles_do_not_matter() {
        assert!(are_same("The Harbour Board", "Harbour Board"));
        assert!(are_same("Prime Minister Ada Okoro", "ada okoro"));
        assert!(are_same("the minister", "Minister"));
    }

    #[test]
    fn a_surname_is_not_a_full_name() {
        assert!(!are_same("Okoro", "Ada Okoro"));
        assert!(!are_same("", "Ada Okoro"));
        assert!(are_same("", ""));
    }
}
