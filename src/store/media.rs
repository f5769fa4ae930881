//! The tables `media`, `media_files`, `media_parts` and `media_unfinished`.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::x_api::ids::{DmId, MediaId, UserId};
use crate::x_api::time::{Span, Timestamp};

/// How long one upload job may be at a file.
pub const LEASE: Span = Span::minutes(2);

/// A file on its way to X.
#[derive(Clone, Debug, Deserialize)]
pub struct Upload {
    pub status: String,
    pub x_id: Option<MediaId>,
    pub next_part: i64,
    pub attempts: i64,
    pub restarts: i64,
    /// Whoever is at it: only its writes count.
    pub claim: String,
    pub content_type: String,
    pub bytes: u64,
    pub parts: i64,
    /// The address that it is fetched from; `None`: it was brought with its bot.
    pub source: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Part {
    pub data: String,
}

/// What a claimed message carries.
#[derive(Clone, Debug, Deserialize)]
pub struct Carried {
    pub x_id: Option<MediaId>,
    pub status: String,
    #[serde(default)]
    pub why: Option<String>,
}

/// What stands at an address has a key of its own, since nobody knows its bytes yet.
pub fn key_of_address(url: &str) -> String {
    Sha256::digest(url.as_bytes()).iter().fold("url:".to_owned(), |key, byte| format!("{key}{byte:02x}"))
}

/// A file that goes into a post is uploaded apart from the same file in messages.
pub fn key_in_posts(sha256: &str) -> String {
    format!("post:{sha256}")
}

/// The hash of the file that a key stands for.
pub fn file_of(key: &str) -> &str {
    key.strip_prefix("post:").unwrap_or(key)
}

/// A part of a file; the file's row comes when all are here, and right. Gives their number, and 0 where it is complete already.
pub fn keep_part(sha256: &str, part: i64, data: String, parts: i64, now: Timestamp) -> [Statement; 3] {
    [
        Statement::new(
            "INSERT INTO media_unfinished (sha256, at) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM media_files WHERE sha256 = ?1)
             ON CONFLICT DO UPDATE SET at = ?2",
            [sha256.into(), now.into()],
        ),
        Statement::new(
            "INSERT INTO media_parts (sha256, part, data) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            [sha256.into(), part.into(), data.into()],
        ),
        Statement::new(
            "SELECT COUNT(*) AS count FROM media_parts WHERE sha256 = ?1 AND part < ?2
               AND NOT EXISTS (SELECT 1 FROM media_files WHERE sha256 = ?1)",
            [sha256.into(), parts.into()],
        ),
    ]
}

/// What is not the file that it was said to be.
pub fn drop_parts(sha256: &str) -> Statement {
    Statement::new(
        "DELETE FROM media_parts WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM media_files WHERE sha256 = ?1)",
        [sha256.into()],
    )
}

pub fn complete(sha256: &str, content_type: &str, bytes: i64, parts: i64, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO media_files (sha256, content_type, bytes, parts, at) SELECT ?1, ?2, ?3, ?4, ?5
         WHERE (SELECT COUNT(*) FROM media_parts WHERE sha256 = ?1 AND part < ?4) = ?4 ON CONFLICT DO NOTHING",
        [sha256.into(), content_type.into(), bytes.into(), parts.into(), now.into()],
    )
}

/// Deletes what nobody has asked for since `before`: files that no version of a script, no message and no upload names, and
/// parts without their file. What is needed is looked at again as much later.
pub fn tidy(before: Timestamp, now: Timestamp, most: i64) -> [Statement; 4] {
    [
        Statement::new(
            "UPDATE media_files SET at = CASE WHEN EXISTS (SELECT 1 FROM scripts s, json_each(s.media) j WHERE j.value = media_files.sha256)
               OR EXISTS (SELECT 1 FROM accounts a CROSS JOIN outbox o ON o.account_id = a.id AND o.media IN (media_files.sha256, 'post:' || media_files.sha256))
               OR EXISTS (SELECT 1 FROM accounts a CROSS JOIN media m ON m.account_id = a.id AND m.sha256 IN (media_files.sha256, 'post:' || media_files.sha256)
                 AND m.status NOT IN ('ready', 'failed')) THEN ?2 ELSE 0 END
             WHERE sha256 IN (SELECT sha256 FROM media_files WHERE at < ?1 ORDER BY at LIMIT ?3)",
            [before.into(), now.into(), most.into()],
        ),
        Statement::new("DELETE FROM media_files WHERE at = 0", []),
        Statement::new(
            "DELETE FROM media_parts WHERE rowid IN (SELECT p.rowid FROM media_unfinished u CROSS JOIN media_parts p ON p.sha256 = u.sha256
               WHERE u.at < ?1 AND NOT EXISTS (SELECT 1 FROM media_files f WHERE f.sha256 = u.sha256) LIMIT ?2)",
            [before.into(), most.into()],
        ),
        Statement::new(
            "DELETE FROM media_unfinished WHERE at < ?1 AND NOT EXISTS (SELECT 1 FROM media_parts p WHERE p.sha256 = media_unfinished.sha256)",
            [before.into()],
        ),
    ]
}

/// Which of these hashes (a JSON array) are complete files: somebody is about to need them.
pub fn known_among(hashes: String, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE media_files SET at = ?2 WHERE sha256 IN (SELECT value FROM json_each(?1)) RETURNING sha256",
        [hashes.into(), now.into()],
    )
}

pub fn part(sha256: &str, part: i64) -> Statement {
    Statement::new("SELECT data FROM media_parts WHERE sha256 = ?1 AND part = ?2", [sha256.into(), part.into()])
}

/// The files that the conversation's messages wait for are wanted, also those that X has forgotten by now and those that
/// failed long enough ago.
pub fn want(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO media (account_id, sha256, status, due_at, source)
         SELECT DISTINCT account_id, media, 'wanted', ?3, iif(media > 'url:' AND media < 'url;', body->>'$.media.url', NULL) FROM outbox
         WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed' AND media IS NOT NULL
         ON CONFLICT (account_id, sha256) DO UPDATE SET status = 'wanted', x_id = NULL, next_part = 0, attempts = 0, restarts = 0, due_at = ?3,
             source = excluded.source
           WHERE media.status = 'ready' AND media.expires_at <= ?3 OR media.status = 'failed' AND media.due_at <= ?3
         RETURNING sha256",
        [(&id.account).into(), (&id.customer).into(), now.into()],
    )
}

/// One file, wanted by itself.
pub fn want_file(account: &UserId, sha256: &str, source: Option<&str>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO media (account_id, sha256, status, due_at, source) VALUES (?1, ?2, 'wanted', ?3, ?4)
         ON CONFLICT (account_id, sha256) DO UPDATE SET status = 'wanted', x_id = NULL, next_part = 0, attempts = 0, restarts = 0, due_at = ?3
           WHERE media.status = 'failed' OR media.status = 'ready' AND media.expires_at <= ?3",
        [account.into(), sha256.into(), now.into(), source.into()],
    )
}

pub fn state(account: &UserId, sha256: &str) -> Statement {
    Statement::new(
        "SELECT x_id, status, why, due_at FROM media WHERE account_id = ?1 AND sha256 = ?2",
        [account.into(), sha256.into()],
    )
}

/// Takes a file up, unless somebody is at it.
pub fn claim(account: &UserId, sha256: &str, claim: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE media SET lease_until = ?4, due_at = ?4, claim = ?5 WHERE account_id = ?1 AND sha256 = ?2
           AND status IN ('wanted', 'uploading', 'processing') AND lease_until <= ?3 AND due_at <= ?3
         RETURNING status, x_id, next_part, attempts, restarts, claim, source,
           COALESCE((SELECT content_type FROM media_files f WHERE f.sha256 = REPLACE(media.sha256, 'post:', '')), '') AS content_type,
           COALESCE((SELECT bytes FROM media_files f WHERE f.sha256 = REPLACE(media.sha256, 'post:', '')), 0) AS bytes,
           COALESCE((SELECT parts FROM media_files f WHERE f.sha256 = REPLACE(media.sha256, 'post:', '')), 0) AS parts",
        [account.into(), sha256.into(), now.into(), (now + LEASE).into(), claim.into()],
    )
}

/// X takes the file.
pub fn begun(account: &UserId, sha256: &str, claim: &str, x_id: &MediaId) -> Statement {
    Statement::new(
        "UPDATE media SET status = 'uploading', x_id = ?3, next_part = 0 WHERE account_id = ?1 AND sha256 = ?2 AND claim = ?4",
        [account.into(), sha256.into(), x_id.as_str().into(), claim.into()],
    )
}

pub fn appended(account: &UserId, sha256: &str, claim: &str, next_part: i64) -> Statement {
    Statement::new(
        "UPDATE media SET next_part = ?3, attempts = 0 WHERE account_id = ?1 AND sha256 = ?2 AND claim = ?4",
        [account.into(), sha256.into(), next_part.into(), claim.into()],
    )
}

pub fn processing(account: &UserId, sha256: &str, claim: &str, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE media SET status = 'processing', lease_until = 0, due_at = ?3 WHERE account_id = ?1 AND sha256 = ?2 AND claim = ?4",
        [account.into(), sha256.into(), due_at.into(), claim.into()],
    )
}

pub fn ready(account: &UserId, sha256: &str, claim: &str, expires_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE media SET status = 'ready', lease_until = 0, expires_at = ?3, why = NULL WHERE account_id = ?1 AND sha256 = ?2 AND claim = ?4",
        [account.into(), sha256.into(), expires_at.into(), claim.into()],
    )
}

/// Forgets what was fetched from addresses that nobody has asked for lately: they may never come again.
pub fn forget_addresses(account: &UserId, before: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM media WHERE account_id = ?1 AND sha256 > 'url:' AND sha256 < 'url;' AND status IN ('ready', 'failed')
           AND due_at < ?2 AND expires_at < ?2",
        [account.into(), before.into()],
    )
}

/// X will not take it: what waits for it goes without, and from `due_at` on it is tried anew for whatever wants it then.
pub fn failed(account: &UserId, sha256: &str, claim: &str, due_at: Timestamp, why: &str) -> Statement {
    Statement::new(
        "UPDATE media SET status = 'failed', lease_until = 0, why = ?3, due_at = ?4 WHERE account_id = ?1 AND sha256 = ?2 AND claim = ?5",
        [account.into(), sha256.into(), why.into(), due_at.into(), claim.into()],
    )
}

/// Later, from where it stands; or from the start, when X may have lost what it has.
pub fn again(account: &UserId, sha256: &str, claim: &str, due_at: Timestamp, anew: bool, why: &str) -> Statement {
    Statement::new(
        "UPDATE media SET lease_until = 0, due_at = ?3, why = ?4,
           attempts = CASE WHEN ?5 THEN 0 ELSE attempts + 1 END, restarts = restarts + ?5,
           status = CASE WHEN ?5 THEN 'wanted' ELSE status END
         WHERE account_id = ?1 AND sha256 = ?2 AND claim = ?6",
        [account.into(), sha256.into(), due_at.into(), why.into(), i64::from(anew).into(), claim.into()],
    )
}

/// More parts are left than one job takes.
pub fn release(account: &UserId, sha256: &str, claim: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE media SET lease_until = 0, due_at = ?3 WHERE account_id = ?1 AND sha256 = ?2 AND claim = ?4",
        [account.into(), sha256.into(), now.into(), claim.into()],
    )
}

/// The file of the message that this claim has just taken.
pub fn carried(id: &ConversationId, claim: &str) -> Statement {
    Statement::new(
        "SELECT m.x_id, m.status FROM outbox o JOIN media m ON m.account_id = o.account_id AND m.sha256 = o.media
         WHERE o.account_id = ?1 AND o.customer_id = ?2 AND o.status IN ('owed', 'sending') AND o.status = 'sending' AND o.claim = ?3",
        [(&id.account).into(), (&id.customer).into(), claim.into()],
    )
}

/// The file of a message that X has, where it was brought here.
pub fn of_message(account: &UserId, x_id: &DmId) -> Statement {
    Statement::new(
        "SELECT f.sha256, f.content_type, f.parts FROM outbox o JOIN media_files f ON f.sha256 = o.media
         WHERE o.account_id = ?1 AND o.x_id = ?2 AND o.x_id IS NOT NULL",
        [account.into(), x_id.into()],
    )
}

/// The conversations that wait for the file.
pub fn waiting(account: &UserId, sha256: &str) -> Statement {
    Statement::new(
        "SELECT DISTINCT account_id, customer_id FROM outbox WHERE account_id = ?1 AND media = ?2 AND media IS NOT NULL AND status = 'owed' LIMIT 200",
        [account.into(), sha256.into()],
    )
}

/// Files past due: their job was lost.
pub fn due(now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT account_id, sha256 FROM media WHERE status IN ('wanted', 'uploading', 'processing') AND due_at <= ?1 LIMIT ?2",
        [now.into(), most.into()],
    )
}
