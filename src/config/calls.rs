//! Calls of scripts: where they may go, and the secrets that they may tell.

use super::{Config, hosts};
use crate::bot::template::SECRET_MARK;
use crate::x_api::secret::Secret;

impl Config<'_> {
    /// Where calls of scripts to this host go; `None` where they may not. `CALL_HOSTS`: hosts, separated by spaces or
    /// commas; `host=base` sends what is meant for the host to another base address, for local runs.
    pub fn call_base(&self, host: &str) -> Option<String> {
        hosts::base_among(&self.text("CALL_HOSTS")?, host)
    }

    /// `CALL_SECRET_NAME`.
    pub fn call_secret(&self, name: &str) -> Option<Secret> {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if plain { self.secret(&format!("CALL_SECRET_{name}")) } else { None }
    }

    /// What a script's call says, with its secrets: every other part between the marks is the name of one. Else what is
    /// missing.
    pub fn with_call_secrets(&self, marked: &str) -> Result<String, String> {
        let parts = marked.split(SECRET_MARK).enumerate().map(|(index, part)| {
            if index % 2 == 0 {
                return Ok(part.to_owned());
            }
            let secret = self.call_secret(part).map(|secret| secret.reveal().to_owned());
            secret.ok_or_else(|| format!("the secret CALL_SECRET_{part} is not set"))
        });
        parts.collect()
    }
}
