//! The table `canned_answers`.

use super::statement::Statement;
use crate::x_api::time::Timestamp;

pub fn all() -> Statement {
    Statement::new("SELECT name, text, changed_at FROM canned_answers ORDER BY name LIMIT 1000", [])
}

pub fn save(name: &str, text: &str, agent: Option<&str>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO canned_answers (name, text, changed_by, changed_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (name) DO UPDATE SET text = ?2, changed_by = ?3, changed_at = ?4",
        [name.into(), text.into(), agent.into(), now.into()],
    )
}

pub fn delete(name: &str) -> Statement {
    Statement::new("DELETE FROM canned_answers WHERE name = ?1", [name.into()])
}
