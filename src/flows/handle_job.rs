//! One message of the queue, to its end: done, again later, or dead with a reason.

use super::handled::Handled;
use super::{accounts, bury, converse, drain, handle_delivery, handoff, look_up, refresh, replay, settle, upload};
use crate::config::Config;
use crate::error::Trouble;
use crate::job::{Job, Outcome, back_off};
use crate::platform::Platform;
use crate::store::{health, tokens};
use crate::told::{self, Delivery, Id, Told};
use crate::x_api::time::Timestamp;

/// What came off a queue. The body is text, ours or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueMessage {
    pub id: String,
    pub queue: String,
    pub body: String,
    /// Which try this is, from 1.
    pub attempts: u32,
}

/// A queue whose name ends so brings what another queue gave up.
const DEAD_LETTERS: &str = "-dead";

/// A dead message is buried before it counts as settled.
pub async fn handle<P: Platform>(p: &P, config: &Config<'_>, message: &QueueMessage) -> Handled {
    let begun = p.now();
    let read = serde_json::from_str::<Job>(&message.body);
    let mut line = line(message, read.as_ref().ok(), begun);
    let handled = match read {
        _ if message.queue.ends_with(DEAD_LETTERS) => {
            Ok(Outcome::Dead("tried a hundred times without success".to_owned()).into())
        }
        Ok(job) => run(p, config, job, message.attempts <= 1).await,
        // In words of ours: serde's quote what stands there.
        Err(error) => {
            let why = format!("not a job of ours: {:?} at {}:{}", error.classify(), error.line(), error.column());
            Ok(Outcome::Dead(why).into())
        }
    };
    let buried = match handled {
        Ok(Handled { outcome: Outcome::Dead(why), troubles, brought }) => {
            let buried = bury::bury(p, &message.id, &message.queue, &message.body, &why).await;
            buried.map(|()| Handled { outcome: Outcome::Dead(why), troubles, brought })
        }
        other => other,
    };
    let again = Handled::from(Outcome::RetryIn(back_off(message.attempts)));
    let handled = buried.unwrap_or_else(|trouble| Handled { troubles: vec![trouble], ..again });
    end(&mut line, &handled, begun, p.now());
    p.tell(&line);
    handled
}

/// The line of a message as it comes off the queue; a message that nobody can read is a job of an unknown kind.
fn line(message: &QueueMessage, job: Option<&Job>, begun: Timestamp) -> Told {
    let id = Id::of(&message.id);
    match job {
        Some(Job::Delivery { received_at, body }) => Told::Delivery(Delivery {
            job: Some(id),
            attempts: Some(message.attempts),
            bytes: Some(body.len()),
            waited: Some((begun - *received_at).into()),
            ..Delivery::default()
        }),
        Some(Job::Spilled { .. }) => {
            Told::Delivery(Delivery { job: Some(id), attempts: Some(message.attempts), ..Delivery::default() })
        }
        job => Told::Job(told::Job {
            kind: job.map_or("unknown", Job::kind),
            job: id,
            account: job.and_then(Job::account).map(|account| Id::of(account.as_str())),
            attempts: message.attempts,
            ..told::Job::default()
        }),
    }
}

/// How it ended, and what it was.
fn end(line: &mut Told, handled: &Handled, begun: Timestamp, now: Timestamp) {
    let took = now - begun;
    match line {
        Told::Delivery(line) => {
            line.outcome = outcome(&handled.outcome, "handled");
            line.took = Some(took.into());
            if let Some(brought) = &handled.brought {
                line.account = brought.account.as_ref().map(|account| Id::of(account.as_str()));
                line.items = Some(brought.items);
                line.bytes = Some(brought.bytes);
                line.waited = Some((begun - brought.received_at).into());
            }
        }
        Told::Job(line) => {
            line.outcome = outcome(&handled.outcome, "done");
            line.took = took.into();
        }
        Told::Turn(_) | Told::Message(_) | Told::Sweep(_) => {}
    }
}

fn outcome(outcome: &Outcome, done: &'static str) -> &'static str {
    match outcome {
        Outcome::Done => done,
        Outcome::RetryIn(_) => "again",
        Outcome::Dead(_) => "dead",
    }
}

async fn run<P: Platform>(p: &P, config: &Config<'_>, job: Job, is_first_try: bool) -> Result<Handled, Trouble> {
    let outcome = match job {
        Job::Delivery { received_at, body } => {
            return handle_delivery::handle_delivery(p, config, &body, received_at, is_first_try).await;
        }
        Job::Spilled { id } => return handle_delivery::handle_spilled(p, config, &id, is_first_try).await,
        Job::Converse { conversation } => converse::converse(p, config, &conversation).await.map(|()| Outcome::Done),
        Job::Settle { account } => return settle::settle(p, config, &account).await,
        Job::Upload { account, sha256 } => upload::upload(p, config, &account, &sha256).await,
        Job::Replay { id } => replay::run(p, config, &id).await,
        Job::LookUp { account, from } => return look_up::look_up(p, config, &account, from).await,
        Job::Forget { account } => accounts::forget_rest(p, &account).await.map(|()| Outcome::Done),
        Job::Challenged { at } => p.sql(vec![health::well("crc", at)]).await.map(|_| Outcome::Done),
        Job::Refused { since } => p.sql(vec![health::refused(since, p.now())]).await.map(|_| Outcome::Done),
        Job::Refresh { account } => return refresh::refresh(p, config, &account).await,
        Job::Renewed { account, former, sealed, until, claim } => {
            p.rows(tokens::renewed(&account, &former, &claim, &sealed, until, p.now())).await.map(|_| Outcome::Done)
        }
        Job::Handoff { conversation, generation } => handoff::run(p, config, &conversation, generation).await,
        Job::Drain { account, generation } => drain::drain(p, config, &account, generation).await,
    };
    outcome.map(Handled::from)
}
