//! The webhooks of the app on X: listed, ensured, re-validated, deleted, and moved with everybody who is subscribed.

use super::desk::Desk;
use super::keys;
use super::report::{Report, StepResult};
use super::stopped::Stopped;
use super::subscriptions::{self, Subscriber};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::x_api::ids::WebhookId;
use crate::x_api::webhooks::{self, Webhook};

type Failed = (&'static str, StepResult);

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

/// The webhook at another address: registered there, every account subscribed anew, the former ones deleted. Where X
/// allows one webhook only, the former goes first, and what customers write in that moment is left to a replay.
pub async fn move_to<P: Platform>(
    p: &P,
    config: &Config<'_>,
    desk: &Desk<'_, P>,
    url: &str,
) -> Result<Report, Trouble> {
    let mut report = Report::default();
    let rows = p.sql(vec![accounts::all()]).await?;
    let all: Vec<Account> = rows.into_iter().next().unwrap_or_default().all()?;
    let former = match list(desk).await {
        Ok(known) => known.into_iter().filter(|known| known.url != url).collect::<Vec<_>>(),
        Err(stopped) => {
            report.step("list the webhooks", stopped.into());
            return Ok(report);
        }
    };
    let ours = |webhook: &Webhook| all.iter().any(|account| account.webhook_id.as_deref() == Some(webhook.id.as_str()));
    let former: Vec<Webhook> = former.into_iter().filter(ours).collect();
    let mut deleted = false;
    let mut made = ensure(desk, url).await;
    if let (Err((_, StepResult::Failed { what_to_do, .. })), [first, ..]) = (&made, former.as_slice())
        && what_to_do.contains("no more webhooks")
    {
        let gone = delete(desk, &first.id).await;
        deleted = gone.is_ok();
        report.step(format!("delete {}, since X allows no more", first.url), result_of(gone));
        made = ensure(desk, url).await;
    }
    let webhook = match made {
        Ok((webhook, result)) => {
            report.step("webhook", result);
            webhook
        }
        Err((step, failed)) => {
            report.step(step, failed);
            return Ok(report);
        }
    };
    for account in &all {
        let done = subscribe(p, config, desk, &webhook, account).await;
        report.step(format!("subscribe @{}", account.username), done.unwrap_or_else(StepResult::from));
    }
    for old in former.iter().skip(usize::from(deleted)) {
        report.step(format!("delete {}", old.url), result_of(delete(desk, &old.id).await));
    }
    Ok(report.ended())
}

async fn subscribe<P: Platform>(
    p: &P,
    config: &Config<'_>,
    desk: &Desk<'_, P>,
    webhook: &Webhook,
    account: &Account,
) -> Result<StepResult, Stopped> {
    let keys = keys::signer(p, config, &desk.app, account).await?;
    let result = subscriptions::ensure(desk, webhook, &Subscriber::of(account, &keys)).await?;
    p.sql(vec![accounts::subscribed(&account.id, webhook.id.as_str(), &webhook.url, p.now())]).await?;
    Ok(result)
}

fn result_of(done: Result<(), Stopped>) -> StepResult {
    done.map_or_else(StepResult::from, |()| StepResult::Done)
}
