//! Who is merged and who is not: small invented collections, written as what each document says.

use super::*;
use crate::roster::voice::Example;
use proptest::prelude::*;

/// "Ilse Brandvold | Foreign Minister | Norway": name, role, stated side of a person; "*" before an unnamed
/// speaker, "#" before a body, "@" before a country.
fn voice(line: &str, doc_id: &str, statement: usize) -> Voice {
    let cell = |at: usize| line.split('|').nth(at).map_or("", str::trim).to_owned();
    let (name, role, side) = (cell(0), cell(1), cell(2));
    let kind = match name.chars().next() {
        Some('*') => SpeakerType::Unnamed,
        Some('#') => SpeakerType::Organisation,
        Some('@') => SpeakerType::Country,
        _ => SpeakerType::Person,
    };
    let once =
        |word: &str| Some((word.to_owned(), 1)).into_iter().filter(|(word, _)| !word.is_empty()).collect();
    let example = Example { sure: 900, doc_id: doc_id.into(), statement_id: statement, quote: "…".into() };
    let heard = Heard {
        statements: 1,
        stances: [0, 0, 1, 0, 0, 0, 0, 0],
        roles: once(&role),
        sides: once(&side),
        example,
    };
    let name = name.trim_start_matches(['*', '#', '@']).to_owned();
    Voice { name, kind, number: 1, stated: side, heard }
}

/// For each document and each voice in it: id, name and basis.
fn linked_with(people: &People, documents: &[(String, Vec<String>)]) -> Vec<Vec<(String, String, String)>> {
    let mut roster = Roster::new(people);
    let forms: Vec<Vec<usize>> = documents
        .iter()
        .map(|(id, lines)| {
            let voices = lines.iter().enumerate().map(|(at, line)| voice(line, id, at + 1));
            roster.add(id, voices.collect())
        })
        .collect();
    let Linked { known, .. } = roster.link();
    let told = |form: &usize| {
        let Known { id, name, basis, .. } = known[*form].clone();
        (id, name, basis)
    };
    forms.iter().map(|forms| forms.iter().map(told).collect()).collect()
}

fn documents(lines: &[&[&str]]) -> Vec<(String, Vec<String>)> {
    let name = |at: usize| format!("d{at}");
    let lines = lines.iter().map(|lines| lines.iter().map(|line| (*line).to_owned()).collect());
    lines.enumerate().map(|(at, lines)| (name(at), lines)).collect()
}

fn linked(lines: &[&[&str]]) -> Vec<Vec<(String, String, String)>> {
    linked_with(&People::default(), &documents(lines))
}

/// The ids of documents with one voice each.
fn ids(lines: &[&str]) -> Vec<String> {
    let documents: Vec<&[&str]> = lines.iter().map(std::slice::from_ref).collect();
    linked(&documents).into_iter().map(|mut voices| voices.remove(0).0).collect()
}

fn basis(lines: &[&str]) -> Vec<String> {
    let documents: Vec<&[&str]> = lines.iter().map(std::slice::from_ref).collect();
    linked(&documents).into_iter().map(|mut voices| voices.remove(0).2).collect()
}

#[test]
fn a_full_name_in_any_form() {
    let all =
        ["Lucía Peña Jr. | Foreign Minister | Chile", "Lucia Pena", "Peña Lucía | minister |", "Lucía Peña"];
    assert_eq!(ids(&all), ["lucia-pena-jr"; 4]);
    assert_eq!(basis(&all), ["full-name"; 4]);
    assert_eq!(ids(&["Kim Tae-seop", "Tae-seop Kim"]), ["kim-tae-seop"; 2]);
    assert_eq!(basis(&["Ana Ruiz", "Eva Sol"]), ["", ""]);
}

#[test]
fn initials_and_middle_names() {
    assert_eq!(basis(&["Raymond T. Whitlock", "Raymond Whitlock"]), ["full-name", "initials"]);
    assert_eq!(ids(&["Ann Berit Cole", "Ann Cole"]), ["ann-berit-cole", "ann-cole"]);
    let told = ["Ann Berit Cole | trade minister | Norway", "Ann Cole | minister | Norway"];
    assert_eq!(ids(&told), ["ann-berit-cole"; 2]);
    assert_eq!(basis(&told)[1], "middle-name");
    assert_eq!(ids(&["R. Whitlock", "Raymond Whitlock"]), ["r-whitlock", "raymond-whitlock"]);
    let told = ["R. Whitlock | senator |", "Raymond Whitlock | senator |", "Robert Whitlock | farmer |"];
    assert_eq!(ids(&told)[0], "raymond-whitlock");
    // Two could be meant.
    let two = ["R. Whitlock | senator |", "Raymond Whitlock | senator |", "Robert Whitlock | senator |"];
    assert_eq!(ids(&two), ["r-whitlock", "raymond-whitlock", "robert-whitlock"]);
}

#[test]
fn spelling_needs_a_role_and_a_side() {
    let told = [
        "Antony Hale | Secretary of State | United States",
        "Anthony Hale | US Secretary of State | United States",
        "Antony Hale | Secretary of State | United States",
    ];
    assert_eq!(ids(&told), ["antony-hale"; 3]);
    assert_eq!(basis(&told), ["full-name", "spelling", "full-name"]);
    assert_eq!(ids(&["Antony Hale", "Anthony Hale"]), ["antony-hale", "anthony-hale"]);
    let role_only = ["Antony Hale | senator |", "Anthony Hale | senator |"];
    assert_eq!(ids(&role_only), ["antony-hale", "anthony-hale"]);
    assert_eq!(ids(&["Maria Silva | minister | Brazil", "Marta Silva | minister | Brazil"]).len(), 2);
    assert_ne!(
        ids(&["Maria Silva | minister | Brazil", "Marta Silva | minister | Brazil"])[0],
        "marta-silva"
    );
}

#[test]
fn namesakes_stay_apart() {
    let sides = ["Li Wen | minister | China", "Li Wen | minister | Taiwan", "Li Wen | minister | China"];
    assert_eq!(ids(&sides), ["li-wen", "li-wen-2", "li-wen"]);
    assert_eq!(ids(&["Ana Ruiz | minister |", "Ana Ruiz | fisherman |"]), ["ana-ruiz", "ana-ruiz-2"]);
    assert_eq!(ids(&["Ana Ruiz | minister |", "Ana Ruiz | ambassador |"]), ["ana-ruiz"; 2]);
    assert_eq!(ids(&["Paul Reed Jr.", "Paul Reed Sr."]), ["paul-reed-jr", "paul-reed-sr"]);
    // One document tells them apart.
    let apart = linked(&[&["Ann Cole", "Ann B. Cole"], &["Ann Cole"], &["Ann B. Cole"]]);
    assert_ne!(apart[1][0].0, apart[2][0].0);
}

#[test]
fn a_surname_alone_is_nobody() {
    assert_eq!(ids(&["Naseem", "Naseem", "Aishath Naseem"]), ["naseem@d0", "naseem@d1", "aishath-naseem"]);
    let told = ["Naseem | President | Maldives", "Aishath Naseem | Maldivian President | Maldives"];
    assert_eq!(ids(&told), ["aishath-naseem"; 2]);
    assert_eq!(basis(&told)[0], "surname+role+side");
    let two = [told[0], told[1], "Mohamed Naseem | President | Maldives"];
    assert_eq!(ids(&two)[0], "naseem@d0");
    // A name of one part, known by office and country.
    assert_eq!(ids(&["Sukarto | President | Indonesia", "Sukarto | President | Indonesia"]), ["sukarto"; 2]);
}

#[test]
fn the_unnamed_are_never_merged() {
    let unnamed = ["*a senior official | | China", "*a senior official | | China"];
    assert_eq!(ids(&unnamed), ["a-senior-official@d0", "a-senior-official@d1"]);
    let doc = documents(&[&["*an official", "*an official"]]);
    let mut roster = Roster::new(&People::default()).forms;
    let mut voices: Vec<Voice> = doc[0].1.iter().map(|line| voice(line, "d0", 1)).collect();
    voices[1].number = 2;
    assert_ne!(roster.add("d0", voices.clone())[0], roster.add("d0", voices)[1]);
}

#[test]
fn bodies_and_countries_have_canonical_names() {
    let bodies = [
        "#Chinese Foreign Ministry | | China",
        "#China's Foreign Ministry | | China",
        "#Reuters",
        "#Reuters",
    ];
    let found = ids(&bodies);
    assert_eq!((&found[0], &found[2]), (&found[1], &found[3]));
    assert_eq!(
        ids(&["@Beijing", "@China", "@the US", "@Washington"]),
        ["china", "china", "united-states", "united-states"]
    );
    assert_eq!(
        ids(&["#Commerce Ministry", "#Commerce Ministry"]),
        ["commerce-ministry@d0", "commerce-ministry@d1"]
    );
    assert_eq!(basis(&["@Beijing", "@China"]), ["canonical-name"; 2]);
    // Once taken for a body.
    assert_eq!(ids(&["Noga Peretz | judge |", "#Noga Peretz", "Noga Peretz"]), ["noga-peretz"; 3]);
}

#[test]
fn names_are_the_fullest_that_are_not_rare() {
    let name = |lines: &[&str]| linked(&[lines][..])[0].last().map(|told| told.1.clone()).unwrap();
    assert_eq!(name(&["Ana Ruiz"]), "Ana Ruiz");
    let many: Vec<&[&str]> = vec![&["Ana Ruiz"]; 5];
    let rare = [many, vec![&["Ana M. Ruiz"]]].concat();
    assert_eq!(linked(&rare)[5][0].1, "Ana Ruiz");
    assert_eq!(linked(&rare[4..])[0][0].1, "Ana M. Ruiz");
    assert_eq!(linked(&[&["ANA RUIZ"], &["ANA RUIZ"], &["Ana Ruiz"]])[0][0].1, "Ana Ruiz");
}

#[test]
fn the_list_of_people_wins() {
    let people = People::parse(
        b"name,aliases,side,id\nAnthony J. Hale,Hale; Antony Hale,United States,Q7\nEva Sol,,,\n",
        "people.csv",
    )
    .unwrap();
    let lines: [&[&str]; 4] =
        [&["Hale"], &["Antony Hale | minister | China"], &["Hale Antony"], &["Eva Sol"]];
    let told = linked_with(&people, &documents(&lines));
    for told in &told[..3] {
        assert_eq!(told[0], ("Q7".into(), "Anthony J. Hale".into(), "people".into()));
    }
    assert_eq!(told[3][0].0, "eva-sol");
    // What is near to it joins it.
    let lines: [&[&str]; 1] = [&["Anthony Hale"]];
    assert_eq!(linked_with(&people, &documents(&lines))[0][0].0, "anthony-hale");
    let lines: [&[&str]; 2] = [&["Antony Hale"], &["Antony B. Hale"]];
    let told = linked_with(&people, &documents(&lines));
    assert_eq!((told[1][0].0.as_str(), told[1][0].2.as_str()), ("Q7", "initials+people"));
}

const GIVEN: [&str; 8] = ["Ana", "Eva", "Anthony", "Antony", "Raymond", "R.", "Raymond T.", "Tae-seop"];
const FAMILY: [&str; 4] = ["Ruiz", "Hale", "Kim", "Whitlock"];
const ROLES: [&str; 5] = ["", "Foreign Minister", "Secretary of State", "senator", "fisherman"];
const SIDES: [&str; 4] = ["", "China", "United States", "European Union"];

fn line() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        4 => (0..8usize, 0..4usize).prop_map(|(given, family)| format!("{} {}", GIVEN[given], FAMILY[family])),
        1 => (0..8usize, 0..4usize).prop_map(|(given, family)| format!("{} {}", FAMILY[family], GIVEN[given])),
        1 => (0..4usize).prop_map(|family| FAMILY[family].to_owned()),
        1 => Just("*an official".to_owned()),
        1 => Just("#Chinese Foreign Ministry".to_owned()),
        1 => Just("@Beijing".to_owned()),
    ];
    (name, 0..5usize, 0..4usize)
        .prop_map(|(name, role, side)| format!("{name} | {} | {}", ROLES[role], SIDES[side]))
}

/// Documents, no name twice in one.
fn collections() -> impl Strategy<Value = Vec<(String, Vec<String>)>> {
    let document = prop::collection::vec(line(), 0..4).prop_map(|mut lines| {
        let mut seen = HashSet::new();
        lines.retain(|line| seen.insert(line.split('|').next().map(str::to_owned)));
        lines
    });
    prop::collection::vec(document, 1..12).prop_map(|documents| {
        documents.into_iter().enumerate().map(|(at, lines)| (format!("d{at}"), lines)).collect()
    })
}

proptest! {
    #[test]
    fn ids_do_not_depend_on_the_order_of_documents(documents in collections(), seed in any::<u64>()) {
        let mut other = documents.clone();
        let place = |id: &str| form::hash(&format!("{seed}{id}"));
        other.sort_by_key(|(id, _)| place(id));
        let people = People::default();
        let by_id = |documents: &[(String, Vec<String>)]| {
            let told = linked_with(&people, documents);
            let mut told: Vec<_> = documents.iter().map(|(id, _)| id.clone()).zip(told).collect();
            told.sort();
            told
        };
        prop_assert_eq!(by_id(&documents), by_id(&other));
    }

    #[test]
    fn nobody_is_merged_by_surname(documents in collections()) {
        let told = linked_with(&People::default(), &documents);
        let told = documents.iter().zip(&told).flat_map(|((_, lines), told)| lines.iter().zip(told));
        let mut given: std::collections::HashMap<String, String> = std::collections::HashMap::new();
        for (line, (id, _, basis)) in told {
            let mut cells = line.split('|').map(str::trim);
            let name = cells.next().unwrap_or_default();
            let parts: Vec<&str> = name.split_whitespace().collect();
            if name.starts_with(['*', '@', '#']) {
                continue;
            }
            if parts.len() == 1 {
                // Alone, or with a role and a side.
                let (role, side) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
                prop_assert!(id.contains('@') || !role.is_empty() && !side.is_empty(), "{line}: {id}");
                prop_assert!(id.contains('@') || basis.contains("surname+role+side") || basis.is_empty());
                continue;
            }
            // The first letter of the given name is that of all others with this id.
            let given_name = parts.iter().find(|part| !FAMILY.contains(part)).copied().unwrap_or_default();
            let first = given_name[..1].to_owned();
            let known = given.entry(id.clone()).or_insert(first.clone());
            prop_assert_eq!(&*known, &first, "{}", line);
        }
    }

    #[test]
    fn no_two_ids_are_alike_and_every_merge_has_its_rule(documents in collections()) {
        let people = People::default();
        let mut roster = Roster::new(&people);
        for (id, lines) in &documents {
            let voices = lines.iter().enumerate().map(|(at, line)| voice(line, id, at + 1));
            roster.add(id, voices.collect());
        }
        let Linked { members, .. } = roster.link();
        let ids: HashSet<&str> = members.iter().map(|member| member.known.id.as_str()).collect();
        prop_assert_eq!(ids.len(), members.len());
        for member in &members {
            prop_assert!(member.documents == 1 || !member.known.basis.is_empty(), "{:?}", member.known);
        }
        let statements: u64 = members.iter().map(|member| member.heard.statements).sum();
        prop_assert_eq!(statements, documents.iter().map(|(_, lines)| lines.len() as u64).sum::<u64>());
    }
}
