//! What apps hear through the X Activity API: one kind of event of one user for each subscription.

use serde_json::{Value, json};

use crate::calendar;
use crate::message::set;
use crate::registry::Place;
use crate::simulator::Simulator;

/// One kind of event that somebody wants to hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivitySubscription {
    pub id: String,
    pub event_type: String,
    pub filter: Filter,
    pub tag: Option<String>,
    /// `None`: the stream alone gets it.
    pub webhook: Option<String>,
    pub created_ms: u64,
    pub updated_ms: u64,
}

/// Whose events, and which of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub user: Option<String>,
    pub keyword: Option<String>,
    /// `inbound` or `outbound`.
    pub direction: Option<String>,
}

/// Which of its three documented shapes the answer to a new subscription has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ActivityShape {
    /// `{"data":{"subscription":{…}}}`
    Nested,
    /// `{"data":{…}}`
    #[default]
    Flat,
    /// `{"data":[{…}],"meta":{…}}`
    List,
}

const KINDS: &[&str] = &[
    "news.new",
    "follow.follow",
    "follow.unfollow",
    "spaces.start",
    "spaces.end",
    "broadcast.start",
    "broadcast.end",
    "broadcast.chat",
    "chat.received",
    "chat.sent",
    "chat.conversation.join",
    "chat.conversation_join",
    "chat.conversation.member_added",
    "chat.conversation.member_removed",
    "chat.conversation.admin_added",
    "chat.conversation.admin_removed",
    "chat.update.group_name",
    "chat.update.restrictions",
    "dm.sent",
    "dm.received",
    "dm.indicate_typing",
    "dm.read",
    "post.create",
    "post.delete",
    "post.mention.create",
    "post.reply.create",
    "post.quote.create",
    "post.repost.create",
    "like.create",
    "mute.mute",
    "mute.unmute",
    "block.block",
    "block.unblock",
];

/// What a support desk wants to hear.
const OF_A_DESK: &[&str] = &[
    "dm.received",
    "dm.sent",
    "dm.read",
    "dm.indicate_typing",
    "chat.received",
    "post.mention.create",
    "follow.follow",
    "follow.unfollow",
    "like.create",
];

/// Whether X has such events.
pub(crate) fn is_kind(event_type: &str) -> bool {
    let of_profile = event_type.strip_prefix("profile.update.");
    KINDS.contains(&event_type) || of_profile.is_some_and(|rest| !rest.is_empty())
}

/// Whether only those hear of it whom the user lets.
pub(crate) fn is_private(event_type: &str) -> bool {
    event_type.starts_with("dm.") || event_type.starts_with("chat.")
}

/// What a token of OAuth 2.0 must be good for.
pub(crate) fn scope_of(event_type: &str) -> &'static str {
    match event_type.split('.').next() {
        Some("dm" | "chat") => "dm.read",
        Some("like") => "like.read",
        Some("mute") => "mute.read",
        Some("block") => "block.read",
        _ => "tweet.read",
    }
}

impl Simulator {
    /// Registers the webhook, valid, without a challenge, where it is not there yet, and subscribes it to every kind of
    /// event of this user that a support desk wants to hear.
    pub fn hear_activity_now(&mut self, now_ms: u64, user: &str, url: &str) {
        self.meet(user);
        let known = self.webhooks.iter().find(|webhook| webhook.url == url).map(|webhook| webhook.id.clone());
        let webhook = known.unwrap_or_else(|| self.add_webhook(now_ms, Place::V2, url));
        for event_type in OF_A_DESK {
            let filter = Filter { user: Some(user.to_owned()), ..Filter::default() };
            if !self.is_heard(event_type, &filter, Some(&webhook)) {
                self.hear(now_ms, event_type, filter, None, Some(webhook.clone()));
            }
        }
    }

    /// Every subscription of the X Activity API, oldest first.
    pub fn activity_subscriptions(&self) -> &[ActivitySubscription] {
        &self.activity
    }

    pub(crate) fn hear(
        &mut self,
        now_ms: u64,
        event_type: &str,
        filter: Filter,
        tag: Option<String>,
        webhook: Option<String>,
    ) -> ActivitySubscription {
        let (id, event_type) = (self.ids.next(now_ms), event_type.to_owned());
        let made =
            ActivitySubscription { id, event_type, filter, tag, webhook, created_ms: now_ms, updated_ms: now_ms };
        self.activity.push(made.clone());
        made
    }

    pub(crate) fn is_heard(&self, event_type: &str, filter: &Filter, webhook: Option<&str>) -> bool {
        let same = |known: &ActivitySubscription| known.event_type == event_type && known.filter == *filter;
        self.activity.iter().any(|known| same(known) && known.webhook.as_deref() == webhook)
    }

    /// Whether the user lets the app hear private things.
    pub fn has_granted(&self, user: &str) -> bool {
        self.grants.iter().any(|granted| granted.user == user && !granted.revoked)
            || self.sessions.iter().any(|session| session.user == user && !session.revoked)
    }

    /// The webhooks that X tells of a revocation: those of v2, and those that hear activity.
    pub(crate) fn webhooks_of_activity(&self) -> Vec<String> {
        let hears = |id: &String| self.activity.iter().any(|known| known.webhook.as_ref() == Some(id));
        let all = self.webhooks.iter().filter(|webhook| webhook.place == Place::V2 || hears(&webhook.id));
        all.map(|webhook| webhook.id.clone()).collect()
    }
}

impl ActivitySubscription {
    pub(crate) fn to_json(&self) -> Value {
        let mut body = json!({
            "subscription_id": self.id,
            "event_type": self.event_type,
            "filter": self.filter.to_json(),
            "created_at": calendar::v2(self.created_ms),
            "updated_at": calendar::v2(self.updated_ms),
        });
        for (key, value) in [("tag", &self.tag), ("webhook_id", &self.webhook)] {
            if let Some(value) = value {
                set(&mut body, key, json!(value));
            }
        }
        body
    }
}

impl Filter {
    pub(crate) fn to_json(&self) -> Value {
        let mut body = json!({});
        for (key, value) in [("user_id", &self.user), ("keyword", &self.keyword), ("direction", &self.direction)] {
            if let Some(value) = value {
                set(&mut body, key, json!(value));
            }
        }
        body
    }

    /// Whether an event of this user that goes in this direction passes; most have none.
    pub(crate) fn passes(&self, user: &str, direction: Option<&str>) -> bool {
        self.user.as_deref() == Some(user)
            && self.direction.as_deref().is_none_or(|wanted| direction.is_none_or(|given| given == wanted))
    }
}
