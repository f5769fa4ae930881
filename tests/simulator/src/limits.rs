//! Rate limits: calls per window, per user or app, as the `x-rate-limit-*` headers tell them.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response};

use crate::answer::Refusal;
use crate::routes::Endpoint;

/// So many calls in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub calls: u32,
    pub window_ms: u64,
    pub per: Per,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Per {
    /// Each user, or the app where no user is involved.
    User,
    /// All users of the app together.
    App,
}

impl Limit {
    /// The window of most endpoints.
    pub const fn per_15_minutes(calls: u32) -> Self {
        Self { calls, window_ms: 900_000, per: Per::User }
    }

    /// The window of sending.
    pub const fn per_day(calls: u32) -> Self {
        Self { calls, window_ms: DAY_MS, per: Per::User }
    }

    /// The same for all users of the app together.
    pub const fn of_the_app(self) -> Self {
        Self { per: Per::App, ..self }
    }
}

/// How the headers that tell the limits are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Headers {
    #[default]
    AsDocumented,
    Missing,
    /// A word for a number, more left than there ever was, a reset in the year 9999.
    Absurd,
}

/// What the headers of an answer say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    /// `x-rate-limit`, or one of those for a day.
    pub name: &'static str,
    pub limit: u32,
    pub remaining: u32,
    pub reset_ms: u64,
}

const DAY_MS: u64 = 86_400_000;

#[derive(Debug, Default)]
pub(crate) struct Limits {
    changed: BTreeMap<Endpoint, Vec<Limit>>,
    /// By endpoint, whose, and the window's length.
    spent: BTreeMap<(Endpoint, String, u64), Spent>,
}

#[derive(Debug)]
struct Spent {
    calls: u32,
    since_ms: u64,
}

impl Limits {
    pub fn set(&mut self, endpoint: Endpoint, limits: Vec<Limit>) {
        self.changed.insert(endpoint, limits);
    }

    /// Counts a call in every window, or refuses it because one of them is spent. A free call only looks.
    pub fn count(
        &mut self,
        endpoint: Endpoint,
        who: &str,
        now_ms: u64,
        free: bool,
    ) -> Result<Vec<Standing>, (Refusal, Vec<Standing>)> {
        let limits = self.changed.get(&endpoint).cloned().unwrap_or_else(|| endpoint.documented_limits());
        let key = |limit: &Limit| {
            let whose = if limit.per == Per::App { "all of the app" } else { who };
            (endpoint, whose.to_owned(), limit.window_ms)
        };
        for limit in &limits {
            let spent = self.spent.entry(key(limit)).or_insert(Spent { calls: 0, since_ms: now_ms });
            if now_ms >= spent.since_ms.saturating_add(limit.window_ms) {
                *spent = Spent { calls: 0, since_ms: now_ms };
            }
        }
        let is_spent = !free
            && limits.iter().any(|limit| self.spent.get(&key(limit)).is_some_and(|spent| spent.calls >= limit.calls));
        let mut standings = Vec::new();
        for (place, limit) in limits.iter().enumerate() {
            let Some(spent) = self.spent.get_mut(&key(limit)) else { continue };
            spent.calls += u32::from(!free && !is_spent);
            standings.push(Standing {
                name: match (place, limit.per) {
                    (0, _) => "x-rate-limit",
                    (_, Per::User) => "x-user-limit-24hour",
                    (_, Per::App) => "x-app-limit-24hour",
                },
                limit: limit.calls,
                remaining: limit.calls.saturating_sub(spent.calls),
                reset_ms: spent.since_ms.saturating_add(limit.window_ms),
            });
        }
        if is_spent { Err((Refusal::new(88), standings)) } else { Ok(standings) }
    }

    /// Calls so far and when they count anew, in the shortest window of this user.
    pub fn standing(&self, endpoint: Endpoint, who: &str) -> Option<(u32, u64)> {
        let of_user = |(known, whose, _): &&(Endpoint, String, u64)| *known == endpoint && whose == who;
        let key = self.spent.keys().filter(of_user).min_by_key(|(.., window)| *window)?;
        self.spent.get(key).map(|spent| (spent.calls, spent.since_ms + key.2))
    }
}

impl Standing {
    pub fn write(&self, response: &mut Response<Bytes>, headers: Headers) {
        let numbers = [self.limit.to_string(), self.remaining.to_string(), self.reset_ms.div_ceil(1000).to_string()];
        let values = match headers {
            Headers::Missing => return,
            Headers::AsDocumented => numbers,
            Headers::Absurd => ["banana".to_owned(), (self.limit + 100_000).to_string(), "253402300799".to_owned()],
        };
        for (end, value) in ["limit", "remaining", "reset"].iter().zip(values) {
            let name = HeaderName::from_bytes(format!("{}-{end}", self.name).as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
                response.headers_mut().insert(name, value);
            }
        }
    }
}
