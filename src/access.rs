//! Cloudflare Access: what its token says of whoever is at the door, and with which key it has to be signed.
//!
//! See [Cloudflare docs: Validate JWTs](https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::x_api::time::{Span, Timestamp};

/// The header that carries the token.
pub const HEADER: &str = "cf-access-jwt-assertion";

/// Whose tokens are taken, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// `https://TEAM.cloudflareaccess.com`.
    pub issuer: String,
    /// The tag of the application.
    pub audience: String,
}

/// A token that names somebody, once its signature is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Which key signed it.
    pub key: String,
    pub email: String,
    pub signed: Vec<u8>,
    pub signature: Vec<u8>,
}

/// An RSA key, its parts in base64url as a JWK has them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PublicKey {
    pub n: String,
    pub e: String,
}

/// Our clock and Cloudflare's may differ by so much.
const SLACK: Span = Span::minutes(1);
const LONGEST: usize = 16 * 1024;

impl Gate {
    /// Where the keys are.
    pub fn keys_at(&self) -> String {
        format!("{}/cdn-cgi/access/certs", self.issuer)
    }

    /// `None`: it is no token of this gate's, or its time is over. Nothing of it is to be believed before the signature is.
    pub fn read(&self, token: &str, now: Timestamp) -> Option<Token> {
        #[derive(Deserialize)]
        struct Header {
            alg: String,
            kid: String,
        }
        #[derive(Deserialize)]
        struct Claims {
            aud: OneOrMany,
            iss: String,
            exp: i64,
            #[serde(default)]
            nbf: i64,
            email: String,
        }
        if token.len() > LONGEST {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let (header, claims): (Header, Claims) = (decoded(header)?, decoded(claims)?);
        let is_good = header.alg == "RS256"
            && claims.aud.has(&self.audience)
            && claims.iss.trim_end_matches('/') == self.issuer
            && Timestamp::from_seconds(claims.exp) > now - SLACK
            && Timestamp::from_seconds(claims.nbf) <= now + SLACK
            && claims.email.contains('@');
        is_good.then_some(Token {
            key: header.kid,
            email: claims.email,
            signed: signed.as_bytes().to_vec(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }
}

/// The key of this name among those that Cloudflare tells.
pub fn key_among(all: &[u8], name: &str) -> Option<PublicKey> {
    #[derive(Deserialize)]
    struct Keys {
        keys: Vec<Named>,
    }
    #[derive(Deserialize)]
    struct Named {
        kid: String,
        #[serde(flatten)]
        key: PublicKey,
    }
    let all: Keys = serde_json::from_slice(all).ok()?;
    all.keys.into_iter().find(|known| known.kid == name).map(|known| known.key)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn has(&self, wanted: &str) -> bool {
        match self {
            Self::One(one) => one == wanted,
            Self::Many(many) => many.iter().any(|one| one == wanted),
        }
    }
}

fn decoded<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn gate() -> Gate {
        Gate { issuer: "https://furni.cloudflareaccess.com".to_owned(), audience: "tag".to_owned() }
    }

    fn read(header: Value, claims: Value) -> Option<Token> {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        gate().read(&format!("{}.{}.c2ln", part(header), part(claims)), NOW)
    }

    fn claims(more: Value) -> Value {
        let mut claims = json!({"aud": ["other", "tag"], "iss": "https://furni.cloudflareaccess.com", "exp": 1_700_000_100, "nbf": 1_699_999_900, "email": "ida@furni.example"});
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        claims
    }

    #[test]
    fn a_token_of_this_gate_names_somebody_and_any_other_does_not() {
        let header = json!({"alg": "RS256", "kid": "k1"});
        let token = read(header.clone(), claims(json!({}))).unwrap();
        assert_eq!(
            (token.key.as_str(), token.email.as_str(), token.signature.as_slice()),
            ("k1", "ida@furni.example", b"sig".as_slice())
        );
        assert!(read(header.clone(), claims(json!({"aud": "tag"}))).is_some());
        // A clock may be a minute off, and no more.
        for more in [json!({"exp": 1_699_999_941}), json!({"nbf": 1_700_000_060})] {
            assert!(read(header.clone(), claims(more.clone())).is_some(), "{more}");
        }
        for more in [
            json!({"aud": "tags"}),
            json!({"aud": []}),
            json!({"aud": ["other"]}),
            json!({"iss": "https://evil.cloudflareaccess.com"}),
            json!({"exp": 1_699_999_000}),
            json!({"exp": 1_699_999_940}),
            json!({"nbf": 1_700_001_000}),
            json!({"nbf": 1_700_000_061}),
            json!({"email": ""}),
            json!({"email": null}),
            json!({"exp": "never"}),
        ] {
            assert_eq!(read(header.clone(), claims(more.clone())), None, "{more}");
        }
        for wrong in
            [json!({"alg": "none", "kid": "k1"}), json!({"alg": "HS256", "kid": "k1"}), json!({"alg": "RS256"})]
        {
            assert_eq!(read(wrong.clone(), claims(json!({}))), None, "{wrong}");
        }
        for wrong in ["", ".", "..", "a.b.c", "e30.e30.e30"] {
            assert_eq!(gate().read(wrong, NOW), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_of_16_kib_is_read_and_a_longer_one_is_not() {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}.", part(json!({"alg": "RS256", "kid": "k1"})), part(claims(json!({}))));
        let of = |length: usize| gate().read(&(signed.clone() + &"A".repeat(length - signed.len())), NOW);
        assert!(of(16 * 1024).is_some());
        // No base64 is one character longer than a multiple of four.
        assert_eq!([of(16 * 1024 + 1), of(16 * 1024 + 2)], [None, None]);
    }

    #[test]
    fn the_keys_are_asked_for_at_the_issuer() {
        assert_eq!(gate().keys_at(), "https://furni.cloudflareaccess.com/cdn-cgi/access/certs");
    }

    #[test]
    fn a_key_is_found_by_its_name() {
        let keys = br#"{"keys": [{"kid": "k0", "n": "AA", "e": "AQAB"}, {"kid": "k1", "kty": "RSA", "n": "BB", "e": "AQAB"}]}"#;
        assert_eq!(key_among(keys, "k1").unwrap().n, "BB");
        assert_eq!(key_among(keys, "k2"), None);
        assert_eq!(key_among(b"<html>", "k1"), None);
    }
}
