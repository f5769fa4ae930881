//! The table `sessions`.

use super::statement::Statement;
use crate::x_api::time::Timestamp;

pub fn insert(id: &str, agent: &str, until: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO sessions (id, agent_id, created_at, until) VALUES (?1, ?2, ?3, ?4)",
        [id.into(), agent.into(), now.into(), until.into()],
    )
}

/// Whose session it is.
pub fn agent_of(id: &str, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT a.id, a.login, a.name, a.role, a.presence, a.profile FROM sessions s JOIN agents a ON a.id = s.agent_id WHERE s.id = ?1 AND s.until > ?2",
        [id.into(), now.into()],
    )
}

/// One that is used lasts on; not written down again and again.
pub fn lasts(id: &str, until: Timestamp, unless_after: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE sessions SET until = ?2 WHERE id = ?1 AND until < ?3 AND until > ?4",
        [id.into(), until.into(), unless_after.into(), now.into()],
    )
}

pub fn delete(id: &str) -> Statement {
    Statement::new("DELETE FROM sessions WHERE id = ?1", [id.into()])
}

/// All of an agent's, but for one.
pub fn delete_of(agent: &str, but: Option<&str>) -> Statement {
    Statement::new("DELETE FROM sessions WHERE agent_id = ?1 AND (?2 IS NULL OR id <> ?2)", [agent.into(), but.into()])
}

pub fn prune(now: Timestamp) -> Statement {
    Statement::new("DELETE FROM sessions WHERE until <= ?1", [now.into()])
}
