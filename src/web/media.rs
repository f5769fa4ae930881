//! `/api/media`: the files of bots, as `perch apply` brings them.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::admin::not_now;
use super::answer::Answer;
use crate::flows::media::{self, Part, Refused};
use crate::platform::Platform;
use crate::x_api::request::Request;

/// `POST /api/media/missing` with `{"sha256": […]}`: which of these files are not here yet.
pub async fn missing<P: Platform>(p: &P, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        sha256: Vec<String>,
    }
    let Ok(Ask { sha256 }) = serde_json::from_slice(request.body()) else {
        return Answer::problem(StatusCode::BAD_REQUEST, "The body has no sha256.", "Send {\"sha256\": [\"…\"]}.");
    };
    match media::missing(p, sha256).await {
        Ok(missing) => Answer::json(StatusCode::OK, &json!({"missing": missing})),
        Err(trouble) => not_now(&trouble),
    }
}

/// `POST /api/media/part?sha256=…&part=0&parts=1&type=image/png&bytes=…` with the bytes as the body, 1 MiB at most.
pub async fn part<P: Platform>(p: &P, request: &Request) -> Answer {
    let query = request.uri().query().unwrap_or_default();
    let text =
        |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default();
    let number = |name: &str| text(name).parse().unwrap_or(-1);
    let part = Part {
        sha256: text("sha256"),
        part: number("part"),
        parts: number("parts"),
        content_type: text("type"),
        bytes: number("bytes"),
        data: request.body(),
    };
    match media::keep(p, &part).await {
        Ok(()) => Answer::json(StatusCode::OK, &json!({"ok": true})),
        Err(Refused::Wrong(why)) => Answer::problem(
            StatusCode::BAD_REQUEST,
            &format!("The part is not taken: {why}."),
            "perch apply sends parts as they should be.",
        ),
        Err(Refused::Trouble(trouble)) => not_now(&trouble),
    }
}
