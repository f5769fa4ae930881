//! One Direct Message of an account, by an admin's hand: shown as X has it, or deleted from the account's view.

use serde_json::{Value, json};

use super::publish::Site;
use super::refused::{Refused, find};
use super::stopped::Stopped;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::costs;
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::DmId;
use crate::x_api::prices::DM_READ;

pub async fn show<P: Platform>(p: &P, config: &Config<'_>, account: Option<&str>, id: &DmId) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    let response = Site::open(p, config, &account).await?.ask(p, |base| account.speaks.show(base, id)).await?;
    let body: Value =
        serde_json::from_slice(response.body()).map_err(|_| Trouble::Network("X's answer is no JSON".to_owned()))?;
    // v2 says in a success that it has no such message.
    if body.get("errors").is_some() && body.get("data").is_none() {
        return Err(Stopped::not_done("X has no such message.").into());
    }
    if account.speaks == Speaks::Plain {
        let _ = p.sql(vec![costs::add(&account.id, DM_READ, 1, p.now())]).await;
    }
    Ok(body)
}

pub async fn delete<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: Option<&str>,
    id: &DmId,
) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    Site::open(p, config, &account).await?.ask(p, |base| account.speaks.delete(base, id)).await?;
    Ok(json!({"ok": true, "deleted": id}))
}
