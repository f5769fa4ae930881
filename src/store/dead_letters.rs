//! The table `dead_letters`.

use super::statement::Statement;
use crate::x_api::time::Timestamp;

pub fn insert(id: &str, queue: &str, body: &str, why: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO dead_letters (id, queue, body, why, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        [id.into(), queue.into(), body.into(), why.into(), now.into()],
    )
}

/// The body of one, for another try.
pub fn get(id: &str) -> Statement {
    Statement::new("SELECT body FROM dead_letters WHERE id = ?1", [id.into()])
}

pub fn delete(id: &str) -> Statement {
    Statement::new("DELETE FROM dead_letters WHERE id = ?1", [id.into()])
}

/// A page, newest first, from behind this row on.
pub fn page(before: Timestamp, id: &str, most: i64) -> Statement {
    Statement::new(
        "SELECT id, queue, why, at FROM dead_letters WHERE at <= ?1 AND (at < ?1 OR id < ?2) ORDER BY at DESC, id DESC LIMIT ?3",
        [before.into(), id.into(), most.into()],
    )
}

pub fn whole(id: &str) -> Statement {
    Statement::new("SELECT id, queue, body, why, at FROM dead_letters WHERE id = ?1", [id.into()])
}

pub fn drop(id: &str) -> Statement {
    Statement::new("DELETE FROM dead_letters WHERE id = ?1 RETURNING id", [id.into()])
}
