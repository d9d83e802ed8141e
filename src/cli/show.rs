//! `sayso show`: an article in the terminal, with its statements in colour.

use std::io::{self, Write};
use std::path::PathBuf;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use sayso::input::Collection;
use sayso::pipeline::Analysis;
use sayso::rows::context::on_one_line;
use sayso::rows::{Row, rows, sink::stdout_error};
use sayso::stance::Label;
use sayso::{Document, Error, Span};

use super::{About, Engine, Exit, Reading, printable, say};

const EXAMPLES: &str = "\
Examples:
  sayso show article.txt
  sayso show --color always article.txt | less -R

Contents are green where conciliatory, red where confrontational, blue where neutral (yellow: further
labels of a model of your own); cues are underlined and speakers bold. The statements follow as a list.";

/// Longest quote in the list, in characters.
const SHORT: usize = 80;

/// Show articles in the terminal, with contents, cues and speakers in colour, and their statements.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    engine: Engine,
    /// When to use colours; auto heeds NO_COLOR and whether standard output is a terminal
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            // `Always` would ask an old Windows console for colours it does not know.
            Color::Always => Self::AlwaysAnsi,
            Color::Never => Self::Never,
        }
    }
}

/// Runs `sayso show`.
///
/// # Errors
/// An input is missing or not what it was taken for, or standard output cannot be written.
pub fn run(args: Args) -> Result<Exit, Error> {
    let collection = Collection::open(&args.inputs, &args.reading.options(None))?;
    collection.notes().iter().for_each(|note| say(About::Note, note));
    let pipeline = args.engine.pipeline()?;
    let mut out = AutoStream::new(io::stdout().lock(), args.color.into());
    let mut exit = Exit::Done;
    let mut documents = collection.documents().peekable();
    let mut is_first = true;
    while let Some(source) = documents.next() {
        // One article needs no heading.
        let is_one_of_many = !std::mem::take(&mut is_first) || documents.peek().is_some();
        match source {
            Ok(source) => {
                if is_one_of_many {
                    let heading = format!("== {} ==", printable(&source.id));
                    writeln!(out, "{}\n", painted(&heading, Style::new().bold())).map_err(stdout_error)?;
                }
                let analysis = pipeline.analyse(source.document());
                show(source.document(), &analysis, &mut out).map_err(stdout_error)?;
            }
            Err(failure) => {
                exit = Exit::SomeFailed;
                say(About::Failure, &failure.to_string());
            }
        }
    }
    Ok(exit)
}

fn show(document: Document<'_>, analysis: &Analysis, out: &mut impl Write) -> io::Result<()> {
    let paint = paint(document.text, analysis);
    let mut start = 0;
    for run in paint.chunk_by(|a, b| a == b) {
        let words = Span::new(start, start + run.len()).of(document.text);
        write!(out, "{}", painted(&printable(words), run[0].style()))?;
        start += run.len();
    }
    if !document.text.ends_with('\n') {
        writeln!(out)?;
    }
    writeln!(out)?;
    let list: Vec<_> = rows(document, analysis).collect();
    let label = |row: &Row<'_>| printable(analysis.labels.name(row.stance.label));
    let stance_width = list.iter().map(|row| label(row).chars().count()).max().unwrap_or(0);
    let speaker_width = list.iter().map(|row| speaker(row).chars().count()).max().unwrap_or(0).min(SHORT / 2);
    for row in &list {
        let stance = format!("{:stance_width$}", label(row));
        let speaker = format!("{:speaker_width$}", shortened(&printable(speaker(row)), speaker_width));
        let quote = shortened(&printable(&on_one_line(&row.quote)), SHORT);
        let (stance, speaker) =
            (painted(&stance, colour(row.stance.label)), painted(&speaker, Style::new().bold()));
        writeln!(out, "{:>3}  {stance}  {speaker}  {quote}", row.statement_id)?;
    }
    if list.is_empty() {
        writeln!(out, "{}: no statements", document.id)?;
    }
    writeln!(out)
}

/// `words` in `style`; plain words stay free of escapes.
fn painted(words: &str, style: Style) -> String {
    format!("{style}{words}{style:#}")
}

fn speaker<'r>(row: &'r Row<'_>) -> &'r str {
    if row.speaker.is_empty() { "—" } else { row.speaker }
}

/// How a byte of the text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Paint {
    content: Option<Label>,
    is_cue: bool,
    is_speaker: bool,
}

impl Paint {
    fn style(self) -> Style {
        let mut style = self.content.map_or(Style::new(), colour);
        if self.is_cue {
            style = style.underline();
        }
        if self.is_speaker {
            style = style.bold();
        }
        style
    }
}

fn colour(label: Label) -> Style {
    let colour = match label {
        Label::Conciliatory => AnsiColor::Green,
        Label::Confrontational => AnsiColor::Red,
        Label::Neutral => AnsiColor::Blue,
        Label::Further(_) => AnsiColor::Yellow,
    };
    Style::new().fg_color(Some(colour.into()))
}

/// The look of each byte of `text`.
fn paint(text: &str, analysis: &Analysis) -> Vec<Paint> {
    let mut paint = vec![Paint::default(); text.len()];
    for statement in &analysis.statements {
        for part in &statement.quote.content {
            paint[part.start..part.end]
                .iter_mut()
                .for_each(|byte| byte.content = Some(statement.stance.label));
        }
        if let Some(cue) = statement.quote.cue {
            paint[cue.start..cue.end].iter_mut().for_each(|byte| byte.is_cue = true);
        }
        if let Some(mention) = statement.speaker.mention.or(statement.quote.mention) {
            paint[mention.start..mention.end].iter_mut().for_each(|byte| byte.is_speaker = true);
        }
    }
    paint
}

/// `words` cut to `length` characters, with an ellipsis for what was cut.
fn shortened(words: &str, length: usize) -> String {
    if words.chars().count() <= length {
        return words.to_owned();
    }
    let kept: String = words.chars().take(length.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sayso::pipeline::Statement;
    use sayso::quotes::{Kind, Quote};
    use sayso::speakers::Speaker;
    use sayso::stance::Stance;

    #[test]
    fn an_article_in_colour() {
        let text = "“Go,” she said.\x1b[2J";
        let quote = Quote {
            content: vec![Span::new(3, 6)],
            kind: Kind::Direct,
            cue: Some(Span::new(14, 18)),
            mention: Some(Span::new(10, 13)),
            confidence: 1.0,
            basis: String::new(),
        };
        let speaker = Speaker { name: "Ana Ríos".into(), mention: quote.mention, ..Speaker::default() };
        let stance = Stance { label: Label::Confrontational, ..Stance::default() };
        let analysis = Analysis {
            statements: vec![Statement { quote, speaker, stance, confidence: 1.0 }],
            ..Analysis::default()
        };
        let mut out = Vec::new();
        show(Document { id: "a", text }, &analysis, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(
            out.starts_with("“\x1b[31mGo,\x1b[0m” \x1b[1mshe\x1b[0m \x1b[4msaid\x1b[0m.\u{FFFD}[2J\n"),
            "{out:?}"
        );
        assert!(
            out.contains("  1  \x1b[31mconfrontational\x1b[0m  \x1b[1mAna Ríos\x1b[0m  Go,\n"),
            "{out:?}"
        );
    }

    #[test]
    fn long_quotes_are_cut_at_a_character() {
        assert_eq!(shortened("äöü ß", 5), "äöü ß");
        assert_eq!(shortened("äöü ßß", 5), "äöü…");
    }
}
