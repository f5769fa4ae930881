//! An account that was held may send again: its conversations, one after the other, until X says stop.

use super::converse::converse;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::{Job, Outcome};
use crate::platform::Platform;
use crate::store::accounts::{self, Held};
use crate::store::outbox::{self, lists::Next};
use crate::x_api::ids::UserId;
use crate::x_api::time::Span;

/// Conversations that one job takes up; another follows.
const AT_ONCE: i64 = 20;
/// How long the job waits after a round in which nothing was sent.
const STOOD_STILL: Span = Span::seconds(15);

pub async fn drain<P: Platform>(
    p: &P,
    config: &Config<'_>,
    account: &UserId,
    generation: i64,
) -> Result<Outcome, Trouble> {
    let Some(held) = state(p, account).await?.filter(|held| held.drain == generation) else {
        return Ok(Outcome::Done);
    };
    let again = || Job::Drain { account: account.clone(), generation };
    let now = p.now();
    if held.held_until > now {
        p.enqueue(vec![again().after(held.held_until - now)]).await?;
        return Ok(Outcome::Done);
    }
    let owing = owing(p, account).await?;
    for next in &owing {
        converse(p, config, &next.conversation).await?;
        // Refused anew: a drain of the next generation is on its way.
        if state(p, account).await?.is_none_or(|held| held.drain != generation) {
            return Ok(Outcome::Done);
        }
    }
    let left = self::owing(p, account).await?;
    if !left.is_empty() {
        // Where nothing moved, each waits for something that only time brings: a call, a worker who is at it.
        let wait = if left == owing { STOOD_STILL } else { Span::seconds(0) };
        p.enqueue(vec![again().after(wait)]).await?;
    }
    Ok(Outcome::Done)
}

async fn owing<P: Platform>(p: &P, account: &UserId) -> Result<Vec<Next>, Trouble> {
    p.all(outbox::lists::owing(account, p.now(), AT_ONCE)).await
}

async fn state<P: Platform>(p: &P, account: &UserId) -> Result<Option<Held>, Trouble> {
    p.first(accounts::drain_of(account)).await
}
