//! Signs without words in a conversation: somebody writes at this moment, or has read up to a message.

use serde_json::Value;

use super::event::text;
use super::ids::{DmId, UserId};

/// See [X docs: Account Activity payloads](https://docs.x.com/x-api/account-activity/introduction).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    pub by: UserId,
    /// The last message that was read; `None`: they write.
    pub read: Option<DmId>,
}

impl Sign {
    pub(super) fn read(kind: &str, item: &Value) -> Option<Self> {
        let by = text(item, "/sender_id")?.into();
        match kind {
            "dm.typing" => Some(Self { by, read: None }),
            "dm.read" => Some(Self { by, read: Some(text(item, "/last_read_event_id")?.into()) }),
            _ => None,
        }
    }
}
