//! What X delivered, for operators: listed newest first, one shown as X wrote it, and how the handling goes.

use serde::Deserialize;
use serde_json::{Value, json};

use super::cursor;
use super::refused::{Refused, find};
use crate::error::Trouble;
use crate::platform::Platform;
use crate::store::statement::Rows;
use crate::store::{conversations, events};
use crate::x_api::time::Span;

const PAGE: i64 = 50;
/// So many of the latest answers make the percentiles.
const ANSWERS: i64 = 500;

/// Which events are listed.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    pub account: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub status: Option<&'a str>,
    pub before: Option<&'a str>,
}

/// A page, with what still waits before it; and behind which one the next begins.
pub async fn list<P: Platform>(p: &P, filter: &Filter<'_>) -> Result<Value, Refused> {
    let account = match filter.account {
        Some(name) => Some(find(p, Some(name)).await?.id),
        None => None,
    };
    let before = cursor::behind(filter.before);
    let settled = events::settled(account.as_ref(), filter.kind, filter.status, before, PAGE);
    let [Rows(mut all), Rows(waiting)] = p.each([settled, events::waiting(PAGE)]).await?;
    let behind = cursor::next(&all, PAGE, "settled_at", "key");
    let wanted = |row: &Value| {
        let fits = |name: &str, value: Option<&str>| {
            value.is_none_or(|value| row.get(name).and_then(Value::as_str) == Some(value))
        };
        fits("kind", filter.kind)
            && fits("status", filter.status)
            && fits("account_id", account.as_ref().map(|id| id.as_str()))
    };
    if filter.before.is_none() {
        all.splice(0..0, waiting.into_iter().filter(wanted));
    }
    Ok(json!({"events": all, "next": behind}))
}

/// As X wrote it.
pub async fn show<P: Platform>(p: &P, key: &str) -> Result<Option<Value>, Trouble> {
    let row = p.rows(events::whole(key)).await?.0.pop();
    Ok(row.map(|mut row| {
        if let Some(raw) = row.get_mut("raw")
            && let Some(text) = raw.as_str()
        {
            // What is no JSON is shown as the text that it is.
            *raw = serde_json::from_str(text).unwrap_or_else(|_| json!(text));
        }
        row
    }))
}

/// What is on its way, how long answers take, and what X said no to within a day, and on each of thirty.
pub async fn metrics<P: Platform>(p: &P) -> Result<Value, Trouble> {
    #[derive(Deserialize)]
    struct Took {
        ms: i64,
    }
    let now = p.now();
    let all = [
        events::under_way(),
        events::answer_times(ANSWERS),
        events::errors(now - Span::days(1)),
        events::errors_by_day(now - Span::days(30)),
        conversations::paused(now),
    ];
    let [mut under_way, answered, errors, errors_by_day, paused] = p.each(all).await?;
    let under_way = under_way.0.pop().unwrap_or_default();
    let mut took: Vec<i64> = answered.all::<Took>()?.into_iter().map(|row| row.ms.max(0)).collect();
    took.sort_unstable();
    let answer_ms = json!({"p50": percentile(&took, 50), "p95": percentile(&took, 95), "p99": percentile(&took, 99), "of": took.len()});
    Ok(json!({
        "at": now, "under_way": under_way, "answer_ms": answer_ms, "errors": errors.0, "errors_by_day": errors_by_day.0,
        "paused_conversations": paused.0,
    }))
}

/// The smallest of which so many percent are not above; `None` of nothing.
fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_seen() {
        let all: Vec<i64> = (1..=200).collect();
        assert_eq!([50, 95, 99].map(|percent| percentile(&all, percent)), [Some(100), Some(190), Some(198)]);
        assert_eq!((percentile(&[7], 99), percentile(&[], 50)), (Some(7), None));
    }
}
