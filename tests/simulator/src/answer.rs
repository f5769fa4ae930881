//! X's answers: JSON bodies, and the refusals with their codes and words.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

/// X says no: `{"errors":[{"code":…,"message":…}]}`, or in v2 a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub status: u16,
    pub code: i64,
    pub message: String,
    pub manner: Manner,
}

/// In which words X says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As v1.1 does.
    Code,
    /// As v2 does, with the message for detail; the code is for the log alone.
    Problem,
    /// As OAuth 2.0 does, with its own name for what is wrong.
    Grant(&'static str),
}

/// Status and words of every code that X documents or that the field has seen (x-api.md 3.4, 4.6).
const CODES: &[(i64, u16, &str)] = &[
    (25, 400, "Query parameters are missing."),
    (32, 401, "Could not authenticate you."),
    (34, 404, "Sorry, that page does not exist."),
    (64, 403, "Your account is suspended and is not permitted to access this feature."),
    (67, 503, "Backend service is unavailable."),
    (86, 405, "This method is not allowed for this resource."),
    (88, 429, "Rate limit exceeded"),
    (89, 401, "Invalid or expired token."),
    (93, 403, "This application is not allowed to access or delete your direct messages."),
    (99, 403, "Unable to verify your credentials"),
    (108, 404, "Cannot find specified user."),
    (130, 503, "Over capacity"),
    (131, 500, "Internal error"),
    (135, 401, "Timestamp out of bounds."),
    (150, 403, "You cannot send messages to users who are not following you."),
    (151, 403, "There was an error sending your message: It looks like you already said that."),
    (170, 400, "Missing required parameter: grant_type"),
    (187, 403, "Status is a duplicate."),
    (200, 403, "Forbidden."),
    (214, 400, "Bad request."),
    (215, 400, "Bad Authentication data."),
    (220, 403, "Your credentials do not allow access to this resource."),
    (
        226,
        403,
        "This request looks like it might be automated. To protect our users from spam and other malicious activity, we can't complete this action right now.",
    ),
    (261, 403, "Application cannot perform write actions. Contact X for more information."),
    (324, 400, "The validation of media ids failed."),
    (
        326,
        403,
        "To protect our users from spam and other malicious activity, this account is temporarily locked. Please log in to https://x.com to unlock your account.",
    ),
    (348, 403, "Client application is not permitted to access this user's webhook subscriptions."),
    (349, 403, "You cannot send messages to this user."),
    (354, 403, "The text of your Direct Message is over the max character limit."),
    (355, 409, "Subscription already exists."),
    (357, 400, "Required parameter is missing."),
    (358, 400, "Parameter is not valid."),
    (415, 403, "Callback URL not approved for this client application."),
    (
        453,
        403,
        "You currently have access to a subset of X API endpoints only. If you need access to this endpoint, you may need a different access level.",
    ),
];

impl Refusal {
    /// With the words that X has for this code.
    pub fn new(code: i64) -> Self {
        let (status, message) = CODES
            .iter()
            .find(|(known, ..)| *known == code)
            .map_or((403, "Forbidden."), |(_, status, message)| (*status, *message));
        Self { status, code, message: message.to_owned(), manner: Manner::Code }
    }

    pub fn saying(code: i64, message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::new(code) }
    }

    pub fn problem(status: u16, code: i64, detail: &str) -> Self {
        Self { status, code, message: detail.to_owned(), manner: Manner::Problem }
    }

    /// The same in the words of v2.
    pub fn into_problem(self) -> Self {
        Self { manner: Manner::Problem, ..self }
    }

    /// The limit is spent.
    pub fn too_many(v2: bool) -> Self {
        if v2 { Self::problem(429, 88, "Too Many Requests") } else { Self::new(88) }
    }

    /// v2 has one sentence for everybody who takes no messages of the sender.
    pub fn in_v2_words(mut self, v2: bool) -> Self {
        if v2 && matches!(self.code, 150 | 349) {
            self.message = "You do not have permission to DM one or more participants.".to_owned();
        }
        self
    }

    pub fn answer(&self) -> Response<Bytes> {
        let body = match self.manner {
            Manner::Code => json!({"errors": [{"code": self.code, "message": self.message}]}),
            Manner::Grant(name) => json!({"error": name, "error_description": self.message}),
            Manner::Problem => {
                let (title, kind) = match self.status {
                    400 => ("Invalid Request", "https://api.x.com/2/problems/invalid-request"),
                    401 => ("Unauthorized", "about:blank"),
                    404 => ("Not Found Error", "https://api.x.com/2/problems/resource-not-found"),
                    429 => ("Too Many Requests", "about:blank"),
                    _ => ("Forbidden", "about:blank"),
                };
                let body = json!({"title": title, "type": kind, "status": self.status, "detail": self.message});
                let kind = HeaderValue::from_static("application/problem+json;charset=utf-8");
                return answer(self.status, kind, Bytes::from(body.to_string()));
            }
        };
        json_answer(self.status, &body)
    }
}

pub(crate) fn json_answer(status: u16, body: &Value) -> Response<Bytes> {
    let kind = HeaderValue::from_static("application/json;charset=utf-8");
    answer(status, kind, Bytes::from(body.to_string()))
}

/// The same answer with an error in it, as v2 gives partial ones.
pub(crate) fn complaining(response: &Response<Bytes>) -> Response<Bytes> {
    let mut body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let error = json!({"title": "Field Authorization Error", "detail": "Sorry, you are not authorized to access a field.",
        "type": "https://api.x.com/2/problems/not-authorized-for-field"});
    if let Some(body) = body.as_object_mut() {
        body.entry("errors").or_insert_with(|| json!([error]));
    }
    let mut changed = response.clone();
    *changed.body_mut() = Bytes::from(body.to_string());
    changed
}

pub(crate) fn html_answer(status: u16) -> Response<Bytes> {
    let body = "<!DOCTYPE html>\n<html><head><title>X / Error</title></head><body><h1>Something is technically wrong.</h1></body></html>\n";
    answer(status, HeaderValue::from_static("text/html;charset=utf-8"), Bytes::from_static(body.as_bytes()))
}

pub(crate) fn file_answer(content_type: &str, bytes: Vec<u8>) -> Response<Bytes> {
    let kind = HeaderValue::from_str(content_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    answer(200, kind, Bytes::from(bytes))
}

pub(crate) fn text_answer(body: &str) -> Response<Bytes> {
    answer(200, HeaderValue::from_static("text/html;charset=utf-8"), Bytes::from(body.to_owned()))
}

const STYLE: &str = "\
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; --accent: #0c6a86 } \
body { display: grid; place-items: center; min-height: 90vh; margin: 0 } \
main { width: min(22rem, 90vw); padding: 1.5rem; border: 1px solid #8884; border-radius: 1.5rem } \
h1 { margin: 0 0 1rem; font-size: 1.4rem; line-height: 1.25 } \
select, button { font: inherit; padding: .5rem .8rem; border: 1px solid #8886; border-radius: 1rem } \
select { width: 100%; margin-top: .3rem } \
button { font-weight: 600; color: var(--accent); background: none } \
button[value=yes] { color: #fff; background: var(--accent); border-color: var(--accent) }";

/// A page for people.
pub(crate) fn page_answer(status: u16, body: &str) -> Response<Bytes> {
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>X, simulated</title>\n<style>{STYLE}</style>\n<main>{body}</main>\n</html>\n"
    );
    answer(status, HeaderValue::from_static("text/html;charset=utf-8"), Bytes::from(page))
}

pub(crate) fn empty_answer(status: u16) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = code_of(status);
    response
}

fn answer(status: u16, kind: HeaderValue, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = code_of(status);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

fn code_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
