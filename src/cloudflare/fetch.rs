//! A request that came in: translated, handed to the routes, answered.

use bytes::{Bytes, BytesMut};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::Env;

use super::platform::Edge;
use super::{log, setting};
use crate::config::Config;
use crate::web::{self, webhook};
use crate::x_api::delivery::LARGEST;
use crate::x_api::request::{Request, Response};

/// Called by the runtime for every request.
#[wasm_bindgen]
pub async fn fetch(request: web_sys::Request, env: Env, _context: JsValue) -> Result<web_sys::Response, JsValue> {
    console_error_panic_hook::set_once();
    let get = |name: &str| setting(&env, name);
    let config = Config::new(&get);
    let answer = match read(&request).await? {
        Some(request) => web::handle(&Edge::new(&env), &config, &request).await,
        None => webhook::too_large(),
    };
    if let Some(line) = &answer.log {
        log::line(line);
    }
    write(answer.response)
}

/// The request as a value; `None` when its body is larger than any that is accepted.
async fn read(request: &web_sys::Request) -> Result<Option<Request>, JsValue> {
    let Some(body) = body(request).await? else { return Ok(None) };
    let mut value = Request::new(body);
    *value.method_mut() = request.method().parse().unwrap_or_default();
    *value.uri_mut() = request.url().parse().unwrap_or_default();
    let headers = request.headers();
    for name in web::HEADERS {
        if let Some(text) = headers.get(name)?
            && let Ok(text) = text.parse()
        {
            value.headers_mut().insert(*name, text);
        }
    }
    Ok(Some(value))
}

/// Read piece by piece, so that a body without a length cannot fill the memory that all requests share.
async fn body(request: &web_sys::Request) -> Result<Option<Bytes>, JsValue> {
    let length = request.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
    if length.is_some_and(|length| length > LARGEST) {
        return Ok(None);
    }
    let Some(stream) = request.body() else { return Ok(Some(Bytes::new())) };
    let reader: web_sys::ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = BytesMut::with_capacity(length.unwrap_or_default());
    loop {
        let piece = JsFuture::from(reader.read()).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(Some(bytes.freeze()));
        }
        let piece: Uint8Array = Reflect::get(&piece, &"value".into())?.unchecked_into();
        bytes.extend_from_slice(&piece.to_vec());
        if bytes.len() > LARGEST {
            let _ = JsFuture::from(reader.cancel()).await;
            return Ok(None);
        }
    }
}

fn write(response: Response) -> Result<web_sys::Response, JsValue> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in response.headers() {
        headers.append(name.as_str(), value.to_str().unwrap_or_default())?;
    }
    let init = web_sys::ResponseInit::new();
    init.set_status(response.status().as_u16());
    init.set_headers(&headers);
    let body = response.into_body();
    let body = (!body.is_empty()).then(|| Uint8Array::from(body.as_ref()));
    web_sys::Response::new_with_opt_js_u8_array_and_init(body.as_ref(), &init)
}
