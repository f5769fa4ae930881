//! Who signs a call as a user: keys of OAuth 1.0a, or the bearer token that OAuth 2.0 gives for two hours.

use super::oauth1::Credentials;
use super::request::{Call, Request};
use super::secret::Secret;
use super::time::Timestamp;

#[derive(Clone, Debug)]
pub enum Signer {
    /// Takes every call, v1.1 and v2.
    OAuth1(Credentials),
    /// Takes calls of v2 alone.
    OAuth2(Secret),
}

impl Signer {
    pub fn sign(&self, call: Call, nonce: &str, now: Timestamp) -> Request {
        match self {
            Self::OAuth1(credentials) => call.signed(credentials, nonce, now),
            Self::OAuth2(token) => call.with_bearer(token),
        }
    }
}

impl From<Credentials> for Signer {
    fn from(credentials: Credentials) -> Self {
        Self::OAuth1(credentials)
    }
}
