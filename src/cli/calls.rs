//! The calls of a script, made from the terminal.

use std::time::Duration;

use serde_json::Value;

use crate::bot::effect::WebCall;
use crate::bot::input::Failure;

/// As on the edge: without redirects, with a time limit, JSON of 1 MiB at most.
const LARGEST: u64 = 1 << 20;

pub fn answer(call: &WebCall) -> Result<Value, Failure> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(call.within_seconds.unsigned_abs())))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .build()
        .into();
    let mut request = ureq::http::Request::builder().method(call.method.as_str()).uri(&call.url);
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    let body = call.body.clone().unwrap_or_default();
    if call.body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let request = request.body(body).map_err(|error| Failure::new("unreachable", error.to_string()))?;
    let mut response = agent.run(request).map_err(|error| {
        let kind = if matches!(error, ureq::Error::Timeout(_)) { "timeout" } else { "unreachable" };
        Failure::new(kind, error.to_string())
    })?;
    let status = response.status().as_u16();
    if !(200..300).contains(&status) {
        return Err(Failure { status: Some(status), ..Failure::new("status", format!("status {status}")) });
    }
    let text = response
        .body_mut()
        .with_config()
        .limit(LARGEST)
        .read_to_string()
        .map_err(|error| Failure::new("too_large", error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| Failure::new("not_json", error.to_string()))
}
