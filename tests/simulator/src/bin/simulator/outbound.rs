//! X's calls to webhooks: plain http, no redirects, three seconds.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::log;

#[derive(Clone)]
pub struct Outbound(Client<HttpConnector, Full<Bytes>>);

const WITHIN: Duration = Duration::from_secs(3);
const LONGEST_ANSWER: usize = 1 << 20;

impl Outbound {
    pub fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    /// `None`: no answer in time, or none at all.
    pub async fn send(&self, request: Request<Bytes>) -> Option<Response<Bytes>> {
        let url = request.uri().clone();
        match tokio::time::timeout(WITHIN, self.ask(request)).await {
            Ok(Ok(response)) => Some(response),
            Ok(Err(error)) => {
                log::line(format_args!("{}: {error}", url.path()));
                None
            }
            Err(_) => {
                log::line(format_args!("{}: no answer within {} s", url.path(), WITHIN.as_secs()));
                None
            }
        }
    }

    async fn ask(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Box<dyn std::error::Error + Send + Sync>> {
        let (parts, body) = self.0.request(request.map(Full::new)).await?.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER).collect().await?.to_bytes();
        Ok(Response::from_parts(parts, body))
    }
}
