//! The table `scores`.

use super::statement::Statement;
use crate::bot::skill::Score;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

pub fn of(account: &UserId, board: &str) -> Statement {
    Statement::new(
        "SELECT team, hole, strokes FROM scores WHERE account_id = ?1 AND board = ?2",
        [account.into(), board.into()],
    )
}

/// Fails as a conflict when the score is there already: then it is read, and decided about anew.
pub fn insert(account: &UserId, board: &str, score: Score, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO scores (account_id, board, team, hole, strokes, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [account.into(), board.into(), score.team.into(), score.hole.into(), score.strokes.into(), now.into()],
    )
}

pub fn change(account: &UserId, board: &str, score: Score, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE scores SET strokes = ?5, changed_at = ?6 WHERE account_id = ?1 AND board = ?2 AND team = ?3 AND hole = ?4",
        [account.into(), board.into(), score.team.into(), score.hole.into(), score.strokes.into(), now.into()],
    )
}
