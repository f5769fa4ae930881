//! The HMAC with which X signs deliveries and judges the answer to its challenge.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

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
