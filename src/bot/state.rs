//! What the bot remembers of a conversation between two turns.

use serde::{Deserialize, Serialize};

/// Stored as JSON; fields are added with a default, never changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The node whose options were offered last. `None` before the first turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
}
