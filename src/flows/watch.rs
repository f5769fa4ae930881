//! Every five minutes: whether X still takes the webhooks for valid and delivers for every account; what is wrong is mended
//! where it can be, and what was missed meanwhile is asked for again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::alert;
use super::desk::Desk;
use super::stopped::Stopped;
use super::subscriptions::Subscriber;
use super::{keys, replay, subscriptions, webhooks};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::health::{self, Watched};
use crate::store::statement::Statement;
use crate::x_api::time::{Span, Timestamp};
use crate::x_api::webhooks::Webhook;

const EVERY: Span = Span::minutes(5);
/// Two runs further apart than this: nobody was here, and nobody knows what X tried to deliver.
const AWAY: Span = Span::minutes(20);
/// How the tries to mend one thing are spaced.
const BACK_OFF: &[Span] = &[Span::minutes(5), Span::minutes(10), Span::minutes(20), Span::minutes(40), Span::hours(1)];

/// What a run found, and what follows from it.
struct Findings {
    now: Timestamp,
    before: BTreeMap<String, Watched>,
    statements: Vec<Statement>,
    seen: BTreeSet<String>,
}

impl Findings {
    fn well(&mut self, what: String) {
        self.statements.push(health::well(&what, self.now));
        self.seen.insert(what);
    }

    fn ill(&mut self, what: String, (cause, what_to_do): (String, String)) {
        let tries = self.before.get(&what).filter(|row| row.status == "ill").map_or(0, |row| row.tries);
        let last = BACK_OFF.len().saturating_sub(1);
        let wait = BACK_OFF.get(usize::try_from(tries).unwrap_or(last).min(last)).copied().unwrap_or(EVERY);
        let why = json!({"said": cause, "what_to_do": what_to_do}).to_string();
        self.statements.push(health::ill(&what, &why, self.now + wait, self.now));
        self.seen.insert(what);
    }

    /// Whether it is time to mend it: at once, and then ever more rarely.
    fn may_mend(&self, what: &str) -> bool {
        self.before.get(what).is_none_or(|row| row.status == "well" || row.due_at <= self.now)
    }

    /// Nothing is to be said about it in this run.
    fn keep(&mut self, what: &str) {
        self.seen.insert(what.to_owned());
    }
}

pub async fn watch<P: Platform>(p: &P, config: &Config<'_>) -> Result<(), Trouble> {
    let now = p.now();
    let [make, take] = health::take_turn(now, now + EVERY - Span::seconds(5));
    let rows = p.sql(vec![make, take, health::all(), accounts::all()]).await?;
    let mut rows = rows.into_iter().skip(1);
    let mut next = || rows.next().unwrap_or_default();
    let Some(mine) = next().first::<Watched>()? else { return Ok(()) };
    let before: Vec<Watched> = next().all()?;
    let mut accounts: Vec<Account> = next().all()?;
    // X has ended it, and nothing is missing there.
    accounts.retain(|account| account.status != "revoked");
    let before = before.into_iter().map(|row| (row.what.clone(), row)).collect();
    let mut found = Findings { now, before, statements: Vec::new(), seen: BTreeSet::new() };
    if !accounts.is_empty() {
        look(p, config, &accounts, &mut found, &mine).await?;
    }
    found.statements.push(health::well("watch", now));
    let kept: Vec<&str> = found.seen.iter().map(String::as_str).chain(["watch", "crc", "alert"]).collect();
    found.statements.push(health::forget_others(serde_json::to_string(&kept).unwrap_or_default()));
    p.sql(found.statements).await?;
    alert::tell_changes(p, config).await
}

async fn look<P: Platform>(
    p: &P,
    config: &Config<'_>,
    all: &[Account],
    found: &mut Findings,
    mine: &Watched,
) -> Result<(), Trouble> {
    let opened = config.product(None).and_then(|product| Desk::open(p, config, product));
    let listed = match &opened {
        Ok(desk) => webhooks::list(desk).await,
        Err(trouble) => Err(Stopped::from(Trouble::Settings(trouble.to_string()))),
    };
    let (desk, listed) = match (opened, listed) {
        (Ok(desk), Ok(listed)) => (desk, listed),
        (_, Err(stopped)) => {
            unreachable(found, stopped.said());
            return Ok(());
        }
        (Err(_), Ok(_)) => return Ok(()),
    };
    found.well("registry".to_owned());
    let wanted: BTreeSet<&str> = all.iter().filter_map(|account| account.webhook_id.as_deref()).collect();
    for id in wanted {
        let what = format!("webhook:{id}");
        let Some(webhook) = listed.iter().find(|webhook| webhook.id.as_str() == id) else {
            let said = "X does not know the webhook any more, and delivers nothing.";
            found.ill(
                what,
                (said.to_owned(), "Connect each account again: perch connect, or perch webhooks move.".to_owned()),
            );
            continue;
        };
        let is_well = webhook.valid || mend(p, &desk, webhook, found, &what).await?;
        if !is_well {
            continue;
        }
        gap(found, &what, webhook, mine);
        found.well(what);
        subscribed(p, config, &desk, webhook, all, found).await?;
    }
    Ok(())
}

/// X cannot be asked: what was known stays known, and this stands beside it.
fn unreachable(found: &mut Findings, said: (String, String)) {
    let known: Vec<String> = found.before.keys().cloned().collect();
    known.iter().for_each(|what| found.keep(what));
    found.ill("registry".to_owned(), said);
}

/// Has X call the invalid webhook again. Says whether it is valid now.
async fn mend<P: Platform>(
    p: &P,
    desk: &Desk<'_, P>,
    webhook: &Webhook,
    found: &mut Findings,
    what: &str,
) -> Result<bool, Trouble> {
    let invalid = "X takes the webhook for invalid and delivers nothing.";
    if !found.may_mend(what) {
        found.keep(what);
        return Ok(false);
    }
    note(p, found, what, invalid).await?;
    match webhooks::validate(desk, &webhook.id).await {
        Ok(()) => Ok(true),
        Err(stopped) => {
            let (cause, what_to_do) = stopped.said();
            found.ill(what.to_owned(), (format!("{invalid} {cause}"), what_to_do));
            Ok(false)
        }
    }
}

/// Written down before it is mended: should this worker be lost, the next one still knows that something was missed.
async fn note<P: Platform>(p: &P, found: &Findings, what: &str, cause: &str) -> Result<(), Trouble> {
    if found.before.get(what).is_some_and(|row| row.status == "ill") {
        return Ok(());
    }
    let why = json!({"said": cause, "what_to_do": "It is being mended."}).to_string();
    p.sql(vec![health::ill(what, &why, found.now, found.now)]).await.map(drop)
}

/// It is valid now, and was not a moment ago or when it was looked at before, or nobody looked: what was to be delivered
/// meanwhile is missing.
fn gap(found: &mut Findings, what: &str, webhook: &Webhook, mine: &Watched) {
    let now = found.now;
    let since = match found.before.get(what) {
        Some(row) if row.status == "ill" || !webhook.valid => Some(last_well(row)),
        Some(_) if now - mine.checked_at > AWAY => Some(mine.checked_at),
        // Never seen before, and mended at once.
        None if !webhook.valid => Some(now - EVERY),
        _ => None,
    };
    if let Some(since) = since {
        found.statements.push(replay::plan(&webhook.id, since, now, now));
    }
}

/// What was never well has been missing something since it was first looked at.
fn last_well(row: &Watched) -> Timestamp {
    if row.well_at.0 > 0 { row.well_at } else { row.since }
}

/// Every account that hears through this webhook is subscribed to it, or is subscribed again.
async fn subscribed<P: Platform>(
    p: &P,
    config: &Config<'_>,
    desk: &Desk<'_, P>,
    webhook: &Webhook,
    all: &[Account],
    found: &mut Findings,
) -> Result<(), Trouble> {
    let hears =
        |account: &&Account| account.status == "ready" && account.webhook_id.as_deref() == Some(webhook.id.as_str());
    let listed = match subscriptions::list(desk, &webhook.id).await {
        Ok(listed) => listed,
        Err(_) => {
            all.iter().for_each(|account| found.keep(&format!("subscription:{}", account.id)));
            return Ok(());
        }
    };
    for account in all.iter().filter(hears) {
        let what = format!("subscription:{}", account.id);
        if listed.contains(&account.id) {
            // Mended by a worker that was lost after it.
            if let Some(since) = found.before.get(&what).filter(|row| row.status == "ill").map(last_well) {
                found.statements.push(replay::plan(&webhook.id, since, found.now, found.now));
            }
            found.well(what);
            continue;
        }
        if !found.may_mend(&what) {
            found.keep(&what);
            continue;
        }
        note(p, found, &what, "X delivers nothing for this account.").await?;
        let again = match keys::signer(p, config, &desk.app, account).await {
            Ok(keys) => subscriptions::ensure(desk, webhook, &Subscriber::of(account, &keys)).await,
            Err(trouble) => Err(trouble.into()),
        };
        match again {
            Ok(_) => {
                let since = found.before.get(&what).map_or(found.now - EVERY, last_well);
                found.statements.push(replay::plan(&webhook.id, since, found.now, found.now));
                found.well(what);
            }
            Err(stopped) => {
                let (cause, what_to_do) = stopped.said();
                found.ill(what, (format!("X delivers nothing for @{}. {cause}", account.username), what_to_do));
            }
        }
    }
    Ok(())
}
