//! Many customers at once, at a steady rate, and what became of every message: how load is measured.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use perch_simulator::{Bound, Endpoint, Limit};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::acts::{Answer, wrong};
use crate::demo::BRAND;
use crate::shared::Shared;

const MOST_PER_SECOND: u64 = 5_000;
const MOST_SECONDS: u64 = 3_600;
const MOST_CUSTOMERS: u64 = 100_000;

/// The one that blows, or has blown last.
#[derive(Clone, Default)]
pub struct Storm(Arc<Mutex<Blown>>);

#[derive(Default)]
struct Blown {
    /// So many messages are to be written.
    wanted: u64,
    written: Vec<Written>,
    /// When the last one was written, since the first (ms).
    took_ms: u64,
    /// Every call of a webhook meanwhile: its status, and how long it took (µs).
    calls: Vec<(Option<u16>, u64)>,
}

struct Written {
    text: String,
    customer: String,
    at_ms: u64,
}

pub fn routes() -> Router<Shared> {
    Router::new().route("/sim/storm", get(report).post(begin))
}

impl Storm {
    /// A webhook was called.
    pub fn called(&self, status: Option<u16>, took: Duration) {
        let mut blown = self.lock();
        if blown.wanted > 0 {
            blown.calls.push((status, u64::try_from(took.as_micros()).unwrap_or(u64::MAX)));
        }
    }

    fn is_blowing(&self) -> bool {
        let blown = self.lock();
        blown.wanted > u64::try_from(blown.written.len()).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Blown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `{"rate": a second, "seconds": …, "customers": …}`: each message says `storm` and its number, which an answer repeats.
async fn begin(State(x): State<Shared>, Json(body): Json<Value>) -> Answer {
    let number = |key: &str, most: u64| {
        let given = body.get(key).and_then(Value::as_u64).filter(|given| (1..=most).contains(given));
        given.ok_or_else(|| wrong(&format!("{key} must be a number from 1 to {most}")))
    };
    let rate = number("rate", MOST_PER_SECOND)?;
    let seconds = number("seconds", MOST_SECONDS)?;
    let customers = number("customers", MOST_CUSTOMERS)?;
    if x.storm.is_blowing() {
        return Err(wrong("a storm is blowing: wait until it is over"));
    }
    // What X allows is not what is measured here.
    let far = Limit::per_15_minutes(100_000_000);
    x.change(|x, _| {
        for endpoint in [Endpoint::SendMessage, Endpoint::SendV2, Endpoint::IndicateTyping, Endpoint::MarkRead] {
            x.limits(endpoint, vec![Bound::Caller(far)]);
        }
    });
    *x.storm.lock() = Blown { wanted: rate * seconds, ..Blown::default() };
    tokio::spawn(blow(x.clone(), rate, customers));
    Ok(Json(json!({"wanted": rate * seconds})))
}

/// Writes at its own pace, however slow the answers are.
async fn blow(x: Shared, rate: u64, customers: u64) {
    let wanted = x.storm.lock().wanted;
    let start = Instant::now();
    for number in 0..wanted {
        tokio::time::sleep_until(start + Duration::from_micros(number * 1_000_000 / rate)).await;
        let (text, customer) = (format!("storm {number}"), format!("1700000000{:09}", number % customers));
        let at_ms = x.change(|x, now| {
            x.customer_writes(now, &customer, BRAND, &text);
            now
        });
        let mut blown = x.storm.lock();
        blown.written.push(Written { text, customer, at_ms });
        blown.took_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    }
}

/// What became of it so far: each message with the times until it was answered (ms).
async fn report(State(x): State<Shared>) -> Json<Value> {
    let answers = x.look(|x, _| answers(x));
    let blown = x.storm.lock();
    let none = Vec::new();
    let answered: Vec<Value> = blown
        .written
        .iter()
        .map(|written| {
            let times = answers.get(&(written.customer.clone(), written.text.clone())).unwrap_or(&none);
            json!(times.iter().map(|at| at.saturating_sub(written.at_ms)).collect::<Vec<_>>())
        })
        .collect();
    let calls: Vec<Value> = blown.calls.iter().map(|(status, took)| json!([status, took])).collect();
    Json(json!({"wanted": blown.wanted, "took_ms": blown.took_ms, "answered": answered, "calls": calls}))
}

/// When each was answered, by customer and the words that the answer repeats.
fn answers(x: &perch_simulator::Simulator) -> HashMap<(String, String), Vec<u64>> {
    let mut all: HashMap<(String, String), Vec<u64>> = HashMap::new();
    for event in x.messages().iter().filter(|event| event.from == BRAND) {
        let Some(at) = event.written.find("storm ") else { continue };
        let words = event.written.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim();
        all.entry((event.to.clone(), words.to_owned())).or_default().push(event.created_ms);
    }
    all
}
