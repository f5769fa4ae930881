//! What a person should look at: everything that did not go as it should, in one answer.

use serde::Serialize;
use serde_json::Value;

use super::cursor;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::statement::Rows;
use crate::store::{accounts, conversations, dead_letters, inbox, outbox, spill};
use crate::x_api::time::Span;

/// The latest fifty of each, newest first, as rows of their tables.
#[derive(Clone, Debug, Serialize)]
pub struct TroubleReport {
    pub accounts: Vec<Value>,
    /// Events that are dead or set aside.
    pub events: Vec<Value>,
    /// Messages that failed or whose outcome is doubtful.
    pub messages: Vec<Value>,
    /// Messages of which X has not yet said whether it has them.
    pub unknown_messages: Vec<Value>,
    pub dead_letters: Vec<Value>,
    pub paused_conversations: Vec<Value>,
    pub spilled: i64,
    pub unsettled_messages: i64,
    /// Messages in X Chat within a day: nobody here can read them.
    pub encrypted: i64,
}

pub async fn trouble_report<P: Platform>(p: &P) -> Result<TroubleReport, Trouble> {
    let now = p.now();
    let [accounts, events, messages, unknown, letters, paused, spilled, unsettled, encrypted] = p
        .each([
            accounts::overview(now),
            inbox::in_trouble(50),
            outbox::lists::in_trouble(50),
            outbox::lists::unknown(now, 50),
            dead_letters::page(cursor::behind(None).0, "", 50),
            conversations::paused(now),
            spill::count(),
            outbox::lists::count_unsettled(),
            inbox::count_encrypted(now - Span::days(1)),
        ])
        .await?;
    let all = |rows: Rows| -> Vec<Value> { rows.0.into_iter().map(readable).collect() };
    let count = |rows: Rows| rows.0.first().and_then(|row| row.get("count")).and_then(Value::as_i64).unwrap_or(0);
    Ok(TroubleReport {
        accounts: all(accounts),
        events: all(events),
        messages: all(messages),
        unknown_messages: all(unknown),
        dead_letters: all(letters),
        paused_conversations: all(paused),
        spilled: count(spilled),
        unsettled_messages: count(unsettled),
        encrypted: count(encrypted),
    })
}

/// A fault is stored as JSON text; here it becomes part of the answer.
fn readable(mut row: Value) -> Value {
    let why = row.get("why").and_then(Value::as_str).and_then(|why| serde_json::from_str(why).ok());
    if let Some((why, row)) = why.zip(row.as_object_mut()) {
        row.insert("why".to_owned(), why);
    }
    row
}
