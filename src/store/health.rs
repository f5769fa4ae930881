//! The table `health`.

use serde::Deserialize;

use super::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
pub struct Watched {
    pub what: String,
    pub status: String,
    pub since: Timestamp,
    pub checked_at: Timestamp,
    pub well_at: Timestamp,
    pub due_at: Timestamp,
    pub tries: i64,
    pub why: Option<String>,
}

/// The row of a live script that the running Perch cannot read: written by whoever met it, each time.
pub fn script(account: &UserId) -> String {
    format!("{SCRIPT}{account}")
}

pub const SCRIPT: &str = "script:";
/// The row that notes refused deliveries.
pub const REFUSED: &str = "refused";

/// Lets one run of the watch go on, and says when the one before was; the others find nothing to do.
pub fn take_turn(now: Timestamp, next: Timestamp) -> [Statement; 2] {
    [
        Statement::new(
            "INSERT INTO health (what, status, since, checked_at) VALUES ('watch', 'well', ?1, ?1) ON CONFLICT DO NOTHING",
            [now.into()],
        ),
        Statement::new(
            "UPDATE health SET due_at = ?2 WHERE what = 'watch' AND due_at <= ?1
             RETURNING what, status, since, checked_at, well_at, due_at, tries, why",
            [now.into(), next.into()],
        ),
    ]
}

pub fn all() -> Statement {
    Statement::new("SELECT what, status, since, checked_at, well_at, due_at, tries, why FROM health ORDER BY what", [])
}

pub fn well(what: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO health (what, status, since, checked_at, well_at) VALUES (?1, 'well', ?2, ?2, ?2)
         ON CONFLICT (what) DO UPDATE SET since = CASE WHEN status = 'well' THEN since ELSE ?2 END, status = 'well',
           checked_at = ?2, well_at = ?2, tries = 0, due_at = CASE WHEN what = 'watch' THEN due_at ELSE 0 END, why = NULL",
        [what.into(), now.into()],
    )
}

/// The same of many at once: a JSON array of names.
pub fn all_well(whats: String, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO health (what, status, since, checked_at, well_at) SELECT value, 'well', ?2, ?2, ?2 FROM json_each(?1) WHERE true
         ON CONFLICT (what) DO UPDATE SET since = CASE WHEN status = 'well' THEN since ELSE ?2 END, status = 'well',
           checked_at = ?2, well_at = ?2, tries = 0, due_at = 0, why = NULL",
        [whats.into(), now.into()],
    )
}

pub fn of(what: &str) -> Statement {
    Statement::new(
        "SELECT what, status, since, checked_at, well_at, due_at, tries, why FROM health WHERE what = ?1",
        [what.into()],
    )
}

/// `due_at`: when it is to be mended next. `why` is JSON.
pub fn ill(what: &str, why: &str, due_at: Timestamp, now: Timestamp) -> Statement {
    not_well(what, "ill", why, due_at, now)
}

/// It is being mended: that is no try yet.
pub fn noticed(what: &str, why: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO health (what, status, since, checked_at, why) VALUES (?1, 'ill', ?2, ?2, ?3)
         ON CONFLICT (what) DO UPDATE SET since = CASE WHEN status = 'ill' THEN since ELSE ?2 END, status = 'ill', checked_at = ?2, why = ?3",
        [what.into(), now.into(), why.into()],
    )
}

/// The same of something without which all goes on as well: it is tried again, and is nobody's problem.
pub fn without(what: &str, why: &str, due_at: Timestamp, now: Timestamp) -> Statement {
    not_well(what, "without", why, due_at, now)
}

fn not_well(what: &str, status: &str, why: &str, due_at: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO health (what, status, since, checked_at, tries, due_at, why) VALUES (?1, ?5, ?2, ?2, 1, ?4, ?3)
         ON CONFLICT (what) DO UPDATE SET since = CASE WHEN status = ?5 THEN since ELSE ?2 END, status = ?5,
           checked_at = ?2, tries = tries + 1, due_at = ?4, why = ?3",
        [what.into(), now.into(), why.into(), due_at.into(), status.into()],
    )
}

/// What nobody watches any more.
pub fn forget_others(kept: String) -> Statement {
    Statement::new("DELETE FROM health WHERE what NOT IN (SELECT value FROM json_each(?1))", [kept.into()])
}

/// Something that is remembered here without being well or ill.
pub fn noted(what: &str, note: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO health (what, status, since, checked_at, why) VALUES (?1, 'well', ?3, ?3, ?2)
         ON CONFLICT (what) DO UPDATE SET checked_at = ?3, why = ?2",
        [what.into(), note.into(), now.into()],
    )
}

/// Deliveries may be missing from then on.
pub fn refused(since: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO health (what, status, since, checked_at, why) VALUES ('refused', 'well', ?2, ?2, ?1)
         ON CONFLICT (what) DO UPDATE SET checked_at = ?2, why = MIN(why, ?1)",
        [since.0.to_string().into(), now.into()],
    )
}

/// What was noted of them by then has been asked for.
pub fn asked_for(now: Timestamp) -> Statement {
    Statement::new("DELETE FROM health WHERE what = 'refused' AND checked_at <= ?1", [now.into()])
}

/// When the last event came: of those that are settled, which nearly all are at once.
pub fn last_event() -> Statement {
    Statement::new(
        "SELECT received_at AS at FROM inbox WHERE settled_at IS NOT NULL ORDER BY settled_at DESC LIMIT 1",
        [],
    )
}
