//! The table `bearer`.

use serde::Deserialize;

use super::statement::Statement;
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
pub struct Kept {
    pub sealed: String,
}

pub fn get(consumer_key: &str) -> Statement {
    Statement::new("SELECT sealed FROM bearer WHERE consumer_key = ?1", [consumer_key.into()])
}

pub fn keep(consumer_key: &str, sealed: String, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO bearer (consumer_key, sealed, at) VALUES (?1, ?2, ?3)
         ON CONFLICT (consumer_key) DO UPDATE SET sealed = ?2, at = ?3",
        [consumer_key.into(), sealed.into(), now.into()],
    )
}

pub fn forget() -> Statement {
    Statement::new("DELETE FROM bearer", [])
}
