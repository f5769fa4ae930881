//! The signature of a delivery, checked over the raw bytes before anything reads them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;

use super::crc::mac;
use super::secret::Secret;

/// The header that carries it, as HTTP spells it in this crate.
pub const HEADER: &str = "x-twitter-webhooks-signature";

/// Whether `header` is `sha256=<base64>` of the body under any of the secrets (the present and the previous one while
/// they are rotated). No header, another prefix, bad base64 or another length are all simply no.
///
/// See [X docs: Webhooks](https://docs.x.com/x-api/webhooks/quickstart).
pub fn verifies(header: Option<&str>, body: &[u8], secrets: &[Secret]) -> bool {
    let Some(given) =
        header.and_then(|header| header.strip_prefix("sha256=")).and_then(|base64| STANDARD.decode(base64).ok())
    else {
        return false;
    };
    // Every secret is tried and none returns early, so the time tells nothing about which one fits.
    secrets
        .iter()
        .filter(|secret| !secret.reveal().is_empty())
        .map(|secret| mac(secret, body).verify_slice(&given).is_ok())
        .fold(false, |any, this| any | this)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x_api::crc::sha256_mark;

    const BODY: &[u8] = "{\"for_user_id\":\"1\",\"t\":\"café ❄\"}".as_bytes();

    fn secrets() -> [Secret; 2] {
        [Secret::new("present"), Secret::new("previous")]
    }

    #[test]
    fn both_secrets_of_a_rotation_are_accepted() {
        for secret in secrets() {
            assert!(verifies(Some(&sha256_mark(&secret, BODY)), BODY, &secrets()));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let good = sha256_mark(&secrets()[0], BODY);
        let cases = [
            None,
            Some(String::new()),
            Some("sha256=".to_owned()),
            Some("sha256=%%%".to_owned()),
            Some(good.replace("sha256=", "sha1=")),
            Some(good.replace("sha256=", "")),
            Some(good[..good.len() - 4].to_owned()),
            Some(format!("{good}AAAA")),
            Some(sha256_mark(&Secret::new("another"), BODY)),
            Some(sha256_mark(&secrets()[0], b"{}")),
        ];
        for header in cases {
            assert!(!verifies(header.as_deref(), BODY, &secrets()), "{header:?}");
        }
        assert!(!verifies(Some(&good), BODY, &[]), "no secret, no entry");
        let keyless = sha256_mark(&Secret::new(""), BODY);
        assert!(!verifies(Some(&keyless), BODY, &[Secret::new("")]), "an empty secret is no secret");
    }
}
