//! The form of a worked case, and its reader.

use crate::rows::{self, Row};

/// Opens the line of a case that is known to fail.
const GAP: &str = "known gap:";

/// One worked case.
#[derive(Debug)]
pub struct Case {
    /// The heading.
    pub name: String,
    /// `file:line` of the heading.
    pub place: String,
    /// Why it fails today, if it is known to.
    pub gap: Option<String>,
    /// The article.
    pub text: String,
    /// The statements expected.
    pub rows: Vec<Row>,
}

/// A line and its number, from 1.
type Line<'m> = (usize, &'m str);

/// The lines of a block, and those behind it.
type Cut<'l, 'm> = (&'l [Line<'m>], &'l [Line<'m>]);

/// Reads the cases of one file; an error names `file:line`.
pub fn parse(file: &str, markdown: &str) -> Result<Vec<Case>, String> {
    let lines: Vec<Line> = markdown.lines().enumerate().map(|(i, line)| (i + 1, line)).collect();
    let mut headings = Vec::new();
    let mut fenced = false;
    for (i, (number, line)) in lines.iter().enumerate() {
        if line.starts_with("```") {
            if headings.is_empty() {
                return Err(format!("{file}:{number}: a block before the first `## ` heading"));
            }
            fenced = !fenced;
        } else if !fenced && line.starts_with("## ") {
            headings.push(i);
        }
    }
    let mut cases: Vec<Case> = Vec::new();
    for (i, &start) in headings.iter().enumerate() {
        let end = headings.get(i + 1).map_or(lines.len(), |&next| next);
        let case = case(file, lines[start], &lines[start + 1..end])?;
        if let Some(twin) = cases.iter().find(|other| other.name == case.name) {
            return Err(format!(
                "{}: the case “{}” was there already ({})",
                case.place, case.name, twin.place
            ));
        }
        cases.push(case);
    }
    Ok(cases)
}

/// Reads what stands under one heading: a known gap or none, why, `text`, `rows`.
fn case(file: &str, (number, heading): Line, body: &[Line]) -> Result<Case, String> {
    let name = heading.trim_start_matches('#').trim().to_owned();
    let place = format!("{file}:{number}");
    let lacks = |what: &str| format!("{place}: the case “{name}” has no {what}");

    let (prose, rest) =
        body.split_at(body.iter().position(|(_, line)| line.starts_with("```")).unwrap_or(body.len()));
    let mut prose = prose.iter().filter(|(_, line)| !line.trim().is_empty()).peekable();
    let gap =
        prose.next_if(|(_, line)| line.starts_with(GAP)).map(|(_, line)| line[GAP.len()..].trim().to_owned());
    if gap.as_deref() == Some("") {
        return Err(lacks("reason behind `known gap:`"));
    }
    if prose.clone().next().is_none() {
        return Err(lacks("sentence that says why"));
    }
    if let Some((late, _)) = prose.find(|(_, line)| line.starts_with(GAP)) {
        return Err(format!("{file}:{late}: `known gap: reason` belongs right under the heading"));
    }

    let (text, rest) = block(file, "text", rest)?.ok_or_else(|| lacks("`text`"))?;
    let text = text.iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n");
    let (written, rest) = block(file, "rows", rest)?.ok_or_else(|| lacks("`rows`"))?;
    if let Some((extra, _)) = rest.iter().find(|(_, line)| !line.trim().is_empty()) {
        return Err(format!("{file}:{extra}: nothing may follow a case's rows"));
    }
    let written: Vec<&Line> = written.iter().filter(|(_, line)| !line.trim().is_empty()).collect();
    let rows = match written.as_slice() {
        [] => return Err(lacks("row; write `none` where no statement is expected")),
        [(_, "none")] => Vec::new(),
        lines => lines
            .iter()
            .map(|(number, line)| rows::row(line, &text).map_err(|error| format!("{file}:{number}: {error}")))
            .collect::<Result<_, _>>()?,
    };
    Ok(Case { name, place, gap, text, rows })
}

/// The lines of the fenced block that comes next, and those behind it; `None` if no block comes.
fn block<'l, 'm>(file: &str, language: &str, lines: &'l [Line<'m>]) -> Result<Option<Cut<'l, 'm>>, String> {
    let Some(start) = lines.iter().position(|(_, line)| !line.trim().is_empty()) else { return Ok(None) };
    let (number, line) = lines[start];
    if line.strip_prefix("```") != Some(language) {
        return Err(format!("{file}:{number}: expected a `{language}` block"));
    }
    let inside = &lines[start + 1..];
    match inside.iter().position(|(_, line)| *line == "```") {
        Some(end) => Ok(Some((&inside[..end], &inside[end + 1..]))),
        None => Err(format!("{file}:{number}: the block never ends")),
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(case.rows[0].show(), "direct | \"A b,\" … \"C.\" | speaker: Ana | role: - | cue: said");
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
        assert!(broken("```rows", "```tows").starts_with("f.md:12: expected a `rows` block"));
        assert!(broken("role: -\n```", "role: -\n```\n\nMore.").starts_with("f.md:16: nothing may follow"));
        assert!(broken("Why.\n", "Why.\nknown gap: x\n").starts_with("f.md:5: `known gap: reason` belongs"));
        assert!(broken("Why.\n", "known gap:\nWhy.\n").starts_with("f.md:3: the case “Split” has no reason"));
        let endless = CASE.trim_end().trim_end_matches('`');
        assert!(parse("f.md", endless).unwrap_err().starts_with("f.md:12: the block never ends"));
        let twice = format!("{CASE}{}", CASE.trim_start_matches("# File\n"));
        assert!(parse("f.md", &twice).unwrap_err().ends_with("was there already (f.md:3)"));
    }
}
