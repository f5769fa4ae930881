//! What X owes to webhooks: made when something happens, signed and handed out when due.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderValue, Method, Request};
use serde_json::Value;

use crate::parcels::{Parcel, State};
use crate::simulator::Simulator;
use crate::trouble::Slip;

/// A POST that is due now.
#[derive(Debug)]
pub struct Delivery {
    pub id: u64,
    /// 1 for the first one.
    pub attempt: u32,
    pub request: Request<Bytes>,
}

/// One POST that was handed out, and what became of it.
#[derive(Clone, Debug)]
pub struct Posted {
    pub id: u64,
    pub attempt: u32,
    pub at_ms: u64,
    /// `None`: no answer, or none yet.
    pub status: Option<u16>,
    pub body: Bytes,
}

/// In which order deliveries that were kept back become due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    AsMade,
    Reversed,
    /// Events of one kind for one user in one body.
    Together,
}

/// The enterprise product's waits before the second, third and fourth POST.
const RETRY_AFTER_MS: [u64; 3] = [3_000, 27_000, 242_000];

impl Simulator {
    /// The deliveries that are due, signed, in order. Each is handed out once; [`Simulator::delivered`] takes the outcome.
    pub fn deliveries(&mut self, now_ms: u64) -> Vec<Delivery> {
        self.advance(now_ms);
        let mut due: Vec<usize> = (0..self.parcels.all.len()).filter(|index| self.is_due(*index, now_ms)).collect();
        due.sort_by_key(|index| self.parcels.all.get(*index).map(|parcel| (parcel.due_ms, parcel.rank)));
        due.into_iter().filter_map(|index| self.hand_out(index, now_ms)).collect()
    }

    /// The receiver's status to a delivery; `None`: no answer.
    pub fn delivered(&mut self, id: u64, status: Option<u16>) {
        let retries = self.settings.retries;
        if let Some(posted) = self.parcels.posted.iter_mut().rev().find(|posted| posted.id == id) {
            posted.status = status;
        }
        let Some(parcel) = self.parcels.all.iter_mut().find(|parcel| parcel.id == id) else { return };
        let State::Out { since_ms } = parcel.state else { return };
        let wait = usize::try_from(parcel.attempts).ok().and_then(|made| RETRY_AFTER_MS.get(made.saturating_sub(1)));
        parcel.state = match (status, wait) {
            (Some(200), _) => State::Delivered,
            (_, Some(wait)) if retries && !parcel.replayed => {
                parcel.due_ms = since_ms + wait;
                parcel.honest = (true, true);
                State::Waiting
            }
            _ => State::Missed,
        };
    }

    /// What X would deliver again later it delivers now.
    pub fn hurry(&mut self, now_ms: u64) {
        let waiting = self.parcels.all.iter_mut().filter(|parcel| parcel.state == State::Waiting);
        waiting.for_each(|parcel| parcel.due_ms = parcel.due_ms.min(now_ms));
    }

    /// When the next delivery becomes due, if any is waiting.
    pub fn next_delivery_at(&self) -> Option<u64> {
        self.parcels.all.iter().filter(|parcel| parcel.state == State::Waiting).map(|parcel| parcel.due_ms).min()
    }

    /// Every POST that was handed out, oldest first.
    pub fn posted(&self) -> &[Posted] {
        &self.parcels.posted
    }

    /// How many deliveries never got through: the webhook was not valid, or X gave up.
    pub fn missed(&self) -> usize {
        self.parcels.all.iter().filter(|parcel| parcel.state == State::Missed).count()
    }

    /// Delivers once more what never got through, as a replay does.
    pub fn deliver_missed(&mut self, now_ms: u64) {
        for parcel in self.parcels.all.iter_mut().filter(|parcel| parcel.state == State::Missed) {
            (parcel.state, parcel.due_ms, parcel.attempts) = (State::Waiting, now_ms, 0);
        }
    }

    /// Owes this body to every webhook that gets the user's events through Account Activity.
    pub(crate) fn owe(&mut self, now_ms: u64, user: &str, body: &Value) {
        for webhook in self.webhooks_of(user) {
            self.owe_to(now_ms, webhook, body);
        }
    }

    /// Owes this body to one webhook.
    pub(crate) fn owe_to(&mut self, now_ms: u64, webhook: String, body: &Value) {
        let slips = self.troubles.of_delivery();
        let mut copies = 1;
        let mut parcel = Parcel {
            id: 0,
            rank: 0,
            webhook,
            body: body.clone(),
            due_ms: now_ms + self.settings.delivery_delay_ms,
            attempts: 0,
            honest: (true, true),
            state: if self.troubles.holding { State::Held } else { State::Waiting },
            created_ms: now_ms,
            replayed: false,
        };
        for slip in slips {
            match slip {
                Slip::Repeated(times) => copies += times,
                Slip::Late(by_ms) => parcel.due_ms += by_ms,
                Slip::Forged => parcel.honest = (false, false),
                Slip::Disagreeing => parcel.honest = (true, false),
            }
        }
        for _ in 0..copies {
            self.parcels.last_id += 1;
            let id = self.parcels.last_id;
            self.parcels.all.push(Parcel { id, rank: id, ..parcel.clone() });
        }
    }

    /// Makes due what was kept back.
    pub(crate) fn release(&mut self, order: Order) {
        let mut held: Vec<&mut Parcel> =
            self.parcels.all.iter_mut().filter(|parcel| parcel.state == State::Held).collect();
        let last_due = held.iter().map(|parcel| parcel.due_ms).max().unwrap_or_default();
        let mut ranks: Vec<u64> = held.iter().map(|parcel| parcel.rank).collect();
        if order == Order::Reversed {
            ranks.reverse();
        }
        for (parcel, rank) in held.iter_mut().zip(ranks) {
            (parcel.state, parcel.due_ms, parcel.rank) = (State::Waiting, last_due, rank);
        }
        if order == Order::Together {
            let ids: Vec<u64> = held.iter().map(|parcel| parcel.id).collect();
            self.parcels.put_together(&ids);
        }
    }

    fn is_due(&self, index: usize, now_ms: u64) -> bool {
        self.parcels.all.get(index).is_some_and(|parcel| parcel.state == State::Waiting && parcel.due_ms <= now_ms)
    }

    fn hand_out(&mut self, index: usize, now_ms: u64) -> Option<Delivery> {
        let parcel = self.parcels.all.get_mut(index)?;
        let webhook = self.webhooks.iter().find(|webhook| webhook.id == parcel.webhook);
        let Some(webhook) = webhook.filter(|webhook| webhook.valid) else {
            parcel.state = State::Missed;
            return None;
        };
        parcel.state = State::Out { since_ms: now_ms };
        parcel.attempts += 1;
        let (id, attempt, honest) = (parcel.id, parcel.attempts, parcel.honest);
        let body = Bytes::from(parcel.body.to_string());
        let mut request = post(&webhook.url, body.clone());
        self.put_signatures(request.headers_mut(), &body, honest);
        self.parcels.posted.push(Posted { id, attempt, at_ms: now_ms, status: None, body });
        Some(Delivery { id, attempt, request })
    }
}

fn post(url: &str, body: Bytes) -> Request<Bytes> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    // Registered addresses parse: see endpoints/webhooks.rs.
    *request.uri_mut() = url.parse().unwrap_or_default();
    address(&mut request);
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request
}

/// The headers that every request of X's to a webhook has.
pub(crate) fn address(request: &mut Request<Bytes>) {
    let host = request.uri().authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok());
    let headers = request.headers_mut();
    headers.insert(USER_AGENT, HeaderValue::from_static("Twitterbot/1.0"));
    if let Some(host) = host {
        headers.insert(HOST, host);
    }
}
