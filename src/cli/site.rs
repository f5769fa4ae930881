//! The admin API of a deployment, as the command line calls it: `PERCH_URL` and `ADMIN_TOKEN`.

use std::time::Duration;

use serde_json::Value;

use super::secrets;
use crate::x_api::signature::HEADER as SIGNATURE;

pub struct Site {
    url: String,
    token: String,
}

/// Why there is no answer, and what to do about it.
pub struct NoAnswer(pub String);

const WITHIN: Duration = Duration::from_secs(120);
/// X's limit for a video.
const LARGEST_FILE: u64 = 512 << 20;

impl Site {
    pub fn from_environment() -> Result<Self, NoAnswer> {
        let missing = |name: &str, example: &str| {
            NoAnswer(format!("{name} is not set. Set it: export {name}={example}, or write it into .dev.vars"))
        };
        let example = "https://perch.YOUR-SUBDOMAIN.workers.dev";
        let url = secrets::get("PERCH_URL").ok_or_else(|| missing("PERCH_URL", example))?;
        let token = secrets::get("ADMIN_TOKEN").ok_or_else(|| missing("ADMIN_TOKEN", "…"))?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), token })
    }

    #[cfg(test)]
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), token: "t".to_owned() }
    }

    pub fn get(&self, path: &str) -> Result<(u16, Value), NoAnswer> {
        let request =
            ureq::http::Request::builder().method("GET").uri(self.address(path)).header("authorization", self.bearer());
        self.run(request.body(String::new()))
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<(u16, Value), NoAnswer> {
        let request = ureq::http::Request::builder()
            .method("POST")
            .uri(self.address(path))
            .header("authorization", self.bearer())
            .header("content-type", "application/json");
        self.run(request.body(body.to_string()))
    }

    /// Bytes as they are.
    pub fn put(&self, path: &str, bytes: Vec<u8>) -> Result<(u16, Value), NoAnswer> {
        let request = ureq::http::Request::builder()
            .method("POST")
            .uri(self.address(path))
            .header("authorization", self.bearer());
        self.run(request.header("content-type", "application/octet-stream").body(bytes))
    }

    /// The webhook at this address, called as X calls it: a challenge, or a body with its signature. Never with our token.
    pub fn knock(
        &self,
        door: &str,
        challenge: Option<&str>,
        delivery: Option<(&str, &str)>,
    ) -> Result<(u16, Value), NoAnswer> {
        let request = ureq::http::Request::builder().header("content-type", "application/json");
        let request = match (challenge, delivery) {
            (Some(token), _) => request.method("GET").uri(format!("{door}?crc_token={token}")).body(String::new()),
            (None, given) => {
                let (body, signature) = given.unwrap_or_default();
                request.method("POST").uri(door).header(SIGNATURE, signature).body(body.to_owned())
            }
        };
        let mut response = self.ask(request).map_err(|_| NoAnswer(format!("{door} does not answer.")))?;
        let body = response.body_mut().read_to_string().unwrap_or_default();
        Ok((response.status().as_u16(), serde_json::from_str(&body).unwrap_or_default()))
    }

    /// A file: status, type and bytes.
    pub fn file(&self, path: &str) -> Result<(u16, String, Vec<u8>), NoAnswer> {
        let request =
            ureq::http::Request::builder().method("GET").uri(self.address(path)).header("authorization", self.bearer());
        let mut response = self.ask(request.body(String::new()))?;
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let (status, kind) = (response.status().as_u16(), kind.to_owned());
        let bytes = response.body_mut().with_config().limit(LARGEST_FILE).read_to_vec();
        Ok((status, kind, bytes.map_err(|error| self.no_answer(error.to_string()))?))
    }

    fn run<B: ureq::AsSendBody>(
        &self,
        request: Result<ureq::http::Request<B>, ureq::http::Error>,
    ) -> Result<(u16, Value), NoAnswer> {
        let mut response = self.ask(request)?;
        let status = response.status().as_u16();
        let text = response.body_mut().read_to_string().map_err(|error| self.no_answer(error.to_string()))?;
        let body = serde_json::from_str(&text).map_err(|_| self.no_answer(format!("status {status}, and no JSON")))?;
        Ok((status, body))
    }

    fn ask<B: ureq::AsSendBody>(
        &self,
        request: Result<ureq::http::Request<B>, ureq::http::Error>,
    ) -> Result<ureq::http::Response<ureq::Body>, NoAnswer> {
        let request = request.map_err(|error| NoAnswer(format!("PERCH_URL or ADMIN_TOKEN cannot be used: {error}")))?;
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(WITHIN))
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .into();
        agent.run(request).map_err(|error| self.no_answer(error.to_string()))
    }

    fn no_answer(&self, error: String) -> NoAnswer {
        NoAnswer(format!("{} does not answer: {error}. Is PERCH_URL right, and the Worker up?", self.url))
    }

    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}
