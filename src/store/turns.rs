//! The table `turns`.

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::x_api::time::Timestamp;

/// The next turn. Fails as a conflict when somebody else wrote this number, or this cause, before.
pub fn insert(
    id: &ConversationId,
    number: i64,
    cause: &str,
    by: &str,
    node: Option<&str>,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO turns (account_id, customer_id, number, cause, by, node, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         RETURNING 'turn' AS told, account_id, customer_id, number, cause, by, node",
        [(&id.account).into(), (&id.customer).into(), number.into(), cause.into(), by.into(), node.into(), now.into()],
    )
}

/// How many of the last turns, twice `most`, were the bot's answers and not before `since`. What a call brought is no answer of its
/// own: the customer has said nothing for it; nor counts what was before the end of a pause.
pub fn recent(id: &ConversationId, most: i64, since: Timestamp) -> Statement {
    Statement::new(
        "SELECT COUNT(*) AS count FROM (SELECT by, at, cause FROM turns WHERE account_id = ?1 AND customer_id = ?2
           ORDER BY number DESC LIMIT 2 * ?3) WHERE by = 'bot' AND substr(cause, 1, 5) <> 'call:'
           AND at >= ?4 AND at > COALESCE((SELECT paused_until FROM conversations WHERE account_id = ?1 AND customer_id = ?2), 0)",
        [(&id.account).into(), (&id.customer).into(), most.into(), since.into()],
    )
}
