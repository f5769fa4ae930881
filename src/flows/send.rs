//! What a conversation owes, sent in order: claim, call, settle; the next claim shares the batch of the settling.

use serde::Deserialize;
use serde_json::json;

use super::budget::{self, Spent, Waits};
use super::keys;
use super::merge;
use super::outcome::{Rest, Settling, held, in_another_dialect, judge_message, judge_post, not_sendable};
use super::outgoing;
use super::probe::{self, Again};
use super::published;
use super::tell;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::store::accounts::{self, Account, Held};
use crate::store::budgets;
use crate::store::conversations::{ConversationId, Left};
use crate::store::costs;
use crate::store::media::{self, Carried};
use crate::store::outbox::{self, Gates, Kind, Lane, Sending};
use crate::store::statement::named;
use crate::x_api::dialect::refuses_dialect;
use crate::x_api::fault::Fault;
use crate::x_api::ids::UserId;
use crate::x_api::request::Response;
use crate::x_api::time::{Span, Timestamp};

/// One invocation sends so many of a conversation at most; a job carries on, so that no invocation outlives its limits.
const MOST_SENT: usize = 20;

/// Both lanes: what is said to the customer, then what is posted.
pub async fn send_owed<P: Platform>(p: &P, config: &Config<'_>, id: &ConversationId) -> Result<(), Trouble> {
    send_lane(p, config, id, Lane::Messages).await?;
    send_lane(p, config, id, Lane::Posts).await
}

/// Sends in the lanes in which something waits.
pub async fn send_left<P: Platform>(
    p: &P,
    config: &Config<'_>,
    id: &ConversationId,
    left: &Left,
) -> Result<(), Trouble> {
    if left.messages > 0 {
        send_lane(p, config, id, Lane::Messages).await?;
    }
    if left.posts > 0 {
        send_lane(p, config, id, Lane::Posts).await?;
    }
    Ok(())
}

async fn send_lane<P: Platform>(p: &P, config: &Config<'_>, id: &ConversationId, lane: Lane) -> Result<(), Trouble> {
    let gates = budget::gates(config);
    let mut settling = Settling::going_on();
    for _ in 0..MOST_SENT {
        let claimed = settle_and_claim(p, id, lane, &gates, &settling).await?;
        wake(p, &id.account, &settling, claimed.held_anew).await;
        // A lost job is made up for by the sweep.
        let uploads =
            claimed.wanted.into_iter().map(|sha256| Job::Upload { account: id.account.clone(), sha256 }.now());
        let uploads: Vec<_> = uploads.collect();
        if !uploads.is_empty() {
            let _ = p.enqueue(uploads).await;
        }
        let Some((sending, account)) = claimed.sending.zip(claimed.account) else {
            if let Some(until) = claimed.posts_wait {
                p.sql(vec![outbox::hold_posts(id, until, Spent::CapForPosts.why(), p.now())]).await?;
            }
            if let Some(spent) = claimed.spent {
                let held = budget::rest(p, &id.account, spent).await?;
                wake(p, &id.account, &Settling::default(), held).await;
            }
            return Ok(());
        };
        settling = match attempt(p, config, &account, sending, claimed.carried.as_ref()).await {
            Ok(settling) => settling,
            Err((again, trouble)) => {
                settle_and_claim(p, id, lane, &gates, &again).await?;
                return Err(trouble);
            }
        };
    }
    let last = Settling { goes_on: false, ..settling };
    let claimed = settle_and_claim(p, id, lane, &gates, &last).await?;
    wake(p, &id.account, &last, claimed.held_anew).await;
    p.enqueue(vec![Job::Converse { conversation: id.clone() }.now()]).await
}

/// One message: signed, sent, and what X's answer means. Where X was not asked, trouble, and that the message is owed as before.
async fn attempt<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &Account,
    sending: Sending,
    carried: Option<&Carried>,
) -> Result<Settling, (Settling, Trouble)> {
    let keys = match keys::of(p, config, account).await {
        Ok(keys) => keys,
        Err(trouble) => return Ok(not_sendable(&sending, &trouble, p.now())),
    };
    let as_claimed = sending.clone();
    let (sending, known) = prepare(p, account, sending, carried).await.map_err(|trouble| {
        let why = json!({"said": trouble.to_string(), "what_to_do": "It is tried again by itself."});
        let again = outbox::owed_again(&as_claimed, p.now(), &why.to_string());
        (Settling { statements: vec![again], ..Settling::default() }, trouble)
    })?;
    let request = keys.sign(p, outgoing::call(&keys.base, &sending, &known));
    let asked = p.now();
    let answer = p.send(request).await;
    let took = p.now() - asked;
    let mut settling = match sending.kind {
        Kind::Dm => judged(p, config, account, &sending, answer).await,
        Kind::Post => judge_post(&sending, answer, p.now()),
    };
    if let Some(unknown) = &settling.unknown {
        tell::tell_unknown(p, &sending, unknown, took);
    }
    settling.call = Some((sending.id, took));
    Ok(settling)
}

/// What the answer means for a message, for the account's dialect, and for its limits.
async fn judged<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &Account,
    sending: &Sending,
    answer: Result<Response, Trouble>,
) -> Settling {
    let limits = answer.as_ref().map(|answer| budget::corrections(sending, account, answer, p.now()));
    let limits = limits.unwrap_or_default();
    let mut settling = match dialect(p, config, account, sending, &answer).await {
        Again::Same => judge_message(sending, account, answer, p.now()),
        Again::Other => in_another_dialect(sending, false, Span::seconds(0), p.now()),
        Again::Unknown(wait) => in_another_dialect(sending, account.is_told_how(), wait, p.now()),
        Again::Closed((said, what_to_do)) => {
            held(sending, &Rest { said, what_to_do, by_hand: true }, Span::minutes(5), p.now())
        }
    };
    settling.statements.extend(limits);
    settling
}

/// The message as it goes out, and what it needs to know of X.
async fn prepare<'a, P: Platform>(
    p: &P,
    account: &Account,
    sending: Sending,
    carried: Option<&'a Carried>,
) -> Result<(Sending, outgoing::Known<'a>), Trouble> {
    let sending = merge::merged(p, account, sending).await?;
    let known = published::known(p, &sending, account.speaks, carried).await?;
    Ok((sending, known))
}

/// What X's refusal says of the dialect. Where that cannot be found out, no message is spent on it.
async fn dialect<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &Account,
    sending: &Sending,
    answer: &Result<Response, Trouble>,
) -> Again {
    let fault = answer.as_ref().ok().and_then(|response| Fault::read(response, p.now()));
    match fault {
        Some((fault, _)) if refuses_dialect(&fault) => {
            probe::again(p, config, account, sending.dialect_refused_at.unwrap_or_else(|| p.now())).await
        }
        _ => Again::Same,
    }
}

/// The alarm clock of what was written. A lost one is made up for by the sweep.
async fn wake<P: Platform>(p: &P, account: &UserId, settling: &Settling, held: Option<Held>) {
    let drain = held.map(|held| {
        let job = Job::Drain { account: account.clone(), generation: held.drain };
        job.after(held.held_until - p.now())
    });
    let other = settling.wake.clone().map(|(job, delay)| job.after(delay));
    let jobs: Vec<_> = drain.into_iter().chain(other).collect();
    if !jobs.is_empty() {
        let _ = p.enqueue(jobs).await;
    }
}

#[derive(Default)]
struct Claimed {
    sending: Option<Sending>,
    account: Option<Account>,
    held_anew: Option<Held>,
    spent: Option<(Spent, Timestamp)>,
    /// The cap has no room for a post until then.
    posts_wait: Option<Timestamp>,
    /// The file of the message that was claimed.
    carried: Option<Carried>,
    /// Files that have to be brought to X first.
    wanted: Vec<String>,
}

/// One batch: what became of the last message, and the claim of the next where the conversation goes on.
async fn settle_and_claim<P: Platform>(
    p: &P,
    id: &ConversationId,
    lane: Lane,
    gates: &Gates,
    settling: &Settling,
) -> Result<Claimed, Trouble> {
    #[derive(Deserialize)]
    struct Cost {
        mills: i64,
    }
    let claim = p.nonce();
    let now = p.now();
    let mut batch = settling.statements.clone();
    if settling.goes_on {
        batch.extend([
            outbox::drop_of_former_holder(id),
            outbox::fail_too_late(id, now),
            outbox::lapse(id, now),
            media::want(id, now),
            outbox::claim(id, &claim, lane, gates, now),
            budgets::reserve(id, &claim, &gates.limits, now),
            media::carried(id, &claim),
            accounts::get(&id.account),
            budgets::spent_until(&id.account, &gates.limits, now),
            costs::today(&id.account, now),
        ]);
    }
    if batch.is_empty() {
        return Ok(Claimed::default());
    }
    // Everything in the batch may be repeated, the claim too: it has a name. A lost answer costs no message, and one place in the
    // limits at most.
    let rows = match p.sql(batch.clone()).await {
        Err(Trouble::Storage(_)) => p.sql(batch).await?,
        other => other?,
    };
    tell::tell(p, &rows, None, settling.call.as_ref());
    let mut settled = rows;
    let rest = settled.split_off(settling.statements.len().min(settled.len()));
    let held_anew = settled.into_iter().filter_map(|rows| rows.first::<Held>().ok().flatten()).next_back();
    if !settling.goes_on {
        return Ok(Claimed { held_anew, ..Claimed::default() });
    }
    let [_, _, _, wanted, sending, _, carried, account, waits, cost] = named(rest)?;
    let (wanted, sending) = (wanted.texts("sha256")?, sending.first()?);
    let waits = waits.first::<Waits>()?.unwrap_or_default();
    let cost = cost.first::<Cost>()?.map_or(0, |cost| cost.mills);
    let spent = waits.rest(gates, cost, now);
    let is_of_posts = sending.is_none() && lane == Lane::Posts;
    let posts_wait = waits.rest_of_posts(gates, cost, now).filter(|_| is_of_posts);
    let (carried, account) = (carried.first()?, account.first()?);
    Ok(Claimed { sending, account, held_anew, spent, posts_wait, carried, wanted })
}

#[cfg(test)]
mod tests {
    use crate::store::outbox::LEASE;

    #[test]
    fn a_call_is_over_before_half_of_the_lease() {
        assert!(i64::from(crate::platform::CALL_SECONDS) * 1000 < LEASE.0 / 2);
    }
}
