//! What the phone shows of one customer's conversation, as JSON.

use perch_simulator::{
    Attachment, Button, CustomProfile, DmEvent, Link, Logged, Outcome, QuickOption, SignalKind, Simulator, User,
    WelcomeMessage,
};
use serde_json::{Value, json};

use crate::demo::BRAND;
use crate::{plan, switches};

/// The id under which the page knows the welcome message.
pub const WELCOME: &str = "welcome";

const LONGEST: usize = 200;
const CALLS: usize = 30;
const POSTS: usize = 10;
/// So long X shows somebody typing.
const TYPING_MS: u64 = 3_000;

pub fn of(x: &Simulator, now_ms: u64, customer: &str, customers: &[String]) -> Value {
    let said = x.conversation(BRAND, customer);
    let seen = last_read(x, BRAND, customer);
    let messages: Vec<Value> =
        said.iter().skip(said.len().saturating_sub(LONGEST)).map(|event| message(event, customer, seen)).collect();
    // What X shows until the customer writes is a part of the conversation's picture, not of the conversation.
    let messages: Vec<Value> =
        messages.into_iter().chain(x.welcome_shown(customer, BRAND).map(|shown| welcome(shown, now_ms))).collect();
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
        "plan": plan::of(x, now_ms),
        "posts": posts(x),
        "calls": calls,
    })
}

fn message(event: &DmEvent, customer: &str, seen: u64) -> Value {
    let out = event.from == customer;
    json!({
        "id": event.id,
        "direction": if out { "out" } else { "in" },
        "at_ms": event.created_ms,
        "text": event.shown_text(),
        "links": links(&event.links),
        "options": options(&event.options),
        "buttons": buttons(&event.buttons),
        "speaker": event.custom_profile.as_ref().map(speaker),
        "picture": picture(event.attachment.as_ref()),
        "tapped": event.tapped.is_some(),
        "seen": out && number(&event.id) <= seen,
    })
}

fn welcome(shown: &WelcomeMessage, now_ms: u64) -> Value {
    json!({
        "id": WELCOME,
        "direction": "in",
        "at_ms": now_ms,
        "text": shown.text,
        "links": links(&shown.links),
        "options": options(&shown.options),
        "buttons": buttons(&shown.buttons),
        "speaker": shown.custom_profile.as_ref().map(speaker),
        "picture": picture(shown.attachment.as_ref()),
        "tapped": false,
        "seen": false,
    })
}

/// What the brand has posted lately, newest first.
fn posts(x: &Simulator) -> Vec<Value> {
    let own = x.posts().iter().rev().filter(|post| post.author == BRAND);
    own.take(POSTS)
        .map(|post| {
            json!({"id": post.id, "at_ms": post.created_ms, "text": post.text, "links": links(&post.links),
                "answers": post.in_reply_to, "picture": post.media.as_ref().map(|id| format!("/sim/media/{id}")), "prompt": post.direct_message_deep_link})
        })
        .collect()
}

/// Whose name and face stand above the message.
fn speaker(profile: &CustomProfile) -> Value {
    json!({"name": profile.name, "picture": format!("/sim/media/{}", profile.avatar_media_id)})
}

/// Where the page finds the file, and what it is.
fn picture(attachment: Option<&Attachment>) -> Option<Value> {
    attachment.map(|attachment| json!({"url": format!("/sim/media/{}", attachment.media_id), "kind": attachment.kind}))
}

fn options(all: &[QuickOption]) -> Vec<Value> {
    all.iter().map(|option| json!({"label": option.label, "description": option.description})).collect()
}

fn buttons(all: &[Button]) -> Vec<Value> {
    all.iter().map(|button| json!({"label": button.label, "url": button.url})).collect()
}

fn links(all: &[Link]) -> Vec<Value> {
    all.iter().map(|link| json!({"short": link.short, "long": link.long})).collect()
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
