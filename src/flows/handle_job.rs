//! One message of the queue, to its end: done, again later, or dead with a reason.

use super::{bury, converse, drain, handle_delivery, settle};
use crate::config::Config;
use crate::error::Trouble;
use crate::job::{Job, Outcome, back_off};
use crate::platform::Platform;

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

/// How the message is to be settled, and the trouble behind a retry for the log. A dead one is buried before.
pub async fn handle<P: Platform>(p: &P, config: &Config<'_>, taken: &Taken) -> (Outcome, Option<Trouble>) {
    let outcome = if taken.queue.ends_with(DEAD_LETTERS) {
        Ok(Outcome::Dead("tried a hundred times without success".to_owned()))
    } else {
        match serde_json::from_str(&taken.body) {
            Ok(job) => run(p, config, job).await,
            Err(error) => Ok(Outcome::Dead(format!("not a job of ours: {error}"))),
        }
    };
    let buried = match outcome {
        Ok(Outcome::Dead(why)) => {
            bury::bury(p, &taken.id, &taken.queue, &taken.body, &why).await.map(|()| Outcome::Dead(why))
        }
        other => other,
    };
    match buried {
        Ok(outcome) => (outcome, None),
        Err(trouble) => (Outcome::RetryIn(back_off(taken.attempts)), Some(trouble)),
    }
}

async fn run<P: Platform>(p: &P, config: &Config<'_>, job: Job) -> Result<Outcome, Trouble> {
    match job {
        Job::Delivery { received_at, body } => handle_delivery::handle_delivery(p, config, &body, received_at).await,
        Job::Spilled { id } => handle_delivery::handle_spilled(p, config, &id).await,
        Job::Converse { conversation } => converse::converse(p, config, &conversation).await.map(|()| Outcome::Done),
        Job::Settle { account } => settle::settle(p, config, &account).await,
        Job::Drain { account, generation } => drain::drain(p, config, &account, generation).await,
    }
}
