//! The cron, every minute.

use wasm_bindgen::prelude::*;
use worker::Env;

use super::platform::Edge;
use super::task::{self, Done};
use super::{log, setting};
use crate::config::Config;
use crate::flows::retention::delete_old;
use crate::flows::sweep::sweep;
use crate::flows::watch::watch;

/// Called by the runtime when the cron fires.
#[wasm_bindgen]
pub fn scheduled(_event: JsValue, env: Env, _context: JsValue) -> Done {
    console_error_panic_hook::set_once();
    task::run(looked_after(env))
}

async fn looked_after(env: Env) -> Done {
    let get = |name: &str| setting(&env, name);
    let edge = Edge::new(&env);
    if let Err(trouble) = sweep(&edge).await {
        log::error(&format!("sweep: {trouble}"));
    }
    let config = Config::new(&get);
    if let Err(trouble) = watch(&edge, &config).await {
        log::error(&format!("watch: {trouble}"));
    }
    if let Err(trouble) = delete_old(&edge, &config).await {
        log::error(&format!("retention: {trouble}"));
    }
    Ok(JsValue::UNDEFINED)
}
