//! Calls to other machines, with a time limit and without following redirects.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Headers, RequestInit, RequestRedirect, WorkerGlobalScope};

use super::promised::promised;
use super::streams;
use crate::error::Trouble;
use crate::platform::CALL_SECONDS;
use crate::x_api::answered;
use crate::x_api::request::{CallLimit, Request, Response};

/// What is read of an answer of X's, in bytes: its largest are lists of a hundred events.
const LARGEST: usize = 4 << 20;

/// A stream may take as long as this, in seconds.
const STREAM_SECONDS: u32 = 300;

pub async fn send(request: Request) -> Result<Response, Trouble> {
    let limit = request.extensions().get::<CallLimit>().copied();
    let seconds = limit.map_or(CALL_SECONDS, |limit| limit.seconds);
    let response = call(request, seconds).await.map_err(|error| trouble(&error))?;
    read(response, limit.map(|limit| limit.bytes)).await.map_err(|error| trouble(&error))
}

/// The answer as soon as its head is there, its body still to come.
pub async fn open(request: Request) -> Result<web_sys::Response, Trouble> {
    call(request, STREAM_SECONDS).await.map_err(|error| trouble(&error))
}

/// The status of an answer and the headers that are asked for.
pub fn head(response: &web_sys::Response, names: &[&'static str]) -> Result<Response, JsValue> {
    let mut value = Response::default();
    *value.status_mut() = http::StatusCode::from_u16(response.status()).unwrap_or(http::StatusCode::BAD_GATEWAY);
    for name in names {
        if let Some(text) = response.headers().get(name)?
            && let Ok(text) = text.parse()
        {
            value.headers_mut().insert(*name, text);
        }
    }
    Ok(value)
}

fn trouble(error: &JsValue) -> Trouble {
    let said = error.as_string().or_else(|| error.dyn_ref::<js_sys::Error>().map(|error| error.message().into()));
    Trouble::Network(said.unwrap_or_else(|| "the call failed".to_owned()))
}

async fn call(request: Request, seconds: u32) -> Result<web_sys::Response, JsValue> {
    let (parts, body) = request.into_parts();
    let headers = Headers::new()?;
    for (name, value) in &parts.headers {
        headers.append(name.as_str(), value.to_str().unwrap_or_default())?;
    }
    let init = RequestInit::new();
    init.set_method(parts.method.as_str());
    init.set_headers(&headers);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(seconds * 1000)));
    if !body.is_empty() {
        init.set_body(&Uint8Array::from(body.as_ref()));
    }
    let global: WorkerGlobalScope = js_sys::global().unchecked_into();
    let response = promised(&global.fetch_with_str_and_init(&parts.uri.to_string(), &init)).await?;
    Ok(response.unchecked_into())
}

async fn read(response: web_sys::Response, most: Option<usize>) -> Result<Response, JsValue> {
    let length = response.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
    // A length says nothing of what a stranger has packed into it.
    let at_once = most.is_none() && length.is_some_and(|length| length <= LARGEST);
    let body = match at_once {
        true => Uint8Array::new(&promised(&response.array_buffer()?).await?).to_vec().into(),
        false => streams::up_to(response.body(), most.unwrap_or(LARGEST)).await?,
    };
    Ok(head(&response, answered::HEADERS)?.map(|_| body))
}
