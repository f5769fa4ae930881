//! What a conversation owes, sent in order: claim, call, settle; the next claim shares the batch of the settling.

use serde::Deserialize;
use serde_json::json;

use super::accounts::credentials;
use super::outcome::{judge_post, judge_signal};
use super::outgoing;
use super::published;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::store::accounts::{self, Account, Held};
use crate::store::conversations::ConversationId;
use crate::store::media::{self, Carried};
use crate::store::outbox::{self, Kind, LEASE, Lane, Sending};
use crate::store::statement::{Rows, Statement};
use crate::store::{budgets, entries};
use crate::x_api::dm;
use crate::x_api::fault::{Fault, Scope, Verdict};
use crate::x_api::ids::UserId;
use crate::x_api::oauth1::Credentials;
use crate::x_api::request::Response;
use crate::x_api::time::{Span, Timestamp};

/// How the tries of one message that X refuses for the moment are spaced, by their number.
const BACK_OFF: &[Span] = &[Span::seconds(20), Span::minutes(1), Span::minutes(5), Span::minutes(20), Span::hours(1)];

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
        settling = match keys(config, &account) {
            Ok((base, keys)) => {
                let known = match published::known(p, &sending, claimed.carried.as_ref()).await {
                    Ok(known) => known,
                    Err(trouble) => {
                        // X was not asked: it is owed as before.
                        let why = json!({"said": trouble.to_string(), "what_to_do": "It is tried again by itself."});
                        let again = outbox::owed_again(&sending, p.now(), &why.to_string());
                        p.sql(vec![again]).await?;
                        return Err(trouble);
                    }
                };
                let request = outgoing::call(&base, &sending, &known).signed(&keys, &p.nonce(), p.now());
                let answer = p.send(request).await;
                match sending.kind {
                    Kind::Dm => judge(&sending, &account, answer, p.now()),
                    Kind::Post => judge_post(&sending, answer, p.now()),
                    Kind::Typing | Kind::Read => judge_signal(&sending, answer),
                }
            }
            Err(trouble) => not_sendable(&sending, &trouble, p.now()),
        };
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

/// X's base address, and the keys that sign as this account.
pub(super) fn keys(config: &Config<'_>, account: &Account) -> Result<(String, Credentials), Trouble> {
    let app = config.app()?;
    let keys = credentials(config, &app, account)?;
    Ok((app.base, keys))
}

fn judge(sending: &Sending, account: &Account, answer: Result<Response, Trouble>, now: Timestamp) -> Settling {
    let id = &sending.conversation;
    let unknown = Settling {
        // The row stays as it is, claimed: nothing more is sent here before its outcome is known.
        wake: Some((Job::Settle { account: id.account.clone() }, LEASE + Span::seconds(1))),
        ..Settling::default()
    };
    let Ok(response) = answer else {
        return Settling { statements: vec![accounts::hold_for_silence(&id.account, now)], ..unknown };
    };
    let Some((fault, verdict)) = Fault::read(&response, now) else {
        return match dm::sent(&response) {
            Some(x_id) => Settling {
                statements: vec![
                    outbox::sent(&sending.id, x_id.as_str(), now),
                    entries::said(id, &x_id, now, &sending.holder, &sending.message()),
                ],
                ..Settling::first()
            },
            None => unknown,
        };
    };
    let why = serde_json::to_string(&fault).unwrap_or_default();
    match verdict {
        Verdict::Unknown => unknown,
        Verdict::Never(Scope::Message) => {
            Settling { statements: vec![outbox::failed(sending, &why)], ..Settling::first() }
        }
        Verdict::Never(_) => Settling {
            statements: vec![outbox::failed(sending, &why), outbox::fail_all_owed(id, &why)],
            ..Settling::first()
        },
        Verdict::SignIn => Settling {
            statements: vec![
                outbox::owed_again(sending, now, &why),
                accounts::sign_out(&id.account, &account.tokens, fault.code == Some(89), why.clone(), now),
            ],
            ..Settling::default()
        },
        Verdict::After(span, Scope::Account) => Settling {
            statements: vec![
                // Due at once: the hold of the account is the gate, also when connecting again lifts it.
                outbox::owed_again(sending, now, &why),
                accounts::hold(&id.account, now + span, why.clone(), now),
            ],
            ..Settling::default()
        },
        Verdict::After(span, _) => {
            let wait = span.max(back_off(sending.attempts));
            Settling {
                statements: vec![outbox::owed_again(sending, now + wait, &why)],
                wake: Some((Job::Converse { conversation: id.clone() }, wait)),
                ..Settling::default()
            }
        }
    }
}

/// Nothing was sent, for a reason that a person has to mend: the account rests, and says why.
fn not_sendable(sending: &Sending, trouble: &Trouble, now: Timestamp) -> Settling {
    let why = json!({"said": trouble.to_string(), "what_to_do": "Mend the setting; sending is tried again every five minutes."})
        .to_string();
    let until = now + Span::minutes(5);
    Settling {
        statements: vec![
            outbox::owed_again(sending, now, &why),
            accounts::hold(&sending.conversation.account, until, why.clone(), now),
        ],
        ..Settling::default()
    }
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

pub(super) fn back_off(attempts: i64) -> Span {
    let last = BACK_OFF.len().saturating_sub(1);
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(last);
    BACK_OFF.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tries_of_one_message_are_spaced_exactly() {
        let minutes: Vec<i64> = (0..8).map(|n| back_off(n).0 / 1000).collect();
        assert_eq!(minutes, [20, 20, 60, 300, 1200, 3600, 3600, 3600]);
    }

    #[test]
    fn a_call_is_over_before_half_of_the_lease() {
        assert!(i64::from(crate::platform::CALL_SECONDS) * 1000 < LEASE.0 / 2);
    }
}
