//! What is owed to webhooks, each with where it stands: waiting, out, delivered, missed.

use serde_json::Value;

use crate::deliveries::Posted;

#[derive(Debug, Default)]
pub(crate) struct Parcels {
    pub all: Vec<Parcel>,
    pub posted: Vec<Posted>,
    pub last_id: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    pub id: u64,
    /// Decides among those that are due at the same time.
    pub rank: u64,
    pub webhook: String,
    pub body: Value,
    pub due_ms: u64,
    pub attempts: u32,
    /// Whether the old signature is right, and the one of OAuth 2.0.
    pub honest: (bool, bool),
    pub state: State,
    pub created_ms: u64,
    /// Brought by a replay: tried once.
    pub replayed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Held,
    Waiting,
    Out {
        since_ms: u64,
    },
    Delivered,
    /// Given up, or made while the webhook was not valid.
    Missed,
}

impl Parcels {
    /// Moves the events of later parcels into the first of the same webhook, user and kind.
    pub fn put_together(&mut self, ids: &[u64]) {
        let (together, mut others): (Vec<Parcel>, Vec<Parcel>) =
            self.all.drain(..).partition(|parcel| ids.contains(&parcel.id));
        let mut kept: Vec<Parcel> = Vec::new();
        for parcel in together {
            let taken =
                kept.iter_mut().any(|first| first.webhook == parcel.webhook && take_in(&mut first.body, &parcel.body));
            if !taken {
                kept.push(parcel);
            }
        }
        others.append(&mut kept);
        self.all = others;
    }
}

/// Adds the events, users and apps of `other` where both are for one user and of one kind.
fn take_in(body: &mut Value, other: &Value) -> bool {
    let (Some(into), Some(other)) = (body.as_object_mut(), other.as_object()) else { return false };
    let kind = |object: &serde_json::Map<String, Value>| object.keys().find(|key| key.ends_with("_events")).cloned();
    if into.get("for_user_id") != other.get("for_user_id") || kind(into) != kind(other) || kind(other).is_none() {
        return false;
    }
    for (key, value) in other {
        match (into.get_mut(key), value) {
            (Some(Value::Array(all)), Value::Array(more)) => all.extend(more.iter().cloned()),
            (Some(Value::Object(all)), Value::Object(more)) => all.extend(more.clone()),
            (Some(_), _) => {}
            (None, value) => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
    true
}
