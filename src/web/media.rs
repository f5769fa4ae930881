//! `/api/media`: the files of bots, as `perch apply` brings them; the files of messages, as X has them.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::admin::not_now;
use super::answer::Answer;
use super::query;
use super::refusal::refusal;
use super::relay;
use crate::config::Config;
use crate::flows::media::{self, Part, Refused};
use crate::flows::received_media::{self, NoFile};
use crate::flows::sent_media;
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
pub async fn part<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let text = |name: &str| query::text(request, name).unwrap_or_default();
    let number = |name: &str| text(name).parse().unwrap_or(-1);
    let part = Part {
        sha256: &text("sha256"),
        part: number("part"),
        parts: number("parts"),
        content_type: &text("type"),
        bytes: number("bytes"),
        data: request.body(),
    };
    match media::keep(p, &part, config.largest_video()).await {
        Ok(()) => Answer::json(StatusCode::OK, &json!({"ok": true})),
        Err(Refused::Wrong(why, what_to_do)) => {
            Answer::problem(StatusCode::BAD_REQUEST, &format!("The file is not taken: {why}."), what_to_do)
        }
        Err(Refused::Trouble(trouble)) => not_now(&trouble),
    }
}

/// `GET /api/media/received?account=…&message=…`: the file of a message, streamed from X.
pub async fn received<P: Platform>(p: &P, config: &Config<'_>, request: &Request) -> Answer {
    let Some(message) = query::text(request, "message") else {
        return Answer::problem(StatusCode::BAD_REQUEST, "No message is named.", "Add ?message=ID to the address.");
    };
    match received_media::call(p, config, query::text(request, "account").as_deref(), &message.into()).await {
        Ok(call) => Answer::relay(relay::with_range(call, request)),
        Err(NoFile::Refused(refused)) => refusal(&refused),
        Err(NoFile::NoMessage) => {
            let mend = "Nothing: X never delivered it here, or more than 35 days ago.";
            Answer::problem(StatusCode::NOT_FOUND, "There is no such message.", mend)
        }
        Err(NoFile::NoAttachment) => Answer::problem(StatusCode::NOT_FOUND, "The message carries no file.", "Nothing."),
        Err(NoFile::Host(host)) => {
            let said = format!("The file is at '{host}', which is not in X_MEDIA_HOSTS.");
            Answer::problem(StatusCode::FORBIDDEN, &said, "Add the host, if it is X's.")
        }
    }
}

/// `GET /api/media/sent?account=…&message=…`: the file of a message that we sent.
pub async fn sent<P: Platform>(p: &P, request: &Request) -> Answer {
    let Some(message) = query::text(request, "message") else {
        return Answer::problem(StatusCode::BAD_REQUEST, "No message is named.", "Add ?message=ID to the address.");
    };
    match sent_media::file(p, query::text(request, "account").as_deref(), &message.into()).await {
        Ok(Some(file)) => Answer::file(&file.content_type, file.bytes),
        Ok(None) => {
            let said = "No file of this message is kept here, or it is larger than 16 MiB.";
            Answer::problem(StatusCode::NOT_FOUND, said, "Look at the message on x.com.")
        }
        Err(refused) => refusal(&refused),
    }
}
