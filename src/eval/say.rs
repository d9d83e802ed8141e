//! Plain saying verbs: the cues whose recall `Rsay` measures.

use super::page::is_alphanumeric;

/// Forms that count as plain saying; the list of `tools/score_relations.py`, spelt out.
const FORMS: &str = "said say says saying told tell tells telling add adds added adding state states stated \
    stating announce announces announced announcing warn warns warned warning insist insists insisted \
    insisting argue argues argued arguing claim claims claimed claiming notes noted noting report \
    reports reported reporting explain explains explained explaining suggest suggests suggested suggesting \
    acknowledge acknowledges acknowledged acknowledging admit admits admitted admitting deny denies denied \
    denying declare declares declared declaring reply replies replied replying respond responds responded \
    responding write writes wrote written writing tweet tweets tweeted tweeting stress stresses stressed stressing \
    confirm confirms confirmed confirming vow vows vowed vowing pledge pledges pledged pledging concede \
    concedes conceded conceding reiterate reiterates reiterated reiterating assert asserts asserted asserting \
    contend contends contended contending";

/// Whether a cue holds a plain saying verb or "according to".
pub fn is_plain_saying(cue: &str) -> bool {
    let lower = cue.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| c != '_' && !is_alphanumeric(c)).collect();
    // One space between the two words leaves no empty word between them.
    let according = lower.split("according to").collect::<Vec<_>>().windows(2).any(|around| {
        let joins = |c: Option<char>| c.is_some_and(|c| c == '_' || is_alphanumeric(c));
        !joins(around[0].chars().next_back()) && !joins(around[1].chars().next())
    });
    according
        || words.iter().any(|word| !word.is_empty() && FORMS.split_whitespace().any(|form| form == *word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saying_verbs_stand_as_whole_words() {
        assert!(
            is_plain_saying("Said") && is_plain_saying("has repeatedly warned,") && is_plain_saying("write")
        );
        assert!(!is_plain_saying("unsaid") && !is_plain_saying("believes") && !is_plain_saying("note"));
    }

    #[test]
    fn according_to_is_two_words() {
        assert!(is_plain_saying("according to") && is_plain_saying("According to,"));
        assert!(!is_plain_saying("according") && !is_plain_saying("according  to"));
        assert!(!is_plain_saying("according tomorrow") && !is_plain_saying(""));
    }
}
