//! The table `inbox`.

mod arrivals;

use serde::Deserialize;

pub use arrivals::{Arrival, Arrived, insert};

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::{Span, Timestamp};

/// How long somebody who took an event is left alone with it.
pub const ATTEMPT: Span = Span::seconds(20);
/// An event that was started this often and never settled is dead.
pub const MOST_ATTEMPTS: i64 = 5;

/// The event that was taken to be handled next.
#[derive(Clone, Debug, Deserialize)]
pub struct Taken {
    pub key: String,
    pub kind: String,
    pub raw: String,
    pub attempts: i64,
    pub created_at: Timestamp,
}

/// What X wrote, with the users it names.
#[derive(Clone, Debug, Deserialize)]
pub struct Raw {
    pub raw: String,
}

/// One key for one thing that happened to an account, however often and through whichever product it is delivered.
pub fn key(account: &UserId, kind: &str, event_id: &str) -> String {
    format!("{account}:{kind}:{event_id}")
}

/// Takes the oldest unhandled event of the conversation and counts the attempt, unless somebody is at it now, or the
/// conversation waits for the result of a call.
pub fn take(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE inbox SET attempts = attempts + 1, attempt_until = ?4,
           due_at = ?3 + 30000 * (attempts + 1) * (attempts + 1) * (attempts + 1)
         WHERE key = (SELECT key FROM inbox WHERE account_id = ?1 AND customer_id = ?2 AND status = 'new' AND not_before <= ?3
             ORDER BY created_at, length(event_id), event_id LIMIT 1)
           AND attempt_until <= ?3
           AND EXISTS (SELECT 1 FROM accounts WHERE id = ?1)
           AND NOT EXISTS (SELECT 1 FROM timers WHERE account_id = ?1 AND customer_id = ?2)
         RETURNING key, kind, raw, attempts, created_at",
        [(&id.account).into(), (&id.customer).into(), now.into(), (now + ATTEMPT).into()],
    )
}

/// Whether a message of the account itself waits here that is younger, and none of those that we sent. While one of ours is
/// on its way, or has ended in doubt, any of them may be its echo.
pub fn own_since(id: &ConversationId, since: Timestamp) -> Statement {
    Statement::new(
        "SELECT key FROM inbox i WHERE account_id = ?1 AND customer_id = ?2 AND status = 'new' AND created_at > ?3 AND kind = 'dm.message'
           AND json_valid(raw) AND json_extract(raw, '$.item.message_create.sender_id') = ?1
           AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.account_id = ?1 AND o.x_id = i.event_id)
           AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.account_id = ?1 AND o.customer_id = ?2 AND o.kind = 'dm'
             AND o.status IN ('owed', 'sending') AND o.status = 'sending')
           AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.account_id = ?1 AND o.customer_id = ?2 AND o.status = 'doubtful') LIMIT 1",
        [(&id.account).into(), (&id.customer).into(), since.into()],
    )
}

/// Events of an account that is not ours yet wait until it connects.
pub fn park_unknown(id: &ConversationId) -> Statement {
    Statement::new(
        "UPDATE inbox SET due_at = NULL WHERE account_id = ?1 AND customer_id = ?2 AND status = 'new' AND due_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = ?1)",
        [(&id.account).into(), (&id.customer).into()],
    )
}

/// What waited for this account is due.
pub fn unpark(account: &UserId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE inbox SET due_at = ?2 WHERE account_id = ?1 AND status = 'new' AND due_at IS NULL",
        [account.into(), now.into()],
    )
}

pub fn settle(key: &str, status: &str, outcome: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE inbox SET status = ?2, outcome = ?3, settled_at = ?4 WHERE key = ?1 AND status = 'new'",
        [key.into(), status.into(), outcome.into(), now.into()],
    )
}

/// The event was handled after all, by a turn that another worker wrote.
pub fn settle_if_turned(key: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE inbox SET status = 'handled', outcome = 'answered', settled_at = ?2 WHERE key = ?1 AND status = 'new'
           AND EXISTS (SELECT 1 FROM turns WHERE cause IN ('event:' || ?1, 'echo:' || ?1))",
        [key.into(), now.into()],
    )
}

/// Puts an event back that cannot be judged before `until`; the attempt was none.
pub fn defer(key: &str, until: Timestamp) -> Statement {
    Statement::new(
        "UPDATE inbox SET not_before = ?2, due_at = ?2, attempts = attempts - 1, attempt_until = 0 WHERE key = ?1 AND status = 'new'",
        [key.into(), until.into()],
    )
}

/// Gives an attempt back that trouble of the platform spent, so that trouble alone never makes an event dead.
pub fn give_back(key: &str, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE inbox SET attempts = attempts - 1, attempt_until = 0, due_at = ?2 WHERE key = ?1 AND status = 'new' AND attempts > 0",
        [key.into(), due_at.into()],
    )
}

pub fn raw(key: &str) -> Statement {
    Statement::new("SELECT raw FROM inbox WHERE key = ?1", [key.into()])
}

/// A sample that led to nothing has done its work.
pub fn take_sample(key: &str) -> Statement {
    Statement::new("DELETE FROM inbox WHERE key = ?1 AND kind = 'unknown' RETURNING key", [key.into()])
}

/// The conversations with events past due, put off until `again`: a job that is lost is queued anew then.
pub fn take_due(now: Timestamp, again: Timestamp, most: i64) -> Statement {
    Statement::new(
        "UPDATE inbox SET due_at = ?2 WHERE key IN (SELECT key FROM inbox WHERE status = 'new' AND due_at <= ?1 ORDER BY due_at LIMIT ?3)
         RETURNING account_id, customer_id",
        [now.into(), again.into(), most.into()],
    )
}

/// A dead event is tried again from the start.
pub fn revive(key: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE inbox SET status = 'new', outcome = NULL, settled_at = NULL, attempts = 0, attempt_until = 0, due_at = ?2
         WHERE key = ?1 AND status = 'dead' RETURNING account_id, customer_id",
        [key.into(), now.into()],
    )
}

/// Forgets settled events that no replay can bring back. Dead and set-aside ones stay for as long as
/// their account keeps what was said: somebody has to see them.
pub fn prune(before: Timestamp, most: i64) -> Statement {
    Statement::new(
        "DELETE FROM inbox WHERE key IN (SELECT key FROM inbox WHERE settled_at IS NOT NULL AND settled_at < ?1
           AND status IN ('handled', 'recorded') ORDER BY settled_at LIMIT ?2)",
        [before.into(), most.into()],
    )
}

/// How much was written in X Chat since then.
pub fn count_encrypted(since: Timestamp) -> Statement {
    Statement::new(
        "SELECT COUNT(*) AS count FROM inbox WHERE kind = 'chat.received' AND received_at > ?1",
        [since.into()],
    )
}

/// Events that nobody could handle, newest first.
pub fn in_trouble(most: i64) -> Statement {
    Statement::new(
        "SELECT key, account_id, customer_id, kind, status, outcome, attempts, received_at FROM inbox
         WHERE status IN ('dead', 'set_aside') ORDER BY received_at DESC LIMIT ?1",
        [most.into()],
    )
}
