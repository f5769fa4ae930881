//! The cron, every minute.

use wasm_bindgen::prelude::*;
use worker::Env;

use super::log;
use super::platform::Edge;
use crate::flows::sweep::sweep;

/// Called by the runtime when the cron fires.
#[wasm_bindgen]
pub async fn scheduled(_event: JsValue, env: Env, _context: JsValue) -> Result<(), JsValue> {
    console_error_panic_hook::set_once();
    match sweep(&Edge::new(&env)).await {
        Ok(0) => {}
        Ok(jobs) => log::line(&format!("sweep: {jobs} jobs queued")),
        Err(trouble) => log::error(&format!("sweep: {trouble}")),
    }
    Ok(())
}
