//! What became of a message that somebody sent: each statement names the claim, so that a late worker undoes nothing.

use super::{SEND_WITHIN, Sending, columns, returning};
use crate::store::conversations::ConversationId;
use crate::store::statement::Statement;
use crate::x_api::time::Timestamp;

/// Of the first message of an answer: when the customer wrote, and when X delivered that.
macro_rules! answered {
    () => {
        ", CASE WHEN id LIKE 'event:%/0' THEN (SELECT created_at FROM inbox WHERE key = substr(outbox.id, 7, length(outbox.id) - 8)) END AS written_at,
           CASE WHEN id LIKE 'event:%/0' THEN (SELECT received_at FROM inbox WHERE key = substr(outbox.id, 7, length(outbox.id) - 8)) END AS received_at"
    };
}

/// X has it. True whatever was believed before: a late answer wins over doubt.
pub fn sent(id: &str, x_id: &str, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = 'sent', x_id = ?2, sent_at = ?3, why = NULL WHERE id = ?1 AND status <> 'sent'",
            returning!(),
            answered!()
        ),
        [id.into(), x_id.into(), now.into()],
    )
}

/// X has had the post from an earlier try.
pub fn posted_before(row: &Sending, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = 'sent', sent_at = ?3, why = NULL WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
            returning!()
        ),
        [row.id.as_str().into(), row.claim.as_deref().into(), now.into()],
    )
}

/// Somebody has seen that it was not sent, or that nobody knows, and does without.
pub fn dismiss(id: &ConversationId, message: &str) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = 'dropped' WHERE id = ?3 AND account_id = ?1 AND customer_id = ?2 AND status IN ('failed', 'doubtful')",
            returning!()
        ),
        [(&id.account).into(), (&id.customer).into(), message.into()],
    )
}

/// X refused it for good.
pub fn failed(row: &Sending, why: &str) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = 'failed', why = ?3 WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
            returning!()
        ),
        [row.id.as_str().into(), row.claim.as_deref().into(), why.into()],
    )
}

/// The body of what is said in place of a message that X refused for good: in the words of the live script, else these.
macro_rules! sorry {
    () => {
        "json_object('text', COALESCE(s.body->>'$.apology', ?4), 'by_label', json('true'), 'options',
           json_array(json_object('id', ?6, 'label', COALESCE(s.body->>'$.start_over', ?5))))"
    };
}

/// An apology with a way on after the rest of the turn, once for each turn, and not to somebody who wants to hear nothing.
/// `words`: the apology, the label of the way on, and its id.
pub fn apologise(row: &Sending, words: [&str; 3], now: Timestamp) -> Statement {
    let turn = row.id.rsplit_once('/').map_or(row.id.as_str(), |(turn, _)| turn);
    let [text, label, way_on] = words;
    Statement::new(
        concat!(
            "INSERT INTO outbox (id, account_id, customer_id, turn, place, holder, body, send_by, created_at, due_at, kind)
         SELECT ?2 || '/sorry', o.account_id, o.customer_id, o.turn, 1000, 'bot', ",
            sorry!(),
            ", ?3 + ?7, ?3, ?3, 'dm'
         FROM outbox o JOIN conversations c ON c.account_id = o.account_id AND c.customer_id = o.customer_id
           JOIN accounts a ON a.id = o.account_id LEFT JOIN scripts s ON s.account_id = a.id AND s.version = a.script_version
         WHERE o.id = ?1 AND o.status = 'failed' AND o.place < 1000 AND COALESCE(c.state->>'$.opted_out', 0) = 0
         ON CONFLICT DO NOTHING RETURNING 'owed' AS told"
        ),
        [
            row.id.as_str().into(),
            turn.into(),
            now.into(),
            text.into(),
            label.into(),
            way_on.into(),
            SEND_WITHIN.0.into(),
        ],
    )
}

/// X lets us say nothing at all to this customer; what is said in public is not said to them.
pub fn fail_all_owed(id: &ConversationId, why: &str) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = 'failed', why = ?3 WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed' AND kind <> 'post'",
            returning!()
        ),
        [(&id.account).into(), (&id.customer).into(), why.into()],
    )
}

/// X refused it, surely without effect: it is owed again.
pub fn owed_again(row: &Sending, due_at: Timestamp, why: &str) -> Statement {
    again(row, due_at, why, 0)
}

/// X did not say whether it has the post: it is owed again, since X takes no post twice.
pub fn perhaps_posted(row: &Sending, due_at: Timestamp, why: &str) -> Statement {
    again(row, due_at, why, 1)
}

fn again(row: &Sending, due_at: Timestamp, why: &str, looks: i64) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = 'owed', claim = NULL, due_at = ?3, why = ?4, looks = looks + ?5 WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
            returning!()
        ),
        [row.id.as_str().into(), row.claim.as_deref().into(), due_at.into(), why.into(), looks.into()],
    )
}

/// It was looked for on X in vain; the next look is at `due_at`.
pub fn not_found(row: &Sending, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE outbox SET looks = looks + 1, due_at = ?3 WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
        [row.id.as_str().into(), row.claim.as_deref().into(), due_at.into()],
    )
}

/// X did not answer the look, so it does not count as one.
pub fn look_again(row: &Sending, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE outbox SET due_at = ?3 WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
        [row.id.as_str().into(), row.claim.as_deref().into(), due_at.into()],
    )
}

/// What is owed right after this message, to the same customer.
pub fn next_to(row: &Sending) -> Statement {
    Statement::new(
        "SELECT id, holder, kind, body, media FROM outbox WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending')
           AND kind <> 'post' AND id <> ?3 ORDER BY turn, place LIMIT 20",
        [(&row.conversation.account).into(), (&row.conversation.customer).into(), row.id.as_str().into()],
    )
}

/// The message says `body` from now on, and the messages `ids` (a JSON array) with it; all of them, or none. Gives the
/// message as it stands then.
pub fn join(row: &Sending, ids: &str, body: &str) -> Vec<Statement> {
    let claim = row.claim.as_deref();
    vec![
        Statement::new(
            "UPDATE outbox SET body = ?3 WHERE id = ?1 AND claim = ?2 AND status = 'sending'
               AND NOT EXISTS (SELECT 1 FROM json_each(?4) j WHERE NOT EXISTS (SELECT 1 FROM outbox n WHERE n.id = j.value AND n.status = 'owed'))",
            [row.id.as_str().into(), claim.into(), body.into(), ids.into()],
        ),
        Statement::new(
            concat!(
                "UPDATE outbox SET status = 'joined', why = json_object('said', 'It went out with another message.', 'message', ?1)
             WHERE id IN (SELECT value FROM json_each(?4)) AND status = 'owed'
               AND EXISTS (SELECT 1 FROM outbox h WHERE h.id = ?1 AND h.claim = ?2 AND h.status = 'sending' AND h.body = ?3)",
                returning!()
            ),
            [row.id.as_str().into(), claim.into(), body.into(), ids.into()],
        ),
        Statement::new(
            concat!("SELECT ", columns!(), " FROM outbox WHERE id = ?1 AND claim = ?2 AND status = 'sending'"),
            [row.id.as_str().into(), claim.into()],
        ),
    ]
}

/// Nobody can tell whether X has it.
pub fn doubtful(row: &Sending) -> Statement {
    Statement::new(
        concat!(
            "UPDATE outbox SET status = 'doubtful', why = '{\"said\":\"X never answered, and the message was not found on X.\",\"what_to_do\":\"Look into the conversation on x.com; write again if it is missing.\"}'
         WHERE id = ?1 AND claim = ?2 AND status = 'sending'",
            returning!()
        ),
        [row.id.as_str().into(), row.claim.as_deref().into()],
    )
}

/// A row while something that people said to the customer is still on its way.
pub fn unsent_of_people(id: &ConversationId) -> Statement {
    Statement::new(
        "SELECT id FROM outbox WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND holder <> 'bot' AND kind = 'dm' LIMIT 1",
        [(&id.account).into(), (&id.customer).into()],
    )
}
