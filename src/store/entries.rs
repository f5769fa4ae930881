//! The table `entries`.

use serde::Serialize;

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::bot::message::Message;
use crate::x_api::ids::DmId;
use crate::x_api::time::Timestamp;

/// What stands in `body`.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    said: &'a Message,
    /// What kind of file came with it; `/api/media/received` has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<&'a str>,
}

/// What the account said.
pub fn said(id: &ConversationId, x_id: &DmId, at: Timestamp, author: &str, body: &Message) -> Statement {
    insert(id, x_id, at, author, &Body { said: body, received: None })
}

/// What X delivered: of the customer, or typed by hand.
pub fn delivered(
    id: &ConversationId,
    x_id: &DmId,
    at: Timestamp,
    author: &str,
    text: &str,
    received: Option<&str>,
) -> Statement {
    let said = Message { text: text.to_owned(), ..Message::default() };
    insert(id, x_id, at, author, &Body { said: &said, received })
}

/// Whether somebody wrote to the customer by hand since then.
pub fn by_hand_since(id: &ConversationId, since: Timestamp) -> Statement {
    Statement::new(
        "SELECT x_id FROM entries WHERE account_id = ?1 AND customer_id = ?2 AND at > ?3 AND author = 'human' LIMIT 1",
        [(&id.account).into(), (&id.customer).into(), since.into()],
    )
}

/// What people said since then, oldest first, by whom; of the last so many. Notices are nobody's words.
pub fn since(id: &ConversationId, since: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT author, text FROM (SELECT author, json_extract(body, '$.text') AS text, at, x_id FROM entries
           WHERE account_id = ?1 AND customer_id = ?2 AND at >= ?3 AND author <> 'bot' AND body ->> '$.notice' IS NULL ORDER BY at DESC, x_id DESC LIMIT ?4) ORDER BY at, x_id",
        [(&id.account).into(), (&id.customer).into(), since.into(), most.into()],
    )
}

fn insert(id: &ConversationId, x_id: &DmId, at: Timestamp, author: &str, body: &Body<'_>) -> Statement {
    let body = serde_json::to_string(body).unwrap_or_default();
    Statement::new(
        "INSERT INTO entries (account_id, customer_id, x_id, at, author, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        [(&id.account).into(), (&id.customer).into(), x_id.into(), at.into(), author.into(), body.into()],
    )
}
