//! What is to be done about one event, decided on what stands in the store: no I/O, so every rule is a line in a test.

use super::handoff::settings::{Mode, Settings};
use crate::store::accounts::Account;
use crate::store::conversations::Conversation;
use crate::x_api::ids::UserId;
use crate::x_api::time::{Span, Timestamp};

/// Whatever the script says, what is older is never input.
const OLDEST_INPUT: Span = Span::days(30);
/// So many bot turns …
pub const MOST_TURNS: i64 = 20;
/// … in so long are two machines talking …
pub const TURNS_WITHIN: Span = Span::minutes(5);
/// … and the conversation pauses for so long.
pub const PAUSE: Span = Span::hours(1);

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

/// Why the bot does not take it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// From the account itself: never input.
    Own,
    TooOld,
    Off,
    OfOurs,
    /// People have the conversation.
    Held,
    ByHand,
    /// The account leaves every conversation to people.
    Agents,
    Paused,
    /// Two machines seem to be talking.
    Pauses,
}

impl No {
    pub fn words(self) -> &'static str {
        match self {
            Self::Own => "By the account itself.",
            Self::TooOld => "Too old: recorded, not answered.",
            Self::Off => "The account is switched off: recorded, not answered.",
            Self::OfOurs => "From another account of ours: recorded, not answered.",
            Self::Held => "A human holds the conversation.",
            Self::ByHand => "Came late, and somebody has answered by hand since: recorded.",
            Self::Agents => "The account leaves every conversation to people.",
            Self::Paused => "The conversation is paused: too many turns in five minutes.",
            Self::Pauses => "Twenty turns in five minutes: the conversation pauses.",
        }
    }
}

/// What `who` wrote or did at `created`: the first rule that forbids to take it up.
pub fn why_not(scene: &Scene<'_>, who: &UserId, created: Timestamp, now: Timestamp) -> Option<No> {
    let Scene { account, conversation, .. } = *scene;
    let rules = [
        (*who == account.id, No::Own),
        (created < now - scene.oldest_answered.min(OLDEST_INPUT), No::TooOld),
        (account.is_on == 0, No::Off),
        (scene.customer_is_ours && account.answers_own == 0, No::OfOurs),
        (conversation.is_some_and(|known| held_by_human(known, now)), No::Held),
        (scene.answered_by_hand, No::ByHand),
        (Settings::of(account.handoff.as_deref()).mode == Mode::Agents, No::Agents),
        (conversation.is_some_and(|known| known.paused_until > now), No::Paused),
        (scene.recent_turns >= MOST_TURNS, No::Pauses),
    ];
    rules.into_iter().find_map(|(forbids, no)| forbids.then_some(no))
}

pub fn held_by_human(conversation: &Conversation, now: Timestamp) -> bool {
    conversation.holder == "human" && conversation.holder_until > now
}
