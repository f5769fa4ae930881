//! What the handlers of the admin API share: a body read, and what came of it answered.

use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answer::Answer;
use super::refusal::refusal;
use crate::flows::refused::Refused;
use crate::flows::report::Report;
use crate::x_api::request::Request;

/// The body as what is asked for; else what to send. serde's own words may quote a token, so they are not shown.
pub fn body<T: DeserializeOwned>(request: &Request, send: &str) -> Result<T, Box<Answer>> {
    let bytes: &[u8] = if request.body().is_empty() { b"{}" } else { request.body() };
    serde_json::from_slice(bytes).map_err(|error| {
        let said = format!("The body is not what is asked for (line {}, column {}).", error.line(), error.column());
        Box::new(Answer::problem(StatusCode::BAD_REQUEST, &said, send))
    })
}

pub fn answered<T: Serialize>(result: Result<T, impl Into<Refused>>) -> Answer {
    match result {
        Ok(body) => Answer::json(StatusCode::OK, &body),
        Err(refused) => refusal(&refused.into()),
    }
}

/// A report whose steps did not all succeed is X's failure or the platform's, not the caller's: a problem, with the report.
pub fn reported(result: Result<Report, impl Into<Refused>>) -> Answer {
    match result {
        Ok(report) if report.ok => Answer::json(StatusCode::OK, &report),
        // There is more to do: the next call goes on.
        Ok(report) if !report.has_failed() => Answer::json(StatusCode::ACCEPTED, &report),
        Ok(report) => {
            let (detail, what_to_do) = report.first_failure();
            Answer::problem_with(StatusCode::BAD_GATEWAY, &detail, &what_to_do, &report)
        }
        Err(refused) => refusal(&refused.into()),
    }
}
