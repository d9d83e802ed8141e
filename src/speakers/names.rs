//! Names of persons: their parts, and whether two names can be one person.

use super::lexicon;
use super::words::Word;

/// The folded parts of a person's name in the order of the text, without titles and "Jr.".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    parts: Vec<String>,
}

/// How well a form fits a full name; later is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// A middle part: "Coronado" for "Itzel Coronado Bátiz".
    Middle,
    /// The first part: "Wang" for "Wang Yi", "Danny" for "Danny Ortiz".
    First,
    /// The surname at the end: "Ortiz" for "Danny Ortiz".
    Last,
    /// One more or one less part, an initial, another order or spelling: "Ann B. Cole" for "Ann Cole".
    Whole,
}

impl Name {
    /// The name in these words.
    pub(crate) fn parse(words: &[Word]) -> Self {
        let mut parts: Vec<String> = words.iter().map(|word| word.folded.clone()).collect();
        while parts.len() > 1 && parts.last().is_some_and(|part| is_suffix(part)) {
            parts.pop();
        }
        Self { parts }
    }

    /// The parts.
    pub(crate) fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Parts that are no particles.
    pub(crate) fn weight(&self) -> usize {
        self.parts.iter().filter(|part| !lexicon::is_particle(part)).count()
    }

    /// Whether this name is `other` with more words at one end.
    pub(crate) fn extends(&self, other: &Name) -> bool {
        other.parts.len() < self.parts.len()
            && (self.parts.ends_with(&other.parts) || self.parts.starts_with(&other.parts))
    }

    /// Whether this name is `other` with one given name more in front.
    pub(crate) fn adds_given_name(&self, other: &Name) -> bool {
        let [first, rest @ ..] = self.parts.as_slice() else { return false };
        rest == other.parts.as_slice() && lexicon::given_name_gender(first).is_some()
    }

    /// Whether this name can be a form of `full`, and how well.
    ///
    /// Takes "van der Berg" for "Pieter van der Berg", "Morisawa" for "Morisawa Kenji", "Antony Hale" for
    /// "Anthony Hale"; not "John Hale" for "Anthony Hale".
    pub(crate) fn fit(&self, full: &Name) -> Option<Fit> {
        let (short, long) = (&self.parts, &full.parts);
        if short.is_empty() || long.is_empty() {
            return None;
        }
        if short == long {
            return Some(Fit::Whole);
        }
        if self.weight() == 1 && full.weight() > 1 {
            return self.fit_single(full);
        }
        if full.weight() == 1 && self.weight() > 1 {
            return full.fit_single(self);
        }
        let (short, long) = if short.len() <= long.len() { (short, long) } else { (long, short) };
        if long.ends_with(short) && lexicon::is_particle(&short[0]) {
            return Some(Fit::Last);
        }
        (in_order(short, long) || other_order(short, long)).then_some(Fit::Whole)
    }

    fn fit_single(&self, full: &Name) -> Option<Fit> {
        let bare = |part: &str| {
            part.strip_prefix("al-").or_else(|| part.strip_prefix("el-")).unwrap_or(part).to_owned()
        };
        let own = bare(self.parts.last()?);
        let last = full.parts.len() - 1;
        if bare(&full.parts[last]) == own {
            return Some(Fit::Last);
        }
        if bare(&full.parts[0]) == own && own.chars().count() > 1 {
            return Some(Fit::First);
        }
        let middle = full.parts[..last].iter().any(|part| bare(part) == own && own.chars().count() > 1);
        (middle && !lexicon::is_particle(&own)).then_some(Fit::Middle)
    }
}

/// "Jr.", "Sr.", "III" after a name.
pub(crate) fn is_suffix(part: &str) -> bool {
    matches!(part, "jr" | "sr" | "ii" | "iii" | "iv")
}

/// Whether each part of `short` stands in `long` in the same order, the last parts included.
fn in_order(short: &[String], long: &[String]) -> bool {
    let mut rest = long.iter();
    let all = short.iter().all(|part| rest.any(|other| alike(part, other)));
    let ends = match (short.last(), long.last()) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    };
    // "Kim Yong" of "Kim Yong Rim", "Maria Elena" of "Maria Elena Soto": the first parts in full.
    all && (ends || long.starts_with(short))
}

/// "Kenji Morisawa" for "Morisawa Kenji".
fn other_order(short: &[String], long: &[String]) -> bool {
    let mut a: Vec<&String> = short.iter().collect();
    let mut b: Vec<&String> = long.iter().collect();
    a.sort_unstable();
    b.sort_unstable();
    a == b
}

/// The same part: equal, an initial of the other, or one slip of the pen apart.
fn alike(a: &str, b: &str) -> bool {
    let initial = |short: &str, long: &str| short.len() == 1 && long.starts_with(short);
    a == b || initial(a, b) || initial(b, a) || (a.len().min(b.len()) >= 5 && one_slip(a, b))
}

/// Whether one letter added, left out or exchanged makes `a` into `b`: "antony", "anthony".
fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let head = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
    let rest = if short.len() == long.len() { &short[(head + 1).min(short.len())..] } else { &short[head..] };
    long.ends_with(rest) && head + 1 + rest.len() == long.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::words;

    fn fit(short: &str, full: &str) -> Option<Fit> {
        Name::parse(&words::split(short, &[])).fit(&Name::parse(&words::split(full, &[])))
    }

    #[test]
    fn surnames() {
        assert_eq!(fit("Ortega", "Lucía Ortega"), Some(Fit::Last));
        assert_eq!(fit("Pena", "José dela Peña Jr."), Some(Fit::Last));
        assert_eq!(fit("Van der Berg", "Pieter van der Berg"), Some(Fit::Last));
        assert_eq!(fit("Sabbagh", "Layla al-Sabbagh"), Some(Fit::Last));
        assert_eq!(fit("Morisawa", "Morisawa Kenji"), Some(Fit::First));
        assert_eq!(fit("Coronado", "Itzel Coronado Bátiz"), Some(Fit::Middle));
        assert_eq!(fit("Ortega", "Lucía Morales"), None);
    }

    #[test]
    fn full_names() {
        assert_eq!(fit("Raymond Whitlock", "Raymond T. Whitlock Jr."), Some(Fit::Whole));
        assert_eq!(fit("R. T. Whitlock", "Raymond Thomas Whitlock"), Some(Fit::Whole));
        assert_eq!(fit("Kenji Morisawa", "Morisawa Kenji"), Some(Fit::Whole));
        assert_eq!(fit("Antony Hale", "Anthony Hale"), Some(Fit::Whole));
        assert_eq!(fit("Ann Hale", "Anthony Hale"), None);
        assert_eq!(fit("Kim Tae-seop", "Kim Yong Rim"), None);
        assert_eq!(fit("John Anthony Hale", "Anthony Hale Park"), None);
    }
}
