//! Server-sent events: an open page is told what has changed, a look each second.

use std::time::Duration;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{TransformStream, WritableStreamDefaultWriter};
use worker::{Delay, Env};

use super::log;
use super::platform::Edge;
use crate::flows::live::Live;
use crate::x_api::request::Response;

/// Looks of one connection, of five statements each, of eleven where a conversation is open: an invocation of the paid plan may run
/// 1,000. A small one, which allows 50, ends it sooner. The browser comes back by itself.
const LOOKS: usize = 45;
const BETWEEN: Duration = Duration::from_secs(1);
/// How soon the browser comes back (ms).
const AGAIN: &str = "retry: 500\n\n";

/// The head at once, the events as they happen.
pub fn answer(env: &Env, live: Live, head: &Response) -> Result<web_sys::Response, JsValue> {
    let stream = TransformStream::new()?;
    let writer = stream.writable().get_writer()?;
    let env = env.clone();
    spawn_local(async move {
        // Whoever closed the page is told nothing any more.
        let _ = tell(&env, live, &writer).await;
        let _ = JsFuture::from(writer.close()).await;
    });
    web_sys::Response::new_with_opt_readable_stream_and_init(Some(&stream.readable()), &super::fetch::init_of(head)?)
}

async fn tell(env: &Env, mut live: Live, writer: &WritableStreamDefaultWriter) -> Result<(), JsValue> {
    write(writer, AGAIN).await?;
    let edge = Edge::new(env);
    for _ in 0..LOOKS {
        match live.look(&edge).await {
            // The browser comes back, and is led to the log-in.
            Ok(None) => return Ok(()),
            Ok(Some(told)) => {
                let mut text = String::from(if told.is_empty() { ":\n\n" } else { "" });
                for (event, data) in told {
                    text.push_str(&format!("event: {event}\ndata: {data}\n\n"));
                }
                write(writer, &text).await?;
            }
            // The browser comes back, to an invocation that may ask again.
            Err(trouble) => {
                log::error(&format!("live: {trouble}"));
                return Ok(());
            }
        }
        Delay::from(BETWEEN).await;
    }
    Ok(())
}

async fn write(writer: &WritableStreamDefaultWriter, text: &str) -> Result<(), JsValue> {
    JsFuture::from(writer.write_with_chunk(&Uint8Array::from(text.as_bytes()))).await.map(drop)
}
