//! `/api/dead-letters`: queue messages that nobody could handle.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::admin::not_now;
use super::answer::Answer;
use super::ask::body;
use super::query;
use crate::flows::dead_letters::{self, Retried};
use crate::platform::Platform;
use crate::x_api::request::Request;

#[derive(Deserialize)]
struct Ask {
    id: String,
}

const SEND: &str = "Send {\"id\": …}: GET /api/dead-letters lists the ids.";

/// `GET /api/dead-letters?before=…`: 200 at a time, newest first, without their bodies.
pub async fn list<P: Platform>(p: &P, request: &Request) -> Answer {
    match dead_letters::list(p, query::text(request, "before").as_deref()).await {
        Ok(page) => Answer::json(StatusCode::OK, &page),
        Err(trouble) => not_now(&trouble),
    }
}

/// `POST /api/dead-letters/show` with `{"id": …}`: one as a whole.
pub async fn show<P: Platform>(p: &P, request: &Request) -> Answer {
    let Ask { id } = match body(request, SEND) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    match dead_letters::show(p, &id).await {
        Ok(Some(letter)) => Answer::json(StatusCode::OK, &letter),
        Ok(None) => not_there(),
        Err(trouble) => not_now(&trouble),
    }
}

/// `POST /api/dead-letters/retry` with the same: queued again.
pub async fn retry<P: Platform>(p: &P, request: &Request) -> Answer {
    let Ask { id } = match body(request, SEND) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    match dead_letters::retry(p, &id).await {
        Ok(Retried::Queued) => Answer::json(StatusCode::ACCEPTED, &json!({"id": id, "status": "queued"})),
        Ok(Retried::NotFound) => not_there(),
        Ok(Retried::NoJob) => {
            let mend = "Nothing: it did not come from Perch. It can be dropped.";
            Answer::problem(StatusCode::CONFLICT, "It is not a job that Perch knows.", mend)
        }
        Err(trouble) => not_now(&trouble),
    }
}

/// `POST /api/dead-letters/drop` with the same: gone for good.
pub async fn drop<P: Platform>(p: &P, request: &Request) -> Answer {
    let Ask { id } = match body(request, SEND) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    match dead_letters::drop(p, &id).await {
        Ok(true) => Answer::json(StatusCode::OK, &json!({"ok": true, "dropped": id})),
        Ok(false) => not_there(),
        Err(trouble) => not_now(&trouble),
    }
}

fn not_there() -> Answer {
    Answer::problem(StatusCode::NOT_FOUND, "No dead letter has this id.", "See GET /api/dead-letters.")
}
