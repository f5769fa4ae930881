//! Every minute: whatever is past due is taken up again, whatever became of the job that should have done it.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::refresh;
use crate::error::Trouble;
use crate::job::{Job, Queued};
use crate::platform::Platform;
use crate::store::conversations::ConversationId;
use crate::store::sessions;
use crate::store::{costs, guesses, handoffs, inbox, media, outbox, replays, spill, timers, tokens};
use crate::told::{self, Told};
use crate::x_api::ids::UserId;
use crate::x_api::time::{Span, Timestamp};

/// Longer than any replay window of X, so that a replayed event is always known.
const KEPT: Span = Span::days(35);
/// A job made here is expected to have done its work by then.
const AGAIN: Span = Span::minutes(5);
/// A call that nobody has made so shortly before it is given up: its job was lost.
const UNCLAIMED: Span = Span::seconds(15);
const MOST: i64 = 200;

pub async fn sweep<P: Platform>(p: &P) -> Result<(), Trouble> {
    #[derive(Deserialize)]
    struct Wanted {
        account_id: UserId,
        sha256: String,
    }
    #[derive(Deserialize)]
    struct LookUp {
        account_id: UserId,
        from_at: Timestamp,
    }
    let now = p.now();
    let mut rows = p
        .sql(vec![
            inbox::take_due(now, now + AGAIN, MOST),
            outbox::lists::due(now, MOST),
            outbox::lists::accounts_in_doubt(now),
            spill::take_due(now, MOST),
            inbox::prune(now - KEPT, MOST),
            timers::due(now, now + UNCLAIMED, MOST),
            media::due(now, MOST),
            replays::due(now, MOST),
            replays::look_ups_due(now, MOST),
            tokens::due(now + refresh::EARLY, now, MOST),
            costs::prune(now),
            handoffs::due(now, MOST),
            sessions::prune(now),
            guesses::prune(now),
        ])
        .await?
        .into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let mut conversations: BTreeSet<ConversationId> = next().all()?.into_iter().collect();
    conversations.extend(next().all::<ConversationId>()?);
    let doubtful = next().texts("id")?;
    let spilled = next().texts("id")?;
    next();
    conversations.extend(next().all::<ConversationId>()?);
    let uploads: Vec<Wanted> = next().all()?;
    let replays = next().texts("id")?;
    let look_ups: Vec<LookUp> = next().all()?;
    let ending = next().texts("id")?;
    next();
    conversations.extend(next().all::<ConversationId>()?);
    let mut found = told::Sweep {
        conversations: conversations.len(),
        in_doubt: doubtful.len(),
        files: uploads.len(),
        replays: replays.len(),
        look_ups: look_ups.len(),
        tokens: ending.len(),
        spilled: spilled.len(),
        ..told::Sweep::default()
    };
    let jobs: Vec<Queued> = conversations
        .into_iter()
        .map(|conversation| Job::Converse { conversation })
        .chain(doubtful.into_iter().map(|id| Job::Settle { account: UserId::from(id) }))
        .chain(uploads.into_iter().map(|row| Job::Upload { account: row.account_id, sha256: row.sha256 }))
        .chain(replays.into_iter().map(|id| Job::Replay { id }))
        .chain(look_ups.into_iter().map(|row| Job::LookUp { account: row.account_id, from: row.from_at }))
        .chain(ending.into_iter().map(|id| Job::Refresh { account: UserId::from(id) }))
        .chain(spilled.into_iter().map(|id| Job::Spilled { id }))
        .map(Job::now)
        .collect();
    found.jobs = jobs.len();
    if found.jobs > 0 {
        p.enqueue(jobs).await?;
        found.took = (p.now() - now).into();
        p.tell(&Told::Sweep(found));
    }
    Ok(())
}
