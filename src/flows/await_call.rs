//! A conversation that waits for the result of a call: whoever claims it makes the call, and its result is a turn.

use super::judge::held_by_human;
use super::signal::{self, Signal};
use super::tell::write;
use super::turn::{Cast, Happened, Written, script_of, turn};
use super::{send, web_call};
use crate::bot::effect::Answer;
use crate::bot::input::{Failure, What};
use crate::bot::state::State;
use crate::config::Config;
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::conversations::{self, Conversation, ConversationId, Turned};
use crate::store::scripts::{self, Live};
use crate::store::statement::Statement;
use crate::store::timers::{self, Timer};
use crate::store::turns;
use crate::x_api::time::Span;

/// Tries to write down what a call brought.
const MOST_TRIES: usize = 5;

/// The conversation waits for the result of a call. Says whether there is one now, and so whether to go on.
pub async fn await_call<P: Platform>(
    p: &P,
    config: &Config<'_>,
    id: &ConversationId,
    account: &Account,
    timer: &Timer,
) -> Result<bool, Trouble> {
    // What was said before the call goes first.
    send::send_owed(p, config, id).await?;
    let is_over = timer.due_at <= p.now();
    let claim = p.nonce();
    let result = if is_over {
        Err(Failure::new("timeout", "the call brought no answer in time"))
    } else if timer.claim.is_none() && claimed(p, timer, &claim).await? {
        match timer.call() {
            Some(call) => {
                signal::give(p, config, account, id, &[Signal::Typing]).await;
                web_call::make(p, config, &call, &timer.id).await
            }
            None => Err(Failure::new("refused", "another version of Perch wrote this call")),
        }
    } else {
        // Another worker makes it. Should it be lost, the call is given up then.
        let wait = timer.due_at - p.now() + Span::seconds(1);
        p.enqueue(vec![Job::Converse { conversation: id.clone() }.after(wait)]).await?;
        return Ok(false);
    };
    let signals = take_result(p, id, account, timer, &result).await?;
    signal::give(p, config, account, id, &signals).await;
    Ok(true)
}

/// The turn of a call's result. When somebody else wrote a turn meanwhile, the same result is told to what is now.
async fn take_result<P: Platform>(
    p: &P,
    id: &ConversationId,
    account: &Account,
    timer: &Timer,
    result: &Answer,
) -> Result<Vec<Signal>, Trouble> {
    let mut tries = 0;
    loop {
        tries += 1;
        match turn_of_result(p, id, account, timer, result).await {
            // It was done once and will not be done again: its result is worth some patience with the database.
            Err(Trouble::Conflict(_) | Trouble::Storage(_)) if tries < MOST_TRIES => {}
            other => return other,
        }
    }
}

async fn turn_of_result<P: Platform>(
    p: &P,
    id: &ConversationId,
    account: &Account,
    timer: &Timer,
    result: &Answer,
) -> Result<Vec<Signal>, Trouble> {
    let [_, open, conversation, live] = p
        .each([
            timers::delete_if_turned(&timer.id),
            timers::open_in(id),
            conversations::get(id),
            scripts::live(&id.account),
        ])
        .await?;
    if open.first::<Timer>()?.is_none_or(|open| open.id != timer.id) {
        return Ok(Vec::new());
    }
    let conversation: Option<Conversation> = conversation.first()?;
    if let Some(held) = conversation.as_ref().filter(|held| held_by_human(held, p.now())) {
        return write(p, overtaken(p, id, held, timer), None).await.map(|_| Vec::new());
    }
    let live: Option<Live> = live.first()?;
    let script = script_of(live.as_ref())?;
    let media = live.as_ref().map(Live::media).unwrap_or_default();
    let what = What::Answered { token: timer.token.clone(), result: result.clone() };
    let happened = Happened { cause: &timer.id, what, name: None, username: None, read: None };
    let cast = Cast { id, account, conversation: conversation.as_ref(), script: &script, media: &media, ends: None };
    let Written { mut batch, signals } = turn(p, &cast, &happened, p.now()).await?;
    batch.push(timers::delete(&timer.id));
    write(p, batch, None).await.map(|_| signals)
}

/// People have taken the conversation meanwhile: the bot says nothing to what the call brought.
fn overtaken<P: Platform>(p: &P, id: &ConversationId, held: &Conversation, timer: &Timer) -> Vec<Statement> {
    let state = State { waiting: None, ..held.state() };
    let number = held.turns + 1;
    let (now, holder_until) = (p.now(), held.holder_until);
    let turned = Turned { state: &state, holder: "human", holder_until, number, name: None, username: None };
    vec![
        turns::insert(id, number, &timer.id, "human", state.node.as_deref(), now),
        conversations::turn(id, &turned, now),
        timers::delete(&timer.id),
    ]
}

async fn claimed<P: Platform>(p: &P, timer: &Timer, claim: &str) -> Result<bool, Trouble> {
    // The claim has a name and may be repeated: its lost answer is not to cost the customer the whole wait.
    let rows = match p.sql(vec![timers::claim(&timer.id, claim)]).await {
        Err(Trouble::Storage(_)) => p.sql(vec![timers::claim(&timer.id, claim)]).await?,
        other => other?,
    };
    Ok(rows.first().is_some_and(|rows| !rows.is_empty()))
}
