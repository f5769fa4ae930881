//! Subscriptions: whose events a webhook gets.

use serde_json::{Value, json};

use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::registry::{Place, Subscription};
use crate::simulator::Simulator;

const NOT_SUBSCRIBED: &str = "Sorry, that page does not exist.";
const TOO_MANY: &str = "Too many resources already created.";

impl Simulator {
    pub(super) fn subscribe(&mut self, call: &Call<'_>) -> Answer {
        let (webhooks, user) = (self.addressed_webhooks(call)?, call.user()?);
        let place = self.place(call)?;
        let missing: Vec<&String> = webhooks.iter().filter(|webhook| !self.is_subscribed_to(webhook, user)).collect();
        if missing.is_empty() {
            return Err(match place {
                Place::V2 => place.refusal(355, "DuplicateSubscriptionFailed", "Subscription already exists."),
                Place::Enterprise | Place::Environment(_) => Refusal::new(355),
            });
        }
        if self.subscriptions_at(&place).count() >= self.allowed(&place).1 {
            return Err(place.refusal(214, "SubscriptionLimitExceeded", TOO_MANY));
        }
        for webhook in missing {
            self.subscriptions.push(Subscription { webhook: webhook.clone(), user: user.to_owned() });
        }
        Ok(Reply::Answer(place.done(&json!({"subscribed": true}))))
    }

    pub(super) fn check_subscription(&mut self, call: &Call<'_>) -> Answer {
        let (webhooks, user) = (self.addressed_webhooks(call)?, call.user()?);
        let subscribed = webhooks.iter().any(|webhook| self.is_subscribed_to(webhook, user));
        match self.place(call)? {
            place @ Place::V2 => Ok(Reply::Answer(place.done(&json!({"subscribed": subscribed})))),
            place if subscribed => Ok(Reply::Answer(place.done(&Value::Null))),
            _ => Err(Refusal::saying(34, NOT_SUBSCRIBED)),
        }
    }

    pub(super) fn list_subscriptions(&mut self, call: &Call<'_>) -> Answer {
        let webhooks = self.addressed_webhooks(call)?;
        let here = self.subscriptions.iter().filter(|subscription| webhooks.contains(&subscription.webhook));
        let users: Vec<Value> = here.map(|subscription| json!({"user_id": subscription.user})).collect();
        let webhook = webhooks.first().and_then(|id| self.webhook(id));
        let mut body = json!({"application_id": self.app.app_id, "subscriptions": users});
        let place = self.place(call)?;
        match &place {
            Place::Environment(label) => crate::message::set(&mut body, "environment", json!(label)),
            Place::Enterprise | Place::V2 => {
                crate::message::set(&mut body, "webhook_id", json!(webhook.map(|webhook| &webhook.id)));
                crate::message::set(&mut body, "webhook_url", json!(webhook.map(|webhook| &webhook.url)));
            }
        }
        Ok(Reply::Answer(json_answer(200, &place.object(body))))
    }

    /// Numbers as strings, as X writes them.
    pub(super) fn count_subscriptions(&mut self, call: &Call<'_>) -> Answer {
        let v1 = if self.app.enterprise { Place::Enterprise } else { Place::Environment(String::new()) };
        let place = if call.is_v2() { Place::V2 } else { v1 };
        let allowed = self.allowed(&place).1;
        let body = json!({
            "account_name": self.app.name,
            "subscriptions_count_all": self.subscriptions.len().to_string(),
            "subscriptions_count_direct_messages": "0",
            "provisioned_count": allowed.to_string(),
        });
        Ok(Reply::Answer(json_answer(200, &place.object(body))))
    }

    pub(super) fn unsubscribe(&mut self, call: &Call<'_>, user: &str) -> Answer {
        let (place, webhooks) = (self.place(call)?, self.addressed_webhooks(call)?);
        let before = self.subscriptions.len();
        self.subscriptions
            .retain(|subscription| subscription.user != user || !webhooks.contains(&subscription.webhook));
        if self.subscriptions.len() == before {
            return Err(place.refusal(34, "SubscriptionNotFound", NOT_SUBSCRIBED));
        }
        Ok(Reply::Answer(place.done(&json!({"subscribed": false}))))
    }

    fn subscriptions_at(&self, place: &Place) -> impl Iterator<Item = &Subscription> {
        let here = self.subscriptions.iter();
        here.filter(move |subscription| {
            self.webhook(&subscription.webhook).is_some_and(|webhook| webhook.place == *place)
        })
    }
}
