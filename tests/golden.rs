//! Runs the worked cases of `seeds/*.md`: Markdown that is documentation and test at once.
//!
//! A case is a `##` heading that names the phenomenon, a sentence or two that say why, a fenced `text`
//! block and a fenced `rows` block with one line a statement, `none` where the text holds none:
//!
//! ```text
//! ## Inverted order
//! The verb may stand before its subject.
//! (text block)  "We will stay," said Mara Lindqvist.
//! (rows block)  direct | "We will stay," | speaker: Mara Lindqvist | cue: said
//! ```
//!
//! Kind and content are always compared, the other fields only where they are named; `-` means empty.
//! A line `known gap: reason` under the heading says that the case fails today: the harness then insists
//! that it does, so that a mended gap is un-marked. The form is borrowed from ruff's mdtest.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sayso::Document;
use sayso::pipeline::{Pipeline, Statement};
use sayso::quotes::Kind;
use sayso::speakers::SpeakerType;
use sayso::stance::Label;

/// Fields that a row may name after kind and content.
const FIELDS: [&str; 9] =
    ["speaker", "mention", "type", "role", "side", "cue", "target", "stance", "leaning"];
/// Between the parts of a content, as in the column `quote`.
const BETWEEN_PARTS: &str = " … ";
/// Fewer cases than this mean that a file was lost.
const AT_LEAST: usize = 40;

/// One worked case.
#[derive(Debug)]
struct Case {
    /// The heading.
    name: String,
    /// `file:line` of the heading.
    place: String,
    /// Why it fails today, if it is known to.
    gap: Option<String>,
    /// The article.
    text: String,
    /// The statements expected.
    rows: Vec<Row>,
}

/// One statement as a case writes it, or as the pipeline found it.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    kind: String,
    /// Content parts, their edges trimmed.
    content: Vec<String>,
    /// Named fields in the order of `FIELDS`; absent ones are not compared.
    fields: [Option<String>; FIELDS.len()],
}

impl Row {
    /// The row as a case would write it.
    fn show(&self) -> String {
        let mut line = format!("{} | {}", self.kind, self.content.join(BETWEEN_PARTS));
        for (name, value) in FIELDS.iter().zip(&self.fields) {
            if let Some(value) = value {
                let _ = write!(line, " | {name}: {}", if value.is_empty() { "-" } else { value });
            }
        }
        line
    }

    /// What a found statement says, every field filled.
    fn found(statement: &Statement, text: &str) -> Row {
        let Statement { quote, speaker, stance } = statement;
        let words = |span: Option<sayso::Span>| span.map_or("", |span| span.of(text)).to_owned();
        let fields = [
            speaker.name.clone(),
            words(quote.mention),
            speaker_type(speaker.kind).to_owned(),
            speaker.role.clone(),
            speaker.side.clone(),
            words(quote.cue),
            speaker.target.clone(),
            label(stance.label).to_owned(),
            label(stance.leaning).to_owned(),
        ];
        let content = quote.content.iter().map(|part| edges(part.of(text)).to_owned()).collect();
        Row { kind: kind(quote.kind).to_owned(), content, fields: fields.map(Some) }
    }

    /// Names of what differs from `found`, of the things that this row names.
    fn differs(&self, found: &Row) -> Vec<&'static str> {
        let mut names = Vec::new();
        if self.kind != found.kind {
            names.push("kind");
        }
        for (i, name) in FIELDS.into_iter().enumerate() {
            let (Some(want), Some(got)) = (&self.fields[i], &found.fields[i]) else { continue };
            let same = match name {
                // Words taken from the text may carry a comma or a mark too many,
                "mention" | "cue" => edges(want) == edges(got),
                // and a name its article.
                "speaker" => bare(want) == bare(got),
                _ => want == got,
            };
            if !same {
                names.push(name);
            }
        }
        names
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Direct => "direct",
        Kind::Mixed => "mixed",
        Kind::Indirect => "indirect",
    }
}

fn speaker_type(kind: SpeakerType) -> &'static str {
    match kind {
        SpeakerType::Person => "person",
        SpeakerType::Organisation => "organisation",
        SpeakerType::Country => "country",
        SpeakerType::Group => "group",
        SpeakerType::Unnamed => "unnamed",
        SpeakerType::None => "none",
    }
}

fn label(label: Label) -> &'static str {
    match label {
        Label::Conciliatory => "conciliatory",
        Label::Confrontational => "confrontational",
        Label::Neutral => "neutral",
    }
}

/// The words without marks, punctuation and white space at their ends.
fn edges(words: &str) -> &str {
    words.trim_matches(|c: char| !c.is_alphanumeric())
}

/// A name or description without the article before it: “a senior official”, “the Foreign Ministry”.
fn bare(name: &str) -> &str {
    match name.split_once(' ') {
        Some((first, rest)) if ["a", "an", "the"].contains(&first.to_lowercase().as_str()) => rest,
        _ => name,
    }
}

/// Reads the cases of one file; an error names `file:line`.
fn parse(file: &str, markdown: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = markdown.lines().enumerate().map(|(i, line)| (i + 1, line));
    // Whether the current case has had its blocks.
    let (mut has_text, mut has_rows, mut has_why) = (true, true, true);
    while let Some((number, line)) = lines.next() {
        let at = format!("{file}:{number}");
        if let Some(name) = line.strip_prefix("## ") {
            whole(cases.last(), has_text, has_rows, has_why)?;
            if let Some(twin) = cases.iter().find(|case| case.name == name) {
                return Err(format!("{at}: the case “{name}” was there already ({})", twin.place));
            }
            cases.push(Case {
                name: name.to_owned(),
                place: at,
                gap: None,
                text: String::new(),
                rows: vec![],
            });
            (has_text, has_rows, has_why) = (false, false, false);
            continue;
        }
        let Some(case) = cases.last_mut() else {
            if line.starts_with("```") {
                return Err(format!("{at}: a block before the first `## ` heading"));
            }
            continue;
        };
        if let Some(reason) = line.strip_prefix("known gap:") {
            if has_why || has_text || reason.trim().is_empty() {
                return Err(format!("{at}: `known gap: reason` belongs right under the heading"));
            }
            case.gap = Some(reason.trim().to_owned());
        } else if let Some(language) = line.strip_prefix("```") {
            let mut block = Vec::new();
            loop {
                match lines.next() {
                    Some((_, "```")) => break,
                    Some(line) => block.push(line),
                    None => return Err(format!("{at}: the block never ends")),
                }
            }
            match language {
                "text" if !has_text => {
                    case.text = block.iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n");
                    has_text = true;
                }
                "rows" if has_text && !has_rows => {
                    case.rows = rows(file, &block, &case.text)?;
                    has_rows = true;
                }
                _ => return Err(format!("{at}: expected one `text` block, then one `rows` block")),
            }
        } else if !line.trim().is_empty() && !has_text {
            has_why = true;
        }
    }
    whole(cases.last(), has_text, has_rows, has_why)?;
    Ok(cases)
}

/// Whether the case before this heading was complete.
fn whole(case: Option<&Case>, has_text: bool, has_rows: bool, has_why: bool) -> Result<(), String> {
    let Some(case) = case else { return Ok(()) };
    for (there, what) in [(has_why, "sentence that says why"), (has_text, "`text`"), (has_rows, "`rows`")] {
        if !there {
            return Err(format!("{}: the case “{}” has no {what}", case.place, case.name));
        }
    }
    Ok(())
}

/// Reads a `rows` block.
fn rows(file: &str, block: &[(usize, &str)], text: &str) -> Result<Vec<Row>, String> {
    let lines: Vec<_> = block.iter().filter(|(_, line)| !line.trim().is_empty()).collect();
    match lines.as_slice() {
        [] => {
            let number = block.first().map_or(0, |(number, _)| *number);
            Err(format!("{file}:{number}: no rows; write `none` where no statement is expected"))
        }
        [(_, line)] if line.trim() == "none" => Ok(Vec::new()),
        lines => lines
            .iter()
            .map(|(number, line)| row(line, text).map_err(|error| format!("{file}:{number}: {error}")))
            .collect(),
    }
}

/// Reads one row, and sees to it that its words stand in the text.
fn row(line: &str, text: &str) -> Result<Row, String> {
    let mut cells = line.split(" | ").map(str::trim);
    let kind = cells.next().unwrap_or_default().to_owned();
    if !["direct", "mixed", "indirect"].contains(&kind.as_str()) {
        return Err(format!("`{kind}` is no kind: direct, mixed or indirect"));
    }
    let content = cells.next().ok_or("no content after the kind")?;
    let content: Vec<_> = content.split(BETWEEN_PARTS).map(|part| edges(part).to_owned()).collect();
    let mut from = 0;
    for part in &content {
        let found = text[from..].find(part.as_str()).filter(|_| !part.is_empty());
        from += found.ok_or_else(|| format!("the content `{part}` does not stand in the text"))? + part.len();
    }
    let mut fields = [const { None }; FIELDS.len()];
    for cell in cells {
        let (name, value) = cell.split_once(':').ok_or_else(|| format!("`{cell}` is no `field: value`"))?;
        let i = FIELDS.iter().position(|field| *field == name).ok_or_else(|| format!("no field `{name}`"))?;
        let value = value.trim();
        let value = if value == "-" { "" } else { value };
        let stands = match name {
            "type" => ["person", "organisation", "country", "group", "unnamed", "none"].contains(&value),
            "stance" => ["conciliatory", "confrontational", "neutral"].contains(&value),
            "leaning" => ["conciliatory", "confrontational"].contains(&value),
            "speaker" | "mention" | "cue" => text.contains(value),
            _ => true, // sides and targets are normalised: "Kenyan" gives "Kenya"
        };
        if !stands {
            return Err(format!("`{value}` cannot be the {name}: no such value, or not in the text"));
        }
        if fields[i].replace(value.to_owned()).is_some() {
            return Err(format!("the field `{name}` stands twice"));
        }
    }
    Ok(Row { kind, content, fields })
}

/// What is wrong with the statements found; empty if they are as expected.
fn differences(expected: &[Row], found: &[Row]) -> String {
    let mut report = String::new();
    let mut left: Vec<&Row> = found.iter().collect();
    for row in expected {
        let Some(i) = left.iter().position(|other| other.content == row.content) else {
            let _ = writeln!(report, "  missing  {}", row.show());
            continue;
        };
        let other = left.remove(i);
        let names = row.differs(other);
        if !names.is_empty() {
            let _ = writeln!(report, "  expected {}", row.show());
            let _ = writeln!(report, "  got      {}", other.show());
            let _ = writeln!(report, "           differs in {}", names.join(", "));
        }
    }
    for row in left {
        let _ = writeln!(report, "  extra    {}", row.show());
    }
    report
}

/// Every case of `seeds/*.md`, in the order of the files' names.
fn all_cases() -> Result<Vec<Case>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension() == Some("md".as_ref()))
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for path in files {
        let markdown =
            std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path);
        cases.extend(parse(&name.display().to_string(), &markdown)?);
    }
    Ok(cases)
}

#[test]
fn worked_cases() {
    let cases = all_cases().unwrap_or_else(|error| panic!("{error}"));
    assert!(AT_LEAST <= cases.len(), "only {} worked cases in seeds/*.md", cases.len());
    let pipeline = Pipeline::load(None).expect("the models load");
    let (mut passed, mut gaps, mut failed) = (0, 0, 0);
    let mut report = String::new();
    for case in &cases {
        let analysis = pipeline.analyse(Document { id: &case.name, text: &case.text });
        let found: Vec<_> = analysis.statements.iter().map(|one| Row::found(one, &case.text)).collect();
        let wrong = differences(&case.rows, &found);
        match (&case.gap, wrong.is_empty()) {
            (None, true) => passed += 1,
            (Some(reason), false) => {
                gaps += 1;
                println!("known gap {} {}: {reason}\n{wrong}", case.place, case.name);
            }
            (None, false) => {
                failed += 1;
                let _ = writeln!(report, "{} {}\n{wrong}", case.place, case.name);
            }
            (Some(_), true) => {
                failed += 1;
                let _ = writeln!(
                    report,
                    "{} {}\n  passes now: take out its `known gap:` line\n",
                    case.place, case.name
                );
            }
        }
    }
    let summary =
        format!("{} worked cases: {passed} passed, {gaps} known gaps, {failed} failed", cases.len());
    println!("{summary}");
    assert!(failed == 0, "\n{report}{summary}");
}

#[cfg(test)]
mod harness {
    use super::*;

    const CASE: &str = "# File\n\n## Split\nWhy.\n\n```text\n\"A b,\" said Ana. \"C.\"\n\nD \"e\".\n```\n\n\
                        ```rows\ndirect | \"A b,\" … \"C.\" | speaker: Ana | cue: said | role: -\n```\n";

    #[test]
    fn reads_a_case() {
        let cases = parse("f.md", CASE).unwrap();
        assert_eq!(cases.len(), 1);
        let case = &cases[0];
        assert_eq!((case.name.as_str(), case.place.as_str()), ("Split", "f.md:3"));
        assert_eq!(case.text, "\"A b,\" said Ana. \"C.\"\n\nD \"e\".");
        assert_eq!(case.rows[0].content, ["A b", "C"]);
        assert_eq!(case.rows[0].show(), "direct | A b … C | speaker: Ana | role: - | cue: said");
        assert!(case.gap.is_none());
    }

    #[test]
    fn reads_none_and_known_gaps() {
        let markdown = "## N\nknown gap: not yet\n\nWhy.\n```text\nA \"b\".\n```\n```rows\nnone\n```\n";
        let cases = parse("f.md", markdown).unwrap();
        assert_eq!(cases[0].gap.as_deref(), Some("not yet"));
        assert!(cases[0].rows.is_empty());
    }

    #[test]
    fn a_malformed_case_names_its_line() {
        let broken = |from: &str, to: &str| parse("f.md", &CASE.replace(from, to)).unwrap_err();
        assert!(broken("direct", "quoted").starts_with("f.md:13: `quoted` is no kind"));
        assert!(broken("cue: said", "cue: says").starts_with("f.md:13: `says` cannot be the cue"));
        assert!(broken("cue: said", "verb: said").starts_with("f.md:13: no field `verb`"));
        assert!(broken("cue: said", "speaker: Ana").starts_with("f.md:13: the field `speaker` stands twice"));
        assert!(broken("… \"C.\"", "… \"X.\"").starts_with("f.md:13: the content `X`"));
        assert!(broken("Why.\n", "").starts_with("f.md:3: the case “Split” has no sentence"));
        assert!(broken("```rows", "```tows").starts_with("f.md:12: expected one `text` block"));
        let endless = CASE.trim_end().trim_end_matches('`');
        assert!(parse("f.md", endless).unwrap_err().starts_with("f.md:12: the block never ends"));
        assert!(parse("f.md", &format!("{CASE}{CASE}")).unwrap_err().contains("was there already (f.md:3)"));
    }

    #[test]
    fn tells_missing_extra_and_differing_rows() {
        let row = |line: &str| row(line, "A b Ana Eve said C").unwrap();
        let (want, same) =
            (row("direct | A | speaker: Ana"), row("direct | \"A,\" | speaker: Ana | cue: said"));
        assert_eq!(differences(&[want.clone()], &[same]), "");
        let other = differences(&[want.clone()], &[row("mixed | A | speaker: Eve")]);
        assert!(other.contains("differs in kind, speaker"), "{other}");
        let other = differences(&[want], &[row("direct | C | speaker: Ana")]);
        assert!(other.contains("missing  direct | A |") && other.contains("extra    direct | C"), "{other}");
        assert!(!differences(&[row("direct | a")], &[row("direct | A")]).is_empty());
    }
}
