//! Labels of options as X takes them: short, and without a link.

/// Endings of two letters are those of countries, and all are taken for links; of the longer ones these.
const ENDINGS: &[&str] = &[
    "agency", "app", "art", "biz", "blog", "cafe", "cloud", "club", "com", "design", "dev", "edu", "gov", "info",
    "life", "live", "media", "net", "news", "one", "online", "org", "page", "pro", "shop", "site", "space", "store",
    "studio", "team", "tech", "today", "travel", "world", "xyz",
];

/// As much as X shows, without what X takes for a link: `example.com` becomes `example com`. Labels are checked before they
/// are published; one from a list may still be longer, or an address.
pub fn fitted(text: &str, most: usize) -> String {
    // What is cut may look like an address for the first time.
    without_links(&cut(&without_links(text), most))
}

fn without_links(text: &str) -> String {
    let words = text.split_whitespace().map(|word| if is_link(word) { unlinked(word) } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ").trim().to_owned()
}

pub fn cut(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Whether X would refuse it for a link.
pub fn has_link(text: &str) -> bool {
    text.split_whitespace().any(is_link)
}

fn is_link(word: &str) -> bool {
    word.contains("://") || parts(word).any(is_domain)
}

fn is_domain(part: &str) -> bool {
    let Some((before, ending)) = part.trim_matches(['.', '-']).rsplit_once('.') else { return false };
    let ending = ending.to_ascii_lowercase();
    let is_country = ending.len() == 2 && ending.bytes().all(|byte| byte.is_ascii_lowercase());
    !before.is_empty() && (is_country || ENDINGS.contains(&ending.as_str()))
}

/// What stands between the marks that end a domain.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    word.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-'))
}

fn unlinked(word: &str) -> String {
    let host = word.split_once("://").map_or(word, |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    host.replace('.', " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_x_takes_for_a_link_is_found_and_taken_out() {
        for (label, without) in [
            ("Visit example.com", "Visit example com"),
            ("https://example.com/a?b", "example com"),
            ("(www.example.co.uk)", "(www example co uk)"),
            ("example.com/prices", "example com/prices"),
            ("mail ada@example.org!", "mail ada@example org!"),
        ] {
            assert!(has_link(label), "{label}");
            assert_eq!(fitted(label, 36), without);
            assert!(!has_link(&fitted(label, 36)));
        }
        for label in ["Snow report", "e.g. this", "1.5 km", "St.Moritz", "Wait...", "A.B.", "v1.2.3", "No. 7", "❄.❄"]
        {
            assert!(!has_link(label), "{label}");
            assert_eq!(fitted(label, 36), label);
        }
    }

    #[test]
    fn a_long_label_is_cut_with_a_mark() {
        assert_eq!(fitted("A very  long label", 9), "A very l…");
        assert_eq!(cut("one two", 5), "one…");
        assert_eq!(fitted("our.company and more", 7), "our co…");
    }
}
