//! Where X delivers to, and whose events.

use serde_json::{Value, json};

use crate::calendar;
use crate::simulator::Simulator;

/// An address that gets deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub url: String,
    pub valid: bool,
    pub place: Place,
    pub created_ms: u64,
}

/// Which product a webhook belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Enterprise,
    /// A premium environment, by its label.
    Environment(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub webhook: String,
    pub user: String,
}

impl Webhook {
    pub(crate) fn to_json(&self) -> Value {
        let created = match self.place {
            Place::Enterprise => "created_at",
            Place::Environment(_) => "created_timestamp",
        };
        json!({"id": self.id, "url": self.url, "valid": self.valid, created: calendar::webhook(self.created_ms)})
    }
}

impl Simulator {
    pub(crate) fn add_webhook(&mut self, now_ms: u64, place: Place, url: &str) -> String {
        let id = self.ids.next(now_ms);
        self.webhooks.push(Webhook { id: id.clone(), url: url.to_owned(), valid: true, place, created_ms: now_ms });
        id
    }

    pub(crate) fn webhook(&self, id: &str) -> Option<&Webhook> {
        self.webhooks.iter().find(|webhook| webhook.id == id)
    }

    pub(crate) fn webhooks_at<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Webhook> {
        self.webhooks.iter().filter(move |webhook| webhook.place == *place)
    }

    pub(crate) fn is_subscribed_to(&self, webhook: &str, user: &str) -> bool {
        self.subscriptions.iter().any(|subscription| subscription.webhook == webhook && subscription.user == user)
    }

    /// The webhooks that get this user's events.
    pub(crate) fn webhooks_of(&self, user: &str) -> Vec<String> {
        let subscribed = self.subscriptions.iter().filter(|subscription| subscription.user == user);
        subscribed.map(|subscription| subscription.webhook.clone()).collect()
    }
}
