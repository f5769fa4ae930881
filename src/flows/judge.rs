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
    TooManyTurns,
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
            Self::TooManyTurns => "Twenty turns in five minutes: the conversation pauses.",
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
        (scene.recent_turns >= MOST_TURNS, No::TooManyTurns),
    ];
    rules.into_iter().find_map(|(forbids, no)| forbids.then_some(no))
}

pub fn held_by_human(conversation: &Conversation, now: Timestamp) -> bool {
    conversation.holder == "human" && conversation.holder_until > now
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: Timestamp = Timestamp(1_000_000_000_000);
    const DAY: Span = Span::hours(24);

    /// One that is ready, with these columns in place of the usual ones.
    pub fn account(more: Value) -> Account {
        let mut row = json!({
            "id": "1", "username": "", "name": "", "tokens": "", "status": "ready", "held_until": 0, "looked_at": 0,
            "answers_own": 0, "is_on": 1, "speaks": "rich", "speaks_by": "probe", "probed_at": 0, "oauth2_until": 0,
            "oauth2_since": 0, "acts": "", "hears": 1, "spent_until": 0,
        });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(row).unwrap()
    }

    fn conversation(holder: &str, holder_until: Timestamp, paused_until: Timestamp) -> Conversation {
        let row = json!({"state": "{}", "holder": holder, "holder_until": holder_until, "turns": 1, "paused_until": paused_until});
        serde_json::from_value(row).unwrap()
    }

    fn scene(account: &Account) -> Scene<'_> {
        Scene {
            account,
            conversation: None,
            customer_is_ours: false,
            oldest_answered: DAY,
            answered_by_hand: false,
            recent_turns: 0,
        }
    }

    fn of_customer(scene: &Scene<'_>, created: Timestamp) -> Option<No> {
        why_not(scene, &"2".into(), created, NOW)
    }

    #[test]
    fn each_rule_forbids_by_itself() {
        let ours = account(json!({}));
        assert_eq!(of_customer(&scene(&ours), NOW), None);
        assert_eq!(why_not(&scene(&ours), &"1".into(), NOW, NOW), Some(No::Own));
        let off = account(json!({"is_on": 0}));
        assert_eq!(of_customer(&scene(&off), NOW), Some(No::Off));
        let agents = account(json!({"handoff": "{\"mode\": \"agents\"}"}));
        assert_eq!(of_customer(&scene(&agents), NOW), Some(No::Agents));
        assert_eq!(of_customer(&Scene { customer_is_ours: true, ..scene(&ours) }, NOW), Some(No::OfOurs));
        let answers = account(json!({"answers_own": 1}));
        assert_eq!(of_customer(&Scene { customer_is_ours: true, ..scene(&answers) }, NOW), None);
        assert_eq!(of_customer(&Scene { answered_by_hand: true, ..scene(&ours) }, NOW), Some(No::ByHand));
        let many = |recent_turns| of_customer(&Scene { recent_turns, ..scene(&ours) }, NOW);
        assert_eq!([many(MOST_TURNS - 1), many(MOST_TURNS)], [None, Some(No::TooManyTurns)]);
    }

    #[test]
    fn what_has_an_end_ends_at_it() {
        let (ours, tick) = (account(json!({})), Span(1));
        let at = |created: Timestamp, oldest_answered| of_customer(&Scene { oldest_answered, ..scene(&ours) }, created);
        assert_eq!([at(NOW - DAY, DAY), at(NOW - DAY - tick, DAY)], [None, Some(No::TooOld)]);
        let ever = Span::days(1_000);
        assert_eq!([at(NOW - OLDEST_INPUT, ever), at(NOW - OLDEST_INPUT - tick, ever)], [None, Some(No::TooOld)]);
        let of = |known: &Conversation| of_customer(&Scene { conversation: Some(known), ..scene(&ours) }, NOW);
        let held = |holder: &str, until| of(&conversation(holder, until, Timestamp(0)));
        assert_eq!([held("human", NOW), held("human", NOW + tick)], [None, Some(No::Held)]);
        assert_eq!(held("bot", NOW + tick), None);
        let paused = |until| of(&conversation("bot", Timestamp(0), until));
        assert_eq!([paused(NOW), paused(NOW + tick)], [None, Some(No::Paused)]);
    }
}
