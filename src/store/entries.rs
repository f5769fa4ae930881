//! The table `entries`.

use serde::Deserialize;

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::bot::message::Message;
use crate::x_api::ids::DmId;
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
pub struct Entry {
    pub x_id: DmId,
    pub at: Timestamp,
    pub author: String,
    pub body: String,
}

pub fn insert(id: &ConversationId, x_id: &DmId, at: Timestamp, author: &str, body: &Message) -> Statement {
    let body = serde_json::to_string(body).unwrap_or_default();
    Statement::new(
        "INSERT INTO entries (account_id, customer_id, x_id, at, author, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        [(&id.account).into(), (&id.customer).into(), x_id.into(), at.into(), author.into(), body.into()],
    )
}

/// The latest entries, newest first.
pub fn latest(id: &ConversationId, most: i64) -> Statement {
    Statement::new(
        "SELECT x_id, at, author, body FROM entries WHERE account_id = ?1 AND customer_id = ?2 ORDER BY at DESC, x_id DESC LIMIT ?3",
        [(&id.account).into(), (&id.customer).into(), most.into()],
    )
}
