//! Linked runs: rows that say who each speaker is in the whole collection, and the cast itself.
//!
//! Who a speaker is can be said only when all documents are read. Rows wait for that in a temporary file
//! without a name (in the system's folder for such files, about as large as the output), so memory does not
//! grow with the rows, only with the number of different speakers.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::num::NonZeroUsize;

use crate::input::{Collection, Source};
use crate::pipeline::Analysis;
use crate::roster::people::People;
use crate::roster::voice::{self, Voice};
use crate::roster::{Linked, Roster};
use crate::rows::cell::Cell;
use crate::rows::draft::Draft;
use crate::rows::layout::Layout;
use crate::rows::sink::Sink;
use crate::{Document, Error, rows};

use super::{Event, Tally, each};

/// Writes rows in which those speakers that `people` knows have their names, sides and ids. Rows go out as
/// documents come in.
///
/// # Errors
/// As [`extract`](super::extract).
pub fn extract_known(
    collection: &Collection,
    analyse: impl Fn(Document<'_>) -> Analysis + Sync,
    people: &People,
    layout: &Layout,
    threads: NonZeroUsize,
    sink: &mut Sink,
    tell: impl FnMut(Event<'_>),
) -> Result<Tally, Error> {
    sink.write(&layout.header())?;
    let render = |source: &Source, analysis: &Analysis| {
        let voices = voice::voices(source.document(), analysis);
        let known = people.known(&voices);
        let lines = drafts(source, analysis, &voices.of, layout).into_iter().map(|draft| {
            let known = draft.speaker.and_then(|voice| known.get(voice)).and_then(Option::as_ref);
            draft.finish(known, layout)
        });
        lines.flatten().collect::<Vec<u8>>()
    };
    each(collection, analyse, render, threads, |_, lines| sink.write(&lines), tell)
}

/// Writes rows in which every speaker has a name and an id for the whole collection. Rows go out when all
/// documents are read.
///
/// # Errors
/// As [`extract`](super::extract); or the temporary file cannot be written.
pub fn extract_linked(
    collection: &Collection,
    analyse: impl Fn(Document<'_>) -> Analysis + Sync,
    people: &People,
    layout: &Layout,
    threads: NonZeroUsize,
    sink: &mut Sink,
    tell: impl FnMut(Event<'_>),
) -> Result<Tally, Error> {
    let mut roster = Roster::new(people);
    let mut waiting = Waiting::new()?;
    let render = |source: &Source, analysis: &Analysis| {
        let voices = voice::voices(source.document(), analysis);
        (drafts(source, analysis, &voices.of, layout), voices.voices)
    };
    let take = |doc_id: &str, (drafts, voices): (Vec<Draft>, Vec<Voice>)| {
        let forms = roster.add(doc_id, voices);
        drafts.into_iter().try_for_each(|mut draft| {
            draft.speaker = draft.speaker.and_then(|voice| forms.get(voice)).copied();
            waiting.push(&draft)
        })
    };
    let tally = each(collection, analyse, render, threads, take, tell)?;
    let Linked { known, .. } = roster.link();
    sink.write(&layout.header())?;
    waiting.drain(|draft| {
        let known = draft.speaker.and_then(|form| known.get(form));
        sink.write(&draft.finish(known, layout))
    })?;
    Ok(tally)
}

/// The speakers of a collection.
///
/// # Errors
/// The threads cannot be started.
pub fn cast(
    collection: &Collection,
    analyse: impl Fn(Document<'_>) -> Analysis + Sync,
    people: &People,
    threads: NonZeroUsize,
    tell: impl FnMut(Event<'_>),
) -> Result<(Tally, Linked), Error> {
    let mut roster = Roster::new(people);
    let render = |source: &Source, analysis: &Analysis| voice::voices(source.document(), analysis).voices;
    let take = |doc_id: &str, voices: Vec<Voice>| {
        roster.add(doc_id, voices);
        Ok(())
    };
    let tally = each(collection, analyse, render, threads, take, tell)?;
    Ok((tally, roster.link()))
}

/// The rows of a document, each with the index of its voice.
fn drafts(source: &Source, analysis: &Analysis, of: &[Option<usize>], layout: &Layout) -> Vec<Draft> {
    let rows = rows::rows(source.document(), analysis);
    let draft = |(row, voice): (rows::Row<'_>, &Option<usize>)| {
        Draft::new(&row, source.metadata.iter().map(Cell::Input), *voice, layout)
    };
    rows.zip(of).map(draft).collect()
}

/// Rows on disk, in order. The system removes the file when the program ends, however it ends.
struct Waiting(BufWriter<File>);

impl Waiting {
    fn new() -> Result<Self, Error> {
        Ok(Self(BufWriter::new(tempfile::tempfile().map_err(failed)?)))
    }

    fn push(&mut self, draft: &Draft) -> Result<(), Error> {
        serde_json::to_writer(&mut self.0, draft).map_err(|error| failed(error.into()))?;
        self.0.write_all(b"\n").map_err(failed)
    }

    fn drain(self, mut take: impl FnMut(Draft) -> Result<(), Error>) -> Result<(), Error> {
        let mut file = self.0.into_inner().map_err(|error| failed(error.into_error()))?;
        file.rewind().map_err(failed)?;
        BufReader::new(file).lines().try_for_each(|line| {
            let draft = serde_json::from_str(&line.map_err(failed)?);
            take(draft.map_err(|error| failed(error.into()))?)
        })
    }
}

fn failed(error: std::io::Error) -> Error {
    Error::io("temporary file", error)
}
