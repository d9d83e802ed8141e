//! How the time for a speaker grows with their number, in one run:
//!
//! ```text
//! cargo bench --bench cast
//! ```
//!
//! *document*: one document with that many mentions (names, surnames, "the minister", "he"; one statement each)
//! through the speaker rules, by hand-made statements, so that the net takes no time. *roster*: a collection
//! with that many speakers, 20 to a document, half of them new, linked. Times are CPU time of the thread
//! (`/proc/thread-self/schedstat`, Linux), the least of three rounds; memory is what the process grew by.

#![allow(clippy::print_stdout)] // a benchmark speaks on standard output

use std::fmt::Write;

use sayso::pipeline::{Analysis, Statement};
use sayso::quotes::{Kind, Quote};
use sayso::reader::Reading;
use sayso::roster::people::People;
use sayso::roster::{Roster, voice};
use sayso::speakers::{self, Speaker, SpeakerType};
use sayso::stance::Stance;
use sayso::{Document, Span, paragraphs, sentences};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const ROUNDS: usize = 3;
/// Speakers of one document of a collection.
const EACH: usize = 20;

fn main() {
    println!("{:<10} {:>9} {:>12} {:>14} {:>10}", "stage", "mentions", "CPU-ms", "µs a mention", "MB grown");
    for mentions in SIZES {
        let (text, quotes) = document(mentions);
        let (paragraphs, sentences) = (paragraphs::split(&text), sentences::split(&text));
        let reading = Reading::default();
        let work = || speakers::attribute(&text, &paragraphs, &sentences, &quotes, &[], &reading).len();
        tell("document", mentions, work);
    }
    for mentions in SIZES {
        tell("roster", mentions, || roster(mentions));
    }
}

fn tell(stage: &str, mentions: usize, work: impl Fn() -> usize) {
    let before = memory();
    let mut least = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = cpu_seconds();
        assert!(0 < work());
        least = least.min(cpu_seconds() - start);
    }
    let grown = (memory() - before).max(0.0);
    let each = 1e6 * least / mentions as f64;
    println!("{stage:<10} {mentions:>9} {:>12.1} {each:>14.2} {grown:>10.1}", 1e3 * least);
}

/// A name for each number, no two alike.
fn name(number: usize) -> (String, String) {
    const GIVEN: [&str; 10] =
        ["Ana", "Eva", "Ilse", "Tomas", "Raymond", "Lucía", "Kenji", "Layla", "Paul", "Omar"];
    const SYLLABLES: [&str; 12] =
        ["ba", "rin", "dol", "vek", "sta", "mor", "lun", "gar", "tiv", "pel", "zan", "koh"];
    let mut family = String::new();
    let mut rest = number / GIVEN.len() + SYLLABLES.len();
    while 0 < rest {
        family.push_str(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
    }
    let family = family[..1].to_uppercase() + &family[1..];
    (GIVEN[number % GIVEN.len()].to_owned(), family)
}

/// A text with that many mentions, each with its statement.
fn document(mentions: usize) -> (String, Vec<Quote>) {
    let mut text = String::new();
    let mut quotes = Vec::with_capacity(mentions);
    for number in 0..mentions {
        let (given, family) = name(number / 4);
        let start = text.len();
        // Writing to a string cannot fail.
        let _ = match number % 4 {
            0 => write!(text, "Foreign Minister {given} {family} of Peru"),
            1 => write!(text, "{family}"),
            2 => write!(text, "The minister"),
            _ => write!(text, "He"),
        };
        let mention = Span::new(start, text.len());
        let cue = Span::new(text.len() + 1, text.len() + 5);
        text.push_str(" said the harbour would open in May. ");
        let content = Span::new(cue.end + 1, text.len() - 2);
        text.push_str(if number % 4 == 3 { "\n\n" } else { "" });
        quotes.push(quote(content, cue, mention));
    }
    (text, quotes)
}

fn quote(content: Span, cue: Span, mention: Span) -> Quote {
    Quote {
        content: vec![content],
        kind: Kind::Indirect,
        cue: Some(cue),
        mention: Some(mention),
        confidence: 0.9,
        basis: String::new(),
    }
}

/// Number of speakers that a collection with that many namings comes to.
fn roster(mentions: usize) -> usize {
    const TEXT: &str = "Somebody said something.";
    let people = People::default();
    let mut roster = Roster::new(&people);
    for document in 0..mentions / EACH {
        let statements = (0..EACH).map(|at| {
            // Half of a document's speakers are those of the document before.
            let (given, family) = name(document * EACH / 2 + at);
            let speaker = Speaker {
                name: if at % 7 == 6 { family } else { format!("{given} {family}") },
                kind: SpeakerType::Person,
                role: "Foreign Minister".into(),
                side: if at % 3 == 0 { "Peru".into() } else { String::new() },
                side_basis: "title",
                ..Speaker::default()
            };
            let quote = quote(Span::new(14, 23), Span::new(9, 13), Span::new(0, 8));
            Statement { quote, speaker, stance: Stance::default(), confidence: 0.5 }
        });
        let analysis = Analysis { statements: statements.collect(), ..Analysis::default() };
        let id = document.to_string();
        let voices = voice::voices(Document { id: &id, text: TEXT }, &analysis);
        roster.add(&id, voices.voices);
    }
    roster.link().members.len()
}

fn cpu_seconds() -> f64 {
    let said =
        std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells a thread's CPU time");
    let nanoseconds = said.split_whitespace().next().and_then(|field| field.parse::<f64>().ok());
    nanoseconds.expect("its first field is in nanoseconds") / 1e9
}

/// Peak of the process's memory so far, MB.
fn memory() -> f64 {
    let said = std::fs::read_to_string("/proc/self/status").expect("Linux tells a process's memory");
    let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("also its peak");
    line.trim_end_matches("kB").trim().parse::<f64>().expect("in kB") / 1e3
}
