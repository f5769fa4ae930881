//! Cloudflare Access beside the world: a team with a key of its own.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use perch::access::PublicKey;
use perch::x_api::request::Response;
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::rand_core::OsRng;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};

pub const TEAM: &str = "furni.cloudflareaccess.com";

static KEY: LazyLock<RsaPrivateKey> = LazyLock::new(|| RsaPrivateKey::new(&mut OsRng, 2048).unwrap());

pub fn keys() -> Response {
    let key = KEY.to_public_key();
    let part = |number: &BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    let keys = json!({"keys": [{"kid": "k1", "kty": "RSA", "alg": "RS256", "n": part(key.n()), "e": part(key.e())}]});
    Response::new(keys.to_string().into())
}

/// A token with these claims, signed by the team.
pub fn token(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"alg": "RS256", "kid": "k1"})), part(claims));
    let signature = SigningKey::<Sha256>::new(KEY.clone()).sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

pub fn is_signed_by(key: &PublicKey, signed: &[u8], signature: &[u8]) -> bool {
    let number = |text: &str| Some(BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(text).ok()?));
    let key = number(&key.n).zip(number(&key.e)).and_then(|(n, e)| RsaPublicKey::new(n, e).ok());
    let signature = Signature::try_from(signature).ok();
    key.zip(signature)
        .is_some_and(|(key, signature)| VerifyingKey::<Sha256>::new(key).verify(signed, &signature).is_ok())
}
