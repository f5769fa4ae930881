//! The webhook at another address: registered there, every account subscribed anew, the former one deleted.

use super::activity::Known;
use super::desk::Desk;
use super::report::{Report, StepResult};
use super::{hearing, webhooks};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::x_api::product::Product;
use crate::x_api::webhooks::Webhook;

/// Accounts of one call: each takes up to seven calls of its own, and one run of a Worker may not make many more.
const AT_ONCE: usize = 50;

/// Every account whose product has its webhooks where this desk has them, each through its own product; from the one behind
/// `after` on. Where X allows one webhook only, the former goes first; should the new one then be refused, the former comes
/// back. What customers write in that moment is looked up in the accounts' messages.
pub async fn move_to<P: Platform>(
    p: &P,
    config: &Config<'_>,
    desk: &Desk<'_, P>,
    url: &str,
    after: &str,
) -> Result<Report, Trouble> {
    let mut report = Report::default();
    let mut all: Vec<Account> = p.all(accounts::all()).await?;
    // Nobody whose access was taken away, or whose subscription was ended, is subscribed by a move.
    all.retain(|account| account.status != "revoked" && account.hears == 1);
    let is_here = |account: &Account| {
        let product = config.product_named(account.product.as_deref(), account.environment.as_deref());
        product.is_ok_and(|product| product.shares_webhooks(&desk.product))
    };
    let (all, elsewhere): (Vec<Account>, Vec<Account>) = all.into_iter().partition(is_here);
    if !elsewhere.is_empty() {
        let step = format!(
            "{} accounts of another product stay where they are: --account NAME means its own",
            elsewhere.len()
        );
        report.step(step, StepResult::Kept);
    }
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
    let all_moved = subscribe(p, config, &webhook, &all, after, &mut report).await?;
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

/// Whoever does not hear through this webhook yet, so many at once. Says whether everybody does by now.
async fn subscribe<P: Platform>(
    p: &P,
    config: &Config<'_>,
    webhook: &Webhook,
    all: &[Account],
    after: &str,
    report: &mut Report,
) -> Result<bool, Trouble> {
    let is_there = |account: &&Account| account.webhook_id.as_deref() == Some(webhook.id.as_str());
    let (there, missing): (Vec<&Account>, Vec<&Account>) = all.iter().partition(is_there);
    if !there.is_empty() {
        report.step(format!("{} accounts hear through it", there.len()), StepResult::Kept);
    }
    let (before, rest): (Vec<&Account>, Vec<&Account>) =
        missing.into_iter().partition(|account| account.id.as_str() <= after);
    let (mut known, mut moved) = (None, 0);
    for (index, account) in rest.iter().take(AT_ONCE).enumerate() {
        let desk = Desk::of(p, config, account)?;
        if known.is_none() && desk.product == Product::XActivity {
            match Known::read(&desk).await {
                Ok(all) => known = Some(all),
                Err(stopped) => {
                    report.step("list the subscriptions", stopped.into());
                    return Ok(false);
                }
            }
        }
        let done = hearing::through(p, config, &desk, webhook, account, known.as_ref()).await;
        let step = format!("subscribe @{}", account.username);
        match done {
            Err(stopped) if stopped.is_spent() => return Ok(spent(report, rest.len() - index)),
            Err(stopped) => report.step(step, stopped.into()),
            Ok(subscribed) => {
                moved += 1;
                report.step(step, subscribed.result);
                let is_spent = subscribed.refused.iter().any(|(_, stopped)| stopped.is_spent());
                for (event_type, stopped) in subscribed.refused {
                    report.extra(format!("subscribe @{} to {event_type}", account.username), stopped.into());
                }
                if is_spent && index + 1 < rest.len() {
                    return Ok(spent(report, rest.len() - index - 1));
                }
            }
        }
    }
    if let Some(last) = rest.get(AT_ONCE - 1).filter(|_| rest.len() > AT_ONCE) {
        report.goes_on(&last.id, rest.len() - AT_ONCE);
    }
    Ok(before.is_empty() && moved == rest.len())
}

/// X takes no more for now.
fn spent(report: &mut Report, left: usize) -> bool {
    let step = format!("{left} accounts are not moved yet");
    let mend = "Run it again in a quarter of an hour: whoever is moved is not asked about again.";
    report.step(step, StepResult::failed("X's rate limit for the app is spent.", mend));
    false
}
