//! The webhook at another address: registered there, every account subscribed anew, the former one deleted.

use super::desk::Desk;
use super::report::{Report, StepResult};
use super::{hearing, webhooks};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::x_api::webhooks::Webhook;

/// Where X allows one webhook only, the former goes first; should the new one then be refused, the former comes back. What
/// customers write in that moment is looked up in the accounts' messages.
pub async fn move_to<P: Platform>(
    p: &P,
    config: &Config<'_>,
    desk: &Desk<'_, P>,
    url: &str,
) -> Result<Report, Trouble> {
    let mut report = Report::default();
    let rows = p.sql(vec![accounts::all()]).await?;
    let mut all: Vec<Account> = rows.into_iter().next().unwrap_or_default().all()?;
    // Nobody whose access was taken away, or whose subscription was ended, is subscribed by a move.
    all.retain(|account| account.status != "revoked" && account.hears == 1);
    let others: Vec<Webhook> = match webhooks::list(desk).await {
        Ok(known) => known.into_iter().filter(|known| known.url != url).collect(),
        Err(stopped) => {
            report.step("list the webhooks", stopped.into());
            return Ok(report);
        }
    };
    let is_ours =
        |webhook: &Webhook| all.iter().any(|account| account.webhook_id.as_deref() == Some(webhook.id.as_str()));
    let (former, foreign): (Vec<Webhook>, Vec<Webhook>) = others.into_iter().partition(is_ours);
    let mut given_up = None;
    let mut made = webhooks::ensure(desk, url).await;
    if let (Err((_, failed)), Some(first)) = (&made, former.first())
        && webhooks::is_limit(failed)
    {
        let gone = webhooks::delete(desk, &first.id).await;
        given_up = gone.is_ok().then(|| first.clone());
        let step = format!("delete {}, since X allows no more", first.url);
        report.step(step, gone.map_or_else(StepResult::from, |()| StepResult::Done));
        made = webhooks::ensure(desk, url).await;
    }
    let webhook = match (made, given_up.as_ref()) {
        (Ok((webhook, result)), _) => {
            report.step("webhook", result);
            webhook
        }
        (Err((step, failed)), None) => {
            report.step(step, failed);
            return Ok(report.ended());
        }
        (Err((step, failed)), Some(former)) => {
            report.step(step, failed);
            match webhooks::ensure(desk, &former.url).await {
                Ok((webhook, result)) => {
                    report.step(format!("bring {} back", webhook.url), result);
                    webhook
                }
                Err((step, failed)) => {
                    report.step(step, failed);
                    return Ok(report.ended());
                }
            }
        }
    };
    let mut all_moved = true;
    for account in &all {
        let done = hearing::through(p, config, desk, &webhook, account).await;
        all_moved &= done.is_ok();
        report.step(format!("subscribe @{}", account.username), done.unwrap_or_else(StepResult::from));
    }
    let is_left = |old: &&Webhook| old.id != webhook.id && given_up.as_ref().is_none_or(|gone| gone.id != old.id);
    // Whoever could not be moved still hears through the former one; running it again moves the rest.
    for old in former.iter().filter(|_| all_moved).filter(is_left) {
        let gone = webhooks::delete(desk, &old.id).await;
        report.step(format!("delete {}", old.url), gone.map_or_else(StepResult::from, |()| StepResult::Done));
    }
    for other in foreign {
        let step = format!("{} stays: perch webhooks delete {}, if nobody needs it", other.url, other.id);
        report.step(step, StepResult::Kept);
    }
    Ok(report.ended())
}
