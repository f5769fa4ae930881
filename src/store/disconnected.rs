//! What hangs on an account and is deleted when it is disconnected.

use super::statement::Statement;
use crate::x_api::ids::UserId;

/// Everything that hangs on an account, with more conditions.
macro_rules! forgotten {
    ($and:literal) => {
        [
            // The key begins with the account: a range instead of the whole table.
            concat!("DELETE FROM inbox WHERE key >= ?1 || ':' AND key < ?1 || ';'", $and),
            concat!("DELETE FROM turns WHERE account_id = ?1", $and),
            concat!("DELETE FROM outbox WHERE account_id = ?1", $and),
            concat!("DELETE FROM entries WHERE account_id = ?1", $and),
            concat!("DELETE FROM timers WHERE account_id = ?1", $and),
            concat!("DELETE FROM conversations WHERE account_id = ?1", $and),
            concat!("DELETE FROM published WHERE account_id = ?1", $and),
            concat!("DELETE FROM media WHERE account_id = ?1", $and),
            concat!("DELETE FROM scripts WHERE account_id = ?1", $and),
            concat!("DELETE FROM scores WHERE account_id = ?1", $and),
            concat!("DELETE FROM budgets WHERE account_id = ?1", $and),
            concat!("DELETE FROM look_ups WHERE account_id = ?1", $and),
            concat!("DELETE FROM costs WHERE account_id = ?1", $and),
            concat!("DELETE FROM handoffs WHERE account_id = ?1", $and),
            concat!("DELETE FROM notes WHERE account_id = ?1", $and),
        ]
    };
}

/// Everything that hangs on an account, and the account.
pub fn all(id: &UserId) -> Vec<Statement> {
    let rest = forgotten!("").into_iter();
    rest.chain(["DELETE FROM accounts WHERE id = ?1"]).map(|sql| Statement::new(sql, [id.into()])).collect()
}

/// The same, unless it is connected again.
pub fn rest(id: &UserId) -> Vec<Statement> {
    let rest = forgotten!(" AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = ?1)").into_iter();
    rest.map(|sql| Statement::new(sql, [id.into()])).collect()
}
