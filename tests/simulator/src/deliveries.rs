//! What goes to the webhook: signed, remembered, and spoilt on command.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::webhooks::mark;
use crate::{Request, Simulator};

/// One POST to the receiver.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: usize,
    pub request: Request,
}

/// What waits to be delivered, and how.
#[derive(Debug, Default)]
pub struct Outgoing {
    waiting: Vec<Waiting>,
    count: usize,
    /// Every delivery goes out so many times more.
    pub again: u32,
    /// Nothing goes out until this is taken back.
    pub held_back: bool,
    /// The newest goes first.
    pub reversed: bool,
    /// Signatures are made with another secret.
    pub wrongly_signed: bool,
    /// Failed deliveries are repeated, as the enterprise product does it.
    pub retries: bool,
}

#[derive(Clone, Debug)]
struct Waiting {
    id: usize,
    user: String,
    body: String,
    due: u64,
    tries: usize,
    in_flight: bool,
}

/// The pauses before the tries of the enterprise product.
const PAUSES: [u64; 3] = [3_000, 27_000, 242_000];

/// The value of `x-twitter-webhooks-signature` for a body.
pub fn signature(consumer_secret: &str, body: &[u8]) -> String {
    mark(consumer_secret, body)
}

impl Simulator {
    /// What is due now, signed, in the order in which it goes out. Each is handed out once.
    pub fn deliveries(&mut self, now_ms: u64) -> Vec<Delivery> {
        if self.outgoing.held_back {
            return Vec::new();
        }
        let mut due: Vec<Waiting> =
            self.outgoing.waiting.iter().filter(|each| each.due <= now_ms && !each.in_flight).cloned().collect();
        if self.outgoing.reversed {
            due.reverse();
        }
        let mut all = Vec::new();
        for each in due {
            let found = self.outgoing.waiting.iter_mut().find(|waiting| waiting.id == each.id);
            found.into_iter().for_each(|waiting| waiting.in_flight = true);
            // What has no valid webhook is missed; nobody is told.
            let Some(url) = self.webhook_for(&each.user).map(|webhook| webhook.url.clone()) else {
                self.outgoing.waiting.retain(|waiting| waiting.id != each.id);
                continue;
            };
            for _ in 0..=self.outgoing.again {
                all.push(Delivery { id: each.id, request: self.post(&url, &each.body) });
            }
        }
        all
    }

    /// How the receiver answered a delivery; `None`: not at all.
    pub fn delivered(&mut self, now_ms: u64, id: usize, status: Option<u16>) {
        let retries = self.outgoing.retries && status != Some(200);
        let Some(index) = self.outgoing.waiting.iter().position(|waiting| waiting.id == id) else { return };
        let Some(waiting) = self.outgoing.waiting.get_mut(index) else { return };
        match PAUSES.get(waiting.tries).filter(|_| retries) {
            Some(pause) => {
                waiting.tries += 1;
                waiting.due = now_ms + pause;
                waiting.in_flight = false;
            }
            None => {
                self.outgoing.waiting.remove(index);
            }
        }
    }

    /// Something happened to `user`: told to the webhook, if they are subscribed.
    pub(crate) fn tell(&mut self, now_ms: u64, user: &str, field: &str, item: Value, people: &[&str]) {
        if !self.subscriptions.iter().any(|subscription| subscription.user == user) {
            return;
        }
        let users: serde_json::Map<String, Value> = people
            .iter()
            .filter_map(|id| self.users.get(*id).map(|user| ((*id).to_owned(), user.json())))
            .collect();
        let body = json!({"for_user_id": user, field: [item], "users": users}).to_string();
        self.outgoing.count += 1;
        let id = self.outgoing.count;
        self.outgoing.waiting.push(Waiting { id, user: user.to_owned(), body, due: now_ms, tries: 0, in_flight: false });
    }

    fn post(&self, url: &str, body: &str) -> Request {
        let secret = if self.outgoing.wrongly_signed { "another secret" } else { &self.app.consumer_secret };
        let mut request = Request::new(Bytes::from(body.to_owned()));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = url.parse().unwrap_or_default();
        let headers = request.headers_mut();
        headers.insert("content-type", http::HeaderValue::from_static("application/json"));
        if let Ok(value) = signature(secret, body.as_bytes()).parse() {
            headers.insert("x-twitter-webhooks-signature", value);
        }
        request
    }
}
