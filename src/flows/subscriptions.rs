//! Subscriptions on X: whose events the webhook gets.

use super::activity;
use super::desk::Desk;
use super::report::StepResult;
use super::stopped::Stopped;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::x_api::ids::{UserId, WebhookId};
use crate::x_api::product::Product;
use crate::x_api::signer::Signer;
use crate::x_api::subscriptions::{self, Count};
use crate::x_api::webhooks::Webhook;

/// An account that is to hear, with its keys and the public acts that its script takes up (each between spaces).
#[derive(Clone, Copy)]
pub struct Subscriber<'a> {
    pub id: &'a UserId,
    pub signer: &'a Signer,
    pub acts: &'a str,
}

impl<'a> Subscriber<'a> {
    pub fn of(account: &'a Account, signer: &'a Signer) -> Self {
        Self { id: &account.id, signer, acts: &account.acts }
    }
}

/// Subscribes the account, unless it is subscribed.
pub async fn ensure<P: Platform>(
    desk: &Desk<'_, P>,
    webhook: &Webhook,
    account: &Subscriber<'_>,
) -> Result<StepResult, Stopped> {
    if desk.product == Product::XActivity {
        return activity::ensure(desk, &webhook.id, account).await;
    }
    // X answers "not subscribed" with several codes; whatever it is, subscribing tells the truth.
    if check(desk, &webhook.id, account).await.unwrap_or(false) {
        return Ok(StepResult::Kept);
    }
    match desk.ask(subscriptions::add(&desk.app.base, &desk.product, &webhook.id), Some(account.signer)).await {
        Ok(response) if subscriptions::is_subscribed(&response) => Ok(StepResult::Done),
        Ok(_) => Err(Stopped::not_done("X says that the account is not subscribed.")),
        // The check failed for the moment, or somebody else was quicker.
        Err(stopped) if stopped.is_subscribed_already() => Ok(StepResult::Kept),
        Err(stopped) => Err(stopped),
    }
}

pub async fn check<P: Platform>(
    desk: &Desk<'_, P>,
    webhook: &WebhookId,
    account: &Subscriber<'_>,
) -> Result<bool, Stopped> {
    if desk.product == Product::XActivity {
        return activity::check(desk, webhook, account).await;
    }
    let call = subscriptions::check(&desk.app.base, &desk.product, webhook);
    let response = desk.ask(call, Some(account.signer)).await?;
    Ok(subscriptions::is_subscribed(&response))
}

pub async fn list<P: Platform>(desk: &Desk<'_, P>, webhook: &WebhookId) -> Result<Vec<UserId>, Stopped> {
    if desk.product == Product::XActivity {
        return activity::subscribed(desk, webhook).await;
    }
    let response = match desk.ask(subscriptions::list(&desk.app.base, &desk.product, webhook), None).await {
        // Of a webhook that there is: nobody is subscribed to it.
        Err(stopped) if stopped.is_not_there() => return Ok(Vec::new()),
        other => other?,
    };
    subscriptions::read_list(&response).ok_or_else(Stopped::unreadable)
}

pub async fn count<P: Platform>(desk: &Desk<'_, P>) -> Result<Count, Stopped> {
    if desk.product == Product::XActivity {
        return activity::count(desk).await;
    }
    let response = desk.ask(subscriptions::count(&desk.app.base, &desk.product), None).await?;
    subscriptions::read_count(&response).ok_or_else(Stopped::unreadable)
}

/// Not being subscribed is as good.
pub async fn delete<P: Platform>(desk: &Desk<'_, P>, webhook: &WebhookId, user: &UserId) -> Result<(), Stopped> {
    if desk.product == Product::XActivity {
        return activity::end(desk, user).await;
    }
    match desk.ask(subscriptions::delete(&desk.app.base, &desk.product, webhook, user), None).await {
        Err(stopped) if stopped.is_not_there() => Ok(()),
        other => other.map(drop),
    }
}
