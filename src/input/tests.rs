//! Collections as they are opened and read.

use super::*;
use proptest::prelude::*;

fn collection(name: &str, content: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn read(name: &str, content: &str) -> (Vec<String>, Vec<Result<Source, Failure>>) {
    let (_folder, path) = collection(name, content.as_bytes());
    let collection = Collection::open(&[path], &Options::default()).unwrap();
    (collection.columns().to_vec(), collection.documents().collect())
}

#[test]
fn jsonl_metadata_is_the_union_of_all_lines() {
    let (columns, documents) = read(
        "a.jsonl",
        "{\"id\":1,\"text\":\"x\",\"date\":\"2020\"}\n\n{\"source\":7,\"text\":\"y\",\"id\":\"q\"}\n",
    );
    assert_eq!(columns, ["date", "source"]);
    let first = documents[0].as_ref().unwrap();
    assert_eq!((first.id.as_str(), first.text.as_str()), ("1", "x"));
    assert_eq!(first.metadata, [Value::from("2020"), Value::Null]);
    let second = documents[1].as_ref().unwrap();
    assert!(second.place.ends_with("a.jsonl:3"), "{}", second.place);
    assert_eq!(second.metadata, [Value::Null, Value::from(7)]);
}

#[test]
fn a_record_without_text_fails_alone() {
    let (_, documents) = read(
        "a.jsonl",
        "{\"id\":1}\n{\"id\":2,\"text\":[]}\n{\"id\":[],\"text\":\"x\"}\n{\"text\":\"x\"}\n{\"id\":5,\"te",
    );
    let failed = |at: usize| documents[at].as_ref().unwrap_err().to_string();
    assert!(failed(0).contains("1 (") && failed(0).ends_with(":1): the record has no text"));
    assert!(failed(1).ends_with("its text is not a string"));
    assert!(failed(2).contains("its id is neither"));
    assert_eq!(documents[3].as_ref().unwrap().id, "a:4");
    assert!(failed(4).contains("a.jsonl:5: "), "{}", failed(4));
}

#[test]
fn csv_columns_keep_their_order_and_doubled_names_their_values() {
    let (columns, documents) = read("a.csv", "date,id,date,text,url\n2020,a,2021,\"x\ny\",\n");
    assert_eq!(columns, ["date", "date_2", "url"]);
    let document = documents[0].as_ref().unwrap();
    assert_eq!(document.metadata, [Value::from("2020"), Value::from("2021"), Value::Null]);
    assert_eq!(document.text, "x\ny");
}

#[test]
fn a_csv_record_of_another_length_fails_alone() {
    let (_, documents) = read("a.csv", "id,text\na,x\nb,y,z\nc,w\n");
    assert!(documents[1].as_ref().unwrap_err().to_string().contains("a.csv:3: "));
    assert_eq!(documents[2].as_ref().unwrap().id, "c");
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(
        bytes in prop_oneof![
            any::<Vec<u8>>(),
            "(id|text|[,;\"{}:\\[\\]\n\r\t é])*".prop_map(String::into_bytes),
            "(\\{\"id\":1,\"text\":\"x\"\\}|\n|.)*".prop_map(String::into_bytes),
        ],
        name in prop_oneof![Just("a.txt"), Just("a.csv"), Just("a.jsonl")],
    ) {
        let (_folder, path) = collection(name, &bytes);
        if let Ok(collection) = Collection::open(&[path], &Options::default()) {
            for source in collection.documents().flatten() {
                prop_assert_eq!(source.metadata.len(), collection.columns().len());
                prop_assert!(!source.id.is_empty());
            }
        }
    }
}
