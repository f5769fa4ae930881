//! OAuth 1.0a with HMAC-SHA1: the header that signs a call as a user. Nonce and time are arguments.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::request::{Body, Call, encode};
use super::secret::Secret;
use super::time::Timestamp;

/// The app's key pair and a user's token pair.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub consumer_key: Secret,
    pub consumer_secret: Secret,
    pub token: Secret,
    pub token_secret: Secret,
}

/// The `Authorization` header. Query and form parameters are signed; JSON is not.
///
/// See [X docs: Creating a signature](https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature).
pub fn authorization(call: &Call, who: &Credentials, nonce: &str, now: Timestamp) -> String {
    authorization_with(call, who, &[], nonce, now)
}

/// The same with more fields of the protocol, as signing in wants them: a callback, a verifier. A user without a token is
/// nobody: the app signs for itself.
pub fn authorization_with(
    call: &Call,
    who: &Credentials,
    more: &[(&'static str, &str)],
    nonce: &str,
    now: Timestamp,
) -> String {
    let timestamp = now.seconds().to_string();
    let mut oauth = vec![
        ("oauth_consumer_key", who.consumer_key.reveal()),
        ("oauth_nonce", nonce),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", &timestamp),
        ("oauth_version", "1.0"),
    ];
    oauth.extend_from_slice(more);
    if !who.token.reveal().is_empty() {
        oauth.push(("oauth_token", who.token.reveal()));
    }
    let signature = signature(call, &oauth, who);
    oauth.push(("oauth_signature", &signature));
    let fields: Vec<String> = oauth.iter().map(|(key, value)| format!("{key}=\"{}\"", encode(value))).collect();
    format!("OAuth {}", fields.join(", "))
}

fn signature(call: &Call, oauth: &[(&'static str, &str)], who: &Credentials) -> String {
    let form: &[(&str, String)] = match &call.body {
        Body::Form(form) => form,
        Body::Empty | Body::Json(_) | Body::Multipart { .. } => &[],
    };
    let mut parameters: Vec<(String, String)> = oauth
        .iter()
        .copied()
        .chain(call.query.iter().map(|(key, value)| (key.as_ref(), value.as_str())))
        .chain(form.iter().map(|(key, value)| (*key, value.as_str())))
        .map(|(key, value)| (encode(key), encode(value)))
        .collect();
    parameters.sort();
    let parameters: Vec<String> = parameters.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    let url = format!("{}{}", call.base, call.path);
    let base = [call.method.as_str(), &encode(&url), &encode(&parameters.join("&"))].join("&");
    let key = format!("{}&{}", encode(who.consumer_secret.reveal()), encode(who.token_secret.reveal()));
    // HMAC takes a key of any length, so the error arm is never run.
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(base.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn published() -> Credentials {
        Credentials {
            consumer_key: Secret::new("xvz1evFS4wEEPTGEFPHBog"),
            consumer_secret: Secret::new("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"),
            token: Secret::new("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"),
            token_secret: Secret::new("LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"),
        }
    }

    const NONCE: &str = "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg";
    const TIME: Timestamp = Timestamp(1_318_622_958_000);

    fn signature_in(header: &str) -> String {
        let encoded = header.split("oauth_signature=\"").nth(1).unwrap().split('"').next().unwrap();
        percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap().into_owned()
    }

    #[test]
    fn xs_published_example_comes_out_to_the_letter() {
        for (base, expected) in [
            ("https://api.x.com", "Ls93hJiZbQ3akF3HF3x1Bz8/zU4="),
            ("https://api.twitter.com", "hCtSmYh+iHYCEqBWrE7C7hYmtUk="),
        ] {
            let call = Call::post(base, "/1.1/statuses/update.json")
                .query("include_entities", "true")
                .body(Body::Form(vec![("status", "Hello Ladies + Gentlemen, a signed OAuth request!".to_owned())]));
            assert_eq!(signature_in(&authorization(&call, &published(), NONCE, TIME)), expected);
        }
    }

    #[test]
    fn a_json_body_is_not_signed() {
        for (base, path, expected) in [
            ("https://api.twitter.com", "/1.1/direct_messages/events/new.json", "7z+nKFSiTmLyKcVzjswQcU+GwWY="),
            ("https://api.x.com", "/2/dm_conversations/with/9876543210/messages", "k9oKAc/6+m9zK24BJvwiQZWMMDc="),
            ("https://api.x.com", "/2/tweets", "lr+tV/DKclEvXKVjG6tgaSSLV0k="),
        ] {
            let call = Call::post(base, path).body(Body::Json("{\"text\":\"hi\"}".to_owned()));
            assert_eq!(signature_in(&authorization(&call, &published(), NONCE, TIME)), expected);
        }
    }

    proptest! {
        #[test]
        fn another_library_signs_alike(
            query in "\\PC{0,40}", form in "\\PC{0,40}", nonce in "[a-zA-Z0-9]{1,42}", time in 1_000_000_000_i64..9_000_000_000,
            secret in "[!-~]{1,50}", token in "[!-~]{1,50}",
        ) {
            let who = Credentials {
                consumer_key: Secret::new("key"),
                consumer_secret: Secret::new(secret.clone()),
                token: Secret::new(token.clone()),
                token_secret: Secret::new(token.clone()),
            };
            let call = Call::post("https://api.x.com", "/1.1/direct_messages/mark_read.json")
                .query("q", query.clone())
                .body(Body::Form(vec![("a_form", form.clone())]));
            let ours = authorization(&call, &who, &nonce, Timestamp::from_seconds(time));

            let user = oauth1_request::Token::from_parts("key", secret.as_str(), token.as_str(), token.as_str());
            let mut builder = oauth1_request::Builder::with_token(user, oauth1_request::HMAC_SHA1);
            builder.nonce(nonce.as_str()).timestamp(std::num::NonZeroU64::try_from(u64::try_from(time).unwrap()).unwrap()).version(true);
            let parameters = [("a_form", form.as_str()), ("q", query.as_str())];
            let request = oauth1_request::ParameterList::new(parameters);
            let theirs = builder.post("https://api.x.com/1.1/direct_messages/mark_read.json", &request);
            prop_assert_eq!(signature_in(&ours), signature_in(&theirs));
        }
    }
}
