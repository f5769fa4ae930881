//! The table `conversations`.

use serde::Deserialize;

use super::statement::{Param, Statement};
use crate::bot::state::State;
use crate::x_api::ids::UserId;
use crate::x_api::time::Timestamp;

/// Account and customer: what everything said between the two hangs on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, Deserialize)]
pub struct ConversationId {
    #[serde(rename = "account_id")]
    pub account: UserId,
    #[serde(rename = "customer_id")]
    pub customer: UserId,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Conversation {
    pub name: Option<String>,
    pub username: Option<String>,
    state: String,
    pub holder: String,
    pub holder_until: Timestamp,
    pub turns: i64,
    pub paused_until: Timestamp,
}

/// What a turn writes.
#[derive(Clone, Debug)]
pub struct Turned<'a> {
    pub state: &'a State,
    pub holder: &'a str,
    pub holder_until: Timestamp,
    pub number: i64,
    /// Where they are told for the first time, or anew.
    pub name: Option<String>,
    pub username: Option<String>,
}

impl Conversation {
    /// A state that cannot be read (of a version to come) starts over rather than stopping the conversation.
    pub fn state(&self) -> State {
        serde_json::from_str(&self.state).unwrap_or_default()
    }
}

/// State and number of turns so far: nothing, before the first turn.
pub fn so_far(conversation: Option<&Conversation>) -> (State, i64) {
    conversation.map_or_else(Default::default, |conversation| (conversation.state(), conversation.turns))
}

pub fn get(id: &ConversationId) -> Statement {
    Statement::new(
        "SELECT name, username, state, holder, holder_until, turns, paused_until FROM conversations WHERE account_id = ?1 AND customer_id = ?2",
        [(&id.account).into(), (&id.customer).into()],
    )
}

macro_rules! turn {
    ($names:literal) => {
        concat!(
            "INSERT INTO conversations (account_id, customer_id, name, username, state, holder, holder_until, turns, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (account_id, customer_id) DO UPDATE SET ",
            $names,
            "state = ?5, holder = ?6, holder_until = ?7, turns = ?8, updated_at = ?9"
        )
    };
}

/// SQLite writes the index of a column anew that is set, be it to what it was: so names that are not told are not set.
pub fn turn(id: &ConversationId, turned: &Turned<'_>, now: Timestamp) -> Statement {
    let state = serde_json::to_string(turned.state).unwrap_or_default();
    let are_told = turned.name.is_some() || turned.username.is_some();
    Statement::new(
        if are_told { turn!("name = COALESCE(?3, name), username = COALESCE(?4, username), ") } else { turn!("") },
        [
            (&id.account).into(),
            (&id.customer).into(),
            Param::from(turned.name.as_deref()),
            Param::from(turned.username.as_deref()),
            state.into(),
            turned.holder.into(),
            turned.holder_until.into(),
            turned.number.into(),
            now.into(),
        ],
    )
}

/// Who the customer is, where the event told it.
pub fn named(id: &ConversationId, name: Option<&str>, username: Option<&str>) -> Statement {
    Statement::new(
        "UPDATE conversations SET name = COALESCE(?3, name), username = COALESCE(?4, username) WHERE account_id = ?1 AND customer_id = ?2",
        [(&id.account).into(), (&id.customer).into(), name.into(), username.into()],
    )
}

pub fn pause(id: &ConversationId, until: Timestamp) -> Statement {
    Statement::new(
        "UPDATE conversations SET paused_until = ?3 WHERE account_id = ?1 AND customer_id = ?2",
        [(&id.account).into(), (&id.customer).into(), until.into()],
    )
}

/// The bot answers again from now on; what it said before does not count against it any more.
pub fn resume(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE conversations SET paused_until = ?3, updated_at = ?3 WHERE account_id = ?1 AND customer_id = ?2 AND paused_until > ?3",
        [(&id.account).into(), (&id.customer).into(), now.into()],
    )
}

/// Made or brought to the top of the list by a message that nobody here can read, the first time that it comes; of an account of ours.
pub fn unread(id: &ConversationId, x_id: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO conversations (account_id, customer_id, state, updated_at) SELECT ?1, ?2, '{}', ?4
         WHERE EXISTS (SELECT 1 FROM accounts WHERE id = ?1)
           AND NOT EXISTS (SELECT 1 FROM entries WHERE account_id = ?1 AND customer_id = ?2 AND x_id = ?3)
         ON CONFLICT DO UPDATE SET updated_at = ?4",
        [(&id.account).into(), (&id.customer).into(), x_id.into(), now.into()],
    )
}

/// The conversations that are paused now, for people.
pub fn paused(now: Timestamp) -> Statement {
    Statement::new(
        "SELECT account_id, customer_id, name, username, paused_until FROM conversations WHERE paused_until > 0 AND paused_until > ?1 LIMIT 50",
        [now.into()],
    )
}

/// What there is to do for a conversation right now.
#[derive(Debug, Default, Deserialize)]
pub struct Left {
    /// Another event, a call, or people who have it.
    pub more: i64,
    pub messages: i64,
    pub posts: i64,
}

/// Stands at the end of a batch, in place of loading everything to find that nothing has come meanwhile.
pub fn left(id: &ConversationId, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT EXISTS (SELECT 1 FROM inbox WHERE account_id = ?1 AND customer_id = ?2 AND status = 'new' AND not_before <= ?3)
             OR EXISTS (SELECT 1 FROM timers WHERE account_id = ?1 AND customer_id = ?2)
             OR EXISTS (SELECT 1 FROM handoffs WHERE account_id = ?1 AND customer_id = ?2 AND status <> 'ended') AS more,
           EXISTS (SELECT 1 FROM outbox WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed'
             AND kind <> 'post') AS messages,
           EXISTS (SELECT 1 FROM outbox WHERE account_id = ?1 AND customer_id = ?2 AND status IN ('owed', 'sending') AND status = 'owed'
             AND kind = 'post') AS posts",
        [(&id.account).into(), (&id.customer).into(), now.into()],
    )
}
