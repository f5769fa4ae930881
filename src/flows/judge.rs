//! What is to be done about one event, decided on what stands in the store: no I/O, so every rule is a line in a test.

use super::handoff::settings::{Mode, Settings};
use crate::bot::state::State;
use crate::store::accounts::Account;
use crate::store::conversations::Conversation;
use crate::store::inbox::{MOST_ATTEMPTS, Taken};
use crate::x_api::event::{Message, Unreadable};
use crate::x_api::public_act::PublicAct;
use crate::x_api::time::{Span, Timestamp};

/// Whatever the script says, what is older is never input.
const OLDEST_INPUT: Span = Span::days(30);
/// An event that is so old came late: a replay or a look-up brought it …
pub const LATE: Span = Span::minutes(10);
/// … and waits so long for what else they bring: an older one, or an answer that somebody gave by hand.
const GATHERING: Span = Span::minutes(2);

/// Before when nobody takes an event that has just been written down; 0: at once.
pub fn not_before(created: Timestamp, received: Timestamp) -> Timestamp {
    if created < received - LATE { received + GATHERING } else { Timestamp(0) }
}
/// So many bot turns …
pub const MOST_TURNS: i64 = 20;
/// … in so long are two machines talking …
pub const TURNS_WITHIN: Span = Span::minutes(5);
/// … and the conversation pauses for so long.
pub const PAUSE: Span = Span::hours(1);
pub const PAUSES: &str = "Twenty turns in five minutes: the conversation pauses.";
const PAUSED: &str = "The conversation is paused: too many turns in five minutes.";

/// What the store says about the conversation of the event.
#[derive(Clone, Debug)]
pub struct Scene<'a> {
    pub account: &'a Account,
    pub conversation: Option<&'a Conversation>,
    /// The customer is another account of ours.
    pub customer_is_ours: bool,
    /// An older event is recorded, not answered.
    pub oldest_answered: Span,
    /// Somebody has written to the customer in X's own app since; told only of a message that comes late.
    pub answered_by_hand: bool,
    /// Bot turns within [`TURNS_WITHIN`], counted up to [`MOST_TURNS`].
    pub recent_turns: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Started again and again and never settled.
    Dead,
    SetAside(Unreadable),
    /// From the account itself: never input.
    Echo(Message),
    /// Said by the customer, kept, and not answered.
    Record(Message, &'static str),
    /// Said to the people who have the conversation.
    ForPeople(Message),
    /// Two machines seem to be talking.
    Pause(Message),
    Answer(Message),
}

/// Why a public act is not taken up; `None` for one that is.
pub fn why_not_taken_up(
    scene: &Scene<'_>,
    act: &PublicAct,
    created: Timestamp,
    now: Timestamp,
) -> Option<&'static str> {
    if act.who == scene.account.id {
        return Some("By the account itself.");
    }
    if scene.account.is_on == 0 {
        return Some("The account is switched off.");
    }
    if scene.customer_is_ours && scene.account.answers_own == 0 {
        return Some("By another account of ours.");
    }
    if created < now - scene.oldest_answered.min(OLDEST_INPUT) {
        return Some("Too old: recorded, not taken up.");
    }
    if Settings::of(scene.account.handoff.as_deref()).mode == Mode::Agents {
        return Some("The account leaves every conversation to people.");
    }
    if scene.conversation.is_some_and(|conversation| held_by_human(conversation, now)) {
        return Some("A human holds the conversation.");
    }
    if scene.conversation.is_some_and(|conversation| conversation.paused_until > now) {
        return Some(PAUSED);
    }
    (scene.recent_turns >= MOST_TURNS).then_some(PAUSES)
}

pub fn judge(scene: &Scene<'_>, taken: &Taken, message: Result<Message, Unreadable>, now: Timestamp) -> Verdict {
    if taken.attempts > MOST_ATTEMPTS {
        return Verdict::Dead;
    }
    let message = match message {
        Ok(message) => message,
        Err(unreadable) => return Verdict::SetAside(unreadable),
    };
    if message.sender == scene.account.id {
        return Verdict::Echo(message);
    }
    if message.created < now - scene.oldest_answered.min(OLDEST_INPUT) {
        return Verdict::Record(message, "Too old: recorded, not answered.");
    }
    if scene.account.is_on == 0 {
        return Verdict::Record(message, "The account is switched off: recorded, not answered.");
    }
    if scene.customer_is_ours && scene.account.answers_own == 0 {
        return Verdict::Record(message, "From another account of ours: recorded, not answered.");
    }
    if let Some(conversation) = scene.conversation {
        if held_by_human(conversation, now) {
            return Verdict::ForPeople(message);
        }
        if conversation.paused_until > now {
            return Verdict::Record(message, PAUSED);
        }
    }
    if scene.answered_by_hand {
        return Verdict::Record(message, "Came late, and somebody has answered by hand since: recorded.");
    }
    if scene.recent_turns >= MOST_TURNS {
        return Verdict::Pause(message);
    }
    Verdict::Answer(message)
}

pub fn held_by_human(conversation: &Conversation, now: Timestamp) -> bool {
    conversation.holder == "human" && conversation.holder_until > now
}

/// State and number of turns so far: nothing, before the first turn.
pub fn so_far(conversation: Option<&Conversation>) -> (State, i64) {
    conversation.map_or_else(Default::default, |conversation| (conversation.state(), conversation.turns))
}
