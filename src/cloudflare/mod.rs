//! Where it runs: the only folder that knows the Workers runtime. Handlers here translate and call; they decide nothing.

mod assets;
mod calls;
mod crossing;
mod fetch;
mod live;
mod log;
mod platform;
mod promised;
mod queue;
mod rsa;
mod scheduled;
mod sql;
mod streams;
mod stretch;
mod task;
mod told;

use std::cell::RefCell;
use std::collections::BTreeMap;

use wasm_bindgen::JsValue;
use worker::Env;

/// A variable or secret of the Worker, as text. Each crosses over once, as long as the bindings are the same object: an instance may go on
/// when nothing but they has changed.
///
/// See [Cloudflare docs: Bindings](https://developers.cloudflare.com/workers/runtime-apis/bindings/#making-changes-to-bindings).
fn setting(env: &Env, name: &str) -> Option<String> {
    thread_local! {
        static KNOWN: RefCell<(JsValue, BTreeMap<String, Option<String>>)> =
            const { RefCell::new((JsValue::UNDEFINED, BTreeMap::new())) };
    }
    KNOWN.with_borrow_mut(|(of, known)| {
        let bindings: &JsValue = env;
        if of != bindings {
            of.clone_from(bindings);
            known.clear();
        }
        if let Some(value) = known.get(name) {
            return value.clone();
        }
        let value = js_sys::Reflect::get(env, &name.into()).ok().and_then(|value| value.as_string());
        known.insert(name.to_owned(), value.clone());
        value
    })
}
