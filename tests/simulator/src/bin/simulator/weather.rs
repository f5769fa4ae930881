//! The weather service over real sockets.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;

use crate::shared::Shared;

pub fn routes() -> Router<Shared> {
    Router::new().route("/weather/v1/{*rest}", get(weather))
}

async fn weather(State(x): State<Shared>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let request = http::Request::from_parts(parts, Bytes::new());
    match x.quietly(|x, _| x.weather(&request)) {
        Some(response) => response.map(Body::from),
        None => std::future::pending().await,
    }
}
