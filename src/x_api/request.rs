//! One HTTP call as a value: what we send, what came back, and how a call to X is put together and signed.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

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
    pub query: Vec<(Cow<'static, str>, String)>,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Empty,
    /// Signed by OAuth 1.0a.
    Form(Vec<(&'static str, String)>),
    /// Not signed.
    Json(String),
    /// One file in one field. Not signed.
    Multipart {
        field: &'static str,
        bytes: Bytes,
    },
}

/// Where the next page of a list of v1.1 begins. X ends it by a cursor of 0, or by none.
pub fn next_cursor(response: &Response) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(response.body()).ok()?;
    super::event::text(&body, "/next_cursor").filter(|next| next != "0")
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

    pub fn query(mut self, key: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.query.push((key.into(), value.into()));
        self
    }

    /// The page of a list that begins there; `None`: the first.
    pub fn at(self, cursor: Option<&str>) -> Self {
        match cursor {
            Some(cursor) => self.query("cursor", cursor),
            None => self,
        }
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
        let mut request = self.unsigned();
        if let Ok(mut value) = HeaderValue::from_str(header) {
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        request
    }

    /// As nobody in particular.
    pub fn unsigned(self) -> Request {
        let mut url = format!("{}{}", self.base, self.path);
        if !self.query.is_empty() {
            url.push('?');
            url.push_str(&pairs(&self.query));
        }
        let (kind, body) = match self.body {
            Body::Empty => (None, Bytes::new()),
            Body::Form(form) => (Some("application/x-www-form-urlencoded".to_owned()), Bytes::from(pairs(&form))),
            Body::Json(json) => (Some("application/json".to_owned()), Bytes::from(json)),
            Body::Multipart { field, bytes } => {
                let boundary = boundary(&bytes);
                (Some(format!("multipart/form-data; boundary={boundary}")), multipart(&boundary, field, &bytes))
            }
        };
        let mut request = Request::new(body);
        *request.method_mut() = self.method;
        // Base and path are ours and encoded; should a setting hold nonsense, the call goes to "/" and fails by name.
        *request.uri_mut() = url.parse().unwrap_or_default();
        if let Some(kind) = kind.and_then(|kind| HeaderValue::from_str(&kind).ok()) {
            request.headers_mut().insert(CONTENT_TYPE, kind);
        }
        request
    }
}

/// A line that does not occur in the bytes: nobody can write the hash of what he writes into it.
fn boundary(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().take(16).fold("perch-".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

fn multipart(boundary: &str, field: &str, bytes: &[u8]) -> Bytes {
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{field}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    Bytes::from([head.as_bytes(), bytes, format!("\r\n--{boundary}--\r\n").as_bytes()].concat())
}

/// What RFC 3986 calls unreserved stays, everything else is encoded, as OAuth 1.0a demands it.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn pairs<K: AsRef<str>>(all: &[(K, String)]) -> String {
    let all: Vec<String> =
        all.iter().map(|(key, value)| format!("{}={}", encode(key.as_ref()), encode(value))).collect();
    all.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_between_lines_that_it_does_not_contain() {
        let call = Call::post("https://a.example", "/")
            .body(Body::Multipart { field: "media", bytes: Bytes::from_static(b"\x00\r\n--perch") });
        let request = call.with_authorization("OAuth");
        let kind = request.headers()[CONTENT_TYPE].to_str().unwrap();
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        let body = String::from_utf8_lossy(request.body()).into_owned();
        assert_eq!(body.matches(&format!("--{boundary}")).count(), 2);
        assert!(body.contains("name=\"media\"") && body.contains("\u{0}\r\n--perch\r\n--"));
    }

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
