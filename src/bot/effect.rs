//! What a turn asks of the world: things to say and do, and what it has to wait for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::input::Failure;
use super::message::{Message, Post};
use super::script::Period;
use super::state::State;

/// The end of a step: what to remember, what to do, and what to wait for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stepped {
    pub state: State,
    pub effects: Vec<Effect>,
    /// The turn is in the middle of a node. Its result comes as another input.
    pub pause: Option<Pause>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Say(Message),
    Post(Post),
    /// Somebody else speaks from now on, for so long at most.
    Handoff {
        note: Option<String>,
        until: Period,
    },
    /// The customer wants to be left alone: what is still owed is not said.
    Silence,
    /// The answer takes time.
    Typing,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Pause {
    /// At once, within the same turn: what a skill reads is read, and the skill is run.
    Skill { token: String, name: String, with: BTreeMap<String, Value> },
    /// Only after the turn is written down.
    Call { token: String, call: WebCall },
}

/// A call to a web service, its templates rendered. Secrets are marks in it, not values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebCall {
    pub method: String,
    pub url: String,
    pub headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    pub within_seconds: i64,
}

/// What became of a pause.
pub type Answer = Result<Value, Failure>;
