//! An account hears through a webhook: subscribed there, remembered, and what it missed on the way asked for.

use super::activity::Known;
use super::desk::Desk;
use super::stopped::Stopped;
use super::subscriptions::{self, Subscribed, Subscriber};
use super::{keys, replay};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::health::{self, Watched};
use crate::store::replays;
use crate::store::statement::Statement;
use crate::x_api::ids::UserId;
use crate::x_api::time::{Span, Timestamp};
use crate::x_api::webhooks::Webhook;

/// Who was seen hearing within this time has missed nothing that X does not deliver late.
const SEEN_LATELY: Span = Span::minutes(10);

/// With the account's own keys.
pub async fn through<P: Platform>(
    p: &P,
    config: &Config<'_>,
    desk: &Desk<'_, P>,
    webhook: &Webhook,
    account: &Account,
    known: Option<&Known>,
) -> Result<Subscribed, Stopped> {
    let signer = keys::signer(p, config, &desk.app, account).await?;
    let subscribed = subscriptions::ensure(desk, webhook, &Subscriber::of(account, &signer), known).await?;
    remember(p, desk, webhook, &account.id, account.webhook_id.as_deref()).await?;
    Ok(subscribed)
}

/// Subscribed by now: written down, together with what has to be asked for of the time when it heard nothing.
pub async fn remember<P: Platform>(
    p: &P,
    desk: &Desk<'_, P>,
    webhook: &Webhook,
    account: &UserId,
    former: Option<&str>,
) -> Result<(), Trouble> {
    let (what, now) = (what(account), p.now());
    let seen: Option<Watched> = p.first(health::of(&what)).await?;
    let product = &desk.product;
    let mut statements: Vec<Statement> = vec![
        accounts::subscribed(account, webhook.id.as_str(), &webhook.url, product.name(), product.environment(), now),
        health::well(&what, now),
        replays::look_now(account, now),
    ];
    let moved = former.filter(|former| *former != webhook.id.as_str());
    // A webhook knows nothing of what was to go to another one.
    statements.extend(moved.map(|former| replays::take_along(account, former, now)));
    let since = seen.as_ref().map(last_well);
    statements.extend(since.and_then(|since| match moved {
        Some(_) => Some(replays::look_up(account, since, now)),
        None if now - since > SEEN_LATELY => Some(replay::plan(product, &webhook.id, since, now, now)),
        None => None,
    }));
    let rows = p.sql(statements).await?;
    // Somebody ended it while it was being made: then it is ended again.
    if rows.first().is_none_or(|rows| rows.is_empty()) {
        let _ = subscriptions::delete(desk, &webhook.id, account).await;
    }
    Ok(())
}

/// Under which name the watch knows it.
pub fn what(account: &UserId) -> String {
    format!("subscription:{account}")
}

/// The same for the kinds of events beside its messages.
pub fn kinds(account: &UserId) -> String {
    format!("kinds:{account}")
}

/// What was never well has been missing something since it was first looked at.
pub fn last_well(row: &Watched) -> Timestamp {
    if row.well_at.0 > 0 { row.well_at } else { row.since }
}
