//! The table `inbox`.

use serde::{Deserialize, Serialize};

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::{Span, Timestamp};

/// How long somebody who took an event is left alone with it.
pub const ATTEMPT: Span = Span::seconds(20);
/// An event that was started this often and never settled is dead.
pub const MOST_ATTEMPTS: i64 = 5;
/// Rows in one statement hold about this much, in bytes: D1 takes 2 MB a parameter.
const LARGEST_PARAMETER: usize = 400_000;
const LARGEST_ROW: usize = 1_000_000;

/// An item as it is first written down.
#[derive(Clone, Debug, Serialize)]
pub struct Arrival {
    pub key: String,
    pub account_id: UserId,
    pub customer_id: Option<UserId>,
    pub kind: &'static str,
    pub event_id: String,
    pub created_at: Timestamp,
    pub received_at: Timestamp,
    pub raw: String,
    pub status: &'static str,
    pub outcome: Option<&'static str>,
    pub due_at: Option<Timestamp>,
    pub settled_at: Option<Timestamp>,
    /// Nobody is to take it before; 0: at once.
    pub not_before: Timestamp,
    /// A message of the account itself: where it is known as one that we sent, it is handled as it is written down.
    pub is_own: bool,
}

/// What stands in the inbox from now on, and how.
#[derive(Clone, Debug, Deserialize)]
pub struct Arrived {
    pub key: String,
    pub status: String,
}

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

/// Writes down what is new, and gives it as [`Arrived`]; what stands there already stays as it is.
pub fn insert(arrivals: &[Arrival]) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut rows: Vec<String> = Vec::new();
    let mut size = 0;
    for arrival in arrivals {
        let row = serde_json::to_string(arrival).unwrap_or_default();
        if row.len() > LARGEST_ROW {
            statements.push(insert_alone(arrival));
            continue;
        }
        if size + row.len() > LARGEST_PARAMETER && !rows.is_empty() {
            statements.push(insert_rows(&rows));
            rows.clear();
            size = 0;
        }
        size += row.len();
        rows.push(row);
    }
    if !rows.is_empty() {
        statements.push(insert_rows(&rows));
    }
    statements
}

/// An item so large that its JSON within JSON might pass what a parameter takes.
fn insert_alone(arrival: &Arrival) -> Statement {
    Statement::new(
        "INSERT INTO inbox (key, account_id, customer_id, kind, event_id, created_at, received_at, raw, status, outcome, due_at, settled_at, not_before)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (key) DO NOTHING",
        [
            arrival.key.as_str().into(),
            (&arrival.account_id).into(),
            arrival.customer_id.as_ref().into(),
            arrival.kind.into(),
            arrival.event_id.as_str().into(),
            arrival.created_at.into(),
            arrival.received_at.into(),
            arrival.raw.as_str().into(),
            arrival.status.into(),
            arrival.outcome.into(),
            arrival.due_at.into(),
            arrival.settled_at.into(),
            arrival.not_before.into(),
        ],
    )
}

fn insert_rows(rows: &[String]) -> Statement {
    Statement::new(
        "INSERT INTO inbox (key, account_id, customer_id, kind, event_id, created_at, received_at, raw, status, outcome, due_at, settled_at, not_before)
         SELECT value->>'key', value->>'account_id', value->>'customer_id', value->>'kind', value->>'event_id', value->>'created_at',
           value->>'received_at', value->>'raw', iif(ours.id IS NULL, value->>'status', 'handled'), iif(ours.id IS NULL, value->>'outcome', 'ours'),
           iif(ours.id IS NULL, value->>'due_at', NULL), iif(ours.id IS NULL, value->>'settled_at', value->>'received_at'), value->>'not_before'
         FROM json_each(?1) LEFT JOIN outbox ours
           ON value->>'is_own' AND ours.account_id = value->>'account_id' AND ours.x_id = value->>'event_id'
         WHERE true ON CONFLICT (key) DO NOTHING RETURNING key, status",
        [format!("[{}]", rows.join(",")).into()],
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_delivery_is_written_in_several_statements_of_one_batch() {
        let arrival = |n: usize| Arrival {
            key: n.to_string(),
            account_id: "1".into(),
            customer_id: None,
            kind: "mention",
            event_id: n.to_string(),
            created_at: Timestamp(1),
            received_at: Timestamp(1),
            raw: "x".repeat(150_000),
            status: "recorded",
            outcome: None,
            due_at: None,
            settled_at: None,
            not_before: Timestamp(0),
            is_own: false,
        };
        let all: Vec<_> = (0..5).map(arrival).collect();
        assert_eq!(insert(&all).len(), 3);
        assert_eq!(insert(&all[..1]).len(), 1);
        assert!(insert(&[]).is_empty());
    }
}
