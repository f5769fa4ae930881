//! Signs of attention: the bot or an agent writes at this moment, a message was read. Given once, where X shows them, and
//! written down nowhere: one that comes late is worse than none.

use serde::Deserialize;
use serde_json::{Value, json};

use super::handoff::Scene;
use super::keys;
use super::refused::Refused;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::agents::Agent;
use crate::store::conversations::ConversationId;
use crate::store::threads;
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::DmId;
use crate::x_api::signals;

/// What a turn shows besides what it says, once it is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// This message, and all before it.
    Read(DmId),
    Typing,
}

/// Whatever X says to them: their moment is over. Says whether X was asked.
pub async fn give<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &Account,
    id: &ConversationId,
    signals: &[Signal],
) -> bool {
    let is_shown = account.speaks == Speaks::Rich && account.may_send(p.now());
    if signals.is_empty() || !is_shown {
        return false;
    }
    let Ok(keys) = keys::of(p, config, account).await else { return false };
    for signal in signals {
        let call = match signal {
            Signal::Read(last) => signals::mark_read(&keys.base, &id.customer, last),
            Signal::Typing => signals::typing(&keys.base, &id.customer),
        };
        let _ = p.send(keys.sign(p, call)).await;
    }
    true
}

/// An agent writes. Only of whoever has the conversation.
pub async fn typing<P: Platform>(
    p: &P,
    config: &Config<'_>,
    agent: &Agent,
    id: &ConversationId,
) -> Result<Value, Refused> {
    let scene = Scene::load(p, id).await?;
    let is_shown = scene.is_held_by(agent)? && give(p, config, &scene.account, id, &[Signal::Typing]).await;
    Ok(json!({"shown": is_shown}))
}

/// An agent has seen everything up to this message. The customer is shown it where the agent has the conversation.
pub async fn read<P: Platform>(
    p: &P,
    config: &Config<'_>,
    agent: &Agent,
    id: &ConversationId,
    to: &str,
) -> Result<Value, Refused> {
    #[derive(Deserialize)]
    struct Last {
        x_id: DmId,
    }
    let [account, _, last] = p
        .each([accounts::get(&id.account), threads::read(id, to, &agent.id), threads::shown(id, to, &agent.id)])
        .await?;
    let last: Option<Last> = last.first().map_err(Trouble::from)?;
    let account: Option<Account> = account.first().map_err(Trouble::from)?;
    if let Some((last, account)) = last.zip(account) {
        give(p, config, &account, id, &[Signal::Read(last.x_id)]).await;
    }
    Ok(json!({"ok": true}))
}
