//! Subscriptions on X: whose events the webhook gets.

use std::collections::BTreeSet;

use super::activity::{self, Known};
use super::desk::Desk;
use super::report::StepResult;
use super::stopped::Stopped;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::x_api::activity_subscriptions::NEEDED;
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

/// What became of a subscription, and the kinds of events beside messages that X refuses.
pub struct Subscribed {
    pub result: StepResult,
    pub refused: Vec<(&'static str, Stopped)>,
}

impl From<StepResult> for Subscribed {
    fn from(result: StepResult) -> Self {
        Self { result, refused: Vec::new() }
    }
}

/// For whom X delivers, as it lists them.
pub enum Listed {
    Users(BTreeSet<UserId>),
    Kinds(Known),
}

impl Listed {
    /// The kinds of events that the account is to hear and does not. Where X delivers all or nothing, [`NEEDED`] is all.
    pub fn lacks(&self, webhook: &WebhookId, user: &UserId, acts: &str) -> Vec<&'static str> {
        match self {
            Self::Users(all) if all.contains(user) => Vec::new(),
            Self::Users(_) => vec![NEEDED],
            Self::Kinds(known) => known.lacks(webhook, user, acts),
        }
    }

    pub fn known(&self) -> Option<&Known> {
        match self {
            Self::Users(_) => None,
            Self::Kinds(known) => Some(known),
        }
    }
}

/// Subscribes the account, unless it is subscribed. `known`: what X Activity lists, where somebody has asked already.
pub async fn ensure<P: Platform>(
    desk: &Desk<'_, P>,
    webhook: &Webhook,
    account: &Subscriber<'_>,
    known: Option<&Known>,
) -> Result<Subscribed, Stopped> {
    if desk.product == Product::XActivity {
        return match known {
            Some(known) => activity::ensure(desk, &webhook.id, account, known).await,
            None => activity::ensure(desk, &webhook.id, account, &Known::read(desk).await?).await,
        };
    }
    // X answers "not subscribed" with several codes; whatever it is, subscribing tells the truth.
    if lacks(desk, &webhook.id, account).await.is_ok_and(|lacks| lacks.is_empty()) {
        return Ok(StepResult::Kept.into());
    }
    match desk.ask(subscriptions::add(&desk.app.base, &desk.product, &webhook.id), Some(account.signer)).await {
        Ok(response) if subscriptions::is_subscribed(&response) => Ok(StepResult::Done.into()),
        Ok(_) => Err(Stopped::not_done("X says that the account is not subscribed.")),
        // The check failed for the moment, or somebody else was quicker.
        Err(stopped) if stopped.is_subscribed_already() => Ok(StepResult::Kept.into()),
        Err(stopped) => Err(stopped),
    }
}

/// See [`Listed::lacks`].
pub async fn lacks<P: Platform>(
    desk: &Desk<'_, P>,
    webhook: &WebhookId,
    account: &Subscriber<'_>,
) -> Result<Vec<&'static str>, Stopped> {
    if desk.product == Product::XActivity {
        return Ok(Known::read(desk).await?.lacks(webhook, account.id, account.acts));
    }
    let call = subscriptions::check(&desk.app.base, &desk.product, webhook);
    match desk.ask(call, Some(account.signer)).await {
        Ok(response) if subscriptions::is_subscribed(&response) => Ok(Vec::new()),
        // v1.1 says so by a refusal.
        Err(stopped) if !stopped.is_not_there() => Err(stopped),
        _ => Ok(vec![NEEDED]),
    }
}

pub async fn listed<P: Platform>(desk: &Desk<'_, P>, webhook: &WebhookId) -> Result<Listed, Stopped> {
    if desk.product == Product::XActivity {
        return Ok(Listed::Kinds(Known::read(desk).await?));
    }
    Ok(Listed::Users(list(desk, webhook).await?.into_iter().collect()))
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
