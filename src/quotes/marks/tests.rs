use super::*;
use crate::paragraphs;
use proptest::prelude::*;

fn found(text: &str) -> Vec<Region> {
    regions(text, &paragraphs::split(text))
}

/// The regions with their marks, each indented by one `>` a level.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let shown: Vec<String> = found(text)
        .iter()
        .map(|region| format!("{}{}", ">".repeat(usize::from(region.depth)), region.span.of(text)))
        .collect();
    assert_eq!(shown, expected, "in {text}");
}

#[test]
fn every_kind_of_double_marks() {
    check("“We agree,” Maro said.", &["“We agree,”"]);
    check("\"We agree,\" Maro said. \"Fully.\"", &["\"We agree,\"", "\"Fully.\""]);
    check("‘‘We agree,’’ Maro said.", &["‘‘We agree,’’"]);
    check("''We agree,'' Maro said. ''Fully.''", &["''We agree,''", "''Fully.''"]);
    check("``We agree,'' Maro said.", &["``We agree,''"]);
    check("«We agree», Maro said. « Fully. »", &["«We agree»", "« Fully. »"]);
    check("»We agree«, Maro said.", &["»We agree«"]);
    check("„We agree,“ Maro said. „Fully,” he added.", &["„We agree,“", "„Fully,”"]);
}

#[test]
fn inner_leaves_marks_and_spaces_out() {
    let text = "He spoke of “pressure ” and of \"unity\".";
    let inner: Vec<&str> = found(text).iter().map(|region| region.inner.of(text)).collect();
    assert_eq!(inner, ["pressure", "unity"]);
}

#[test]
fn single_marks_quote() {
    check("Envoys Hold ‘Frank’ Talks", &["‘Frank’"]);
    check("Minister defends the 'open-door policy'\n\nTalks went on.", &["'open-door policy'"]);
    check(
        "'We agree,' Maro said. 'It's the workers' right.'",
        &["'We agree,'", "'It's the workers' right.'"],
    );
    check("She called it ‹bold›.", &["‹bold›"]);
    check("She called it ‚bold‘ again.", &["‚bold‘"]);
    check("They blasted 'empty words'; others left.", &["'empty words'"]);
}

#[test]
fn apostrophes_do_not_quote() {
    check("They don’t trust the ’90s, and the workers’ rock ’n’ roll isn’t O’Brien’s.", &[]);
    check("They don't trust the '90s, and the workers' rock 'n' roll isn't O'Brien's.", &[]);
    check("Ask 'em about the nations' talks and the envoys' goin' home.", &[]);
    check("In ‘08 the ministers’ vote failed; in ’12 it passed.", &[]);
    check("Both states’ envoys met the P.M.’s aides at 6’ distance.", &[]);
}

#[test]
fn inches_do_not_quote() {
    check("“He is 6’2” tall,” Maro said.", &["“He is 6’2” tall,”"]);
    check(
        "\"He is 6'2\" and carries a 5\" knife,\" Maro said.",
        &["\"He is 6'2\" and carries a 5\" knife,\""],
    );
    check("The 12\" pipe and the 5\" valve came.", &[]);
}

#[test]
fn regions_nest() {
    check("“He told me ‘no’ twice,” Maro said.", &["“He told me ‘no’ twice,”", ">‘no’"]);
    check("‘He told me “no” twice,’ Maro said.", &["‘He told me “no” twice,’", ">“no”"]);
    check("“He told me “no” twice,” Maro said.", &["“He told me “no” twice,”", ">“no”"]);
    check("\"He told me \"no\" twice,\" Maro said.", &["\"He told me \"no\" twice,\"", ">\"no\""]);
    check("\"He told me, 'I will.'\" Maro left.", &["\"He told me, 'I will.'\"", ">'I will.'"]);
    check("''He said, 'I will,''' Maro said.", &["''He said, 'I will,'''", ">'I will,'"]);
    check(
        "“He said, ‘They cried “no” there.’”",
        &["“He said, ‘They cried “no” there.’”", ">‘They cried “no” there.’", ">>“no”"],
    );
    check("\"He told me, 'I will,' \" Maro said.", &["\"He told me, 'I will,' \"", ">'I will,'"]);
}

#[test]
fn an_unclosed_region_ends_before_its_speaker() {
    check(
        "Maro praised the \"long road\". \"And we are being tested, Maro said.",
        &["\"long road\"", "\"And we are being tested,"],
    );
    check("“We will go on, he thundered. “Soon.”", &["“We will go on,", "“Soon.”"]);
    check("“They said, ‘No,’ Maro said.", &["“They said, ‘No,’", ">‘No,’"]);
    check("“We will go on, said union leader Sela Maro.", &["“We will go on,"]);
    check("“We will go on, the minister told the cameras.", &["“We will go on,"]);
    check("“We will go on, said Maro on Friday. He then left.", &["“We will go on,"]);
}

#[test]
fn an_unclosed_region_runs_to_the_end_of_its_paragraph() {
    check("Maro said: “We will go on.\nThe talks went on.", &["“We will go on."]);
    check("“In May, Maro said he would go.\nThe talks went on.", &["“In May, Maro said he would go."]);
    check("Maro called it “a long road. The talks went on.", &["“a long road."]);
    check("Maro called it “a road of Mr. Ilun. “Yes,” he said.", &["“a road of Mr. Ilun.", "“Yes,”"]);
    check("It is “a road. We go on.\n“Yes.”", &["“a road. We go on.", "“Yes.”"]);
    let region = found("Maro said: “We will go on.\nThe talks went on.")[0];
    assert!(region.opened && !region.closed);
}

#[test]
fn an_unclosed_region_leaves_the_others_alone() {
    check(
        "“We go on, Maro said. “They do not,” Ilun said. “No.”",
        &["“We go on,", "“They do not,”", "“No.”"],
    );
    check("“We go on. “They do not,” Ilun said.", &["“We go on.", "“They do not,”"]);
    check("\"We go on. \"They do not,\" Ilun said. \"No.\"", &["\"We go on.", "\"They do not,\"", "\"No.\""]);
    check("“He is ‘bold,” Maro said. “Very.”", &["“He is ‘bold,”", "“Very.”"]);
}

#[test]
fn a_closing_mark_alone() {
    check("We will go on,” Maro said. “Soon.”", &["We will go on,”", "“Soon.”"]);
    check("“Yes,” Maro said. We will go on.”", &["“Yes,”", "We will go on.”"]);
    check("“We go on,\" Maro said. They will too.”", &["“We go on,\"", "They will too.”"]);
    check("“Yes,” said Mr. Maro, an aide at the Navy Office. We go on.”", &["“Yes,”", "We go on.”"]);
    check("Maro was blunt: We go on.” He left.", &["We go on.”"]);
    check("Go now, ‘please,’” Maro said.", &["Go now, ‘please,’”", ">‘please,’"]);
    check("The red barn” has gone.", &[]);
    check("Sela Maro, foreign minister.”", &[]);
    let region = found("We will go on,” Maro said.")[0];
    assert!(!region.opened && region.closed);
}

#[test]
fn wrong_way_marks() {
    check("”We will go on,” Maro said.", &["”We will go on,”"]);
    check("“We will go on,“ Maro said. “Soon.”", &["“We will go on,“", "“Soon.”"]);
    check("Maro said\" we will go on\" and left. \"Soon.\"", &["\" we will go on\"", "\"Soon.\""]);
    check("Its ’bold’ plan and “pressure ” and “unity”.", &["’bold’", "“pressure ”", "“unity”"]);
}

#[test]
fn slips_of_the_keyboard() {
    check(
        "\"It must not become one,\", the paper wrote. \"Never.\"",
        &["\"It must not become one,\"", "\"Never.\""],
    );
    check("“We go on,\" Maro said. “Soon.”", &["“We go on,\"", "“Soon.”"]);
    check("The plan\"s aim is \"peace\" and \"trade\".", &["\"peace\"", "\"trade\""]);
    check("''We go on.' Then he left.", &["''We go on.'"]);
}

#[test]
fn tags_do_not_quote() {
    check("<tweet author=\"@maro\" date=\"March 9\n\">“We go on.”<tweet/>", &["“We go on.”"]);
    check("<a href='x.html'>It's \"done\"</a>", &["\"done\""]);
}

#[test]
fn running_quotations() {
    let goes_on = |text: &str| -> Vec<bool> { found(text).iter().map(|region| region.continues).collect() };
    assert_eq!(goes_on("Maro said: “One.\n“Two.\n\n“Three,” he said.\n“Four.”"), [false, true, true, false]);
    assert_eq!(goes_on("''One.\n''Two.''"), [false, true]);
    assert_eq!(goes_on("‘One.\n‘Two.’"), [false, true]);
    assert_eq!(goes_on("Talks on ‘open seas’ start.\n‘Yes,’ he said."), [false, false]);
    assert_eq!(goes_on("“One.”\n“Two.”"), [false, false]);
    assert_eq!(goes_on("“One, Maro said.\n“Two.”"), [false, false]);
    // Lines of a fixed width: the quotation goes on without a mark.
    let text = "“We will go\non for years,” Maro said.";
    check(text, &["“We will go", "on for years,”"]);
    assert_eq!(goes_on(text), [false, true]);
}

#[test]
fn letters_in_marks_are_counted() {
    let text = "Maro said “ab ‘cd’” and ef “gh”.";
    let outer = outermost(&found(text));
    let letters = |words: &str| {
        let start = text.find(words).unwrap();
        quoted_letters(text, Span::new(start, start + words.len()), &outer)
    };
    assert_eq!(letters("ab ‘cd"), (4, 4));
    assert_eq!(letters("Maro said"), (0, 8));
    assert_eq!(letters("cd’” and ef “g"), (3, 8));
}

/// What holds of any text.
fn hold(text: &str) -> Result<(), TestCaseError> {
    let paragraphs = paragraphs::split(text);
    let regions = regions(text, &paragraphs);
    let mut around: Vec<Span> = Vec::new();
    let mut last = 0;
    for region in &regions {
        prop_assert!(last <= region.span.start, "sorted");
        last = region.span.start;
        prop_assert!(region.span.contains(region.inner) && !region.inner.is_empty());
        for edge in [region.span.start, region.span.end, region.inner.start, region.inner.end] {
            prop_assert!(text.is_char_boundary(edge));
        }
        prop_assert!(paragraphs.iter().any(|paragraph| paragraph.contains(region.span)));
        while around.last().is_some_and(|outer| outer.end <= region.span.start) {
            around.pop();
        }
        prop_assert!(around.last().is_none_or(|outer| outer.contains(region.span)), "no crossing");
        prop_assert_eq!(usize::from(region.depth), around.len());
        around.push(region.span);
        prop_assert!(region.opened || region.closed);
    }
    let all = Span::new(0, text.len());
    let (quoted, letters) = quoted_letters(text, all, &outermost(&regions));
    prop_assert!(quoted <= letters);
    Ok(())
}

proptest! {
    #[test]
    fn regions_hold_on_any_text(text in any::<String>()) {
        hold(&text)?;
    }

    #[test]
    fn regions_hold_on_marks_in_words(
        text in "([a-z]{1,3}|[A-Z]é|said|Maro|[“”„\"«»‹›‘’‚'`]|''|[.,:?!]|[0-9]|[ \u{a0}]|<a b=|>|\n|…|—){0,60}"
    ) {
        hold(&text)?;
    }

    /// Whatever goes wrong with the marks of one paragraph, the next one's are read rightly.
    #[test]
    fn a_paragraph_keeps_its_slips(slips in "[A-Za-z“”‘’\"' .,]{0,40}") {
        for quotation in ["“Yes.”", "\"Yes.\"", "''Yes.''"] {
            let text = format!("{slips}\nMaro said: {quotation}");
            let span = Span::new(text.len() - quotation.len(), text.len());
            let last = found(&text).into_iter().find(|region| region.span == span);
            prop_assert!(last.is_some_and(|region| !region.continues && region.closed && region.depth == 0));
        }
    }
}

#[test]
fn a_hundred_thousand_unbalanced_marks() {
    for unit in [
        "“",
        "”",
        "\"",
        "''",
        "'",
        "‘a ",
        " \"a",
        "a\" ",
        "“a ‘b ",
        "„“”\"'’‘«»‹›",
        "“a, Maro said ",
        "<a\"",
        "? ",
    ] {
        let text = unit.repeat(100_000 / unit.chars().count());
        hold(&text[..text.len().min(40_000) / unit.len() * unit.len()]).unwrap();
        // The whole length must end within the time of a test run: squared it would take hours.
        let regions = found(&text);
        assert!(regions.len() <= 100_000);
    }
}
