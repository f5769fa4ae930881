//! The table `published`.

use serde::Deserialize;

use super::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Published {
    pub kind: String,
    pub name: String,
    pub x_id: String,
    pub fingerprint: String,
}

/// Everything of an account.
pub fn of(account: &UserId) -> Statement {
    Statement::new(
        "SELECT kind, name, x_id, fingerprint FROM published WHERE account_id = ?1 ORDER BY kind, name",
        [account.into()],
    )
}

/// One thing by X's id for it.
pub fn by_x_id(account: &UserId, kind: &str, x_id: &str) -> Statement {
    Statement::new(
        "SELECT kind, name, x_id, fingerprint FROM published WHERE account_id = ?1 AND x_id = ?3 AND kind = ?2",
        [account.into(), kind.into(), x_id.into()],
    )
}

/// One thing by its name.
pub fn named(account: &UserId, kind: &str, name: &str) -> Statement {
    Statement::new(
        "SELECT kind, name, x_id, fingerprint FROM published WHERE account_id = ?1 AND kind = ?2 AND name = ?3",
        [account.into(), kind.into(), name.into()],
    )
}

pub fn keep(account: &UserId, made: &Published, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO published (account_id, kind, name, x_id, fingerprint, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (account_id, kind, name) DO UPDATE SET x_id = ?4, fingerprint = ?5, at = ?6",
        [
            account.into(),
            made.kind.as_str().into(),
            made.name.as_str().into(),
            made.x_id.as_str().into(),
            made.fingerprint.as_str().into(),
            now.into(),
        ],
    )
}

pub fn forget(account: &UserId, kind: &str, name: &str) -> Statement {
    Statement::new(
        "DELETE FROM published WHERE account_id = ?1 AND kind = ?2 AND name = ?3",
        [account.into(), kind.into(), name.into()],
    )
}

pub fn forget_by_x_id(account: &UserId, x_id: &str) -> Statement {
    Statement::new("DELETE FROM published WHERE account_id = ?1 AND x_id = ?2", [account.into(), x_id.into()])
}
