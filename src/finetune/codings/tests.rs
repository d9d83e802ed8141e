use super::*;

/// What reading a table of this name and content gives.
fn read(name: &str, content: &[u8], labels: Option<&str>) -> Result<Codings, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    let labels = labels.map(|names| Labels::new(names.split(',').map(str::to_owned).collect()).unwrap());
    Codings::read(&path, &Columns::default(), labels.as_ref())
        .map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
}

const CSV: &[u8] = b"statement,speaker,label,note\n\
    We will stand by you.,Ora Lund,ally,x\n\
    We are with you.,,ally,\n\
    They lie.,Tom Reyes,foe,\n\
    ,Tom Reyes,foe,\n\
    They cheat.,Tom Reyes,foe,\n\
    It rains.,,,\n";

#[test]
fn a_table_with_the_usual_columns() {
    let codings = read("a.csv", CSV, None).unwrap();
    assert_eq!(codings.labels.names(), ["ally", "foe"]);
    assert_eq!(codings.counts(), [2, 2]);
    let first = &codings.codings[0];
    assert_eq!((first.line, first.speaker.as_str(), first.cue.as_str(), first.label), (2, "Ora Lund", "", 0));
    let notes = codings.notes.join("\n");
    assert!(notes.contains("reads the columns `statement`, `label`, `speaker`"), "{notes}");
    assert!(notes.contains("2 records without statement or label are left out"), "{notes}");
    assert!(notes.contains("friendly \"ally\" and adverse \"foe\""), "{notes}");
}

#[test]
fn labels_asked_for_set_the_order_and_leave_out_others() {
    let csv = [CSV, b"Perhaps.,,unclear,\n"].concat();
    let codings = read("a.csv", &csv, Some("foe,ally")).unwrap();
    assert_eq!((codings.counts(), codings.codings[0].label), (vec![2, 2], 1));
    assert!(codings.notes.iter().any(|note| note.ends_with("not among --labels: \"unclear\"")));
    let error = read("a.csv", CSV, Some("ally,foe,neither")).unwrap_err();
    assert_eq!(error, "a.csv: no statement is coded \"neither\"");
}

#[test]
fn rows_of_sayso_and_numbers_as_codes() {
    let rows = "{\"quote\":\"a b\",\"stance\":\"neutral\"}\n{\"quote\":\"c\",\"stance\":\"neutral\"}\n\
                {\"quote\":\"d\",\"stance\":\"confrontational\"}\n{\"quote\":\"e\",\"stance\":\"confrontational\"}\n";
    let codings = read("a.jsonl", rows.as_bytes(), None).unwrap();
    assert_eq!(codings.labels, Labels::default());
    assert_eq!(codings.counts(), [0, 2, 2]);
    let rows = "{\"text\":\"a\",\"code\":1}\n{\"text\":\"b\",\"code\":1}\n\
                {\"text\":\"c\",\"code\":-1}\n{\"text\":\"d\",\"code\":-1}\n";
    assert_eq!(read("a.jsonl", rows.as_bytes(), None).unwrap().labels.names(), ["-1", "1"]);
}

#[test]
fn bad_codings_are_told_with_the_reason() {
    let one = b"text,label\na,ally\nb,ally\nc,ally\n";
    let many: String = (0..40).map(|at| format!("words,{}\n", at % 20)).collect();
    for (content, reason) in [
        (
            &b"words,label\na,x\n"[..],
            "no column `statement` or `text` or `quote` or `sentence`; its columns are: words, label",
        ),
        (b"text,verdict\na,x\n", "no column `label` or `code` or `stance`; its columns are: text, verdict"),
        (one, "every statement is coded \"ally\": there is nothing to tell apart"),
        (b"text,label\na,neutral\nb,neutral\n", "every statement is coded \"neutral\""),
        (b"text,label\na,ally\nb,foe\nc,foe\n", "only one statement is coded \"ally\""),
        (b"text,label\n", "no coded statements in it"),
        (b"", "no column"),
        (format!("text,label\n{many}").as_bytes(), "20 different labels, more than the 8"),
        (b"text,label\na,ally\nb,foe,extra\n", "a.csv:3"),
        (b"t\0e\0x\0t\0,\0l\0", "a binary file"),
        (b"text,label\na\0\0\0,ally\nb,foe\nc,foe\nd,ally\n", "a.csv:2"),
    ] {
        let error = read("a.csv", content, None).unwrap_err();
        assert!(error.contains(reason), "{error} for {reason}");
    }
    assert!(read("a.txt", b"words", None).unwrap_err().contains("plain text"));
    assert!(read("a.jsonl", b"{\"text\"\n", None).unwrap_err().contains("a.jsonl"));
}

#[test]
fn other_encodings_are_read_with_a_note() {
    let text = "statement,label\nLe café est là.,ally\nNon à Müller.,foe\nÉlan.,ally\nDéjà vu.,foe\n";
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin: Vec<u8> = text.chars().map(|char| char as u32 as u8).collect();
    for bytes in [utf16, latin] {
        let codings = read("a.csv", &bytes, None).unwrap();
        assert_eq!(codings.codings[0].statement, "Le café est là.");
        assert!(codings.notes[0].contains("read as"), "{:?}", codings.notes);
    }
}
