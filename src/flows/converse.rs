//! One conversation taken up: every unhandled event stepped in order, then what is owed sent.

use serde_json::json;

use super::await_call::await_call;
use super::handoff;
use super::loaded::Loaded;
use super::one_event::decide;
use super::signal::{self, Signal};
use super::turn::Written;
use super::{send, tell};
use crate::config::Config;
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::conversations::{self, ConversationId, Left};
use crate::store::health;
use crate::store::inbox::{self, Taken};
use crate::x_api::time::Span;

/// One invocation takes up so many events at most; a job carries on, so that no invocation outlives its limits.
const MOST_EVENTS: usize = 10;

/// Takes the conversation up; what trouble prevents is left to a job soon, or else to the sweep. Gives the trouble for
/// the log.
pub async fn converse_or_leave<P: Platform>(
    p: &P,
    config: &Config<'_>,
    id: &ConversationId,
    loaded: Option<Loaded>,
) -> Option<Trouble> {
    let trouble = converse_from(p, config, id, loaded).await.err()?;
    let again = Job::Converse { conversation: id.clone() }.after(inbox::ATTEMPT + Span::seconds(1));
    // Should this fail too, the rows are past due within a minute or two.
    let _ = p.enqueue(vec![again]).await;
    Some(trouble)
}

pub async fn converse<P: Platform>(p: &P, config: &Config<'_>, id: &ConversationId) -> Result<(), Trouble> {
    converse_from(p, config, id, None).await
}

/// The same from what is loaded already.
async fn converse_from<P: Platform>(
    p: &P,
    config: &Config<'_>,
    id: &ConversationId,
    mut first: Option<Loaded>,
) -> Result<(), Trouble> {
    let (mut conflicts, mut handled) = (0, 0);
    for _ in 0..MOST_EVENTS {
        let loaded = match first.take() {
            Some(loaded) => loaded,
            None => Loaded::load(p, id).await?,
        };
        let Some(account) = &loaded.account else { return send::send_owed(p, config, id).await };
        if let Some(timer) = &loaded.timer {
            if !await_call(p, config, id, account, timer).await? {
                return Ok(());
            }
            continue;
        }
        if let Some(open) = loaded.handoff.as_ref().filter(|open| open.hold_until <= p.now()) {
            // Its timer is late: first the bot has the conversation back, then it answers.
            if let Some(taken) = &loaded.taken {
                p.sql(vec![inbox::give_back(&taken.key, p.now())]).await?;
            }
            handoff::tend(p, config, &open.conversation).await?;
            continue;
        }
        let Some(taken) = &loaded.taken else {
            send::send_owed(p, config, id).await?;
            let is_due = loaded.handoff.as_ref().and_then(|open| open.due_at).is_some_and(|due| due <= p.now());
            // A word of the customer has moved what comes next, and its alarm clock with it.
            return match loaded.handoff {
                Some(_) if is_due => handoff::tend(p, config, id).await,
                Some(open) if handled > 0 => handoff::arm_row(p, &open).await,
                _ => Ok(()),
            };
        };
        match handle(p, id, &loaded, account, taken).await {
            Ok((left, signals)) => {
                // Nobody's answer waits for its own receipt.
                let (before, after): (Vec<Signal>, Vec<Signal>) =
                    signals.into_iter().partition(|signal| *signal == Signal::Typing);
                signal::give(p, config, account, id, &before).await;
                handled += 1;
                let is_last = left.more == 0 && loaded.handoff.is_none();
                if is_last {
                    send::send_left(p, config, id, &left).await?;
                }
                signal::give(p, config, account, id, &after).await;
                if is_last {
                    return Ok(());
                }
            }
            Err(Trouble::Conflict(_)) => {
                // Somebody else wrote the next turn, perhaps this very one: load again and decide anew.
                conflicts += 1;
                let now = p.now();
                p.sql(vec![inbox::settle_if_turned(&taken.key, now), inbox::give_back(&taken.key, now)]).await?;
            }
            Err(Trouble::Settings(said)) => {
                // A person has to mend it, and is told; until then the sweep looks again, not ever more jobs.
                let (now, later) = (p.now(), p.now() + Span::minutes(5));
                let why = json!({"said": said, "what_to_do": "Publish a script that this Perch reads: perch apply FILE, or perch rollback N."});
                let ill = health::ill(&health::script(&id.account), &why.to_string(), later, now);
                p.sql(vec![inbox::give_back(&taken.key, later), ill]).await?;
                return send::send_owed(p, config, id).await;
            }
            Err(trouble) => {
                // The event is not to blame. If even this fails, the attempt stays counted.
                let _ = p.sql(vec![inbox::give_back(&taken.key, p.now() + Span::seconds(30))]).await;
                return Err(trouble);
            }
        }
    }
    send::send_owed(p, config, id).await?;
    // Where it is conflict upon conflict, others are at it: not so soon.
    let wait = if conflicts < MOST_EVENTS { Span::seconds(0) } else { Span::seconds(60) };
    p.enqueue(vec![Job::Converse { conversation: id.clone() }.after(wait)]).await
}

/// Writes the batch for the event; gives what the same batch sees left to do, and what is to be shown.
async fn handle<P: Platform>(
    p: &P,
    id: &ConversationId,
    loaded: &Loaded,
    account: &Account,
    taken: &Taken,
) -> Result<(Left, Vec<Signal>), Trouble> {
    let Written { mut batch, signals } = decide(p, id, loaded, account, taken).await?;
    batch.push(conversations::left(id, p.now()));
    let rows = tell::write(p, batch, Some(taken.created_at)).await?;
    let left: Option<Left> = rows.into_iter().next_back().unwrap_or_default().first()?;
    Ok((left.unwrap_or_default(), signals))
}
