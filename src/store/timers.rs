//! The table `timers`.

use serde::Deserialize;

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::bot::effect::WebCall;
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
pub struct Timer {
    pub id: String,
    pub token: String,
    body: String,
    pub due_at: Timestamp,
    pub claim: Option<String>,
}

impl Timer {
    /// `None` for what another version of Perch wrote and this one cannot read.
    pub fn call(&self) -> Option<WebCall> {
        serde_json::from_str(&self.body).ok()
    }
}

pub fn insert(id: &ConversationId, timer: &str, token: &str, call: &WebCall, due_at: Timestamp) -> Statement {
    let body = serde_json::to_string(call).unwrap_or_default();
    Statement::new(
        "INSERT INTO timers (id, account_id, customer_id, token, body, due_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [timer.into(), (&id.account).into(), (&id.customer).into(), token.into(), body.into(), due_at.into()],
    )
}

/// What the conversation waits for.
pub fn open_in(id: &ConversationId) -> Statement {
    Statement::new(
        "SELECT id, token, body, due_at, claim FROM timers WHERE account_id = ?1 AND customer_id = ?2 ORDER BY due_at LIMIT 1",
        [(&id.account).into(), (&id.customer).into()],
    )
}

/// Whoever gets the row makes the call; nobody makes it twice.
pub fn claim(timer: &str, claim: &str) -> Statement {
    Statement::new(
        "UPDATE timers SET claim = ?2 WHERE id = ?1 AND (claim IS NULL OR claim = ?2) RETURNING id",
        [timer.into(), claim.into()],
    )
}

pub fn delete(timer: &str) -> Statement {
    Statement::new("DELETE FROM timers WHERE id = ?1", [timer.into()])
}

/// Its result stands in a turn already.
pub fn delete_if_turned(timer: &str) -> Statement {
    Statement::new("DELETE FROM timers WHERE id = ?1 AND EXISTS (SELECT 1 FROM turns WHERE cause = ?1)", [timer.into()])
}

/// The conversations that have waited long enough, or whose call nobody has made.
pub fn due(now: Timestamp, unclaimed: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT account_id, customer_id FROM timers WHERE due_at <= ?1 OR claim IS NULL AND due_at <= ?2 LIMIT ?3",
        [now.into(), unclaimed.into(), most.into()],
    )
}
