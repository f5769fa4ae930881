//! `/api/canned-answers`: texts that agents insert by name.

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::answer::Answer;
use super::ask::{answered, body};
use super::who::Who;
use crate::flows::canned_answers;
use crate::flows::refused::Refused;
use crate::platform::Platform;
use crate::x_api::request::Request;

/// `GET /api/canned-answers`.
pub async fn list<P: Platform>(p: &P) -> Answer {
    answered(canned_answers::all(p).await.map(|all| json!({"canned_answers": all})).map_err(Refused::from))
}

/// `POST /api/canned-answers/save` with `{"name": …, "text": …}`.
pub async fn save<P: Platform>(p: &P, who: &Who, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        name: String,
        text: String,
    }
    const SEND: &str = "Send {\"name\": …, \"text\": …}.";
    match body::<Ask>(request, SEND) {
        Ok(Ask { name, text }) => match canned_answers::flaw(&name, &text) {
            Some(why) => Answer::problem(StatusCode::BAD_REQUEST, &format!("The answer is not taken: {why}."), SEND),
            None => answered(canned_answers::save(p, who.agent(), &name, &text).await.map_err(Refused::from)),
        },
        Err(answer) => *answer,
    }
}

/// `POST /api/canned-answers/delete` with `{"name": …}`.
pub async fn delete<P: Platform>(p: &P, request: &Request) -> Answer {
    #[derive(Deserialize)]
    struct Ask {
        name: String,
    }
    match body::<Ask>(request, "Send {\"name\": …}.") {
        Ok(Ask { name }) => answered(canned_answers::delete(p, &name).await.map_err(Refused::from)),
        Err(answer) => *answer,
    }
}
