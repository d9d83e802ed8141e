//! Rows: the contract with whoever reads the output (OUTPUT.md). One row a statement.

pub mod cell;
pub mod context;
pub mod draft;
pub mod layout;
pub mod offsets;
pub mod sink;

use std::borrow::Cow;

use crate::pipeline::{Analysis, Statement};
use crate::quotes::{Kind, Quote};
use crate::speakers::{Speaker, SpeakerType};
use crate::stance::{Labels, Stance};
use crate::{Document, Span};
use cell::Cell;
use offsets::CodePoints;

/// The columns in their order, for the labels of the shipped model ([`columns`]); after them come the metadata of the
/// input.
pub const COLUMNS: [&str; 24] = [
    "doc_id",
    "statement_id",
    "kind",
    "quote",
    "speaker",
    "speaker_mention",
    "speaker_type",
    "speaker_role",
    "speaker_side",
    "cue",
    "target",
    "stance",
    "leaning",
    "p_conciliatory",
    "p_confrontational",
    "p_neutral",
    "score",
    "confidence",
    "basis",
    "sentence",
    "spans",
    "speaker_span",
    "cue_span",
    "paragraph",
];

/// [`COLUMNS`] with the probabilities of these labels in place of the shipped model's.
pub fn columns(labels: &Labels) -> impl Iterator<Item = String> {
    let owned = |names: &'static [&'static str]| names.iter().map(|&name| name.to_owned());
    owned(&COLUMNS[..11]).chain(stance_columns(labels)).chain(owned(&COLUMNS[17..]))
}

/// Column after [`COLUMNS`] where it was asked who each speaker is in the collection.
pub const SPEAKER_ID: &str = "speaker_id";

/// The columns of a stance, in their order: those that `sayso stance` adds.
pub fn stance_columns(labels: &Labels) -> Vec<String> {
    let mut columns = vec!["stance".to_owned(), "leaning".to_owned()];
    columns.extend(labels.names().iter().map(|name| format!("p_{name}")));
    columns.push("score".to_owned());
    columns
}

/// What joins the parts of a quote or of its context.
const ELLIPSIS: &str = " … ";

/// A half-open range of code points.
pub type Range = [usize; 2];

/// One line of the output.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'t> {
    /// Document the statement stands in.
    pub doc_id: &'t str,
    /// 1, 2, … within the document.
    pub statement_id: usize,
    /// How much of the content stands in quotation marks.
    pub kind: Kind,
    /// The content as it stands in the text.
    pub quote: Cow<'t, str>,
    /// Canonical name of the speaker, or empty.
    pub speaker: &'t str,
    /// The words that stand for the speaker, or empty.
    pub speaker_mention: &'t str,
    /// What the speaker is.
    pub speaker_type: SpeakerType,
    /// Title or office, or empty.
    pub speaker_role: &'t str,
    /// Country or organisation spoken for, or empty.
    pub speaker_side: &'t str,
    /// The reporting words, or empty.
    pub cue: &'t str,
    /// Whom the statement is about or addressed to, or empty.
    pub target: &'t str,
    /// What it does toward its counterpart.
    pub stance: Stance,
    /// Names of the stance labels.
    pub labels: &'t Labels,
    /// Probability that the row is a statement by that speaker, 0–1.
    pub confidence: f32,
    /// What settled content, speaker and stance.
    pub basis: String,
    /// The sentences that hold content, cue and speaker.
    pub sentence: String,
    /// Code points of the content.
    pub spans: Vec<Range>,
    /// Code points of the words that stand for the speaker.
    pub speaker_span: Option<Range>,
    /// Code points of the reporting words.
    pub cue_span: Option<Range>,
    /// Number of the paragraph where the content starts, 1, 2, …
    pub paragraph: usize,
}

/// The rows of a document, one for each of its statements, in time linear in its length.
pub fn rows<'t>(document: Document<'t>, analysis: &'t Analysis) -> impl Iterator<Item = Row<'t>> {
    let offsets = CodePoints::new(document.text);
    (0..analysis.statements.len()).map(move |at| row(document, analysis, &offsets, at))
}

/// What settled each part of a row: `quote=marks+tagger;speaker=pronoun;side=context;stance=model`; parts that are
/// empty are not named.
fn basis(quote: &Quote, speaker: &Speaker) -> String {
    let settled = [
        ("quote", quote.basis.as_str()),
        ("speaker", speaker.basis),
        ("side", speaker.side_basis),
        ("target", speaker.target_basis),
        ("stance", "model"),
    ];
    let named = settled.iter().filter(|(_, by)| !by.is_empty());
    named.map(|(what, by)| format!("{what}={by}")).collect::<Vec<_>>().join(";")
}

/// `basis` with what settled `part` put in its place, or at the end.
pub(crate) fn resettled(basis: &str, part: &str, by: &str) -> String {
    let own = |settled: &&str| settled.split('=').next() == Some(part);
    let settled = format!("{part}={by}");
    if !basis.split(';').any(|settled| own(&settled)) {
        return format!("{basis};{settled}");
    }
    let put = |before| if own(&before) { settled.as_str() } else { before };
    basis.split(';').map(put).collect::<Vec<_>>().join(";")
}

/// The row of the statement at index `at`.
fn row<'t>(document: Document<'t>, analysis: &'t Analysis, offsets: &CodePoints<'t>, at: usize) -> Row<'t> {
    let text = document.text;
    let Statement { quote, speaker, stance, confidence } = &analysis.statements[at];
    let mention = speaker.mention.or(quote.mention);
    let words = |span: Option<Span>| span.map_or("", |span| span.of(text));
    let first = quote.content.first().map_or(0, |part| part.start);
    Row {
        doc_id: document.id,
        statement_id: at + 1,
        kind: quote.kind,
        quote: joined(text, &quote.content),
        speaker: &speaker.name,
        speaker_mention: words(mention),
        speaker_type: speaker.kind,
        speaker_role: &speaker.role,
        speaker_side: &speaker.side,
        cue: words(quote.cue),
        target: &speaker.target,
        stance: *stance,
        labels: &analysis.labels,
        confidence: *confidence,
        basis: basis(quote, speaker),
        sentence: context::sentence(
            text,
            &analysis.sentences,
            quote.content.iter().copied().chain(quote.cue).chain(mention),
        ),
        spans: quote.content.iter().map(|part| offsets.range(*part)).collect(),
        speaker_span: mention.map(|span| offsets.range(span)),
        cue_span: quote.cue.map(|span| offsets.range(span)),
        // A content that starts between two paragraphs belongs to the second.
        paragraph: 1 + analysis.paragraphs.partition_point(|paragraph| paragraph.end <= first),
    }
}

pub(crate) fn joined<'t>(text: &'t str, parts: &[Span]) -> Cow<'t, str> {
    match parts {
        [part] => Cow::Borrowed(part.of(text)),
        parts => Cow::Owned(parts.iter().map(|part| part.of(text)).collect::<Vec<_>>().join(ELLIPSIS)),
    }
}

impl Row<'_> {
    /// The row's cells, in the order of [`columns`].
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        [
            Cell::Text(self.doc_id),
            Cell::Count(self.statement_id),
            Cell::Text(kind(self.kind)),
            Cell::Text(&self.quote),
            Cell::Text(self.speaker),
            Cell::Text(self.speaker_mention),
            Cell::Text(speaker_type(self.speaker_type)),
            Cell::Text(self.speaker_role),
            Cell::Text(self.speaker_side),
            Cell::Text(self.cue),
            Cell::Text(self.target),
        ]
        .into_iter()
        .chain(stance_cells(&self.stance, self.labels))
        .chain([
            Cell::Number(rounded(self.confidence, 1_000)),
            Cell::Text(&self.basis),
            Cell::Text(&self.sentence),
            Cell::Ranges(&self.spans),
            Cell::Range(self.speaker_span),
            Cell::Range(self.cue_span),
            Cell::Count(self.paragraph),
        ])
    }
}

/// A stance's cells, in the order of [`stance_columns`]. The probabilities have four decimals and sum to 1 in them.
pub fn stance_cells<'l>(stance: &Stance, labels: &'l Labels) -> Vec<Cell<'l>> {
    const PARTS: i64 = 10_000;
    let parts = |probability: f32| (f64::from(probability.clamp(0.0, 1.0)) * PARTS as f64).round() as i64;
    let number = |parts: i64| Cell::Number(parts as f64 / PARTS as f64);
    let probabilities = &stance.probabilities()[..labels.names().len()];
    let mut rest = PARTS;
    let mut shares: Vec<i64> = probabilities.iter().map(|&probability| parts(probability)).collect();
    // The last of the first three has what the others leave, as rounding would give one part too many or few.
    let last = shares.len().min(3) - 1;
    for place in (0..shares.len()).filter(|&place| place != last) {
        shares[place] = shares[place].min(rest);
        rest -= shares[place];
    }
    shares[last] = rest;
    let mut cells = vec![Cell::Text(labels.name(stance.label)), Cell::Text(labels.name(stance.leaning))];
    cells.extend(shares.iter().map(|&share| number(share)));
    cells.push(number(shares[0] - shares[1]));
    cells
}

fn rounded(probability: f32, parts: u32) -> f64 {
    (f64::from(probability.clamp(0.0, 1.0)) * f64::from(parts)).round() / f64::from(parts)
}

/// The word for a kind of quote in column `kind`.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Direct => "direct",
        Kind::Mixed => "mixed",
        Kind::Indirect => "indirect",
    }
}

/// The word for a type of speaker in column `speaker_type`.
pub fn speaker_type(kind: SpeakerType) -> &'static str {
    match kind {
        SpeakerType::Person => "person",
        SpeakerType::Organisation => "organisation",
        SpeakerType::Country => "country",
        SpeakerType::Group => "group",
        SpeakerType::Unnamed => "unnamed",
        SpeakerType::None => "none",
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::sentences::Sentence;
    use crate::stance::Label;

    pub(crate) const TEXT: &str = "A café opens.\n\n“We héar you,” said Ana Ríos. “Let us talk.”";

    pub(crate) fn span(text: &str, words: &str) -> Span {
        let start = text.find(words).unwrap();
        Span::new(start, start + words.len())
    }

    /// The split quotation of `TEXT`.
    pub(crate) fn analysis() -> Analysis {
        let mention = Some(span(TEXT, "Ana Ríos"));
        let quote = Quote {
            content: vec![span(TEXT, "We héar you,"), span(TEXT, "Let us talk.")],
            kind: Kind::Direct,
            cue: Some(span(TEXT, "said")),
            mention,
            confidence: 0.9,
            basis: "marks+tagger".into(),
        };
        let speaker = Speaker {
            name: "Ana Ríos".into(),
            kind: SpeakerType::Person,
            mention,
            basis: "name",
            confidence: 0.5,
            ..Speaker::default()
        };
        let stance = Stance {
            label: Label::Conciliatory,
            leaning: Label::Conciliatory,
            conciliatory: 0.66666,
            confrontational: 0.11117,
            neutral: 0.22217,
            ..Stance::default()
        };
        let ends = [span(TEXT, "“We").start, span(TEXT, "“Let").start, TEXT.len()];
        let starts = [0, ends[0], ends[1]];
        Analysis {
            paragraphs: crate::paragraphs::split(TEXT),
            sentences: starts
                .iter()
                .zip(ends)
                .map(|(start, end)| Sentence { span: Span::new(*start, end) })
                .collect(),
            statements: vec![Statement { quote, speaker, stance, confidence: 0.45 }],
            ..Analysis::default()
        }
    }

    #[test]
    fn a_split_quotation() {
        let analysis = analysis();
        let row = rows(Document { id: "a", text: TEXT }, &analysis).next().unwrap();
        assert_eq!(row.quote, "We héar you, … Let us talk.");
        assert_eq!(row.sentence, "“We héar you,” said Ana Ríos. “Let us talk.”");
        assert_eq!(row.paragraph, 2);
        assert_eq!(row.basis, "quote=marks+tagger;speaker=name;stance=model");
        // What Python's TEXT[16:28] and TEXT[45:57] give.
        assert_eq!(row.spans, [[16, 28], [46, 58]]);
        let chars: Vec<char> = TEXT.chars().collect();
        let [start, end] = row.spans[1];
        assert_eq!(chars[start..end].iter().collect::<String>(), "Let us talk.");
        assert_eq!(row.cells().count(), COLUMNS.len());
    }

    #[test]
    fn probabilities_sum_to_one_in_four_decimals() {
        let numbers = |conciliatory, confrontational| {
            let stance = Stance { conciliatory, confrontational, neutral: 0.0, ..Stance::default() };
            stance_cells(&stance, &Labels::default())[2..]
                .iter()
                .map(|cell| match cell {
                    Cell::Number(number) => *number,
                    _ => f64::NAN,
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(numbers(0.66666, 0.11117), [0.6667, 0.1112, 0.2221, 0.5555]);
        assert_eq!(numbers(0.99996, 0.00005), [1.0, 0.0, 0.0, 1.0]);
        assert_eq!(numbers(f32::NAN, 0.0), [0.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn labels_of_ones_own_name_the_columns_and_the_stance() {
        let own = |names: &[&str]| Labels::new(names.iter().map(|&name| name.to_owned()).collect()).unwrap();
        let labels = own(&["ally", "foe", "other", "threat"]);
        let columns: Vec<_> = columns(&labels).collect();
        assert_eq!(columns.len(), 25);
        assert_eq!(columns[11..18], ["stance", "leaning", "p_ally", "p_foe", "p_other", "p_threat", "score"]);
        let (label, leaning) = (Label::Further(3), Label::Conciliatory);
        let mut stance = Stance { label, leaning, conciliatory: 0.2, ..Stance::default() };
        stance.further[0] = 0.8;
        let cells = |labels: &Labels| -> Vec<String> {
            stance_cells(&stance, labels).iter().map(|cell| cell.csv(cell::Formulas::Raw)).collect()
        };
        assert_eq!(cells(&labels), ["threat", "ally", "0.2", "0", "0", "0.8", "0.2"]);
        assert_eq!(cells(&own(&["ally", "foe"])).len(), 5);
        assert!(super::columns(&Labels::default()).eq(COLUMNS));
    }
}
