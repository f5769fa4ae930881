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

/// What seals, and what may still open while the key is being rotated.
#[derive(Clone, Debug)]
pub struct Keys {
    /// `TOKEN_KEY`.
    pub present: Secret,
    /// `TOKEN_KEY_PREVIOUS`.
    pub previous: Option<Secret>,
}

impl Keys {
    /// What is wrong with the present one, before anything is sealed with it.
    pub fn flaw(&self) -> Option<SealError> {
        cipher(&self.present).err()
    }
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
pub fn seal(tokens: &Tokens, account: &UserId, keys: &Keys, nonce: &str) -> Result<String, SealError> {
    let plain = serde_json::to_string(tokens).map_err(|_| SealError::Damaged)?;
    seal_text(&plain, account.as_str(), keys, nonce)
}

pub fn open(sealed: &str, account: &UserId, keys: &Keys) -> Result<Tokens, SealError> {
    let plain = open_text(sealed, account.as_str(), keys)?;
    serde_json::from_str(plain.reveal()).map_err(|_| SealError::Damaged)
}

/// The same for any text; `about` says whose it is, and without it the text does not open.
pub fn seal_text(plain: &str, about: &str, keys: &Keys, nonce: &str) -> Result<String, SealError> {
    let (cipher, key_id) = cipher(&keys.present)?;
    let nonce = Nonce::from(first_bytes::<12>(nonce.as_bytes()));
    let payload = Payload { msg: plain.as_bytes(), aad: about.as_bytes() };
    let sealed = cipher.encrypt(&nonce, payload).map_err(|_| SealError::Damaged)?;
    Ok(format!("v1.{key_id}.{}.{}", STANDARD.encode(nonce), STANDARD.encode(sealed)))
}

pub fn open_text(sealed: &str, about: &str, keys: &Keys) -> Result<Secret, SealError> {
    let mut parts = sealed.split('.');
    let (Some("v1"), Some(sealed_by), Some(nonce), Some(text), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(SealError::Damaged);
    };
    let (present, present_id) = cipher(&keys.present)?;
    let cipher = if sealed_by == present_id {
        present
    } else {
        let (previous, previous_id) = cipher_of_previous(keys)?;
        if sealed_by != previous_id {
            return Err(SealError::OtherKey);
        }
        previous
    };
    let nonce: [u8; 12] =
        STANDARD.decode(nonce).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(SealError::Damaged)?;
    let text = STANDARD.decode(text).map_err(|_| SealError::Damaged)?;
    let payload = Payload { msg: &text, aad: about.as_bytes() };
    let plain = cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| SealError::Damaged)?;
    String::from_utf8(plain).map(Secret::new).map_err(|_| SealError::Damaged)
}

/// Whether it was sealed with the present key, and so needs nothing when the previous one goes.
pub fn is_sealed_with_present(sealed: &str, keys: &Keys) -> Result<bool, SealError> {
    let (_, id) = cipher(&keys.present)?;
    Ok(sealed.split('.').nth(1) == Some(id.as_str()))
}

fn cipher_of_previous(keys: &Keys) -> Result<(Aes256Gcm, String), SealError> {
    keys.previous.as_ref().map_or(Err(SealError::OtherKey), cipher)
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
                "Set the former key as TOKEN_KEY_PREVIOUS, then run: perch accounts reseal. If it is lost, connect the account again.",
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

    fn key(byte: u8) -> Keys {
        Keys { present: Secret::new(STANDARD.encode([byte; 32])), previous: None }
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
    fn while_a_key_is_rotated_both_open_and_the_present_one_seals() {
        let account = UserId::from("12");
        let old = seal(&tokens(), &account, &key(1), "nonce").unwrap();
        let both = Keys { previous: Some(key(1).present), ..key(2) };
        assert_eq!(open(&old, &account, &both), Ok(tokens()));
        assert_eq!(is_sealed_with_present(&old, &both), Ok(false));
        let new = seal(&tokens(), &account, &both, "nonce").unwrap();
        assert_eq!(is_sealed_with_present(&new, &both), Ok(true));
        assert_eq!(open(&new, &account, &key(2)), Ok(tokens()));
        assert_eq!(open(&old, &account, &Keys { previous: Some(key(3).present), ..key(2) }), Err(SealError::OtherKey));
    }

    #[test]
    fn two_nonces_seal_differently() {
        let seal = |nonce| seal(&tokens(), &UserId::from("12"), &key(1), nonce).unwrap();
        assert_ne!(seal("a"), seal("b"));
    }

    #[test]
    fn each_trouble_with_a_seal_says_what_is_wrong_and_the_mend() {
        for (error, about, mend) in [
            (SealError::BadKey, "TOKEN_KEY", "openssl rand"),
            (SealError::OtherKey, "another TOKEN_KEY", "TOKEN_KEY_PREVIOUS"),
            (SealError::Damaged, "cannot be opened", "Connect the account again"),
        ] {
            let (said, to_do) = error.said();
            assert!(said.contains(about) && to_do.contains(mend), "{error:?}: {said} {to_do}");
        }
    }

    #[test]
    fn a_key_that_is_no_key_says_so() {
        for text in ["", "short", "!!!"] {
            let keys = Keys { present: Secret::new(text), previous: None };
            let sealed = seal(&tokens(), &UserId::from("12"), &keys, "n");
            assert_eq!(sealed, Err(SealError::BadKey));
        }
    }
}
