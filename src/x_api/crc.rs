//! X's challenge: the answer that proves we hold the consumer secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use super::secret::Secret;

/// The longest token that gets an answer, in bytes.
pub const LONGEST_TOKEN: usize = 1024;

/// Why a challenge gets no answer. All of them are the caller's fault (400).
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    Missing,
    TooLong,
    /// CRC and body signature share key and algorithm: a receiver that answers a token which could be a JSON
    /// object hands out signatures for forged deliveries.
    LooksLikeADelivery,
    /// The same for X's own challenges, which it signs over their query.
    LooksLikeAChallenge,
}

/// The JSON body that answers `token`: `{"response_token":"sha256=<base64 of HMAC-SHA256>"}`.
///
/// See [X docs: Webhooks](https://docs.x.com/x-api/webhooks/quickstart).
pub fn answer(secret: &Secret, token: Option<&str>) -> Result<String, Refused> {
    #[derive(Serialize)]
    struct Answer {
        response_token: String,
    }
    let token = token.filter(|token| !token.is_empty()).ok_or(Refused::Missing)?;
    if token.len() > LONGEST_TOKEN {
        return Err(Refused::TooLong);
    }
    if token.bytes().any(|byte| byte == b'{' || byte.is_ascii_control()) {
        return Err(Refused::LooksLikeADelivery);
    }
    if token.contains("crc_token=") {
        return Err(Refused::LooksLikeAChallenge);
    }
    let response_token = sha256_mark(secret, token.as_bytes());
    Ok(serde_json::json!(Answer { response_token }).to_string())
}

/// `sha256=` and the base64 of the HMAC-SHA256 of `message`: the form X uses for CRC answers and body signatures alike.
pub fn sha256_mark(secret: &Secret, message: &[u8]) -> String {
    format!("sha256={}", STANDARD.encode(mac(secret, message).finalize().into_bytes()))
}

/// The keyed hash, ready to be compared or printed.
pub(super) fn mac(secret: &Secret, message: &[u8]) -> Hmac<Sha256> {
    // HMAC takes a key of any length, so the error arm is never run; it keys with nothing rather than panicking.
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(message);
    mac
}

impl Refused {
    pub fn why(&self) -> &'static str {
        match self {
            Self::Missing => "crc_token is missing",
            Self::TooLong => "crc_token is longer than 1024 bytes",
            Self::LooksLikeAChallenge => "crc_token contains a challenge",
            Self::LooksLikeADelivery => "crc_token contains '{' or a control byte",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw";

    #[test]
    fn the_answers_are_those_computed_with_the_documented_algorithm() {
        for (message, mark) in [
            ("foo", "sha256=KGwPHQJPaVoxk5RWMCZXvu7ppQqe20ugPzzV9ed1O3o="),
            ("crc_token=foo&nonce=bar", "sha256=LYFsEAukJGVNXNeNkIVcZNKLcQVgw1Idl7QWrkbW8Pg="),
            ("{\"for_user_id\":\"1\"}", "sha256=9c6AJqliYjjjmdoyqzQSqfkLxjBnq32cTit6u6SQSfQ="),
            ("{\"for_user_id\":\"1\",\"t\":\"café ❄\"}", "sha256=yG4XOJMUWja371CL9gPQ4pDKP9DFVBrZnZU4DY2dMGM="),
            ("", "sha256=uf7k/xKIslGeqOIFv7VwD9YIyE/5fnaKnIGM41/BxLk="),
        ] {
            assert_eq!(sha256_mark(&Secret::new(KEY), message.as_bytes()), mark);
        }
    }

    #[test]
    fn a_token_is_answered_as_json() {
        assert_eq!(
            answer(&Secret::new(KEY), Some("foo")).unwrap(),
            r#"{"response_token":"sha256=KGwPHQJPaVoxk5RWMCZXvu7ppQqe20ugPzzV9ed1O3o="}"#
        );
    }

    #[test]
    fn a_token_that_could_be_a_delivery_gets_no_signature() {
        let ask = |token: &str| answer(&Secret::new(KEY), Some(token));
        assert_eq!(ask("{\"for_user_id\":\"1\"}"), Err(Refused::LooksLikeADelivery));
        assert_eq!(ask("a\n"), Err(Refused::LooksLikeADelivery));
        assert_eq!(ask("crc_token=x&nonce=y"), Err(Refused::LooksLikeAChallenge), "X signs these");
        assert_eq!(ask("\u{7f}"), Err(Refused::LooksLikeADelivery));
        assert_eq!(ask(&"a".repeat(1025)), Err(Refused::TooLong));
        assert!(ask(&"a".repeat(1024)).is_ok());
        assert_eq!(ask(""), Err(Refused::Missing));
        assert_eq!(answer(&Secret::new(KEY), None), Err(Refused::Missing));
    }

    #[test]
    fn a_refused_challenge_says_why() {
        for (refused, about) in [
            (Refused::Missing, "missing"),
            (Refused::TooLong, "1024 bytes"),
            (Refused::LooksLikeADelivery, "'{'"),
            (Refused::LooksLikeAChallenge, "a challenge"),
        ] {
            assert!(refused.why().contains(about), "{refused:?}: {}", refused.why());
        }
    }
}
