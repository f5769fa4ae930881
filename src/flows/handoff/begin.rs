//! How a handoff begins: by the script, by the account's mode, or by somebody who writes in X's own app.

use super::settings::{Settings, notice};
use crate::bot::message::Message;
use crate::bot::state::State;
use crate::platform::Platform;
use crate::store::accounts::Account;
use crate::store::conversations::{self, Conversation, ConversationId, Turned};
use crate::store::handoffs::{self, Begun, Handoff, Place, Status};
use crate::store::outbox::{self, Kind, Owed};
use crate::store::statement::Statement;
use crate::store::turns;
use crate::x_api::time::{Span, Timestamp};

/// What hands over.
pub struct Start<'a> {
    pub id: &'a ConversationId,
    pub account: &'a Account,
    /// Of the turn: the handoff's id too.
    pub cause: &'a str,
    pub by: &'a str,
    pub note: Option<&'a str>,
    pub until: Timestamp,
}

/// The customer waits for somebody; who is asked is the next thing to be found out.
pub fn waiting(start: &Start<'_>, now: Timestamp) -> Statement {
    let settings = Settings::of(start.account.handoff.as_deref());
    let begun = Begun {
        id: start.cause,
        status: Status::Waiting,
        place: Place::Agents,
        started_by: start.by,
        settings: serde_json::to_string(&settings).unwrap_or_default(),
        team: settings.team.as_deref(),
        note: start.note,
        agent: None,
        due_at: now,
        request_until: settings.request().map(|span| now + span),
        hold_until: start.until,
        is_waited_for: true,
    };
    handoffs::insert(start.id, &begun, now)
}

/// What the customer is told when it begins, where the account says something to that.
pub fn started(account: &Account, customer: &str) -> Option<Message> {
    let text = Settings::of(account.handoff.as_deref()).notices.started?;
    Some(Message { text: notice(&text, "", customer), notice: true, ..Message::default() })
}

/// The next turn of a conversation that people have, and its number.
pub fn human_turn(
    id: &ConversationId,
    (state, turns_so_far): (State, i64),
    cause: &str,
    by: &str,
    holder_until: Timestamp,
    now: Timestamp,
) -> (i64, Vec<Statement>) {
    let number = turns_so_far + 1;
    let turned = Turned { state: &state, holder: "human", holder_until, number, name: None, username: None };
    let turn = turns::insert(id, number, cause, by, state.node.as_deref(), now);
    (number, vec![turn, conversations::turn(id, &turned, now)])
}

/// Somebody writes to the customer in X's own app: there it is held for a while from then on.
pub fn app_spoke(
    start: &Start<'_>,
    conversation: Option<&Conversation>,
    open: Option<&Handoff>,
    now: Timestamp,
) -> Vec<Statement> {
    let held = conversation.filter(|held| held.holder == "human").map(|held| held.holder_until).unwrap_or_default();
    let until = held.max(start.until);
    let (_, mut batch) = human_turn(start.id, conversations::so_far(conversation), start.cause, "human", until, now);
    batch.push(match open {
        Some(_) => handoffs::app_spoke(start.id, until, now),
        None => {
            let settings = Settings::of(start.account.handoff.as_deref());
            let begun = Begun {
                id: start.cause,
                status: Status::Held,
                place: Place::App,
                started_by: start.by,
                settings: serde_json::to_string(&settings).unwrap_or_default(),
                team: None,
                note: None,
                agent: None,
                due_at: until,
                request_until: None,
                hold_until: until,
                is_waited_for: false,
            };
            handoffs::insert(start.id, &begun, now)
        }
    });
    batch
}

/// How long somebody who writes in X's own app has the conversation.
pub fn app_holds(account: &Account) -> Span {
    Span::seconds(Settings::of(account.handoff.as_deref()).app_seconds.into())
}

/// The account's mode gives every conversation to people: the customer's word begins a handoff.
pub fn by_mode<P: Platform>(p: &P, start: &Start<'_>, so_far: (State, i64), customer: &str) -> Vec<Statement> {
    let now = p.now();
    let is_told = !so_far.0.opted_out;
    let (number, mut batch) = human_turn(start.id, so_far, start.cause, "customer", start.until, now);
    batch.push(waiting(start, now));
    if let Some(said) = started(start.account, customer).filter(|_| is_told) {
        let body = serde_json::to_string(&said).unwrap_or_default();
        let owed =
            Owed { kind: Kind::Dm, cause: start.cause, turn: number, place: 0, holder: "human", media: None, body };
        batch.push(outbox::insert(start.id, &owed, now));
    }
    batch
}
