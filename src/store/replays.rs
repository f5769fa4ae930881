//! The tables `replays` and `look_ups`.

use serde::Deserialize;

use super::statement::Statement;
use crate::x_api::ids::{UserId, WebhookId};
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
pub struct Replay {
    pub webhook_id: WebhookId,
    pub from_at: Timestamp,
    pub to_at: Timestamp,
    pub status: String,
    pub attempts: i64,
}

#[derive(Clone, Debug, Deserialize)]
pub struct LookUp {
    pub cursor: Option<String>,
    pub attempts: i64,
}

/// One of the same minutes that has come to its end begins anew; one that is under way goes on.
pub fn plan(
    id: &str,
    webhook: &WebhookId,
    from: Timestamp,
    to: Timestamp,
    due_at: Timestamp,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO replays (id, webhook_id, from_at, to_at, status, due_at, created_at) VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET from_at = ?3, to_at = ?4, status = 'waiting', attempts = 0, due_at = ?5, created_at = ?6, why = NULL
         WHERE status = 'done'",
        [id.into(), webhook.as_str().into(), from.into(), to.into(), due_at.into(), now.into()],
    )
}

/// Takes one up that is due; a worker that is lost leaves it due again at `again`.
pub fn take(id: &str, now: Timestamp, again: Timestamp) -> Statement {
    Statement::new(
        "UPDATE replays SET due_at = ?3 WHERE id = ?1 AND due_at <= ?2 AND status IN ('waiting', 'running')
         RETURNING webhook_id, from_at, to_at, status, attempts",
        [id.into(), now.into(), again.into()],
    )
}

/// X is at it, up to `part_to`; without a word from X it is taken up again at `due_at`.
pub fn running(id: &str, job: &str, part_to: Timestamp, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE replays SET status = 'running', job_id = ?2, part_to = ?3, due_at = ?4, why = NULL WHERE id = ?1",
        [id.into(), job.into(), part_to.into(), due_at.into()],
    )
}

/// X has brought all of the part: the next one begins where it ended.
pub fn part_is_complete(job: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE replays SET status = 'waiting', from_at = part_to, job_id = NULL, attempts = 0, due_at = ?2
         WHERE job_id = ?1 AND status = 'running'",
        [job.into(), now.into()],
    )
}

/// X has not brought all of it: the same part again.
pub fn part_is_incomplete(job: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE replays SET status = 'waiting', job_id = NULL, attempts = attempts + 1, due_at = ?2, why = 'X brought only a part: asked again'
         WHERE job_id = ?1 AND status = 'running'",
        [job.into(), now.into()],
    )
}

/// Not now; that is no attempt.
pub fn later(id: &str, due_at: Timestamp, why: &str) -> Statement {
    Statement::new(
        "UPDATE replays SET status = 'waiting', job_id = NULL, due_at = ?2, why = ?3 WHERE id = ?1",
        [id.into(), due_at.into(), why.into()],
    )
}

/// X never said how the part ended: on with the next one, since the lists are read in the end anyway.
pub fn go_on(id: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE replays SET status = 'waiting', from_at = part_to, job_id = NULL, attempts = 0, due_at = ?2, why = 'X never said how a part ended'
         WHERE id = ?1 AND status = 'running'",
        [id.into(), now.into()],
    )
}

pub fn done(id: &str, why: &str) -> Statement {
    Statement::new("UPDATE replays SET status = 'done', job_id = NULL, why = ?2 WHERE id = ?1", [id.into(), why.into()])
}

/// One that has not begun, and reaches as far back, reads all that this one would.
macro_rules! unless_one_waits {
    () => {
        " AND NOT EXISTS (SELECT 1 FROM look_ups l WHERE l.account_id = accounts.id AND l.from_at <= MAX(?2, accounts.created_at)
           AND l.cursor IS NULL AND l.attempts = 0)"
    };
}

/// Every account that the webhook delivers for has its messages read back to this moment, or to its first connection.
pub fn look_up_all(webhook: &WebhookId, from: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            "INSERT INTO look_ups (account_id, from_at, due_at) SELECT id, MAX(?2, created_at), ?3 FROM accounts WHERE webhook_id = ?1 AND hears = 1",
            unless_one_waits!(),
            " ON CONFLICT DO NOTHING"
        ),
        [webhook.as_str().into(), from.into(), now.into()],
    )
}

/// The same for one account.
pub fn look_up(account: &UserId, from: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            "INSERT INTO look_ups (account_id, from_at, due_at) SELECT id, MAX(?2, created_at), ?3 FROM accounts WHERE id = ?1",
            unless_one_waits!(),
            " ON CONFLICT DO NOTHING"
        ),
        [account.into(), from.into(), now.into()],
    )
}

/// The account leaves this webhook: what was still to be replayed there is looked up in its messages.
pub fn take_along(account: &UserId, webhook: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO look_ups (account_id, from_at, due_at)
         SELECT ?1, MAX(MIN(from_at), (SELECT created_at FROM accounts WHERE id = ?1)), ?3 FROM replays WHERE webhook_id = ?2 AND status IN ('waiting', 'running') HAVING MIN(from_at) IS NOT NULL
         ON CONFLICT DO NOTHING",
        [account.into(), webhook.into(), now.into()],
    )
}

pub fn take_look_up(account: &UserId, from: Timestamp, now: Timestamp, again: Timestamp) -> Statement {
    Statement::new(
        "UPDATE look_ups SET due_at = ?4, attempts = attempts + 1 WHERE account_id = ?1 AND from_at = ?2 AND due_at <= ?3
         RETURNING cursor, attempts",
        [account.into(), from.into(), now.into(), again.into()],
    )
}

/// The next page, later: X allows few of them.
pub fn next_page(account: &UserId, from: Timestamp, cursor: &str, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE look_ups SET cursor = ?3, due_at = ?4, attempts = 0 WHERE account_id = ?1 AND from_at = ?2",
        [account.into(), from.into(), cursor.into(), due_at.into()],
    )
}

/// The same page, later.
pub fn look_again(account: &UserId, from: Timestamp, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE look_ups SET due_at = ?3 WHERE account_id = ?1 AND from_at = ?2",
        [account.into(), from.into(), due_at.into()],
    )
}

/// The same page, later, since others had their turn or the account is not there: that was no try.
pub fn look_later(account: &UserId, from: Timestamp, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE look_ups SET due_at = ?3, attempts = attempts - 1 WHERE account_id = ?1 AND from_at = ?2 AND attempts > 0",
        [account.into(), from.into(), due_at.into()],
    )
}

/// The account is back: what was to be looked up is looked up now.
pub fn look_now(account: &UserId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE look_ups SET due_at = ?2 WHERE account_id = ?1 AND due_at > ?2",
        [account.into(), now.into()],
    )
}

pub fn looked_up(account: &UserId, from: Timestamp) -> Statement {
    Statement::new("DELETE FROM look_ups WHERE account_id = ?1 AND from_at = ?2", [account.into(), from.into()])
}

/// Replays past due.
pub fn due(now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT id FROM replays WHERE status IN ('waiting', 'running') AND due_at <= ?1 LIMIT ?2",
        [now.into(), most.into()],
    )
}

pub fn look_ups_due(now: Timestamp, most: i64) -> Statement {
    Statement::new("SELECT account_id, from_at FROM look_ups WHERE due_at <= ?1 LIMIT ?2", [now.into(), most.into()])
}

/// Newest first, for people.
pub fn latest(most: i64) -> Statement {
    Statement::new(
        "SELECT id, webhook_id, from_at, to_at, status, attempts, due_at, why, created_at,
           (SELECT COUNT(*) FROM look_ups) AS look_ups_left FROM replays ORDER BY created_at DESC LIMIT ?1",
        [most.into()],
    )
}
