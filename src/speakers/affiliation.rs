//! Bodies below states that a person speaks for: a party, a company, a union, the opposition.

use std::ops::Range;

use super::countries;
use super::known_parties;
use super::lexicon;
use super::side;
use super::words::{Gap, Word};

/// Whether a body reports or studies and speaks for nobody: a newspaper, a think tank, a university.
pub(super) fn is_observer(name: &[Word]) -> bool {
    name.iter().any(|word| {
        matches!(
            word.folded.as_str(),
            "daily"
                | "times"
                | "post"
                | "news"
                | "herald"
                | "tribune"
                | "gazette"
                | "courier"
                | "guardian"
                | "journal"
                | "weekly"
                | "mirror"
                | "ledger"
                | "lantern"
                | "chronicle"
                | "observer"
                | "outlook"
                | "press"
                | "newspaper"
                | "paper"
                | "papers"
                | "tabloid"
                | "magazine"
                | "broadcaster"
                | "television"
                | "tv"
                | "radio"
                | "reuters"
                | "xinhua"
                | "institute"
                | "institut"
                | "institution"
                | "university"
                | "college"
                | "school"
                | "academy"
                | "centre"
                | "center"
                | "observatory"
                | "think"
                | "circle"
                | "studies"
                | "policy"
                | "report"
                | "records"
        )
    })
}

/// Whether a body with a name of its own speaks for itself, whatever country its name tells: "the Kenya Railways Corporation", "the
/// Supreme Court of Lind"; not "the National Security Council".
///
/// The nouns are those whose bodies are their own side in nine of ten annotated statements (`models/train/data`).
pub(super) fn has_own_voice(name: &[Word]) -> bool {
    let link = |word: &Word| !word.capital && !matches!(word.folded.as_str(), "and" | "the" | "&");
    let main = &name[..name.iter().position(link).unwrap_or(name.len())];
    let Some(head) = main.last() else { return false };
    let of_state = |word: &Word| {
        matches!(
            word.folded.as_str(),
            "affairs"
                | "security"
                | "state"
                | "ministers"
                | "military"
                | "revolutionary"
                | "ministry"
                | "government"
        )
    };
    1 < name.len()
        && !head.possessive
        && !is_observer(name)
        && main.iter().all(|word| word.capital)
        && !main.iter().any(of_state)
        && matches!(
            head.folded.as_str(),
            "union"
                | "unions"
                | "association"
                | "federation"
                | "confederation"
                | "chamber"
                | "league"
                | "front"
                | "alliance"
                | "community"
                | "forum"
                | "guild"
                | "cooperative"
                | "syndicate"
                | "society"
                | "coalition"
                | "network"
                | "movement"
                | "brotherhood"
                | "congress"
                | "conference"
                | "club"
                | "growers"
                | "trust"
                | "fund"
                | "foundation"
                | "bank"
                | "corporation"
                | "group"
                | "petroleum"
                | "energy"
                | "steel"
                | "motors"
                | "shipping"
                | "airlines"
                | "council"
                | "court"
                | "tribunal"
                | "board"
        )
}

/// Whether a body stands up for its members: a union of growers, a forum of hoteliers.
pub(super) fn is_guild(name: &[Word]) -> bool {
    name.iter().any(|word| {
        matches!(
            word.folded.as_str(),
            "union"
                | "federation"
                | "cooperative"
                | "syndicate"
                | "forum"
                | "association"
                | "inhabitants"
                | "club"
        )
    })
}

/// Whether a body that may be called after a country is one of members, whose officers speak for it and not for the country: "the
/// Danish Union of Teachers"; not "the European Union".
pub(super) fn is_membership(name: &[Word]) -> bool {
    let whole = countries::find(name, 0).is_some_and(|found| found.len == name.len());
    let members = name.iter().any(|word| {
        matches!(
            word.folded.as_str(),
            "league" | "chamber" | "alliance" | "front" | "movement" | "guild" | "growers"
        )
    });
    !whole && has_own_voice(name) && (members || is_guild(name))
}

/// Whether a description or title puts its bearer into the opposition: "an |opposition lawmaker", "the shadow
/// minister"; not "the former opposition leader".
pub(super) fn is_opposition(words: &[Word]) -> bool {
    let former = words.iter().any(|word| matches!(word.folded.as_str(), "former" | "ex"));
    !former && words.iter().any(|word| matches!(word.folded.as_str(), "opposition" | "shadow"))
}

/// The body that a title or clause joins its bearer with: "head of the |Reed Cutters' Union|", "for |Lindfors
/// Air|", "premier of |Lindland|"; not the portfolio of "minister of |Agriculture|", nor what an analyst works
/// at.
pub(super) fn of_title(words: &[Word], title: Range<usize>) -> Option<Range<usize>> {
    let independent = |at: usize| side::is_independent(&words[at].folded);
    let mut at = title.start;
    while at < title.end {
        let link = words[at].folded.as_str();
        let links = matches!(link, "of" | "for" | "with") || (link == "at" && at == title.start);
        let legislates = title.clone().take_while(|&role| role < at).any(|role| {
            matches!(words[role].folded.as_str(), "member" | "mp" | "legislator" | "senator" | "deputy")
        });
        let free = (title.start..at).any(independent) && link != "for";
        // "who leads the Forum |for| Lind Schools": the link is in the name.
        let office = (title.start..at)
            .any(|at| lexicon::is_role(&words[at].folded) || lexicon::rank(&words[at].folded).is_some());
        let inside = !office && title.start < at && words[at - 1].capital;
        let other = inside || free || legislates && link == "for";
        if links && !other {
            return body(words, at + 1, title.end);
        }
        at += 1;
    }
    if let Some(led) = led(words, title.clone()) {
        return Some(led);
    }
    // "the Front, which he leads", "who runs |the Lind Line|": a clause without a role noun
    let roles = title
        .clone()
        .any(|at| lexicon::is_role(&words[at].folded) || lexicon::rank(&words[at].folded).is_some());
    if roles { None } else { body(words, title.start, title.end) }
}

/// The body before an office in it: "|Lind Athletics| president"; not "|Foreign| Minister", "CDC director", who
/// may speak for his country.
fn led(words: &[Word], title: Range<usize>) -> Option<Range<usize>> {
    let office = |at: &usize| {
        matches!(
            words[*at].folded.as_str(),
            "president"
                | "chairman"
                | "chairwoman"
                | "chairperson"
                | "chair"
                | "chief"
                | "director"
                | "manager"
                | "spokesman"
                | "spokeswoman"
                | "spokesperson"
                | "leader"
                | "founder"
                | "ceo"
                | "head"
                | "executive"
                | "coordinator"
                | "economist"
        )
    };
    let head = title.clone().find(office).filter(|&head| !words[head].possessive)?;
    let small = words[title.start..head].iter().rev().take_while(|word| !word.capital).count();
    let end = head - small;
    let capital = |word: &&Word| word.capital && !word.is_function() && !lexicon::is_role(&word.folded);
    let start = end - words[title.start..end].iter().rev().take_while(capital).count();
    let name = start..end;
    let plain = small <= 2 && words[end..head].iter().all(|word| lexicon::is_modifier(&word.folded));
    let partisan = name.clone().any(|at| known_parties::party_at(words, at).is_some());
    let named = 1 < name.len() && !partisan;
    let joined = words[name.clone()].iter().skip(1).all(|word| word.gap == Gap::Space);
    (plain && named && joined).then(|| body(words, start, end)).flatten()
}

/// The body named in these words: capitals, or a union or party in small letters.
fn body(words: &[Word], start: usize, end: usize) -> Option<Range<usize>> {
    let start = start + usize::from(words.get(start).is_some_and(|word| word.folded == "the"));
    // "the |ruling nationalist| Reform Front"
    let adjective =
        |word: &&Word| !word.capital && !word.is_function() && !word.possessive && word.gap == Gap::Space;
    let row = words.get(start..end)?;
    let small = row.iter().take(3).take_while(adjective).count();
    let named = row.get(small).is_some_and(|word| word.capital && word.gap == Gap::Space);
    let start = if named { start + small } else { start };
    let joins = |at: usize| {
        at == start
            || words[at].folded == "for"
                && words[at - 1].capital
                && words.get(at + 1).is_some_and(|next| next.capital)
            || (words[at].gap == Gap::Space
                && !matches!(
                    words[at].folded.as_str(),
                    "in" | "who"
                        | "and"
                        | "from"
                        | "at"
                        | "since"
                        | "on"
                        | "for"
                        | "said"
                        | "told"
                        | "is"
                        | "was"
                ))
    };
    let mut stop = (start..end).take_while(|&at| joins(at)).count() + start;
    // "of the Ruiz |campaign|", where the title ends with the name
    let campaign = |word: &Word| word.folded == "campaign" && word.gap == Gap::Space;
    if start < stop && words.get(stop).is_some_and(campaign) {
        stop += 1;
    }
    let name = start..stop;
    let row = words.get(name.clone()).filter(|row| !row.is_empty())?;
    let small = row.iter().any(|word| {
        matches!(
            word.folded.as_str(),
            "union"
                | "cooperative"
                | "association"
                | "federation"
                | "party"
                | "syndicate"
                | "board"
                | "societies"
                | "network"
                | "league"
                | "guild"
                | "owners"
                | "campaign"
        )
    });
    let capitals =
        row.iter().all(|word| word.capital || matches!(word.folded.as_str(), "of" | "and" | "the" | "for"));
    let portfolio = row.iter().all(|word| {
        lexicon::is_modifier(&word.folded) || matches!(word.folded.as_str(), "of" | "and" | "the" | "affairs")
    });
    let placed = !is_membership(row) && !countries::all(words, name.clone()).is_empty();
    let own = (small || capitals && row[0].capital) && !portfolio && !placed;
    // The "Union of Local |Government| Employees" is no government.
    let main =
        row.iter().position(|word| word.folded == "of").filter(|_| is_membership(row)).unwrap_or(row.len());
    (own && !side::is_public(&row[..main]) && !is_observer(row)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::words::{self, hull};

    fn joined(title: &str) -> Option<String> {
        let words = words::split(title, &[]);
        of_title(&words, 0..words.len()).map(|body| hull(&words, body).of(title).to_owned())
    }

    #[test]
    fn offices_in_bodies() {
        assert_eq!(joined("president of the Reed Cutters' Union").as_deref(), Some("Reed Cutters' Union"));
        assert_eq!(joined("head of the ferrymen's union").as_deref(), Some("ferrymen's union"));
        assert_eq!(joined("for the Lindland Beach Network").as_deref(), Some("Lindland Beach Network"));
        assert_eq!(joined("premier of Lindland").as_deref(), Some("Lindland"));
        assert_eq!(
            joined("head of the Danish Union of Teachers").as_deref(),
            Some("Danish Union of Teachers")
        );
        assert_eq!(joined("of the Ruiz campaign").as_deref(), Some("Ruiz campaign"));
        assert_eq!(joined("envoy of the European Union"), None, "a side of its own already");
        assert_eq!(joined("Lind Athletics president").as_deref(), Some("Lind Athletics"));
        assert_eq!(joined("whip of the ruling United Front").as_deref(), Some("United Front"));
        let union = "Union of Government Employees";
        assert_eq!(joined("chair of the Union of Government Employees").as_deref(), Some(union));
    }

    #[test]
    fn bodies_that_speak_for_themselves() {
        let own = |name: &str| has_own_voice(&words::split(name, &[]));
        assert!(own("Kenya Railways Corporation") && own("Lind Council of Elders") && own("Supreme Court"));
        assert!(!own("National Security Council") && !own("Lind Foreign Ministry") && !own("union"));
        assert!(
            !own("Mainland Affairs Council") && !own("Lind Policy Forum") && !own("Reed Union's mission")
        );
        assert!(!own("Lind delegation to the Reed Union"), "its head is the delegation");
    }

    #[test]
    fn offices_without_a_body() {
        assert_eq!(joined("minister of Agriculture"), None, "a portfolio");
        assert_eq!(joined("historian at the Lind Archive"), None, "what a scholar works at");
        assert_eq!(joined("director of the Lind Institute"), None, "it studies and takes no side");
        assert_eq!(joined("legislator for Lindfors North"), None, "whom he stands for, not the party");
        assert_eq!(joined("Gen"), None, "a rank");
        assert_eq!(joined("Lind Institute director"), None, "it studies and takes no side");
        assert_eq!(joined("House Democratic leader"), None, "a party's");
    }

    #[test]
    fn opposition() {
        let is = |title: &str| is_opposition(&words::split(title, &[]));
        assert!(is("an opposition lawmaker") && is("the shadow trade minister"));
        assert!(!is("the former opposition leader") && !is("the trade minister"));
    }
}
