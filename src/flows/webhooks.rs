//! The webhooks of the app on X: listed, ensured, re-validated, deleted. With everybody who is subscribed: relocation.rs.

use super::desk::Desk;
use super::report::StepResult;
use super::stopped::Stopped;
use crate::config::Config;
use crate::platform::Platform;
use crate::x_api::ids::WebhookId;
use crate::x_api::webhooks::{self, Webhook};

/// The step in which it failed, with X's refusal.
pub type Failed = (&'static str, StepResult);

/// Where X is to deliver, unless somebody names another address. Nothing secret is a part of it.
pub fn url(config: &Config<'_>, named: Option<&str>, origin: &str) -> String {
    let base = config.public_url().unwrap_or_else(|| origin.to_owned());
    named.map_or_else(|| format!("{base}{}", config.webhook_path()), str::to_owned)
}

pub async fn list<P: Platform>(desk: &Desk<'_, P>) -> Result<Vec<Webhook>, Stopped> {
    let response = desk.ask(webhooks::list(&desk.app.base, &desk.product), None).await?;
    webhooks::read_list(&response).ok_or_else(Stopped::unreadable)
}

/// X calls the address before it answers.
pub async fn register<P: Platform>(desk: &Desk<'_, P>, url: &str) -> Result<Webhook, Stopped> {
    let response = desk.ask(webhooks::register(&desk.app.base, &desk.product, url), None).await?;
    webhooks::read(&response).ok_or_else(Stopped::unreadable)
}

pub async fn validate<P: Platform>(desk: &Desk<'_, P>, id: &WebhookId) -> Result<(), Stopped> {
    let response = desk.ask(webhooks::validate(&desk.app.base, &desk.product, id), None).await?;
    match webhooks::is_valid(&response) {
        true => Ok(()),
        false => Err(Stopped::not_done("X says that the webhook is still invalid.")),
    }
}

pub async fn delete<P: Platform>(desk: &Desk<'_, P>, id: &WebhookId) -> Result<(), Stopped> {
    desk.ask(webhooks::delete(&desk.app.base, &desk.product, id), None).await.map(drop)
}

/// Keeps a valid webhook, repairs an invalid one, registers a missing one.
pub async fn ensure<P: Platform>(desk: &Desk<'_, P>, url: &str) -> Result<(Webhook, StepResult), Failed> {
    let all = list(desk).await.map_err(|stopped| ("list the webhooks", stopped.into()))?;
    match all.into_iter().find(|webhook| webhook.url == url) {
        Some(webhook) if webhook.valid => Ok((webhook, StepResult::Kept)),
        Some(webhook) => {
            validate(desk, &webhook.id).await.map_err(|stopped| ("re-validate the webhook", stopped.into()))?;
            Ok((webhook, StepResult::Done))
        }
        None => match register(desk, url).await {
            Ok(webhook) => Ok((webhook, StepResult::Done)),
            // Somebody else was quicker with the same address.
            Err(stopped) => {
                let now = list(desk).await.unwrap_or_default();
                match now.into_iter().find(|webhook| webhook.url == url) {
                    Some(webhook) => Ok((webhook, StepResult::Kept)),
                    None => Err(("register the webhook", stopped.into())),
                }
            }
        },
    }
}

/// X allows no more webhooks.
pub fn is_limit(failed: &StepResult) -> bool {
    matches!(failed, StepResult::Failed { what_to_do, .. } if what_to_do.contains("no more webhooks"))
}
