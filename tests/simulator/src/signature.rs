//! The HMACs with which X signs deliveries and judges the answer to its challenge.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue};
use sha2::Sha256;

use crate::simulator::Simulator;

/// Which signatures X puts on what it sends. Where the app has no client secret there is only the old one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signatures {
    #[default]
    Both,
    /// With the consumer secret.
    Legacy,
    /// With the client secret of OAuth 2.0.
    OAuth2,
}

/// Whose knowledge the challenge proves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CrcSecret {
    #[default]
    Consumer,
    /// The client secret of OAuth 2.0, where the app has one.
    Client,
}

const LEGACY: &str = "x-twitter-webhooks-signature";
const OAUTH2: &str = "x-twitter-webhooks-signature-oauth2";

impl Simulator {
    /// Signs what goes to a webhook.
    pub(crate) fn put_signatures(&self, headers: &mut HeaderMap, message: &[u8], (legacy, oauth2): (bool, bool)) {
        let honest = |right: bool, secret: &str| sign(if right { secret } else { "not X's secret" }, message);
        let client = self.app.client_secret.as_deref();
        let (both, client) = match self.settings.signatures {
            Signatures::Both => (true, client),
            Signatures::Legacy => (true, None),
            Signatures::OAuth2 => (client.is_none(), client),
        };
        let legacy = both.then(|| honest(legacy, &self.app.consumer_secret));
        let oauth2 = client.map(|secret| honest(oauth2, secret));
        for (name, signature) in [(LEGACY, legacy), (OAUTH2, oauth2)] {
            if let Some(value) = signature.and_then(|signature| HeaderValue::try_from(signature).ok()) {
                headers.insert(name, value);
            }
        }
    }

    /// What the webhook must know to pass the challenge.
    pub(crate) fn crc_secret(&self) -> &str {
        match (self.settings.crc_secret, &self.app.client_secret) {
            (CrcSecret::Client, Some(secret)) => secret,
            _ => &self.app.consumer_secret,
        }
    }
}

/// `sha256=` and the base64 of HMAC-SHA256 over `message`.
pub(crate) fn sign(consumer_secret: &str, message: &[u8]) -> String {
    // HMAC takes a key of any length, so the error arm is never run.
    let mut mac = Hmac::<Sha256>::new_from_slice(consumer_secret.as_bytes())
        .unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(message);
    format!("sha256={}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_reference_come_out() {
        const SECRET: &str = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw";
        for (message, expected) in [
            ("foo", "sha256=KGwPHQJPaVoxk5RWMCZXvu7ppQqe20ugPzzV9ed1O3o="),
            ("crc_token=foo&nonce=bar", "sha256=LYFsEAukJGVNXNeNkIVcZNKLcQVgw1Idl7QWrkbW8Pg="),
            (r#"{"for_user_id":"1"}"#, "sha256=9c6AJqliYjjjmdoyqzQSqfkLxjBnq32cTit6u6SQSfQ="),
            (r#"{"for_user_id":"1","t":"café ❄"}"#, "sha256=yG4XOJMUWja371CL9gPQ4pDKP9DFVBrZnZU4DY2dMGM="),
            ("", "sha256=uf7k/xKIslGeqOIFv7VwD9YIyE/5fnaKnIGM41/BxLk="),
        ] {
            assert_eq!(sign(SECRET, message.as_bytes()), expected);
        }
    }
}
