//! Names, sides and targets of statements as coders gave them, from the folder `eval`: PolNeAR's
//! (`polnear-cast.csv`; the corpus itself has names for some only, and found those by rule) and those of
//! world news (`worldwide-cast.jsonl`).

use super::corpora::{self, News, NewsQuote};
use super::counts::Share;
use super::names::{are_same, are_same_sides};
use super::report::Section;
use super::world;
use crate::Error;
use crate::speakers::Speaker;
use std::collections::HashMap;
use std::path::Path;

/// What a coder wrote for a statement; empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Code {
    /// Document and statement: `corpus/part/name#E1`.
    id: String,
    /// Fullest name in the document.
    name: String,
    /// Whom the speaker speaks for.
    side: String,
    /// Whom the statement is about or addressed to.
    target: String,
}

/// The codes of some statements.
#[derive(Debug, Clone, Default)]
pub struct Casts {
    /// PolNeAR's, by document and statement.
    polnear: HashMap<String, Code>,
    /// Those of world news.
    pub world: Vec<world::Code>,
}

impl Casts {
    /// Reads `polnear-cast.csv` (`id,name,type,side,target`) and `worldwide-cast.jsonl` from a folder; what is not there has
    /// no codes.
    ///
    /// # Errors
    /// A file that is there cannot be read or lacks a column.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("polnear-cast.csv");
        let failed =
            |source: csv::Error| Error::Io { path: path.display().to_string(), source: source.into() };
        let mut casts = Self::default();
        if path.is_file() {
            let mut reader = csv::Reader::from_path(&path).map_err(failed)?;
            let codes =
                reader.deserialize().map(|code: Result<Code, _>| code.map(|code| (code.id.clone(), code)));
            casts.polnear = codes.collect::<Result<_, _>>().map_err(failed)?;
        }
        let world = folder.join("worldwide-cast.jsonl");
        if world.is_file() {
            casts.world = corpora::read(&world)?;
        }
        Ok(casts)
    }

    /// Whether there is no code at all.
    pub fn is_empty(&self) -> bool {
        self.polnear.is_empty() && self.world.is_empty()
    }

    fn of(&self, document: &News, quote: &NewsQuote) -> Option<&Code> {
        self.polnear.get(&format!("{}#{}", document.id, quote.id))
    }
}

/// How often the rows agree with the codes, over the statements that were found.
#[derive(Debug, Default)]
pub struct Agreement {
    names: Share,
    pronouns: Share,
    silver: Share,
    sides: Share,
    named_sides: Share,
    targets: Share,
    named_targets: Share,
}

impl Agreement {
    /// Compares one row with its code, if it has one.
    pub fn add(&mut self, casts: &Casts, document: &News, quote: &NewsQuote, speaker: &Speaker) {
        let Some(code) = casts.of(document, quote) else { return };
        if !code.name.is_empty() {
            let same = are_same(&code.name, &speaker.name);
            self.names.add(same);
            if quote.is_by_pronoun(&document.text) {
                self.pronouns.add(same);
                if let Some(silver) = &quote.speaker_entity {
                    self.silver.add(are_same(&code.name, silver));
                }
            }
        }
        for (code, found, all, named) in [
            (&code.side, &speaker.side, &mut self.sides, &mut self.named_sides),
            (&code.target, &speaker.target, &mut self.targets, &mut self.named_targets),
        ] {
            all.add(are_same_sides(code, found));
            if !code.is_empty() {
                named.add(are_same_sides(code, found));
            }
        }
    }

    /// Writes the figures, if there was a code.
    pub fn show(&self, section: &mut Section) {
        for (share, figure, meaning) in [
            (&self.names, "name_coded", "full name as coded, where the code has one"),
            (&self.pronouns, "he_she_name_coded", "the same where the mention is he or she"),
            (
                &self.silver,
                "he_she_silver_coded",
                "he or she: the silver name as coded (how far to trust it)",
            ),
            (&self.sides, "side_coded", "side as coded, empty ones too"),
            (&self.named_sides, "side_named_coded", "the same where the code has one"),
            (&self.targets, "target_coded", "target as coded, empty ones too"),
            (&self.named_targets, "target_named_coded", "the same where the code has one"),
        ] {
            if 0 < share.of {
                section.share(figure, meaning, share.rate());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_compared_with_the_codes_of_their_statement() {
        let folder = tempfile::tempdir().unwrap();
        let codes = "id,name,type,side,target\nd#E1,Ines Falk,person,Norway,\nd#E2,,group,,Peru\n";
        std::fs::write(folder.path().join("polnear-cast.csv"), codes).unwrap();
        let casts = Casts::read(folder.path()).unwrap();
        let document: News = serde_json::from_str(
            r#"{"id": "d", "text": "She said no. They said yes.", "quotes": [
                {"id": "E1", "content": [[9, 11]], "speaker": [[0, 3]], "speaker_entity": "Pavel Orr"},
                {"id": "E2", "content": [[23, 26]], "speaker": [[13, 17]]}]}"#,
        )
        .unwrap();
        let speaker = |name: &str, side: &str| Speaker {
            name: name.to_owned(),
            side: side.to_owned(),
            ..Speaker::default()
        };
        let mut agreement = Agreement::default();
        agreement.add(&casts, &document, &document.quotes[0], &speaker("Ines Falk", "Norway"));
        agreement.add(&casts, &document, &document.quotes[1], &speaker("", "Peru"));
        let mut section = Section::default();
        agreement.show(&mut section);
        let figures: Vec<_> = section.figures.iter().map(|figure| (figure.name, figure.value)).collect();
        let share = super::super::report::Value::Share;
        assert_eq!(
            figures,
            [
                ("name_coded", share(1.0)),
                ("he_she_name_coded", share(1.0)),
                ("he_she_silver_coded", share(0.0)),
                ("side_coded", share(0.5)),
                ("side_named_coded", share(1.0)),
                ("target_coded", share(0.5)),
                ("target_named_coded", share(0.0)),
            ]
        );
    }
}
