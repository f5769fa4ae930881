//! Links in texts: X replaces each with an address of its own.

use serde_json::{Value, json};

use crate::message::{Button, Link};
use crate::signature::sign;

/// Domains without a scheme that X takes for links, by their last part.
const ENDINGS: &[&str] = &[
    "ai", "app", "biz", "co", "com", "de", "dev", "edu", "eu", "fr", "gov", "info", "io", "me", "net", "news", "org",
    "shop", "tv", "uk", "us",
];

/// The text with X's short links in it, and what each stands for. `seed` makes them differ from message to message.
pub(crate) fn shorten(text: &str, seed: &str) -> (String, Vec<Link>) {
    let (mut out, mut links, mut rest) = (String::with_capacity(text.len()), Vec::new(), text);
    while let Some((before, written, after)) = next_link(rest) {
        out.push_str(before);
        let short = short(seed, links.len());
        let start = out.chars().count();
        let indices = (start, start + short.chars().count());
        let scheme = if written.contains("://") { "" } else { "http://" };
        out.push_str(&short);
        links.push(Link { short, long: format!("{scheme}{written}"), indices });
        rest = after;
    }
    out.push_str(rest);
    (out, links)
}

/// The buttons with X's short addresses beside their own. `id` is that of the message that has them.
pub(crate) fn shorten_buttons(buttons: Vec<Button>, id: &str) -> Vec<Button> {
    let seed = format!("button of {id}");
    let all = buttons.into_iter().enumerate();
    all.map(|(number, button)| Button { tco_url: short(&seed, number), ..button }).collect()
}

/// Whether X would take part of this text for a link.
pub(crate) fn contains_link(text: &str) -> bool {
    next_link(text).is_some()
}

/// A short address of X's; the same for the same seed and number.
pub(crate) fn short(seed: &str, number: usize) -> String {
    let random = sign(seed, number.to_string().as_bytes());
    let letters: String = random.chars().skip("sha256=".len()).filter(char::is_ascii_alphanumeric).take(10).collect();
    format!("https://t.co/{letters}")
}

impl Link {
    pub(crate) fn to_json(&self) -> Value {
        json!({"url": self.short, "expanded_url": self.long, "display_url": self.display(), "indices": [self.indices.0, self.indices.1]})
    }

    pub(crate) fn to_v2_json(&self) -> Value {
        let (start, end) = self.indices;
        json!({"url": self.short, "expanded_url": self.long, "display_url": self.display(), "start": start, "end": end})
    }

    fn display(&self) -> &str {
        self.long.split_once("://").map_or(self.long.as_str(), |(_, rest)| rest)
    }
}

/// What comes before the first link, the link, what comes after it.
fn next_link(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        if let Some((start, end)) = link_in(word) {
            let (start, end) = (from + start, from + end);
            return Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?));
        }
        from += word.len();
    }
    None
}

/// Start and end of the link in a word.
fn link_in(word: &str) -> Option<(usize, usize)> {
    let lower = word.to_ascii_lowercase();
    let schemed =
        ["https://", "http://"].iter().filter_map(|scheme| lower.find(scheme).map(|start| (start, scheme.len()))).min();
    let (start, scheme) = schemed.unwrap_or_else(|| (word.len() - word.trim_start_matches(OPENING).len(), 0));
    let rest = word.get(start..)?;
    let rest = rest.split(['"', '<', '>', '\u{201d}']).next()?.trim_end().trim_end_matches(CLOSING);
    let host = rest.get(scheme..)?.split(['/', '?', '#']).next()?;
    let found = if scheme > 0 { !host.is_empty() } else { is_domain(host) };
    found.then_some((start, start + rest.len()))
}

const OPENING: [char; 5] = ['(', '[', '{', '"', '\''];
const CLOSING: [char; 10] = ['.', ',', ';', ':', '!', '?', ')', ']', '}', '\''];

fn is_domain(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let well_formed =
        |label: &&str| !label.is_empty() && label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let ending = labels.last().is_some_and(|last| ENDINGS.contains(&last.to_ascii_lowercase().as_str()));
    labels.len() > 1 && ending && labels.iter().all(well_formed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_replaced_and_nothing_else() {
        for (text, long) in [
            ("See https://example.com/x?y=1, then go.", vec!["https://example.com/x?y=1"]),
            ("(HTTP://EXAMPLE.com/a) and http://b.de/", vec!["HTTP://EXAMPLE.com/a", "http://b.de/"]),
            ("at example.com now", vec!["http://example.com"]),
            ("mail ada@example.com, version 1.2.3, e.g. this", vec![]),
            ("snow ❄ https://example.com/❄", vec!["https://example.com/❄"]),
            ("https:// alone", vec![]),
        ] {
            let (short, links) = shorten(text, "seed");
            assert_eq!(links.iter().map(|link| link.long.as_str()).collect::<Vec<_>>(), long, "{text}");
            for link in &links {
                let letters: String =
                    short.chars().skip(link.indices.0).take(link.indices.1 - link.indices.0).collect();
                assert_eq!(letters, link.short);
                assert_eq!(link.short.len(), "https://t.co/1234567890".len());
            }
            if links.is_empty() {
                assert_eq!(short, text);
            }
        }
    }
}
