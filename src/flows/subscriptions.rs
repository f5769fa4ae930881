//! Subscriptions on X: whose events the webhook gets.

use super::desk::Desk;
use super::report::StepResult;
use super::stopped::Stopped;
use crate::platform::Platform;
use crate::x_api::ids::{UserId, WebhookId};
use crate::x_api::signer::Signer;
use crate::x_api::subscriptions::{self, Count};
use crate::x_api::webhooks::Webhook;

/// Subscribes the account, unless it is subscribed.
pub async fn ensure<P: Platform>(
    desk: &Desk<'_, P>,
    webhook: &Webhook,
    account: &Signer,
) -> Result<StepResult, Stopped> {
    // X answers "not subscribed" with several codes; whatever it is, subscribing tells the truth.
    if check(desk, &webhook.id, account).await.unwrap_or(false) {
        return Ok(StepResult::Kept);
    }
    match desk.ask(subscriptions::add(&desk.app.base, &desk.product, &webhook.id), Some(account)).await {
        Ok(_) => Ok(StepResult::Done),
        // The check failed for the moment, or somebody else was quicker.
        Err(stopped) if stopped.is_subscribed_already() => Ok(StepResult::Kept),
        Err(stopped) => Err(stopped),
    }
}

pub async fn check<P: Platform>(desk: &Desk<'_, P>, webhook: &WebhookId, account: &Signer) -> Result<bool, Stopped> {
    let response = desk.ask(subscriptions::check(&desk.app.base, &desk.product, webhook), Some(account)).await?;
    Ok(subscriptions::is_subscribed(&response))
}

pub async fn list<P: Platform>(desk: &Desk<'_, P>, webhook: &WebhookId) -> Result<Vec<UserId>, Stopped> {
    let response = desk.ask(subscriptions::list(&desk.app.base, &desk.product, webhook), None).await?;
    subscriptions::read_list(&response).ok_or_else(Stopped::unreadable)
}

pub async fn count<P: Platform>(desk: &Desk<'_, P>) -> Result<Count, Stopped> {
    let response = desk.ask(subscriptions::count(&desk.app.base, &desk.product), None).await?;
    subscriptions::read_count(&response).ok_or_else(Stopped::unreadable)
}

/// Not being subscribed is as good.
pub async fn delete<P: Platform>(desk: &Desk<'_, P>, webhook: &WebhookId, user: &UserId) -> Result<(), Stopped> {
    match desk.ask(subscriptions::delete(&desk.app.base, &desk.product, webhook, user), None).await {
        Err(stopped) if stopped.is_not_there() => Ok(()),
        other => other.map(drop),
    }
}
