//! Worked cases with invented people, and properties over arbitrary text.

use super::*;
use crate::quotes::Kind;
use crate::{paragraphs, sentences};

/// Reads a text in which `[…]` marks the content of a statement and `{…}` the words that stand for its speaker,
/// the n-th mention belonging to the n-th content; `{}` stands for no mention. Brackets are taken out.
fn read(marked: &str) -> (String, Vec<Quote>) {
    let mut text = String::new();
    let (mut contents, mut mentions, mut open) = (Vec::new(), Vec::new(), 0);
    for c in marked.chars() {
        match c {
            '[' | '{' => open = text.len(),
            ']' => contents.push(Span::new(open, text.len())),
            '}' => mentions.push(Some(Span::new(open, text.len())).filter(|span| !span.is_empty())),
            c => text.push(c),
        }
    }
    assert_eq!(contents.len(), mentions.len(), "{marked}");
    let quote = |(content, mention)| Quote {
        content: vec![content],
        kind: Kind::Direct,
        cue: None,
        mention,
        confidence: 1.0,
        basis: String::new(),
    };
    let quotes = contents.into_iter().zip(mentions).map(quote).collect();
    (text, quotes)
}

/// Cuts at full stops followed by a blank and a capital, and at line ends: enough for these cases, whatever the
/// real splitter does.
fn cut(text: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let abbreviation =
            ["Gen", "Mr", "Ms", "Mrs", "Dr", "U.S"].iter().any(|short| text[..at].ends_with(short));
        let stop = c == '.'
            && rest.starts_with(' ')
            && rest[1..].starts_with(|c: char| c.is_uppercase() || c == '"');
        if c == '\n' || (stop && !abbreviation) {
            let end = at + c.len_utf8() + usize::from(stop);
            sentences.push(Sentence { span: Span::new(start, end) });
            start = end;
        }
    }
    sentences.push(Sentence { span: Span::new(start, text.len()) });
    sentences.retain(|sentence| !sentence.span.is_empty());
    sentences
}

fn speakers(marked: &str) -> Vec<Speaker> {
    let (text, quotes) = read(marked);
    attribute(&text, &paragraphs::split(&text), &cut(&text), &quotes, &[], &Reading::default())
}

fn names(marked: &str) -> Vec<String> {
    speakers(marked).into_iter().map(|speaker| speaker.name).collect()
}

#[test]
fn a_surname_stands_for_the_full_name_whatever_the_order() {
    assert_eq!(
        names(
            "Foreign Minister Wen Haoran met Ruth Halloran. [\"Yes,\"] {Wen} said. [\"No,\"] {Halloran} said."
        ),
        ["Wen Haoran", "Ruth Halloran"]
    );
}

#[test]
fn a_name_may_follow_its_first_quote() {
    assert_eq!(
        names("[\"It rains,\"] {Ruiz} said. Ana Ruiz, a former diplomat, lives in Quito."),
        ["Ana Ruiz"]
    );
}

#[test]
fn titles_are_no_part_of_the_name() {
    let all = speakers(
        "[\"Yes,\"] said {US Secretary of State Ruth Halloran}. [\"No,\"] {ministry spokeswoman Gu Xinran} said.",
    );
    assert_eq!(all[0].name, "Ruth Halloran");
    assert_eq!(all[0].role, "US Secretary of State");
    assert_eq!(all[0].side, "United States");
    assert_eq!(all[1].name, "Gu Xinran");
    assert_eq!(all[1].role, "ministry spokeswoman");
}

#[test]
fn an_office_stands_for_whoever_holds_it() {
    assert_eq!(
        names(
            "Chinese Foreign Minister Wen Haoran received US Secretary of State Ruth Halloran. {The Chinese foreign minister} \
             said [it was late]. {The US secretary of state} said [it was early]. {The minister} said [so]."
        ),
        ["Wen Haoran", "Ruth Halloran", "Wen Haoran"]
    );
}

#[test]
fn the_ambassador_is_whoever_is_called_so() {
    let all = speakers(
        "Speaking in Vientiane, {Cui Hanwen, China's ambassador to Laos}, said [it was hot]. [\"Very hot,\"] {the ambassador} \
         said. [\"Boiling,\"] {he} said.",
    );
    assert!(all.iter().all(|speaker| speaker.name == "Cui Hanwen" && speaker.side == "China"), "{all:?}");
    assert!(all.iter().all(|speaker| speaker.role == "China's ambassador to Laos"), "{all:?}");
}

#[test]
fn pronouns_follow_the_last_speaker_of_their_gender() {
    assert_eq!(
        names(
            "Ms. Adeyemi met Mr. Lindqvist in Oslo. [\"Fine,\"] {Adeyemi} said. [\"Good,\"] {she} added. [\"Bad,\"] \
             {Lindqvist} said. [\"Worse,\"] {he} added. [\"Enough,\"] {she} said."
        ),
        ["Adeyemi", "Adeyemi", "Lindqvist", "Lindqvist", "Adeyemi"]
    );
}

#[test]
fn an_anonymous_official_is_never_a_minister() {
    let all = speakers(
        "Foreign Minister Ana Ruiz flew home. [\"We will see,\"] said {the official}, who asked not to be named. {A senior \
         official} said [no]. {The official} said [yes].",
    );
    assert_eq!(all[0].kind, SpeakerType::Unnamed);
    assert_eq!(all[0].name, "the official");
    assert_eq!(all[1].kind, SpeakerType::Unnamed);
    assert_eq!(all[2].kind, SpeakerType::Unnamed);
    assert!(all.iter().all(|speaker| speaker.name != "Ana Ruiz"));
}

#[test]
fn bodies_countries_and_groups_speak_for_themselves() {
    let all = speakers(
        "{The Chinese Foreign Ministry} said [no]. {Beijing} said [no]. {U.S. officials} said [maybe]. {Reuters} said [so]. \
         {It} said [more].",
    );
    let shown: Vec<(&str, SpeakerType, &str)> =
        all.iter().map(|speaker| (speaker.name.as_str(), speaker.kind, speaker.side.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("Chinese Foreign Ministry", SpeakerType::Organisation, "China"),
            ("Beijing", SpeakerType::Country, "China"),
            ("U.S. officials", SpeakerType::Group, "United States"),
            ("Reuters", SpeakerType::Organisation, ""),
            ("Reuters", SpeakerType::Organisation, ""),
        ]
    );
}

#[test]
fn two_people_of_one_surname_stay_apart() {
    assert_eq!(
        names(
            "Trade Minister Angus Pell met the opposition's Colin Pell, a retired judge. {Minister Pell} said [yes]. \
             {The retired judge} said [no]."
        ),
        ["Angus Pell", "Colin Pell"]
    );
}

#[test]
fn a_quotation_that_runs_on_keeps_its_speaker() {
    assert_eq!(
        names(
            "[\"We came,\"] {Ana Ruiz} said.\n[\"We saw.\"]{}\nThe town slept.\nBells rang.\n[Nobody came.]{}"
        ),
        ["Ana Ruiz", "Ana Ruiz", ""]
    );
}

#[test]
fn spelling_slips_and_accents_are_one_person() {
    assert_eq!(
        names("Anthony Halloran came. [Yes], {Antony Halloran} said. José Peña came. [No], {Pena} said."),
        ["Anthony Halloran", "José Peña"]
    );
}

#[test]
fn the_nets_mentions_say_where_a_name_ends() {
    use crate::reader::{Mention, MentionKind};
    let (text, quotes) = read("Bela Quick Slams Lima On Fish. [\"No,\"] {Quick} said.");
    let span = Span::new(0, "Bela Quick".len());
    let mention = Mention { kind: MentionKind::Person, span, confidence: 0.9 };
    let reading = Reading { mentions: vec![mention], ..Reading::default() };
    let got = attribute(&text, &paragraphs::split(&text), &cut(&text), &quotes, &[], &reading);
    assert_eq!(got[0].name, "Bela Quick");
}

/// The names of the speakers where the net calls these words of the text persons.
fn names_with_persons(marked: &str, persons: &[&str]) -> Vec<String> {
    use crate::reader::{Mention, MentionKind};
    let (text, quotes) = read(marked);
    let mut mentions: Vec<Mention> = Vec::new();
    for person in persons {
        for (start, found) in text.match_indices(person) {
            let span = Span::new(start, start + found.len());
            mentions.push(Mention { kind: MentionKind::Person, span, confidence: 0.9 });
        }
    }
    mentions.sort_by_key(|mention| mention.span.start);
    let reading = Reading { mentions, ..Reading::default() };
    let all = attribute(&text, &paragraphs::split(&text), &sentences::split(&text), &quotes, &[], &reading);
    all.into_iter().map(|speaker| speaker.name).collect()
}

#[test]
fn the_nets_mentions_neither_add_titles_nor_cut_first_names() {
    let text =
        "Begum Ana Ruiz met Karim Ben Salah. [\"No,\"] {Ruiz} said. [\"Yes,\"] {Karim Ben Salah} said.";
    assert_eq!(names_with_persons(text, &["Begum Ana Ruiz", "Ben Salah"]), ["Ana Ruiz", "Karim Ben Salah"]);
    let given = "[\"Yes,\"] {Don Lindfors} said.";
    assert_eq!(names_with_persons(given, &["Don Lindfors"]), ["Don Lindfors"]);
    let initials = "[\"No,\"] said {T. N. Ruiz, a pilot}.";
    assert_eq!(names_with_persons(initials, &["Ruiz"]), ["T. N. Ruiz"]);
}

#[test]
fn short_forms_and_bodies_are_no_persons() {
    let text = "{KLTV} said [no]. {The Reed Cutters' Union in} Lindfors said [so].";
    assert_eq!(names_with_persons(text, &["KLTV", "Reed Cutters' Union"]), ["KLTV", "Reed Cutters' Union"]);
}

#[test]
fn bodies_that_open_with_one_word_keep_their_order() {
    let text = "Halden Reed met.";
    let words = words::split(text, &[]);
    let mut long = scan::namings(text, &words).remove(0);
    long.body = true;
    let short = scan::Naming { name: long.name.start..long.name.start + 1, ..long.clone() };
    // Maps have another order each time.
    for _ in 0..32 {
        let mut cast = Cast::default();
        cast.others = vec![short.clone(), long.clone()];
        assert_eq!(cast.bodies(text, &words)[0].0, "Halden Reed");
    }
}

#[test]
fn an_office_in_the_name_of_a_body_governs_no_name() {
    assert_eq!(names("{Irish Institute in Laos Director Ana Ruiz} said [no]."), ["Ana Ruiz"]);
    assert_ne!(names("{The office in Laos of President Ana Ruiz} said [no]."), ["Ana Ruiz"]);
}

#[test]
fn names_behind_descriptions() {
    assert_eq!(names("{Its operator, Petrolind,} said [no]."), ["Petrolind"]);
    assert_eq!(
        names("{The other guest}, Foreign Minister Wen Hui, said [no]. {The guest}, Wen said, had [left]."),
        ["Wen Hui", "Wen Hui"]
    );
}

#[test]
fn the_former_general_is_whoever_commanded() {
    assert_eq!(
        names(
            "Juan Ortega, who once commanded a brigade, met Ana Ruiz. [\"No,\"] {Ruiz} said. [\"Yes,\"] {the former \
             general} said."
        ),
        ["Ana Ruiz", "Juan Ortega"]
    );
}

#[test]
fn the_united_states_are_no_pronoun() {
    let all = speakers("{The US} said [no].\nNobody came.\n[So it was.]{}");
    assert_eq!((all[0].name.as_str(), all[0].side.as_str()), ("US", "United States"));
    assert_eq!((all[1].kind, all[1].basis, all[1].confidence), (SpeakerType::None, "none", 0.5));
}

#[test]
fn posts_papers_and_editorials_by_their_names() {
    assert_eq!(
        names(
            "The Peruvian embassy in Oslo opened. {The Peruvian embassy} said [so]. {The Chilean embassy} said [no]."
        ),
        ["Peruvian embassy in Oslo", "Chilean embassy"]
    );
    assert_eq!(
        names("Many read the Urdu daily Roznama Sahar. {The newspaper} wrote [so]."),
        ["Roznama Sahar"]
    );
    assert_eq!(names("{An editorial in the Lind Herald} said [so]."), ["Lind Herald"]);
}

#[test]
fn a_congresswoman_has_a_country() {
    let all = speakers("{Congresswoman Ana Ruiz} said [no]. {Senator Bo Lind, a fisherman,} said [yes].");
    assert_eq!((all[0].side.as_str(), all[1].side.as_str()), ("United States", ""));
}

#[test]
fn the_target_is_the_main_counterpart() {
    let all = speakers(
        "Peru and Chile met; Peru left. Chile stayed. Peru and Chile talk. {Peru} said [it was late]. {Chile} said [no]. \
         {Laos} said [it was sad].",
    );
    let targets: Vec<&str> = all.iter().map(|speaker| speaker.target.as_str()).collect();
    assert_eq!(targets, ["Chile", "Peru", "Chile"]);
}

#[test]
fn the_target_is_the_only_other_party() {
    let all = speakers("{China} said [the United States had broken its word]. {China} said [it was late].");
    assert_eq!(all[0].target, "United States");
    assert_eq!(all[1].target, "United States", "the stance is not known here");
}

#[test]
fn an_official_of_no_country_speaks_for_the_seat() {
    let all = speakers("Peru and Chile met. In Santiago, {foreign ministry spokesman Tessa Wark} said [no].");
    assert_eq!((all[0].side.as_str(), all[0].side_basis), ("Chile", "context"));
}

#[test]
fn brackets_addresses_and_clauses_give_the_side() {
    let side = |text: &str| speakers(text)[0].side.clone();
    assert_eq!(side("{Nadia Tahir} (Egypt) said [no]."), "Egypt");
    assert_eq!(side("{Malaysia's Datuk Hisham Omar} said [no]."), "Malaysia");
    assert_eq!(side("Ana Ruiz has led Peru's team since May. {Ruiz} said [no]."), "Peru");
    assert_eq!(side("{Peru's former ambassador, Ana Ruiz,} said [no]."), "");
    assert_eq!(side("{A spokesman for Lindfors Air} said [no]."), "Lindfors Air");
}

#[test]
fn two_titles_are_not_one() {
    let all = speakers(
        "{Peruvian Foreign Minister Ana Ruiz} and Chilean Foreign Minister Bo Lind met; {Lind} said [no], [no].",
    );
    assert_eq!((all[0].side.as_str(), all[1].side.as_str()), ("Peru", "Chile"));
}

#[test]
fn guilds_and_observers_have_no_side() {
    let all =
        speakers("{The Reed Growers' Union} said [no]. {The Lind Herald} said [no]. {Petrolind} said [no].");
    let sides: Vec<&str> = all.iter().map(|speaker| speaker.side.as_str()).collect();
    assert_eq!(sides, ["", "", "Petrolind"]);
}

#[test]
fn somebody_elses_lawyer_stays_unnamed() {
    let all = speakers("Ana Ruiz and Bo Lind met. [\"No,\"] {Ruiz} said. [\"Yes,\"] {Ruiz's lawyer} said.");
    assert_eq!((all[1].name.as_str(), all[1].kind), ("Ruiz's lawyer", SpeakerType::Unnamed));
}

#[test]
fn a_neutral_statement_without_a_party_has_no_target() {
    use crate::stance::Label;
    let (text, quotes) = read(
        "Peru and Chile met. Peru and Chile talk. {Peru} said [it was late]. {Peru} said [it was late].",
    );
    let stance =
        |label, neutral| Stance { label, leaning: Label::Conciliatory, neutral, ..Stance::default() };
    let stances = [stance(Label::Confrontational, 0.0), stance(Label::Neutral, 1.0)];
    let all =
        attribute(&text, &paragraphs::split(&text), &cut(&text), &quotes, &stances, &Reading::default());
    let shown: Vec<_> = all.iter().map(|speaker| (speaker.target.as_str(), speaker.target_basis)).collect();
    assert_eq!(shown, [("Chile", "side"), ("", "")]);
}

mod names;
mod properties;
