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

use cases::Case;
use rows::Row;
use sayso::Document;
use sayso::pipeline::Pipeline;

#[path = "golden/cases.rs"]
mod cases;
#[path = "golden/rows.rs"]
mod rows;

/// Fewer cases than this mean that a file was lost.
const AT_LEAST: usize = 40;

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
    let mut all = Vec::new();
    for path in files {
        let markdown =
            std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path);
        all.extend(cases::parse(&name.display().to_string(), &markdown)?);
    }
    Ok(all)
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
        let wrong = rows::differences(&case.rows, &found);
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
