//! `/api/dm`: one Direct Message of an account.

use http::StatusCode;
use serde::Deserialize;

use super::answer::Answer;
use super::ask::{answered, body};
use super::refusal::refusal;
use crate::config::Config;
use crate::flows::{dm, say};
use crate::platform::Platform;
use crate::x_api::ids::DmId;
use crate::x_api::request::Request;

#[derive(Deserialize)]
struct Ask {
    account: Option<String>,
    id: DmId,
}

/// `POST /api/dm/show` with `{"account": …, "id": …}`.
pub async fn show<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let Some(ask) = read(request) else { return no_id() };
    match dm::show(p, config, ask.account.as_deref(), &ask.id).await {
        Ok(message) => Answer::json(StatusCode::OK, &message),
        Err(refused) => refusal(&refused),
    }
}

/// `POST /api/dm/delete` with the same: from the account's own view; the other side keeps it.
pub async fn delete<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let Some(ask) = read(request) else { return no_id() };
    match dm::delete(p, config, ask.account.as_deref(), &ask.id).await {
        Ok(done) => Answer::json(StatusCode::OK, &done),
        Err(refused) => refusal(&refused),
    }
}

/// `POST /api/dm/send` with `{"account": …, "customer": …, "text": …}`, and `"id": …` so that a repeated call says it once.
pub async fn send<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    const SEND: &str = "Send {\"account\": …, \"customer\": …, \"text\": …}: 1 to 10,000 characters; id, options, buttons, media and file if wanted, and nothing else.";
    match body::<say::Ask>(request, SEND) {
        Ok(ask) if ask.flaw().is_some() => {
            Answer::problem(StatusCode::BAD_REQUEST, ask.flaw().unwrap_or_default(), SEND)
        }
        Ok(ask) => answered(say::say(p, config, None, &ask).await),
        Err(answer) => *answer,
    }
}

fn read(request: &Request) -> Option<Ask> {
    serde_json::from_slice(request.body()).ok()
}

fn no_id() -> Answer {
    Answer::problem(
        StatusCode::BAD_REQUEST,
        "The body has no id.",
        "Send {\"account\": …, \"id\": …}: perch dm show ID does it.",
    )
}
