//! Links in a message: X writes its own short ones in their place and says what they stand for.

use serde_json::{Value, json};

/// The text as X keeps it, and its `entities.urls`.
pub fn shorten(text: &str, event_id: &str) -> (String, Vec<Value>) {
    let mut urls = Vec::new();
    let mut short = text.to_owned();
    let words = text.split_whitespace().filter(|word| word.starts_with("https://") || word.starts_with("http://"));
    for (index, long) in words.enumerate() {
        let link = format!("https://t.co/{}{index}", event_id.chars().rev().take(9).collect::<String>());
        short = short.replacen(long, &link, 1);
        urls.push(json!({"url": link, "expanded_url": long, "display_url": long}));
    }
    (short, urls)
}
