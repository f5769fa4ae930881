//! `/api/doctor`: whether everything is in place.

use http::StatusCode;
use serde_json::json;

use super::admin::not_now;
use super::answer::Answer;
use super::query;
use crate::config::Config;
use crate::flows::doctor;
use crate::platform::Platform;
use crate::x_api::request::Request;

/// `GET /api/doctor?account=…`: every check; 200 even when some fail, since the answer is the answer.
pub async fn examine<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    Answer::json(StatusCode::OK, &doctor::examine(p, config, query::text(request, "account")).await)
}

/// `POST /api/doctor/sample`: a signed delivery is sent through; `id` is what it is known by.
pub async fn send_sample<P: Platform>(p: &P, config: &Config<'_>) -> Answer {
    match doctor::send_sample(p, config).await {
        Ok(id) => Answer::json(StatusCode::ACCEPTED, &json!({"id": id})),
        Err(why) => Answer::problem(StatusCode::BAD_GATEWAY, &why, "See the queue in the dashboard, then try again."),
    }
}

/// `GET /api/doctor/sample?id=…`: whether it has come through.
pub async fn sample<P: Platform>(p: &P, request: &Request) -> Answer {
    let Some(id) = query::text(request, "id") else {
        return Answer::problem(StatusCode::BAD_REQUEST, "No sample is named.", "Add ?id=…");
    };
    match doctor::sample_arrived(p, id).await {
        Ok(arrived) => Answer::json(StatusCode::OK, &arrived),
        Err(trouble) => not_now(&trouble),
    }
}
