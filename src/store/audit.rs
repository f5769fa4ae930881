//! The table `audit`.

use super::statement::Statement;
use crate::x_api::time::Timestamp;

/// `about` is JSON; never a secret.
pub fn insert(id: &str, who: &str, what: &str, about: String, status: u16, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO audit (id, at, who, what, about, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [id.into(), now.into(), who.into(), what.into(), about.into(), i64::from(status).into()],
    )
}

/// A page, newest first, from behind this row on.
pub fn page(before: Timestamp, id: &str, most: i64) -> Statement {
    Statement::new(
        "SELECT id, at, who, what, about, status FROM audit WHERE at <= ?1 AND (at < ?1 OR id < ?2) ORDER BY at DESC, id DESC LIMIT ?3",
        [before.into(), id.into(), most.into()],
    )
}
