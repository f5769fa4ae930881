//! The pages that were built, from where the runtime keeps them.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use worker::Env;

use super::promised::promised;
use crate::x_api::request::Response;

/// The headers of the file itself.
const OF_FILE: [&str; 2] = ["content-type", "etag"];

/// The file of this address, under the headers of `head`.
pub async fn file(env: &Env, address: &str, head: &Response) -> Result<web_sys::Response, JsValue> {
    let assets = Reflect::get(env, &"ASSETS".into())?;
    let fetch: Function = Reflect::get(&assets, &"fetch".into())?.dyn_into()?;
    let found = promised(&fetch.call1(&assets, &address.into())?).await?;
    let found: web_sys::Response = found.dyn_into()?;
    let init = super::fetch::init_of(head)?;
    init.set_status(found.status());
    let headers = web_sys::Headers::new()?;
    for (name, value) in head.headers() {
        headers.set(name.as_str(), value.to_str().unwrap_or_default())?;
    }
    for name in OF_FILE {
        if let Some(value) = found.headers().get(name)? {
            headers.set(name, &value)?;
        }
    }
    init.set_headers(&headers);
    web_sys::Response::new_with_opt_readable_stream_and_init(found.body().as_ref(), &init)
}
