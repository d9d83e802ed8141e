use proptest::prelude::*;

use super::split;

/// Cuts the text at each "|" of `marked` and expects the splitter to find exactly these cuts.
fn check(marked: &str) {
    let text = marked.replace('|', "");
    let found: Vec<&str> = split(&text).iter().map(|sentence| sentence.span.of(&text)).collect();
    assert_eq!(found.join("|"), marked);
}

#[test]
fn plain_sentences() {
    check("The talks began. |They lasted two days! |Did they help? |Nobody knows.");
    check("Was it over?! |Nobody spoke.");
    check("It cost $3.5 billion. |20 people came.");
    check("Growth was 2.4 percent in 2019. |It fell after that.");
}

#[test]
fn titles_and_ranks() {
    check("Mr. Wen met Dr. Ode and Gen. Pale. |Sen. Mara Holt left.");
    check("He asked Lt. Col. Brand and Reps. Ito and Vance to stay.");
    check("GEN. PALE SPOKE TO SEN. HOLT.");
    check("A spokesman for St. Anne's spoke. |St. Anne's is closed.");
}

#[test]
fn initials() {
    check("J. K. Marlow met George W. Tarn in A. B. Cole's house. |They ate.");
    check("The letter of J.K. Marlow arrived. |It was short.");
    check("They chose plan B. |The others left.");
}

#[test]
fn country_letters() {
    check("He flew to the U.S. |The talks go on.");
    check("The U.S. President and U.N. Secretary-General met.");
    check("The U.S. said no. |The U.N. and the U.K. said yes.");
    check("He praised the U.S.-led plan and the D.C. police.");
}

#[test]
fn companies_and_dates() {
    check("Marlow Inc. shares rose. |Tarn Corp. |The firm of Cole & Co. Ltd. fell.");
    check("On Jan. 5 and Sept. 6 they met. |They met in Dec. |The last time was Nov. 3.");
    check("It ended at 5 p.m. Monday. |It began at 9 a.m. |Nobody came at 10 a.m. EST.");
    check("Trade, aid, etc. |Ministers agreed. |They met at 5 p.m. |Sunniva came at 6 p.m. Sunday.");
    check("LEEM, Wisc. — Tarn spoke here. |He left at 5 p.m. — The End was on.");
}

#[test]
fn numbers_and_the_word_no() {
    check("Resolution No. 42 and Art. 5 apply. |I said no. |He said No. |Then he left.");
    check("See fig. 3 and pp. 5 to 9.");
}

#[test]
fn ellipses() {
    check("He waited… |She left. |“We want ... peace,” he said.");
    check("“… and so we go,” she said. |“I... I think so.”");
    check("They waited . . . and waited. |They waited. . . . |Then they left.");
    check("The [...] plan failed.");
}

#[test]
fn ends_inside_quotations() {
    check("“We will go. |We will not wait,” he said. |“Never.” |Then he left.");
    check("\"It is over.\" |The minister left. |\"We go on.\"");
    check("''It is over.'' |The minister left.");
    check("He called it “the end”. |She did not.");
    check("It ended. ” |The minister left.");
    check("\"It ended. \" |The minister left.");
}

#[test]
fn attributions_go_on() {
    check("\"Stop!\" he said. |“Why now?” asked Wen.");
    check("“Why now?” Foreign Minister Wen Hao asked. |“Why not?” Mr. Tarn replied, smiling.");
    check("“Why now?” |Wen said he did not know.");
    check("“Why now?” |The minister said nothing.");
    check("“Why now?” |Wen left.");
}

#[test]
fn brackets() {
    check("He left. |(She stayed.) |They met again.");
    check("The plan (see the annex!) Tarn had drawn failed. |It did.");
    check("The war ended.[12] |Peace came.");
}

#[test]
fn lines_end_sentences() {
    check("Tarn meets Wen\n|By A. Cole\n\n|The ministers met. |They talked.\n|What now?\n");
    check("• The first point\n|• The second point\n|1. The third point\n|2. The fourth");
    check("Read on: |• The first point |• The second point");
    check("Talks end\r\n|The ministers left.\r\n\r\n|They will return.");
}

#[test]
fn wrapped_lines_are_spaces() {
    check(
        "The foreign ministers of the two coasts met in the harbour town of the
north on Tuesday. |They agreed to share the waters off the cape in the
coming years. |Talks had broken down over a sunken trawler and seven
arrests in the north.

|Fishermen were less sure.",
    );
}

#[test]
fn addresses() {
    check("See www.example.com/a.b?c=D.E for more. |Write to a.b@example.org. |Thanks.");
    check("Example.com and Node.Js are names.");
}

#[test]
fn missing_spaces() {
    check("The talks ended.|The ministers left.|“We go on,” Wen said.");
    check("Tell Mr.Wen and Gen.Pale.");
}

#[test]
fn text_without_capitals() {
    check("it was late. |we left. |the road was long.");
    check("it was late. |trucks left. |why? |because it was late.");
    check("approx. the same, e.g. approx. ten.");
    check("“She spoke!” he cried.");
}

#[test]
fn white_space_belongs_to_the_sentence_before() {
    check("  \n One.  |Two. \u{a0} |Three.\n\n \n|Four.\n ");
    check(" \n ");
    assert!(split("").is_empty());
}

#[test]
fn odd_marks_end_nothing() {
    check(". . .");
    check("?");
    check("“.” ");
}

/// Text with more stops, marks and line ends than letters, and words that the rules look at.
fn stormy() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[.!?…\"“”‘’'()\\[\\] \n\r\t•–-]{1,3}",
        "(Mr|U.S|No|p.m|J|The|the|Wen said|he asked|é|中|1|12|iPhone)",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn sentences_tile_the_text(text in stormy()) {
        let sentences = split(&text);
        let mut at = 0;
        for sentence in &sentences {
            prop_assert_eq!(sentence.span.start, at);
            prop_assert!(!sentence.span.is_empty());
            prop_assert!(text.is_char_boundary(sentence.span.end));
            at = sentence.span.end;
        }
        prop_assert_eq!(at, text.len());
        for sentence in sentences.iter().skip(1) {
            prop_assert!(!sentence.span.of(&text).starts_with(char::is_whitespace));
        }
    }

    #[test]
    fn a_line_is_split_alone_as_in_its_text(line in "[A-Za-z.!?\"“” ]{0,80}") {
        let alone = split(&line).len();
        let text = format!("{line}\n\nThe end");
        let with = split(&text).len();
        prop_assert_eq!(with, if line.trim().is_empty() { 1 } else { alone + 1 });
    }
}

/// Each would take hours if a look to either side of a stop were not bounded.
#[test]
fn hostile_text_is_split_in_linear_time() {
    let n = 200_000;
    for piece in [
        ".",
        ". ",
        "?\" ",
        "\"",
        "(",
        "a.\"(",
        "ab?”Abc",
        "• ",
        ". “",
        ".\u{a0}",
        "A.",
        "Mr. ",
        "Wen ",
        "! A",
        "...a",
        " .",
        "\n.",
        "[1]",
        ".[1",
        "ab.Abc",
    ] {
        let text = piece.repeat(n);
        let sentences = split(&text);
        assert_eq!(sentences.last().map(|sentence| sentence.span.end), Some(text.len()));
    }
    let word = format!("“Why?” {} {}", "A".repeat(n), "?” B".repeat(n));
    assert!(!split(&word).is_empty());
}
