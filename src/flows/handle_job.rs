//! One message of the queue, to its end: done, again later, or dead with a reason.

use super::{accounts, bury, converse, drain, handle_delivery, handoff, look_up, refresh, replay, settle, upload};
use crate::config::Config;
use crate::error::Trouble;
use crate::job::{Job, Outcome, back_off};
use crate::platform::Platform;
use crate::store::{health, tokens};

/// What came off a queue. The body is text, ours or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub id: String,
    pub queue: String,
    pub body: String,
    /// Which try this is, from 1.
    pub attempts: u32,
}

/// A queue whose name ends so brings what another queue gave up.
const DEAD_LETTERS: &str = "-dead";

/// How a message ended, and what went wrong on the way, for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    pub outcome: Outcome,
    pub troubles: Vec<Trouble>,
}

impl From<Outcome> for Handled {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, troubles: Vec::new() }
    }
}

/// A dead message is buried before it counts as settled.
pub async fn handle<P: Platform>(p: &P, config: &Config<'_>, taken: &Taken) -> Handled {
    let handled = if taken.queue.ends_with(DEAD_LETTERS) {
        Ok(Outcome::Dead("tried a hundred times without success".to_owned()).into())
    } else {
        match serde_json::from_str(&taken.body) {
            Ok(job) => run(p, config, job).await,
            Err(error) => Ok(Outcome::Dead(format!("not a job of ours: {error}")).into()),
        }
    };
    let buried = match handled {
        Ok(Handled { outcome: Outcome::Dead(why), troubles }) => {
            let buried = bury::bury(p, &taken.id, &taken.queue, &taken.body, &why).await;
            buried.map(|()| Handled { outcome: Outcome::Dead(why), troubles })
        }
        other => other,
    };
    let again = Outcome::RetryIn(back_off(taken.attempts));
    buried.unwrap_or_else(|trouble| Handled { outcome: again, troubles: vec![trouble] })
}

async fn run<P: Platform>(p: &P, config: &Config<'_>, job: Job) -> Result<Handled, Trouble> {
    let outcome = match job {
        Job::Delivery { received_at, body } => {
            return handle_delivery::handle_delivery(p, config, &body, received_at).await;
        }
        Job::Spilled { id } => return handle_delivery::handle_spilled(p, config, &id).await,
        Job::Converse { conversation } => converse::converse(p, config, &conversation).await.map(|()| Outcome::Done),
        Job::Settle { account } => return settle::settle(p, config, &account).await,
        Job::Upload { account, sha256 } => upload::upload(p, config, &account, &sha256).await,
        Job::Replay { id } => replay::run(p, config, &id).await,
        Job::LookUp { account, from } => return look_up::look_up(p, config, &account, from).await,
        Job::Forget { account } => accounts::forget_rest(p, &account).await.map(|()| Outcome::Done),
        Job::Challenged { at } => p.sql(vec![health::well("crc", at)]).await.map(|_| Outcome::Done),
        Job::Refresh { account } => return refresh::refresh(p, config, &account).await,
        Job::Renewed { account, former, sealed, until } => {
            p.sql(vec![tokens::renewed(&account, &former, &sealed, until, p.now())]).await.map(|_| Outcome::Done)
        }
        Job::Handoff { conversation, generation } => handoff::run(p, config, &conversation, generation).await,
        Job::Drain { account, generation } => drain::drain(p, config, &account, generation).await,
    };
    outcome.map(Handled::from)
}
