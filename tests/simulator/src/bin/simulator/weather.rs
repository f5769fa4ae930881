//! The weather service over real sockets.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use bytes::Bytes;
use http::StatusCode;
use perch_simulator::Weather;
use serde_json::{Value, json};

use crate::acts::from_this_page;
use crate::shared::Shared;

pub fn routes() -> Router<Shared> {
    let behave = Router::new().route("/sim/weather", post(behave)).route_layer(middleware::from_fn(from_this_page));
    behave.route("/weather/v1/{*rest}", get(weather))
}

/// How the service behaves from now on.
async fn behave(State(x): State<Shared>, Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
    let wanted = match body.get("weather").and_then(Value::as_str) {
        Some("works") => Weather::Works,
        Some("hangs") => Weather::Hangs,
        Some("fails") => Weather::Fails,
        Some("html") => Weather::Html,
        Some("huge") => Weather::Huge,
        Some("redirects") => Weather::Redirects,
        _ => return (StatusCode::BAD_REQUEST, Json(json!({"error": "works, hangs, fails, html, huge or redirects"}))),
    };
    x.change(|x, _| x.settings().weather = wanted);
    (StatusCode::OK, Json(json!({})))
}

async fn weather(State(x): State<Shared>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let request = http::Request::from_parts(parts, Bytes::new());
    match x.quietly(|x, _| x.weather(&request)) {
        Some(response) => response.map(Body::from),
        None => std::future::pending().await,
    }
}
