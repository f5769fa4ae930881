//! The table `outbox`.
//!
//! `status IN ('owed', 'sending')` stands beside narrower conditions because the partial indexes apply only where the
//! condition of the index is written out.

mod dropped;
pub mod lists;
mod settled;

use serde::Deserialize;

pub use dropped::*;
pub use lists::{open_in, unknown_of};
pub use settled::*;

/// The row as it stands then, so that what became of it is told by what wrote it.
macro_rules! returning {
    () => {
        " RETURNING 'message' AS told, id, account_id, customer_id, holder, kind, status, attempts, created_at, x_id,
           CASE WHEN json_valid(why) THEN why->>'status' END AS fault_status, CASE WHEN json_valid(why) THEN why->>'code' END AS fault_code,
           CASE WHEN json_valid(why) THEN why->>'name' END AS fault_name"
    };
}

/// Those of `Sending`.
macro_rules! columns {
    () => {
        "id, account_id, customer_id, holder, kind, body, status, created_at, intent_at, lease_until, attempts, looks, claim,
           CASE WHEN json_valid(why) THEN why->>'dialect' END AS dialect_refused_at"
    };
}
use columns;
use returning;

use super::budgets::windows;
use super::conversations::ConversationId;
use super::statement::Statement;
use crate::bot::message::{Message, Post};
use crate::x_api::ids::UserId;
use crate::x_api::time::{Span, Timestamp};

/// How long a worker may be at a message that it claimed. More than twice the time limit of a call, so that no second
/// worker starts while a call can still come through.
pub const LEASE: Span = Span::seconds(30);
/// A message that could not be sent for so long is not sent any more.
pub const SEND_WITHIN: Span = Span::hours(24);

/// What is owed. A post has a lane of its own, so that neither waits for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Dm,
    Post,
}

/// What is sent in order: the messages of a conversation, and its posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Messages,
    Posts,
}

/// What an account may send, and what it may cost.
#[derive(Clone, Debug, Default)]
pub struct Gates {
    /// A JSON array of X's limits.
    pub limits: String,
    /// Thousandths of a dollar a day at X's list prices.
    pub cap: Option<i64>,
    /// The most that X bills for one of them, in the same: what the cap has to have room for.
    pub message: i64,
    pub post: i64,
}

impl Gates {
    pub fn dearest(&self, lane: Lane) -> i64 {
        match lane {
            Lane::Messages => self.message,
            Lane::Posts => self.post,
        }
    }
}

/// A message as the turn writes it.
#[derive(Clone, Debug)]
pub struct Owed<'a> {
    pub kind: Kind,
    pub cause: &'a str,
    pub turn: i64,
    pub place: i64,
    pub holder: &'a str,
    /// The hash of the file that it carries.
    pub media: Option<String>,
    /// JSON: a message or a post.
    pub body: String,
}

/// A message that somebody sends, or whose outcome is not known.
#[derive(Clone, Debug, Deserialize)]
pub struct Sending {
    pub id: String,
    #[serde(flatten)]
    pub conversation: ConversationId,
    pub holder: String,
    pub kind: Kind,
    body: String,
    pub status: String,
    pub created_at: Timestamp,
    pub intent_at: Timestamp,
    pub lease_until: Timestamp,
    pub attempts: i64,
    /// In vain, of a message; of a post, tries of which X has not said whether it has it.
    pub looks: i64,
    /// X took it for closed to the account then, and what it takes instead was not known.
    pub dialect_refused_at: Option<Timestamp>,
    /// Who claimed it: what settles it names the claim, so that a late worker does not undo a later one's.
    pub claim: Option<String>,
}

impl Kind {
    pub fn named(name: &str) -> Option<Self> {
        [Self::Dm, Self::Post].into_iter().find(|kind| kind.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Dm => "dm",
            Self::Post => "post",
        }
    }
}

impl Lane {
    fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Posts => "posts",
        }
    }
}

impl Sending {
    pub fn message(&self) -> Message {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    pub fn post(&self) -> Post {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

pub fn insert(id: &ConversationId, owed: &Owed<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO outbox (id, account_id, customer_id, turn, place, holder, body, send_by, created_at, due_at, kind, media)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11) RETURNING 'owed' AS told",
        [
            format!("{}/{}", owed.cause, owed.place).into(),
            (&id.account).into(),
            (&id.customer).into(),
            owed.turn.into(),
            owed.place.into(),
            owed.holder.into(),
            owed.body.as_str().into(),
            (now + SEND_WITHIN).into(),
            now.into(),
            owed.kind.name().into(),
            owed.media.as_deref().into(),
        ],
    )
}

/// Posts whose worker is gone are tried again, since X takes no post twice. Signs of attention, which an earlier version owed
/// too, have lost their moment.
pub fn lapse(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = CASE kind WHEN 'post' THEN 'owed' ELSE 'dropped' END, claim = NULL, due_at = ?3, looks = looks + 1
         WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending')
           AND (kind = 'post' AND status = 'sending' AND lease_until <= ?3 OR kind NOT IN ('dm', 'post'))",
            returning!()
        ),
        [(&id.account).into(), (&id.customer).into(), now.into()],
    )
}

/// The posts of the conversation wait until then, and say why.
pub fn hold_posts(id: &ConversationId, until: Timestamp, why: String, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE outbox SET due_at = ?3, why = ?4
         WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed' AND kind = 'post' AND due_at <= ?5",
        [(&id.account).into(), (&id.customer).into(), until.into(), why.into(), now.into()],
    )
}

/// Takes the oldest unsettled message of the conversation, if it is owed, due, and the account may send now: its budget has
/// a slot left after those of all who stand before it in the account's line, agents first, then the oldest.
///
/// A conversation that waits for something else (a file, the time to try again, word of a message that may be on X) keeps
/// nobody back; neither does a message before which its own conversation has one that is behind in the line: two conversations would
/// wait for each other.
///
/// Under a cap, what is on its way counts like this one until it is known what X has of it.
///
/// One statement, so that two workers cannot both take it, and none takes a later one past it. The same claim may be
/// repeated when its answer was lost: it gives the same message again.
pub fn claim(id: &ConversationId, claim: &str, lane: Lane, gates: &Gates, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
        "UPDATE outbox SET status = 'sending', claim = ?3, intent_at = ?4, lease_until = ?5, due_at = ?5, attempts = attempts + (status = 'owed')
         WHERE id = (SELECT id FROM outbox WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending')
             AND (kind = 'post') = (?6 = 'posts') ORDER BY turn, place LIMIT 1)
           AND (status = 'sending' AND claim = ?3 OR status = 'owed' AND due_at <= ?4
           AND EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND status = 'ready' AND is_on = 1 AND held_until <= ?4)
           AND (kind <> 'dm' OR (SELECT COALESCE(MIN(slots), 100) > 99 OR MIN(slots) > (SELECT COUNT(*) FROM (SELECT 1 FROM outbox e
               WHERE e.account_id = ?1 AND e.status IN ('owed', 'sending') AND e.status = 'owed' AND e.kind = 'dm' AND e.due_at <= ?4 AND e.send_by > ?4
                 AND ((e.holder = 'bot'), e.created_at, e.id) < ((outbox.holder = 'bot'), outbox.created_at, outbox.id) AND e.customer_id <> ?2
                 AND NOT EXISTS (SELECT 1 FROM outbox h WHERE h.account_id = ?1 AND h.customer_id = e.customer_id AND h.status IN ('owed', 'sending')
                   AND h.kind <> 'post' AND (h.turn, h.place) <= (e.turn, e.place)
                   AND (((h.holder = 'bot'), h.created_at, h.id) > ((outbox.holder = 'bot'), outbox.created_at, outbox.id)
                     OR h.status = 'sending' AND h.lease_until <= ?4 OR h.status = 'owed' AND (h.due_at > ?4 OR h.media IS NOT NULL
                     AND NOT EXISTS (SELECT 1 FROM media m WHERE m.account_id = ?1 AND m.sha256 = h.media
                       AND (m.status = 'failed' OR m.status = 'ready' AND m.expires_at > ?4)))))
               LIMIT 100))
             FROM (SELECT cap - CASE WHEN resets_at > ?4 THEN used ELSE 0 END AS slots FROM (", windows!("?7"), "))))
           AND (?8 IS NULL OR kind NOT IN ('dm', 'post') OR ?8 >= ?9 * (SELECT COUNT(*) + 1 FROM outbox s WHERE s.account_id = ?1
               AND s.status IN ('owed', 'sending') AND s.status = 'sending') + COALESCE((SELECT SUM(mills) FROM costs
             WHERE day = ?4 - ?4 % 86400000 AND account_id = ?1), 0))
           AND (media IS NULL OR EXISTS (SELECT 1 FROM media m WHERE m.account_id = ?1 AND m.sha256 = outbox.media
             AND (m.status = 'failed' OR m.status = 'ready' AND m.expires_at > ?4))))
         RETURNING ", columns!()),
        [
            (&id.account).into(),
            (&id.customer).into(),
            claim.into(),
            now.into(),
            (now + LEASE).into(),
            lane.name().into(),
            gates.limits.as_str().into(),
            gates.cap.into(),
            gates.dearest(lane).into(),
        ],
    )
}

/// How a message stands, for whoever wrote it.
pub fn state_of(id: &str) -> Statement {
    Statement::new("SELECT status, x_id, sent_at, why FROM outbox WHERE id = ?1", [id.into()])
}

/// Which of these ids of X (a JSON array) are messages of ours.
pub fn known_among(account: &UserId, x_ids: String) -> Statement {
    Statement::new(
        "SELECT x_id FROM outbox WHERE account_id = ?1 AND x_id IN (SELECT value FROM json_each(?2))",
        [account.into(), x_ids.into()],
    )
}
