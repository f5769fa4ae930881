//! X's API over real sockets: every path that is not the phone's.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::HOST;
use http::{StatusCode, Uri};
use perch_simulator::Handled;

use crate::log;
use crate::shared::Shared;

const LONGEST_BODY: usize = 16 << 20;

pub async fn call(State(x): State<Shared>, request: Request) -> Response {
    let Some(request) = whole(request).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = match x.change(|x, now| x.handle(now, &request)) {
        Handled::Answer(response) => response,
        Handled::Challenge(challenge) => {
            let answer = x.outbound.send(challenge.request()).await;
            x.change(|x, now| x.challenged(now, challenge, answer.as_ref()))
        }
        Handled::Silence => {
            log::line(format_args!("{method} {path} silence"));
            return std::future::pending().await;
        }
    };
    log::line(format_args!("{method} {path} {}", response.status().as_u16()));
    response.map(Body::from)
}

/// The request with its body, under the address that the client called: scheme and host are part of its signature.
async fn whole(request: Request) -> Option<http::Request<Bytes>> {
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, LONGEST_BODY).await.ok()?;
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    // Who calls X by its own name means the real one, which is spoken to over TLS.
    let is_here = ["127.0.0.1", "localhost"].iter().any(|name| host.starts_with(name));
    let scheme = if is_here { "http" } else { "https" };
    if let Ok(uri) = format!("{scheme}://{host}{path}").parse::<Uri>() {
        parts.uri = uri;
    }
    Some(http::Request::from_parts(parts, body))
}
