//! X Activity: who hears what of whom, and the envelopes in which it comes.

use serde_json::{Map, Value, json};

use crate::calendar;
use crate::message::set;
use crate::registry::Place;
use crate::simulator::Simulator;

/// One kind of event of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ActivitySubscription {
    pub id: String,
    pub event_type: String,
    pub user: String,
    pub webhook: Option<String>,
    pub tag: Option<String>,
    pub created_ms: u64,
}

/// In which of its documented shapes X answers a new subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ActivityShape {
    #[default]
    Flat,
    Nested,
    List,
}

/// What an account needs to be answered for.
const MESSAGES: &[&str] = &["dm.received", "dm.sent", "dm.read", "dm.indicate_typing", "chat.received"];

/// What only rich messages have.
const RICH: &[&str] = &["quick_reply", "quick_reply_response", "ctas", "attachment"];

impl Simulator {
    /// Registers the webhook, valid, without a challenge, where it is not there yet, and subscribes it to the user's messages.
    pub fn hear_activity_now(&mut self, now_ms: u64, user: &str, url: &str) {
        self.meet(user);
        let known = self.webhooks.iter().find(|webhook| webhook.url == url).map(|webhook| webhook.id.clone());
        let webhook = known.unwrap_or_else(|| self.add_webhook(now_ms, Place::V2, url));
        for event_type in MESSAGES {
            let id = self.ids.next(now_ms);
            let webhook = Some(webhook.clone());
            let (event_type, user) = ((*event_type).to_owned(), user.to_owned());
            self.activities.push(ActivitySubscription { id, event_type, user, webhook, tag: None, created_ms: now_ms });
        }
    }

    /// The kinds of events that are heard of a user.
    pub fn heard_of(&self, user: &str) -> Vec<&str> {
        let of_user = self.activities.iter().filter(|known| known.user == user);
        of_user.map(|known| known.event_type.as_str()).collect()
    }

    /// A customer writes in X Chat: nobody but the two can read it, X neither.
    pub fn customer_writes_encrypted(&mut self, now_ms: u64, from: &str, to: &str) -> String {
        self.meet(from);
        self.meet(to);
        self.advance(now_ms);
        let id = self.ids.next(now_ms);
        let payload = json!({
            "conversation_token": "eyJhbGciOiJIUzI1NiJ9.e30.sig",
            "id": id,
            "created_at_msec": now_ms.to_string(),
            "sender_id": from,
            "conversation_id": format!("{from}:{to}"),
            "conversation_key_version": "1784900000000",
            "encoded_event": "CwABAAAAEzIwODA3NjU5MDE1Mjg1MzUwOTgA",
            "message_event_signature": {
                "public_key_version": "1", "signature": "MEUCIQ==", "signature_version": "4", "signing_public_key": "BA==",
            },
        });
        self.owe_activity(now_ms, to, "chat.received", &payload, None);
        id
    }

    /// What Account Activity would deliver, to those who hear it through X Activity.
    pub(crate) fn owe_as_activity(&mut self, now_ms: u64, user: &str, body: &Value) {
        if self.activities.is_empty() {
            return;
        }
        let Some((event_type, payload, includes)) = self.as_activity(user, body) else { return };
        self.owe_activity(now_ms, user, &event_type, &payload, includes);
    }

    fn owe_activity(&mut self, now_ms: u64, user: &str, event_type: &str, payload: &Value, includes: Option<Value>) {
        // A revocation comes without a subscription for it, and with an empty filter.
        let is_revocation = event_type == "oauth.revoke";
        let heard =
            |known: &&ActivitySubscription| known.user == user && (is_revocation || known.event_type == event_type);
        let mut told: Vec<(String, Option<String>)> = Vec::new();
        for known in self.activities.iter().filter(heard) {
            if let Some(webhook) =
                known.webhook.clone().filter(|webhook| told.iter().all(|(other, _)| other != webhook))
            {
                told.push((webhook, known.tag.clone()));
            }
        }
        for (webhook, tag) in told {
            let mut data = json!({
                "event_uuid": self.event_uuid(now_ms),
                "filter": if is_revocation { json!({}) } else { json!({"user_id": user}) },
                "event_type": event_type,
                "payload": payload,
            });
            if let Some(tag) = tag {
                set(&mut data, "tag", json!(tag));
            }
            if let Some(includes) = &includes {
                set(&mut data, "includes", includes.clone());
            }
            self.owe_to(now_ms, webhook, &json!({"data": data}));
        }
    }

    /// A signed number of 64 bits: half of them are negative.
    pub(crate) fn event_uuid(&mut self, now_ms: u64) -> String {
        let id = self.ids.next(now_ms).parse::<u64>().unwrap_or_default();
        i64::from_ne_bytes(id.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_ne_bytes()).to_string()
    }

    fn as_activity(&self, user: &str, body: &Value) -> Option<(String, Value, Option<Value>)> {
        let array = |name: &str| body.get(name).and_then(Value::as_array).and_then(|all| all.first()).cloned();
        let users = || self.wrapped_users(body.get("users"));
        if let Some(mut event) = array("direct_message_events") {
            let sent = event.pointer("/message_create/sender_id").and_then(Value::as_str) == Some(user);
            self.strip(&mut event);
            let payload = json!({"direct_message_events": [event], "users": users()});
            return Some((if sent { "dm.sent" } else { "dm.received" }.to_owned(), payload, None));
        }
        for (name, event_type) in [
            ("direct_message_mark_read_events", "dm.read"),
            ("direct_message_indicate_typing_events", "dm.indicate_typing"),
        ] {
            if let Some(event) = array(name) {
                return Some((event_type.to_owned(), json!({name: [event], "users": users()}), None));
            }
        }
        for (name, family) in [("follow_events", "follow"), ("block_events", "block"), ("mute_events", "mute")] {
            if let Some(event) = array(name) {
                let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
                let side = |name: &str| {
                    let id = event.pointer(&format!("/{name}/id")).and_then(Value::as_str).unwrap_or_default();
                    json!({"data": self.user_v2(id)})
                };
                let payload = json!({"source": side("source"), "target": side("target")});
                return Some((format!("{family}.{kind}"), payload, None));
            }
        }
        if let Some(event) = array("favorite_events") {
            let id = |place: &str| event.pointer(place).and_then(Value::as_str).unwrap_or_default().to_owned();
            let payload = json!({
                "id": id("/id"),
                "liked_tweet_id": id("/favorited_status/id_str"),
                "liked_tweet_author_id": id("/favorited_status/user/id_str"),
                "created_at": calendar::v2(event.get("timestamp_ms").and_then(Value::as_u64).unwrap_or_default()),
                "timestamp_ms": event.get("timestamp_ms"),
            });
            let who = self.user_v2(&id("/user/id_str"));
            return Some(("like.create".to_owned(), payload, Some(json!({"users": [who]}))));
        }
        if let Some(post) = array("tweet_create_events") {
            return Some(self.post_v2(user, &post));
        }
        let revoke = body.pointer("/user_event/revoke")?;
        let payload = json!({
            "date_time": revoke.get("date_time"),
            "user_id": revoke.pointer("/source/user_id"),
            "app_id": revoke.pointer("/target/app_id"),
        });
        Some(("oauth.revoke".to_owned(), payload, None))
    }

    fn post_v2(&self, user: &str, post: &Value) -> (String, Value, Option<Value>) {
        let id = |place: &str| post.pointer(place).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (author, created) = (id("/user/id_str"), id("/timestamp_ms").parse().unwrap_or_default());
        let mentions = post.pointer("/entities/user_mentions").and_then(Value::as_array).into_iter().flatten();
        let mentions: Vec<Value> =
            mentions.map(|one| json!({"id": one.get("id_str"), "username": one.get("screen_name")})).collect();
        let mut payload = json!({
            "id": id("/id_str"),
            "text": post.get("text"),
            "author_id": author,
            "created_at": calendar::v2(created),
            "entities": {"mentions": mentions},
        });
        if let Some(answered) = post.get("in_reply_to_status_id_str") {
            set(&mut payload, "referenced_tweets", json!([{"type": "replied_to", "id": answered}]));
            set(&mut payload, "in_reply_to_user_id", post.get("in_reply_to_user_id_str").cloned().unwrap_or_default());
        }
        let event_type = if author == user { "post.create" } else { "post.mention.create" };
        // X's samples show users bare in one place and wrapped in another.
        let (author, other) = (self.user_v2(&author), self.user_v2(user));
        (event_type.to_owned(), payload, Some(json!({"users": [{"data": author}, other]})))
    }

    /// Without what X Activity does not show.
    fn strip(&self, event: &mut Value) {
        let carries = self.settings.activity_carries_rich;
        if let Some(create) = event.pointer_mut("/message_create").and_then(Value::as_object_mut) {
            create.remove("source_app_id");
            let data = create.get_mut("message_data").and_then(Value::as_object_mut);
            if let Some(data) = data.filter(|_| !carries) {
                RICH.iter().for_each(|field| drop(data.remove(*field)));
            }
        }
        if let Some(event) = event.as_object_mut().filter(|_| !carries) {
            event.remove("initiated_via");
        }
    }

    fn wrapped_users(&self, users: Option<&Value>) -> Value {
        let ids = users.and_then(Value::as_object).into_iter().flat_map(Map::keys);
        Value::Object(ids.map(|id| (id.clone(), json!({"data": self.user_v2(id)}))).collect())
    }

    pub(crate) fn user_v2(&self, id: &str) -> Value {
        self.user(id).map_or(Value::Null, crate::people::User::to_v2)
    }
}
