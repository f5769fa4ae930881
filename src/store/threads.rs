//! What people see of conversations: the list of them, and one from beginning to end.

use super::conversations::ConversationId;
use super::handoffs::patience;
use super::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

/// Rows of the list; `$rest` says of which conversations `c` and handoffs `h`. ?1 is now.
macro_rules! list {
    ($rest:literal) => {
        concat!(
            "SELECT c.account_id, (SELECT username FROM accounts WHERE id = c.account_id) AS account_username, c.customer_id, c.name, c.username, c.updated_at, h.status, h.place, h.agent_id, a.name AS agent, h.team, h.note,
               h.waiting_since, h.started_at, CASE WHEN c.paused_until > ?1 THEN c.paused_until END AS paused_until, CASE WHEN c.typing_at > ?1 - 6000 THEN 1 ELSE 0 END AS typing,
               CASE WHEN h.id IS NULL AND c.holder = 'human' AND c.holder_until > ?1 THEN 1 ELSE 0 END AS held,
               (SELECT json_object('author', e.author, 'at', e.at, 'text', substr(json_extract(e.body, '$.text'), 1, 160),
                  'received', json_extract(e.body, '$.received')) FROM entries e
                WHERE e.account_id = c.account_id AND e.customer_id = c.customer_id ORDER BY e.x_id DESC LIMIT 1) AS last,
               CASE WHEN h.id IS NULL THEN 0 ELSE (SELECT COUNT(*) FROM (SELECT 1 FROM entries e WHERE e.account_id = c.account_id
                  AND e.customer_id = c.customer_id AND e.x_id > COALESCE(c.read_to, '') AND e.author = 'customer' AND e.at >= h.started_at - 60000
                  LIMIT 100)) END AS unread ",
            $rest
        )
    };
}

/// The conversations that changed last, from behind this row on: its moment, and `account:customer`.
pub fn latest(account: Option<&UserId>, before: Timestamp, id: &str, most: i64, now: Timestamp) -> Statement {
    Statement::new(
        list!(
            "FROM conversations c LEFT JOIN handoffs h ON h.account_id = c.account_id AND h.customer_id = c.customer_id AND h.status <> 'ended'
               LEFT JOIN agents a ON a.id = h.agent_id
             WHERE c.updated_at <= ?2 AND (c.updated_at < ?2 OR c.account_id || ':' || c.customer_id < ?5) AND (?3 IS NULL OR c.account_id = ?3)
             ORDER BY c.updated_at DESC, c.account_id || ':' || c.customer_id DESC LIMIT ?4"
        ),
        [now.into(), before.into(), account.into(), most.into(), id.into()],
    )
}

/// Those that changed since then.
pub fn changed(since: Timestamp, most: i64, now: Timestamp) -> Statement {
    Statement::new(
        list!(
            "FROM conversations c LEFT JOIN handoffs h ON h.account_id = c.account_id AND h.customer_id = c.customer_id AND h.status <> 'ended'
               LEFT JOIN agents a ON a.id = h.agent_id
             WHERE c.updated_at >= ?2 ORDER BY c.updated_at DESC LIMIT ?3"
        ),
        [now.into(), since.into(), most.into()],
    )
}

/// What people have or are to take, whoever waits the longest first. `agent`: theirs alone, or what they are asked for.
pub fn open(agent: Option<&str>, account: Option<&UserId>, most: i64, now: Timestamp) -> Statement {
    Statement::new(
        list!(
            "FROM handoffs h JOIN conversations c ON c.account_id = h.account_id AND c.customer_id = h.customer_id
               LEFT JOIN agents a ON a.id = h.agent_id
             WHERE h.status <> 'ended' AND (?2 IS NULL OR h.agent_id = ?2) AND (?3 IS NULL OR h.account_id = ?3)
             ORDER BY COALESCE(h.waiting_since, 9e15), c.updated_at DESC LIMIT ?4"
        ),
        [now.into(), agent.into(), account.into(), most.into()],
    )
}

/// Those that wait for somebody, or for too long for whoever has them.
pub fn waiting(account: Option<&UserId>, most: i64, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            list!(
                "FROM (SELECT * FROM (SELECT * FROM handoffs WHERE status = 'waiting' AND (?2 IS NULL OR account_id = ?2) ORDER BY started_at LIMIT ?3)
               UNION ALL SELECT * FROM (SELECT * FROM handoffs WHERE status = 'held' AND waiting_since IS NOT NULL AND place = 'agents'
                 AND (?2 IS NULL OR account_id = ?2) AND waiting_since <= ?1 - "
            ),
            patience!(),
            " ORDER BY waiting_since LIMIT ?3)) h JOIN conversations c ON c.account_id = h.account_id AND c.customer_id = h.customer_id
               LEFT JOIN agents a ON a.id = h.agent_id ORDER BY COALESCE(h.waiting_since, h.started_at) LIMIT ?3"
        ),
        [now.into(), account.into(), most.into()],
    )
}

pub fn one(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        list!(
            ", c.seen_to, c.holder, c.holder_until, json_extract(c.state, '$.node') AS node,
               CASE WHEN x.held_until > ?1 THEN x.held_until END AS sends_at, x.speaks, x.is_on, x.status AS account_status,
               CASE WHEN x.status <> 'ready' OR x.held_until > ?1 THEN x.why END AS why
             FROM conversations c LEFT JOIN accounts x ON x.id = c.account_id LEFT JOIN handoffs h ON h.account_id = c.account_id AND h.customer_id = c.customer_id AND h.status <> 'ended'
               LEFT JOIN agents a ON a.id = h.agent_id WHERE c.account_id = ?2 AND c.customer_id = ?3"
        ),
        [now.into(), (&id.account).into(), (&id.customer).into()],
    )
}

/// What was said, the latest first, from before this message on.
pub fn entries(id: &ConversationId, before: Option<&str>, most: i64) -> Statement {
    Statement::new(
        "SELECT x_id, at, author, body FROM entries WHERE account_id = ?1 AND customer_id = ?2 AND (?3 IS NULL OR x_id < ?3) ORDER BY x_id DESC LIMIT ?4",
        [(&id.account).into(), (&id.customer).into(), before.into(), most.into()],
    )
}

/// What was said since this message and a little before it, the latest first.
pub fn entries_since(id: &ConversationId, since: &str, most: i64) -> Statement {
    Statement::new(
        "SELECT x_id, at, author, body FROM (SELECT x_id, at, author, body FROM entries WHERE account_id = ?1 AND customer_id = ?2
           AND x_id >= COALESCE((SELECT MIN(x_id) FROM (SELECT x_id FROM entries WHERE account_id = ?1 AND customer_id = ?2 AND x_id < ?3
             ORDER BY x_id DESC LIMIT 5)), ?3) ORDER BY x_id LIMIT ?4) ORDER BY x_id DESC",
        [(&id.account).into(), (&id.customer).into(), since.into(), most.into()],
    )
}

/// What is not said yet, or could not be.
pub fn unsaid(id: &ConversationId) -> Statement {
    Statement::new(
        "SELECT id, turn, place, holder, body, media AS file, status, created_at, due_at, why FROM outbox
           WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND kind = 'dm'
         UNION ALL
         SELECT id, turn, place, holder, body, media AS file, status, created_at, due_at, why FROM outbox
           WHERE account_id = ?1 AND customer_id = ?2 AND status = 'failed' AND kind = 'dm'
         UNION ALL
         SELECT id, turn, place, holder, body, media AS file, status, created_at, due_at, why FROM outbox
           WHERE account_id = ?1 AND customer_id = ?2 AND status = 'doubtful' AND kind = 'dm'
         ORDER BY turn, place LIMIT 100",
        [(&id.account).into(), (&id.customer).into()],
    )
}

pub fn notes(id: &ConversationId) -> Statement {
    Statement::new(
        "SELECT n.id, n.at, n.text, a.name AS agent FROM notes n LEFT JOIN agents a ON a.id = n.agent_id
         WHERE n.account_id = ?1 AND n.customer_id = ?2 ORDER BY n.at DESC LIMIT 100",
        [(&id.account).into(), (&id.customer).into()],
    )
}

/// When people had the conversation.
pub fn handoffs(id: &ConversationId) -> Statement {
    Statement::new(
        "SELECT h.id, h.started_by, h.started_at, h.joined_at, h.ended_at, h.why_ended, h.note, h.place, a.name AS agent FROM handoffs h
         LEFT JOIN agents a ON a.id = h.agent_id WHERE h.account_id = ?1 AND h.customer_id = ?2 ORDER BY h.started_at DESC LIMIT 50",
        [(&id.account).into(), (&id.customer).into()],
    )
}

pub fn note(id: &ConversationId, note: &str, agent: Option<&str>, text: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO notes (account_id, customer_id, at, id, agent_id, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        [(&id.account).into(), (&id.customer).into(), now.into(), note.into(), agent.into(), text.into()],
    )
}

/// The list shows it anew.
pub fn touch(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE conversations SET updated_at = ?3 WHERE account_id = ?1 AND customer_id = ?2",
        [(&id.account).into(), (&id.customer).into(), now.into()],
    )
}

/// An agent has seen everything up to this message: gives the customer's last one among it, once, where the agent has the
/// conversation.
pub fn shown(id: &ConversationId, to: &str, agent: &str) -> Statement {
    Statement::new(
        "UPDATE conversations SET shown_to = last.x_id FROM (SELECT x_id FROM entries WHERE account_id = ?1 AND customer_id = ?2
           AND author = 'customer' AND x_id <= ?3 ORDER BY x_id DESC LIMIT 1) last
         WHERE account_id = ?1 AND customer_id = ?2 AND COALESCE(shown_to, '') < last.x_id
           AND EXISTS (SELECT 1 FROM handoffs WHERE account_id = ?1 AND customer_id = ?2 AND status <> 'ended'
             AND status = 'held' AND place = 'agents' AND agent_id = ?4) RETURNING shown_to AS x_id",
        [(&id.account).into(), (&id.customer).into(), to.into(), agent.into()],
    )
}

/// The same, for other agents. What somebody else has stays unread for whoever is to answer.
pub fn read(id: &ConversationId, to: &str, agent: &str) -> Statement {
    Statement::new(
        "UPDATE conversations SET read_to = ?3 WHERE account_id = ?1 AND customer_id = ?2 AND COALESCE(read_to, '') < ?3
           AND NOT EXISTS (SELECT 1 FROM handoffs WHERE account_id = ?1 AND customer_id = ?2 AND status <> 'ended'
             AND status = 'held' AND place = 'agents' AND agent_id <> ?4)",
        [(&id.account).into(), (&id.customer).into(), to.into(), agent.into()],
    )
}

/// The customer has read up to this message.
pub fn seen(id: &ConversationId, to: &str) -> Statement {
    Statement::new(
        "UPDATE conversations SET seen_to = ?3 WHERE account_id = ?1 AND customer_id = ?2 AND COALESCE(seen_to, '') < ?3",
        [(&id.account).into(), (&id.customer).into(), to.into()],
    )
}

/// The customer writes at this moment.
pub fn types(id: &ConversationId, at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE conversations SET typing_at = ?3 WHERE account_id = ?1 AND customer_id = ?2 AND holder = 'human' AND typing_at < ?3",
        [(&id.account).into(), (&id.customer).into(), at.into()],
    )
}
