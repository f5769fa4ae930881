//! `/api/doctor`: whether everything is in place.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::admin::not_now;
use super::answer::Answer;
use super::ask::body;
use super::query;
use crate::config::Config;
use crate::flows::{doctor, sample};
use crate::platform::Platform;
use crate::x_api::request::Request;

/// `GET /api/doctor?account=…`: every check; 200 even when some fail, since the answer is the answer.
pub async fn examine<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    Answer::json(StatusCode::OK, &doctor::examine(p, config, query::text(request, "account").as_deref()).await)
}

/// `POST /api/doctor/sample`: a signed delivery is sent through; `id` is what it is known by. With `{"send": false}` it is
/// only made, with a challenge, for the caller to bring to the webhook of the account, whose `url` is in the answer.
pub async fn send_sample<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        account: Option<String>,
        send: Option<bool>,
    }
    const AGAIN: &str = "See the queue in the dashboard, then try again.";
    let done = match body::<Ask>(request, "Send {}, or {\"account\": …, \"send\": false}.") {
        Ok(Ask { account, send: Some(false) }) => {
            sample::make(p, config, account.as_deref()).await.map(|sample| Answer::json(StatusCode::OK, &sample))
        }
        Ok(_) => sample::send(p, config).await.map(|id| Answer::json(StatusCode::ACCEPTED, &json!({"id": id}))),
        Err(answer) => return *answer,
    };
    done.unwrap_or_else(|why| Answer::problem(StatusCode::BAD_GATEWAY, &why, AGAIN))
}

/// `GET /api/doctor/sample?id=…`: whether it has come through.
pub async fn sample<P: Platform>(p: &P, request: &Request) -> Answer {
    let Some(id) = query::text(request, "id") else {
        return Answer::problem(StatusCode::BAD_REQUEST, "No sample is named.", "Add ?id=…");
    };
    match sample::arrived(p, &id).await {
        Ok(arrived) => Answer::json(StatusCode::OK, &arrived),
        Err(trouble) => not_now(&trouble),
    }
}
