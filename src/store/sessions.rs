//! The table `sessions`.

use super::statement::Statement;
use crate::x_api::time::Timestamp;

/// A row where the agent is there, and has the password still that was checked, if one was.
pub fn insert(id: &str, agent: &str, checked: Option<&str>, until: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO sessions (id, agent_id, created_at, until)
         SELECT ?1, id, ?3, ?4 FROM agents WHERE id = ?2 AND (?5 IS NULL OR password = ?5) RETURNING id",
        [id.into(), agent.into(), now.into(), until.into(), checked.into()],
    )
}

/// Whose session it is, if it is not over and began after `since`.
pub fn agent_of(id: &str, since: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT a.id, a.login, a.name, a.role, a.presence, a.profile FROM sessions s JOIN agents a ON a.id = s.agent_id
         WHERE s.id = ?1 AND s.until > ?2 AND s.created_at > ?3",
        [id.into(), now.into(), since.into()],
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

pub fn delete_of(agent: &str) -> Statement {
    Statement::new("DELETE FROM sessions WHERE agent_id = ?1", [agent.into()])
}

pub fn prune(now: Timestamp) -> Statement {
    Statement::new("DELETE FROM sessions WHERE until <= ?1", [now.into()])
}
