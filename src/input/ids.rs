//! Ids: no two documents of a collection share one.

use std::collections::HashMap;

/// The ids seen so far. Rows are joined back on `doc_id`, so no two documents may share one.
#[derive(Debug, Default)]
pub struct Ids {
    /// For each id the number of documents that wanted it.
    seen: HashMap<String, u32>,
}

impl Ids {
    /// Notes `id`; if it was there before, a free one made of it: `id#2`, `id#3`, …
    pub fn rename(&mut self, id: &str) -> Option<String> {
        let Some(count) = self.seen.get_mut(id) else {
            self.seen.insert(id.to_owned(), 1);
            return None;
        };
        let mut number = *count;
        let unique = loop {
            number += 1;
            let unique = format!("{id}#{number}");
            if !self.seen.contains_key(&unique) {
                break unique;
            }
        };
        self.seen.insert(id.to_owned(), number);
        self.seen.insert(unique.clone(), 1);
        Some(unique)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_document_of_the_same_name_and_one_that_looks_like_it() {
        let mut ids = Ids::default();
        let renamed: Vec<_> = ["a", "a#2", "a", "a", "b"].iter().map(|id| ids.rename(id)).collect();
        assert_eq!(renamed, [None, None, Some("a#3".to_owned()), Some("a#4".to_owned()), None]);
    }
}
