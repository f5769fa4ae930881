//! What a script takes up in public has to be heard: X Activity delivers each kind of event only where it is asked for.

use super::{Action, Site, Step, outcome};
use crate::bot::script::Script;
use crate::flows::desk::Desk;
use crate::flows::report::StepResult;
use crate::flows::stopped::Stopped;
use crate::flows::subscriptions::Subscriber;
use crate::flows::{activity, keys};
use crate::platform::Platform;
use crate::x_api::product::Product;

/// `None`: the product delivers it all anyway, or the script takes nothing up.
pub async fn ensure<P: Platform>(p: &P, site: &Site<'_>, script: &Script, acts: &str) -> Option<Step> {
    let product = site.config.product(None).ok().filter(|product| *product == Product::XActivity)?;
    if script.on.is_empty() {
        return None;
    }
    let mut step = Step::new("subscriptions", acts.trim(), Action::Update);
    let result = subscribe(p, site, product, acts).await;
    if let Ok(StepResult::Kept) = result {
        step.action = Action::Keep;
    }
    step.outcome = Some(outcome(result.map(drop)));
    Some(step)
}

async fn subscribe<P: Platform>(p: &P, site: &Site<'_>, product: Product, acts: &str) -> Result<StepResult, Stopped> {
    let Ok(webhook) = keys::webhook_of(site.account) else { return Ok(StepResult::Kept) };
    let desk = Desk::open(p, site.config, product)?;
    let subscriber = Subscriber { id: &site.account.id, signer: &site.keys.signer, acts };
    activity::ensure(&desk, &webhook, &subscriber).await
}
