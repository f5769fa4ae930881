//! The phone: a page without a single outside dependency, and the answer to "are you there?".

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};

use crate::shared::Shared;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; \
                      frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("../../../phone/", $name))
    };
}

const FILES: &[(&str, &str, &str)] = &[
    ("/", "text/html; charset=utf-8", file!("index.html")),
    ("/phone/phone.css", "text/css; charset=utf-8", file!("phone.css")),
    ("/phone/trouble.css", "text/css; charset=utf-8", file!("trouble.css")),
    ("/side-by-side", "text/html; charset=utf-8", file!("side_by_side.html")),
    ("/phone/side_by_side.css", "text/css; charset=utf-8", file!("side_by_side.css")),
    ("/phone/side_by_side.js", "text/javascript; charset=utf-8", file!("side_by_side.js")),
    ("/phone/main.js", "text/javascript; charset=utf-8", file!("main.js")),
    ("/phone/chat.js", "text/javascript; charset=utf-8", file!("chat.js")),
    ("/phone/element.js", "text/javascript; charset=utf-8", file!("element.js")),
    ("/phone/people.js", "text/javascript; charset=utf-8", file!("people.js")),
    ("/phone/plan.js", "text/javascript; charset=utf-8", file!("plan.js")),
    ("/phone/public.js", "text/javascript; charset=utf-8", file!("public.js")),
    ("/phone/talk.js", "text/javascript; charset=utf-8", file!("talk.js")),
    ("/phone/trouble.js", "text/javascript; charset=utf-8", file!("trouble.js")),
    ("/phone/icon.svg", "image/svg+xml", file!("icon.svg")),
];

pub fn routes() -> Router<Shared> {
    let healthy = Router::new().route("/healthz", get(async || "ok\n"));
    FILES.iter().fold(healthy, |router, (path, kind, content)| router.route(path, get(async || page(kind, content))))
}

fn page(kind: &'static str, content: &'static str) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, content)
}
