//! Replays are asked for: which webhook, which minutes.

use serde_json::Value;

use super::webhooks::Purpose;
use super::{Answer, Call, Reply};
use crate::answer::Refusal;
use crate::calendar;
use crate::registry::Place;
use crate::replays::Window;
use crate::simulator::Simulator;

const MINUTE_MS: u64 = 60_000;
/// The first minute must be so old at least …
const YOUNGEST_FROM_MS: u64 = 31 * MINUTE_MS;
/// … and the last so old.
const YOUNGEST_TO_MS: u64 = 10 * MINUTE_MS;
/// How far back v1.1 and v2 reach.
const OLDEST_MS: u64 = 5 * 24 * 60 * MINUTE_MS;
const OLDEST_V2_MS: u64 = 24 * 60 * MINUTE_MS;

impl Simulator {
    /// A replay of what was to be delivered in this window begins with a challenge, too.
    pub(super) fn replay(&mut self, call: &Call<'_>) -> Answer {
        let window = self.window(call)?;
        let url = self.webhook(&window.webhook).map(|webhook| webhook.url.clone()).unwrap_or_default();
        Ok(Reply::Challenge(self.make_challenge(call.now_ms, url, Purpose::Replay(window))))
    }

    /// The window that a call asks for, where X would take it.
    pub(super) fn window(&self, call: &Call<'_>) -> Result<Window, Refusal> {
        let place = self.place(call)?;
        let (webhook, from, to) = match place {
            Place::V2 => {
                let body = call.json()?;
                let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                (text("webhook_id"), text("from_date"), text("to_date"))
            }
            Place::Enterprise | Place::Environment(_) => {
                let webhook = call.captured.first().cloned().unwrap_or_default();
                (webhook, call.needed("from_date")?.to_owned(), call.needed("to_date")?.to_owned())
            }
        };
        let known = self.webhook(&webhook).is_some_and(|known| known.place == place);
        if !known {
            return Err(place.refusal(34, "WebhookIdInvalid", "There is no such webhook."));
        }
        let wrong = |words: &str| place.refusal(358, "QueryParamInvalid", words);
        let (from_ms, to_ms) = (calendar::minute(&from), calendar::minute(&to));
        let (Some(from_ms), Some(to_ms)) = (from_ms, to_ms) else {
            return Err(wrong("dates are written yyyymmddhhmm"));
        };
        let oldest = if place == Place::V2 { OLDEST_V2_MS } else { OLDEST_MS };
        let age = |ms: u64| call.now_ms.saturating_sub(ms);
        if from_ms >= to_ms || age(from_ms) < YOUNGEST_FROM_MS || age(to_ms) < YOUNGEST_TO_MS || age(from_ms) > oldest {
            return Err(wrong("from_date and to_date are too new, too old, or the wrong way round"));
        }
        if self.is_replaying(&webhook) {
            return Err(place.refusal(355, "ReplayConflictError", "A replay job is already in progress."));
        }
        Ok(Window { webhook, place, from_ms, to_ms })
    }
}
