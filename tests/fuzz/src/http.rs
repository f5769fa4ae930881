//! Requests and answers as they stand on the wire: a first line, headers, an empty line, a body.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Uri};
use perch::x_api::request::{Request, Response};

/// `METHOD /path?query`. `None`: no such request could have come in.
pub fn request(bytes: &[u8]) -> Option<Request> {
    let (first, headers, body) = parts(bytes);
    let (method, target) = first.split_once(' ')?;
    let uri: Uri = format!("https://perch.example{target}").parse().ok()?;
    let mut request = Request::new(Bytes::copy_from_slice(body));
    *request.method_mut() = method.parse().ok()?;
    *request.uri_mut() = uri;
    request.headers_mut().extend(headers);
    Some(request)
}

/// `STATUS`; 200 where there is none.
pub fn response(bytes: &[u8]) -> Response {
    let (first, headers, body) = parts(bytes);
    let mut response = Response::new(Bytes::copy_from_slice(body));
    *response.status_mut() = first.trim().parse().unwrap_or_default();
    response.headers_mut().extend(headers);
    response
}

/// The first line, the headers that are some, and what follows the empty line.
fn parts(bytes: &[u8]) -> (String, Vec<(HeaderName, HeaderValue)>, &[u8]) {
    let (head, body) = match bytes.windows(2).position(|two| two == b"\n\n") {
        Some(at) => (&bytes[..at], &bytes[at + 2..]),
        None => (bytes, &[][..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let headers = lines.filter_map(|line| {
        let at = line.windows(2).position(|two| two == b": ")?;
        Some((HeaderName::from_bytes(&line[..at]).ok()?, HeaderValue::from_bytes(&line[at + 2..]).ok()?))
    });
    (first, headers.collect(), body)
}
