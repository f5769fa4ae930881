//! One conversation taken up: every unhandled event stepped in order, then what is owed sent.

use sha2::{Digest, Sha256};

use super::judge::{self, Scene, TURNS_WITHIN, Verdict, judge};
use super::{echo, script, send};
use crate::bot::effect::{Effect, Stepped};
use crate::bot::input::{Input, What};
use crate::bot::message::Message as Said;
use crate::bot::step::step;
use crate::config::{Config, LIMITS};
use crate::error::Trouble;
use crate::job::Job;
use crate::platform::Platform;
use crate::store::accounts::{self, Account};
use crate::store::conversations::{self, Conversation, ConversationId, Turned};
use crate::store::inbox::{self, Taken};
use crate::store::outbox::{self, Owed, Sending};
use crate::store::statement::{Rows, Statement};
use crate::store::{entries, turns};
use crate::x_api::delivery::Item;
use crate::x_api::event::{Message, unescape};
use crate::x_api::time::{Span, Timestamp};

/// One invocation takes up so many events at most; a job carries on, so that no invocation outlives its limits.
const MOST_EVENTS: usize = 10;

/// Takes the conversation up; what trouble prevents is left to a job soon, or else to the sweep. Gives the trouble for
/// the log.
pub async fn converse_or_leave<P: Platform>(p: &P, config: &Config<'_>, id: &ConversationId) -> Option<Trouble> {
    let trouble = converse(p, config, id).await.err()?;
    let again = Job::Converse { conversation: id.clone() }.after(inbox::ATTEMPT + Span::seconds(1));
    // Should this fail too, the rows are past due within a minute or two.
    let _ = p.enqueue(vec![again]).await;
    Some(trouble)
}

pub async fn converse<P: Platform>(p: &P, config: &Config<'_>, id: &ConversationId) -> Result<(), Trouble> {
    for _ in 0..MOST_EVENTS {
        let loaded = Loaded::load(p, id).await?;
        let Some((account, taken)) = loaded.account.as_ref().zip(loaded.taken.as_ref()) else {
            return send::send_owed(p, config, id).await;
        };
        match handle(p, id, &loaded, account, taken).await {
            Ok(()) => {}
            Err(Trouble::Conflict(_)) => {
                // Somebody else wrote the next turn, perhaps this very one: load again and decide anew.
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
    p.enqueue(vec![Job::Converse { conversation: id.clone() }.now()]).await
}

/// What one batch brings: the next event, taken, and all that is needed to decide about it.
struct Loaded {
    account: Option<Account>,
    conversation: Option<Conversation>,
    taken: Option<Taken>,
    open: Vec<Sending>,
    customer_is_ours: bool,
    recent_turns: i64,
}

#[derive(serde::Deserialize)]
struct Count {
    count: i64,
}

impl Loaded {
    async fn load<P: Platform>(p: &P, id: &ConversationId) -> Result<Self, Trouble> {
        let now = p.now();
        let rows = p
            .sql(vec![
                inbox::park_unknown(id),
                accounts::get(&id.account),
                conversations::get(id),
                inbox::take(id, now),
                outbox::open_in(id),
                accounts::get(&id.customer),
                turns::recent(id, judge::MOST_TURNS, now - TURNS_WITHIN),
            ])
            .await?;
        let mut rows = rows.into_iter().skip(1);
        let mut next = || rows.next().unwrap_or_default();
        Ok(Self {
            account: next().first()?,
            conversation: next().first()?,
            taken: next().first()?,
            open: next().all()?,
            customer_is_ours: !next().is_empty(),
            recent_turns: next().first::<Count>()?.map_or(0, |row| row.count),
        })
    }
}

async fn handle<P: Platform>(
    p: &P,
    id: &ConversationId,
    loaded: &Loaded,
    account: &Account,
    taken: &Taken,
) -> Result<(), Trouble> {
    let now = p.now();
    let scene = Scene {
        account,
        conversation: loaded.conversation.as_ref(),
        customer_is_ours: loaded.customer_is_ours,
        recent_turns: loaded.recent_turns,
    };
    let statements = match judge(&scene, taken, Item::message(&taken.raw), now) {
        Verdict::Echo(message) => return echo::settle(p, id, &loaded.open, scene.conversation, taken, &message).await,
        Verdict::Dead => {
            let outcome =
                "Five attempts ended without an end: a fault of ours. It can be retried from the status page.";
            vec![inbox::settle(&taken.key, "dead", outcome, now)]
        }
        Verdict::SetAside(unreadable) => vec![inbox::settle(&taken.key, "set_aside", unreadable.0, now)],
        Verdict::Record(message, why) => record(id, taken, &message, why, now),
        Verdict::Pause(message) => {
            let mut all = record(id, taken, &message, "Twenty turns in five minutes: the conversation pauses.", now);
            all.push(conversations::pause(id, now + judge::PAUSE));
            all
        }
        Verdict::Answer(message) => answer(id, scene.conversation, taken, &message, now)?,
    };
    p.sql(statements).await.map(|_: Vec<Rows>| ())
}

/// The batch of a turn: its number is the lock, its cause is unique, and the event is handled with it or not at all.
fn answer(
    id: &ConversationId,
    conversation: Option<&Conversation>,
    taken: &Taken,
    message: &Message,
    now: Timestamp,
) -> Result<Vec<Statement>, Trouble> {
    let script = script::built_in().ok_or_else(|| Trouble::Settings("the built-in script is not sound".to_owned()))?;
    let (state, turns_so_far) = judge::so_far(conversation);
    let number = turns_so_far + 1;
    let cause = format!("event:{}", taken.key);
    let (name, username) = Item::user(&taken.raw, &id.customer);
    let said = What::Said { text: unescape(&message.text), option: message.option.clone(), welcome: None, post: None };
    let input = Input { what: said, at: now.0, dice: dice(&cause), ..Input::default() };
    let Stepped { state, effects, .. } = step(script, &LIMITS, &state, &input);
    let turned = Turned { state: &state, holder: "bot", holder_until: Timestamp(0), number, name, username };
    let mut batch = vec![
        turns::insert(id, number, &cause, "bot", state.node.as_deref(), now),
        conversations::turn(id, &turned, now),
        inbox::settle(&taken.key, "handled", "answered", now),
        said_by_customer(id, message),
    ];
    for (place, effect) in (0..).zip(&effects) {
        let Effect::Say(body) = effect else { continue };
        batch.push(outbox::insert(id, &Owed { cause: &cause, turn: number, place, holder: "bot", body }, now));
    }
    Ok(batch)
}

fn record(id: &ConversationId, taken: &Taken, message: &Message, why: &str, now: Timestamp) -> Vec<Statement> {
    vec![inbox::settle(&taken.key, "handled", why, now), said_by_customer(id, message)]
}

fn said_by_customer(id: &ConversationId, message: &Message) -> Statement {
    let body = Said { text: message.text.clone(), ..Said::default() };
    entries::insert(id, &message.id, message.created, "customer", &body)
}

/// The same cause throws the same dice, so that a turn that is stepped twice says the same.
fn dice(cause: &str) -> u64 {
    Sha256::digest(cause.as_bytes()).iter().take(8).fold(0, |dice, byte| dice << 8 | u64::from(*byte))
}
