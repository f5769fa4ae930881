//! An agent writes at this moment: the customer sees it, where X shows it.

use serde_json::{Value, json};

use super::handoff::Scene;
use super::keys;
use super::scripts::Refused;
use crate::config::Config;
use crate::platform::Platform;
use crate::store::agents::Agent;
use crate::store::conversations::ConversationId;
use crate::x_api::dialect::Speaks;
use crate::x_api::signals;

/// Only of whoever has the conversation. What X says to it does not matter: the moment is over.
pub async fn typing<P: Platform>(
    p: &P,
    config: &Config<'_>,
    agent: &Agent,
    id: &ConversationId,
) -> Result<Value, Refused> {
    let scene = Scene::load(p, id).await?;
    let account = &scene.account;
    let is_shown = scene.is_held_by(agent)? && account.speaks == Speaks::Rich && account.is_on == 1;
    if is_shown {
        let keys = keys::of(p, config, account).await?;
        let _ = p.send(keys.sign(p, signals::typing(&keys.base, &id.customer))).await;
    }
    Ok(json!({"shown": is_shown}))
}
