//! The table `outbox`.
//!
//! `status IN ('owed', 'sending')` stands beside narrower conditions because the partial indexes apply only where the
//! condition of the index is written out.

use serde::Deserialize;

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::bot::message::Message;
use crate::x_api::ids::{DmId, UserId};
use crate::x_api::time::{Span, Timestamp};

/// How long a worker may be at a message that it claimed. More than twice the time limit of a call, so that no second
/// worker starts while a call can still come through.
pub const LEASE: Span = Span::seconds(30);
/// A message that could not be sent for so long is not sent any more.
pub const SEND_WITHIN: Span = Span::hours(24);

/// How long the sweep leaves an account alone after a hold.
const LEFT_TO_DRAIN: Span = Span::minutes(2);

/// A message as the turn writes it.
#[derive(Clone, Debug)]
pub struct Owed<'a> {
    pub cause: &'a str,
    pub turn: i64,
    pub place: i64,
    pub holder: &'a str,
    pub body: &'a Message,
}

/// A message that somebody sends, or whose outcome is not known.
#[derive(Clone, Debug, Deserialize)]
pub struct Sending {
    pub id: String,
    #[serde(flatten)]
    pub conversation: ConversationId,
    pub holder: String,
    body: String,
    pub status: String,
    pub intent_at: Timestamp,
    pub lease_until: Timestamp,
    pub attempts: i64,
    pub looks: i64,
    /// Who claimed it: what settles it names the claim, so that a late worker does not undo a later one's.
    pub claim: Option<String>,
}

impl Sending {
    pub fn message(&self) -> Message {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

pub fn insert(id: &ConversationId, owed: &Owed<'_>, now: Timestamp) -> Statement {
    let body = serde_json::to_string(owed.body).unwrap_or_default();
    Statement::new(
        "INSERT INTO outbox (id, account_id, customer_id, turn, place, kind, holder, body, send_by, created_at, due_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 'dm', ?6, ?7, ?8, ?9, ?9)",
        [
            format!("{}/{}", owed.cause, owed.place).into(),
            (&id.account).into(),
            (&id.customer).into(),
            owed.turn.into(),
            owed.place.into(),
            owed.holder.into(),
            body.into(),
            (now + SEND_WITHIN).into(),
            now.into(),
        ],
    )
}

/// What is owed in the name of somebody who no longer holds the conversation is not said.
pub fn drop_of_former_holder(id: &ConversationId) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'dropped', why = '{\"said\":\"Somebody else holds the conversation now.\"}'
         WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed'
           AND holder <> (SELECT holder FROM conversations WHERE account_id = ?1 AND customer_id = ?2)",
        [(&id.account).into(), (&id.customer).into()],
    )
}

pub fn fail_too_late(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'failed', why = '{\"said\":\"It could not be sent in time.\"}'
         WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed' AND send_by <= ?3",
        [(&id.account).into(), (&id.customer).into(), now.into()],
    )
}

/// Takes the oldest unsettled message of the conversation, if it is owed, due, and the account may send now.
///
/// One statement, so that two workers cannot both take it, and none takes a later one past it. The same claim may be
/// repeated when its answer was lost: it gives the same message again.
pub fn claim(id: &ConversationId, claim: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'sending', claim = ?3, intent_at = ?4, lease_until = ?5, due_at = ?5, attempts = attempts + 1
         WHERE id = (SELECT id FROM outbox WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending')
             ORDER BY turn, place LIMIT 1)
           AND (status = 'owed' AND due_at <= ?4 OR status = 'sending' AND claim = ?3)
           AND EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND status = 'ready' AND held_until <= ?4)
           AND NOT EXISTS (SELECT 1 FROM budgets WHERE account_id = ?1 AND resets_at > ?4 AND used >= cap)
         RETURNING id, account_id, customer_id, holder, body, status, intent_at, lease_until, attempts, looks, claim",
        [
            (&id.account).into(),
            (&id.customer).into(),
            claim.into(),
            now.into(),
            (now + LEASE).into(),
        ],
    )
}

/// X has it. True whatever was believed before: a late answer wins over doubt.
pub fn sent(id: &str, x_id: &DmId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'sent', x_id = ?2, sent_at = ?3, why = NULL WHERE id = ?1 AND status <> 'sent'",
        [id.into(), x_id.into(), now.into()],
    )
}

/// X refused it for good.
pub fn failed(row: &Sending, why: &str) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'failed', why = ?3 WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
        [row.id.as_str().into(), row.claim.as_deref().into(), why.into()],
    )
}

/// X lets us say nothing at all to this customer.
pub fn fail_all_owed(id: &ConversationId, why: &str) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'failed', why = ?3 WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed'",
        [(&id.account).into(), (&id.customer).into(), why.into()],
    )
}

/// X refused it, surely without effect: it is owed again.
pub fn owed_again(row: &Sending, due_at: Timestamp, why: &str) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'owed', claim = NULL, due_at = ?3, why = ?4 WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
        [row.id.as_str().into(), row.claim.as_deref().into(), due_at.into(), why.into()],
    )
}

/// It was looked for on X in vain; the next look is at `due_at`.
pub fn not_found(row: &Sending, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE outbox SET looks = looks + 1, due_at = ?3 WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
        [row.id.as_str().into(), row.claim.as_deref().into(), due_at.into()],
    )
}

/// X did not answer the look, so it does not count as one.
pub fn look_again(row: &Sending, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE outbox SET due_at = ?3 WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
        [row.id.as_str().into(), row.claim.as_deref().into(), due_at.into()],
    )
}

/// Nobody can tell whether X has it.
pub fn doubtful(row: &Sending) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'doubtful', why = '{\"said\":\"X never answered, and the message was not found on X.\",\"what_to_do\":\"Look into the conversation on x.com; write again if it is missing.\"}'
         WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
        [row.id.as_str().into(), row.claim.as_deref().into()],
    )
}

/// The messages of a conversation whose outcome is open: what an echo may settle.
pub fn open_in(id: &ConversationId) -> Statement {
    Statement::new(
        "SELECT id, account_id, customer_id, holder, body, status, intent_at, lease_until, attempts, looks, claim FROM outbox
         WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'sending'
         UNION ALL
         SELECT id, account_id, customer_id, holder, body, status, intent_at, lease_until, attempts, looks, claim FROM outbox
         WHERE account_id = ?1 AND customer_id = ?2 AND status = 'doubtful'",
        [(&id.account).into(), (&id.customer).into()],
    )
}

/// The account's messages whose lease is over without an answer.
pub fn unknown_of(account: &UserId, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT id, account_id, customer_id, holder, body, status, intent_at, lease_until, attempts, looks, claim FROM outbox
         WHERE status IN ('owed', 'sending') AND status = 'sending' AND account_id = ?1 AND due_at <= ?2 ORDER BY intent_at LIMIT 50",
        [account.into(), now.into()],
    )
}

/// Which of these ids of X (a JSON array) are messages of ours.
pub fn known_among(account: &UserId, x_ids: String) -> Statement {
    Statement::new(
        "SELECT x_id FROM outbox WHERE account_id = ?1 AND x_id IN (SELECT value FROM json_each(?2))",
        [account.into(), x_ids.into()],
    )
}

/// The conversations whose next message is past due, of accounts that may send now. An account whose hold has only just
/// ended is left to its drain job.
pub fn due(now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT DISTINCT o.account_id, o.customer_id FROM outbox o JOIN accounts a ON a.id = o.account_id
         WHERE o.status IN ('owed', 'sending') AND o.status = 'owed' AND o.due_at <= ?1
           AND a.status = 'ready' AND a.held_until <= ?2
           AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.account_id = o.account_id AND e.customer_id = o.customer_id
             AND e.status IN ('owed', 'sending') AND (e.turn < o.turn OR e.turn = o.turn AND e.place < o.place))
         ORDER BY o.due_at LIMIT ?3",
        [now.into(), (now - LEFT_TO_DRAIN).into(), most.into()],
    )
}

/// The accounts with messages whose outcome is open past their lease.
pub fn accounts_in_doubt(now: Timestamp) -> Statement {
    Statement::new(
        "SELECT DISTINCT account_id AS id FROM (SELECT account_id FROM outbox
           WHERE status IN ('owed', 'sending') AND status = 'sending' AND due_at <= ?1 ORDER BY due_at LIMIT 500) LIMIT 100",
        [now.into()],
    )
}

/// The account's conversations whose next message can be sent now, in the order in which it came to be owed.
pub fn owing(account: &UserId, now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT account_id, customer_id FROM outbox o WHERE status IN ('owed', 'sending') AND status = 'owed' AND account_id = ?1 AND due_at <= ?2
           AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.account_id = o.account_id AND e.customer_id = o.customer_id
             AND e.status IN ('owed', 'sending') AND (e.turn < o.turn OR e.turn = o.turn AND e.place < o.place))
         ORDER BY created_at LIMIT ?3",
        [account.into(), now.into(), most.into()],
    )
}

/// Messages that did not reach their customer, newest first.
pub fn in_trouble(most: i64) -> Statement {
    Statement::new(
        "SELECT id, account_id, customer_id, status, attempts, why, created_at FROM outbox
         WHERE status IN ('failed', 'doubtful') ORDER BY created_at DESC LIMIT ?1",
        [most.into()],
    )
}

/// Messages of which X has not yet said whether it has them, past their lease.
pub fn unknown(now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT id, account_id, customer_id, status, intent_at, looks FROM outbox
         WHERE status IN ('owed', 'sending') AND status = 'sending' AND lease_until <= ?1 LIMIT ?2",
        [now.into(), most.into()],
    )
}

pub fn count_unsettled() -> Statement {
    Statement::new("SELECT COUNT(*) AS count FROM outbox WHERE status IN ('owed', 'sending')", [])
}
