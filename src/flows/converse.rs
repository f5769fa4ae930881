//! One conversation taken up: every unhandled event stepped in order, then what is owed sent.

use super::await_call::await_call;
use super::handoff::settings::{Mode, Settings};
use super::handoff::{self, Start};
use super::judge::{self, Scene, Verdict, judge};
use super::loaded::Loaded;
use super::signal::{self, Signal};
use super::turn::{Cast, Happened, Written, script_of, turn};
use super::{consent, echo, published, send, tell};
use crate::bot::input::{Act, What};
use crate::config::Config;
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::conversations::{self, ConversationId, Left};
use crate::store::entries;
use crate::store::handoffs;
use crate::store::inbox::{self, Taken};
use crate::store::scripts::Live;
use crate::store::statement::Statement;
use crate::x_api::delivery::Item;
use crate::x_api::event::{Message, unescape};
use crate::x_api::public_act::PublicAct;
use crate::x_api::time::{Span, Timestamp};

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
    let mut conflicts = 0;
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
            let is_due = loaded.handoff.and_then(|open| open.due_at).is_some_and(|due| due <= p.now());
            return if is_due { handoff::tend(p, config, id).await } else { Ok(()) };
        };
        match handle(p, id, &loaded, account, taken).await {
            Ok((left, signals)) => {
                // Nobody's answer waits for its own receipt.
                let (before, after): (Vec<Signal>, Vec<Signal>) =
                    signals.into_iter().partition(|signal| *signal == Signal::Typing);
                signal::give(p, config, account, id, &before).await;
                let is_last = left.more == 0;
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

async fn decide<P: Platform>(
    p: &P,
    id: &ConversationId,
    loaded: &Loaded,
    account: &Account,
    taken: &Taken,
) -> Result<Written, Trouble> {
    let now = p.now();
    let script = script_of(loaded.live.as_ref())?;
    let media = loaded.live.as_ref().map(Live::media).unwrap_or_default();
    // While the outcome of a message of ours is open, its echo could be taken for somebody's words.
    let late = taken.created_at < now - judge::LATE && loaded.open.is_empty();
    let answered_by_hand = late && answered_by_hand(p, id, taken.created_at).await?;
    let scene = Scene {
        account,
        answered_by_hand,
        conversation: loaded.conversation.as_ref(),
        customer_is_ours: loaded.customer_is_ours,
        oldest_answered: Span(script.max_event_age.as_ms()),
        recent_turns: loaded.recent_turns,
    };
    let ends = loaded.handoff.as_ref().map(|_| "over");
    let cast = Cast { id, account, conversation: scene.conversation, script: &script, media: &media, ends };
    if let Some(act) = Item::act(&taken.kind, &taken.raw) {
        return public_act(p, &cast, &scene, taken, &act, now).await;
    }
    let batch = match judge(&scene, taken, Item::message(&taken.raw), now) {
        Verdict::Echo(message) => {
            let at = echo::Scene { id, account, conversation: scene.conversation, handoff: loaded.handoff.as_ref() };
            echo::settle(p, &at, &loaded.open, taken, &message).await?
        }
        Verdict::Dead => {
            let outcome =
                "Five attempts ended without an end: a fault of ours. It can be retried from the status page.";
            vec![inbox::settle(&taken.key, "dead", outcome, now)]
        }
        Verdict::SetAside(unreadable) => vec![inbox::settle(&taken.key, "set_aside", unreadable.0, now)],
        Verdict::Record(message, why) => record(&cast, taken, &message, why, now),
        Verdict::ForPeople(message) => for_people(&cast, taken, &message, now),
        Verdict::Pause(message) => {
            let mut all = record(&cast, taken, &message, judge::PAUSES, now);
            all.push(conversations::pause(id, now + judge::PAUSE));
            all
        }
        Verdict::Answer(message) if Settings::of(account.handoff.as_deref()).mode == Mode::Agents => {
            to_agents(p, &cast, taken, &message, now)
        }
        Verdict::Answer(message) => return answer(p, &cast, taken, &message, now).await,
    };
    Ok(Written { batch, ..Written::default() })
}

async fn answered_by_hand<P: Platform>(p: &P, id: &ConversationId, since: Timestamp) -> Result<bool, Trouble> {
    let rows = p.sql(vec![entries::by_hand_since(id, since), inbox::own_since(id, since)]).await?;
    Ok(rows.iter().any(|rows| !rows.is_empty()))
}

async fn answer<P: Platform>(
    p: &P,
    cast: &Cast<'_>,
    taken: &Taken,
    message: &Message,
    now: Timestamp,
) -> Result<Written, Trouble> {
    let (name, username) = Item::user(&taken.raw, &cast.id.customer);
    let welcome = match &message.welcome {
        Some(welcome) => published::welcome_name(p, &cast.id.account, welcome).await?,
        None => None,
    };
    let what = What::Said {
        text: unescape(&message.text),
        option: message.option.clone(),
        welcome,
        post: message.post.as_ref().map(ToString::to_string),
    };
    let cause = format!("event:{}", taken.key);
    let happened = Happened { cause: &cause, what, name, username, read: Some(message.id.clone()) };
    let mut written = turn(p, cast, &happened, now).await?;
    written.batch.push(inbox::settle(&taken.key, "handled", "answered", now));
    written.batch.push(said_by_customer(cast.id, message));
    Ok(written)
}

/// Something that the customer did in public, which the script may take up.
async fn public_act<P: Platform>(
    p: &P,
    cast: &Cast<'_>,
    scene: &Scene<'_>,
    taken: &Taken,
    act: &PublicAct,
    now: Timestamp,
) -> Result<Written, Trouble> {
    let ended = |status: &str, outcome: &str| Written {
        batch: vec![inbox::settle(&taken.key, status, outcome, now)],
        ..Written::default()
    };
    if taken.attempts > inbox::MOST_ATTEMPTS {
        return Ok(ended("dead", "Five attempts ended without an end: a fault of ours."));
    }
    if let Some(why) = judge::why_not_taken_up(scene, act, act.created.unwrap_or(now), now) {
        let mut refused = ended("handled", why);
        refused.batch.extend((why == judge::PAUSES).then(|| conversations::pause(cast.id, now + judge::PAUSE)));
        return Ok(refused);
    }
    let kind = match taken.kind.as_str() {
        "mention" => Act::Mention,
        "follow" => Act::Follow,
        _ => Act::Favorite,
    };
    // X: a Direct Message only to people who have written first.
    let may_dm =
        scene.conversation.is_some_and(|conversation| conversation.turns > 0 && conversation.state().node.is_some());
    let post = act.post.as_ref().map(ToString::to_string);
    let what = What::Did { act: kind, text: unescape(&act.text), post, may_dm };
    let cause = format!("event:{}", taken.key);
    let (name, username) = (act.name.clone(), act.username.clone());
    let mut written = turn(p, cast, &Happened { cause: &cause, what, name, username, read: None }, now).await?;
    written.batch.push(inbox::settle(&taken.key, "handled", "taken up", now));
    Ok(written)
}

/// People have the conversation: a turn without a word of ours, so that whoever gives it back at this very moment looks
/// again.
fn for_people(cast: &Cast<'_>, taken: &Taken, message: &Message, now: Timestamp) -> Vec<Statement> {
    let cause = format!("event:{}", taken.key);
    let until = cast.conversation.map(|held| held.holder_until).unwrap_or_default();
    let (_, mut batch) = handoff::human_turn(cast.id, consent::so_far(cast, message), &cause, "customer", until, now);
    batch.push(handoffs::customer_spoke(cast.id, now));
    batch.extend(settled(cast.id, taken, message, "A human holds the conversation.", now));
    batch
}

/// The account leaves every conversation to people.
fn to_agents<P: Platform>(p: &P, cast: &Cast<'_>, taken: &Taken, message: &Message, now: Timestamp) -> Vec<Statement> {
    let cause = format!("event:{}", taken.key);
    let (name, username) = Item::user(&taken.raw, &cast.id.customer);
    let start = Start {
        id: cast.id,
        account: cast.account,
        cause: &cause,
        by: "mode",
        note: None,
        until: now + handoff::AGENT_HOLDS,
    };
    let mut batch: Vec<Statement> = cast.ends.map(|why| handoffs::end(cast.id, why, now)).into_iter().collect();
    batch.extend(handoff::by_mode(p, &start, consent::so_far(cast, message), name.as_deref().unwrap_or_default()));
    batch.push(conversations::named(cast.id, name.as_deref(), username.as_deref()));
    batch.extend(settled(cast.id, taken, message, "The account leaves every conversation to people.", now));
    batch
}

fn record(cast: &Cast<'_>, taken: &Taken, message: &Message, why: &str, now: Timestamp) -> Vec<Statement> {
    let mut batch = consent::heed(cast, &taken.key, message, now);
    batch.extend(settled(cast.id, taken, message, why, now));
    batch
}

fn settled(id: &ConversationId, taken: &Taken, message: &Message, why: &str, now: Timestamp) -> Vec<Statement> {
    vec![inbox::settle(&taken.key, "handled", why, now), said_by_customer(id, message)]
}

fn said_by_customer(id: &ConversationId, message: &Message) -> Statement {
    let received = message.attachment.as_ref().map(|attachment| attachment.kind.as_str());
    entries::delivered(id, &message.id, message.created, "customer", &message.text, received)
}
