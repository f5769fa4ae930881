//! Lists over the table `outbox`: what is due, whose outcome is open, what a person should look at.

use serde::Deserialize;

use super::columns;
use crate::store::conversations::ConversationId;
use crate::store::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::{Span, Timestamp};

/// How long the sweep leaves an account alone after a hold.
const LEFT_TO_DRAIN: Span = Span::minutes(2);

/// The conversations whose next message is past due, of accounts that may send now. An account whose hold has only just
/// ended is left to its drain job, and a message whose file is on its way to the upload that brings it.
pub fn due(now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT DISTINCT o.account_id, o.customer_id FROM outbox o JOIN accounts a ON a.id = o.account_id
         WHERE o.status IN ('owed', 'sending') AND (o.status = 'owed' OR o.kind <> 'dm') AND o.due_at <= ?1
           AND a.status = 'ready' AND a.is_on = 1 AND a.held_until <= ?2
           AND NOT EXISTS (SELECT 1 FROM media m WHERE m.account_id = o.account_id AND m.sha256 = o.media
             AND m.status IN ('wanted', 'uploading', 'processing'))
           AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.account_id = o.account_id AND e.customer_id = o.customer_id
             AND e.status IN ('owed', 'sending') AND (e.kind = 'post') = (o.kind = 'post') AND (e.turn < o.turn OR e.turn = o.turn AND e.place < o.place))
         ORDER BY o.due_at LIMIT ?3",
        [now.into(), (now - LEFT_TO_DRAIN).into(), most.into()],
    )
}

/// The accounts with messages whose outcome is open past their lease.
pub fn accounts_in_doubt(now: Timestamp) -> Statement {
    Statement::new(
        "SELECT DISTINCT account_id AS id FROM (SELECT account_id FROM outbox
           WHERE status IN ('owed', 'sending') AND status = 'sending' AND kind = 'dm' AND due_at <= ?1 ORDER BY due_at LIMIT 500) LIMIT 100",
        [now.into()],
    )
}

/// The next message of a conversation.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub struct Next {
    pub id: String,
    #[serde(flatten)]
    pub conversation: ConversationId,
}

/// The account's conversations whose next message can be sent now, in the account's line: agents first, then the oldest.
pub fn owing(account: &UserId, now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT id, account_id, customer_id FROM outbox o WHERE status IN ('owed', 'sending') AND status = 'owed' AND account_id = ?1 AND due_at <= ?2
           AND NOT EXISTS (SELECT 1 FROM media m WHERE m.account_id = o.account_id AND m.sha256 = o.media
             AND m.status IN ('wanted', 'uploading', 'processing'))
           AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.account_id = o.account_id AND e.customer_id = o.customer_id
             AND e.status IN ('owed', 'sending') AND (e.kind = 'post') = (o.kind = 'post') AND (e.turn < o.turn OR e.turn = o.turn AND e.place < o.place))
         ORDER BY (holder = 'bot'), created_at, id LIMIT ?3",
        [account.into(), now.into(), most.into()],
    )
}

/// Messages that did not reach their customer, newest first.
pub fn in_trouble(most: i64) -> Statement {
    Statement::new(
        "SELECT id, account_id, customer_id, kind, status, attempts, why, created_at FROM outbox
         WHERE status IN ('failed', 'doubtful') AND kind IN ('dm', 'post') ORDER BY created_at DESC LIMIT ?1",
        [most.into()],
    )
}

/// Messages of which X has not yet said whether it has them, past their lease.
pub fn unknown(now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT id, account_id, customer_id, status, intent_at, looks FROM outbox
         WHERE status IN ('owed', 'sending') AND status = 'sending' AND kind = 'dm' AND lease_until <= ?1 LIMIT ?2",
        [now.into(), most.into()],
    )
}

pub fn count_unsettled() -> Statement {
    Statement::new("SELECT COUNT(*) AS count FROM outbox WHERE status IN ('owed', 'sending')", [])
}

/// The messages of a conversation whose outcome is open: what an echo may settle.
pub fn open_in(id: &ConversationId) -> Statement {
    Statement::new(
        concat!(
            "SELECT ", columns!(), " FROM outbox
             WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'sending' AND kind = 'dm'
             UNION ALL
             SELECT ", columns!(), " FROM outbox
             WHERE account_id = ?1 AND customer_id = ?2 AND status = 'doubtful'"
        ),
        [(&id.account).into(), (&id.customer).into()],
    )
}

/// The account's messages whose lease is over without an answer.
pub fn unknown_of(account: &UserId, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            "SELECT ", columns!(), " FROM outbox
             WHERE status IN ('owed', 'sending') AND status = 'sending' AND kind = 'dm' AND account_id = ?1 AND due_at <= ?2 ORDER BY intent_at LIMIT 50"
        ),
        [account.into(), now.into()],
    )
}
