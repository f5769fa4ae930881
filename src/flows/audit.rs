//! Who changed what through the admin API, and when.

use serde_json::{Map, Value};

use super::cursor;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::audit;

/// What may be kept of a body: names of things, never a text, a token or a script.
const KEPT: &[&str] = &[
    "account",
    "id",
    "url",
    "webhook_url",
    "environment",
    "version",
    "key",
    "on",
    "what",
    "from",
    "to",
    "customer",
    "speaks",
    "with",
    "event_type",
    "webhook",
    "login",
    "name",
    "role",
    "at_once",
    "profile",
    "agent",
    "days",
];
/// What is longer is no name of anything.
const LONGEST: usize = 500;
const PAGE: i64 = 100;

/// A change that is not written down is done all the same; the log says so.
pub async fn write<P: Platform>(p: &P, who: &str, what: &str, body: &[u8], status: u16) -> Result<(), Trouble> {
    let given: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let kept: Map<String, Value> = given
        .into_iter()
        .filter(|(key, value)| match value {
            Value::Object(_) | Value::Array(_) => false,
            Value::String(text) => KEPT.contains(&key.as_str()) && text.len() <= LONGEST,
            // That there is a new one, never a word of it.
            Value::Bool(_) if key == "password" => true,
            _ => KEPT.contains(&key.as_str()),
        })
        .collect();
    let about = Value::Object(kept).to_string();
    p.sql(vec![audit::insert(&p.nonce(), who, what, about, status, p.now())]).await.map(drop)
}

/// A page of changes, newest first, and behind which one the next begins: `moment.id`.
pub async fn list<P: Platform>(p: &P, before: Option<&str>) -> Result<(Vec<Value>, Option<String>), Trouble> {
    let (at, id) = cursor::behind(before);
    let all = p.rows(audit::page(at, id, PAGE)).await?.0;
    let next = cursor::next(&all, PAGE, "at", "id");
    Ok((all, next))
}
