//! An account that was held may send again: its conversations, one after the other, until X says stop.

use super::converse::converse;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::{Job, Outcome};
use crate::platform::Platform;
use crate::store::accounts::{self, Held};
use crate::store::conversations::ConversationId;
use crate::store::outbox;
use crate::x_api::ids::UserId;

/// Conversations that one job takes up; another follows.
const AT_ONCE: i64 = 20;

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
    let rows = p.sql(vec![outbox::lists::owing(account, now, AT_ONCE)]).await?;
    let owing: Vec<ConversationId> = rows.into_iter().next().unwrap_or_default().all()?;
    for conversation in &owing {
        converse(p, config, conversation).await?;
        // Refused anew: a drain of the next generation is on its way.
        if state(p, account).await?.is_none_or(|held| held.drain != generation) {
            return Ok(Outcome::Done);
        }
    }
    if !owing.is_empty() {
        p.enqueue(vec![again().now()]).await?;
    }
    Ok(Outcome::Done)
}

async fn state<P: Platform>(p: &P, account: &UserId) -> Result<Option<Held>, Trouble> {
    let rows = p.sql(vec![accounts::drain_of(account)]).await?;
    Ok(rows.into_iter().next().unwrap_or_default().first()?)
}
