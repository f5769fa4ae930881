//! A call to a web service, its templates rendered.

use minijinja::Value;

use super::effect::WebCall;
use super::script::Call;
use super::template::{Unrendered, deep, render, render_with_secrets, value_of};

/// The longest that a call may take (s): the customer waits. Checker, engine and the call itself keep to it.
pub const LONGEST: u32 = 20;

pub fn render_call(call: &Call, scope: &Value) -> Result<WebCall, Unrendered> {
    let headers = call.headers.iter().map(|(name, value)| Ok((name.clone(), render_with_secrets(value, scope)?)));
    let body = call.json.as_ref().map(|json| deep(json, scope, value_of)).transpose()?;
    Ok(WebCall {
        method: if call.post.is_some() { "POST" } else { "GET" }.to_owned(),
        url: render(call.url(), scope)?.trim().to_owned(),
        headers: headers.collect::<Result<_, Unrendered>>()?,
        body: body.map(|json| json.to_string()),
        within_seconds: call.within.as_seconds().clamp(1, LONGEST.into()),
    })
}
