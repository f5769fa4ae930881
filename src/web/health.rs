//! `/api/health`, `/api/costs` and `/api/replays`: how it stands, what it costs, and what is asked of X once more.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::admin::not_now;
use super::answer::Answer;
use super::ask::{answered, body};
use super::query;
use crate::flows::{costs, health, replay};
use crate::platform::Platform;
use crate::x_api::request::Request;
use crate::x_api::time::Timestamp;

/// `GET /api/health`: what is wrong, since when, and what to do; 200 even then, since the answer is the answer.
pub async fn health<P: Platform>(p: &P) -> Answer {
    match health::health(p).await {
        Ok(health) => Answer::json(StatusCode::OK, &health),
        Err(trouble) => not_now(&trouble),
    }
}

/// `GET /api/costs?account=…&days=…`: what X bills by its list prices, by the day; of one account or of all, 30 days.
pub async fn costs<P: Platform>(p: &P, request: &Request) -> Answer {
    let days = match query::text(request, "days").as_deref().map(str::parse) {
        None => 30,
        Some(Ok(days)) if (1..=400).contains(&days) => days,
        Some(_) => {
            return Answer::problem(StatusCode::BAD_REQUEST, "days is no number from 1 to 400.", "Send ?days=30.");
        }
    };
    answered(costs::list(p, query::text(request, "account").as_deref(), days).await)
}

/// `GET /api/replays`: the latest 50, newest first.
pub async fn replays<P: Platform>(p: &P) -> Answer {
    match replay::latest(p).await {
        Ok(all) => Answer::json(StatusCode::OK, &json!({"replays": all})),
        Err(trouble) => not_now(&trouble),
    }
}

/// `POST /api/replays` with `{"from": …, "to": …}`, both as RFC 3339 has them.
pub async fn replay<P: Platform>(p: &P, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        from: String,
        to: String,
    }
    const SEND: &str = "Send {\"from\": \"2026-11-23T10:00:00Z\", \"to\": \"2026-11-23T11:00:00Z\"}.";
    let Ask { from, to } = match body(request, SEND) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    let Some((from, to)) = Timestamp::read(&from).zip(Timestamp::read(&to)).filter(|(from, to)| from < to) else {
        return Answer::problem(StatusCode::BAD_REQUEST, "from and to are no moments, or the wrong way round.", SEND);
    };
    match replay::by_hand(p, from, to).await {
        Ok(0) => Answer::problem(StatusCode::CONFLICT, "No account has a webhook yet.", "Connect one: perch connect."),
        Ok(count) => Answer::json(StatusCode::ACCEPTED, &json!({"ok": true, "planned": count})),
        Err(trouble) => not_now(&trouble),
    }
}
