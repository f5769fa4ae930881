//! The table `scripts`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
pub struct Live {
    pub version: i64,
    pub body: String,
    media: String,
}

impl Live {
    /// The hash of each file that the script names.
    pub fn media(&self) -> BTreeMap<String, String> {
        serde_json::from_str(&self.media).unwrap_or_default()
    }
}

/// The script that the account follows; no row: the built-in one.
pub fn live(account: &UserId) -> Statement {
    Statement::new(
        "SELECT s.version, s.body, s.media FROM accounts a JOIN scripts s ON s.account_id = a.id AND s.version = a.script_version WHERE a.id = ?1",
        [account.into()],
    )
}

/// Another version, unless the live one is the same to the letter.
pub fn insert(account: &UserId, name: &str, body: &str, media: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO scripts (account_id, version, name, body, at, media)
         SELECT ?1, (SELECT COALESCE(MAX(version), 0) + 1 FROM scripts WHERE account_id = ?1), ?2, ?3, ?4, ?5
         WHERE NOT EXISTS (SELECT 1 FROM accounts a JOIN scripts s ON s.account_id = a.id AND s.version = a.script_version
           WHERE a.id = ?1 AND s.body = ?3 AND s.media = ?5)",
        [account.into(), name.into(), body.into(), now.into(), media.into()],
    )
}

/// The newest version is live. `acts` are the public acts that it takes up, each between spaces.
pub fn go_live(account: &UserId, body: &str, acts: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE accounts SET script_version = (SELECT MAX(version) FROM scripts WHERE account_id = ?1 AND body = ?2), acts = ?3, updated_at = ?4
         WHERE id = ?1 RETURNING script_version AS version",
        [account.into(), body.into(), acts.into(), now.into()],
    )
}

/// One version, to go back to.
pub fn version(account: &UserId, version: i64) -> Statement {
    Statement::new(
        "SELECT version, body, media FROM scripts WHERE account_id = ?1 AND version = ?2",
        [account.into(), version.into()],
    )
}

/// How many customers stand at each node, of those whose conversation has changed since then.
pub fn customers_by_node(account: &UserId, since: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT json_extract(state, '$.node') AS node, COUNT(*) AS count FROM
           (SELECT state FROM conversations WHERE account_id = ?1 AND updated_at >= ?2 LIMIT ?3) GROUP BY 1",
        [account.into(), since.into(), most.into()],
    )
}

/// The latest versions, newest first.
pub fn all(account: &UserId) -> Statement {
    Statement::new(
        "SELECT s.version, s.name, s.at, s.version = a.script_version AS live FROM scripts s JOIN accounts a ON a.id = s.account_id
         WHERE s.account_id = ?1 ORDER BY s.version DESC LIMIT 1000",
        [account.into()],
    )
}
