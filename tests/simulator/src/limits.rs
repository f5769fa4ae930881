//! Rate limits: calls per window, several windows at once, as the headers of every answer tell them.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response};

use crate::documented::documented;
use crate::endpoint::Endpoint;

/// So many calls in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub calls: u32,
    pub window_ms: u64,
}

/// A limit, and whose calls it counts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Those of each user; of the app, where no user is involved.
    Caller(Limit),
    /// Those of all users of the app.
    App(Limit),
}

/// What the rate-limit headers look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Headers {
    #[default]
    AsDocumented,
    Missing,
    /// What no limit can be.
    Absurd,
}

/// How much of a limit is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    pub bound: Bound,
    pub used: u32,
    pub reset_ms: u64,
}

const DAY_MS: u64 = 86_400_000;
/// 1 January 9999.
const FAR_AWAY_S: u64 = 253_370_764_800;

impl Limit {
    /// The window of most endpoints.
    pub const fn per_15_minutes(calls: u32) -> Self {
        Self { calls, window_ms: 900_000 }
    }

    /// The window of sending.
    pub const fn per_day(calls: u32) -> Self {
        Self { calls, window_ms: DAY_MS }
    }
}

impl Bound {
    pub fn limit(self) -> Limit {
        match self {
            Self::Caller(limit) | Self::App(limit) => limit,
        }
    }
}

/// One call, for counting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted<'a> {
    pub endpoint: Endpoint,
    pub v2: bool,
    /// `None`: the app by itself.
    pub user: Option<&'a str>,
}

#[derive(Debug, Default)]
pub(crate) struct Limits {
    changed: BTreeMap<Endpoint, Vec<Bound>>,
    /// By endpoint, version, and the place of the limit among those of the endpoint.
    windows: BTreeMap<(Endpoint, bool, Whose, usize), Window>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    User(String),
    AppAlone,
    Everybody,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    calls: u32,
    since_ms: u64,
}

impl Limits {
    pub fn set(&mut self, endpoint: Endpoint, bounds: Vec<Bound>) {
        self.changed.insert(endpoint, bounds);
    }

    pub fn unset(&mut self, endpoint: Endpoint) {
        self.changed.remove(&endpoint);
    }

    /// How much of each limit is used now.
    pub fn standing(&self, call: Counted<'_>, now_ms: u64) -> Vec<Spent> {
        let spent = self.bounds(call).into_iter().enumerate().map(|(place, bound)| {
            let window =
                self.windows.get(&key(call, bound, place)).copied().filter(|window| window.holds(bound, now_ms));
            let window = window.unwrap_or(Window { calls: 0, since_ms: now_ms });
            let reset_ms = window.since_ms.saturating_add(bound.limit().window_ms);
            Spent { bound, used: window.calls, reset_ms }
        });
        spent.collect()
    }

    /// Counts a call, unless it is free; `Err`: one of the windows is spent, and nothing was counted.
    pub fn count(&mut self, call: Counted<'_>, now_ms: u64, free: bool) -> Result<Vec<Spent>, Vec<Spent>> {
        let before = self.standing(call, now_ms);
        if free {
            return Ok(before);
        }
        if before.iter().any(|spent| spent.used >= spent.bound.limit().calls) {
            return Err(before);
        }
        for (place, bound) in self.bounds(call).into_iter().enumerate() {
            let window = self.windows.entry(key(call, bound, place)).or_insert(Window { calls: 0, since_ms: now_ms });
            if !window.holds(bound, now_ms) {
                *window = Window { calls: 0, since_ms: now_ms };
            }
            window.calls += 1;
        }
        Ok(self.standing(call, now_ms))
    }

    fn bounds(&self, call: Counted<'_>) -> Vec<Bound> {
        let changed = self.changed.get(&call.endpoint).cloned();
        changed.unwrap_or_else(|| documented(call.endpoint, call.v2, call.user.is_some()))
    }
}

impl Window {
    fn holds(&self, bound: Bound, now_ms: u64) -> bool {
        now_ms < self.since_ms.saturating_add(bound.limit().window_ms)
    }
}

fn key(call: Counted<'_>, bound: Bound, place: usize) -> (Endpoint, bool, Whose, usize) {
    let whose = match (bound, call.user) {
        (Bound::App(_), _) => Whose::Everybody,
        (Bound::Caller(_), Some(user)) => Whose::User(user.to_owned()),
        (Bound::Caller(_), None) => Whose::AppAlone,
    };
    (call.endpoint, call.v2, whose, place)
}

/// Tells where a caller stands: the day of v2 in headers of its own, everything else in `x-rate-limit-*`.
pub(crate) fn write_headers(response: &mut Response<Bytes>, all: &[Spent], v2: bool, how: Headers) {
    let daily = |spent: &Spent| v2 && spent.bound.limit().window_ms == DAY_MS;
    for spent in all {
        let name = match (daily(spent), spent.bound) {
            (true, Bound::Caller(_)) => "x-user-limit-24hour",
            (true, Bound::App(_)) => "x-app-limit-24hour",
            // v1.1 says nothing of the app's own limits.
            (false, Bound::App(_)) if !v2 => continue,
            (false, _) => "x-rate-limit",
        };
        let limit = spent.bound.limit().calls;
        let remaining = limit.saturating_sub(spent.used);
        let [limit, remaining, reset] = match how {
            Headers::Missing => return,
            Headers::AsDocumented => {
                [limit.to_string(), remaining.to_string(), spent.reset_ms.div_ceil(1000).to_string()]
            }
            Headers::Absurd => ["banana".to_owned(), (u64::from(limit) + 100_000).to_string(), FAR_AWAY_S.to_string()],
        };
        for (what, value) in [("limit", limit), ("remaining", remaining), ("reset", reset)] {
            let header = HeaderName::try_from(format!("{name}-{what}")).ok().zip(HeaderValue::try_from(value).ok());
            if let Some((name, value)) = header {
                response.headers_mut().insert(name, value);
            }
        }
    }
}
