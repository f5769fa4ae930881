//! The table `spill`.

use serde::Deserialize;

use super::statement::Statement;
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
pub struct Spilled {
    pub body: String,
    pub received_at: Timestamp,
}

pub fn insert(id: &str, body: &str, received_at: Timestamp, due_at: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO spill (id, body, received_at, due_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        [id.into(), body.into(), received_at.into(), due_at.into()],
    )
}

pub fn get(id: &str) -> Statement {
    Statement::new("SELECT body, received_at FROM spill WHERE id = ?1", [id.into()])
}

pub fn delete(id: &str) -> Statement {
    Statement::new("DELETE FROM spill WHERE id = ?1", [id.into()])
}

/// The ids that are past due, put off by five minutes more each time, to half an hour: a job that is lost is queued anew
/// then, and one that can never succeed does not crowd the queue.
pub fn take_due(now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "UPDATE spill SET attempts = attempts + 1, due_at = ?1 + 300000 * MIN(attempts + 1, 6)
         WHERE id IN (SELECT id FROM spill WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2) RETURNING id",
        [now.into(), most.into()],
    )
}

pub fn count() -> Statement {
    Statement::new("SELECT COUNT(*) AS count FROM spill", [])
}
