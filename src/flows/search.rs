//! What was said is found again by words in it, and customers by their names.

use serde_json::{Value, json};

use super::refused::{Refused, find};
use crate::platform::Platform;
use crate::store::said::{self, Within};
use crate::x_api::ids::UserId;

/// Messages on one page.
const PAGE: i64 = 30;
const MOST_CUSTOMERS: i64 = 10;
/// Shorter words are in no index.
const SHORTEST: usize = 3;
const MOST_WORDS: usize = 12;

/// What is looked for, and where.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    pub words: &'a str,
    pub account: Option<&'a str>,
    pub customer: Option<&'a str>,
    /// The last message of the page before.
    pub before: Option<&'a str>,
}

/// Messages with all of the words, the newest first, and customers whose name begins so; `next` while there may be more.
pub async fn search<P: Platform>(p: &P, ask: &Ask<'_>) -> Result<Value, Refused> {
    let account = match ask.account {
        Some(name) => Some(find(p, Some(name)).await?.id),
        None => None,
    };
    let customer = ask.customer.map(UserId::from);
    let name = ask.words.trim().trim_start_matches('@');
    let is_first = ask.before.is_none() && customer.is_none() && !name.is_empty();
    let (words, short) = expression(ask.words);
    let within = Within { account: account.as_ref(), customer: customer.as_ref() };
    let batch = words
        .iter()
        .map(|words| said::find(words, &short, within, ask.before, PAGE))
        .chain(is_first.then(|| said::customers(name, account.as_ref(), MOST_CUSTOMERS)))
        .collect::<Vec<_>>();
    let mut rows = if batch.is_empty() { Vec::new() } else { p.sql(batch).await? }.into_iter();
    let mut next = |is_asked: bool| if is_asked { rows.next().unwrap_or_default().0 } else { Vec::new() };
    let messages = next(words.is_some());
    let customers = next(is_first);
    let is_full = i64::try_from(messages.len()).is_ok_and(|count| count == PAGE);
    let last = messages.last().filter(|_| is_full).and_then(|row| row.get("x_id").cloned());
    Ok(json!({"messages": messages, "customers": customers, "next": last, "shortest": SHORTEST}))
}

/// Every word as it stands, quoted: nothing of it is syntax. `None`: no word is long enough. And those that are not, as JSON.
fn expression(words: &str) -> (Option<String>, String) {
    let is_long = |word: &&str| word.chars().count() >= SHORTEST;
    let (long, short): (Vec<&str>, Vec<&str>) = words.split_whitespace().take(MOST_WORDS).partition(is_long);
    let quoted: Vec<String> = long.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
    ((!quoted.is_empty()).then(|| quoted.join(" ")), json!(short).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_looked_for_is_syntax() {
        for (words, wanted) in [
            ("refund order", (Some(r#""refund" "order""#), "[]")),
            ("a OR b", (None, r#"["a","OR","b"]"#)),
            ("say \"hi\" NOT", (Some(r#""say" """hi""" "NOT""#), "[]")),
            ("text:* ^(", (Some(r#""text:*""#), r#"["^("]"#)),
            ("返品", (None, r#"["返品"]"#)),
            ("返品したい", (Some(r#""返品したい""#), "[]")),
            ("   ", (None, "[]")),
        ] {
            let (long, short) = expression(words);
            assert_eq!((long.as_deref(), short.as_str()), wanted, "{words}");
        }
    }
}
