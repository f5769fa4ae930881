//! What crosses for every call of X, in as few crossings as it takes: `crossing.js` is the other side.

use http::HeaderName;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use worker::Env;

use crate::x_api::signature::{HEADER, HEADER_OF_CLIENT};

#[wasm_bindgen(module = "/src/cloudflare/crossing.js")]
extern "C" {
    #[wasm_bindgen(js_name = head)]
    fn head_of(request: &web_sys::Request) -> String;

    /// One message for the queue.
    #[wasm_bindgen(catch)]
    pub fn send(env: &Env, text: &str, delay_seconds: u32) -> Result<Promise, JsValue>;
}

/// The headers that come with every head.
pub const HEADERS: [&str; 2] = [HEADER, HEADER_OF_CLIENT];

/// Method, address, length and signatures of a request, as they cross.
pub struct Head(String);

/// The same, taken apart.
#[derive(Default)]
pub struct Lines<'a> {
    pub method: &'a str,
    pub address: &'a str,
    pub length: Option<usize>,
    signatures: [&'a str; 2],
}

impl Head {
    pub fn of(request: &web_sys::Request) -> Self {
        Self(head_of(request))
    }

    pub fn lines(&self) -> Lines<'_> {
        let mut lines = self.0.split('\n');
        let mut next = || lines.next().unwrap_or_default();
        Lines { method: next(), address: next(), length: next().parse().ok(), signatures: [next(), next()] }
    }
}

impl Lines<'_> {
    /// Those of [`HEADERS`] that are there.
    pub fn headers(&self) -> impl Iterator<Item = (HeaderName, &str)> {
        let names = HEADERS.into_iter().map(HeaderName::from_static);
        names.zip(self.signatures).filter(|(_, value)| !value.is_empty())
    }
}
