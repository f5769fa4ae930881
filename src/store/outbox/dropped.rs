//! What is owed and not said any more.

use super::returning;
use crate::store::conversations::ConversationId;
use crate::store::statement::Statement;
use crate::x_api::time::Timestamp;

/// What the bot still owes when people have the conversation is not said, but for the words of the very turn that handed it
/// over, whatever the customer writes until somebody has come; what people said is. Posts are said in public, whoever holds the
/// conversation.
pub fn drop_of_former_holder(id: &ConversationId) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = 'dropped', why = '{\"said\":\"Somebody else holds the conversation now.\"}'
         WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed' AND kind <> 'post' AND holder = 'bot'
           AND EXISTS (SELECT 1 FROM conversations c WHERE c.account_id = ?1 AND c.customer_id = ?2 AND c.holder <> 'bot' AND c.turns > outbox.turn)
           AND NOT EXISTS (SELECT 1 FROM handoffs h WHERE h.account_id = ?1 AND h.customer_id = ?2 AND h.status = 'waiting'
             AND h.id || '/' = substr(outbox.id, 1, length(h.id) + 1))",
            returning!()
        ),
        [(&id.account).into(), (&id.customer).into()],
    )
}

/// The customer said stop: what earlier turns still owe is not said.
pub fn drop_before(id: &ConversationId, turn: i64) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = 'dropped', why = '{\"said\":\"The customer said stop.\"}'
         WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed' AND kind <> 'post' AND turn < ?3",
            returning!()
        ),
        [(&id.account).into(), (&id.customer).into(), turn.into()],
    )
}

/// The customer said stop while a message was on its way: should X refuse it for now, it is not tried again.
pub fn send_once_before(id: &ConversationId, turn: i64) -> Statement {
    Statement::new(
        "UPDATE outbox SET send_by = created_at
         WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'sending' AND kind <> 'post' AND turn < ?3",
        [(&id.account).into(), (&id.customer).into(), turn.into()],
    )
}

pub fn fail_too_late(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = 'failed', why = json_object('said', 'It could not be sent in time.' || COALESCE(' ' || (why ->> '$.said'), ''),
             'what_to_do', COALESCE(why ->> '$.what_to_do', 'Write again, if it still matters.'))
         WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed' AND send_by <= ?3",
            returning!()
        ),
        [(&id.account).into(), (&id.customer).into(), now.into()],
    )
}
