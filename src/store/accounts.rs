//! The table `accounts`.

use serde::Deserialize;

use super::statement::Statement;
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    pub id: UserId,
    pub username: String,
    pub name: String,
    /// Sealed; see `seal.rs`.
    pub tokens: String,
    pub status: String,
    pub held_until: Timestamp,
    pub looked_at: Timestamp,
    pub answers_own: i64,
    pub is_on: i64,
    pub webhook_id: Option<String>,
    pub speaks: Speaks,
    /// `probe`, or `hand`.
    pub speaks_by: String,
    pub probed_at: Timestamp,
    /// Sealed tokens of OAuth 2.0, and until when the access token among them is good.
    pub oauth2: Option<String>,
    pub oauth2_until: Timestamp,
    pub oauth2_since: Timestamp,
    /// The public acts that its script takes up, each between spaces.
    pub acts: String,
    /// The product through which it hears, as it was when it connected.
    pub product: Option<String>,
    pub environment: Option<String>,
    pub webhook_url: Option<String>,
    /// 0: its subscription was ended by hand.
    pub hears: i64,
    /// Until when its send budget was spent last.
    pub spent_until: Timestamp,
    /// How it hands over, as JSON.
    pub handoff: Option<String>,
}

impl Account {
    /// A person chose how it speaks.
    pub fn is_told_how(&self) -> bool {
        self.speaks_by == "hand"
    }

    /// The gate of what is said at once. What is owed has it in [`super::outbox::claim`].
    pub fn may_send(&self, now: Timestamp) -> bool {
        self.status == "ready" && self.is_on == 1 && self.held_until <= now
    }
}

/// The columns of an [`Account`], from the rows that follow from `$where`.
macro_rules! select {
    ($where:literal) => {
        concat!(
            "SELECT id, username, name, tokens, status, held_until, looked_at, answers_own, is_on, webhook_id, speaks, speaks_by, probed_at,
               oauth2, oauth2_until, oauth2_since, acts, product, environment, webhook_url, hears, spent_until, handoff FROM accounts ",
            $where
        )
    };
}

/// The drain job that has just become due to be queued.
#[derive(Clone, Debug, Deserialize)]
pub struct Held {
    pub id: UserId,
    pub held_until: Timestamp,
    pub drain: i64,
}

pub fn get(id: &UserId) -> Statement {
    Statement::new(select!("WHERE id = ?1"), [id.into()])
}

/// The account of this id or name; of no name: the only one. Two rows mean that it is not clear.
pub fn find(name: Option<&str>) -> Statement {
    Statement::new(select!("WHERE ?1 IS NULL OR id = ?1 OR username = ?1 COLLATE NOCASE LIMIT 2"), [name.into()])
}

/// The public acts that the account's script takes up, each between spaces.
pub fn acts_of(id: &UserId) -> Statement {
    Statement::new("SELECT acts FROM accounts WHERE id = ?1", [id.into()])
}

/// Which of these ids (a JSON array) are accounts of ours.
pub fn known_among(ids: String) -> Statement {
    Statement::new("SELECT id FROM accounts WHERE id IN (SELECT value FROM json_each(?1))", [ids.into()])
}

/// It hears through this webhook of this product; no row when it is to hear nothing any more.
pub fn subscribed(
    id: &UserId,
    webhook_id: &str,
    webhook_url: &str,
    product: &str,
    environment: Option<&str>,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "UPDATE accounts SET webhook_id = ?2, webhook_url = ?3, product = ?4, environment = ?5, updated_at = ?6 WHERE id = ?1 AND hears = 1
         RETURNING id",
        [id.into(), webhook_id.into(), webhook_url.into(), product.into(), environment.into(), now.into()],
    )
}

/// Its subscription was ended by hand: nobody makes it again but by hand.
pub fn hears_no_more(id: &UserId, now: Timestamp) -> Statement {
    Statement::new("UPDATE accounts SET hears = 0, updated_at = ?2 WHERE id = ?1", [id.into(), now.into()])
}

pub fn hears_again(id: &UserId, now: Timestamp) -> Statement {
    Statement::new("UPDATE accounts SET hears = 1, updated_at = ?2 WHERE id = ?1", [id.into(), now.into()])
}

/// One of those that hear through this webhook: which product it is.
pub fn of_webhook(webhook_id: &str) -> Statement {
    Statement::new(select!("WHERE webhook_id = ?1 LIMIT 1"), [webhook_id.into()])
}

/// Sending rests until then. Gives the drain job to queue, or nothing when it rests that long already.
pub fn hold(id: &UserId, until: Timestamp, why: String, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET held_until = ?2, held_for = 0, why = ?3, drain = drain + 1, updated_at = ?4
         WHERE id = ?1 AND held_until < ?2
         RETURNING id, held_until, drain",
        [id.into(), until.into(), why.into(), now.into()],
    )
}

/// What kept it silent is mended: what is owed goes out now. Gives the drain job to queue, or nothing when it rests for what mends itself: a limit, silence.
pub fn speaks_again(id: &UserId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET held_until = ?2, why = NULL, drain = drain + 1, updated_at = ?2
         WHERE id = ?1 AND held_until > ?2 AND (why ->> '$.by_hand' = 1 OR why ->> '$.code' = 453)
         RETURNING id, held_until, drain",
        [id.into(), now.into()],
    )
}

/// Its budget is spent until then: what is owed by then has waited for it.
pub fn spent(id: &UserId, until: Timestamp) -> Statement {
    Statement::new("UPDATE accounts SET spent_until = ?2 WHERE id = ?1 AND spent_until < ?2", [id.into(), until.into()])
}

/// X does not answer: sending rests for half a minute, and twice as long each time that it stays silent, to ten minutes.
/// So an X that is away costs a few messages their certainty, not all of them.
pub fn hold_for_silence(id: &UserId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET held_for = CASE WHEN held_until > ?2 - 120000 AND held_for > 0 THEN MIN(held_for * 2, 600000) ELSE 30000 END,
           held_until = ?2 + CASE WHEN held_until > ?2 - 120000 AND held_for > 0 THEN MIN(held_for * 2, 600000) ELSE 30000 END,
           why = '{\"said\":\"X does not answer.\",\"what_to_do\":\"Sending rests for a while and goes on by itself.\"}',
           drain = drain + 1, updated_at = ?2
         WHERE id = ?1 AND held_until <= ?2
         RETURNING id, held_until, drain",
        [id.into(), now.into()],
    )
}

/// How it speaks, as X has just shown; a person's choice stays, and is not probed by what X takes beside it.
pub fn probed(id: &UserId, speaks: Speaks, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET speaks = CASE speaks_by WHEN 'probe' THEN ?2 ELSE speaks END,
           probed_at = CASE WHEN speaks_by = 'probe' OR speaks = ?2 THEN ?3 ELSE probed_at END WHERE id = ?1",
        [id.into(), speaks.as_str().into(), now.into()],
    )
}

/// A person chooses; `None`: whatever X takes. Whether X takes it is not known.
pub fn choose(id: &UserId, speaks: Option<Speaks>, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET speaks = COALESCE(?2, speaks), speaks_by = CASE WHEN ?2 IS NULL THEN 'probe' ELSE 'hand' END, probed_at = 0,
           updated_at = ?3 WHERE id = ?1",
        [id.into(), speaks.map(Speaks::as_str).into(), now.into()],
    )
}

/// Whether the account is answered for.
pub fn switch(id: &UserId, is_on: bool, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET is_on = ?2, updated_at = ?3, drain = drain + 1 WHERE id = ?1 RETURNING id, held_until, drain",
        [id.into(), i64::from(is_on).into(), now.into()],
    )
}

/// Whether it answers other accounts of ours.
pub fn answer_own(id: &UserId, answers: bool, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET answers_own = ?2, updated_at = ?3 WHERE id = ?1",
        [id.into(), i64::from(answers).into(), now.into()],
    )
}

/// How it hands over from now on, as JSON.
pub fn hands_over(id: &UserId, settings: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET handoff = ?2, updated_at = ?3 WHERE id = ?1",
        [id.into(), settings.into(), now.into()],
    )
}

/// For how long what was said is kept.
pub fn keeps(id: &UserId, days: Option<i64>, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET retention_days = ?2, updated_at = ?3 WHERE id = ?1",
        [id.into(), days.into(), now.into()],
    )
}

/// Every account.
pub fn all() -> Statement {
    Statement::new(select!("ORDER BY id"), [])
}

/// Every account by its name, for people.
pub fn names() -> Statement {
    Statement::new("SELECT id, username FROM accounts ORDER BY username LIMIT 1000", [])
}

/// A page of accounts for people, from the one after `after` on; never their tokens.
pub fn page(after: &str, most: i64, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT id, username, name, product, environment, webhook_id, webhook_url, access, speaks, speaks_by, status, is_on, answers_own, script_version, held_until,
           connected_at, retention_days, (SELECT MAX(at) FROM entries WHERE account_id = accounts.id) AS last_message_at,
           (SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE account_id = accounts.id AND status IN ('owed', 'sending') LIMIT 1000)) AS owed,
           CASE WHEN status <> 'ready' OR held_until > ?3 THEN why END AS why
         FROM accounts WHERE id > ?1 ORDER BY id LIMIT ?2",
        [after.into(), most.into(), now.into()],
    )
}

/// Claims the look at the account's latest messages, at most one in the span that ends at `before`.
pub fn look(id: &UserId, before: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET looked_at = ?3 WHERE id = ?1 AND looked_at <= ?2 AND status = 'ready' RETURNING id",
        [id.into(), before.into(), now.into()],
    )
}

/// Further pages were read at once: the next look waits as if one had followed the other.
pub fn looked(id: &UserId, at: Timestamp) -> Statement {
    Statement::new("UPDATE accounts SET looked_at = MAX(looked_at, ?2) WHERE id = ?1", [id.into(), at.into()])
}

/// Which drain job is under way, and from when on it may send.
pub fn drain_of(id: &UserId) -> Statement {
    Statement::new(
        "SELECT id, held_until, drain FROM accounts WHERE id = ?1 AND status = 'ready' AND is_on = 1",
        [id.into()],
    )
}

/// Those that X does not take, or that rest for a reason.
pub fn in_trouble(now: Timestamp) -> Statement {
    Statement::new(
        "SELECT id, username, status, updated_at, why FROM accounts WHERE status <> 'ready' OR (held_until > ?1 AND why IS NOT NULL)
         ORDER BY updated_at DESC LIMIT 200",
        [now.into()],
    )
}

/// What stands in the dashboard: the fault only while it lasts.
pub fn overview(now: Timestamp) -> Statement {
    Statement::new(
        "SELECT id, username, name, environment, webhook_id, webhook_url, status, is_on, held_until, updated_at,
           CASE WHEN status <> 'ready' OR held_until > ?1 THEN why END AS why,
           (SELECT COUNT(*) FROM outbox WHERE account_id = accounts.id AND status IN ('owed', 'sending') AND status = 'owed') AS waiting
         FROM accounts ORDER BY id LIMIT 200",
        [now.into()],
    )
}
