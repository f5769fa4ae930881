//! What a script takes up in public has to be heard: X Activity delivers each kind of event only where it is asked for.

use super::{Action, Site, Step, outcome};
use crate::bot::script::Script;
use crate::flows::activity::{self, Known};
use crate::flows::desk::Desk;
use crate::flows::keys;
use crate::flows::report::StepResult;
use crate::flows::stopped::Stopped;
use crate::flows::subscriptions::Subscriber;
use crate::platform::Platform;
use crate::x_api::activity_subscriptions::MESSAGES;
use crate::x_api::product::Product;

/// `None`: the product delivers it all anyway, or the script takes nothing up.
pub async fn ensure<P: Platform>(p: &P, site: &Site<'_>, script: &Script, acts: &str) -> Option<Step> {
    let desk = Desk::of(p, site.config, site.account).ok().filter(|desk| desk.product == Product::XActivity)?;
    if script.on.is_empty() {
        return None;
    }
    let mut step = Step::new("subscriptions", acts.trim(), Action::Update);
    let result = subscribe(&desk, site, acts).await;
    if let Ok(StepResult::Kept) = result {
        step.action = Action::Keep;
    }
    step.outcome = Some(outcome(result.map(drop)));
    Some(step)
}

async fn subscribe<P: Platform>(desk: &Desk<'_, P>, site: &Site<'_>, acts: &str) -> Result<StepResult, Stopped> {
    let Ok(webhook) = keys::webhook_of(site.account) else { return Ok(StepResult::Kept) };
    let subscriber = Subscriber { id: &site.account.id, signer: &site.keys.signer, acts };
    let subscribed = activity::ensure(desk, &webhook, &subscriber, &Known::read(desk).await?).await?;
    // Connecting has told of the others.
    match subscribed.refused.into_iter().find(|(event_type, _)| !MESSAGES.contains(event_type)) {
        Some((_, stopped)) => Err(stopped),
        None => Ok(subscribed.result),
    }
}
