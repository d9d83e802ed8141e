//! Actor bias: whether a statement keeps its label when other countries stand in it. Labels follow the act, not the
//! topic or who does it (STANCE.md).

/// Name, adjective and capital of the countries that are exchanged.
const COUNTRIES: [[&str; 3]; 20] = [
    ["United States", "American", "Washington"],
    ["China", "Chinese", "Beijing"],
    ["Russia", "Russian", "Moscow"],
    ["Iran", "Iranian", "Tehran"],
    ["Israel", "Israeli", "Jerusalem"],
    ["Syria", "Syrian", "Damascus"],
    ["Ukraine", "Ukrainian", "Kyiv"],
    ["Germany", "German", "Berlin"],
    ["France", "French", "Paris"],
    ["Britain", "British", "London"],
    ["Japan", "Japanese", "Tokyo"],
    ["India", "Indian", "New Delhi"],
    ["Pakistan", "Pakistani", "Islamabad"],
    ["Turkey", "Turkish", "Ankara"],
    ["Mexico", "Mexican", "Mexico City"],
    ["Canada", "Canadian", "Ottawa"],
    ["Brazil", "Brazilian", "Brasília"],
    ["Egypt", "Egyptian", "Cairo"],
    ["Kenya", "Kenyan", "Nairobi"],
    ["Norway", "Norwegian", "Oslo"],
];

/// How far each country moves down the list: to one of another region and reputation.
const SHIFT: usize = 7;

/// The text with each country's name, adjective and capital exchanged for those of another; nothing if it names none.
pub fn exchanged(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while at < text.len() {
        let starts_word = !text[..at].ends_with(char::is_alphanumeric);
        if let Some((form, other)) = starts_word.then(|| form_at(&text[at..])).flatten() {
            out.push_str(other);
            at += form.len();
            changed = true;
        } else {
            let Some(next) = text[at..].chars().next() else { break };
            out.push(next);
            at += next.len_utf8();
        }
    }
    changed.then_some(out)
}

/// The longest country form that the text starts with, and what takes its place.
fn form_at(text: &str) -> Option<(&'static str, &'static str)> {
    let ends_word = |form: &str| {
        text[form.len()..].chars().next().is_none_or(|next| !next.is_alphanumeric() && next != '-')
    };
    let forms = COUNTRIES.iter().enumerate().flat_map(|(i, forms)| {
        forms.iter().zip(COUNTRIES[(i + SHIFT) % COUNTRIES.len()]).map(|(form, other)| (*form, other))
    });
    let short = [("U.S.", "French"), ("US", "French"), ("Americans", "French")];
    let found = forms.chain(short).filter(|(form, _)| text.starts_with(form) && ends_word(form));
    found.max_by_key(|(form, _)| form.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_change_together() {
        assert_eq!(
            exchanged("China and its Chinese makers told Beijing").as_deref(),
            Some("France and its French makers told Paris")
        );
        assert_eq!(exchanged("New Delhi, not Delhi").as_deref(), Some("Nairobi, not Delhi"));
    }

    #[test]
    fn other_words_stay() {
        assert_eq!(exchanged("The Indiana senator used Chinatown"), None);
        assert_eq!(exchanged("élan"), None);
    }
}
