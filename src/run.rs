//! Run: a collection through the pipeline, in parallel inside and in order outside.

pub mod linked;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use crate::input::{Collection, Failure, Source};
use crate::pipeline::Analysis;
use crate::rows::cell::Cell;
use crate::rows::layout::Layout;
use crate::rows::{self, sink::Sink};
use crate::{Document, Error};

/// Name of the threads that do the work; a panic in one of them is a failed document.
pub const WORKER: &str = "sayso-worker";

/// Items read ahead, for each thread: enough that a long document does not stop the others.
const AHEAD: usize = 8;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents analysed.
    pub documents: u64,
    /// Rows written.
    pub statements: u64,
    /// Documents that could not be read or analysed.
    pub failed: u64,
    /// Words of the documents analysed.
    pub words: u64,
    /// Bytes of input dealt with, failed or not.
    pub bytes: u64,
}

/// What a run has to say, in the order of the documents.
#[derive(Debug)]
pub enum Event<'e> {
    /// A document failed.
    Failed(&'e Failure),
    /// Something to know about the document at a place.
    Note(&'e str, &'e str),
    /// One more document is done.
    Done(Tally),
}

/// Reads the documents of `collection`, applies `analyse` to each on `threads` threads, and writes their
/// rows to `sink` in the documents' order, whatever the number of threads. A document that cannot be read,
/// or on which `analyse` panics, is told to `tell` and the rest goes on.
///
/// # Errors
/// The output cannot be written.
pub fn extract(
    collection: &Collection,
    analyse: impl Fn(Document<'_>) -> Analysis + Sync,
    layout: &Layout,
    threads: NonZeroUsize,
    sink: &mut Sink,
    tell: impl FnMut(Event<'_>),
) -> Result<Tally, Error> {
    sink.write(&layout.header())?;
    let render = |source: &Source, analysis: &Analysis| {
        let rows = rows::rows(source.document(), analysis);
        let line =
            |row: rows::Row<'_>| layout.line(row.cells().chain(source.metadata.iter().map(Cell::Input)));
        rows.flat_map(line).collect::<Vec<u8>>()
    };
    each(collection, analyse, render, threads, |_, lines| sink.write(&lines), tell)
}

/// Does the same and hands what `render` makes of each document, with its id, to `take` in the documents'
/// order.
///
/// # Errors
/// That of `take`.
pub fn each<T: Send>(
    collection: &Collection,
    analyse: impl Fn(Document<'_>) -> Analysis + Sync,
    render: impl Fn(&Source, &Analysis) -> T + Sync,
    threads: NonZeroUsize,
    mut take: impl FnMut(&str, T) -> Result<(), Error>,
    mut tell: impl FnMut(Event<'_>),
) -> Result<Tally, Error> {
    let mut tally = Tally::default();
    let work = |source: Result<Source, Failure>| rendered(source?, &analyse, &render);
    in_order(threads, collection.documents(), work, |outcome: Result<Rendered<T>, Failure>| {
        match outcome {
            Ok(rendered) => {
                take(&rendered.id, rendered.outcome)?;
                rendered.notes.iter().for_each(|note| tell(Event::Note(&rendered.place, note)));
                tally.documents += 1;
                tally.statements += rendered.statements;
                tally.words += rendered.words;
                tally.bytes += rendered.bytes;
            }
            Err(failure) => {
                tally.failed += 1;
                tally.bytes += failure.bytes;
                tell(Event::Failed(&failure));
            }
        }
        tell(Event::Done(tally));
        Ok(())
    })?;
    Ok(tally)
}

/// What was made of a document.
struct Rendered<T> {
    id: String,
    outcome: T,
    statements: u64,
    words: u64,
    bytes: u64,
    place: String,
    notes: Vec<String>,
}

fn rendered<T>(
    source: Source,
    analyse: &(impl Fn(Document<'_>) -> Analysis + Sync),
    render: &(impl Fn(&Source, &Analysis) -> T + Sync),
) -> Result<Rendered<T>, Failure> {
    let done = catch_unwind(AssertUnwindSafe(|| {
        let analysis = analyse(source.document());
        (render(&source, &analysis), analysis.statements.len() as u64)
    }));
    let (outcome, statements) = match done {
        Ok(done) => done,
        Err(panic) => {
            let reason = format!("a bug in sayso, please report it: {}", message(panic.as_ref()));
            return Err(Failure { id: Some(source.id), place: source.place, reason, bytes: source.bytes });
        }
    };
    let words = source.text.split_whitespace().count() as u64;
    let Source { id, place, notes, bytes, .. } = source;
    Ok(Rendered { id, outcome, statements, words, bytes, place, notes })
}

/// What a panic said.
pub(crate) fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(message), _) => message,
        (None, Some(message)) => message,
        (None, None) => "panic without a message",
    }
}

/// Does `work` on each of `items` on `threads` threads and hands the results to `take` in the items' order.
/// Items are drawn and results taken on the calling thread; no more than a few items a thread are under way
/// at any time. An error of `take` ends it all.
///
/// # Errors
/// That of `take`, or the threads cannot be started.
pub fn in_order<T: Send, U: Send>(
    threads: NonZeroUsize,
    items: impl Iterator<Item = T>,
    work: impl Fn(T) -> U + Sync,
    mut take: impl FnMut(U) -> Result<(), Error>,
) -> Result<(), Error> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.get())
        .thread_name(|number| format!("{WORKER}-{number}"))
        .build()?;
    let stopped = AtomicBool::new(false);
    pool.in_place_scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        let mut order = Order { next: 0, waiting: BTreeMap::new() };
        let mut take = |(number, result): (usize, U)| {
            order.put(number, result, &mut take).inspect_err(|_| stopped.store(true, Ordering::Relaxed))?;
            Ok::<usize, Error>(order.next)
        };
        let (mut begun, mut taken) = (0, 0);
        for item in items {
            let (sender, stopped, work) = (sender.clone(), &stopped, &work);
            scope.spawn(move |_| {
                if !stopped.load(Ordering::Relaxed) {
                    // Nobody listens any more if the run has ended with an error.
                    let _ = sender.send((begun, work(item)));
                }
            });
            begun += 1;
            while let Ok(result) = receiver.try_recv() {
                taken = take(result)?;
            }
            while threads.get() * AHEAD <= begun - taken {
                let Ok(result) = receiver.recv() else { break };
                taken = take(result)?;
            }
        }
        drop(sender);
        receiver.into_iter().try_for_each(|result| take(result).map(|_| ()))
    })
}

/// Puts results back into order.
struct Order<U> {
    /// Number of the next result to hand on.
    next: usize,
    /// Results that came before their turn.
    waiting: BTreeMap<usize, U>,
}

impl<U> Order<U> {
    fn put(
        &mut self,
        number: usize,
        result: U,
        take: &mut impl FnMut(U) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.waiting.insert(number, result);
        while let Some(result) = self.waiting.remove(&self.next) {
            take(result)?;
            self.next += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Options;
    use crate::rows::cell::Formulas;
    use crate::rows::layout::Form;
    use crate::stance::Labels;
    use std::fs;

    fn threads(number: usize) -> NonZeroUsize {
        NonZeroUsize::new(number).unwrap()
    }

    #[test]
    fn results_come_in_order_from_uneven_work() {
        for number in [1, 2, 8] {
            let mut results = Vec::new();
            let work = |item: u64| {
                std::thread::sleep(std::time::Duration::from_micros(item % 7 * 50));
                item
            };
            in_order(threads(number), 0..500, work, |item| {
                results.push(item);
                Ok(())
            })
            .unwrap();
            assert!(results.iter().copied().eq(0..500));
        }
    }

    #[test]
    fn items_are_not_drawn_far_ahead() {
        use std::sync::atomic::AtomicUsize;
        let (drawn, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let items = (0..1_000).inspect(|_| {
            most.fetch_max(drawn.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        });
        in_order(
            threads(2),
            items,
            |item| item,
            |_| {
                drawn.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            },
        )
        .unwrap();
        assert!(most.load(Ordering::SeqCst) <= 2 * AHEAD + 1, "{most:?}");
    }

    #[test]
    fn an_error_ends_the_run() {
        let mut taken = 0;
        let outcome = in_order(
            threads(2),
            0..,
            |item| item,
            |_: u64| {
                taken += 1;
                if taken == 100 { Err(Error::ClosedPipe) } else { Ok(()) }
            },
        );
        assert!(matches!(outcome, Err(Error::ClosedPipe)));
        assert_eq!(taken, 100);
    }

    #[test]
    fn a_panic_is_one_failed_document() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("a", "one two"), ("b", "boom"), ("c", "three")] {
            fs::write(folder.path().join(name).with_extension("txt"), text).unwrap();
        }
        let out = folder.path().join("out.csv");
        let collection = Collection::open(&[folder.path().to_owned()], &Options::default()).unwrap();
        let mut sink = Sink::open(Some(&out), collection.paths()).unwrap();
        let analyse = |document: Document<'_>| {
            assert!(document.text != "boom", "it went boom");
            Analysis::default()
        };
        let layout = Layout::of_rows(Form::Csv, Formulas::Guarded, &Labels::default(), collection.columns());
        let mut failures = Vec::new();
        let tally = extract(&collection, analyse, &layout, threads(2), &mut sink, |event| {
            if let Event::Failed(failure) = event {
                failures.push(failure.to_string());
            }
        })
        .unwrap();
        sink.finish().unwrap();
        assert_eq!((tally.documents, tally.failed, tally.words, tally.bytes), (2, 1, 3, 16));
        assert!(failures[0].starts_with("b (") && failures[0].ends_with("it went boom"), "{failures:?}");
        assert_eq!(fs::read(&out).unwrap(), layout.header());
    }

    #[test]
    fn rows_of_many_documents_do_not_depend_on_threads() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..40 {
            fs::write(folder.path().join(format!("{number}.txt")), rows::tests::TEXT).unwrap();
        }
        let out = folder.path().join("out.jsonl.tmp");
        let collection = Collection::open(&[folder.path().to_owned()], &Options::default()).unwrap();
        let layout =
            Layout::of_rows(Form::Jsonl, Formulas::Guarded, &Labels::default(), collection.columns());
        let outputs = [1, 2, 8].map(|number| {
            let mut sink = Sink::open(Some(&out), collection.paths()).unwrap();
            let analyse = |_: Document<'_>| rows::tests::analysis();
            extract(&collection, analyse, &layout, threads(number), &mut sink, |_| {}).unwrap();
            sink.finish().unwrap();
            fs::read_to_string(&out).unwrap()
        });
        assert_eq!(outputs[0].lines().count(), 40);
        assert!(outputs[0].starts_with("{\"doc_id\":\"0\",\"statement_id\":1,"));
        assert!(outputs.iter().all(|output| *output == outputs[0]));
    }
}
