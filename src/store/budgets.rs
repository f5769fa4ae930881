//! The table `budgets`: how much was sent, held against X's limits.
//!
//! `limits` is a JSON array of [`crate::x_api::limits::Limit`]: a window counts where it stands among them.

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::UserId;
use crate::x_api::limits::{Told, Whose};
use crate::x_api::time::{Span, Timestamp};

/// What X may be slower than we in beginning a window.
const LATER: Span = Span::seconds(2);
const APP: &str = "app";

/// The limits of the account `?1` with what is used of each.
macro_rules! windows {
    ($limits:literal) => {
        concat!(
            "SELECT COALESCE(b.cap, l.value->>'cap') AS cap, b.used AS used, COALESCE(b.resets_at, 0) AS resets_at, l.value->>'window' AS window
             FROM json_each(", $limits, ") l JOIN accounts a ON a.id = ?1 AND l.value->>'speaks' = a.speaks
             LEFT JOIN budgets b ON b.account_id = CASE l.value->>'whose' WHEN 'app' THEN 'app' ELSE ?1 END
               AND b.speaks = a.speaks AND b.window = l.value->>'window'"
        )
    };
}
pub(super) use windows;

/// Counts the message that this claim has just taken; counts nothing when it took none.
pub fn reserve(id: &ConversationId, claim: &str, limits: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO budgets (account_id, speaks, window, used, resets_at)
         SELECT CASE l.value->>'whose' WHEN 'app' THEN 'app' ELSE ?1 END, a.speaks, l.value->>'window', 1, ?3 + (l.value->>'window') + ?6
         FROM json_each(?5) l JOIN accounts a ON a.id = ?1 AND l.value->>'speaks' = a.speaks
         WHERE EXISTS (SELECT 1 FROM outbox WHERE account_id = ?1 AND customer_id = ?4 AND status IN ('owed', 'sending')
             AND status = 'sending' AND kind = 'dm' AND claim = ?2)
         ON CONFLICT (account_id, speaks, window) DO UPDATE SET used = CASE WHEN resets_at > ?3 THEN used + 1 ELSE 1 END,
           resets_at = CASE WHEN resets_at > ?3 THEN resets_at ELSE excluded.resets_at END",
        [
            (&id.account).into(),
            claim.into(),
            now.into(),
            (&id.customer).into(),
            limits.into(),
            LATER.0.into(),
        ],
    )
}

/// X's word on a window, beside our own count: what is on its way to X at this moment is not in X's. `sent` is the message
/// whose answer this is.
pub fn correct(account: &UserId, speaks: Speaks, told: &Told, sent: &str, now: Timestamp) -> Statement {
    let whose = match told.whose {
        Whose::Account => account.as_str(),
        Whose::App => APP,
    };
    Statement::new(
        "INSERT INTO budgets (account_id, speaks, window, cap, used, resets_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (account_id, speaks, window) DO UPDATE SET cap = ?4, resets_at = ?6,
           used = CASE WHEN budgets.resets_at > ?7 AND budgets.resets_at >= ?6 - 60000 THEN MAX(used, ?5)
             ELSE ?5 + (SELECT COUNT(*) FROM outbox WHERE account_id = ?8 AND status IN ('owed', 'sending') AND status = 'sending'
               AND kind = 'dm' AND lease_until > ?7 AND id <> ?9) END",
        [
            whose.into(),
            speaks.as_str().into(),
            told.window.0.into(),
            told.cap.into(),
            (told.cap - told.remaining).into(),
            told.resets_at.into(),
            now.into(),
            account.into(),
            sent.into(),
        ],
    )
}

/// What these accounts (a JSON array of ids) may send, and have sent, in each window that counts for them.
pub fn of_accounts(ids: String, limits: &str, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT a.id AS account_id, l.value->>'whose' AS whose, l.value->>'window' AS window, COALESCE(b.cap, l.value->>'cap') AS cap,
           CASE WHEN b.resets_at > ?3 THEN b.used ELSE 0 END AS used, CASE WHEN b.resets_at > ?3 THEN b.resets_at END AS resets_at
         FROM json_each(?1) i JOIN accounts a ON a.id = i.value JOIN json_each(?2) l ON l.value->>'speaks' = a.speaks
         LEFT JOIN budgets b ON b.account_id = CASE l.value->>'whose' WHEN 'app' THEN 'app' ELSE a.id END
           AND b.speaks = a.speaks AND b.window = l.value->>'window'",
        [ids.into(), limits.into(), now.into()],
    )
}

/// When a spent budget is renewed, if one is spent and a message waits; and whether anything waits that X bills.
pub fn spent_until(account: &UserId, limits: &str, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            "SELECT CASE WHEN messages THEN until END AS until, messages, posts FROM (SELECT MAX(resets_at) AS until FROM (",
            windows!("?3"),
            ") WHERE resets_at > ?2 AND used >= cap), (SELECT EXISTS (SELECT 1 FROM outbox WHERE account_id = ?1 AND status IN ('owed', 'sending') AND status = 'owed' AND kind = 'dm' AND due_at <= ?2) AS messages),
              (SELECT EXISTS (SELECT 1 FROM outbox WHERE account_id = ?1 AND status IN ('owed', 'sending') AND status = 'owed' AND kind = 'post' AND due_at <= ?2) AS posts)"
        ),
        [account.into(), now.into(), limits.into()],
    )
}
