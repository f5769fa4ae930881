//! The table `handoffs`.

use serde::Deserialize;

use super::conversations::ConversationId;
use super::statement::Statement;
use crate::x_api::time::Timestamp;

#[derive(Clone, Debug, Deserialize)]
pub struct Handoff {
    pub id: String,
    #[serde(flatten)]
    pub conversation: ConversationId,
    pub status: Status,
    pub place: Place,
    /// JSON, as it was when the handoff began.
    pub settings: String,
    pub team: Option<String>,
    pub agent_id: Option<String>,
    pub generation: i64,
    pub due_at: Option<Timestamp>,
    pub request_until: Option<Timestamp>,
    pub hold_until: Timestamp,
    pub waiting_since: Option<Timestamp>,
    pub started_at: Timestamp,
    pub joined_at: Option<Timestamp>,
    /// The holder's name, where it is one of our agents.
    pub agent: Option<String>,
    /// When the holder's inbox was last open; nothing of one who is away.
    pub agent_seen: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Waiting,
    Held,
    Ended,
}

/// Where people answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In the inbox.
    Agents,
    /// In X's own app.
    App,
}

/// How a handoff begins.
#[derive(Clone, Debug)]
pub struct Begun<'a> {
    /// The cause of the turn that hands over.
    pub id: &'a str,
    pub status: Status,
    pub place: Place,
    pub started_by: &'a str,
    pub settings: String,
    pub team: Option<&'a str>,
    pub note: Option<&'a str>,
    pub agent: Option<&'a str>,
    pub due_at: Timestamp,
    pub request_until: Option<Timestamp>,
    pub hold_until: Timestamp,
    /// The customer waits for a word from now on.
    pub is_waited_for: bool,
}

/// How long a customer waits for the agent who has the conversation (ms); NULL: for as long as it takes.
macro_rules! patience {
    () => {
        "1000 * json_extract(settings, '$.agent_seconds')"
    };
}
pub(super) use patience;

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Ended => "ended",
        }
    }
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::App => "app",
        }
    }
}

pub fn insert(id: &ConversationId, begun: &Begun<'_>, now: Timestamp) -> Statement {
    let is_held = begun.status == Status::Held;
    Statement::new(
        "INSERT INTO handoffs (id, account_id, customer_id, status, place, started_by, settings, team, note, agent_id, due_at, request_until, hold_until,
           waiting_since, started_at, joined_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        [
            begun.id.into(),
            (&id.account).into(),
            (&id.customer).into(),
            begun.status.name().into(),
            begun.place.name().into(),
            begun.started_by.into(),
            begun.settings.as_str().into(),
            begun.team.into(),
            begun.note.into(),
            begun.agent.into(),
            begun.due_at.into(),
            begun.request_until.into(),
            begun.hold_until.into(),
            begun.is_waited_for.then_some(now).into(),
            now.into(),
            is_held.then_some(now).into(),
        ],
    )
}

/// The one that is open.
pub fn open_in(id: &ConversationId) -> Statement {
    Statement::new(
        "SELECT h.id, h.account_id, h.customer_id, h.status, h.place, h.settings, h.team, h.agent_id, h.generation, h.due_at, h.request_until,
           h.hold_until, h.waiting_since, h.started_at, h.joined_at, a.name AS agent,
           CASE a.presence WHEN 'available' THEN a.seen_at END AS agent_seen
         FROM handoffs h LEFT JOIN agents a ON a.id = h.agent_id WHERE h.account_id = ?1 AND h.customer_id = ?2 AND h.status <> 'ended'",
        [(&id.account).into(), (&id.customer).into()],
    )
}

/// The conversations whose handoff has something to do.
pub fn due(now: Timestamp, most: i64) -> Statement {
    Statement::new(
        "SELECT account_id, customer_id FROM handoffs WHERE status <> 'ended' AND due_at IS NOT NULL AND due_at <= ?1 LIMIT ?2",
        [now.into(), most.into()],
    )
}

/// Those that wait and for which nobody is asked, the oldest first.
pub fn unasked(most: i64) -> Statement {
    Statement::new(
        "SELECT account_id, customer_id FROM handoffs WHERE status = 'waiting' AND agent_id IS NULL ORDER BY started_at LIMIT ?1",
        [most.into()],
    )
}

/// Something has changed for one for which nobody is asked: it is looked at again.
pub fn wake(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE handoffs SET due_at = ?3, generation = generation + 1 WHERE account_id = ?1 AND customer_id = ?2 AND status = 'waiting' AND status <> 'ended' AND agent_id IS NULL",
        [(&id.account).into(), (&id.customer).into(), now.into()],
    )
}

/// Asks the agent of its team who has been free for the longest, and has not been asked for it yet. Their inbox was open at
/// `seen_since` or later. Whoever was asked before is asked no more. No row when another worker was at it first.
pub fn offer(handoff: &Handoff, seen_since: Timestamp, until: Timestamp, later: Timestamp) -> Statement {
    Statement::new(
        "UPDATE handoffs SET asked = CASE WHEN agent_id IS NULL THEN asked ELSE asked || agent_id || ' ' END, generation = generation + 1,
           (agent_id, due_at) = (SELECT id, CASE WHEN id IS NULL THEN ?5 ELSE MIN(?4, ?5) END FROM (SELECT (SELECT a.id FROM agents a
             WHERE a.presence = 'available' AND a.seen_at >= ?3 AND (handoffs.team IS NULL OR a.teams LIKE '% ' || handoffs.team || ' %')
               AND (handoffs.asked || COALESCE(handoffs.agent_id, '') || ' ') NOT LIKE '% ' || a.id || ' %'
               AND a.at_once > (SELECT COUNT(*) FROM handoffs o WHERE o.agent_id = a.id AND o.status IN ('waiting', 'held') AND o.status <> 'ended'
                 AND o.id <> handoffs.id)
             ORDER BY a.free_since, a.id LIMIT 1) AS id))
         WHERE id = ?1 AND generation = ?2 AND status = 'waiting' RETURNING agent_id, due_at",
        [
            handoff.id.as_str().into(),
            handoff.generation.into(),
            seen_since.into(),
            until.into(),
            later.into(),
        ],
    )
}

/// There is nothing to do until then, or until it is over.
pub fn postpone(handoff: &Handoff, until: Timestamp) -> Statement {
    Statement::new(
        "UPDATE handoffs SET due_at = MIN(?3, hold_until), generation = generation + 1 WHERE id = ?1 AND generation = ?2 AND status <> 'ended'",
        [handoff.id.as_str().into(), handoff.generation.into(), until.into()],
    )
}

/// Nobody answers in the inbox: whoever answers does it in X's own app.
pub fn leave_to_app(handoff: &Handoff, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE handoffs SET status = 'held', place = 'app', due_at = hold_until, joined_at = ?3, generation = generation + 1
         WHERE id = ?1 AND generation = ?2 AND status = 'waiting' RETURNING due_at",
        [handoff.id.as_str().into(), handoff.generation.into(), now.into()],
    )
}

/// An agent has it. While the customer waits for a word, no silence of theirs is counted, but the agent's.
pub fn hold(handoff: &str, agent: &str, hold_until: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            "UPDATE handoffs SET status = 'held', place = 'agents', agent_id = ?2, hold_until = ?3,
           due_at = CASE WHEN waiting_since IS NULL THEN ?3 ELSE MIN(?3, COALESCE(?4 + ",
            patience!(),
            ", ?3)) END,
           joined_at = COALESCE(joined_at, ?4), generation = generation + 1 WHERE id = ?1 AND status <> 'ended'"
        ),
        [handoff.into(), agent.into(), hold_until.into(), now.into()],
    )
}

/// Nobody has it again: others are asked. Whoever had it is not asked once more.
pub fn release(handoff: &str, request_until: Option<Timestamp>, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE handoffs SET status = 'waiting', asked = asked || COALESCE(agent_id, '') || ' ', agent_id = NULL, request_until = ?2, due_at = ?3,
           waiting_since = COALESCE(waiting_since, ?3), generation = generation + 1 WHERE id = ?1 AND status = 'held'",
        [handoff.into(), request_until.into(), now.into()],
    )
}

/// Whoever has it is not there while the customer waits: everybody else is asked anew, and they too once they are back.
pub fn abandon(handoff: &Handoff, request_until: Option<Timestamp>, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE handoffs SET status = 'waiting', agent_id = NULL, asked = ' ', request_until = ?3, due_at = ?4, generation = generation + 1
         WHERE id = ?1 AND generation = ?2 AND status = 'held'",
        [handoff.id.as_str().into(), handoff.generation.into(), request_until.into(), now.into()],
    )
}

/// An agent is gone: what they had or were asked for waits for others, who are asked anew for what they had.
pub fn leave(agent: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE handoffs SET
           request_until = CASE WHEN status <> 'held' THEN request_until WHEN settings ->> '$.mode' <> 'agents' THEN ?2 + 1000 * (settings ->> '$.request_seconds') END,
           asked = CASE status WHEN 'held' THEN ' ' ELSE asked END,
           status = 'waiting', agent_id = NULL, due_at = ?2, waiting_since = COALESCE(waiting_since, ?2), generation = generation + 1
         WHERE agent_id = ?1 AND status IN ('waiting', 'held') AND status <> 'ended'",
        [agent.into(), now.into()],
    )
}

/// The customer wrote: somebody owes them a word.
pub fn customer_spoke(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        concat!(
            "UPDATE handoffs SET waiting_since = COALESCE(waiting_since, ?3), due_at = CASE WHEN status = 'held' AND place = 'agents' AND waiting_since IS NULL
             THEN MIN(hold_until, COALESCE(?3 + ", patience!(), ", hold_until)) ELSE due_at END,
           generation = generation + 1 WHERE account_id = ?1 AND customer_id = ?2 AND status <> 'ended'"
        ),
        [(&id.account).into(), (&id.customer).into(), now.into()],
    )
}

/// Whoever has it wrote: from now on the customer's silence is counted, up to `due_at`.
pub fn agent_spoke(id: &ConversationId, due_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE handoffs SET waiting_since = NULL, due_at = MIN(?3, hold_until), generation = generation + 1
         WHERE account_id = ?1 AND customer_id = ?2 AND status <> 'ended'",
        [(&id.account).into(), (&id.customer).into(), due_at.into()],
    )
}

/// Somebody wrote in X's own app: there it is held, until `hold_until` at least.
pub fn app_spoke(id: &ConversationId, hold_until: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE handoffs SET waiting_since = NULL, place = CASE status WHEN 'waiting' THEN 'app' ELSE place END, agent_id = CASE status WHEN 'waiting' THEN NULL ELSE agent_id END,
           hold_until = MAX(hold_until, ?3), due_at = MAX(hold_until, ?3), joined_at = COALESCE(joined_at, ?4),
           status = 'held', generation = generation + 1 WHERE account_id = ?1 AND customer_id = ?2 AND status <> 'ended'",
        [(&id.account).into(), (&id.customer).into(), hold_until.into(), now.into()],
    )
}

/// The bot has the conversation.
pub fn end(id: &ConversationId, why: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE handoffs SET status = 'ended', due_at = NULL, ended_at = ?4, why_ended = ?3, generation = generation + 1
         WHERE account_id = ?1 AND customer_id = ?2 AND status <> 'ended'",
        [(&id.account).into(), (&id.customer).into(), why.into(), now.into()],
    )
}
