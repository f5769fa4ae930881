//! The signature of a delivery, checked over the raw bytes before anything reads them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;

use super::crc::mac;
use super::request::Request;
use super::secret::Secret;

/// The header that carries it, keyed with the consumer secret.
pub const HEADER: &str = "x-twitter-webhooks-signature";
/// The same for apps with OAuth 2.0, keyed with their client secret. X may send either, or both.
pub const HEADER_OF_CLIENT: &str = "x-twitter-webhooks-signature-oauth2";

/// The two headers of one request, as they came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signatures<'a> {
    pub consumer: Option<&'a str>,
    pub client: Option<&'a str>,
}

/// The secrets that may have keyed each of them: the present one, and the previous while it is rotated.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    pub consumer: Vec<Secret>,
    pub client: Vec<Secret>,
}

/// What the signatures prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// One of them fits, and so X has sent it: nobody else knows the secret.
    Genuine {
        /// Of the client's secrets; else of the consumer's.
        by_client: bool,
        /// Which of them, in their order.
        place: usize,
        /// The other one could be checked, and does not fit: one of our secrets is not the app's.
        disagree: bool,
    },
    Nothing,
}

/// Each header against its own secrets.
pub fn prove(given: Signatures<'_>, body: &[u8], secrets: &Secrets) -> Proof {
    let consumer = fitting(given.consumer, body, &secrets.consumer);
    let client = fitting(given.client, body, &secrets.client);
    let wrong = |header: Option<&str>, secrets: &[Secret], fits: Option<usize>| {
        header.is_some() && !secrets.is_empty() && fits.is_none()
    };
    let disagree = wrong(given.consumer, &secrets.consumer, consumer) || wrong(given.client, &secrets.client, client);
    match (consumer, client) {
        (None, None) => Proof::Nothing,
        (Some(place), _) => Proof::Genuine { by_client: false, place, disagree },
        (None, Some(place)) => Proof::Genuine { by_client: true, place, disagree },
    }
}

impl<'a> Signatures<'a> {
    pub fn of(request: &'a Request) -> Self {
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        Self { consumer: header(HEADER), client: header(HEADER_OF_CLIENT) }
    }
}

impl Secrets {
    pub fn is_empty(&self) -> bool {
        self.consumer.is_empty() && self.client.is_empty()
    }
}

/// Whether `header` is `sha256=<base64>` of the body under any of the secrets (the present and the previous one while
/// they are rotated). No header, another prefix, bad base64 or another length are all simply no.
///
/// See [X docs: Webhooks](https://docs.x.com/x-api/webhooks/quickstart).
pub fn verifies(header: Option<&str>, body: &[u8], secrets: &[Secret]) -> bool {
    fitting(header, body, secrets).is_some()
}

/// The place of the first secret under which it is.
fn fitting(header: Option<&str>, body: &[u8], secrets: &[Secret]) -> Option<usize> {
    let base64 = header.and_then(|header| header.strip_prefix("sha256="))?;
    let given = STANDARD.decode(base64).ok()?;
    // Every secret is tried and none returns early, so the time tells nothing about which one fits.
    let fits = |secret: &Secret| !secret.reveal().is_empty() & mac(secret, body).verify_slice(&given).is_ok();
    secrets.iter().map(fits).enumerate().fold(None, |first, (place, fits)| first.or(fits.then_some(place)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x_api::crc::sha256_mark;

    const BODY: &[u8] = "{\"for_user_id\":\"1\",\"t\":\"café ❄\"}".as_bytes();

    #[test]
    fn each_header_has_its_own_secret_and_one_that_fits_is_proof() {
        let secrets = Secrets { consumer: vec![Secret::new("consumer")], client: vec![Secret::new("client")] };
        let (consumer, client) = (sha256_mark(&secrets.consumer[0], BODY), sha256_mark(&secrets.client[0], BODY));
        let prove = |consumer: Option<&String>, client: Option<&String>| {
            super::prove(
                Signatures { consumer: consumer.map(String::as_str), client: client.map(String::as_str) },
                BODY,
                &secrets,
            )
        };
        let genuine = |by_client, disagree| Proof::Genuine { by_client, place: 0, disagree };
        assert_eq!(prove(Some(&consumer), None), genuine(false, false));
        assert_eq!(prove(None, Some(&client)), genuine(true, false));
        assert_eq!(prove(Some(&consumer), Some(&client)), genuine(false, false));
        assert_eq!(prove(Some(&consumer), Some(&consumer)), genuine(false, true));
        assert_eq!(prove(Some(&client), Some(&client)), genuine(true, true));
        assert_eq!(prove(Some(&client), None), Proof::Nothing, "the other header's secret is no key to this one");
        assert_eq!(prove(None, Some(&consumer)), Proof::Nothing);
        assert_eq!(prove(None, None), Proof::Nothing);
        let only_consumer = Secrets { client: Vec::new(), ..secrets.clone() };
        let given = Signatures { consumer: Some(&consumer), client: Some(&client) };
        assert_eq!(super::prove(given, BODY, &only_consumer), genuine(false, false), "a header that nobody can check");
    }

    #[test]
    fn each_header_is_read_by_its_name() {
        let mut request = Request::default();
        let headers = request.headers_mut();
        headers.insert(HEADER, "sha256=a".parse().unwrap());
        headers.insert(HEADER_OF_CLIENT, "sha256=b".parse().unwrap());
        let given = Signatures::of(&request);
        assert_eq!((given.consumer, given.client), (Some("sha256=a"), Some("sha256=b")));
    }

    #[test]
    fn one_secret_of_either_kind_is_enough_to_check_with() {
        let one = || vec![Secret::new("a")];
        assert!(Secrets::default().is_empty());
        assert!(!Secrets { consumer: one(), ..Secrets::default() }.is_empty());
        assert!(!Secrets { client: one(), ..Secrets::default() }.is_empty());
    }

    #[test]
    fn a_secret_that_is_given_as_the_previous_one_too_still_proves() {
        let twice = [Secret::new("present"), Secret::new("present")];
        assert!(verifies(Some(&sha256_mark(&twice[0], BODY)), BODY, &twice));
    }

    fn secrets() -> [Secret; 2] {
        [Secret::new("present"), Secret::new("previous")]
    }

    #[test]
    fn of_the_secrets_of_a_rotation_the_one_that_fits_is_named() {
        let secrets = Secrets { client: secrets().into(), consumer: secrets().into() };
        for place in [0, 1] {
            let mark = sha256_mark(&secrets.client[place], BODY);
            let proof = |given: Signatures<'_>| prove(given, BODY, &secrets);
            let genuine = |by_client| Proof::Genuine { by_client, place, disagree: false };
            assert_eq!(proof(Signatures { consumer: Some(&mark), client: None }), genuine(false));
            assert_eq!(proof(Signatures { consumer: None, client: Some(&mark) }), genuine(true));
        }
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
