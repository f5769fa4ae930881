//! Calls to other machines, with a time limit and without following redirects.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, RequestRedirect, WorkerGlobalScope};

use super::streams;
use crate::error::Trouble;
use crate::platform::CALL_SECONDS;
use crate::x_api::fault::RATE_LIMIT_RESET;
use crate::x_api::request::{CallLimit, Request, Response};

pub async fn send(request: Request) -> Result<Response, Trouble> {
    call(request).await.map_err(|error| {
        let said = error.as_string().or_else(|| error.dyn_ref::<js_sys::Error>().map(|error| error.message().into()));
        Trouble::Network(said.unwrap_or_else(|| "the call failed".to_owned()))
    })
}

async fn call(request: Request) -> Result<Response, JsValue> {
    let (parts, body) = request.into_parts();
    let headers = Headers::new()?;
    for (name, value) in &parts.headers {
        headers.append(name.as_str(), value.to_str().unwrap_or_default())?;
    }
    let init = RequestInit::new();
    init.set_method(parts.method.as_str());
    init.set_headers(&headers);
    init.set_redirect(RequestRedirect::Manual);
    let limit = parts.extensions.get::<CallLimit>();
    let seconds = limit.map_or(CALL_SECONDS, |limit| limit.seconds.min(CALL_SECONDS));
    init.set_signal(Some(&AbortSignal::timeout_with_u32(seconds * 1000)));
    if !body.is_empty() {
        init.set_body(&Uint8Array::from(body.as_ref()));
    }
    let global: WorkerGlobalScope = js_sys::global().unchecked_into();
    let response = JsFuture::from(global.fetch_with_str_and_init(&parts.uri.to_string(), &init)).await?;
    read(response.unchecked_into(), limit.map(|limit| limit.bytes)).await
}

async fn read(response: web_sys::Response, most: Option<usize>) -> Result<Response, JsValue> {
    let body = match most {
        None => Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?).to_vec().into(),
        Some(most) => streams::up_to(response.body(), most).await?,
    };
    let mut value = Response::new(body);
    *value.status_mut() = http::StatusCode::from_u16(response.status()).unwrap_or(http::StatusCode::BAD_GATEWAY);
    // The one header that the X client reads.
    if let Some(text) = response.headers().get(RATE_LIMIT_RESET)?
        && let Ok(text) = text.parse()
    {
        value.headers_mut().insert(RATE_LIMIT_RESET, text);
    }
    Ok(value)
}
