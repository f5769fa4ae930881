//! The accounts that we act for, by an admin's hand: listed, switched on and off, disconnected, their tokens sealed anew.

use serde_json::{Value, json};

use super::desk::Desk;
use super::handoff::settings::Settings;
use super::refused::{Refused, find};
use super::report::{Report, StepResult};
use super::stopped::Stopped;
use super::subscriptions::Subscriber;
use super::{farewell, hearing, keys, probe, subscriptions, webhooks};
use crate::config::Config;
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::store::accounts::{self, Account, Held};
use crate::store::{budgets, disconnected};
use crate::x_api::activity_subscriptions::NEEDED;
use crate::x_api::dialect::Speaks;
use crate::x_api::ids::{UserId, WebhookId};
use crate::x_api::time::Span;

/// Accounts on one page.
const PAGE: i64 = 100;

/// A page, each with what it may still send, and after which id the next one begins.
pub async fn list<P: Platform>(
    p: &P,
    config: &Config<'_>,
    after: &str,
) -> Result<(Vec<Value>, Option<String>), Trouble> {
    let mut all = p.rows(accounts::page(after, PAGE + 1, p.now())).await?.0;
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = all.len() > most;
    all.truncate(most);
    // A setting that cannot be read is the doctor's to tell; the accounts are listed all the same.
    let limits = json!(config.send_limits().unwrap_or_default()).to_string();
    let ids = Value::from_iter(all.iter().filter_map(|row| row.get("id").cloned())).to_string();
    let mut budgets = p.sql(vec![budgets::of_accounts(ids, &limits, p.now())]).await?.pop().unwrap_or_default().0;
    for row in all.iter_mut().filter_map(Value::as_object_mut) {
        let (own, rest) = budgets.into_iter().partition(|budget| budget.get("account_id") == row.get("id"));
        budgets = rest;
        row.insert("budgets".to_owned(), Value::Array(own));
    }
    let last = all.last().and_then(|row| row.get("id")).and_then(Value::as_str).map(str::to_owned);
    Ok((all, last.filter(|_| more)))
}

/// Every account by its name.
pub async fn names<P: Platform>(p: &P) -> Result<Vec<Value>, Trouble> {
    Ok(p.sql(vec![accounts::names()]).await?.pop().unwrap_or_default().0)
}

/// Off: what customers write is recorded, nothing is answered, and nothing owed is sent until it is on again.
pub async fn switch<P: Platform>(p: &P, account: Option<&str>, is_on: bool) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    let held: Option<Held> = p.first(accounts::switch(&account.id, is_on, p.now())).await?;
    goes_on(p, held.filter(|_| is_on)).await;
    Ok(json!({"account": account.id, "username": account.username, "on": is_on}))
}

/// What is owed goes on now; should the queue refuse, the sweep takes it up.
async fn goes_on<P: Platform>(p: &P, held: Option<Held>) {
    if let Some(held) = held {
        let _ = p.enqueue(vec![Job::Drain { account: held.id, generation: held.drain }.now()]).await;
    }
}

/// Whether what other accounts of ours write is answered like anybody's; else it is recorded, so that two bots do not talk for ever.
pub async fn answers_own<P: Platform>(p: &P, account: Option<&str>, answers: bool) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    p.sql(vec![accounts::answer_own(&account.id, answers, p.now())]).await?;
    Ok(json!({"account": account.id, "username": account.username, "answers_own": answers}))
}

/// How it speaks, by a person's choice; `None`: as X takes it, found out at once.
pub async fn speak<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: Option<&str>,
    speaks: Option<Speaks>,
) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    p.sql(vec![accounts::choose(&account.id, speaks, p.now())]).await?;
    if speaks.is_none() {
        let keys = keys::of(p, config, &account).await?;
        let found = probe::probe(p, &keys, &account.id).await?.ok_or_else(|| Stopped::closed(probe::NEITHER))?;
        p.sql(vec![accounts::probed(&account.id, found, p.now())]).await?;
    }
    goes_on(p, p.first(accounts::speaks_again(&account.id, p.now())).await?).await;
    let now = find(p, Some(account.id.as_str())).await?;
    Ok(json!({"account": now.id, "username": now.username, "speaks": now.speaks, "speaks_by": now.speaks_by}))
}

/// How it hands over from now on: what is given, over what it was. The inner error says what cannot work.
pub async fn hand_over<P: Platform>(
    p: &P,
    account: Option<&str>,
    given: Value,
) -> Result<Result<Value, String>, Refused> {
    let account = find(p, account).await?;
    let mut settings = json!(Settings::of(account.handoff.as_deref()));
    lay_over(&mut settings, given);
    let settings: Settings = match serde_json::from_value(settings) {
        Ok(settings) => settings,
        Err(error) => return Ok(Err(error.to_string())),
    };
    if let Some(why) = settings.mistake() {
        return Ok(Err(why));
    }
    let written = serde_json::to_string(&settings).unwrap_or_default();
    p.sql(vec![accounts::hands_over(&account.id, &written, p.now())]).await?;
    Ok(Ok(json!({"account": account.id, "username": account.username, "settings": settings})))
}

/// Objects member by member, anything else as a whole.
fn lay_over(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                lay_over(under.entry(name).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

/// Nothing is delivered for the account any more, and everything that is known of it is deleted here.
pub async fn disconnect<P: Platform>(p: &P, config: &Config<'_>, account: Option<&str>) -> Result<Report, Refused> {
    let account = find(p, account).await?;
    let mut report = Report::default();
    // From here on nobody subscribes it again.
    p.sql(vec![accounts::hears_no_more(&account.id, p.now())]).await?;
    let ended = match &account.webhook_id {
        Some(webhook) => unsubscribe(p, config, &account, &webhook.as_str().into()).await,
        None => Ok(()),
    };
    let is_ended = ended.is_ok();
    report.step("end the subscription", ended.map_or_else(StepResult::from, |()| StepResult::Done));
    if is_ended {
        let mut farewell = Report::default();
        farewell::take_back(p, config, &account, &mut farewell).await;
        p.sql(disconnected::all(&account.id)).await?;
        // Somebody may be at a turn of it this moment. Should the queue refuse, what they write stays until the account is
        // disconnected once more.
        let again = Job::Forget { account: account.id.clone() }.after(Span::minutes(5));
        let _ = p.enqueue(vec![again]).await;
        report.steps.extend(farewell.steps);
        report.step("delete what is known of the account", StepResult::Done);
    }
    Ok(report.ended())
}

/// Once more what is known of it, unless it has been connected again.
pub async fn forget_rest<P: Platform>(p: &P, account: &UserId) -> Result<(), Trouble> {
    p.sql(disconnected::rest(account)).await.map(drop)
}

/// Nothing is delivered for it any more, until somebody says otherwise; what is known of it stays.
pub async fn hear_no_more<P: Platform>(p: &P, config: &Config<'_>, account: Option<&str>) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    p.sql(vec![accounts::hears_no_more(&account.id, p.now())]).await?;
    if let Some(webhook) = &account.webhook_id {
        unsubscribe(p, config, &account, &webhook.as_str().into()).await?;
    }
    Ok(json!({"ok": true, "account": account.id}))
}

/// Subscribes it to the webhook that it heard through.
pub async fn hear_again<P: Platform>(p: &P, config: &Config<'_>, account: Option<&str>) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    let desk = Desk::of(p, config, &account)?;
    let id = keys::webhook_of(&account)?;
    let all = webhooks::list(&desk).await?;
    let gone = || Trouble::Settings(format!("X does not know the webhook {id} any more; connect the account again"));
    let webhook = all.iter().find(|known| known.id == id).ok_or_else(gone)?;
    p.sql(vec![accounts::hears_again(&account.id, p.now())]).await?;
    let subscribed = hearing::through(p, config, &desk, webhook, &account, None).await?;
    let refused: Vec<Value> =
        subscribed.refused.iter().map(|(kind, stopped)| json!([kind, stopped.said().0])).collect();
    Ok(json!({"account": account.id, "webhook": webhook, "step": subscribed.result, "refused": refused}))
}

/// Whether X says that it is subscribed.
pub async fn hears<P: Platform>(p: &P, config: &Config<'_>, account: Option<&str>) -> Result<Value, Refused> {
    let account = find(p, account).await?;
    let desk = Desk::of(p, config, &account)?;
    let (id, signer) = (keys::webhook_of(&account)?, keys::signer(p, config, &desk.app, &account).await?);
    let lacks = subscriptions::lacks(&desk, &id, &Subscriber::of(&account, &signer)).await?;
    Ok(json!({"account": account.id, "webhook": id, "subscribed": !lacks.contains(&NEEDED), "missing": lacks}))
}

async fn unsubscribe<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &Account,
    webhook: &WebhookId,
) -> Result<(), Stopped> {
    // X has ended it already.
    if account.status == "revoked" {
        return Ok(());
    }
    subscriptions::delete(&Desk::of(p, config, account)?, webhook, &account.id).await
}
