//! A call to somebody's webhook, signed as Standard Webhooks has it: https://www.standardwebhooks.com.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use sha2::Sha256;

use crate::x_api::request::Request;
use crate::x_api::secret::Secret;
use crate::x_api::time::Timestamp;

/// Generators of secrets write the padding or leave it out.
const ANY_PADDING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `id` is the same for every try of one message. Without a secret it goes unsigned.
pub fn request(url: &str, secret: Option<&Secret>, id: &str, body: String, now: Timestamp) -> Request {
    let seconds = now.seconds().to_string();
    let signature = secret.map(|secret| signature(secret, id, &seconds, &body));
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = http::Method::POST;
    // A setting that is no address leads to "/", and fails by name.
    *request.uri_mut() = url.parse().unwrap_or_default();
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let fields =
        [("webhook-id", Some(id.to_owned())), ("webhook-timestamp", Some(seconds)), ("webhook-signature", signature)];
    for (name, value) in fields {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    request
}

/// The secret is base64 behind `whsec_`; one that is not counts as it is.
fn signature(secret: &Secret, id: &str, seconds: &str, body: &str) -> String {
    let text = secret.reveal();
    let key = text.strip_prefix("whsec_").and_then(|rest| ANY_PADDING.decode(rest).ok()).unwrap_or_else(|| text.into());
    // HMAC takes a key of any length, so the error arm is never run.
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vector_is_met() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let body = r#"{"test": 2432232314}"#.to_owned();
        let request = request(
            "https://a.example/",
            Some(&secret),
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            body,
            Timestamp(1_614_265_330_000),
        );
        assert_eq!(request.headers()["webhook-signature"], "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(request.headers()["webhook-timestamp"], "1614265330");
    }
}
