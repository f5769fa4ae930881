//! One event, decided: what is written down for it, and what is said.

use super::arrivals::LATE;
use super::handoff::{self, Start};
use super::judge::{self, No, Scene, why_not};
use super::loaded::Loaded;
use super::turn::{Cast, Happened, Written, script_of, turn};
use super::{consent, echo, published};
use crate::bot::input::{Act, What};
use crate::bot::matching::START_OVER;
use crate::bot::message::{self as bot, Choice};
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::conversations::{self, ConversationId, Turned};
use crate::store::entries;
use crate::store::handoffs;
use crate::store::inbox::{self, Taken};
use crate::store::outbox::{self, Kind, Owed};
use crate::store::scripts::Live;
use crate::store::statement::Statement;
use crate::store::turns;
use crate::x_api::delivery::Item;
use crate::x_api::event::{Message, unescape};
use crate::x_api::public_act::PublicAct;
use crate::x_api::time::{Span, Timestamp};

const DEAD: &str = "Five attempts ended without an end: a fault of ours. It can be tried again from the dashboard.";

pub async fn decide<P: Platform>(
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
    let late = taken.created_at < now - LATE && loaded.unsettled.is_empty();
    let answered_by_hand = late && somebody_answered(p, id, taken.created_at).await?;
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
    let message = match Item::message(&taken.raw) {
        Ok(message) => message,
        Err(unreadable) => return Ok(wordless(taken, "set_aside", unreadable.0, now)),
    };
    let no = why_not(&scene, &message.sender, message.created, now);
    if taken.attempts > inbox::MOST_ATTEMPTS {
        return Ok(Written { batch: dead(p, &cast, taken, &message, no, now), ..Written::default() });
    }
    let batch = match no {
        None => return answer(p, &cast, taken, &message, now).await,
        Some(No::Own) => {
            let at = echo::Scene { id, account, conversation: scene.conversation, handoff: loaded.handoff.as_ref() };
            echo::settle(p, &at, &loaded.unsettled, taken, &message).await?
        }
        Some(No::Held) => for_people(&cast, taken, &message, now),
        Some(No::Agents) => to_agents(p, &cast, taken, &message, now),
        Some(no) => record(&cast, taken, &message, no, now),
    };
    Ok(Written { batch, ..Written::default() })
}

/// Nothing is said, and nothing was: the event alone is settled.
fn wordless(taken: &Taken, status: &str, outcome: &str, now: Timestamp) -> Written {
    Written { batch: vec![inbox::settle(&taken.key, status, outcome, now)], ..Written::default() }
}

/// Each of its attempts ended without an end. Whoever would have been answered is told that something went wrong.
fn dead<P: Platform>(
    p: &P,
    cast: &Cast<'_>,
    taken: &Taken,
    message: &Message,
    no: Option<No>,
    now: Timestamp,
) -> Vec<Statement> {
    let mut batch = vec![inbox::settle(&taken.key, "dead", DEAD, now)];
    // People see what it was, whoever has the conversation.
    batch.extend((no != Some(No::Own)).then(|| said_by_customer(cast.id, message)));
    let (state, turns) = conversations::so_far(cast.conversation);
    if no.is_some() || state.opted_out {
        return batch;
    }
    // A name of its own: should a person have it tried again, that is another turn.
    let (cause, number) = (format!("dead:{}", p.nonce()), turns + 1);
    let turned =
        Turned { state: &state, holder: "bot", holder_until: Timestamp(0), number, name: None, username: None };
    let start_over = Choice { id: START_OVER.to_owned(), label: cast.script.start_over.clone(), ..Choice::default() };
    // By its label: a number would be taken for one of what was offered before.
    let sorry = bot::Message {
        text: cast.script.apology.clone(),
        options: vec![start_over],
        by_label: true,
        ..bot::Message::default()
    };
    let body = serde_json::to_string(&sorry).unwrap_or_default();
    let owed = Owed { kind: Kind::Dm, cause: &cause, turn: number, place: 0, holder: "bot", media: None, body };
    batch.extend([
        turns::insert(cast.id, number, &cause, "bot", state.node.as_deref(), now),
        conversations::turn(cast.id, &turned, now),
        outbox::insert(cast.id, &owed, now),
    ]);
    batch
}

async fn somebody_answered<P: Platform>(p: &P, id: &ConversationId, since: Timestamp) -> Result<bool, Trouble> {
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
    if taken.attempts > inbox::MOST_ATTEMPTS {
        return Ok(wordless(taken, "dead", DEAD, now));
    }
    if let Some(no) = why_not(scene, &act.who, act.created.unwrap_or(now), now) {
        let mut refused = wordless(taken, "handled", no.words(), now);
        refused.batch.extend(pause(cast.id, no, now));
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
    batch.extend(settled(cast.id, taken, message, No::Held, now));
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
    batch.extend(settled(cast.id, taken, message, No::Agents, now));
    batch
}

fn record(cast: &Cast<'_>, taken: &Taken, message: &Message, no: No, now: Timestamp) -> Vec<Statement> {
    let mut batch = consent::heed(cast, &taken.key, message, now);
    batch.extend(settled(cast.id, taken, message, no, now));
    batch.extend(pause(cast.id, no, now));
    batch
}

fn pause(id: &ConversationId, no: No, now: Timestamp) -> Option<Statement> {
    (no == No::TooManyTurns).then(|| conversations::pause(id, now + judge::PAUSE))
}

fn settled(id: &ConversationId, taken: &Taken, message: &Message, no: No, now: Timestamp) -> Vec<Statement> {
    vec![inbox::settle(&taken.key, "handled", no.words(), now), said_by_customer(id, message)]
}

fn said_by_customer(id: &ConversationId, message: &Message) -> Statement {
    let received = message.attachment.as_ref().map(|attachment| attachment.kind.as_str());
    entries::delivered(id, &message.id, message.created, "customer", &unescape(&message.text), received)
}
