//! Signing with OAuth 1.0a: whatever is sent, another library signs it alike, and what goes out is what was signed.

use std::borrow::Cow;
use std::num::NonZeroU64;

use oauth1_request::{Builder, HMAC_SHA1, ParameterList};
use perch::x_api::oauth1::{Credentials, authorization_with};
use perch::x_api::request::{Body, Call, encode};
use perch::x_api::secret::Secret;
use perch::x_api::time::Timestamp;

const FORM: [&str; 4] = ["status", "a b", "é", "last_read_event_id"];
const BASES: [&str; 2] = ["https://api.x.com", "http://127.0.0.1:8787"];

/// A byte that chooses method, base, token and body; then lines: nonce, callback, verifier, consumer secret, token secret,
/// path, and `key=value` for each parameter.
pub fn run(bytes: &[u8]) {
    let Some((chosen, rest)) = bytes.split_first() else { return };
    let has = |bit: u8| chosen & (1 << bit) != 0;
    let text = String::from_utf8_lossy(rest);
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (nonce, callback, verifier) = (line(), line(), line());
    let (consumer_secret, token_secret, path) = (line(), line(), line());
    let path = format!("/{}", encode(path));
    let pairs: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once('=')).collect();
    let (form, query) = if has(0) { pairs.split_at(pairs.len() / 2) } else { pairs.split_at(0) };
    let form: Vec<(&'static str, String)> =
        form.iter().zip(FORM.iter().cycle()).map(|((_, value), key)| (*key, (*value).to_owned())).collect();
    let base = BASES[usize::from(has(1))];
    let call = if has(2) { Call::post(base, path.as_str()) } else { Call::get(base, path.as_str()) };
    let call = query.iter().fold(call, |call, (key, value)| call.query(Cow::Owned((*key).to_owned()), *value));
    let call = if has(0) { call.body(Body::Form(form.clone())) } else { call };
    let token = if has(3) { "a token/+" } else { "" };
    let who = Credentials {
        consumer_key: Secret::new("consumer & key"),
        consumer_secret: Secret::new(consumer_secret),
        token: Secret::new(token),
        token_secret: Secret::new(if token.is_empty() { "" } else { token_secret }),
    };
    let seconds = 1 + u64::from(*chosen) * 7_000_000;
    let mut more = Vec::new();
    more.extend(has(4).then_some(("oauth_callback", callback)));
    more.extend(has(5).then_some(("oauth_verifier", verifier)));
    let now = Timestamp::from_seconds(i64::try_from(seconds).unwrap());
    let ours = authorization_with(&call, &who, &more, nonce, now);

    sent(&call, &who, &ours, query, &form);

    let client = oauth1_request::Credentials::new(who.consumer_key.reveal(), consumer_secret);
    let mut builder = Builder::<_, &str, &str>::new(client, HMAC_SHA1);
    if !token.is_empty() {
        builder.token(oauth1_request::Credentials::new(token, token_secret));
    }
    builder.nonce(nonce).timestamp(NonZeroU64::new(seconds).unwrap()).version(true);
    builder.callback(has(4).then_some(callback)).verifier(has(5).then_some(verifier));
    let plain = query.iter().map(|(key, value)| (*key, *value));
    let plain = plain.chain(form.iter().map(|(key, value)| (*key, value.as_str())));
    // The library writes keys as they are into what it signs, where they stand encoded twice, and encodes values itself.
    let mut sorted: Vec<(String, String, &str)> =
        plain.map(|(key, value)| (encode(&encode(key)), encode(value), value)).collect();
    sorted.sort();
    let parameters: Vec<(String, &str)> = sorted.into_iter().map(|(key, _, value)| (key, value)).collect();
    // It takes an `oauth_` key for its own, and sorts values before they are encoded, the standard after.
    let Some(parameters) = ParameterList::from_sorted(parameters) else { return };
    if parameters.iter().any(|(key, _)| key.starts_with("oauth_")) {
        return;
    }
    let theirs = builder.authorize(call.method.as_str(), format!("{base}{path}"), &parameters);
    assert_eq!(field(&ours, "oauth_signature"), field(&theirs, "oauth_signature"), "{ours}\n{theirs}");
    for name in
        ["oauth_nonce", "oauth_callback", "oauth_verifier", "oauth_token", "oauth_timestamp", "oauth_consumer_key"]
    {
        assert_eq!(field(&ours, name), field(&theirs, name), "{ours}\n{theirs}");
    }
}

/// The encoded value of a field of the header.
fn field<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    let fields = header.strip_prefix("OAuth ")?.split(',');
    fields.filter_map(|field| field.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The address and the body have the parameters in them that were signed, and the header can be sent.
fn sent(call: &Call, who: &Credentials, header: &str, query: &[(&str, &str)], form: &[(&str, String)]) {
    assert!(http::HeaderValue::from_str(header).is_ok(), "{header}");
    let request = call.clone().with_bearer(&who.token);
    assert_eq!((request.method(), request.uri().path()), (&call.method, call.path.as_str()));
    let pair = |key: &str, value: &str| format!("{}={}", encode(key), encode(value));
    let query: Vec<String> = query.iter().map(|(key, value)| pair(key, value)).collect();
    assert_eq!(request.uri().query().unwrap_or_default(), query.join("&"));
    let form: Vec<String> = form.iter().map(|(key, value)| pair(key, value)).collect();
    assert_eq!(&request.body()[..], form.join("&").as_bytes());
}
