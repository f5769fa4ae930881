//! Where it runs: the only folder that knows the Workers runtime. Handlers here translate and call; they decide nothing.

mod calls;
mod fetch;
mod log;
mod platform;
mod queue;
mod scheduled;
mod sql;
mod streams;

use worker::Env;

/// A variable or secret of the Worker, as text.
fn setting(env: &Env, name: &str) -> Option<String> {
    js_sys::Reflect::get(env, &name.into()).ok()?.as_string()
}
