//! Voices: the speakers of one document, as the roster hears of them.

use std::collections::{BTreeMap, HashMap};

use crate::pipeline::{Analysis, Statement};
use crate::rows;
use crate::speakers::SpeakerType;
use crate::stance::Labels;
use crate::{Document, Span};

/// Longest quotation of an example, code points.
const EXAMPLE: usize = 120;

/// One speaker of one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice {
    /// Name or description, as in column `speaker`.
    pub name: String,
    /// What it is.
    pub kind: SpeakerType,
    /// 1, 2, … among the unnamed speakers of the document who are called the same; 1 for all others.
    pub number: usize,
    /// The side that title or name state most often; empty if there is none or a mere guess.
    pub stated: String,
    /// What was heard of it.
    pub heard: Heard,
}

/// What statements tell of a speaker: sums that add up over documents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heard {
    /// Number of statements.
    pub statements: u64,
    /// Of these, those of each stance label, in the labels' order.
    pub stances: [u64; *Labels::COUNT.end()],
    /// Roles and how often.
    pub roles: BTreeMap<String, u64>,
    /// Sides, guessed ones too, and how often.
    pub sides: BTreeMap<String, u64>,
    /// The surest statement.
    pub example: Example,
}

/// A statement to show.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Example {
    /// The row's confidence, in thousandths.
    pub sure: u16,
    /// Its document.
    pub doc_id: String,
    /// Its number there.
    pub statement_id: usize,
    /// Its words, shortened.
    pub quote: String,
}

impl Example {
    /// The surer one; of two alike the first by document and number, whatever the order in which they come.
    fn or(self, other: Self) -> Self {
        let rank = |it: &Self| (std::cmp::Reverse(it.sure), it.statement_id == 0);
        let key = |it: &Self| (rank(it), it.doc_id.clone(), it.statement_id);
        if key(&other) < key(&self) { other } else { self }
    }
}

impl Heard {
    /// Adds what was heard elsewhere.
    pub fn add(&mut self, other: Self) {
        self.statements += other.statements;
        self.stances.iter_mut().zip(other.stances).for_each(|(sum, more)| *sum += more);
        other.roles.into_iter().for_each(|(role, n)| *self.roles.entry(role).or_default() += n);
        other.sides.into_iter().for_each(|(side, n)| *self.sides.entry(side).or_default() += n);
        self.example = std::mem::take(&mut self.example).or(other.example);
    }
}

/// The voices of a document, and for each of its statements the index of its voice.
#[derive(Debug, Clone, Default)]
pub struct Voices {
    /// In order of their first statement.
    pub voices: Vec<Voice>,
    /// One entry a statement; none where nobody is named.
    pub of: Vec<Option<usize>>,
}

/// Whether a rule of this name reads the side off title, name or words, and does not guess it from context.
pub(crate) fn is_stated(side_basis: &str) -> bool {
    matches!(side_basis, "title" | "phrase" | "name" | "place")
}

/// Hears the speakers of a document.
///
/// Within a document a name is one speaker. An unnamed speaker who is introduced anew ("an official said …
/// another official said") is a new one; what only takes him up ("the official", "he") is not.
pub fn voices(document: Document<'_>, analysis: &Analysis) -> Voices {
    let mut voices = Voices::default();
    let mut last: HashMap<(SpeakerType, &str), (usize, Option<Span>)> = HashMap::new();
    let mut stated: Vec<BTreeMap<&str, u64>> = Vec::new();
    for (at, statement) in analysis.statements.iter().enumerate() {
        let speaker = &statement.speaker;
        if speaker.name.is_empty() || speaker.kind == SpeakerType::None {
            voices.of.push(None);
            continue;
        }
        let mention = speaker.mention.or(statement.quote.mention);
        let words = mention.map_or("", |mention| mention.of(document.text));
        let known = last.get(&(speaker.kind, speaker.name.as_str())).copied();
        let anew = speaker.kind == SpeakerType::Unnamed && is_indefinite(words);
        let voice = match known {
            Some((voice, before)) if !anew || before == mention => voice,
            _ => {
                let number = known.map_or(1, |(voice, _)| voices.voices[voice].number + 1);
                let (name, kind) = (speaker.name.clone(), speaker.kind);
                let (stated_none, heard) = (String::new(), Heard::default());
                voices.voices.push(Voice { name, kind, number, stated: stated_none, heard });
                stated.push(BTreeMap::new());
                voices.voices.len() - 1
            }
        };
        let opened = if known.is_some_and(|(known, _)| known == voice) && !anew { known } else { None };
        let mention = opened.map_or(mention, |(_, mention)| mention);
        last.insert((speaker.kind, speaker.name.as_str()), (voice, mention));
        if is_stated(speaker.side_basis) {
            *stated[voice].entry(speaker.side.as_str()).or_default() += 1;
        }
        voices.voices[voice].heard.add(heard(document, statement, at + 1));
        voices.of.push(Some(voice));
    }
    for (voice, stated) in voices.voices.iter_mut().zip(&stated) {
        let most = stated.iter().max_by_key(|(side, n)| (**n, std::cmp::Reverse(**side)));
        voice.stated = most.map_or(String::new(), |(side, _)| (*side).to_owned());
    }
    voices
}

/// "an official", "another diplomat": somebody new.
fn is_indefinite(mention: &str) -> bool {
    let first = mention.split_whitespace().next().unwrap_or_default().to_lowercase();
    matches!(first.as_str(), "a" | "an" | "one" | "another" | "some")
}

fn heard(document: Document<'_>, statement: &Statement, number: usize) -> Heard {
    let Statement { quote, speaker, stance, confidence } = statement;
    let once = |word: &str| {
        let word = Some(word).filter(|word| !word.is_empty());
        word.map(|word| (word.to_owned(), 1)).into_iter().collect::<BTreeMap<_, _>>()
    };
    let mut stances = [0; *Labels::COUNT.end()];
    if let Some(count) = stances.get_mut(stance.label.place()) {
        *count = 1;
    }
    Heard {
        statements: 1,
        stances,
        roles: once(&speaker.role),
        sides: once(&speaker.side),
        example: Example {
            sure: (confidence.clamp(0.0, 1.0) * 1_000.0).round() as u16,
            doc_id: document.id.to_owned(),
            statement_id: number,
            quote: shortened(&rows::joined(document.text, &quote.content)),
        },
    }
}

/// The first words of a quotation, on one line.
fn shortened(quote: &str) -> String {
    let line = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(EXAMPLE) else { return line };
    let cut = line[..end].rfind(' ').unwrap_or(end);
    format!("{} …", &line[..cut])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_do_not_depend_on_order() {
        let example =
            |sure, doc: &str| Example { sure, doc_id: doc.into(), statement_id: 1, ..Example::default() };
        let (a, b, c) = (example(9, "b"), example(9, "a"), example(5, "c"));
        assert_eq!(a.clone().or(b.clone()).doc_id, "a");
        assert_eq!(b.clone().or(a).doc_id, "a");
        assert_eq!(Example::default().or(c.clone()), c);
        assert_eq!(c.or(b).doc_id, "a");
    }

    #[test]
    fn long_quotations_are_cut_between_words() {
        assert_eq!(shortened("one\n two"), "one two");
        let long = shortened(&"word ".repeat(100));
        assert!(long.ends_with("word …") && long.chars().count() <= EXAMPLE + 2);
        assert!(shortened(&"é".repeat(500)).ends_with('…'));
    }

    #[test]
    fn somebody_new_is_introduced_by_an_indefinite_article() {
        assert!(is_indefinite("A senior official") && is_indefinite("another diplomat"));
        assert!(!is_indefinite("the official") && !is_indefinite("") && !is_indefinite("he"));
    }
}
