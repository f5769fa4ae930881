//! `/api/on-x`: what stands on X for an account.

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::answer::Answer;
use super::refusal::refusal;
use crate::config::Config;
use crate::flows::on_x::{self, Thing};
use crate::flows::refused::Refused;
use crate::platform::Platform;
use crate::x_api::request::Request;

#[derive(Deserialize)]
struct Ask {
    account: Option<String>,
    what: Thing,
    #[serde(default)]
    id: String,
}

/// `POST /api/on-x/list` with `{"account": …, "what": "welcome" | "rule" | "profile"}`.
pub async fn list<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match serde_json::from_slice(request.body()) {
        Ok(Ask { account, what, .. }) => answered(on_x::show(p, config, account.as_deref(), what, None).await),
        Err(_) => wrong(),
    }
}

/// `POST /api/on-x/show` with an `id` beside them.
pub async fn show<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match read_with_id(request) {
        Some(ask) => answered(on_x::show(p, config, ask.account.as_deref(), ask.what, Some(&ask.id)).await),
        None => wrong(),
    }
}

/// `POST /api/on-x/delete` with the same.
pub async fn delete<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    match read_with_id(request) {
        Some(ask) => answered(on_x::delete(p, config, ask.account.as_deref(), ask.what, &ask.id).await),
        None => wrong(),
    }
}

fn read_with_id(request: &Request) -> Option<Ask> {
    serde_json::from_slice(request.body()).ok().filter(|ask: &Ask| !ask.id.is_empty())
}

fn answered(result: Result<Value, Refused>) -> Answer {
    match result {
        Ok(body) => Answer::json(StatusCode::OK, &body),
        Err(refused) => refusal(&refused),
    }
}

fn wrong() -> Answer {
    Answer::problem(
        StatusCode::BAD_REQUEST,
        "The body does not say what is meant.",
        "Send {\"what\": \"welcome\", \"rule\" or \"profile\"}; an \"id\" beside it to show or delete one.",
    )
}
