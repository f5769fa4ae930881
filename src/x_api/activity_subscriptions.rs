//! Subscriptions of X Activity: one for each kind of event and user.

use serde::Serialize;
use serde_json::{Value, json};

use super::event::{number, text};
use super::ids::{UserId, WebhookId};
use super::request::{Body, Call, Response, encode};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subscription {
    pub id: String,
    pub event_type: String,
    pub user: Option<UserId>,
    /// `None`: it goes to streams alone.
    pub webhook: Option<WebhookId>,
    pub tag: Option<String>,
}

/// Without this kind of event nobody can be answered.
pub const NEEDED: &str = "dm.received";

/// What an account is to hear of its messages.
pub const MESSAGES: &[&str] = &[NEEDED, "dm.sent", "dm.read", "dm.indicate_typing", "chat.received"];

/// Answers go on just as well without it.
pub fn is_extra(event_type: &str) -> bool {
    matches!(event_type, "dm.read" | "dm.indicate_typing" | "chat.received")
}

/// What a script takes up in public, and the event that brings it.
const ACTS: &[(&str, &str)] =
    &[("mention", "post.mention.create"), ("follow", "follow.follow"), ("favorite", "like.create")];

/// The kinds of events that an account has to hear whose script takes up these acts (each between spaces).
pub fn wanted(acts: &str) -> Vec<&'static str> {
    let named = ACTS.iter().filter(|(act, _)| acts.split(' ').any(|named| named == *act)).map(|(_, event)| *event);
    MESSAGES.iter().copied().chain(named).collect()
}

/// `POST /2/activity/subscriptions`, signed as the user: X gives private events only with their consent.
///
/// See [X docs: X Activity](https://docs.x.com/x-api/activity/introduction).
pub fn create(base: &str, event_type: &str, user: &UserId, webhook: &WebhookId, tag: Option<&str>) -> Call {
    let mut body = json!({"event_type": event_type, "filter": {"user_id": user}, "webhook_id": webhook});
    if let (Some(tag), Some(body)) = (tag, body.as_object_mut()) {
        body.insert("tag".to_owned(), tag.into());
    }
    Call::post(base, "/2/activity/subscriptions").body(Body::Json(body.to_string()))
}

/// `GET /2/activity/subscriptions`: all of the app's, a page at a time.
pub fn list(base: &str, token: Option<&str>) -> Call {
    let call = Call::get(base, "/2/activity/subscriptions").query("max_results", "1000");
    match token {
        Some(token) => call.query("pagination_token", token),
        None => call,
    }
}

/// `PUT /2/activity/subscriptions/:id`, as the app: the webhook that it goes to, or its tag; nothing else can change.
pub fn update(base: &str, id: &str, webhook: Option<&WebhookId>, tag: Option<&str>) -> Call {
    let mut body = serde_json::Map::new();
    body.extend(webhook.map(|webhook| ("webhook_id".to_owned(), json!(webhook))));
    body.extend(tag.map(|tag| ("tag".to_owned(), json!(tag))));
    Call::put(base, path(id)).body(Body::Json(Value::Object(body).to_string()))
}

/// `DELETE /2/activity/subscriptions/:id`, as the app.
pub fn delete(base: &str, id: &str) -> Call {
    Call::delete(base, path(id))
}

fn path(id: &str) -> String {
    format!("/2/activity/subscriptions/{}", encode(id))
}

/// A page, the token of the next one, and how many there are in all where X says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub all: Vec<Subscription>,
    pub next: Option<String>,
    pub total: Option<i64>,
}

/// `None`: not an answer of X's.
pub fn page(response: &Response) -> Option<Page> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    if !body.is_object() || body.get("data").is_none() && body.get("meta").is_none() {
        return None;
    }
    Some(Page {
        all: all_in(&body),
        next: text(&body, "/meta/next_token"),
        total: number(&body, "/meta/total_subscriptions"),
    })
}

/// What has just been made, in any of the three shapes that X documents: flat, below `subscription`, or in a list.
pub fn created(response: &Response) -> Option<Subscription> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    all_in(&body).pop()
}

fn all_in(body: &Value) -> Vec<Subscription> {
    let Some(data) = body.get("data") else { return Vec::new() };
    match data.as_array() {
        Some(all) => all.iter().filter_map(read).collect(),
        None => read(data).into_iter().collect(),
    }
}

fn read(one: &Value) -> Option<Subscription> {
    let one = one.get("subscription").unwrap_or(one);
    Some(Subscription {
        id: text(one, "/subscription_id").or_else(|| text(one, "/id"))?,
        event_type: text(one, "/event_type")?,
        user: text(one, "/filter/user_id").map(UserId::from),
        webhook: text(one, "/webhook_id").map(WebhookId::from),
        tag: text(one, "/tag"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn the_three_documented_shapes_are_one() {
        let flat = r#"{"subscription_id":"7","event_type":"dm.received","filter":{"user_id":"1"},"webhook_id":"9"}"#;
        for body in [
            format!(r#"{{"data":{flat}}}"#),
            format!(r#"{{"data":{{"subscription":{flat}}}}}"#),
            format!(r#"{{"data":[{flat}],"meta":{{"total_subscriptions":1}}}}"#),
        ] {
            let made = created(&Response::new(Bytes::from(body))).unwrap();
            assert_eq!((made.id.as_str(), made.webhook), ("7", Some("9".into())));
        }
    }

    #[test]
    fn a_page_without_data_is_empty_and_html_is_no_page() {
        let read = |body: &'static str| page(&Response::new(Bytes::from_static(body.as_bytes())));
        assert_eq!(read(r#"{"meta":{"total_subscriptions":0}}"#), Some(Page { total: Some(0), ..Page::default() }));
        assert_eq!(read("<html>"), None);
        assert_eq!(read(r#"{"errors":[]}"#), None);
    }

    #[test]
    fn public_acts_are_heard_only_where_the_script_takes_them_up() {
        assert_eq!(wanted(" "), MESSAGES);
        assert_eq!(wanted(" mention favorite ").len(), MESSAGES.len() + 2);
    }
}
