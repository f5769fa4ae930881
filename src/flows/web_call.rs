//! A call that a script makes: only hosts that the deployment allows, once, with limits; its answer, or why there is none.

use serde_json::Value;

use crate::bot::effect::{Answer, WebCall};
use crate::bot::input::Failure;
use crate::bot::template::SECRET_MARK;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::{CALL_SECONDS, Platform};
use crate::x_api::request::{CallLimit, Request, Response};

/// The largest answer that is read.
const LARGEST: usize = 1 << 20;
/// The largest that a conversation remembers.
const LARGEST_KEPT: usize = 48 << 10;

/// `key` is the same for every try of one call, so that a service can tell a repetition.
pub async fn make<P: Platform>(p: &P, config: &Config<'_>, call: &WebCall, key: &str) -> Answer {
    let mut request = request(config, call, key)?;
    let seconds = u32::try_from(call.within_seconds).unwrap_or(1).clamp(1, CALL_SECONDS);
    request.extensions_mut().insert(CallLimit { seconds, bytes: LARGEST });
    match p.send(request).await {
        Ok(response) => read(&response),
        Err(Trouble::Network(why)) => {
            let is_late =
                ["timeout", "timed out", "aborted"].iter().any(|word| why.to_ascii_lowercase().contains(word));
            Err(Failure::new(if is_late { "timeout" } else { "unreachable" }, why))
        }
        Err(trouble) => Err(Failure::new("unreachable", trouble.to_string())),
    }
}

fn request(config: &Config<'_>, call: &WebCall, key: &str) -> Result<Request, Failure> {
    let refused = |why: String| Failure::new("refused", why);
    let rest = call.url.strip_prefix("https://").ok_or_else(|| refused("only https is called".to_owned()))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let base = config.call_base(host).ok_or_else(|| refused(format!("'{host}' is not in CALL_HOSTS")))?;
    let path = path.split('#').next().unwrap_or_default();
    let mut request = http::Request::builder().method(call.method.as_str()).uri(format!("{base}{path}"));
    for (name, value) in &call.headers {
        request = request.header(name, with_secrets(config, value)?);
    }
    if call.body.is_some() {
        request = request.header("content-type", "application/json").header("idempotency-key", key);
    }
    let body = call.body.clone().unwrap_or_default();
    request.header("accept", "application/json").body(body.into()).map_err(|error| refused(error.to_string()))
}

/// Every other part between the marks is the name of a secret.
fn with_secrets(config: &Config<'_>, value: &str) -> Result<String, Failure> {
    let parts = value.split(SECRET_MARK).enumerate().map(|(index, part)| {
        if index % 2 == 0 {
            return Ok(part.to_owned());
        }
        let secret = config.call_secret(part);
        let missing = || Failure::new("refused", format!("the secret CALL_SECRET_{part} is not set"));
        secret.map(|secret| secret.reveal().to_owned()).ok_or_else(missing)
    });
    parts.collect()
}

fn read(response: &Response) -> Answer {
    let status = response.status();
    if !status.is_success() {
        let why = if status.is_redirection() { "a redirect, which is not followed" } else { "no success" };
        return Err(Failure {
            status: Some(status.as_u16()),
            ..Failure::new("status", format!("{} {why}", status.as_u16()))
        });
    }
    if response.body().len() > LARGEST {
        return Err(Failure::new("too_large", "the answer is larger than 1 MiB"));
    }
    let value: Value =
        serde_json::from_slice(response.body()).map_err(|_| Failure::new("not_json", "the answer is no JSON"))?;
    if value.to_string().len() > LARGEST_KEPT {
        return Err(Failure::new(
            "too_large",
            "the answer is larger than 48 KiB, the most that a conversation remembers",
        ));
    }
    Ok(value)
}
