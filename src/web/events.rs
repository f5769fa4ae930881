//! `/api/events`, `/api/metrics`: what X delivered, and how the handling of it goes.

use http::StatusCode;
use serde::Deserialize;

use super::admin::not_now;
use super::answer::Answer;
use super::ask::{answered, body};
use super::query;
use crate::flows::events::{self, Filter};
use crate::platform::Platform;
use crate::x_api::request::Request;

/// `GET /api/events?account=…&kind=…&status=…&before=…`.
pub async fn list<P: Platform>(p: &P, request: &Request) -> Answer {
    let [account, kind, status, before] =
        ["account", "kind", "status", "before"].map(|name| query::text(request, name));
    let filter = Filter {
        account: account.as_deref(),
        kind: kind.as_deref(),
        status: status.as_deref(),
        before: before.as_deref(),
    };
    answered(events::list(p, &filter).await)
}

/// `POST /api/events/show` with `{"key": …}`.
pub async fn show<P: Platform>(p: &P, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        key: String,
    }
    const SEND: &str = "Send {\"key\": …}: GET /api/events lists the keys.";
    let Ask { key } = match body(request, SEND) {
        Ok(ask) => ask,
        Err(answer) => return *answer,
    };
    match events::show(p, &key).await {
        Ok(Some(event)) => Answer::json(StatusCode::OK, &event),
        Ok(None) => Answer::problem(StatusCode::NOT_FOUND, "There is no such event.", SEND),
        Err(trouble) => not_now(&trouble),
    }
}

/// `GET /api/metrics`.
pub async fn metrics<P: Platform>(p: &P) -> Answer {
    match events::metrics(p).await {
        Ok(all) => Answer::json(StatusCode::OK, &all),
        Err(trouble) => not_now(&trouble),
    }
}
