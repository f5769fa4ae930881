//! What stands on X for an account, by an admin's hand: welcome messages, their rules and custom profiles, listed, shown,
//! deleted. They are made and changed by publishing a script.

use serde::Deserialize;
use serde_json::{Value, json};

use super::publish::Site;
use super::refused::{Refused, find};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::published;
use crate::x_api::{custom_profiles, welcome_messages, welcome_rules};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Thing {
    Welcome,
    Rule,
    Profile,
}

/// One of them, or the first 50, as X has them.
pub async fn show<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: Option<&str>,
    thing: Thing,
    id: Option<&str>,
) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    let call = |base: &str| match (thing, id) {
        (Thing::Welcome, None) => welcome_messages::list(base, None),
        (Thing::Welcome, Some(id)) => welcome_messages::show(base, &id.into()),
        (Thing::Rule, None) => welcome_rules::list(base, None),
        (Thing::Rule, Some(id)) => welcome_rules::show(base, &id.into()),
        (Thing::Profile, None) => custom_profiles::list(base, None),
        (Thing::Profile, Some(id)) => custom_profiles::show(base, &id.into()),
    };
    let response = Site::open(p, config, &account).await?.ask(p, call).await?;
    let body = serde_json::from_slice(response.body());
    Ok(body.map_err(|_| Trouble::Network("X's answer is no JSON".to_owned()))?)
}

/// What is deleted is forgotten here too: the next `perch apply` makes it anew, if the script still has it.
pub async fn delete<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: Option<&str>,
    thing: Thing,
    id: &str,
) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    let call = |base: &str| match thing {
        Thing::Welcome => welcome_messages::delete(base, &id.into()),
        Thing::Rule => welcome_rules::delete(base, &id.into()),
        Thing::Profile => custom_profiles::delete(base, &id.into()),
    };
    Site::open(p, config, &account).await?.ask(p, call).await?;
    p.sql(vec![published::forget_by_x_id(&account.id, id)]).await?;
    Ok(json!({"ok": true, "deleted": id}))
}
