//! Where it runs: the only folder that knows the Workers runtime. Handlers here translate and call; they decide nothing.

mod assets;
mod calls;
mod fetch;
mod live;
mod log;
mod platform;
mod queue;
mod rsa;
mod scheduled;
mod sql;
mod streams;
mod stretch;

use worker::Env;

/// A variable or secret of the Worker, as text.
fn setting(env: &Env, name: &str) -> Option<String> {
    js_sys::Reflect::get(env, &name.into()).ok()?.as_string()
}
