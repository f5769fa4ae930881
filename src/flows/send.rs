//! What a conversation owes, sent in order: claim, call, settle; the next claim shares the batch of the settling.

use serde::Deserialize;
use serde_json::json;

use super::keys;
use super::outcome::{in_another_dialect, judge_message, judge_post, judge_signal, not_sendable};
use super::outgoing;
use super::probe::{self, Again};
use super::published;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::store::accounts::{self, Account, Held};
use crate::store::budgets;
use crate::store::conversations::ConversationId;
use crate::store::media::{self, Carried};
use crate::store::outbox::{self, Kind, Lane, Sending};
use crate::store::statement::{Rows, Statement};
use crate::x_api::dialect::{Speaks, refuses_dialect};
use crate::x_api::fault::Fault;
use crate::x_api::ids::UserId;
use crate::x_api::request::Response;
use crate::x_api::time::{Span, Timestamp};

/// X closed a dialect and does not say whether it takes the other: it is asked again after this.
const PROBED_AGAIN: Span = Span::minutes(2);

/// Both lanes: what is said to the customer, then what is posted.
pub async fn send_owed<P: Platform>(p: &P, config: &Config<'_>, id: &ConversationId) -> Result<(), Trouble> {
    send_lane(p, config, id, Lane::Messages).await?;
    send_lane(p, config, id, Lane::Posts).await
}

async fn send_lane<P: Platform>(p: &P, config: &Config<'_>, id: &ConversationId, lane: Lane) -> Result<(), Trouble> {
    let mut settling = Settling::first();
    loop {
        let claimed = settle_and_claim(p, id, lane, &settling).await?;
        settling.wake(p, &id.account, claimed.held_anew).await;
        // A lost job is made up for by the sweep.
        let uploads = claimed
            .wanted
            .into_iter()
            .map(|file| Job::Upload { account: id.account.clone(), sha256: file.sha256 }.now());
        let uploads: Vec<_> = uploads.collect();
        if !uploads.is_empty() {
            let _ = p.enqueue(uploads).await;
        }
        let Some((sending, account)) = claimed.sending.zip(claimed.account) else {
            return match claimed.spent_until {
                Some(until) if lane == Lane::Messages => hold_for_budget(p, &id.account, until).await,
                _ => Ok(()),
            };
        };
        let is_signal = matches!(sending.kind, Kind::Typing | Kind::Read);
        if is_signal && account.speaks == Speaks::Plain {
            // It was owed before the account spoke so.
            settling = Settling { statements: vec![outbox::left_out(&sending)], ..Settling::first() };
            continue;
        }
        settling = match keys::of(p, config, &account).await {
            Ok(keys) => {
                let known = match published::known(p, &sending, account.speaks, claimed.carried.as_ref()).await {
                    Ok(known) => known,
                    Err(trouble) => {
                        // X was not asked: it is owed as before.
                        let why = json!({"said": trouble.to_string(), "what_to_do": "It is tried again by itself."});
                        let again = outbox::owed_again(&sending, p.now(), &why.to_string());
                        p.sql(vec![again]).await?;
                        return Err(trouble);
                    }
                };
                let request = keys.sign(p, outgoing::call(&keys.base, &sending, &known));
                let answer = p.send(request).await;
                match sending.kind {
                    Kind::Dm => match dialect(p, config, &account, &answer).await {
                        Again::Same => judge_message(&sending, &account, answer, p.now()),
                        Again::Other => in_another_dialect(&sending, Span::seconds(0), p.now()),
                        Again::Unknown => in_another_dialect(&sending, PROBED_AGAIN, p.now()),
                    },
                    Kind::Post => judge_post(&sending, answer, p.now()),
                    Kind::Typing | Kind::Read => judge_signal(&sending, answer),
                }
            }
            Err(trouble) => not_sendable(&sending, &trouble, p.now()),
        };
    }
}

/// What X's refusal says of the dialect. Where that cannot be found out, no message is spent on it.
async fn dialect<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &Account,
    answer: &Result<Response, Trouble>,
) -> Again {
    let fault = answer.as_ref().ok().and_then(|response| Fault::read(response, p.now()));
    match fault {
        Some((fault, _)) if refuses_dialect(&fault) => probe::again(p, config, account).await.unwrap_or(Again::Unknown),
        _ => Again::Same,
    }
}

/// What the answer of X means for the rows, and what has to be queued once they are written.
#[derive(Default)]
pub(super) struct Settling {
    pub(super) statements: Vec<Statement>,
    /// The next message of the conversation may be tried.
    pub(super) goes_on: bool,
    pub(super) wake: Option<(Job, Span)>,
}

impl Settling {
    pub(super) fn first() -> Self {
        Self { goes_on: true, ..Self::default() }
    }

    /// The alarm clock of what was written. A lost one is made up for by the sweep.
    async fn wake<P: Platform>(&self, p: &P, account: &UserId, held: Option<Held>) {
        let drain = held.map(|held| {
            let job = Job::Drain { account: account.clone(), generation: held.drain };
            job.after(held.held_until - p.now())
        });
        let other = self.wake.clone().map(|(job, delay)| job.after(delay));
        let jobs: Vec<_> = drain.into_iter().chain(other).collect();
        if !jobs.is_empty() {
            let _ = p.enqueue(jobs).await;
        }
    }
}

#[derive(Default)]
struct Claimed {
    sending: Option<Sending>,
    account: Option<Account>,
    held_anew: Option<Held>,
    spent_until: Option<Timestamp>,
    /// The file of the message that was claimed.
    carried: Option<Carried>,
    /// Files that have to be brought to X first.
    wanted: Vec<Wanted>,
}

#[derive(Deserialize)]
struct Wanted {
    sha256: String,
}

/// One batch: what became of the last message, and the claim of the next where the conversation goes on.
async fn settle_and_claim<P: Platform>(
    p: &P,
    id: &ConversationId,
    lane: Lane,
    settling: &Settling,
) -> Result<Claimed, Trouble> {
    #[derive(Deserialize)]
    struct Spent {
        until: Option<Timestamp>,
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
            outbox::claim(id, &claim, lane, now),
            budgets::reserve(id, &claim, now),
            media::carried(id, &claim),
            accounts::get(&id.account),
            budgets::spent_until(&id.account, now),
        ]);
    }
    if batch.is_empty() {
        return Ok(Claimed::default());
    }
    // Everything in the batch may be repeated, the claim too: it has a name. So a lost answer costs nothing.
    let rows = match p.sql(batch.clone()).await {
        Err(Trouble::Storage(_)) => p.sql(batch).await?,
        other => other?,
    };
    let mut rows = rows.into_iter();
    let settled = rows.by_ref().take(settling.statements.len());
    let held_anew = settled.filter_map(|rows| rows.first::<Held>().ok().flatten()).last();
    let mut rows = rows.skip(3);
    let mut next = || -> Rows { rows.next().unwrap_or_default() };
    let wanted: Vec<Wanted> = next().all()?;
    let sending = next().first()?;
    next();
    let carried = next().first()?;
    let account = next().first()?;
    let spent_until = next().first::<Spent>()?.and_then(|spent| spent.until);
    Ok(Claimed { sending, account, held_anew, spent_until, carried, wanted })
}

async fn hold_for_budget<P: Platform>(p: &P, account: &UserId, until: Timestamp) -> Result<(), Trouble> {
    let now = p.now();
    let why =
        json!({"said": "The account's send budget is spent.", "what_to_do": "Sending goes on when it is renewed."});
    let rows = p.sql(vec![accounts::hold(account, until, why.to_string(), now)]).await?;
    let held = rows.into_iter().next().unwrap_or_default().first()?;
    Settling::default().wake(p, account, held).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::store::outbox::LEASE;

    #[test]
    fn a_call_is_over_before_half_of_the_lease() {
        assert!(i64::from(crate::platform::CALL_SECONDS) * 1000 < LEASE.0 / 2);
    }
}
