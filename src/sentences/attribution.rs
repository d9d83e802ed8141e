//! Attributions that follow a quotation's own stop: `“Why now?” Mr. Wen asked.`

/// Words looked at before the verb; longer names are rare.
const LONGEST_NAME: usize = 9;

/// Whether `rest`, the few hundred bytes after a closing quotation mark, is a name with a reporting verb and
/// no words of its own, so that the quotation's "?" or "!" does not end the sentence.
///
/// Takes `Foreign Minister Wen Hao asked at a briefing.` after `“Why now?”`; not `Wen said he would go.`,
/// `The minister said so.` (in an attribution "the" is small) or `Wen left.`
pub(super) fn said_by_name(rest: &str) -> bool {
    let mut words = rest.split_whitespace();
    for place in 0..LONGEST_NAME {
        let Some(word) = words.next() else { return false };
        let bare = word.trim_end_matches([',', '.', ';', ':', '!', '?']);
        if 0 < place && REPORTING_VERBS.contains(&bare) {
            return bare.len() < word.len() || adds_no_clause(words);
        }
        let named = word.starts_with(char::is_uppercase) || 0 < place && PARTICLES.contains(&bare);
        let opens = place == 0 && super::abbreviations::opens_sentence(bare);
        let ends = bare.len() < word.len() && !word.ends_with('.') && !word.ends_with(',');
        if !named || opens || ends {
            return false;
        }
    }
    false
}

/// Whether nothing that starts a clause stands before the next mark.
fn adds_no_clause<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    for word in words.take(8) {
        if CLAUSE_OPENERS.contains(&word) {
            return false;
        }
        if word.ends_with([',', '.', ';', ':', '!', '?']) {
            return true;
        }
    }
    true
}

/// Words that start what the speaker reports rather than what was quoted.
#[rustfmt::skip]
const CLAUSE_OPENERS: [&str; 16] = [
    "that", "he", "she", "it", "they", "we", "I", "there", "his", "her", "their", "if", "whether",
    "no", "not", "to",
];

/// Verbs that follow a quotation and its speaker.
#[rustfmt::skip]
const REPORTING_VERBS: [&str; 25] = [
    "said", "says", "asked", "asks", "added", "adds", "replied", "replies", "told", "tells",
    "wrote", "writes", "tweeted", "shouted", "responded", "exclaimed", "quipped", "joked",
    "demanded", "wondered", "continued", "recalled", "declared", "concluded", "remarked",
];

/// Small words inside names and offices: "Minister of Trade", "Ana da Costa".
#[rustfmt::skip]
const PARTICLES: [&str; 15] = [
    "of", "the", "and", "for", "de", "da", "di", "du", "van", "von", "der", "bin", "al", "el", "la",
];

#[cfg(test)]
mod tests {
    use super::said_by_name;

    #[test]
    fn a_name_and_a_reporting_verb_go_on() {
        for rest in
            ["Wen asked.", "Mr. Tarn replied, smiling", "Minister of Trade Ana da Costa told reporters."]
        {
            assert!(said_by_name(rest), "{rest}");
        }
        for rest in
            ["Wen said he would go.", "The minister said so.", "Wen left.", "Wen! Tarn said.", "Said", ""]
        {
            assert!(!said_by_name(rest), "{rest}");
        }
    }
}
