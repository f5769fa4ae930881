//! Tokens at rest: sealed with AES-256-GCM under TOKEN_KEY, bound to their account.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::x_api::ids::UserId;
use crate::x_api::secret::Secret;

/// What is sealed of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    pub token: Secret,
    pub secret: Secret,
}

/// Why tokens cannot be sealed or opened, with the mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    BadKey,
    OtherKey,
    Damaged,
}

/// `v1.<key id>.<nonce>.<ciphertext>`, base64. The account's id is authenticated along: a row copied to another account
/// does not open. `nonce` is random text of 32 characters that is never used twice.
pub fn seal(tokens: &Tokens, account: &UserId, key: &Secret, nonce: &str) -> Result<String, SealError> {
    let (cipher, key_id) = cipher(key)?;
    let nonce = Nonce::from(first_bytes::<12>(nonce.as_bytes()));
    let plain = serde_json::to_vec(tokens).map_err(|_| SealError::Damaged)?;
    let payload = Payload { msg: &plain, aad: account.as_str().as_bytes() };
    let sealed = cipher.encrypt(&nonce, payload).map_err(|_| SealError::Damaged)?;
    Ok(format!("v1.{key_id}.{}.{}", STANDARD.encode(nonce), STANDARD.encode(sealed)))
}

pub fn open(sealed: &str, account: &UserId, key: &Secret) -> Result<Tokens, SealError> {
    let (cipher, key_id) = cipher(key)?;
    let mut parts = sealed.split('.');
    let (Some("v1"), Some(sealed_by), Some(nonce), Some(text), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(SealError::Damaged);
    };
    if sealed_by != key_id {
        return Err(SealError::OtherKey);
    }
    let nonce: [u8; 12] =
        STANDARD.decode(nonce).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(SealError::Damaged)?;
    let text = STANDARD.decode(text).map_err(|_| SealError::Damaged)?;
    let payload = Payload { msg: &text, aad: account.as_str().as_bytes() };
    let plain = cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| SealError::Damaged)?;
    serde_json::from_slice(&plain).map_err(|_| SealError::Damaged)
}

impl SealError {
    pub fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::BadKey => (
                "TOKEN_KEY is not 32 bytes in base64.",
                "Make one with: openssl rand -base64 32, and set it: wrangler secret put TOKEN_KEY",
            ),
            Self::OtherKey => (
                "The account's tokens are sealed with another TOKEN_KEY.",
                "Set the former key again, or connect the account again.",
            ),
            Self::Damaged => ("The account's sealed tokens cannot be opened.", "Connect the account again."),
        }
    }
}

/// The cipher, and the short name of its key that tells two keys apart.
fn cipher(key: &Secret) -> Result<(Aes256Gcm, String), SealError> {
    let bytes: [u8; 32] =
        STANDARD.decode(key.reveal()).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(SealError::BadKey)?;
    let id = first_bytes::<4>(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((Aes256Gcm::new(&Key::<Aes256Gcm>::from(bytes)), id))
}

/// The first bytes of the SHA-256: short, and tells nothing of what was hashed.
fn first_bytes<const N: usize>(of: &[u8]) -> [u8; N] {
    let mut first = [0; N];
    first.iter_mut().zip(Sha256::digest(of)).for_each(|(to, from)| *to = from);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Secret {
        Secret::new(STANDARD.encode([byte; 32]))
    }

    fn tokens() -> Tokens {
        Tokens { token: Secret::new("12-abc"), secret: Secret::new("s3cret") }
    }

    #[test]
    fn what_was_sealed_opens_for_the_same_account_and_key_alone() {
        let account = UserId::from("12");
        let sealed = seal(&tokens(), &account, &key(1), "nonce").unwrap();
        assert!(!sealed.contains("s3cret"));
        assert_eq!(open(&sealed, &account, &key(1)), Ok(tokens()));
        assert_eq!(open(&sealed, &UserId::from("13"), &key(1)), Err(SealError::Damaged));
        assert_eq!(open(&sealed, &account, &key(2)), Err(SealError::OtherKey));
        assert_eq!(open(&sealed[..sealed.len() - 8], &account, &key(1)), Err(SealError::Damaged));
        assert_eq!(open("nonsense", &account, &key(1)), Err(SealError::Damaged));
    }

    #[test]
    fn two_nonces_seal_differently() {
        let seal = |nonce| seal(&tokens(), &UserId::from("12"), &key(1), nonce).unwrap();
        assert_ne!(seal("a"), seal("b"));
    }

    #[test]
    fn a_key_that_is_no_key_says_so() {
        for text in ["", "short", "!!!"] {
            let sealed = seal(&tokens(), &UserId::from("12"), &Secret::new(text), "n");
            assert_eq!(sealed, Err(SealError::BadKey));
        }
    }
}
