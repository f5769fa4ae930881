//! The table `agents`.

use serde::{Deserialize, Serialize};

use super::statement::Statement;
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
pub struct Agent {
    pub id: String,
    pub login: String,
    pub name: String,
    pub role: Role,
    pub presence: String,
    /// A name of the script's profiles.
    pub profile: Option<String>,
}

/// What a log-in is judged by.
#[derive(Clone, Debug, Deserialize)]
pub struct Credentials {
    pub id: String,
    pub password: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Agent,
    Admin,
}

/// What an admin says of an agent; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Change<'a> {
    pub name: Option<&'a str>,
    pub role: Option<Role>,
    /// Each between spaces.
    pub teams: Option<String>,
    pub at_once: Option<i64>,
    pub password: Option<&'a str>,
    /// An empty one takes it away.
    pub profile: Option<&'a str>,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Admin => "admin",
        }
    }
}

/// Nothing when the log-in name is taken.
pub fn insert(id: &str, login: &str, change: &Change<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO agents (id, login, name, role, teams, at_once, password, created_at, profile)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULLIF(?9, ''))
         ON CONFLICT (login) DO NOTHING RETURNING id",
        [
            id.into(),
            login.into(),
            change.name.unwrap_or(login).into(),
            change.role.unwrap_or(Role::Agent).as_str().into(),
            change.teams.clone().unwrap_or_default().into(),
            change.at_once.unwrap_or(5).into(),
            change.password.into(),
            now.into(),
            change.profile.into(),
        ],
    )
}

pub fn change(id: &str, change: &Change<'_>) -> Statement {
    Statement::new(
        "UPDATE agents SET name = COALESCE(?2, name), role = COALESCE(?3, role), teams = COALESCE(?4, teams), at_once = COALESCE(?5, at_once),
           password = COALESCE(?6, password), profile = CASE WHEN ?7 IS NULL THEN profile ELSE NULLIF(?7, '') END WHERE id = ?1 RETURNING id",
        [
            id.into(),
            change.name.into(),
            change.role.map(Role::as_str).into(),
            change.teams.clone().into(),
            change.at_once.into(),
            change.password.into(),
            change.profile.into(),
        ],
    )
}

/// The agent's own new password, in place of the one that was checked. A row where that one still counts.
pub fn change_password(id: &str, checked: Option<&str>, new: &str) -> Statement {
    Statement::new(
        "UPDATE agents SET password = ?3 WHERE id = ?1 AND password = ?2 RETURNING id",
        [id.into(), checked.into(), new.into()],
    )
}

pub fn delete(id: &str) -> Statement {
    Statement::new("DELETE FROM agents WHERE id = ?1 RETURNING id", [id.into()])
}

/// All of them for people; never a password.
pub fn all() -> Statement {
    Statement::new(
        "SELECT id, login, name, role, profile, TRIM(teams) AS teams, at_once, presence, seen_at, created_at, password IS NOT NULL AS has_password,
           (SELECT COUNT(*) FROM handoffs h WHERE h.agent_id = agents.id AND h.status = 'held' AND h.status <> 'ended') AS holds
         FROM agents ORDER BY name, id LIMIT 1000",
        [],
    )
}

/// A row when there is anybody at all.
pub fn any() -> Statement {
    Statement::new("SELECT id FROM agents LIMIT 1", [])
}

pub fn get(id: &str) -> Statement {
    Statement::new("SELECT id, login, name, role, presence, profile FROM agents WHERE id = ?1", [id.into()])
}

/// By id or log-in name.
pub fn find(name: &str) -> Statement {
    Statement::new(
        "SELECT id, login, name, role, presence, profile FROM agents WHERE id = ?1 OR login = ?1",
        [name.into()],
    )
}

/// Upper or lower case.
pub fn by_login(login: &str) -> Statement {
    Statement::new("SELECT id, login, name, role, presence, profile FROM agents WHERE login = ?1", [login.into()])
}

pub fn credentials(login: &str) -> Statement {
    Statement::new("SELECT id, password FROM agents WHERE login = ?1", [login.into()])
}

/// Whoever becomes available is free from then on.
pub fn present(id: &str, is_available: bool, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE agents SET presence = CASE ?2 WHEN 1 THEN 'available' ELSE 'away' END, seen_at = ?3,
           free_since = CASE WHEN ?2 = 1 AND presence = 'away' THEN ?3 ELSE free_since END WHERE id = ?1",
        [id.into(), i64::from(is_available).into(), now.into()],
    )
}

/// Their inbox is open. `stale`: written down already since then.
pub fn seen(id: &str, stale: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE agents SET seen_at = ?3 WHERE id = ?1 AND seen_at < ?2",
        [id.into(), stale.into(), now.into()],
    )
}

/// They were given a conversation: others are free for longer.
pub fn busy(id: &str, now: Timestamp) -> Statement {
    Statement::new("UPDATE agents SET free_since = ?2 WHERE id = ?1", [id.into(), now.into()])
}
