//! The app's own token, and the check of the keys with which it is bought.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;

use crate::answer::Refusal;
use crate::parameters::decode;
use crate::signature::sign;
use crate::simulator::Simulator;

impl Simulator {
    /// The one token that is good now. As with X it contains `%2F` and `%3D`, which must be sent as they are.
    pub(crate) fn bearer_token(&self) -> String {
        let seed = format!("{}/{}", self.app.consumer_key, self.bearer_generation);
        let random: String = sign(&self.app.consumer_secret, seed.as_bytes())
            .chars()
            .skip("sha256=".len())
            .filter(char::is_ascii_alphanumeric)
            .collect();
        format!("AAAAAAAAAAAAAAAAAAAAA%2F{random}%3D")
    }

    pub(crate) fn has_bearer(&self, request: &Request<Bytes>) -> Result<(), Refusal> {
        match credentials(request, "bearer") {
            Some(token) if token == self.bearer_token() => Ok(()),
            Some(_) => Err(Refusal::new(89)),
            None => Err(Refusal::new(215)),
        }
    }

    pub(crate) fn has_keys(&self, request: &Request<Bytes>) -> Result<(), Refusal> {
        let given = credentials(request, "basic").and_then(|text| STANDARD.decode(text).ok());
        let given = given.and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = given.as_deref().and_then(|text| text.split_once(':'));
        match pair.map(|(key, secret)| (decode(key), decode(secret))) {
            Some((key, secret)) if key == self.app.consumer_key && secret == self.app.consumer_secret => Ok(()),
            _ => Err(Refusal::new(99)),
        }
    }
}

/// What follows the scheme in the Authorization header, when it is this scheme.
pub(crate) fn credentials<'a>(request: &'a Request<Bytes>, scheme: &str) -> Option<&'a str> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (given, rest) = header.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}
