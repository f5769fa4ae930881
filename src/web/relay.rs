//! A file of X's handed through as it comes: what is asked of X, and which answers of X's may pass.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, StatusCode};

use super::answer::Answer;
use crate::x_api::request::{Request, Response};

/// What of X's answer is read, and handed on. Not its length: the runtime may have unpacked it.
pub const HEADERS: &[&str] = &["content-type", "content-range", "accept-ranges"];

/// What a browser shows without running anything.
const SHOWN: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"];

/// The part of the file that the caller wants, if it wants a part: videos are asked for so.
pub fn with_range(mut call: Request, asked: &Request) -> Request {
    if let Some(range) = asked.headers().get(RANGE) {
        call.headers_mut().insert(RANGE, range.clone());
    }
    call
}

/// What X names nothing but bytes is of the kind that the end of its address says.
const ENDINGS: &[(&str, &str)] = &[
    (".jpg", "image/jpeg"),
    (".jpeg", "image/jpeg"),
    (".png", "image/png"),
    (".gif", "image/gif"),
    (".webp", "image/webp"),
    (".mp4", "video/mp4"),
];

/// The head that goes before X's bytes; or the answer that takes their place. `from_x` has X's head alone, for what was
/// asked for at `path`.
pub fn head(from_x: &Response, path: &str) -> Result<Response, Box<Answer>> {
    let status = from_x.status();
    if !matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT) {
        return Err(Box::new(refused(status)));
    }
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for name in HEADERS.iter().copied().map(HeaderName::from_static) {
        if let Some(value) = from_x.headers().get(&name) {
            headers.insert(name, value.clone());
        }
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let ending = ENDINGS.iter().find(|(ending, _)| path.to_ascii_lowercase().ends_with(ending));
    if let Some((_, known)) = ending.filter(|_| kind == "application/octet-stream") {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(known));
        kind = (*known).to_owned();
    }
    if !SHOWN.contains(&kind.as_str()) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    // A customer sent it: it is looked at, and does nothing.
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    Ok(response)
}

/// X did not answer at all.
pub fn silence(why: &str) -> Answer {
    let answer = Answer::problem(StatusCode::BAD_GATEWAY, "X does not give the file.", "Try again in a minute.");
    answer.logged(format!("received media: {why}"))
}

fn refused(status: StatusCode) -> Answer {
    let said = format!("X does not give the file: {}.", status.as_u16());
    let mend = match status.as_u16() {
        300..=399 => "Nothing: X sent the call elsewhere, and it goes to no other host.",
        401 | 403 => {
            "Connect the account again; only it and the customer may see the file, and where X has closed v1.1 it wants a sign-in with OAuth 2.0."
        }
        404 | 410 => "Nothing: X does not have it any more.",
        _ => "Try again in a minute.",
    };
    Answer::problem(StatusCode::BAD_GATEWAY, &said, mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_x(status: u16, kind: &str) -> Response {
        http::Response::builder()
            .status(status)
            .header(CONTENT_TYPE, kind)
            .header("set-cookie", "a=b")
            .body(Bytes::new())
            .unwrap()
    }

    #[test]
    fn a_picture_is_shown_and_what_could_act_is_only_saved() {
        let shown = head(&from_x(200, "image/png"), "/a").unwrap();
        assert_eq!(shown.headers()[CONTENT_TYPE], "image/png");
        assert!(!shown.headers().contains_key("set-cookie") && !shown.headers().contains_key(CONTENT_DISPOSITION));
        for kind in ["text/html", "image/svg+xml", "IMAGE/SVG+XML; a=b", ""] {
            let saved = head(&from_x(200, kind), "/a").unwrap();
            assert_eq!(saved.headers()[CONTENT_TYPE], "application/octet-stream", "{kind}");
            assert_eq!(saved.headers()[CONTENT_DISPOSITION], "attachment", "{kind}");
        }
    }

    #[test]
    fn what_x_calls_bytes_is_shown_by_the_end_of_its_address() {
        let kind = |given: &str, path: &str| {
            let shown = head(&from_x(200, given), path).unwrap();
            shown.headers()[CONTENT_TYPE].to_str().unwrap().to_owned()
        };
        assert_eq!(kind("application/octet-stream", "/2/media/1/2/x.JPG"), "image/jpeg");
        assert_eq!(kind("application/octet-stream", "/2/media/1/2/x.svg"), "application/octet-stream");
        assert_eq!(kind("text/html", "/2/media/1/2/x.png"), "application/octet-stream", "X said what it is");
    }

    #[test]
    fn only_a_file_passes() {
        for status in [204, 301, 302, 401, 404, 500] {
            let answer = head(&from_x(status, "image/png"), "/a").unwrap_err();
            assert_eq!(answer.response.status(), 502, "{status}");
        }
        assert_eq!(head(&from_x(206, "video/mp4"), "/a").unwrap().status(), 206);
    }
}
