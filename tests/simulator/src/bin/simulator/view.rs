//! What the phone shows of one customer's conversation, as JSON.

use perch_simulator::{DmEvent, Logged, Outcome, SignalKind, Simulator, User};
use serde_json::{Value, json};

use crate::demo::BRAND;
use crate::switches;

const LONGEST: usize = 200;
const CALLS: usize = 30;
/// So long X shows somebody typing.
const TYPING_MS: u64 = 3_000;

pub fn of(x: &Simulator, now_ms: u64, customer: &str, customers: &[String]) -> Value {
    let said = x.conversation(BRAND, customer);
    let seen = last_read(x, BRAND, customer);
    let messages: Vec<Value> =
        said.iter().skip(said.len().saturating_sub(LONGEST)).map(|event| message(event, customer, seen)).collect();
    let people = customers.iter().filter_map(|id| x.user(id));
    let people: Vec<Value> = people.map(|user| person(user, unread(x, &user.id))).collect();
    let webhook = x.webhooks().first().map(|webhook| json!({"url": webhook.url, "valid": webhook.valid}));
    let calls: Vec<Value> = x.requests().iter().rev().take(CALLS).map(call).collect();
    json!({
        "account": x.user(BRAND).map(|user| person(user, 0)),
        "customer": customer,
        "customers": people,
        "subscribed": x.is_subscribed(BRAND),
        "webhook": webhook,
        "missed": x.missed(),
        "messages": messages,
        "typing_for_ms": typing(x, now_ms, customer, &said),
        "troubles": switches::positions(x, now_ms),
        "rate_limit_for_ms": switches::limited_until(x).saturating_sub(now_ms),
        "calls": calls,
    })
}

fn message(event: &DmEvent, customer: &str, seen: u64) -> Value {
    let out = event.from == customer;
    let options: Vec<Value> =
        event.options.iter().map(|option| json!({"label": option.label, "description": option.description})).collect();
    let buttons: Vec<Value> =
        event.buttons.iter().map(|button| json!({"label": button.label, "url": button.url})).collect();
    let links: Vec<Value> = event.links.iter().map(|link| json!({"short": link.short, "long": link.long})).collect();
    json!({
        "id": event.id,
        "direction": if out { "out" } else { "in" },
        "at_ms": event.created_ms,
        "text": event.text,
        "links": links,
        "options": options,
        "buttons": buttons,
        "tapped": event.tapped.is_some(),
        "seen": out && number(&event.id) <= seen,
    })
}

fn person(user: &User, unread: usize) -> Value {
    json!({"id": user.id, "name": user.name, "username": user.username, "unread": unread})
}

fn call(logged: &Logged) -> Value {
    let outcome = match logged.outcome {
        Outcome::Accepted => "accepted".to_owned(),
        Outcome::Refused { code } => format!("refused with code {code}"),
        Outcome::Troubled { done: true } => "done, but X misbehaved".to_owned(),
        Outcome::Troubled { done: false } => "not done, X misbehaved".to_owned(),
        Outcome::Challenging => "waiting for the webhook".to_owned(),
    };
    json!({"at_ms": logged.at_ms, "method": logged.method.as_str(), "path": logged.path, "status": logged.status, "outcome": outcome})
}

/// How much longer the account is seen typing.
fn typing(x: &Simulator, now_ms: u64, customer: &str, said: &[&DmEvent]) -> u64 {
    let typed = x
        .signals()
        .iter()
        .rev()
        .find(|signal| signal.kind == SignalKind::Typing && signal.from == BRAND && signal.to == customer);
    let Some(typed) = typed else { return 0 };
    let answered = said.iter().any(|event| event.from == BRAND && event.created_ms >= typed.at_ms);
    if answered { 0 } else { (typed.at_ms + TYPING_MS).saturating_sub(now_ms) }
}

/// The last event of `other` that `reader` has read.
fn last_read(x: &Simulator, reader: &str, other: &str) -> u64 {
    let receipts = x.signals().iter().filter(|signal| signal.from == reader && signal.to == other);
    let ids = receipts.filter_map(|signal| match &signal.kind {
        SignalKind::Read { last_event_id } => Some(number(last_event_id)),
        SignalKind::Typing => None,
    });
    ids.max().unwrap_or_default()
}

fn unread(x: &Simulator, customer: &str) -> usize {
    let read = last_read(x, customer, BRAND);
    x.said_to(BRAND, customer).iter().filter(|event| number(&event.id) > read).count()
}

fn number(id: &str) -> u64 {
    id.parse().unwrap_or_default()
}

/// Everybody whom the phone can be: all but the brand and the app's owner.
pub fn customers(x: &Simulator) -> Vec<String> {
    let others = x.users().filter(|user| user.id != BRAND && user.id != x.app().owner_id);
    others.map(|user| user.id.clone()).collect()
}
