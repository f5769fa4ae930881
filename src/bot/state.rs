//! What the bot remembers of a conversation between two turns.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::draft::Draft;
use super::handed_back::HandedBack;
use super::input::Act;

/// Stored as JSON; fields are added with a default, never changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The node whose ways on were offered last. `None` before the first turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub vars: BTreeMap<String, Value>,
    /// What was offered last, in its order: what a typed label or number means.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<Offer>,
    /// The nodes where the customer stood before, the last one last: where `back` leads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<String>,
    /// The questions answered since the session began: what a correction takes back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asking: Option<Asking>,
    /// What the turn waits for in the middle of a node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// The node that follows when people give the conversation back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What became of the last handoff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handoff: Option<HandedBack>,
    /// The customer said stop.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub opted_out: bool,
    /// When the last turn was (ms): what the session's end is counted from.
    #[serde(skip_serializing_if = "is_zero")]
    pub at: i64,
}

/// One way on that the customer has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub id: String,
    pub label: String,
}

/// A question that is open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asking {
    pub node: String,
    /// Answers so far that did not fit.
    pub tries: u32,
    /// The answer was understood and waits for a yes.
    pub confirming: bool,
}

/// A node whose turn was broken off, because the world has to answer first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    pub node: String,
    pub step: Step,
    /// What the result has to name, so that a late one of another turn is told apart.
    pub token: String,
    /// Said in this turn already, not yet sent.
    #[serde(default)]
    pub draft: Draft,
    /// The words and the option of the turn, which templates may still use.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub option: String,
    /// Of a turn that a public act caused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<Box<Public>>,
}

/// A turn that a public act caused: it leaves the conversation where it was, unless a message goes into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Public {
    pub act: Act,
    pub may_dm: bool,
    /// The post of the act, if it is one.
    pub post: String,
    pub before: State,
}

/// Where in a node a turn goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Entered,
    SkillDone,
    CallDone,
    /// More of its options is shown.
    Shown,
}

/// The nodes that `back` can find again.
const LONGEST_TRAIL: usize = 20;

impl State {
    /// Forgets the conversation, but not the customer's wish to be left alone.
    pub fn begin_anew(&mut self) {
        *self = Self { opted_out: self.opted_out, at: self.at, ..Self::default() };
    }

    /// A turn begins: where the customer stands can be found again, unlike what the turn only passes through.
    pub fn set_out(&mut self) {
        self.trail.extend(self.node.take());
        let too_many = self.trail.len().saturating_sub(LONGEST_TRAIL);
        self.trail.drain(..too_many);
    }

    /// The node becomes the present one.
    pub fn arrive(&mut self, node: &str) {
        // A circle walked twice is one way back, not two.
        self.trail.retain(|known| known != node);
        self.node = Some(node.to_owned());
    }
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}
