//! The table `entries`.

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::bot::message::Message;
use crate::x_api::ids::DmId;
use crate::x_api::time::Timestamp;

pub fn insert(id: &ConversationId, x_id: &DmId, at: Timestamp, author: &str, body: &Message) -> Statement {
    let body = serde_json::to_string(body).unwrap_or_default();
    Statement::new(
        "INSERT INTO entries (account_id, customer_id, x_id, at, author, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        [(&id.account).into(), (&id.customer).into(), x_id.into(), at.into(), author.into(), body.into()],
    )
}
