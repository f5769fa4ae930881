//! A request that came in: translated, handed to the routes, answered.

use bytes::Bytes;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use worker::Env;

use super::platform::Edge;
use super::{assets, calls, live, log, setting, streams};
use crate::config::Config;
use crate::platform::Platform;
use crate::web::answer::Answer;
use crate::web::{self, relay, webhook};
use crate::x_api::delivery::LARGEST;
use crate::x_api::request::{Request, Response};

/// Called by the runtime for every request.
#[wasm_bindgen]
pub async fn fetch(request: web_sys::Request, env: Env, context: JsValue) -> Result<web_sys::Response, JsValue> {
    console_error_panic_hook::set_once();
    let get = |name: &str| setting(&env, name);
    let config = Config::new(&get);
    let address = request.url();
    let answer = match read(&request).await? {
        Some(request) => web::handle(&Edge::new(&env), &config, &request).await,
        None => webhook::too_large(),
    };
    if let Some(note) = answer.note.clone() {
        let env = env.clone();
        let noted = wasm_bindgen_futures::future_to_promise(async move {
            if let Err(trouble) = Edge::new(&env).enqueue(vec![note]).await {
                log::line(&format!("a note is lost: {trouble}"));
            }
            Ok(JsValue::UNDEFINED)
        });
        let wait_until: js_sys::Function = js_sys::Reflect::get(&context, &"waitUntil".into())?.dyn_into()?;
        wait_until.call1(&context, &noted)?;
    }
    match answer {
        Answer { relay: Some(call), .. } => relayed(*call).await,
        Answer { is_asset: true, response, .. } => assets::file(&env, &address, &response).await,
        Answer { live: Some(seen), response, .. } => live::answer(&env, *seen, &response),
        answer => say(answer),
    }
}

fn say(answer: Answer) -> Result<web_sys::Response, JsValue> {
    if let Some(line) = &answer.log {
        log::line(line);
    }
    write(answer.response)
}

/// The bytes of the other side go through as they come; they never stand in memory as a whole.
async fn relayed(call: Request) -> Result<web_sys::Response, JsValue> {
    let path = call.uri().path().to_owned();
    let from_x = match calls::open(call).await {
        Ok(response) => response,
        Err(trouble) => return say(relay::silence(&trouble.to_string())),
    };
    match relay::head(&calls::head(&from_x, relay::HEADERS)?, &path) {
        Ok(head) => {
            let stream = from_x.body();
            web_sys::Response::new_with_opt_readable_stream_and_init(stream.as_ref(), &init_of(&head)?)
        }
        Err(answer) => say(*answer),
    }
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
    let body = streams::up_to(request.body(), LARGEST).await?;
    Ok((body.len() <= LARGEST).then_some(body))
}

pub fn init_of(response: &Response) -> Result<web_sys::ResponseInit, JsValue> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in response.headers() {
        headers.append(name.as_str(), value.to_str().unwrap_or_default())?;
    }
    let init = web_sys::ResponseInit::new();
    init.set_status(response.status().as_u16());
    init.set_headers(&headers);
    Ok(init)
}

fn write(response: Response) -> Result<web_sys::Response, JsValue> {
    let init = init_of(&response)?;
    let body = response.into_body();
    let body = (!body.is_empty()).then(|| Uint8Array::from(body.as_ref()));
    web_sys::Response::new_with_opt_js_u8_array_and_init(body.as_ref(), &init)
}
