//! Single subscriptions of X Activity, by an admin's hand: for kinds of events that no script asks for.

use serde::Deserialize;
use serde_json::{Value, json};

use super::desk::Desk;
use super::refused::{Refused, find};
use super::stopped::Stopped;
use super::subscriptions::Subscriber;
use super::{activity, keys};
use crate::config::Config;
use crate::platform::Platform;
use crate::x_api::ids::WebhookId;
use crate::x_api::product::Product;

/// What is to be heard, and by whom.
#[derive(Clone, Debug, Deserialize)]
pub struct Wanted {
    pub account: Option<String>,
    /// By X's name for it: `profile.update.bio`.
    pub event_type: String,
    /// A word of the caller's own, to find it again.
    pub tag: Option<String>,
}

/// What is to change: nothing else can.
#[derive(Clone, Debug, Deserialize)]
pub struct Change {
    pub id: String,
    pub webhook: Option<WebhookId>,
    pub tag: Option<String>,
}

fn desk<'a, P: Platform>(p: &'a P, config: &'a Config<'a>) -> Result<Desk<'a, P>, Stopped> {
    Ok(Desk::open(p, config, Product::XActivity)?)
}

/// Every one of the app's, of whatever account.
pub async fn list<P: Platform>(p: &P, config: &Config<'_>) -> Result<Value, Refused> {
    let page = activity::all(&desk(p, config)?).await?;
    Ok(json!({"subscriptions": page.all, "total": page.total}))
}

/// Through the webhook that the account hears through.
pub async fn add<P: Platform>(p: &P, config: &Config<'_>, wanted: &Wanted) -> Result<Value, Refused> {
    let account = find(p, wanted.account.as_deref()).await?;
    let (desk, webhook) = (desk(p, config)?, keys::webhook_of(&account)?);
    let signer = keys::signer(p, config, &desk.app, &account).await?;
    let subscriber = Subscriber::of(&account, &signer);
    let made = activity::create(&desk, &wanted.event_type, &subscriber, &webhook, wanted.tag.as_deref()).await?;
    Ok(json!({"subscription": made}))
}

pub async fn update<P: Platform>(p: &P, config: &Config<'_>, change: &Change) -> Result<Value, Refused> {
    activity::change(&desk(p, config)?, &change.id, change.webhook.as_ref(), change.tag.as_deref()).await?;
    Ok(json!({"ok": true, "id": change.id}))
}

pub async fn delete<P: Platform>(p: &P, config: &Config<'_>, id: &str) -> Result<Value, Refused> {
    activity::delete(&desk(p, config)?, id).await?;
    Ok(json!({"ok": true, "deleted": id}))
}
