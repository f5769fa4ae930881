//! The table `budgets`.

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::{Span, Timestamp};

/// What X allows an account at first sight.
pub fn seed(account: &UserId, window: Span, cap: i64) -> Statement {
    Statement::new(
        "INSERT INTO budgets (account_id, window, cap) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        [account.into(), window.0.into(), cap.into()],
    )
}

/// Counts the message that this claim has just taken; counts nothing when it took none.
pub fn reserve(id: &ConversationId, claim: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE budgets SET used = CASE WHEN resets_at > ?3 THEN used + 1 ELSE 1 END,
           resets_at = CASE WHEN resets_at > ?3 THEN resets_at ELSE ?3 + window END
         WHERE account_id = ?1
           AND EXISTS (SELECT 1 FROM outbox WHERE account_id = ?1 AND customer_id = ?4 AND status IN ('owed', 'sending')
             AND status = 'sending' AND kind = 'dm' AND claim = ?2)",
        [(&id.account).into(), claim.into(), now.into(), (&id.customer).into()],
    )
}

/// When a spent budget is renewed, if one is spent.
pub fn spent_until(account: &UserId, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT MAX(resets_at) AS until FROM budgets WHERE account_id = ?1 AND resets_at > ?2 AND used >= cap",
        [account.into(), now.into()],
    )
}
