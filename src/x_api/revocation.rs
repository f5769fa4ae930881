//! A user took the app's access away: X ends the subscription, and the tokens are dead.

use serde_json::Value;

use super::event::text;
use super::ids::{AppId, UserId};
use super::time::Timestamp;

/// See [X docs: Account Activity payloads](https://docs.x.com/x-api/account-activity/introduction).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    pub user: UserId,
    pub app: Option<AppId>,
    pub at: Option<Timestamp>,
}

impl Revocation {
    /// From the object under `user_event`.
    pub(super) fn read(item: &Value) -> Option<Self> {
        let revoke = item.get("revoke")?;
        Some(Self {
            user: text(revoke, "/source/user_id")?.into(),
            app: text(revoke, "/target/app_id").map(AppId::from),
            at: text(revoke, "/date_time").as_deref().and_then(Timestamp::read),
        })
    }
}
