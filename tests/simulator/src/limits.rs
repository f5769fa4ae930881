//! Rate limits: calls per window, per user or app, as the `x-rate-limit-*` headers tell them.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderName, Response};

use crate::answer::Refusal;
use crate::routes::Endpoint;

/// So many calls in a window, for each user (or for the app, where no user is involved).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub calls: u32,
    pub window_ms: u64,
}

impl Limit {
    /// The window of most endpoints.
    pub const fn per_15_minutes(calls: u32) -> Self {
        Self { calls, window_ms: 900_000 }
    }

    /// The window of sending.
    pub const fn per_day(calls: u32) -> Self {
        Self { calls, window_ms: 86_400_000 }
    }
}

/// What the headers of an answer say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub limit: u32,
    pub remaining: u32,
    pub reset_ms: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Limits {
    changed: BTreeMap<Endpoint, Limit>,
    spent: BTreeMap<(Endpoint, String), Spent>,
}

#[derive(Debug)]
struct Spent {
    calls: u32,
    since_ms: u64,
}

impl Limits {
    pub fn set(&mut self, endpoint: Endpoint, limit: Limit) {
        self.changed.insert(endpoint, limit);
    }

    /// Counts a call, or refuses it because the window is spent. A free call only looks.
    pub fn count(
        &mut self,
        endpoint: Endpoint,
        who: &str,
        now_ms: u64,
        free: bool,
    ) -> Result<Option<Standing>, (Refusal, Standing)> {
        let Some(limit) = self.changed.get(&endpoint).copied().or_else(|| endpoint.documented_limit()) else {
            return Ok(None);
        };
        let spent = self.spent.entry((endpoint, who.to_owned())).or_insert(Spent { calls: 0, since_ms: now_ms });
        if now_ms >= spent.since_ms.saturating_add(limit.window_ms) {
            *spent = Spent { calls: 0, since_ms: now_ms };
        }
        let reset_ms = spent.since_ms.saturating_add(limit.window_ms);
        let standing =
            |calls: u32| Standing { limit: limit.calls, remaining: limit.calls.saturating_sub(calls), reset_ms };
        if !free {
            if spent.calls >= limit.calls {
                return Err((Refusal::new(88), standing(spent.calls)));
            }
            spent.calls += 1;
        }
        Ok(Some(standing(spent.calls)))
    }
}

impl Standing {
    pub fn write(&self, response: &mut Response<Bytes>) {
        let all = [
            ("x-rate-limit-limit", u64::from(self.limit)),
            ("x-rate-limit-remaining", u64::from(self.remaining)),
            ("x-rate-limit-reset", self.reset_ms.div_ceil(1000)),
        ];
        for (name, value) in all {
            response.headers_mut().insert(HeaderName::from_static(name), value.into());
        }
    }
}
