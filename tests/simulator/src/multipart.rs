//! The parts of a multipart body: text fields, and files.

use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;

/// Name and bytes of each part, in their order; nothing where the body is no multipart.
pub(crate) fn parts(request: &Request<Bytes>) -> Vec<(String, Bytes)> {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_multipart = header.to_ascii_lowercase().starts_with("multipart/form-data");
    let Some(boundary) = header.split("boundary=").nth(1).filter(|_| is_multipart) else { return Vec::new() };
    let line = format!("--{}", boundary.split(';').next().unwrap_or_default().trim_matches('"'));
    let (body, mut all, mut at) = (request.body(), Vec::new(), 0);
    while let Some((name, from, to)) = part(body, line.as_bytes(), at) {
        all.push((name, body.slice(from..to)));
        at = to;
    }
    all
}

/// Name of the next part, and where its bytes are.
fn part(body: &Bytes, line: &[u8], at: usize) -> Option<(String, usize, usize)> {
    let head = find(body, line, at)? + line.len();
    let from = find(body, b"\r\n\r\n", head)? + 4;
    let said = String::from_utf8_lossy(body.get(head..from)?).into_owned();
    let name = said.split("name=\"").nth(1)?.split('"').next()?.to_owned();
    let end = [b"\r\n", line].concat();
    let to = find(body, &end, from)?;
    Some((name, from, to))
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(what.len()).position(|window| window == what).map(|at| at + from)
}
