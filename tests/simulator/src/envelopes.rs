//! The bodies of the X Activity API: one event each, with whose it is and what the subscription is called.

use serde_json::{Map, Value, json};

use crate::calendar;
use crate::message::{DmEvent, conversation_id, set};
use crate::posts::Post;
use crate::signature::sign;
use crate::simulator::Simulator;

/// One thing that happened to a user.
pub(crate) struct Activity<'a> {
    pub user: &'a str,
    pub event_type: &'a str,
    /// For those that go from one user to another.
    pub direction: Option<&'a str>,
    pub payload: Value,
    /// The users beside the payload.
    pub includes: &'a [&'a str],
}

impl Simulator {
    /// Owes it to everybody who hears of it.
    pub(crate) fn owe_activity(&mut self, now_ms: u64, activity: &Activity<'_>) {
        let hearing = self.activity.iter().filter(|known| known.event_type == activity.event_type);
        let hearing = hearing.filter(|known| known.filter.passes(activity.user, activity.direction));
        let hearing: Vec<(String, Option<String>, Value)> = hearing
            .filter_map(|known| Some((known.webhook.clone()?, known.tag.clone(), known.filter.to_json())))
            .collect();
        for (webhook, tag, filter) in hearing {
            let mut data = json!({
                "event_uuid": self.event_uuid(now_ms),
                "filter": filter,
                "event_type": activity.event_type,
                "payload": activity.payload,
            });
            if let Some(tag) = tag {
                set(&mut data, "tag", json!(tag));
            }
            if !activity.includes.is_empty() {
                set(&mut data, "includes", json!({"users": self.included(activity.includes)}));
            }
            self.owe_to(now_ms, webhook, &json!({"data": data}));
        }
    }

    /// A message, to whoever of the two is heard.
    pub(crate) fn tell_of_message(&mut self, now_ms: u64, event: &DmEvent) {
        let said = match self.settings.activity_carries_rich {
            true => event.to_json(&self.settings, false),
            false => event.plain().to_json(&self.settings, false),
        };
        let payload = json!({"direct_message_events": [said], "users": self.wrapped([&event.from, &event.to])});
        for (user, event_type) in [(&event.from, "dm.sent"), (&event.to, "dm.received")] {
            let payload = payload.clone();
            self.owe_activity(now_ms, &Activity { user, event_type, direction: None, payload, includes: &[] });
        }
    }

    /// Typing or reading, with the inner array that Account Activity has.
    pub(crate) fn tell_of_signal(&mut self, now_ms: u64, event_type: &str, inner: (&str, &Value), users: [&String; 2]) {
        let mut payload = json!({inner.0: [inner.1]});
        set(&mut payload, "users", self.wrapped(users));
        let [_, user] = users;
        self.owe_activity(now_ms, &Activity { user, event_type, direction: None, payload, includes: &[] });
    }

    /// A follow, block or mute.
    pub(crate) fn tell_of_relation(&mut self, now_ms: u64, user: &str, event_type: &str, source: &str, target: &str) {
        let direction = Some(if user == target { "inbound" } else { "outbound" });
        let payload = json!({"source": self.in_data(source), "target": self.in_data(target)});
        self.owe_activity(now_ms, &Activity { user, event_type, direction, payload, includes: &[] });
    }

    /// A post: to its author, to those whom it names, and to the one whom it answers.
    pub(crate) fn tell_of_post(&mut self, now_ms: u64, post: &Post, answered: Option<&str>) {
        let payload = self.post_v2_json(post, answered);
        let named = post.mentioned.iter().map(|user| (user.as_str(), "post.mention.create"));
        let answered = answered.map(|user| (user, "post.reply.create"));
        let others = named.chain(answered).filter(|(user, _)| *user != post.author);
        for (user, event_type) in [(post.author.as_str(), "post.create")].into_iter().chain(others) {
            let (payload, includes) = (payload.clone(), [post.author.as_str()]);
            self.owe_activity(now_ms, &Activity { user, event_type, direction: None, payload, includes: &includes });
        }
    }

    pub(crate) fn tell_of_like(&mut self, now_ms: u64, from: &str, user: &str, post_id: &str) {
        let payload = json!({
            "id": sign(post_id, from.as_bytes()).chars().filter(char::is_ascii_alphanumeric).collect::<String>(),
            "liked_tweet_id": post_id,
            "liked_tweet_author_id": user,
            "created_at": calendar::v2(now_ms),
            "timestamp_ms": now_ms,
        });
        let event_type = "like.create";
        self.owe_activity(now_ms, &Activity { user, event_type, direction: None, payload, includes: &[from] });
    }

    /// To the app's webhooks, subscribed or not.
    pub(crate) fn tell_of_revocation(&mut self, now_ms: u64, user: &str) {
        let payload = json!({"date_time": calendar::iso(now_ms), "user_id": user, "app_id": self.app.app_id});
        for webhook in self.webhooks_of_activity() {
            let uuid = self.event_uuid(now_ms);
            let data = json!({"event_uuid": uuid, "filter": {}, "event_type": "oauth.revoke", "payload": payload});
            self.owe_to(now_ms, webhook, &json!({"data": data}));
        }
    }

    /// A customer writes in X Chat, where X itself cannot read: there is no Direct Message. Gives the event's id.
    pub fn customer_writes_encrypted(&mut self, now_ms: u64, from: &str, to: &str) -> String {
        self.advance(now_ms);
        self.meet(from);
        self.meet(to);
        let id = self.ids.next(now_ms);
        let opaque = |salt: &str| sign(&id, salt.as_bytes()).trim_start_matches("sha256=").to_owned();
        let payload = json!({
            "conversation_token": format!("eyJhbGciOiJFUzI1NiJ9.{}.{}", opaque("claims"), opaque("token")),
            "id": id,
            "created_at_msec": now_ms.to_string(),
            "sender_id": from,
            "conversation_id": conversation_id(from, to).replace('-', ":"),
            "conversation_key_version": "1",
            "encoded_event": opaque("event"),
            "message_event_signature": {
                "public_key_version": "1",
                "signature": opaque("signature"),
                "signature_version": "1",
                "signing_public_key": opaque("key"),
            },
        });
        for (user, event_type) in [(from, "chat.sent"), (to, "chat.received")] {
            let payload = payload.clone();
            self.owe_activity(now_ms, &Activity { user, event_type, direction: None, payload, includes: &[] });
        }
        id
    }

    /// A new name for a delivery: a signed number of 64 bits.
    pub(crate) fn event_uuid(&mut self, now_ms: u64) -> String {
        // What is taken by itself is odd and multiplied by odd numbers, so no two come out alike.
        let id: u64 = self.ids.next(now_ms).parse().unwrap_or_default();
        let mixed = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        mixed.cast_signed().to_string()
    }

    fn post_v2_json(&self, post: &Post, answered: Option<&str>) -> Value {
        let mentions = post.mentioned.iter().filter_map(|id| self.user(id));
        let mentions: Vec<Value> = mentions.map(|user| json!({"id": user.id, "username": user.username})).collect();
        let mut body = json!({
            "id": post.id,
            "text": crate::message::shown(&self.settings, &post.text),
            "author_id": post.author,
            "created_at": calendar::v2(post.created_ms),
            "edit_history_tweet_ids": [post.id],
            "entities": {"mentions": mentions},
        });
        if let Some(id) = &post.in_reply_to {
            set(&mut body, "referenced_tweets", json!([{"type": "replied_to", "id": id}]));
            set(&mut body, "in_reply_to_user_id", json!(answered));
        }
        body
    }

    /// X wraps them in one event and leaves them bare in the next.
    fn included(&mut self, ids: &[&str]) -> Vec<Value> {
        self.wraps_users = !self.wraps_users;
        let users = ids.iter().filter_map(|id| self.user(id));
        if self.wraps_users {
            users.map(|user| json!({"data": user.to_activity_json()})).collect()
        } else {
            users.map(crate::people::User::to_activity_json).collect()
        }
    }

    fn wrapped(&self, ids: [&String; 2]) -> Value {
        let users: Map<String, Value> = ids.into_iter().map(|id| (id.clone(), self.in_data(id))).collect();
        Value::Object(users)
    }

    fn in_data(&self, id: &str) -> Value {
        json!({"data": self.user(id).map(crate::people::User::to_activity_json)})
    }
}
