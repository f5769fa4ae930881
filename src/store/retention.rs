//! What was said longer ago than its account keeps it: found, and deleted.

use serde::Deserialize;

use super::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

/// The account's time is over for what these customers' conversations hold of before `cut`.
#[derive(Clone, Debug, Deserialize)]
pub struct Over {
    pub account_id: UserId,
    pub cut: Timestamp,
    /// Their ids, as a JSON array.
    pub customers: String,
}

/// `CROSS JOIN` has SQLite begin with the accounts: by itself it would read all that was ever said, each minute.
///
/// In so many entries, of five accounts at most: each costs statements. `days`: of accounts that say nothing themselves; `None`: theirs stay.
pub fn over(days: Option<i64>, most: i64, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT account_id, cut, json_group_array(DISTINCT customer_id) AS customers FROM
           (SELECT a.id AS account_id, ?1 - COALESCE(a.retention_days, ?2) * 86400000 AS cut, e.customer_id FROM accounts a
              CROSS JOIN entries e ON e.account_id = a.id AND e.at < ?1 - COALESCE(a.retention_days, ?2) * 86400000
            WHERE COALESCE(a.retention_days, ?2) > 0 LIMIT ?3)
         GROUP BY account_id, cut LIMIT 5",
        [now.into(), days.into(), most.into()],
    )
}

/// Conversations whose last word is gone already, and in which nothing is open: what is left of them was younger. One with a word
/// is found by `over`.
///
/// They are found among all that have changed last before the shortest time that an account keeps, without a look at what is younger;
/// of twenty accounts at most.
pub fn wordless(days: Option<i64>, most: i64, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT account_id, cut, json_group_array(customer_id) AS customers FROM
           (SELECT a.id AS account_id, ?1 - COALESCE(a.retention_days, ?2) * 86400000 AS cut, c.customer_id FROM conversations c
              CROSS JOIN accounts a ON a.id = c.account_id AND c.updated_at < ?1 - COALESCE(a.retention_days, ?2) * 86400000
            WHERE COALESCE(a.retention_days, ?2) > 0
              AND c.updated_at < ?1 - (SELECT MIN(COALESCE(retention_days, ?2)) FROM accounts WHERE COALESCE(retention_days, ?2) > 0) * 86400000
              AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.account_id = c.account_id AND e.customer_id = c.customer_id)
              AND NOT EXISTS (SELECT 1 FROM handoffs h WHERE h.account_id = c.account_id AND h.customer_id = c.customer_id AND h.status <> 'ended')
              AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.account_id = c.account_id AND i.customer_id = c.customer_id AND i.status = 'new')
              AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.account_id = c.account_id AND o.customer_id = c.customer_id AND o.status IN ('owed', 'sending'))
            LIMIT ?3)
         GROUP BY account_id, cut LIMIT 20",
        [now.into(), days.into(), most.into()],
    )
}

/// Messages that are settled.
pub fn delete_messages(days: Option<i64>, most: i64, now: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM outbox WHERE id IN (SELECT o.id FROM accounts a
           CROSS JOIN outbox o ON o.account_id = a.id AND o.created_at < ?1 - COALESCE(a.retention_days, ?2) * 86400000
           WHERE COALESCE(a.retention_days, ?2) > 0 AND o.status NOT IN ('owed', 'sending') LIMIT ?3)",
        [now.into(), days.into(), most.into()],
    )
}

/// Events and queue messages that nobody could handle. Nothing is kept for less than 35 days (3024000000 ms). A queue message
/// belongs to the account that it names.
pub fn delete_trouble(days: Option<i64>, most: i64, now: Timestamp) -> [Statement; 2] {
    [
        "DELETE FROM inbox WHERE key IN (SELECT i.key FROM inbox i LEFT JOIN accounts a ON a.id = i.account_id
           WHERE i.status IN ('dead', 'set_aside') AND i.received_at < ?1 - 3024000000
             AND COALESCE(a.retention_days, ?2) > 0 AND i.received_at < ?1 - COALESCE(a.retention_days, ?2) * 86400000 LIMIT ?3)",
        "DELETE FROM dead_letters WHERE id IN (SELECT d.id FROM dead_letters d LEFT JOIN accounts a ON instr(d.body, a.id)
           WHERE d.at < ?1 - 3024000000 AND COALESCE(a.retention_days, ?2) > 0 AND d.at < ?1 - COALESCE(a.retention_days, ?2) * 86400000 LIMIT ?3)",
    ]
    .map(|sql| Statement::new(sql, [now.into(), days.into(), most.into()]))
}

/// Everything of before then in these conversations, and those of them in which nothing has happened since.
pub fn delete(over: &Over) -> Vec<Statement> {
    [
        "DELETE FROM entries WHERE account_id = ?1 AND customer_id IN (SELECT value FROM json_each(?2)) AND at < ?3",
        "DELETE FROM turns WHERE account_id = ?1 AND customer_id IN (SELECT value FROM json_each(?2)) AND at < ?3",
        "DELETE FROM notes WHERE account_id = ?1 AND customer_id IN (SELECT value FROM json_each(?2)) AND at < ?3",
        "DELETE FROM handoffs WHERE account_id = ?1 AND customer_id IN (SELECT value FROM json_each(?2)) AND status = 'ended' AND ended_at < ?3",
        "DELETE FROM conversations WHERE account_id = ?1 AND customer_id IN (SELECT value FROM json_each(?2)) AND updated_at < ?3
           AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.account_id = conversations.account_id AND e.customer_id = conversations.customer_id)
           AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.account_id = conversations.account_id AND t.customer_id = conversations.customer_id)
           AND NOT EXISTS (SELECT 1 FROM handoffs h WHERE h.account_id = conversations.account_id AND h.customer_id = conversations.customer_id)",
    ]
    .into_iter()
    .map(|sql| Statement::new(sql, [(&over.account_id).into(), over.customers.as_str().into(), over.cut.into()]))
    .collect()
}
