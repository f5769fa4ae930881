//! Who somebody on X is, by name; and who we are there.

use serde_json::{Value, json};

use super::arrivals::APP;
use super::desk::Desk;
use super::refused::{Refused, find};
use super::stopped::Stopped;
use super::{keys, whose};
use crate::config::Config;
use crate::platform::Platform;
use crate::x_api::accounts::{self as x_accounts, Access, Profile};
use crate::x_api::prices::USER_READ;

/// `None`: X knows nobody of this name. X bills the app for it, and not an account of ours.
pub async fn by_name<P: Platform>(p: &P, config: &Config<'_>, name: &str) -> Result<Option<Profile>, Stopped> {
    let desk = Desk::open(p, config, config.product(None)?)?;
    let response = desk.as_app(x_accounts::by_name(&desk.app.base, name)).await?;
    let found = x_accounts::read_v2(&response);
    desk.reads(&APP.into(), USER_READ, i64::from(found.is_some())).await;
    Ok(found)
}

/// The account as X has it now, and what its tokens may do.
pub async fn whoami<P: Platform>(p: &P, config: &Config<'_>, account: Option<&str>) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    let desk = Desk::of(p, config, &account)?;
    let keys = keys::signer(p, config, &desk.app, &account).await?;
    let (profile, access) = whose::read(&whose::ask(&desk, &keys).await?)?;
    Ok(json!({
        "id": profile.id, "username": profile.username, "name": profile.name,
        "access": access.as_ref().map(Access::as_str), "product": desk.product.name(), "speaks": account.speaks,
    }))
}
