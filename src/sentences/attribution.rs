//! Attributions that follow a quotation's own stop: `“Why now?” Mr. Wen asked.`

/// Words looked at before the verb; longer names are rare.
const LONGEST_NAME: usize = 9;

/// Whether `rest`, what follows a closing quotation mark, is a name with a reporting verb and no words of
/// its own after it, so that the quotation's "?" or "!" does not end the sentence.
///
/// Takes `Foreign Minister Wen Hao asked at a briefing.` after `“Why now?”`; not `Wen said he would go.`,
/// `The minister said so.` (in an attribution "the" is small) or `Wen left.`
pub(super) fn said_by_name(rest: &str) -> bool {
    // Bounded, so that a word without end costs nothing.
    let mut words = ahead(rest, 400).split_whitespace().map(|word| ahead(word, 40));
    for place in 0..LONGEST_NAME {
        let Some(word) = words.next() else { return false };
        let bare = word.trim_end_matches([',', '.', ';', ':', '!', '?']);
        if 0 < place && is_reporting_verb(bare) {
            return bare.len() < word.len() || adds_no_clause(words);
        }
        let named = word.starts_with(char::is_uppercase) || 0 < place && is_particle(bare);
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
        let clause = matches!(
            word,
            "that"
                | "he"
                | "she"
                | "it"
                | "they"
                | "we"
                | "I"
                | "there"
                | "his"
                | "her"
                | "their"
                | "if"
                | "whether"
                | "no"
                | "not"
                | "to"
        );
        if clause {
            return false;
        }
        if word.ends_with([',', '.', ';', ':', '!', '?']) {
            return true;
        }
    }
    true
}

fn is_reporting_verb(word: &str) -> bool {
    matches!(
        word,
        "said"
            | "says"
            | "asked"
            | "asks"
            | "added"
            | "adds"
            | "replied"
            | "replies"
            | "told"
            | "tells"
            | "wrote"
            | "writes"
            | "tweeted"
            | "shouted"
            | "responded"
            | "exclaimed"
            | "quipped"
            | "joked"
            | "demanded"
            | "wondered"
            | "continued"
            | "recalled"
            | "declared"
            | "concluded"
            | "remarked"
    )
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "of" | "the"
            | "and"
            | "for"
            | "de"
            | "da"
            | "di"
            | "du"
            | "van"
            | "von"
            | "der"
            | "bin"
            | "al"
            | "el"
            | "la"
    )
}

fn ahead(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
