//! The bodies that X delivers: one event each, in the shape of the Account Activity API.

use serde_json::{Map, Value, json};

use crate::calendar;
use crate::message::{DmEvent, Link, Signal, SignalKind, set, shown};
use crate::posts::Post;
use crate::simulator::Simulator;

/// X's own web page: what `source_app_id` says of what people write by hand.
pub(crate) const XS_OWN_APP: &str = "3033300";

impl Simulator {
    /// Owes a message to whoever of the two is subscribed.
    pub(crate) fn deliver_message(&mut self, now_ms: u64, event: &DmEvent) {
        for user in [&event.from, &event.to] {
            let sent = *user == event.from;
            let settings = &self.settings;
            let (source, apps) = match sent {
                true => (settings.source_app_on_sent, settings.apps_on_sent),
                false => (settings.source_app_on_received, settings.source_app_on_received),
            };
            let mut body = json!({
                "for_user_id": user,
                "direct_message_events": [event.to_json(settings, source)],
                "users": self.hydrated([&event.from, &event.to]),
            });
            if apps && let Some(app) = &event.source_app {
                set(&mut body, "apps", self.apps_json(app));
            }
            self.owe(now_ms, user, &body);
        }
        self.tell_of_message(now_ms, event);
    }

    /// Owes a typing indicator or a read receipt to the one whom it is for.
    pub(crate) fn deliver_signal(&mut self, now_ms: u64, signal: &Signal) {
        let mut event = json!({
            "created_timestamp": signal.at_ms.to_string(),
            "sender_id": signal.from,
            "target": {"recipient_id": signal.to},
        });
        let (kind, event_type) = match &signal.kind {
            SignalKind::Typing => ("direct_message_indicate_typing_events", "dm.indicate_typing"),
            SignalKind::Read { last_event_id } => {
                set(&mut event, "last_read_event_id", json!(last_event_id));
                ("direct_message_mark_read_events", "dm.read")
            }
        };
        let body = json!({"for_user_id": signal.to, kind: [event], "users": self.hydrated([&signal.from, &signal.to])});
        self.owe(now_ms, &signal.to, &body);
        self.tell_of_signal(now_ms, event_type, (kind, &event), [&signal.from, &signal.to]);
    }

    /// Owes a follow, block or mute to `user`, who is one of the two.
    pub(crate) fn deliver_relation(&mut self, now_ms: u64, user: &str, kind: (&str, &str), source: &str, target: &str) {
        let event = json!({
            "type": kind.1,
            "created_timestamp": now_ms.to_string(),
            "target": self.user_json(target),
            "source": self.user_json(source),
        });
        self.owe(now_ms, user, &json!({"for_user_id": user, kind.0: [event]}));
        let event_type = format!("{}.{}", kind.0.trim_end_matches("_events"), kind.1);
        self.tell_of_relation(now_ms, user, &event_type, source, target);
    }

    /// Owes a post to `user`: their own, or one that is about them.
    pub(crate) fn deliver_post(&mut self, now_ms: u64, user: &str, own: bool, post: &Value) {
        let mut body = json!({"for_user_id": user, "tweet_create_events": [post]});
        if !own {
            set(&mut body, "user_has_blocked", json!("false"));
        }
        self.owe(now_ms, user, &body);
    }

    pub(crate) fn deliver_like(&mut self, now_ms: u64, from: &str, user: &str, post: &Value) {
        let event = json!({
            "id": format!("{:032x}", self.ids.next(now_ms).parse::<u128>().unwrap_or_default()),
            "created_at": calendar::post(now_ms),
            "timestamp_ms": now_ms,
            "favorited_status": post,
            "user": self.profile_json(from),
        });
        self.owe(now_ms, user, &json!({"for_user_id": user, "favorite_events": [event]}));
        if let Some(id) = post.get("id_str").and_then(Value::as_str) {
            self.tell_of_like(now_ms, from, user, id);
        }
    }

    pub(crate) fn deliver_revocation(&mut self, now_ms: u64, user: &str) {
        let body = json!({"user_event": {"revoke": {
            "date_time": calendar::iso(now_ms),
            "target": {"app_id": self.app.app_id},
            "source": {"user_id": user},
        }}});
        self.owe(now_ms, user, &body);
        if self.has_granted(user) {
            self.tell_of_revocation(now_ms, user);
        }
    }

    /// A post, as v1.1 writes it.
    pub(crate) fn post_json(&self, post: &Post) -> Value {
        let mentions: Vec<Value> = post.mentioned.iter().filter_map(|user| self.mention_json(user)).collect();
        let links: Vec<Value> = post.links.iter().map(Link::to_json).collect();
        let mut body = json!({
            "created_at": calendar::post(post.created_ms),
            "id": post.id.parse::<u64>().unwrap_or_default(),
            "id_str": post.id,
            "text": shown(&self.settings, &post.text),
            "truncated": false,
            "user": self.profile_json(&post.author),
            "entities": {"hashtags": [], "symbols": [], "urls": links, "user_mentions": mentions},
            "timestamp_ms": post.created_ms.to_string(),
        });
        if let Some(id) = &post.in_reply_to {
            set(&mut body, "in_reply_to_status_id", json!(id.parse::<u64>().unwrap_or_default()));
            set(&mut body, "in_reply_to_status_id_str", json!(id));
            if let Some(answered) = self.post(id) {
                set(&mut body, "in_reply_to_user_id_str", json!(answered.author));
            }
        }
        body
    }

    fn mention_json(&self, id: &str) -> Option<Value> {
        let user = self.user(id)?;
        let number = id.parse::<u64>().unwrap_or_default();
        Some(json!({"id": number, "id_str": id, "screen_name": user.username, "name": user.name}))
    }

    pub(crate) fn apps_json(&self, id: &str) -> Value {
        let ours = id == self.app.app_id;
        let (name, url) =
            if ours { (self.app.name.as_str(), "https://perch.example") } else { ("X Web App", "https://x.com") };
        json!({id: {"id": id, "name": name, "url": url}})
    }

    fn hydrated(&self, ids: [&String; 2]) -> Value {
        let users: Map<String, Value> = ids.into_iter().map(|id| (id.clone(), self.user_json(id))).collect();
        Value::Object(users)
    }

    fn user_json(&self, id: &str) -> Value {
        self.user(id).map_or(Value::Null, crate::people::User::to_json)
    }

    fn profile_json(&self, id: &str) -> Value {
        self.user(id).map_or(Value::Null, crate::people::User::to_profile_json)
    }
}
