//! One HTTP call as a value: what we send, what came back, and how a call to X is put together and signed.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::oauth1::{self, Credentials};
use super::secret::Secret;
use super::time::Timestamp;

pub type Request = http::Request<Bytes>;
pub type Response = http::Response<Bytes>;

/// What a call may take, where it is less than the carrier's own limits: an extension of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallLimit {
    pub seconds: u32,
    /// Of the answer. More is cut off behind one byte too many, so that it shows.
    pub bytes: usize,
}

/// A call to X before it is signed. The host is a setting, since it is part of the signature.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    /// Scheme and host, without a slash at the end: `https://api.x.com`.
    pub base: String,
    /// Starts with a slash; its variable parts are encoded already.
    pub path: String,
    pub query: Vec<(&'static str, String)>,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Empty,
    /// Signed by OAuth 1.0a.
    Form(Vec<(&'static str, String)>),
    /// Not signed.
    Json(String),
}

impl Call {
    pub fn get(base: &str, path: impl Into<String>) -> Self {
        Self::new(Method::GET, base, path)
    }

    pub fn post(base: &str, path: impl Into<String>) -> Self {
        Self::new(Method::POST, base, path)
    }

    pub fn put(base: &str, path: impl Into<String>) -> Self {
        Self::new(Method::PUT, base, path)
    }

    pub fn delete(base: &str, path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, base, path)
    }

    fn new(method: Method, base: &str, path: impl Into<String>) -> Self {
        Self { method, base: base.to_owned(), path: path.into(), query: Vec::new(), body: Body::Empty }
    }

    pub fn query(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.query.push((key, value.into()));
        self
    }

    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Signed as the user (or the app's owner) whose token the credentials hold.
    pub fn signed(self, credentials: &Credentials, nonce: &str, now: Timestamp) -> Request {
        let header = oauth1::authorization(&self, credentials, nonce, now);
        self.with_authorization(&header)
    }

    /// As the app alone.
    pub fn with_bearer(self, token: &Secret) -> Request {
        let header = format!("Bearer {}", token.reveal());
        self.with_authorization(&header)
    }

    pub(super) fn with_authorization(self, header: &str) -> Request {
        let mut url = format!("{}{}", self.base, self.path);
        if !self.query.is_empty() {
            url.push('?');
            url.push_str(&pairs(&self.query));
        }
        let (kind, body) = match self.body {
            Body::Empty => (None, Bytes::new()),
            Body::Form(form) => (Some("application/x-www-form-urlencoded"), Bytes::from(pairs(&form))),
            Body::Json(json) => (Some("application/json"), Bytes::from(json)),
        };
        let mut request = Request::new(body);
        *request.method_mut() = self.method;
        // Base and path are ours and encoded; should a setting hold nonsense, the call goes to "/" and fails by name.
        *request.uri_mut() = url.parse().unwrap_or_default();
        if let Some(kind) = kind {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        if let Ok(mut value) = HeaderValue::from_str(header) {
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        request
    }
}

/// What RFC 3986 calls unreserved stays, everything else is encoded, as OAuth 1.0a demands it.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn pairs(all: &[(&str, String)]) -> String {
    let all: Vec<String> = all.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
    all.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_as_xs_page_shows() {
        for (text, encoded) in [
            ("Ladies + Gentlemen", "Ladies%20%2B%20Gentlemen"),
            ("An encoded string!", "An%20encoded%20string%21"),
            ("Dogs, Cats & Mice", "Dogs%2C%20Cats%20%26%20Mice"),
            ("☃", "%E2%98%83"),
            ("a-b.c_d~e*'()", "a-b.c_d~e%2A%27%28%29"),
        ] {
            assert_eq!(encode(text), encoded);
        }
    }
}
