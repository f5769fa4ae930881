//! Where X delivers to, and whose events.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use crate::answer::{Refusal, empty_answer, json_answer};
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
    /// `/2/webhooks`.
    V2,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub webhook: String,
    pub user: String,
}

impl Place {
    /// v1.1 says no with a code, v2 with a name in its problem.
    pub(crate) fn refusal(&self, code: i64, name: &str, words: &str) -> Refusal {
        match self {
            Self::Enterprise | Self::Environment(_) => Refusal::saying(code, words),
            Self::V2 => Refusal::problem(400, code, &format!("{name}: {words}")),
        }
    }

    /// v1.1 answers 204; v2 says what is so now.
    pub(crate) fn done(&self, now: &Value) -> Response<Bytes> {
        match self {
            Self::Enterprise | Self::Environment(_) => empty_answer(204),
            Self::V2 => json_answer(200, &json!({"data": now})),
        }
    }

    /// An object of v1.1 stands under `data` in v2.
    pub(crate) fn object(&self, body: Value) -> Value {
        match self {
            Self::Enterprise | Self::Environment(_) => body,
            Self::V2 => json!({"data": body}),
        }
    }
}

impl Webhook {
    pub(crate) fn to_json(&self) -> Value {
        let (created, at) = match self.place {
            Place::Enterprise => ("created_at", calendar::webhook(self.created_ms)),
            Place::Environment(_) => ("created_timestamp", calendar::webhook(self.created_ms)),
            Place::V2 => ("created_at", calendar::v2(self.created_ms)),
        };
        json!({"id": self.id, "url": self.url, "valid": self.valid, created: at})
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
