//! What we answer: a body with its type, or a problem with its mend (RFC 9457).

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use crate::flows::challenged::Note;
use crate::flows::live::Live;
use crate::x_api::request::{Request, Response};

/// A response, and the one line that goes to the log, if any; the line never holds bodies, tokens or message text.
#[derive(Debug)]
pub struct Answer {
    pub response: Response,
    pub log: Option<String>,
    pub body: Body,
    /// Queued once the answer is out; should the queue refuse, nothing is lost that matters.
    pub note: Option<Note>,
}

/// Where the body comes from.
#[derive(Debug)]
pub enum Body {
    /// The response has it.
    Own,
    /// The answer to this call is the answer, streamed: see [`super::relay`].
    Relay(Box<Request>),
    /// The file of the path that was asked for.
    Asset,
    /// What this sees, as it happens.
    Live(Box<Live>),
}

/// For a year; a browser takes it over https alone.
const ALWAYS_HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Headers whose values say nothing of this one answer.
pub const PLAIN_HEADERS: [HeaderName; 3] = [CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS];

impl Answer {
    pub fn empty(status: StatusCode) -> Self {
        Self::with(status, None, Bytes::new())
    }

    pub fn json(status: StatusCode, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self::with(status, Some("application/json"), body.into())
    }

    /// Whatever X answers to this call.
    pub fn relay(call: Request) -> Self {
        Self { body: Body::Relay(Box::new(call)), ..Self::empty(StatusCode::OK) }
    }

    /// JSON that is written already.
    pub fn json_text(body: String) -> Self {
        Self::with(StatusCode::OK, Some("application/json"), body.into())
    }

    /// A file that is kept here; a browser may keep it too.
    pub fn file(content_type: &str, bytes: Vec<u8>) -> Self {
        let answer = Self::with(StatusCode::OK, None, bytes.into()).header(CONTENT_TYPE, content_type);
        answer.header(CACHE_CONTROL, "private, max-age=86400")
    }

    pub fn csv(text: String) -> Self {
        Self::with(StatusCode::OK, Some("text/csv; charset=utf-8"), text.into())
    }

    pub fn page(html: String) -> Self {
        let mut answer = Self::with(StatusCode::OK, Some("text/html; charset=utf-8"), html.into());
        let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        let headers = answer.response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        headers.insert(STRICT_TRANSPORT_SECURITY, ALWAYS_HTTPS);
        answer
    }

    /// A page with a form that comes back here.
    pub fn form(html: String) -> Self {
        let mut answer = Self::page(html);
        let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        answer.response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        answer
    }

    /// The file of this path among the pages that were built, with these headers in place of its own.
    pub fn asset() -> Self {
        let mut answer = Self { body: Body::Asset, ..Self::empty(StatusCode::OK) };
        let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        let headers = answer.response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(STRICT_TRANSPORT_SECURITY, ALWAYS_HTTPS);
        answer
    }

    /// Events for as long as the page is open: see [`Live`].
    pub fn live(live: Live) -> Self {
        let answer = Self::with(StatusCode::OK, Some("text/event-stream"), Bytes::new());
        Self { body: Body::Live(Box::new(live)), ..answer }
    }

    /// A refusal: what is wrong, and what to do about it.
    pub fn problem(status: StatusCode, detail: &str, what_to_do: &str) -> Self {
        Self::problem_with(status, detail, what_to_do, &serde_json::Map::new())
    }

    /// The same, with the members of an object beside it.
    pub fn problem_with(status: StatusCode, detail: &str, what_to_do: &str, more: &impl Serialize) -> Self {
        #[derive(Serialize)]
        struct Problem<'a, T: Serialize> {
            r#type: &'static str,
            title: &'a str,
            status: u16,
            detail: &'a str,
            what_to_do: &'a str,
            #[serde(flatten)]
            more: &'a T,
        }
        let title = status.canonical_reason().unwrap_or("Error");
        let problem = Problem { r#type: "about:blank", title, status: status.as_u16(), detail, what_to_do, more };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        Self::with(status, Some("application/problem+json"), body.into())
    }

    pub fn then(mut self, note: Note) -> Self {
        self.note = Some(note);
        self
    }

    /// For X, which is no browser and keeps nothing: each of these headers would cost as much as the hash.
    pub fn for_x(mut self) -> Self {
        let headers = self.response.headers_mut();
        headers.remove(CACHE_CONTROL);
        headers.remove(X_CONTENT_TYPE_OPTIONS);
        self
    }

    pub fn status(mut self, status: StatusCode) -> Self {
        *self.response.status_mut() = status;
        self
    }

    pub fn logged(mut self, line: impl Into<String>) -> Self {
        self.log = Some(line.into());
        self
    }

    pub fn header(mut self, name: http::HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.response.headers_mut().insert(name, value);
        }
        self
    }

    fn with(status: StatusCode, kind: Option<&'static str>, body: Bytes) -> Self {
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        Self { response, log: None, body: Body::Own, note: None }
    }
}
