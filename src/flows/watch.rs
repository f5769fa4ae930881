//! Every five minutes: whether X still takes the webhooks for valid and delivers for every account; what is wrong is mended
//! where it can be, and what was missed meanwhile is asked for again.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::desk::Desk;
use super::findings::Findings;
use super::hearing::{self, last_well};
use super::subscriptions::{self, Listed, Subscribed};
use super::{alert, missed, replay, webhooks};
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::health::{self, Watched};
use crate::store::replays;
use crate::x_api::activity_subscriptions::{NEEDED, is_extra};
use crate::x_api::time::{Span, Timestamp};
use crate::x_api::webhooks::Webhook;

#[derive(Deserialize)]
struct At {
    at: Timestamp,
}

const EVERY: Span = Span::minutes(5);
/// Not seen well for longer than this: nobody was here or X could not be asked, and nobody knows what X tried to deliver.
const AWAY: Span = Span::minutes(20);

pub async fn watch<P: Platform>(p: &P, config: &Config<'_>) -> Result<(), Trouble> {
    let now = p.now();
    let [make, take] = health::take_turn(now, now + EVERY - Span::seconds(5));
    let [_, turn, known, all, last_event] =
        p.each([make, take, health::all(), accounts::all(), health::last_event()]).await?;
    if turn.is_empty() {
        return Ok(());
    }
    let mut found = Findings::new(known.all()?, now);
    let lately = |row: &&Watched| row.what.starts_with(health::SCRIPT) && now - row.checked_at < EVERY + EVERY + EVERY;
    let unreadable: Vec<String> = found.before.values().filter(lately).map(|row| row.what.clone()).collect();
    unreadable.iter().for_each(|what| found.keep(what));
    let mut all: Vec<Account> = all.all()?;
    let last_event = last_event.first::<At>()?.map(|row| row.at);
    // X has ended it, or a person has: nothing is missing there.
    all.retain(|account| account.status != "revoked" && account.hears == 1);
    let mut by_product: BTreeMap<(Option<String>, Option<String>), Vec<Account>> = BTreeMap::new();
    for account in all {
        by_product.entry((account.product.clone(), account.environment.clone())).or_default().push(account);
    }
    let refused_since = missed::since(config, &mut found, last_event);
    for of_product in by_product.values() {
        look(p, config, of_product, refused_since, &mut found).await?;
    }
    missed::settle(&mut found, refused_since);
    p.sql(found.into_statements()).await?;
    alert::tell_changes(p, config).await
}

/// At all accounts of one product.
async fn look<P: Platform>(
    p: &P,
    config: &Config<'_>,
    all: &[Account],
    refused_since: Option<Timestamp>,
    found: &mut Findings,
) -> Result<(), Trouble> {
    let Some(first) = all.first() else { return Ok(()) };
    let now = found.now;
    let desk = match Desk::of(p, config, first) {
        Ok(desk) => desk,
        Err(trouble) => {
            unreachable(found, super::stopped::Stopped::from(trouble).said());
            return Ok(());
        }
    };
    let listed = match webhooks::list(&desk).await {
        Ok(listed) => listed,
        Err(stopped) => {
            unreachable(found, stopped.said());
            return Ok(());
        }
    };
    found.well("registry".to_owned());
    for account in all.iter().filter(|account| account.webhook_id.is_none() && account.status == "ready") {
        let cause = format!("@{} is connected by half: X delivers nothing for it.", account.username);
        found.ill(hearing::what(&account.id), (cause, "Connect it again: perch connect, or a new invite.".to_owned()));
    }
    let wanted: BTreeSet<&str> = all.iter().filter_map(|account| account.webhook_id.as_deref()).collect();
    for id in wanted {
        let here: Vec<&Account> = all.iter().filter(|account| account.webhook_id.as_deref() == Some(id)).collect();
        let what = format!("webhook:{id}");
        let webhook = match listed.iter().find(|webhook| webhook.id.as_str() == id) {
            Some(webhook) if webhook.valid || validated(p, &desk, webhook, found, &what).await? => webhook.clone(),
            Some(webhook) => {
                here.iter().for_each(|account| kept(found, account));
                // The gap that is asked for once it is well begins when it was last seen well: that may be too late.
                let plan = |since| replay::plan(&desk.product, &webhook.id, since, now, now);
                found.statements.extend(refused_since.map(plan));
                continue;
            }
            None => {
                // A new webhook knows nothing of what went to the former one.
                if let Some(since) = refused_since {
                    let lists = here.iter().map(|account| replays::look_up(&account.id, since - replay::AROUND, now));
                    found.statements.extend(lists);
                }
                gone(p, config, &desk, &here, found, &what).await?;
                continue;
            }
        };
        gap(found, &what, &webhook, &desk, refused_since);
        found.well(what);
        subscribed(p, config, &desk, &webhook, &here, found).await?;
    }
    Ok(())
}

/// X cannot be asked: what was known stays known, and this stands beside it.
fn unreachable(found: &mut Findings, said: (String, String)) {
    found.keep_all();
    found.ill("registry".to_owned(), said);
}

/// Has X call the invalid webhook again. Says whether it is valid now.
async fn validated<P: Platform>(
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
    found.note(p, what, invalid).await?;
    match webhooks::validate(desk, &webhook.id).await {
        Ok(()) => Ok(true),
        Err(stopped) => {
            let (cause, what_to_do) = stopped.said();
            found.ill(what.to_owned(), (format!("{invalid} {cause}"), what_to_do));
            Ok(false)
        }
    }
}

/// X knows the webhook no more: it is registered anew, and everybody who heard through it hears through the new one.
async fn gone<P: Platform>(
    p: &P,
    config: &Config<'_>,
    desk: &Desk<'_, P>,
    here: &[&Account],
    found: &mut Findings,
    what: &str,
) -> Result<(), Trouble> {
    let lost = "X does not know the webhook any more, and delivers nothing.";
    here.iter().for_each(|account| kept(found, account));
    let url = here.iter().find_map(|account| account.webhook_url.as_deref());
    let Some(url) = url.filter(|_| found.may_mend(what)) else {
        found.keep(what);
        return Ok(());
    };
    found.note(p, what, lost).await?;
    let webhook = match webhooks::ensure(desk, url).await {
        Ok((webhook, _)) => webhook,
        Err((_, failed)) => {
            let (cause, what_to_do) = failed.said();
            found.ill(what.to_owned(), (format!("{lost} {cause}"), what_to_do));
            return Ok(());
        }
    };
    let listed = subscriptions::listed(desk, &webhook.id).await.ok();
    let known = listed.as_ref().and_then(Listed::known);
    for account in here.iter().filter(|account| account.status == "ready") {
        match hearing::through(p, config, desk, &webhook, account, known).await {
            Ok(_) => found.well(hearing::what(&account.id)),
            Err(stopped) => deaf(found, account, stopped.said()),
        }
    }
    found.well(format!("webhook:{}", webhook.id));
    Ok(())
}

/// It is valid now, and was not a moment ago or when it was looked at before, or nobody could look, or what came was
/// refused: what was to be delivered meanwhile is missing.
fn gap<P: Platform>(
    found: &mut Findings,
    what: &str,
    webhook: &Webhook,
    desk: &Desk<'_, P>,
    refused_since: Option<Timestamp>,
) {
    let now = found.now;
    let since = match found.before.get(what) {
        Some(row) if row.status == "ill" || !webhook.valid || now - row.well_at > AWAY => Some(last_well(row)),
        // Never seen before, and mended at once.
        None if !webhook.valid => Some(now - EVERY),
        _ => None,
    };
    if let Some(since) = since.into_iter().chain(refused_since).min() {
        found.statements.push(replay::plan(&desk.product, &webhook.id, since, now, now));
    }
}

/// Every account that hears through this webhook is subscribed to it, or is subscribed again.
async fn subscribed<P: Platform>(
    p: &P,
    config: &Config<'_>,
    desk: &Desk<'_, P>,
    webhook: &Webhook,
    here: &[&Account],
    found: &mut Findings,
) -> Result<(), Trouble> {
    let whole = format!("subscriptions:{}", webhook.id);
    let listed = match subscriptions::listed(desk, &webhook.id).await {
        Ok(listed) => listed,
        Err(stopped) => {
            here.iter().for_each(|account| kept(found, account));
            let (cause, what_to_do) = stopped.said();
            found.ill(whole, (format!("X does not say for whom it delivers. {cause}"), what_to_do));
            return Ok(());
        }
    };
    found.well(whole);
    // When an account that is signed out heard last is asked for once it is back.
    here.iter().filter(|account| account.status != "ready").for_each(|account| kept(found, account));
    for account in here.iter().filter(|account| account.status == "ready") {
        let what = hearing::what(&account.id);
        let lacks = listed.lacks(&webhook.id, &account.id, &account.acts);
        if !lacks.contains(&NEEDED) {
            // Mended by a worker that was lost after it.
            if let Some(since) = found.before.get(&what).filter(|row| row.status == "ill").map(last_well) {
                found.statements.push(replay::plan(&desk.product, &webhook.id, since, found.now, found.now));
            }
            found.well(what);
            let (kinds, known) = (hearing::kinds(&account.id), listed.known());
            if !lacks.is_empty() && found.may_mend(&kinds) {
                match hearing::through(p, config, desk, webhook, account, known).await {
                    Ok(subscribed) => unheard(found, account, subscribed),
                    Err(stopped) => found.ill(kinds, stopped.said()),
                }
            } else if !lacks.is_empty() {
                found.keep(&kinds);
            }
            continue;
        }
        if !found.may_mend(&what) {
            kept(found, account);
            continue;
        }
        found.note(p, &what, "X delivers nothing for this account.").await?;
        let since = found.before.get(&what).map_or(found.now - EVERY, last_well);
        match hearing::through(p, config, desk, webhook, account, listed.known()).await {
            Ok(_) => {
                found.statements.push(replay::plan(&desk.product, &webhook.id, since, found.now, found.now));
                found.well(what);
            }
            Err(stopped) => deaf(found, account, stopped.said()),
        }
    }
    Ok(())
}

/// Nothing is to be said about it in this run.
fn kept(found: &mut Findings, account: &Account) {
    found.keep(&hearing::what(&account.id));
    found.keep(&hearing::kinds(&account.id));
}

/// What X refuses to deliver beside messages: a problem where the script takes it up, or where it tells of our own.
fn unheard(found: &mut Findings, account: &Account, subscribed: Subscribed) {
    let worst = subscribed.refused.iter().min_by_key(|(event_type, _)| is_extra(event_type));
    let Some((event_type, stopped)) = worst else { return };
    let (cause, what_to_do) = stopped.said();
    let said = (format!("X does not deliver {event_type} for @{}. {cause}", account.username), what_to_do);
    match is_extra(event_type) {
        true => found.without(hearing::kinds(&account.id), said),
        false => found.ill(hearing::kinds(&account.id), said),
    }
}

fn deaf(found: &mut Findings, account: &Account, (cause, what_to_do): (String, String)) {
    let cause = format!("X delivers nothing for @{}. {cause}", account.username);
    found.ill(hearing::what(&account.id), (cause, what_to_do));
}
