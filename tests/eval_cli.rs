//! `sayso eval` as a user runs it: absent data is told, missed bars and broken lines decide the exit code.

#![allow(clippy::unwrap_used)] // also in the helpers of the tests

use assert_cmd::Command;
use std::path::Path;

const ARTICLE: &str = r#"{"id": "t", "text": "Ines Falk said talks go on.", "statements": [{"spans": [[15, 26]],
    "speaker_spans": [[0, 9]], "cue_spans": [[10, 14]], "speaker": "Ines Falk", "type": "person", "side": "",
    "target": "", "stance": "N"}]}"#;

fn eval(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("sayso").unwrap();
    command.current_dir(folder).arg("eval").arg(folder);
    command
}

fn folder_with(article: &str, bars: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("articles")).unwrap();
    std::fs::write(folder.path().join("articles/articles-dev.jsonl"), article.replace('\n', " ")).unwrap();
    std::fs::write(folder.path().join("bars.json"), bars).unwrap();
    folder
}

#[test]
fn without_data_everything_is_skipped_aloud() {
    let folder = tempfile::tempdir().unwrap();
    let output = eval(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let notes = String::from_utf8(output.stderr).unwrap();
    assert!(notes.contains("polnear-dev.jsonl") && notes.contains("bars.json is not there"), "{notes}");
    assert!(folder.path().join("eval/REPORT.md").is_file());
}

#[test]
fn a_missed_bar_decides_the_exit_code_only_when_asked() {
    // Nothing reaches 101 per cent, everything 0.
    for (bar, code) in [("101", 1), ("0", 0)] {
        let folder = folder_with(ARTICLE, &format!(r#"{{"articles-dev": {{"bars": {{"name": {bar}}}}}}}"#));
        let run = |more: &[&str]| {
            let mut command = eval(folder.path());
            command.args(["--only", "articles-dev", "--bars", "bars.json"]).args(more);
            command.output().unwrap().status.code()
        };
        assert_eq!(run(&["--check"]), Some(code), "bar {bar}");
        assert_eq!(run(&[]), Some(0), "bar {bar}");
        assert!(!folder.path().join("eval").exists(), "a part is no report");
    }
}

#[test]
fn a_broken_line_is_named() {
    let folder = folder_with("{\"id\": 7}", "{}");
    let output = eval(folder.path()).args(["--only", "articles-dev"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let notes = String::from_utf8(output.stderr).unwrap();
    assert!(notes.contains("articles-dev.jsonl") && notes.contains("line 1"), "{notes}");
}
