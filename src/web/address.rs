//! The address that a request came to, as whoever sent it names it.

use http::uri::Authority;

use crate::x_api::request::Request;

/// The scheme that the browser speaks, where a tunnel speaks http from there on.
pub const SPOKEN: &str = "x-forwarded-proto";

/// `https`, or `http`. Of several proxies the first heard the browser.
pub fn scheme(request: &Request) -> &'static str {
    let told = request.headers().get(SPOKEN).and_then(|value| value.to_str().ok());
    let told = told.and_then(|told| told.split(',').next()).map(str::trim).or(request.uri().scheme_str());
    if told.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")) { "http" } else { "https" }
}

/// The scheme and host.
pub fn origin(request: &Request) -> String {
    let host = request.uri().authority().map(Authority::as_str).unwrap_or_default();
    format!("{}://{host}", scheme(request))
}

/// Whether everybody on the way reads along: over http, to another computer.
pub fn is_open_to_all(request: &Request) -> bool {
    let is_here = matches!(request.uri().host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    scheme(request) == "http" && !is_here
}
