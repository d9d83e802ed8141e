//! The program as its users meet it: arguments, exit codes, messages, and input that is not as it should be.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A document that has something to find in it.
const ARTICLE: &str = "The Talks\n\n“We are grateful for the warm welcome,” said Foreign Minister Ana Ríos on \
                       Monday. “Let us go on talking.”\n\nShe accused the neighbours of dumping waste.\n";

const HEADER: &str = "doc_id,statement_id,kind,quote,speaker,speaker_mention,speaker_type,speaker_role,\
                      speaker_side,cue,target,stance,leaning,p_conciliatory,p_confrontational,p_neutral,\
                      score,confidence,basis,sentence,spans,speaker_span,cue_span,paragraph";

/// A folder of files and what the program does in it.
struct Desk(TempDir);

impl Desk {
    fn with<const N: usize>(files: [(&str, &[u8]); N]) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        for (name, content) in files {
            let path = desk.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("sayso"));
        command.args(arguments.split_whitespace()).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &str) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    fn run_with_stdin(&self, arguments: &str, stdin: &[u8]) -> Ran {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin).unwrap();
        Ran::from(child.wait_with_output().unwrap())
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(&self.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// What a run left behind.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Checks the exit code and that the messages hold `words`.
    fn said(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for words in words {
            assert!(self.stderr.contains(words), "{words:?} is not in {self:#?}");
        }
        self
    }

    /// The documents that have rows.
    fn documents(&self) -> Vec<String> {
        let mut reader = csv::Reader::from_reader(self.stdout.as_bytes());
        let mut ids: Vec<_> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
        ids.dedup();
        ids
    }
}

#[test]
fn standard_output_holds_rows_and_nothing_else() {
    let desk = Desk::with([("a.txt", ARTICLE.as_bytes()), ("b.txt", b"\xFF\xFEh\0i\0"), ("c.txt", b"")]);
    let ran = desk.run("extract .").said(0, &["3 documents", "0 failed", "words/s"]);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(ran.stdout.as_bytes());
    let lengths: Vec<_> = reader.records().map(|record| record.unwrap().len()).collect();
    assert!(lengths.iter().all(|length| *length == 24), "{lengths:?}");
    assert_eq!(ran.stdout.lines().next(), Some(HEADER));
    assert!(!ran.stdout.contains('\r'));
    let ran = desk.run("extract . --format jsonl").said(0, &[]);
    for line in ran.stdout.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(row.as_object().unwrap().len(), 24);
    }
    assert_eq!(desk.run("extract . --quiet").said(0, &[]).stderr, "");
}

#[test]
fn metadata_come_last_in_order_of_appearance() {
    let desk = Desk::with([
        ("a.csv", b"date,id,text,url\n2020,1,hello,u\n"),
        (
            "b.jsonl",
            b"{\"id\":\"2\",\"text\":\"x\",\"url\":\"v\"}\n{\"id\":3,\"text\":\"y\",\"title\":\"t\"}\n",
        ),
    ]);
    let ran = desk.run("extract a.csv b.jsonl").said(0, &["3 documents"]);
    assert_eq!(ran.stdout.lines().next().unwrap(), format!("{HEADER},doc_date,doc_url,doc_title"));
}

#[test]
fn an_empty_file_is_a_document_without_rows() {
    let desk = Desk::with([("a.txt", b""), ("b.txt", ARTICLE.as_bytes())]);
    desk.run("extract a.txt b.txt").said(0, &["a.txt: no text in it", "2 documents", "0 failed"]);
    desk.run("extract a.txt").said(0, &["1 documents, 0 statements, 0 failed"]);
}

#[test]
fn an_empty_folder_cannot_be_run() {
    let desk = Desk::with([("folder/notes.md", b"x")]);
    let ran = desk.run("extract folder -o out.csv").said(2, &["folder: no .txt, .csv or .jsonl file"]);
    assert_eq!(ran.stdout, "");
    assert_eq!(desk.names(), ["folder"]);
}

#[test]
fn a_missing_file_stops_the_run_before_it_starts() {
    let desk = Desk::with([("a.txt", ARTICLE.as_bytes())]);
    let ran = desk.run("extract a.txt missing.txt").said(2, &["missing.txt: "]);
    assert_eq!(ran.stdout, "");
    desk.run("extract a.txt -o missing/out.csv").said(2, &["missing/out.csv: its folder does not exist"]);
    desk.run("extract a.docx").said(2, &["a.docx: "]);
    desk.run("show missing.txt").said(2, &["missing.txt: "]);
    desk.run("stance missing.csv").said(2, &["missing.csv: "]);
}

#[test]
fn a_binary_file_fails_alone() {
    let desk = Desk::with([
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"),
        ("b.txt", b"one NUL \0 only"),
        ("c.txt", b"\x01\x02\x03\xFE\x05\x06\x07\x80"),
        ("d.txt", ARTICLE.as_bytes()),
    ]);
    let ran = desk.run("extract .").said(1, &["1 documents", "3 failed"]);
    for name in
        ["failed: a (./a.txt): a binary file", "failed: b (./b.txt): a binary", "c (./c.txt): a binary"]
    {
        assert!(ran.stderr.contains(name), "{ran:#?}");
    }
    assert_eq!(ran.stdout, desk.run("extract d.txt").stdout);

    let desk = Desk::with([
        ("a.csv", b"PK\x03\x04\0\0,text\n"),
        ("b.csv", b"id,text\n1,x\n2,\0\n3,y\n"),
        ("c.jsonl", b"{\"id\":1,\"text\":\"\\u0000\"}\n{\"id\":2,\"text\":\"x\"}\n"),
    ]);
    desk.run("extract a.csv").said(2, &["a.csv: a binary file"]);
    desk.run("extract b.csv").said(1, &["2 (b.csv:3): a binary file", "2 documents", "1 failed"]);
    desk.run("extract c.jsonl").said(1, &["1 (c.jsonl:1): a binary file", "1 documents", "1 failed"]);
}

#[test]
fn files_that_are_not_utf8_are_decoded() {
    let latin: Vec<u8> = ARTICLE.chars().map(|char| u8::try_from(char).unwrap_or(b'"')).collect();
    let utf16: Vec<u8> =
        b"\xFF\xFE".iter().copied().chain(ARTICLE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let utf16_be: Vec<u8> =
        b"\xFE\xFF".iter().copied().chain(ARTICLE.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let marked = format!("\u{FEFF}{ARTICLE}");
    let desk = Desk::with([
        ("latin/x.txt", &latin),
        ("le/x.txt", &utf16),
        ("be/x.txt", &utf16_be),
        ("marked/x.txt", marked.as_bytes()),
        ("plain/x.txt", ARTICLE.as_bytes()),
        ("straight/x.txt", ARTICLE.replace(['“', '”'], "\"").as_bytes()),
    ]);
    let rows =
        |folder: &str, note: &str| desk.run(&format!("extract {folder}/x.txt")).said(0, &[note]).stdout;
    let plain = rows("plain", "");
    assert_eq!(rows("le", "le/x.txt: read as UTF-16LE"), plain);
    assert_eq!(rows("be", "be/x.txt: read as UTF-16BE"), plain);
    assert_eq!(rows("marked", ""), plain);
    assert_eq!(rows("latin", "latin/x.txt: read as windows-1252"), rows("straight", ""));
    // What was decoded is what is shown.
    for folder in ["latin", "le", "be"] {
        assert!(desk.run(&format!("show {folder}/x.txt")).stdout.contains("Ana Ríos"));
    }
}

#[test]
fn tables_that_are_not_utf8_are_decoded() {
    let utf16: Vec<u8> = "\u{FEFF}id\ttext\n1\tRíos\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let desk = Desk::with([("a.csv", b"id,text,name\n1,hello,R\xEDos\n"), ("b.csv", &utf16)]);
    desk.run("extract a.csv").said(0, &["a.csv: what is not UTF-8 in it is read as windows-1252"]);
    desk.run("extract b.csv").said(0, &["b.csv: read as UTF-16LE", "separated by tab", "1 documents"]);
}

#[test]
fn twenty_megabytes_in_one_line_fail_alone() {
    let long = "word ".repeat(4_000_000);
    let jsonl = format!(
        "{{\"id\":1,\"text\":\"x\"}}\n{{\"id\":2,\"text\":\"{long}\"}}\n{{\"id\":3,\"text\":\"y\"}}\n"
    );
    let csv = format!("id,text\n1,x\n2,{long}\n3,y\n");
    let desk = Desk::with([
        ("a.txt", long.as_bytes()),
        ("b.txt", ARTICLE.as_bytes()),
        ("c.jsonl", jsonl.as_bytes()),
        ("d.csv", csv.as_bytes()),
    ]);
    let ran = desk.run("extract a.txt b.txt").said(1, &["a.txt): 20000000 bytes of text", "--max-bytes"]);
    assert_eq!(ran.stdout, desk.run("extract b.txt").stdout);
    desk.run("extract c.jsonl").said(1, &["c.jsonl:2: a line of 20000019 bytes", "2 documents", "1 failed"]);
    desk.run("extract d.csv").said(1, &["2 (d.csv:3): 20000000 bytes of text", "2 documents", "1 failed"]);
    let stdin = desk.run_with_stdin("extract - --max-bytes 100", &[b'x'; 1_000]);
    stdin.said(1, &["stdin): more text than the limit of 100 bytes"]);
}

#[test]
fn a_hundred_thousand_unbalanced_marks() {
    // One document only: it is as long as a novel, and a reader needs its time.
    let marks: String = "“\"'‘”«’".chars().cycle().take(50_000).collect();
    let words = "“a \" b ‘ c ' d ” ".repeat(10_000);
    let text = format!("{marks}\n{words}");
    let desk = Desk::with([("a.txt", text.as_bytes()), ("b.txt", ARTICLE.as_bytes())]);
    let started = std::time::Instant::now();
    let ran = desk.run("extract a.txt b.txt").said(0, &["2 documents", "0 failed"]);
    // Seconds where the time is linear in the text; hours where it is quadratic.
    assert!(started.elapsed().as_secs() < 240, "{:?}", started.elapsed());
    let others: String = ran.stdout.lines().filter(|line| line.starts_with("b,")).collect();
    let alone: String =
        desk.run("extract b.txt").stdout.lines().filter(|line| line.starts_with("b,")).collect();
    assert_eq!(others, alone);
}

#[test]
fn the_file_of_people_is_not_overwritten() {
    let desk = Desk::with([("a.txt", ARTICLE.as_bytes()), ("people.csv", b"name,side\nAna Ruiz,Peru\n")]);
    for command in ["extract", "cast"] {
        desk.run(&format!("{command} a.txt --people people.csv -o people.csv"))
            .said(2, &["people.csv", "it is one of the inputs"]);
    }
}

#[test]
fn a_table_without_the_column_names_those_it_has() {
    let desk = Desk::with([
        ("a.csv", b"name,body\n1,x\n"),
        ("b.jsonl", b"{\"id\":1,\"body\":\"x\"}\n"),
        ("c.txt", ARTICLE.as_bytes()),
        ("empty.csv", b""),
    ]);
    let ran =
        desk.run("extract c.txt a.csv").said(2, &["a.csv: no column `text`; its columns are: name, body"]);
    assert_eq!(ran.stdout, "");
    desk.run("extract a.csv --text-column body")
        .said(0, &["a.csv: no column `id`", "named by file and line"]);
    desk.run("extract a.csv --text-column body --id-column key").said(2, &["no column `key`"]);
    desk.run("extract a.csv --text-column Body --id-column NAME").said(0, &["1 documents"]);
    desk.run("extract a.csv --text-column body --id-column body").said(2, &["both id and text"]);
    desk.run("extract b.jsonl").said(2, &["b.jsonl: no column `text`; its columns are: id, body"]);
    desk.run("extract empty.csv").said(0, &["empty.csv: an empty file", "0 documents"]);
    desk.run("stance empty.csv").said(2, &["no column `statement`"]);
    // In a folder such a table is one more thing that lies there.
    let ran =
        desk.run("extract .").said(1, &["failed: ./a.csv: no column `text`", "1 documents", "2 failed"]);
    assert_eq!(ran.stdout, desk.run("extract c.txt").stdout);
}

#[test]
fn broken_json_lines_are_named_by_their_number() {
    let line = |id: u32| format!("{{\"id\":\"d{id}\",\"text\":{}}}", serde_json::Value::from(ARTICLE));
    let whole = format!("{}\n{}\n", line(1), line(7));
    let broken = format!(
        "{}\n\n{{\"id\":\"d3\",\"text\":\"never closed\n[1]\n{{\"id\":\"d5\"}}\n{{\"id\":\"d6\",\"text\":5}}\n{}\n",
        line(1),
        line(7)
    );
    let desk = Desk::with([("a.jsonl", broken.as_bytes()), ("b.jsonl", whole.as_bytes())]);
    let ran = desk.run("extract a.jsonl").said(
        1,
        &[
            "failed: a.jsonl:3: no valid JSON: ",
            "failed: a.jsonl:4: no JSON object",
            "failed: d5 (a.jsonl:5): the record has no text",
            "failed: d6 (a.jsonl:6): its text is not a string",
            "2 documents",
            "4 failed",
        ],
    );
    assert_eq!(ran.stdout, desk.run("extract b.jsonl").said(0, &[]).stdout);
    let array = Desk::with([("a.jsonl", b"[{\"id\":1,\"text\":\"x\"}]")]);
    array.run("extract a.jsonl").said(2, &["a JSON array"]);
}

#[test]
fn broken_csv_records_are_named_by_their_line() {
    let desk = Desk::with([
        ("a.csv", b"id,text\n1,\"two\nlines\"\n2,x,y\n3,z\n"),
        ("b.csv", b"id,text\n1,\"x\n2,y\n"),
    ]);
    desk.run("extract a.csv").said(1, &["failed: a.csv:4: a record of 3 cells", "2 documents", "1 failed"]);
    desk.run("extract b.csv").said(0, &["b.csv: an odd number of quotation marks"]);
}

#[test]
fn doubled_ids_are_told_apart() {
    let desk = Desk::with([
        ("x/a.txt", ARTICLE.as_bytes()),
        ("y/a.txt", ARTICLE.as_bytes()),
        ("z.csv", format!("id,text\na,\"{ARTICLE}\"\nb,\"{ARTICLE}\"\n").as_bytes()),
    ]);
    let ran = desk.run("extract x y z.csv").said(
        0,
        &[
            "y/a.txt: id a was there before: this document is called a#2",
            "z.csv:2: id a was there before: this document is called a#3",
            "4 documents",
        ],
    );
    // Those documents that have rows have them under different names.
    let documents = ran.documents();
    assert_eq!(documents.is_empty(), desk.run("extract x").documents().is_empty());
    assert!(documents.iter().all(|id| ["a", "a#2", "a#3", "b"].contains(&id.as_str())), "{documents:?}");
    assert!(documents.is_empty() || documents.len() == 4, "{documents:?}");
}

#[test]
fn rows_do_not_depend_on_threads_or_neighbours() {
    let desk = Desk::with([("bad.txt", b"\0")]);
    for number in 0..30 {
        fs::write(desk.path(&format!("{number:02}.txt")), ARTICLE.repeat(1 + number % 5)).unwrap();
    }
    let outputs = [1, 2, 8]
        .map(|threads| desk.run(&format!("extract . --threads {threads}")).said(1, &["1 failed"]).stdout);
    assert_eq!(outputs[0], outputs[1]);
    assert_eq!(outputs[0], outputs[2]);
    let alone: String = (0..5)
        .map(|number| {
            desk.run(&format!("extract {number:02}.txt")).stdout.split_once('\n').unwrap().1.to_owned()
        })
        .collect();
    assert!(outputs[0].starts_with(&format!("{HEADER}\n{alone}")));
}

#[test]
fn an_output_file_appears_whole_or_not_at_all() {
    let desk = Desk::with([("in/a.txt", ARTICLE.as_bytes()), ("in/b.csv", b"id,text\n1,x\n")]);
    desk.run("extract in -o out.csv").said(0, &["2 documents"]);
    assert_eq!(desk.names(), ["in", "out.csv"]);
    assert_eq!(fs::read_to_string(desk.path("out.csv")).unwrap(), desk.run("extract in").stdout);
    desk.run("extract in -o out.jsonl").said(0, &[]);
    assert_eq!(
        fs::read_to_string(desk.path("out.jsonl")).unwrap(),
        desk.run("extract in --format jsonl").stdout
    );
    desk.run("extract in -o out.xlsx").said(2, &["out.xlsx: its name ends neither in .csv nor in .jsonl"]);
    desk.run("extract in -o out.rows --format csv").said(0, &[]);
    desk.run("extract in -o in/b.csv").said(2, &["it is one of the inputs"]);
    desk.run("extract in/b.csv -o ./in/../in/b.csv").said(2, &["it is one of the inputs"]);
    assert_eq!(fs::read_to_string(desk.path("in/b.csv")).unwrap(), "id,text\n1,x\n");
    desk.run("extract in -o in --format csv").said(2, &["it is a folder"]);
    assert_eq!(desk.names(), ["in", "out.csv", "out.jsonl", "out.rows"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let desk = Desk::with([("a.txt", ARTICLE.as_bytes())]);
    desk.run("extract a.txt -o /dev/full --format csv").said(2, &["/dev/full: No space left"]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = desk.command("extract a.txt").stdout(full).output().unwrap();
    Ran::from(output).said(2, &["stdout: No space left"]);
}

#[test]
fn a_closed_pipe_is_success_and_silent() {
    let documents = ARTICLE.repeat(20);
    let desk = Desk::with([("a.txt", documents.as_bytes())]);
    for number in 0..50 {
        fs::write(desk.path(&format!("{number}.txt")), &documents).unwrap();
    }
    for arguments in ["extract .", "show .", "stance b.csv"] {
        fs::write(desk.path("b.csv"), "id,text,statement\n1,x,y\n").unwrap();
        // As after `| head -n 0`: nobody reads any more.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ran = Ran::from(desk.command(arguments).stdout(writer).output().unwrap());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments}");
    }
}

#[test]
fn standard_input() {
    let desk = Desk::with([]);
    let text = desk.run_with_stdin("extract -", ARTICLE.as_bytes()).said(0, &["1 documents"]);
    assert!(text.documents().iter().all(|id| id == "stdin"));
    let csv = b"id,text,date\na,hello,2020\n";
    let ran = desk.run_with_stdin("extract - --input-format csv", csv).said(0, &["1 documents"]);
    assert!(ran.stdout.starts_with(&format!("{HEADER},doc_date\n")));
    let jsonl = b"{\"id\":1,\"text\":\"x\"}\nbroken\n{\"id\":2,\"text\":\"x\",\"late\":1}\n";
    let ran =
        desk.run_with_stdin("extract - --input-format jsonl", jsonl).said(1, &["stdin:2: no valid JSON"]);
    assert!(ran.stdout.starts_with(&format!("{HEADER},doc_late\n")));
}

#[test]
fn stance_keeps_the_columns_and_adds_its_own() {
    let desk = Desk::with([
        ("a.csv", b"n,statement,speaker\n1,We welcome the offer.,=Ana\n2,,\n3,\"No, never.\",\n"),
        ("a.jsonl", b"{\"statement\":\"No.\",\"n\":5,\"stance\":\"mine\"}\n{\n"),
        ("b.csv", b"text\nx\n"),
        ("c.txt", b"x"),
    ]);
    let ran = desk
        .run("stance a.csv")
        .said(1, &["failed: a.csv:3: the record has no statement", "3 records, 1 failed"]);
    let added = "stance,leaning,p_conciliatory,p_confrontational,p_neutral,score";
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(lines[0], format!("n,statement,speaker,{added}"));
    assert!(lines[1].starts_with("1,We welcome the offer.,'=Ana,"));
    assert_eq!(lines[2], "2,,,,,,,,");
    assert!(lines[3].starts_with("3,\"No, never.\",,"));
    desk.run("stance a.csv -o out.jsonl --raw-cells").said(1, &[]);
    let rows = fs::read_to_string(desk.path("out.jsonl")).unwrap();
    let row: serde_json::Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    let sum: f64 =
        ["p_conciliatory", "p_confrontational", "p_neutral"].iter().map(|p| row[p].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{row}");

    let ran = desk.run("stance a.jsonl").said(1, &["a.jsonl:2: no valid JSON"]);
    let row: serde_json::Value = serde_json::from_str(ran.stdout.trim()).unwrap();
    assert_eq!((&row["n"], &row["stance"]), (&5.into(), &"mine".into()));
    assert!(row["stance_2"].is_string());
    desk.run("stance b.csv").said(2, &["b.csv: no column `statement`; its columns are: text"]);
    desk.run("stance b.csv --statement-column text").said(0, &["1 records"]);
    desk.run("stance c.txt").said(2, &["c.txt: plain text"]);
    desk.run("stance .").said(2, &["a folder"]);
}

/// Articles of one collection: the same people under several names, and some who must stay apart.
const COLLECTION: [(&str, &[u8]); 4] = [
    (
        "in/a.txt",
        "“We are grateful for the warm welcome,” said Norwegian Foreign Minister Anthony Brandvold \
                  on Monday. “Let us go on talking.”\n\nA senior official said the talks would go on.\n"
            .as_bytes(),
    ),
    (
        "in/b.txt",
        "“The harbour will open in May,” said Norwegian Foreign Minister Antony Brandvold.\n\n\
                  “Nobody asked us about the harbour,” said Chinese Ambassador Li Wenhua. Brandvold said he was sorry.\n"
            .as_bytes(),
    ),
    (
        "in/c.txt",
        "“We thank our guests,” Norwegian Foreign Minister Antony Brandvold said.\n\n\
                  A senior official said the weather was fine.\n"
            .as_bytes(),
    ),
    (
        "in/d.txt",
        "“They broke their word to the fishermen,” said Danish lawmaker Ilse Brandvold.\n\n\
                  “We never gave it,” said Li Wenhua, the Chinese ambassador to Norway.\n"
            .as_bytes(),
    ),
];

impl Ran {
    /// The rows, each with its cells by column.
    fn rows(&self) -> Vec<std::collections::HashMap<String, String>> {
        csv::Reader::from_reader(self.stdout.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
    }

    /// The values of a column in the rows of one document.
    fn column(&self, document: &str, column: &str) -> Vec<String> {
        self.rows().iter().filter(|row| row["doc_id"] == document).map(|row| row[column].clone()).collect()
    }
}

#[test]
fn linked_speakers_have_one_name_and_one_id() {
    let desk = Desk::with(COLLECTION);
    let ran = desk.run("extract in --link").said(0, &["4 documents"]);
    assert_eq!(ran.stdout.lines().next().unwrap(), format!("{HEADER},speaker_id"));
    let ids = |document: &str| ran.column(document, "speaker_id");
    for document in ["a", "b", "c"] {
        assert_eq!(ids(document)[0], "antony-brandvold", "{ran:#?}");
        assert_eq!(ran.column(document, "speaker")[0], "Antony Brandvold");
    }
    assert!(ran.column("a", "basis")[0].ends_with(";link=spelling"), "{ran:#?}");
    assert!(ran.column("b", "basis")[0].ends_with(";link=full-name"), "{ran:#?}");
    assert!(ids("d").contains(&"ilse-brandvold".to_owned()), "{ran:#?}");
    assert!(
        ids("b").contains(&"li-wenhua".to_owned()) && ids("d").contains(&"li-wenhua".to_owned()),
        "{ran:#?}"
    );
    let unnamed = |document: &str| ids(document).into_iter().find(|id| id.contains("official")).unwrap();
    assert_ne!(unnamed("a"), unnamed("c"));
    // Without --link nothing changes.
    let plain = desk.run("extract in");
    assert_eq!(plain.rows().len(), ran.rows().len());
    assert_eq!(plain.column("a", "speaker")[0], "Anthony Brandvold");
}

#[test]
fn linked_rows_do_not_depend_on_threads_or_the_order_of_files() {
    let desk = Desk::with(COLLECTION);
    let outputs = [
        "extract in --link --threads 1",
        "extract in --link --threads 8",
        "extract in/d.txt in/b.txt in/a.txt in/c.txt --link --threads 2",
    ]
    .map(|arguments| desk.run(arguments).said(0, &[]).stdout);
    assert_eq!(outputs[0], outputs[1]);
    let sorted = |output: &str| {
        let mut lines: Vec<_> = output.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&outputs[0]), sorted(&outputs[2]));
    let lines = desk.run("extract in --link --format jsonl").stdout;
    assert_eq!(lines.lines().count(), outputs[0].lines().count() - 1);
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(row.as_object().unwrap().len(), 25);
    }
}

#[test]
fn the_cast_is_a_row_for_each_speaker() {
    let desk = Desk::with(COLLECTION);
    let ran = desk.run("cast in").said(0, &["4 documents"]);
    let rows = ran.rows();
    let statements: Vec<u32> = rows.iter().map(|row| row["statements"].parse().unwrap()).collect();
    assert!(statements.is_sorted_by(|a, b| a >= b), "{ran:#?}");
    let first = &rows[0];
    assert_eq!((&*first["name"], &*first["aliases"]), ("Antony Brandvold", "Anthony Brandvold"), "{ran:#?}");
    assert_eq!((&*first["side"], &*first["documents"]), ("Norway", "3"));
    let shares =
        ["conciliatory", "confrontational", "neutral"].map(|share| first[share].parse::<f64>().unwrap());
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 0.002);
    assert!(!first["doc_id"].is_empty() && !first["quote"].is_empty());
    let total = desk.run("extract in --link").rows().iter().filter(|row| !row["speaker"].is_empty()).count();
    assert_eq!(statements.iter().sum::<u32>() as usize, total);
    // The cast is a list of people.
    desk.run("cast in -o people.csv").said(0, &[]);
    let again = desk.run("extract in --people people.csv").said(0, &[]);
    assert_eq!(again.column("a", "speaker_id")[0], "antony-brandvold");
    let json = desk.run("cast in --format jsonl --quiet").said(0, &[]);
    assert_eq!((json.stdout.lines().count(), json.stderr.as_str()), (rows.len(), ""));
}

#[test]
fn a_list_of_people_wins() {
    let desk = Desk::with(COLLECTION);
    let list = "name,aliases,side,id\nAntony J. Brandvold,Anthony Brandvold;Antony Brandvold,Iceland,Q7\n";
    fs::write(desk.path("people.csv"), list).unwrap();
    let link = desk.run("extract in --link --people people.csv").said(0, &[]);
    let only = desk.run("extract in --people people.csv").said(0, &[]);
    for ran in [&link, &only] {
        for document in ["a", "b", "c"] {
            let cell = |column: &str| ran.column(document, column)[0].clone();
            assert_eq!(cell("speaker"), "Antony J. Brandvold", "{ran:#?}");
            assert_eq!((cell("speaker_id"), cell("speaker_side")), ("Q7".into(), "Iceland".into()));
            assert!(cell("basis").ends_with(";link=people") && cell("basis").contains(";side=people;"));
        }
    }
    assert_eq!(only.column("d", "speaker_id"), ["", ""]);
    assert!(desk.run("cast in --people people.csv").stdout.contains("\nAntony J. Brandvold,Q7,"));
    fs::write(desk.path("people.csv"), "name,side\nAna,Peru\n,Peru\n").unwrap();
    desk.run("cast in --people people.csv").said(2, &["people.csv:3: no name"]);
    fs::write(desk.path("people.csv"), "who\nAna\n").unwrap();
    desk.run("extract in --people people.csv")
        .said(2, &["people.csv: no column `name`; its columns are: who"]);
    desk.run("extract in --people missing.csv").said(2, &["missing.csv: "]);
}

#[test]
fn show_prints_the_article() {
    let desk = Desk::with([("a.txt", ARTICLE.as_bytes()), ("b.txt", b"x \x1b[2J y")]);
    let ran = desk.run("show a.txt").said(0, &[]);
    assert!(ran.stdout.starts_with(ARTICLE));
    assert!(!ran.stdout.contains('\x1b'));
    let plain = desk.run("show a.txt --color never").stdout;
    assert_eq!(ran.stdout, plain);
    assert!(!desk.run("show b.txt --color always").stdout.contains("\x1b[2J"));
}

#[cfg(not(feature = "torch"))]
#[test]
fn what_needs_libtorch_says_how_to_build_it() {
    let desk = Desk::with([("a.txt", ARTICLE.as_bytes()), ("a.csv", b"statement,label\nWe agree.,ally\n")]);
    let how = ".ci/libtorch.sh && cargo build --release --features torch";
    desk.run("extract a.txt --engine torch").said(2, &["--engine torch: ", how]);
    desk.run("extract a.txt --engine torch --device cuda:0 --precision bf16").said(2, &[how]);
    desk.run("finetune --codings a.csv -o mine").said(2, &["sayso finetune: ", how]);
    assert_eq!(desk.names(), ["a.csv", "a.txt"]);
    desk.run("extract a.txt --engine embedded").said(0, &[]);
    desk.run("extract a.txt --engine embedded --device cpu").said(2, &["go with --engine torch"]);
    desk.run("extract a.txt --engine torch --device gpu").said(2, &["there are cpu, cuda and cuda:N"]);
}

#[test]
fn help_has_examples_and_the_version_names_the_models() {
    let desk = Desk::with([]);
    for command in ["extract", "cast", "stance", "show", "finetune"] {
        let ran = desk.run(&format!("{command} --help")).said(0, &[]);
        assert!(ran.stdout.contains("Examples:\n  sayso "), "{ran:#?}");
    }
    let version = desk.run("--version").said(0, &[]).stdout;
    assert!(version.starts_with("sayso ") && version.contains("(models: "), "{version}");
    desk.run("").said(2, &["Usage"]);
    desk.run("extract").said(2, &["INPUT"]);
    desk.run("extract x.txt --threads 0").said(2, &["--threads"]);
}
