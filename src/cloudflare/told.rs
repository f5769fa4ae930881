//! What is told: a line of the log with fields that can be searched, and a point where Analytics Engine is bound.

use js_sys::{Array, Function, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use worker::Env;

use crate::told::Told;

/// Binding of the metrics.
const METRICS: &str = "METRICS";

pub fn tell(env: &Env, line: &Told) {
    // As an object: then Workers Logs knows its fields.
    if let Ok(object) = JSON::parse(&line.json()) {
        web_sys::console::log_1(&object);
    }
    // A point that is not taken is missing there; the work goes on.
    let _ = point(env, line);
}

fn point(env: &Env, line: &Told) -> Result<(), JsValue> {
    let metrics = Reflect::get(env, &METRICS.into())?;
    if metrics.is_undefined() {
        return Ok(());
    }
    let write: Function = Reflect::get(&metrics, &"writeDataPoint".into())?.dyn_into()?;
    Reflect::apply(&write, &metrics, &Array::of1(&JSON::parse(&line.point())?)).map(drop)
}
