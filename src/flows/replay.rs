//! Minutes that were missed: X is asked to deliver them again, part by part; then the accounts' own lists are read, since a
//! replay need not bring everything.

use std::collections::BTreeSet;

use serde_json::Value;

use super::desk::Desk;
use super::stopped::Stopped;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::Outcome;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::replays::{self, Replay};
use crate::store::statement::Statement;
use crate::x_api::fault::Fault;
use crate::x_api::ids::WebhookId;
use crate::x_api::product::Product;
use crate::x_api::replay::{self as x_replay, FROM_AGE, LONGEST, TO_AGE};
use crate::x_api::time::{Span, Timestamp};

/// A worker that is lost is made up for after this.
const AGAIN: Span = Span::minutes(5);
/// X says how a job ended; without a word it counts as ended after this.
const WITHOUT_A_WORD: Span = Span::hours(2);
/// Incomplete jobs of one part before the rest is left to the lists.
const MOST_ATTEMPTS: i64 = 5;
/// The minutes around a gap belong to it: clocks differ, and a minute is the smallest that X knows.
pub const AROUND: Span = Span::minutes(2);

/// Plans it for when X will take it. The same gap is planned once. Where the product has no replay, the lists are read at
/// once.
pub fn plan(product: &Product, webhook: &WebhookId, from: Timestamp, to: Timestamp, now: Timestamp) -> Statement {
    if x_replay::reach(product).is_none() {
        return replays::look_up_all(webhook, from - AROUND, now);
    }
    asked_for(webhook, from, to, now)
}

fn asked_for(webhook: &WebhookId, from: Timestamp, to: Timestamp, now: Timestamp) -> Statement {
    let (from, to) = (from - AROUND, to + AROUND);
    let id = format!("{webhook}:{}:{}", from.as_minute(), to.as_minute());
    replays::plan(&id, webhook, from, to, taken_from(from, to.min(from + LONGEST)).max(now), now)
}

/// X takes minutes only once they are so old.
fn taken_from(from: Timestamp, to: Timestamp) -> Timestamp {
    (from + FROM_AGE).max(to + TO_AGE) + Span::minutes(1)
}

/// For every webhook that delivers to us. Gives how many.
pub async fn by_hand<P: Platform>(p: &P, from: Timestamp, to: Timestamp) -> Result<usize, Trouble> {
    let all: Vec<Account> = p.all(accounts::all()).await?;
    let webhooks: BTreeSet<String> = all.into_iter().filter_map(|account| account.webhook_id).collect();
    let (now, count) = (p.now(), webhooks.len());
    let plans: Vec<Statement> =
        webhooks.into_iter().map(|webhook| asked_for(&webhook.into(), from, to.min(now), now)).collect();
    if count > 0 {
        p.sql(plans).await?;
    }
    Ok(count)
}

pub async fn latest<P: Platform>(p: &P) -> Result<Vec<Value>, Trouble> {
    Ok(p.rows(replays::latest(50)).await?.0)
}

pub async fn run<P: Platform>(p: &P, config: &Config<'_>, id: &str) -> Result<Outcome, Trouble> {
    let now = p.now();
    let Some(replay) = p.first::<Replay>(replays::take(id, now, now + AGAIN)).await? else { return Ok(Outcome::Done) };
    let statements = match next(p, config, &replay, now).await {
        Next::Running { job, part_to } => vec![replays::running(id, &job, part_to, now + WITHOUT_A_WORD)],
        Next::Later(until, why) => vec![replays::later(id, until.max(now + Span::minutes(1)), &why)],
        Next::GoOn => vec![replays::go_on(id, now)],
        // The lists are read from the beginning of the gap: dedupe makes that cheap, and nothing else makes it sure.
        Next::Done(why) => {
            vec![replays::look_up_all(&replay.webhook_id, began(id, replay.from_at), now), replays::done(id, &why)]
        }
    };
    p.sql(statements).await?;
    Ok(Outcome::Done)
}

enum Next {
    Running { job: String, part_to: Timestamp },
    Later(Timestamp, String),
    GoOn,
    Done(String),
}

async fn next<P: Platform>(p: &P, config: &Config<'_>, replay: &Replay, now: Timestamp) -> Next {
    let soon = now + Span::minutes(5);
    if replay.status == "running" {
        return Next::GoOn;
    }
    if replay.from_at >= replay.to_at {
        return Next::Done("X has delivered it all again".to_owned());
    }
    if replay.attempts >= MOST_ATTEMPTS {
        return Next::Done("X did not bring all of it in five tries".to_owned());
    }
    let desk = match desk(p, config, &replay.webhook_id).await {
        Ok(Some(desk)) => desk,
        Ok(None) => return Next::Done("no account hears through this webhook any more".to_owned()),
        Err(trouble) => return Next::Later(soon, trouble.to_string()),
    };
    let Some(reach) = x_replay::reach(&desk.product) else { return Next::Done("the product has no replay".to_owned()) };
    // What is older than X reaches is left to the lists.
    let from = replay.from_at.max(now - reach + Span::minutes(5));
    let part_to = replay.to_at.min(from + LONGEST);
    if from >= part_to {
        return Next::Done("it is longer ago than X replays".to_owned());
    }
    if taken_from(from, part_to) > now {
        return Next::Later(taken_from(from, part_to), "X replays minutes only after half an hour".to_owned());
    }
    let asked = x_replay::ask(&desk.app.base, &desk.product, &replay.webhook_id, from, part_to);
    match desk.ask(asked, None).await {
        Ok(response) => match x_replay::begun(&response) {
            Some(job) => Next::Running { job, part_to },
            None => Next::Later(soon, "X's answer names no job".to_owned()),
        },
        Err(Stopped::Fault(fault)) => refused(&fault, now),
        Err(stopped) => Next::Later(soon, stopped.said().0),
    }
}

/// `None`: nobody hears through it.
async fn desk<'a, P: Platform>(
    p: &'a P,
    config: &'a Config<'a>,
    webhook: &WebhookId,
) -> Result<Option<Desk<'a, P>>, Trouble> {
    let account: Option<Account> = p.first(accounts::of_webhook(webhook.as_str())).await?;
    account.map(|account| Desk::of(p, config, &account)).transpose()
}

/// Until X reaches back no further, what passes is waited for: another job, limits, keys, a webhook that does not answer.
fn refused(fault: &Fault, now: Timestamp) -> Next {
    let why = format!("{} {}", fault.said, fault.what_to_do);
    let is_busy = fault.code == Some(355) || fault.name.as_deref() == Some("ReplayConflictError");
    let is_crc = fault.code == Some(214) || fault.name.as_deref() == Some("CrcValidationFailed");
    match fault.status {
        _ if is_busy => Next::Later(now + Span::minutes(5), why),
        _ if is_crc => Next::Later(now + Span::minutes(15), why),
        429 | 401 | 402 => Next::Later(now + Span::minutes(15), why),
        500.. => Next::Later(now + Span::minutes(5), why),
        // The plan has no replay, or X will not replay this: the lists are left.
        _ => Next::Done(why),
    }
}

/// Where the gap began: parts that are done have moved the row's own beginning.
fn began(id: &str, from_at: Timestamp) -> Timestamp {
    let minute = id.split(':').nth(1).and_then(Timestamp::read_minute);
    minute.map_or(from_at, |began| began.min(from_at))
}
