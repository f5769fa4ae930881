//! Subscriptions of X Activity: what an account has to hear, kept as it should be; and single ones by an admin's hand.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use super::report::StepResult;
use super::stopped::Stopped;
use super::subscriptions::Subscriber;
use crate::platform::Platform;
use crate::x_api::activity_subscriptions::{self, MESSAGES, Page, Subscription, wanted};
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

/// Makes what is missing, and brings to this webhook what goes to another one.
pub async fn ensure<P: Platform>(
    desk: &Desk<'_, P>,
    webhook: &WebhookId,
    account: &Subscriber<'_>,
) -> Result<StepResult, Stopped> {
    let known = all(desk).await?.all;
    let mut result = StepResult::Kept;
    for event_type in wanted(account.acts) {
        let of_it = |known: &&Subscription| known.event_type == event_type && known.user.as_ref() == Some(account.id);
        let mut found = known.iter().filter(of_it);
        if found.clone().any(|known| known.webhook.as_ref() == Some(webhook)) {
            continue;
        }
        match found.next() {
            Some(elsewhere) => change(desk, &elsewhere.id, Some(webhook), None).await?,
            None => match create(desk, event_type, account, webhook, None).await {
                Ok(_) => {}
                // Somebody else was quicker.
                Err(stopped) if stopped.is_subscribed_already() => continue,
                Err(stopped) => return Err(stopped),
            },
        }
        result = StepResult::Done;
    }
    Ok(result)
}

pub async fn check<P: Platform>(
    desk: &Desk<'_, P>,
    webhook: &WebhookId,
    account: &Subscriber<'_>,
) -> Result<bool, Stopped> {
    let known = all(desk).await?.all;
    let heard = heard(&known, webhook);
    let heard = heard.get(account.id).cloned().unwrap_or_default();
    Ok(wanted(account.acts).iter().all(|event_type| heard.contains(*event_type)))
}

/// The users whose messages come to this webhook, all kinds of them.
pub async fn subscribed<P: Platform>(desk: &Desk<'_, P>, webhook: &WebhookId) -> Result<Vec<UserId>, Stopped> {
    let known = all(desk).await?.all;
    let heard = heard(&known, webhook).into_iter();
    let complete = heard.filter(|(_, heard)| MESSAGES.iter().all(|event_type| heard.contains(*event_type)));
    Ok(complete.map(|(user, _)| user.clone()).collect())
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

fn heard<'a>(known: &'a [Subscription], webhook: &WebhookId) -> BTreeMap<&'a UserId, BTreeSet<&'a str>> {
    let mut heard: BTreeMap<&UserId, BTreeSet<&str>> = BTreeMap::new();
    for one in known.iter().filter(|one| one.webhook.as_ref() == Some(webhook)) {
        if let Some(user) = &one.user {
            heard.entry(user).or_default().insert(&one.event_type);
        }
    }
    heard
}
