//! An item of a delivery as it is first written down: once for each account of ours that it concerns.

use std::collections::BTreeSet;

use crate::store::inbox::{self, Arrival};
use crate::x_api::delivery::{Envelope, Item};
use crate::x_api::event::Event;
use crate::x_api::ids::UserId;
use crate::x_api::time::{Span, Timestamp};

/// Why nothing is answered to X Chat: it is no failure, so it is recorded.
const ENCRYPTED: &str = "Written in X Chat, encrypted: only the account's own app on X can read and answer it. Open the conversation there.";
/// Whose an event is that concerns the whole app.
pub const APP: &str = "app";

/// An event that is so old came late: a replay or a look-up brought it …
pub const LATE: Span = Span::minutes(10);
/// … and waits so long for what else they bring: an older one, or an answer that somebody gave by hand.
const GATHERING: Span = Span::minutes(2);

/// The item once for each account of ours that it concerns.
pub fn arrivals(
    item: &Item,
    envelope: &Envelope<'_>,
    ours: &BTreeSet<UserId>,
    received_at: Timestamp,
    due_at: Timestamp,
) -> Vec<Arrival> {
    whose(item, envelope, ours).into_iter().map(|account| arrival(item, account, received_at, due_at)).collect()
}

/// Before when nobody takes an event that has just been written down; 0: at once.
pub fn not_before(created: Timestamp, received: Timestamp) -> Timestamp {
    if created < received - LATE { received + GATHERING } else { Timestamp(0) }
}

fn arrival(item: &Item, account: UserId, received_at: Timestamp, due_at: Timestamp) -> Arrival {
    let (customer_id, status, outcome) = match &item.event {
        Err(unreadable) => (None, "set_aside", Some(unreadable.0)),
        Ok(Event::Encrypted(encrypted)) => (Some(encrypted.sender.clone()), "recorded", Some(ENCRYPTED)),
        Ok(Event::Other | Event::Sign(_) | Event::Act(_) | Event::Revoked(_) | Event::Replayed(_)) => {
            (None, "recorded", None)
        }
        Ok(Event::Message(message)) => match message.other_than(&account) {
            Some(customer) => (Some(customer.clone()), "new", None),
            None => (None, "recorded", Some("A group, or a message between others: recorded, never answered.")),
        },
    };
    let is_own = matches!(&item.event, Ok(Event::Message(message)) if message.sender == account);
    let is_new = status == "new";
    let created_at = item.created.unwrap_or(received_at);
    let not_before = not_before(created_at, received_at);
    Arrival {
        key: inbox::key(&account, item.kind, &item.id),
        account_id: account,
        customer_id,
        kind: item.kind,
        event_id: item.id.clone(),
        created_at,
        received_at,
        raw: item.raw.clone(),
        status,
        outcome,
        due_at: is_new.then_some(due_at.max(not_before)),
        settled_at: (!is_new).then_some(received_at),
        not_before,
        is_own,
    }
}

/// The accounts that an item belongs to. A body without `for_user_id` (the beta's shape) counts once for each account of
/// ours among sender and recipient, or for the recipient where neither is known yet.
fn whose(item: &Item, envelope: &Envelope<'_>, ours: &BTreeSet<UserId>) -> Vec<UserId> {
    if let Some(account) = &envelope.for_user {
        return vec![account.clone()];
    }
    if let Ok(Event::Revoked(revocation)) = &item.event {
        return vec![revocation.user.clone()];
    }
    let Ok(Event::Message(message)) = &item.event else {
        return vec![APP.into()];
    };
    let people = [Some(&message.sender), message.recipient.as_ref()];
    let known: Vec<UserId> = people.into_iter().flatten().filter(|user| ours.contains(*user)).cloned().collect();
    if known.is_empty() { vec![message.recipient.clone().unwrap_or_else(|| APP.into())] } else { known }
}
