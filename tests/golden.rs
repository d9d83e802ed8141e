//! Runs the worked cases of `seeds/*.md`: Markdown that is documentation and test at once.
//!
//! `seeds/README.md` tells their form; it is borrowed from ruff's mdtest.

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

/// What came of one case.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// As expected.
    Passed,
    /// It fails, as its `known gap:` line says; what is wrong.
    Gap(String),
    /// It fails, or it passes in spite of that line; what is wrong.
    Failed(String),
}

/// Compares what a case expects with the statements found.
fn judge(case: &Case, found: &[Row]) -> Outcome {
    let wrong = rows::differences(&case.rows, found);
    let Case { name, place, .. } = case;
    match &case.gap {
        None if wrong.is_empty() => Outcome::Passed,
        None => Outcome::Failed(format!("{place} {name}\n{wrong}\n")),
        Some(_) if wrong.is_empty() => {
            Outcome::Failed(format!("{place} {name}\n  passes now: take out its `known gap:` line\n\n"))
        }
        Some(reason) => Outcome::Gap(format!("{place} {name}\n  known gap: {reason}\n{wrong}\n")),
    }
}

#[test]
fn worked_cases() {
    let cases = all_cases().unwrap_or_else(|error| panic!("{error}"));
    assert!(AT_LEAST <= cases.len(), "only {} worked cases in seeds/*.md", cases.len());
    let pipeline = Pipeline::load(None).expect("the models load");
    let (mut passed, mut gaps, mut failed) = (0, Vec::new(), Vec::new());
    for case in &cases {
        let analysis = pipeline.analyse(Document { id: &case.name, text: &case.text });
        let found: Vec<_> = analysis.statements.iter().map(|one| Row::found(one, &case.text)).collect();
        match judge(case, &found) {
            Outcome::Passed => passed += 1,
            Outcome::Gap(report) => gaps.push(report),
            Outcome::Failed(report) => failed.push(report),
        }
    }
    let sums = format!(
        "{} worked cases: {passed} passed, {} known gaps, {} failed",
        cases.len(),
        gaps.len(),
        failed.len()
    );
    println!("{}{sums}", gaps.concat());
    assert!(failed.is_empty(), "\n{}{sums}", failed.concat());
}

#[test]
fn a_known_gap_must_fail() {
    let case = |gap: &str| {
        let markdown = format!("## N\n{gap}Why.\n```text\nAna said no.\n```\n```rows\nindirect | no\n```\n");
        cases::parse("f.md", &markdown).expect("a case").remove(0)
    };
    let found = [rows::row("indirect | no", "no").expect("a row")];
    assert_eq!(judge(&case(""), &found), Outcome::Passed);
    assert!(
        matches!(judge(&case(""), &[]), Outcome::Failed(report) if report.contains("missing  indirect | no"))
    );
    assert!(matches!(judge(&case("known gap: x\n"), &[]), Outcome::Gap(report) if report.contains("gap: x")));
    assert!(
        matches!(judge(&case("known gap: x\n"), &found), Outcome::Failed(report) if report.contains("take out"))
    );
}
