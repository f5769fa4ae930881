//! The table `costs`.

use serde::Serialize;

use super::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::prices::Price;
use crate::x_api::time::{Span, Timestamp};

/// Something billed that stands in `inbox` from this batch on, if it did not before.
#[derive(Clone, Debug, Serialize)]
pub struct Received<'a> {
    pub key: &'a str,
    pub account_id: &'a UserId,
    pub what: &'static str,
    pub mills: i64,
}

/// Counts what is new, and so stands in the batch before it is written down: however often it is delivered, it counts once.
pub fn received(all: &[Received<'_>], now: Timestamp) -> Statement {
    let rows = serde_json::to_string(all).unwrap_or_default();
    Statement::new(
        "INSERT INTO costs (day, account_id, what, count, mills)
         SELECT ?2 - ?2 % 86400000, value->>'account_id', value->>'what', COUNT(*), SUM(value->>'mills') FROM json_each(?1)
         WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE key = value->>'key') GROUP BY value->>'account_id', value->>'what'
         ON CONFLICT (day, account_id, what) DO UPDATE SET count = count + excluded.count, mills = mills + excluded.mills",
        [rows.into(), now.into()],
    )
}

/// Counts a message or a post that is not known as sent yet: it stands before the statement that says so.
pub fn sent(id: &str, account: &UserId, price: Price, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO costs (day, account_id, what, count, mills) SELECT ?5 - ?5 % 86400000, ?2, ?3, 1, ?4
         WHERE EXISTS (SELECT 1 FROM outbox WHERE id = ?1 AND status <> 'sent')
         ON CONFLICT (day, account_id, what) DO UPDATE SET count = count + 1, mills = mills + excluded.mills",
        [id.into(), account.into(), price.what.into(), price.mills.into(), now.into()],
    )
}

/// So many of what a call has just brought.
pub fn add(account: &UserId, price: Price, count: i64, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO costs (day, account_id, what, count, mills) SELECT ?5 - ?5 % 86400000, ?1, ?2, ?3, ?3 * ?4 WHERE ?3 > 0
         ON CONFLICT (day, account_id, what) DO UPDATE SET count = count + excluded.count, mills = mills + excluded.mills",
        [account.into(), price.what.into(), count.into(), price.mills.into(), now.into()],
    )
}

/// What an account has cost today.
pub fn today(account: &UserId, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT COALESCE(SUM(mills), 0) AS mills FROM costs WHERE day = ?2 - ?2 % 86400000 AND account_id = ?1",
        [account.into(), now.into()],
    )
}

/// By day and thing, newest first; of one account or of all.
pub fn since(account: Option<&UserId>, from: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT c.day, c.account_id, a.username, c.what, c.count, c.mills FROM costs c LEFT JOIN accounts a ON a.id = c.account_id
         WHERE c.day >= ?2 - ?2 % 86400000 AND (?1 IS NULL OR c.account_id = ?1) ORDER BY c.day DESC, c.account_id, c.what LIMIT ?3",
        [account.into(), from.into(), most.into()],
    )
}

pub fn prune(now: Timestamp) -> Statement {
    Statement::new("DELETE FROM costs WHERE day < ?1", [(now - Span::days(400)).into()])
}
