//! The table `guesses`.

use serde::Deserialize;

use super::statement::Statement;
use crate::x_api::time::{Span, Timestamp};

#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Locked {
    pub locked_until: Timestamp,
}

/// Nobody asks after what is so old.
const KEPT: Span = Span::days(1);

/// One more try, counted before it is judged, so that of many at once no more are judged than of one after the other. From the fifth
/// on each locks twice as long, from half a minute to an hour. A row when it may be judged.
pub fn count(login: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO guesses (login, failures, locked_until, at) VALUES (?1, 1, 0, ?2)
         ON CONFLICT (login) DO UPDATE SET failures = failures + 1, at = ?2,
           locked_until = CASE WHEN failures < 4 THEN 0 ELSE ?2 + MIN(30000 << MIN(failures - 4, 7), 3600000) END
           WHERE locked_until <= ?2 RETURNING failures",
        [login.into(), now.into()],
    )
}

pub fn locked(login: &str) -> Statement {
    Statement::new("SELECT locked_until FROM guesses WHERE login = ?1", [login.into()])
}

pub fn forget(login: &str) -> Statement {
    Statement::new("DELETE FROM guesses WHERE login = ?1", [login.into()])
}

pub fn prune(now: Timestamp) -> Statement {
    Statement::new("DELETE FROM guesses WHERE at < ?1", [(now - KEPT).into()])
}
