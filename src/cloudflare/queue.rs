//! Both ends of the queue: jobs put on it, and batches that come off it.

use futures_util::stream::{StreamExt, iter};
use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;
use worker::{BatchMessageBuilder, Env, QueueContentType, RawMessageBuilder};

use super::platform::Edge;
use super::promised::promised;
use super::task::{self, Done};
use super::{crossing, log, setting};
use crate::config::Config;
use crate::error::Trouble;
use crate::flows::handle_job::{QueueMessage, handle};
use crate::job::{Outcome, Queued};

/// Binding of the queue.
const QUEUE: &str = "QUEUE";
/// What one call may carry: 100 messages, 256 KB.
const MOST_MESSAGES: usize = 100;
const MOST_BYTES: usize = 200_000;
/// Messages handled beside each other, each with one connection of the six that an invocation has.
const BESIDE: usize = 4;

pub async fn send(env: &Env, jobs: Vec<Queued>) -> Result<(), Trouble> {
    if let [queued] = jobs.as_slice() {
        let trouble = |error: JsValue| Trouble::Queue(worker::Error::from(error).to_string());
        let sent = crossing::send(env, &text(queued), queued.delay_seconds).map_err(trouble)?;
        return promised(&sent).await.map(drop).map_err(trouble);
    }
    let trouble = |error: worker::Error| Trouble::Queue(error.to_string());
    let queue = env.queue(QUEUE).map_err(trouble)?;
    let mut texts = jobs.into_iter().map(|queued| (text(&queued), queued.delay_seconds)).peekable();
    while texts.peek().is_some() {
        let mut batch = BatchMessageBuilder::new();
        let (mut count, mut bytes) = (0, 0);
        while let Some((text, delay)) =
            texts.next_if(|(text, _)| count == 0 || (count < MOST_MESSAGES && bytes + text.len() <= MOST_BYTES))
        {
            count += 1;
            bytes += text.len();
            // Text, since a structured value would not survive the crossing (maps become {}).
            let message = RawMessageBuilder::new(JsValue::from_str(&text)).delay_seconds(delay);
            batch = batch.message(message.build_with_content_type(QueueContentType::Text));
        }
        queue.send_raw_batch(batch.build()).await.map_err(trouble)?;
    }
    Ok(())
}

fn text(queued: &Queued) -> String {
    serde_json::to_string(&queued.job).unwrap_or_default()
}

/// Called by the runtime for every batch. Each message is settled by itself; the call never fails, since that would
/// hand settled messages out again. Should the instance end in it, that happens all the same: handling twice does no harm.
#[wasm_bindgen]
pub fn queue(batch: JsValue, env: Env, _context: JsValue) -> Done {
    console_error_panic_hook::set_once();
    task::run(handled(batch, env))
}

async fn handled(batch: JsValue, env: Env) -> Done {
    let get = |name: &str| setting(&env, name);
    let config = Config::new(&get);
    let edge = Edge::new(&env);
    let name = property(&batch, "queue").as_string().unwrap_or_default();
    let messages: Array = property(&batch, "messages").unchecked_into();
    iter(messages.iter())
        .for_each_concurrent(BESIDE, |message| {
            let taken = taken(&message, &name);
            let (edge, config) = (&edge, &config);
            async move {
                let handled = handle(edge, config, &taken).await;
                for trouble in &handled.troubles {
                    log::error(&format!("queue message {} attempt {}: {trouble}", taken.id, taken.attempts));
                }
                if let Outcome::Dead(why) = &handled.outcome {
                    log::error(&format!("queue message {} is dead: {why}", taken.id));
                }
                settle(&message, &handled.outcome);
            }
        })
        .await;
    Ok(JsValue::UNDEFINED)
}

fn taken(message: &JsValue, queue: &str) -> QueueMessage {
    let body = property(message, "body");
    let as_json = |body: &JsValue| JSON::stringify(body).ok().and_then(|text| text.as_string());
    QueueMessage {
        id: property(message, "id").as_string().unwrap_or_default(),
        queue: queue.to_owned(),
        // What is no text is not ours; it is kept in a form that a person can read.
        body: body.as_string().or_else(|| as_json(&body)).unwrap_or_default(),
        attempts: attempts(message),
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a small count
fn attempts(message: &JsValue) -> u32 {
    property(message, "attempts").as_f64().map_or(1, |attempts| attempts as u32)
}

fn settle(message: &JsValue, outcome: &Outcome) {
    let settled = match outcome {
        Outcome::Done | Outcome::Dead(_) => call(message, "ack", &JsValue::UNDEFINED),
        Outcome::RetryIn(seconds) => {
            let options = Object::new();
            let _ = Reflect::set(&options, &"delaySeconds".into(), &(*seconds).into());
            call(message, "retry", &options)
        }
    };
    if settled.is_err() {
        log::error("a queue message could not be settled");
    }
}

fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    property(object, method).dyn_into::<Function>()?.call1(object, argument)
}

fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
