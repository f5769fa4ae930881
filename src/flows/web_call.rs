//! A call that a script makes: only hosts that the deployment allows, once, with limits; its answer, or why there is none.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::bot::effect::{Answer, WebCall};
use crate::bot::input::Failure;
use crate::bot::web_call::LONGEST;
use crate::config::Config;
use crate::error::Trouble;
use crate::platform::{CALL_SECONDS, Platform};
use crate::x_api::request::{CallLimit, Request, Response};

/// The largest answer that is read.
const LARGEST: usize = 1 << 20;
/// The largest file that is fetched at once: what X takes of a GIF.
const LARGEST_FILE: usize = 15 << 20;
/// The largest that a conversation remembers.
const LARGEST_KEPT: usize = 48 << 10;

/// `key` is the same for every try of one call, so that a service can tell a repetition.
pub async fn make<P: Platform>(p: &P, config: &Config<'_>, call: &WebCall, key: &str) -> Answer {
    let mut request = request(config, call, key)?;
    let seconds = u32::try_from(call.within_seconds).unwrap_or(1).clamp(1, LONGEST);
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
    let mut request = http::Request::builder().method(call.method.as_str()).uri(address(config, &call.url)?);
    for (name, value) in &call.headers {
        let value = config.with_call_secrets(value).map_err(refused)?;
        // The runtime sends nothing else in a header, and would leave it empty.
        if !value.is_ascii() {
            return Err(refused(format!("the header '{name}' has letters beyond ASCII")));
        }
        request = request.header(name, value);
    }
    let of_a_body = [("content-type", "application/json"), ("idempotency-key", key)];
    let of_a_body = of_a_body.into_iter().filter(|_| call.body.is_some());
    for (name, value) in of_a_body.chain([("accept", "application/json")]) {
        // A service refuses what says two things; the script's own counts.
        if !call.headers.keys().any(|given| given.eq_ignore_ascii_case(name)) {
            request = request.header(name, value);
        }
    }
    let body = call.body.clone().unwrap_or_default();
    request.body(body.into()).map_err(|error| refused(error.to_string()))
}

/// What stands at an address that a script names, and of which type it says it is: the same hosts, other limits.
pub async fn file<P: Platform>(p: &P, config: &Config<'_>, url: &str) -> Result<(String, Bytes), Failure> {
    let request = http::Request::get(address(config, url)?).body(Bytes::new());
    let mut request = request.map_err(|error| refused(error.to_string()))?;
    request.extensions_mut().insert(CallLimit { seconds: CALL_SECONDS, bytes: LARGEST_FILE });
    let response = p.send(request).await.map_err(|trouble| Failure::new("unreachable", trouble.to_string()))?;
    let status = response.status().as_u16();
    if status != 200 {
        return Err(Failure {
            status: Some(status),
            ..Failure::new("status", format!("the address answers {status}"))
        });
    }
    if response.body().len() > LARGEST_FILE {
        return Err(Failure::new("too_large", "the file is larger than 15 MiB"));
    }
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    Ok((kind, response.into_body()))
}

/// Where the call goes, if it may go there.
fn address(config: &Config<'_>, url: &str) -> Result<String, Failure> {
    let rest = url.strip_prefix("https://").ok_or_else(|| refused("only https is called".to_owned()))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let base = config.call_base(host).ok_or_else(|| refused(format!("'{host}' is not in CALL_HOSTS")))?;
    let path = path.split('#').next().unwrap_or_default();
    if climbs(path) {
        return Err(refused("its path has a segment '.' or '..', or a '\\'".to_owned()));
    }
    Ok(format!("{base}{path}"))
}

/// Whether the runtime would call another path than the one that stands there.
fn climbs(address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
    path.contains('\\') || path.split('/').any(|segment| matches!(segment, "." | ".."))
}

fn refused(why: String) -> Failure {
    Failure::new("refused", why)
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
