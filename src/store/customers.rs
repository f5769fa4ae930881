//! All that is known of one customer, wherever it stands: gathered, and deleted.
//!
//! What tells a repeated delivery from a new one stays, without a word in it: ids of events and of messages.

use super::conversations::ConversationId;
use super::statement::Statement;

/// A job holds a delivery as text within its JSON, where quotes are escaped: the end of one as well as a plain one.
macro_rules! names_in_a_job {
    () => {
        "(instr(body, '\"' || ?2 || '\"') OR instr(body, '\"' || ?2 || '\\\"'))"
    };
}

/// A change that was about the customer, of this account: people may have named it, or left it out where there is one. That somebody was
/// forgotten keeps their id: it is the proof.
macro_rules! named_in_the_audit {
    () => {
        "about ->> '$.customer' = ?2 AND what NOT LIKE '%/forget'
           AND LTRIM(COALESCE(about ->> '$.account', ?1), '@') COLLATE NOCASE IN (?1, (SELECT username FROM accounts WHERE id = ?1))"
    };
}

/// Everything that was said, oldest first.
pub fn said(id: &ConversationId, after: &str, most: i64) -> Statement {
    of(
        "SELECT x_id, at, author, body FROM entries WHERE account_id = ?1 AND customer_id = ?2 AND x_id > ?3 ORDER BY x_id LIMIT ?4",
        id,
        after,
        most,
    )
}

pub fn conversation(id: &ConversationId) -> Statement {
    both("SELECT name, username, state, updated_at FROM conversations WHERE account_id = ?1 AND customer_id = ?2", id)
}

pub fn notes(id: &ConversationId) -> Statement {
    both("SELECT at, text FROM notes WHERE account_id = ?1 AND customer_id = ?2 ORDER BY at", id)
}

pub fn handoffs(id: &ConversationId) -> Statement {
    both(
        "SELECT started_at, joined_at, ended_at, started_by, why_ended, note FROM handoffs WHERE account_id = ?1 AND customer_id = ?2 ORDER BY started_at",
        id,
    )
}

/// The names of the tables, and the statements that delete, or empty, what they hold of the customer; each gives back a row
/// for each row that it touched.
pub fn forget(id: &ConversationId) -> [(&'static str, Statement); 11] {
    [
        ("conversations", both("DELETE FROM conversations WHERE account_id = ?1 AND customer_id = ?2 RETURNING 1 AS one", id)),
        ("entries", both("DELETE FROM entries WHERE account_id = ?1 AND customer_id = ?2 RETURNING 1 AS one", id)),
        ("turns", both("DELETE FROM turns WHERE account_id = ?1 AND customer_id = ?2 RETURNING 1 AS one", id)),
        ("timers", both("DELETE FROM timers WHERE account_id = ?1 AND customer_id = ?2 RETURNING 1 AS one", id)),
        ("handoffs", both("DELETE FROM handoffs WHERE account_id = ?1 AND customer_id = ?2 RETURNING 1 AS one", id)),
        ("notes", both("DELETE FROM notes WHERE account_id = ?1 AND customer_id = ?2 RETURNING 1 AS one", id)),
        (
            "outbox",
            both(
                "UPDATE outbox SET body = '{}', why = NULL, media = NULL, customer_id = '', status = CASE status WHEN 'owed' THEN 'dropped' ELSE status END
                 WHERE account_id = ?1 AND customer_id = ?2 RETURNING 1 AS one",
                id,
            ),
        ),
        // Signs and public acts are known by who did them.
        (
            "signs",
            both(
                "DELETE FROM inbox WHERE key >= ?1 || ':' AND key < ?1 || ';' AND status <> 'new' AND kind <> 'dm.message' AND instr(replace(key, ':', '-') || '-', '-' || ?2 || '-') RETURNING 1 AS one",
                id,
            ),
        ),
        (
            "inbox",
            both(
                "UPDATE inbox SET raw = '{\"item\":{},\"users\":{}}', customer_id = NULL WHERE key >= ?1 || ':' AND key < ?1 || ';'
                   AND status <> 'new' AND (customer_id = ?2 OR instr(raw, '\"' || ?2 || '\"')) RETURNING 1 AS one",
                id,
            ),
        ),
        (
            "audit",
            both(
                concat!("UPDATE audit SET about = json_remove(about, '$.customer') WHERE ", named_in_the_audit!(), " RETURNING 1 AS one"),
                id,
            ),
        ),
        ("dead_letters", both(concat!("DELETE FROM dead_letters WHERE ", names_in_a_job!(), " RETURNING 1 AS one"), id)),
    ]
}

/// How often the customer's id still stands anywhere, but for what came in at this very moment.
pub fn left(id: &ConversationId) -> Statement {
    both(
        concat!(
            "SELECT (SELECT COUNT(*) FROM conversations WHERE account_id = ?1 AND customer_id = ?2)
           + (SELECT COUNT(*) FROM entries WHERE account_id = ?1 AND customer_id = ?2)
           + (SELECT COUNT(*) FROM turns WHERE account_id = ?1 AND customer_id = ?2)
           + (SELECT COUNT(*) FROM timers WHERE account_id = ?1 AND customer_id = ?2)
           + (SELECT COUNT(*) FROM handoffs WHERE account_id = ?1 AND customer_id = ?2)
           + (SELECT COUNT(*) FROM notes WHERE account_id = ?1 AND customer_id = ?2)
           + (SELECT COUNT(*) FROM outbox WHERE account_id = ?1 AND customer_id = ?2)
           + (SELECT COUNT(*) FROM inbox WHERE key >= ?1 || ':' AND key < ?1 || ';' AND status <> 'new' AND (customer_id = ?2 OR instr(raw, '\"' || ?2 || '\"')))
           + (SELECT COUNT(*) FROM dead_letters WHERE ",
            names_in_a_job!(),
            ") + (SELECT COUNT(*) FROM audit WHERE ",
            named_in_the_audit!(),
            ") + (SELECT COUNT(*) FROM spill WHERE instr(body, '\"' || ?2 || '\"')) AS count"
        ),
        id,
    )
}

/// Deliveries that wait to be taken up and name the customer.
pub fn spilled(id: &ConversationId) -> Statement {
    Statement::new(
        "SELECT id, body, received_at FROM spill WHERE instr(body, '\"' || ?1 || '\"') LIMIT 20",
        [(&id.customer).into()],
    )
}

fn both(sql: &'static str, id: &ConversationId) -> Statement {
    Statement::new(sql, [(&id.account).into(), (&id.customer).into()])
}

fn of(sql: &'static str, id: &ConversationId, after: &str, most: i64) -> Statement {
    Statement::new(sql, [(&id.account).into(), (&id.customer).into(), after.into(), most.into()])
}
