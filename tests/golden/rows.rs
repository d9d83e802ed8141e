//! One expected statement: how a case writes it, what the pipeline found, and where they differ.

use std::fmt::Write as _;

use sayso::Span;
use sayso::pipeline::Statement;
use sayso::quotes::Kind;
use sayso::speakers::SpeakerType;
use sayso::stance::Label;

/// Fields that a row may name after kind and content.
const FIELDS: [&str; 9] =
    ["speaker", "mention", "type", "role", "side", "cue", "target", "stance", "leaning"];
/// Between the parts of a content, as in the column `quote`.
const BETWEEN_PARTS: &str = " … ";

/// One statement as a case writes it, or as the pipeline found it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    kind: String,
    /// Content parts as they stand; marks and punctuation at their ends are not compared.
    content: Vec<String>,
    /// Named fields in the order of `FIELDS`; absent ones are not compared.
    fields: [Option<String>; FIELDS.len()],
}

impl Row {
    /// The row as a case would write it.
    pub fn show(&self) -> String {
        let mut line = format!("{} | {}", self.kind, self.content.join(BETWEEN_PARTS));
        for (name, value) in FIELDS.iter().zip(&self.fields) {
            if let Some(value) = value {
                let _ = write!(line, " | {name}: {}", if value.is_empty() { "-" } else { value });
            }
        }
        line
    }

    /// What a found statement says, every field filled.
    pub fn found(statement: &Statement, text: &str) -> Row {
        let Statement { quote, speaker, stance, .. } = statement;
        let words = |span: Option<Span>| span.map_or("", |span| span.of(text)).to_owned();
        let fields = [
            speaker.name.clone(),
            words(speaker.mention),
            speaker_type(speaker.kind).to_owned(),
            speaker.role.clone(),
            speaker.side.clone(),
            words(quote.cue),
            speaker.target.clone(),
            label(stance.label).to_owned(),
            label(stance.leaning).to_owned(),
        ];
        let content = quote.content.iter().map(|part| part.of(text).to_owned()).collect();
        Row { kind: kind(quote.kind).to_owned(), content, fields: fields.map(Some) }
    }

    /// Whether the two have the same content.
    fn same_content(&self, other: &Row) -> bool {
        self.content.iter().map(|part| edges(part)).eq(other.content.iter().map(|part| edges(part)))
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
        Label::Further(_) => "further",
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

/// Reads one row, and sees to it that its words stand in the text.
pub fn row(line: &str, text: &str) -> Result<Row, String> {
    let mut cells = line.split(" | ").map(str::trim);
    let kind = cells.next().unwrap_or_default().to_owned();
    if !["direct", "mixed", "indirect"].contains(&kind.as_str()) {
        return Err(format!("`{kind}` is no kind: direct, mixed or indirect"));
    }
    let content = cells.next().ok_or("no content after the kind")?;
    let content: Vec<_> = content.split(BETWEEN_PARTS).map(str::to_owned).collect();
    let mut from = 0;
    for part in content.iter().map(|part| edges(part)) {
        let found = text[from..].find(part).filter(|_| !part.is_empty());
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
pub fn differences(expected: &[Row], found: &[Row]) -> String {
    let mut report = String::new();
    let mut left: Vec<&Row> = found.iter().collect();
    for row in expected {
        let Some(i) = left.iter().position(|other| other.same_content(row)) else {
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

#[cfg(test)]
mod tests {
    use super::*;
    use sayso::quotes::Quote;
    use sayso::speakers::Speaker;
    use sayso::stance::Stance;

    #[test]
    fn takes_every_field_from_a_statement() {
        let text = "\"A b,\" said the aide. \"C.\"";
        let at = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let mention = Some(at("the aide"));
        let statement = Statement {
            confidence: 1.0,
            quote: Quote {
                content: vec![at("A b,"), at("C.")],
                kind: Kind::Direct,
                cue: Some(at("said")),
                mention,
                confidence: 1.0,
                basis: String::new(),
            },
            speaker: Speaker {
                name: "an aide".to_owned(),
                kind: SpeakerType::Unnamed,
                side: "Kenya".to_owned(),
                mention,
                ..Speaker::default()
            },
            stance: Stance { leaning: Label::Confrontational, neutral: 1.0, ..Stance::default() },
        };
        let found = Row::found(&statement, text);
        let written = "direct | A b, … C. | speaker: an aide | mention: the aide | type: unnamed | role: - \
                       | side: Kenya | cue: said | target: - | stance: neutral | leaning: confrontational";
        assert_eq!(found.show(), written);
        let short = "direct | \"A b,\" … \"C.\" | speaker: the aide | type: unnamed | mention: the aide";
        let other = "direct | A b … C | side: - | cue: - | speaker: aide | mention: the aide";
        assert_eq!(row(short, text).unwrap().differs(&found), [""; 0]);
        assert_eq!(row(other, text).unwrap().differs(&found), ["side", "cue"]);
    }

    #[test]
    fn tells_missing_extra_and_differing_rows() {
        let row = |line: &str| row(line, "A b Ana Eve said C").unwrap();
        let (want, same) =
            (row("direct | A | speaker: Ana"), row("direct | \"A,\" | speaker: Ana | cue: said"));
        assert_eq!(differences(std::slice::from_ref(&want), &[same]), "");
        let other = differences(std::slice::from_ref(&want), &[row("mixed | A | speaker: Eve")]);
        assert!(other.contains("differs in kind, speaker"), "{other}");
        let other = differences(&[want], &[row("direct | C | speaker: Ana")]);
        assert!(other.contains("missing  direct | A |") && other.contains("extra    direct | C"), "{other}");
        assert!(!differences(&[row("direct | a")], &[row("direct | A")]).is_empty());
    }
}
