//! Subscriptions of X Activity: what an account has to hear, kept as it should be; and single ones by an admin's hand.

use std::collections::BTreeSet;

use super::desk::Desk;
use super::report::StepResult;
use super::stopped::Stopped;
use super::subscriptions::{Subscribed, Subscriber};
use crate::platform::Platform;
use crate::x_api::activity_subscriptions::{self, NEEDED, Page, Subscription, wanted};
use crate::x_api::ids::{UserId, WebhookId};
use crate::x_api::subscriptions::Count;

/// Pages of a thousand that are read at most.
const MOST_PAGES: usize = 100;

pub async fn all<P: Platform>(desk: &Desk<'_, P>) -> Result<Page, Stopped> {
    let mut whole = Page::default();
    for _ in 0..MOST_PAGES {
        let call = activity_subscriptions::list(&desk.app.base, whole.next.as_deref());
        let page = activity_subscriptions::page(&desk.as_app(call).await?).ok_or_else(Stopped::unreadable)?;
        whole.all.extend(page.all);
        whole.total = page.total.or(whole.total);
        whole.next = page.next;
        if whole.next.is_none() {
            break;
        }
    }
    Ok(whole)
}

/// Every subscription of the app's: listed once, however many accounts are looked at.
pub struct Known {
    all: Vec<Subscription>,
    /// Which kind of event of which user goes to which webhook.
    heard: BTreeSet<String>,
}

impl Known {
    pub async fn read<P: Platform>(desk: &Desk<'_, P>) -> Result<Self, Stopped> {
        let all = all(desk).await?.all;
        let heard = all.iter().filter_map(|one| Some(key(one.webhook.as_ref()?, one.user.as_ref()?, &one.event_type)));
        Ok(Self { heard: heard.collect(), all })
    }

    /// The kinds of events that the account is to hear through this webhook, and does not.
    pub fn lacks(&self, webhook: &WebhookId, user: &UserId, acts: &str) -> Vec<&'static str> {
        let mut lacks = wanted(acts);
        lacks.retain(|event_type| !self.heard.contains(&key(webhook, user, event_type)));
        lacks
    }
}

fn key(webhook: &WebhookId, user: &UserId, event_type: &str) -> String {
    format!("{webhook} {user} {event_type}")
}

/// Makes what is missing, and brings to this webhook what goes to another one. What X refuses beside the messages
/// themselves keeps nothing else back.
pub async fn ensure<P: Platform>(
    desk: &Desk<'_, P>,
    webhook: &WebhookId,
    account: &Subscriber<'_>,
    known: &Known,
) -> Result<Subscribed, Stopped> {
    let mut subscribed = Subscribed::from(StepResult::Kept);
    for event_type in known.lacks(webhook, account.id, account.acts) {
        let of_it = |known: &&Subscription| known.event_type == event_type && known.user.as_ref() == Some(account.id);
        let elsewhere = known.all.iter().find(of_it);
        let made = match elsewhere {
            Some(elsewhere) => change(desk, &elsewhere.id, Some(webhook), None).await,
            None => create(desk, event_type, account, webhook, None).await.map(drop),
        };
        match made {
            Ok(()) => subscribed.result = StepResult::Done,
            // Somebody else was quicker.
            Err(stopped) if stopped.is_subscribed_already() => {}
            Err(stopped) if event_type == NEEDED => return Err(stopped),
            Err(stopped) => subscribed.refused.push((event_type, stopped)),
        }
    }
    Ok(subscribed)
}

/// The users whose messages come to this webhook.
pub async fn subscribed<P: Platform>(desk: &Desk<'_, P>, webhook: &WebhookId) -> Result<Vec<UserId>, Stopped> {
    let known = Known::read(desk).await?;
    let to_it = known.all.into_iter().filter(|one| one.event_type == NEEDED && one.webhook.as_ref() == Some(webhook));
    Ok(to_it.filter_map(|one| one.user).collect())
}

pub async fn count<P: Platform>(desk: &Desk<'_, P>) -> Result<Count, Stopped> {
    let page = all(desk).await?;
    let used = page.total.or_else(|| i64::try_from(page.all.len()).ok()).unwrap_or_default();
    Ok(Count { used, allowed: None })
}

/// Every subscription of the user.
pub async fn end<P: Platform>(desk: &Desk<'_, P>, user: &UserId) -> Result<(), Stopped> {
    for known in all(desk).await?.all.iter().filter(|known| known.user.as_ref() == Some(user)) {
        delete(desk, &known.id).await?;
    }
    Ok(())
}

/// With the user's own keys, since X gives private events only with their consent.
pub async fn create<P: Platform>(
    desk: &Desk<'_, P>,
    event_type: &str,
    account: &Subscriber<'_>,
    webhook: &WebhookId,
    tag: Option<&str>,
) -> Result<Subscription, Stopped> {
    let call = activity_subscriptions::create(&desk.app.base, event_type, account.id, webhook, tag);
    let response = desk.signed(call, account.signer).await?;
    activity_subscriptions::created(&response).ok_or_else(Stopped::unreadable)
}

pub async fn change<P: Platform>(
    desk: &Desk<'_, P>,
    id: &str,
    webhook: Option<&WebhookId>,
    tag: Option<&str>,
) -> Result<(), Stopped> {
    desk.as_app(activity_subscriptions::update(&desk.app.base, id, webhook, tag)).await.map(drop)
}

/// Gone already is as good.
pub async fn delete<P: Platform>(desk: &Desk<'_, P>, id: &str) -> Result<(), Stopped> {
    match desk.as_app(activity_subscriptions::delete(&desk.app.base, id)).await {
        Err(stopped) if stopped.is_not_there() => Ok(()),
        other => other.map(drop),
    }
}
