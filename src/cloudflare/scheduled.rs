//! The cron, every minute.

use wasm_bindgen::prelude::*;
use worker::Env;

use super::platform::Edge;
use super::{log, setting};
use crate::config::Config;
use crate::flows::retention::delete_old;
use crate::flows::sweep::sweep;
use crate::flows::watch::watch;

/// Called by the runtime when the cron fires.
#[wasm_bindgen]
pub async fn scheduled(_event: JsValue, env: Env, _context: JsValue) -> Result<(), JsValue> {
    console_error_panic_hook::set_once();
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
    Ok(())
}
