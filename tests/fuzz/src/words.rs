//! What customers write: it is of a kind or not, follows a command or not, and costs little to find out.

use std::collections::BTreeSet;

use perch::bot::input::{Input, What};
use perch::bot::kind::Kind;
use perch::bot::pattern::Pattern;
use perch::bot::template::SECRET_MARK;
use perch::x_api::event::{fold, unescape};
use perch::x_api::posts::{LONGEST, fitted, has_link};

/// A command of a script in the first line, then the words.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (command, words) = text.split_once('\n').unwrap_or(("", &text));
    if let Ok(pattern) = Pattern::read(command) {
        let names: BTreeSet<&str> = pattern.captures().collect();
        if let Some(found) = pattern.read_from(words) {
            assert!(found.keys().all(|name| names.contains(name.as_str())));
            assert_eq!(found.len(), names.len(), "every capture has what it captured");
        }
    }
    kinds(words);
    assert!(!fold(words).contains("  ") && unescape(words).len() <= words.len());
    let post = fitted(words);
    assert_eq!(fitted(&post), post, "what fits stays");
    assert!(post.chars().count() <= words.chars().count() + 1);
    // A link counts the same however long it is.
    assert!(post == words || has_link(&post) || post.chars().count() <= LONGEST);
    let cleaned = Input::said(words).without(SECRET_MARK);
    assert!(matches!(cleaned.what, What::Said { text, .. } if !text.contains(SECRET_MARK)));
}

fn kinds(words: &str) {
    for kind in [Kind::Text, Kind::Word, Kind::Int, Kind::Number, Kind::Email, Kind::Date, Kind::YesNo] {
        let Some(value) = kind.read(words) else { continue };
        let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        assert!(!written.is_empty());
        match kind {
            Kind::Text => assert_eq!(written, words.trim()),
            Kind::Word => assert!(!written.contains(char::is_whitespace)),
            Kind::Int => assert!(value.as_i64().is_some_and(|number| number.abs() < 10_000_000_000)),
            Kind::Number => assert!(value.as_f64().is_some_and(f64::is_finite)),
            Kind::Email => assert!(written.contains('@') && !written.contains(char::is_whitespace)),
            Kind::Date => {
                let shape: String = written.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
                assert_eq!(shape, "0000-00-00", "{written} is no date");
            }
            Kind::YesNo => assert!(value.is_boolean()),
        }
    }
}
