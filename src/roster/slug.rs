//! Ids that can be read: "antony-blinken", "antony-blinken-2".

use std::collections::HashMap;

use crate::speakers::words::fold;

/// The letters and digits of a name, without accents, joined by hyphens: "Raymond T. Whitlock Jr." →
/// "raymond-t-whitlock-jr".
pub(crate) fn slug(name: &str) -> String {
    let folded = fold(name).replace('\'', "");
    let words = folded.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    let slug = slug.strip_prefix("the-").map_or(slug.clone(), str::to_owned);
    if slug.is_empty() { "speaker".to_owned() } else { slug }
}

/// Ids given out, no two of them alike.
#[derive(Debug, Default)]
pub(crate) struct Slugs {
    /// For each id how many wanted it.
    taken: HashMap<String, usize>,
}

impl Slugs {
    /// Keeps `id` for somebody who brings it along.
    pub(crate) fn reserve(&mut self, id: &str) {
        self.taken.entry(id.to_owned()).or_insert(1);
    }

    /// `wanted`, or `wanted-2`, … if it is taken; `tail` ends the id in any case.
    pub(crate) fn take(&mut self, wanted: &str, tail: &str) -> String {
        let id = format!("{wanted}{tail}");
        let Some(count) = self.taken.get_mut(&id) else {
            self.taken.insert(id.clone(), 1);
            return id;
        };
        let mut number = *count;
        let free = loop {
            number += 1;
            let free = format!("{wanted}-{number}{tail}");
            if !self.taken.contains_key(&free) {
                break free;
            }
        };
        self.taken.insert(id, number);
        self.taken.insert(free.clone(), 1);
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_slugs() {
        assert_eq!(slug("Raymond T. Whitlock Jr."), "raymond-t-whitlock-jr");
        assert_eq!(slug("José dela Peña"), "jose-dela-pena");
        assert_eq!(slug("the U.S. officials"), "us-officials");
        assert_eq!(slug("Tomás Ó Briain"), "tomas-o-briain");
        assert_eq!(slug("“…”"), "speaker");
    }

    #[test]
    fn no_id_is_given_twice() {
        let mut slugs = Slugs::default();
        slugs.reserve("q1");
        let ids = ["q1", "a", "a-2", "a", "a"].map(|wanted| slugs.take(wanted, ""));
        assert_eq!(ids, ["q1-2", "a", "a-2", "a-3", "a-4"]);
        assert_eq!(slugs.take("an-official", "@doc"), "an-official@doc");
        assert_eq!(slugs.take("an-official", "@doc"), "an-official-2@doc");
    }
}
