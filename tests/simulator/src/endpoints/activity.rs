//! `/2/activity/subscriptions`: create, list, change, delete.

use serde_json::{Value, json};

use super::pages::Page;
use super::{Answer, Asking, Call, Reply};
use crate::activity::{ActivityShape, ActivitySubscription};
use crate::answer::{Refusal, json_answer};
use crate::calendar;
use crate::message::set;
use crate::registry::Place;
use crate::simulator::Simulator;

const EVENT_TYPES: &[&str] = &[
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
    "chat.conversation.member_added",
    "chat.conversation.member_removed",
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
    "news.new",
    "profile.update.bio",
];

impl Simulator {
    pub(super) fn create_activity(&mut self, call: &Call<'_>) -> Answer {
        let body = call.json()?;
        let known = ["event_type", "filter", "tag", "webhook_id"];
        if let Some(key) = body.as_object().and_then(|body| body.keys().find(|key| !known.contains(&key.as_str()))) {
            return Err(invalid(&format!("{key} is not one of [{}]", known.join(","))));
        }
        let event_type = body.get("event_type").and_then(Value::as_str).unwrap_or_default();
        if !EVENT_TYPES.contains(&event_type) {
            return Err(invalid("event_type is not one of those that there are"));
        }
        let user = body
            .pointer("/filter/user_id")
            .and_then(Value::as_str)
            .ok_or_else(|| invalid("filter.user_id is missing"))?;
        self.may_hear(call, event_type, user)?;
        let webhook = body.get("webhook_id").and_then(Value::as_str).map(str::to_owned);
        if webhook.as_ref().is_some_and(|id| !self.webhooks_at(&Place::V2).any(|webhook| webhook.id == *id)) {
            return Err(invalid("WebhookIdInvalid: there is no such webhook"));
        }
        let same = |known: &ActivitySubscription| {
            known.event_type == event_type && known.user == user && known.webhook == webhook
        };
        if self.activities.iter().any(same) {
            return Err(invalid("DuplicateSubscriptionFailed: Subscription already exists"));
        }
        if self.activities.len() >= self.settings.activity_plan {
            return Err(invalid("SubscriptionLimitExceeded: Too many resources already created"));
        }
        let tag = body.get("tag").and_then(Value::as_str).map(str::to_owned);
        let made = ActivitySubscription {
            id: self.ids.next(call.now_ms),
            event_type: event_type.to_owned(),
            user: user.to_owned(),
            webhook,
            tag,
            created_ms: call.now_ms,
        };
        let shown = json(&made);
        self.activities.push(made);
        let total = json!({"total_subscriptions": self.activities.len()});
        let body = match self.settings.activity_shape {
            ActivityShape::Flat => json!({"data": shown}),
            ActivityShape::Nested => json!({"data": {"subscription": shown}}),
            ActivityShape::List => json!({"data": [shown], "meta": total}),
        };
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn list_activities(&mut self, call: &Call<'_>) -> Answer {
        let page = Page::read(call, ("max_results", 1..=1000, 10), "pagination_token").map_err(|why| invalid(&why))?;
        let mine = |known: &&ActivitySubscription| match &call.asking {
            Asking::User(signer) => known.user == signer.user,
            _ => true,
        };
        let (all, next) = page.of(self.activities.iter().filter(mine), |known| &known.id);
        let mut meta = json!({"total_subscriptions": self.activities.iter().filter(mine).count()});
        if let Some(next) = next {
            set(&mut meta, "next_token", json!(next));
        }
        let mut body = json!({"meta": meta});
        if !all.is_empty() {
            set(&mut body, "data", all.into_iter().map(json).collect());
        }
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn change_activity(&mut self, call: &Call<'_>) -> Answer {
        let body = call.json()?;
        let field = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let (webhook, tag) = (field("webhook_id"), field("tag"));
        if webhook.as_ref().is_some_and(|id| !self.webhooks_at(&Place::V2).any(|webhook| webhook.id == *id)) {
            return Err(invalid("WebhookIdInvalid: there is no such webhook"));
        }
        let id = call.captured.first().map_or("", String::as_str);
        let known = self.activities.iter_mut().find(|known| known.id == id).ok_or_else(gone)?;
        known.webhook = webhook.or_else(|| known.webhook.take());
        known.tag = tag.or_else(|| known.tag.take());
        let body = json!({"data": json(known)});
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn delete_activity(&mut self, call: &Call<'_>) -> Answer {
        let id = call.captured.first().map_or("", String::as_str);
        let before = self.activities.len();
        self.activities.retain(|known| known.id != id);
        if self.activities.len() == before {
            return Err(gone());
        }
        Ok(Reply::Answer(json_answer(200, &self.deleted(Vec::new()))))
    }

    pub(super) fn delete_activities(&mut self, call: &Call<'_>) -> Answer {
        let ids: Vec<String> = call.needed("ids")?.split(',').map(str::to_owned).collect();
        if ids.len() > 100 {
            return Err(invalid("ids has more than 100"));
        }
        let is_known = |id: &&String| self.activities.iter().any(|known| known.id == **id);
        let unknown = ids.iter().filter(|id| !is_known(id));
        let errors = unknown
            .map(|id| json!({"value": id, "title": "Not Found Error", "detail": "There is no such subscription."}));
        let errors: Vec<Value> = errors.collect();
        self.activities.retain(|known| !ids.contains(&known.id));
        Ok(Reply::Answer(json_answer(200, &self.deleted(errors))))
    }

    fn deleted(&self, errors: Vec<Value>) -> Value {
        let mut body = json!({"data": {"deleted": true}, "meta": {"total_subscriptions": self.activities.len()}});
        if !errors.is_empty() {
            set(&mut body, "errors", json!(errors));
        }
        body
    }

    /// Messages are private: only with the consent of the one whose they are.
    fn may_hear(&self, call: &Call<'_>, event_type: &str, user: &str) -> Result<(), Refusal> {
        let is_private = event_type.starts_with("dm.") || event_type.starts_with("chat.");
        let allowed = match &call.asking {
            Asking::User(signer) => !is_private || signer.user == user,
            _ => !is_private || self.grants.iter().any(|granted| granted.user == user && !granted.revoked),
        };
        if allowed { Ok(()) } else { Err(Refusal::problem(403, 348, "The user has not authorized the app for this.")) }
    }
}

fn json(known: &ActivitySubscription) -> Value {
    let mut body = json!({
        "subscription_id": known.id,
        "event_type": known.event_type,
        "filter": {"user_id": known.user},
        "created_at": calendar::v2(known.created_ms),
        "updated_at": calendar::v2(known.created_ms),
    });
    for (name, value) in [("tag", &known.tag), ("webhook_id", &known.webhook)] {
        if let Some(value) = value {
            set(&mut body, name, json!(value));
        }
    }
    body
}

fn invalid(why: &str) -> Refusal {
    Refusal::problem(400, 214, why)
}

fn gone() -> Refusal {
    Refusal::problem(404, 34, "SubscriptionNotFound: there is no such subscription.")
}
