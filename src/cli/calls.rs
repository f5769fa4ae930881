//! The calls of a script, made from the terminal.

use std::time::Duration;

use serde_json::Value;

use crate::bot::effect::WebCall;
use crate::bot::input::Failure;
use crate::config::Config;

/// As on the edge: without redirects, with a time limit, JSON of 1 MiB at most.
const LARGEST: u64 = 1 << 20;

/// Secrets are taken from the environment, by the names that they have on a deployment.
pub fn answer(call: &WebCall, config: &Config<'_>) -> Result<Value, Failure> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(call.within_seconds.unsigned_abs())))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .build()
        .into();
    let mut request = ureq::http::Request::builder().method(call.method.as_str()).uri(&call.url);
    for (name, value) in &call.headers {
        let value = config.with_call_secrets(value).map_err(|why| Failure::new("refused", why))?;
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

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};

    use super::*;

    /// What the service got as the header, from a call with the secret SHOP in it.
    fn calls(get: &dyn Fn(&str) -> Option<String>) -> (Result<Value, Failure>, Option<String>) {
        let door = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", door.local_addr().unwrap());
        door.set_nonblocking(true).unwrap();
        let mark = crate::bot::template::SECRET_MARK;
        let headers = [("x-key".to_owned(), format!("Bearer {mark}SHOP{mark}"))].into();
        let call = WebCall { method: "GET".to_owned(), url, headers, body: None, within_seconds: 5 };
        std::thread::scope(|threads| {
            let (ended, over) = std::sync::mpsc::channel();
            let service = threads.spawn(move || {
                loop {
                    if let Ok((mut caller, _)) = door.accept() {
                        caller.set_nonblocking(false).unwrap();
                        let lines = BufReader::new(caller.try_clone().unwrap()).lines().map_while(Result::ok);
                        let key = lines.take_while(|line| !line.is_empty()).find(|line| line.starts_with("x-key"));
                        caller
                            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
                            .unwrap();
                        return key;
                    }
                    if over.recv_timeout(Duration::from_millis(5)).is_ok() {
                        return None;
                    }
                }
            });
            let result = answer(&call, &Config::new(get));
            let _ = ended.send(());
            (result, service.join().unwrap())
        })
    }

    #[test]
    fn a_call_from_the_terminal_tells_the_secret_of_the_environment_and_none_is_made_without() {
        let (result, key) = calls(&|name| (name == "CALL_SECRET_SHOP").then(|| "abc".to_owned()));
        assert_eq!((result.unwrap(), key.as_deref()), (serde_json::json!({}), Some("x-key: Bearer abc")));
        let (result, key) = calls(&|_| None);
        assert_eq!((result.unwrap_err().why.as_str(), key), ("the secret CALL_SECRET_SHOP is not set", None));
    }
}
