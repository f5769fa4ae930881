//! A request that came in: translated, handed to the routes, answered.

use std::cell::{Cell, RefCell};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use worker::Env;

use super::crossing::{self, Head, Lines};
use super::platform::Edge;
use super::promised::promised;
use super::task::{self, Done};
use super::{assets, calls, live, log, setting, streams};
use crate::config::Config;
use crate::job::Queued;
use crate::platform::Platform;
use crate::web::answer::{Answer, Body};
use crate::web::{self, relay, webhook};
use crate::x_api::request::{Request, Response};
use crate::x_api::time::{Span, Timestamp};

/// Called by the runtime for every request. What waits for nothing is answered at once, without a promise: X's challenge.
#[wasm_bindgen]
pub fn fetch(request: web_sys::Request, env: Env, context: JsValue) -> Done {
    console_error_panic_hook::set_once();
    task::run(answer(request, env, context))
}

async fn answer(request: web_sys::Request, env: Env, context: JsValue) -> Done {
    let get = |name: &str| setting(&env, name);
    let config = Config::new(&get);
    let head = Head::of(&request);
    let head = head.lines();
    let answer = match read(&request, &head, &config).await? {
        Some(request) => web::handle(&Edge::new(&env), &config, &request).await,
        None => webhook::too_large(&Edge::new(&env), &config, head.address),
    };
    let note = answer.note;
    let response = match answer.body {
        Body::Relay(call) => relayed(*call).await,
        Body::Asset => assets::file(&env, head.address, &answer.response).await,
        Body::Live(seen) => live::answer(&env, *seen, &answer.response),
        Body::Own => say(answer.response, answer.log),
    };
    if let Some(note) = note.filter(|_| is_first_note(Edge::new(&env).now())) {
        noted(&env, &context, note);
    }
    response.map(Into::into)
}

/// The answer stands, whatever becomes of the note.
fn noted(env: &Env, context: &JsValue, note: Queued) {
    let env = env.clone();
    let noted = task::run(async move {
        if let Err(trouble) = Edge::new(&env).enqueue(vec![note]).await {
            log::error(&format!("a note is lost: {trouble}"));
        }
        Ok(JsValue::UNDEFINED)
    });
    let wait_until = Reflect::get(context, &"waitUntil".into()).and_then(JsCast::dyn_into::<Function>);
    if let (Ok(noted), Ok(wait_until)) = (noted, wait_until) {
        let _ = wait_until.call1(context, &noted);
    }
}

/// Of many challenges at once a note of each says nothing new.
fn is_first_note(now: Timestamp) -> bool {
    const EVERY: Span = Span::seconds(10);
    thread_local! {
        static LAST: Cell<Timestamp> = const { Cell::new(Timestamp(0)) };
    }
    let is_first = now - LAST.get() >= EVERY;
    if is_first {
        LAST.set(now);
    }
    is_first
}

fn say(response: Response, line: Option<String>) -> Result<web_sys::Response, JsValue> {
    if let Some(line) = line {
        log::error(&line);
    }
    write(response)
}

fn refused(answer: Answer) -> Result<web_sys::Response, JsValue> {
    say(answer.response, answer.log)
}

/// The bytes of the other side go through as they come; they never stand in memory as a whole.
async fn relayed(call: Request) -> Result<web_sys::Response, JsValue> {
    let path = call.uri().path().to_owned();
    let from_x = match calls::open(call).await {
        Ok(response) => response,
        Err(trouble) => return refused(relay::silence(&trouble.to_string())),
    };
    match relay::head(&calls::head(&from_x, relay::HEADERS)?, &path) {
        Ok(head) => {
            let stream = from_x.body();
            web_sys::Response::new_with_opt_readable_stream_and_init(stream.as_ref(), &init_of(&head)?)
        }
        Err(answer) => refused(*answer),
    }
}

/// The request as a value; `None` when its body is larger than what is read of it.
async fn read(request: &web_sys::Request, head: &Lines<'_>, config: &Config<'_>) -> Result<Option<Request>, JsValue> {
    let mut value = Request::default();
    *value.method_mut() = head.method.parse().unwrap_or_default();
    *value.uri_mut() = head.address.parse().unwrap_or_default();
    for (name, text) in head.headers() {
        if let Ok(text) = text.parse() {
            value.headers_mut().insert(name, text);
        }
    }
    let wanted = web::headers(config, value.uri().path());
    for name in wanted.iter().filter(|name| !crossing::HEADERS.contains(name)) {
        if let Some(text) = request.headers().get(name)?
            && let Ok(text) = text.parse()
        {
            value.headers_mut().insert(*name, text);
        }
    }
    match web::most_read(config, &value) {
        0 => Ok(Some(value)),
        most => Ok(body(request, head, most).await?.map(|body| value.map(|_| body))),
    }
}

/// At once where its length is known, which the runtime holds it to; else piece by piece, so that it cannot fill the memory that
/// all requests share.
async fn body(request: &web_sys::Request, head: &Lines<'_>, most: usize) -> Result<Option<Bytes>, JsValue> {
    if let Some(length) = head.length {
        if length > most {
            return Ok(None);
        }
        let buffer = promised(&request.array_buffer()?).await?;
        return Ok(Some(Uint8Array::new(&buffer).to_vec().into()));
    }
    let body = streams::up_to(request.body(), most).await?;
    Ok((body.len() <= most).then_some(body))
}

/// Status and headers of the answers that are given all the time cross over once.
fn known_init(response: &Response) -> Result<web_sys::ResponseInit, JsValue> {
    type Known = (StatusCode, HeaderMap, web_sys::ResponseInit);
    const MOST: usize = 8;
    thread_local! {
        static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
    }
    let (status, headers) = (response.status(), response.headers());
    if headers.keys().any(|name| !web::PLAIN_HEADERS.contains(name)) {
        return init_of(response);
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some((.., init)) = known.iter().find(|(known, with, _)| *known == status && with == headers) {
            return Ok(init.clone());
        }
        let init = init_of(response)?;
        if known.len() < MOST {
            known.push((status, headers.clone(), init.clone()));
        }
        Ok(init)
    })
}

pub fn init_of(response: &Response) -> Result<web_sys::ResponseInit, JsValue> {
    let init = web_sys::ResponseInit::new();
    init.set_status(response.status().as_u16());
    if !response.headers().is_empty() {
        let headers = web_sys::Headers::new()?;
        for (name, value) in response.headers() {
            headers.append(name.as_str(), value.to_str().unwrap_or_default())?;
        }
        init.set_headers(&headers);
    }
    Ok(init)
}

fn write(response: Response) -> Result<web_sys::Response, JsValue> {
    let init = known_init(&response)?;
    let body = response.into_body();
    if body.is_empty() {
        return web_sys::Response::new_with_opt_str_and_init(None, &init);
    }
    // A text crosses as one.
    match std::str::from_utf8(&body) {
        Ok(text) => web_sys::Response::new_with_opt_str_and_init(Some(text), &init),
        Err(_) => web_sys::Response::new_with_opt_js_u8_array_and_init(Some(&Uint8Array::from(body.as_ref())), &init),
    }
}
