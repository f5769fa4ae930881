//! Requests to the Worker, as X and as an admin send them.

use bytes::Bytes;
use perch::x_api::request::{Request, Response};

use super::World;
use super::cast::{ADMIN, CONSUMER_SECRET, HOST};

pub fn post(signature: Option<&str>, body: impl Into<Bytes>) -> Request {
    let mut request = http::Request::builder().method("POST").uri(format!("{HOST}/webhook"));
    if let Some(signature) = signature {
        request = request.header("x-twitter-webhooks-signature", signature);
    }
    request.body(body.into()).unwrap()
}

pub fn sign(body: &[u8]) -> String {
    perch::x_api::crc::sha256_mark(&perch::x_api::secret::Secret::new(CONSUMER_SECRET), body)
}

pub fn admin_request(method: &str, path: &str, body: &str) -> Request {
    http::Request::builder()
        .method(method)
        .uri(format!("{HOST}{path}"))
        .header("authorization", format!("Bearer {ADMIN}"))
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

impl World {
    pub fn gets(&mut self, path: &str) -> Response {
        let request = http::Request::builder().uri(format!("{HOST}{path}")).body(Bytes::new()).unwrap();
        self.asks(request)
    }
}
