//! What no line of the log may hold: every secret that the world comes to know, and every text that anybody wrote.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use perch::told::Told;
use perch::x_api::request::{Request, Response};

use super::{Inner, World};

/// Members of JSON, and fields of forms, whose values are secrets.
const SECRET: &[&str] =
    &["password", "access_token", "refresh_token", "access_token_secret", "oauth_token_secret", "invite"];
/// Shorter ones would be found in words that mean something else.
const SHORTEST: usize = 6;

/// Each secret in the forms in which it travels.
#[derive(Default)]
pub struct Unsaid(BTreeSet<String>);

impl Unsaid {
    pub fn learn(&mut self, secret: &str) {
        if secret.len() < SHORTEST || self.0.contains(secret) {
            return;
        }
        self.0.insert(utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string());
        self.0.insert(STANDARD.encode(secret).trim_end_matches('=').to_owned());
        self.0.insert(URL_SAFE_NO_PAD.encode(secret));
        self.0.insert(secret.to_owned());
    }

    /// A setting of the deployment.
    pub fn learn_setting(&mut self, name: &str, value: &str) {
        let is_secret = ["KEY", "SECRET", "TOKEN", "PREVIOUS"].iter().any(|end| name.ends_with(end));
        if is_secret || name.starts_with("CALL_SECRET") {
            self.learn(value);
        }
    }

    /// What opens something in a request: keys, cookies, passwords.
    pub fn learn_request(&mut self, request: &Request) {
        for name in ["authorization", "cookie"] {
            let Some(value) = request.headers().get(name).and_then(|value| value.to_str().ok()) else { continue };
            if let Some(bearer) = value.strip_prefix("Bearer ") {
                self.learn(bearer);
            } else if name == "cookie" {
                value.split(';').filter_map(|pair| pair.split_once('=')).for_each(|(_, value)| self.learn(value));
            } else if let Some(token) = value.split("oauth_token=\"").nth(1) {
                self.learn(token.split('"').next().unwrap_or_default());
            }
        }
        self.learn_body(request.body());
        self.learn_body(request.uri().query().unwrap_or_default().as_bytes());
    }

    /// What an answer gives out: sessions, passwords, invites, tokens.
    pub fn learn_response(&mut self, response: &Response) {
        for cookie in response.headers().get_all("set-cookie") {
            let value = cookie.to_str().unwrap().split(';').next().and_then(|pair| pair.split_once('='));
            self.learn(value.map_or("", |(_, value)| value));
        }
        self.learn_body(response.body());
    }

    fn learn_body(&mut self, body: &[u8]) {
        let Ok(text) = std::str::from_utf8(body) else { return };
        for name in SECRET {
            for (before, ends) in [(format!("\"{name}\":\""), '"'), (format!("{name}="), '&')] {
                for found in text.split(&before).skip(1) {
                    let value = found.split([ends, '"', '\\']).next().unwrap_or_default();
                    self.learn(value);
                }
            }
        }
    }
}

impl Inner {
    /// A line as it comes to the log.
    pub fn logs(&mut self, line: &str) {
        if let Some(secret) = self.unsaid.0.iter().find(|secret| line.contains(secret.as_str())) {
            panic!("a line of the log holds a secret ({secret}): {line}");
        }
        self.log.push(line.to_owned());
    }

    pub fn is_told(&mut self, line: &Told) {
        self.logs(&line.json());
        self.told.push(line.clone());
    }

    /// What anybody has written, as far as it cannot be taken for a word of ours.
    fn texts(&self) -> BTreeSet<String> {
        let rows = self.database.look(
            "SELECT json_extract(body, '$.text') AS text FROM outbox WHERE json_valid(body) AND json_type(body) = 'object'
             UNION SELECT json_extract(raw, '$.item.message_create.message_data.text') FROM inbox WHERE json_valid(raw)",
        );
        let ours = rows.iter().filter_map(|row| row["text"].as_str());
        let all = ours.chain(self.x.messages().iter().map(|event| event.written.as_str()));
        let lines = all.flat_map(str::lines).map(str::trim);
        lines.filter(|text| is_telling(text)).map(str::to_owned).collect()
    }
}

/// A short word may be the name of a node; what has a space or is long is somebody's words.
fn is_telling(text: &str) -> bool {
    text.len() >= SHORTEST
        && (text.contains(char::is_whitespace) || !text.is_ascii() || text.len() > 20)
        && !text.chars().all(|c| c.is_ascii_digit())
}

impl Drop for World {
    fn drop(&mut self) {
        // What breaks otherwise is told by itself.
        if std::thread::panicking() {
            return;
        }
        let inner = self.inner.borrow();
        let texts = inner.texts();
        for line in &inner.log {
            if let Some(text) = texts.iter().find(|text| line.contains(text.as_str())) {
                panic!("a line of the log holds what somebody wrote ({text}): {line}");
            }
        }
    }
}
