//! `/api`: what admins and their programs do.

use http::StatusCode;
use http::header::AUTHORIZATION;
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::address::origin;
use super::answer::Answer;
use super::ask::reported;
use crate::config::Config;
use crate::error::Trouble;
use crate::flows::connect::{self, Ask, Refused};
use crate::flows::refused::Refused as Flaw;
use crate::flows::report::Report;
use crate::flows::retry_event;
use crate::flows::trouble_report::trouble_report;
use crate::platform::Platform;
use crate::x_api::request::Request;
use crate::x_api::secret::Secret;

/// Compared in constant time.
pub fn is_admin(request: &Request, token: &Secret) -> bool {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = header.and_then(|header| header.strip_prefix("Bearer ")).unwrap_or_default();
    given.as_bytes().ct_eq(token.reveal().as_bytes()).into()
}

/// `POST /api/accounts/connect`.
pub async fn connect<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let ask: Ask = match serde_json::from_slice(request.body()) {
        Ok(ask) => ask,
        Err(error) => {
            // The position alone: serde's words may quote a token.
            let said = format!("The body is not what is asked for (line {}, column {}).", error.line(), error.column());
            let mend = "Send JSON with access_token and access_token_secret (or refresh_token, of OAuth 2.0); environment and webhook_url if wanted.";
            return Answer::problem(StatusCode::BAD_REQUEST, &said, mend);
        }
    };
    match connect::connect(p, config, ask, &origin(request)).await {
        Ok(report) => reported(Ok::<Report, Flaw>(report)),
        Err(Refused::Half) => Answer::problem(
            StatusCode::BAD_REQUEST,
            "The tokens are incomplete.",
            "Send access_token with access_token_secret (OAuth 1.0a), or with refresh_token and expires_in (OAuth 2.0).",
        ),
        Err(Refused::AnotherApp) => Answer::problem(
            StatusCode::CONFLICT,
            "The consumer keys are those of another X app.",
            "Leave them out: a deployment is one X app, its keys are X_CONSUMER_KEY and X_CONSUMER_SECRET.",
        ),
    }
}

/// `GET /api/trouble`.
pub async fn trouble<P: Platform>(p: &P) -> Answer {
    match trouble_report(p).await {
        Ok(report) => Answer::json(StatusCode::OK, &report),
        Err(trouble) => not_now(&trouble),
    }
}

/// `POST /api/events/retry` with `{"key": …}`: a dead event is tried again.
pub async fn retry_event<P: Platform>(p: &P, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        key: String,
    }
    let Ok(Ask { key }) = serde_json::from_slice(request.body()) else {
        return Answer::problem(
            StatusCode::BAD_REQUEST,
            "The body has no key.",
            "Send {\"key\": …} from /api/trouble.",
        );
    };
    match retry_event::retry_event(p, &key).await {
        Ok(true) => Answer::json(StatusCode::ACCEPTED, &json!({"key": key, "status": "new"})),
        Ok(false) => Answer::problem(StatusCode::NOT_FOUND, "No dead event has this key.", "See /api/trouble."),
        Err(trouble) => not_now(&trouble),
    }
}

pub fn not_now(trouble: &Trouble) -> Answer {
    Answer::problem(StatusCode::SERVICE_UNAVAILABLE, "The platform does not answer.", "Try again in a minute.")
        .logged(trouble.to_string())
}
