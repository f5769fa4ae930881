//! Two secrets: with which of them X signs, and with which it judges the challenge.

use http::Method;
use perch_simulator::{CrcSecret, Handled, Signatures, Slip, Trouble};
use serde_json::json;

use crate::client::{ACCOUNT, ADA, Client, HOOK, NOW, answer_to, hmac, hmac_with, subscribed};

const LEGACY: &str = "x-twitter-webhooks-signature";
const OAUTH2: &str = "x-twitter-webhooks-signature-oauth2";
const SECRET: &str = "the client secret";

/// What the two headers of the next delivery say; the body.
fn signed(client: &mut Client) -> (Option<String>, Option<String>, Vec<u8>) {
    client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    let delivery = client.x.deliveries(NOW).remove(0).request;
    let header = |name: &str| delivery.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    (header(LEGACY), header(OAUTH2), delivery.body().to_vec())
}

#[test]
fn a_delivery_carries_the_signatures_that_the_setting_names() {
    let mut client = subscribed();
    let (old, new, body) = signed(&mut client);
    assert_eq!((old, new), (Some(hmac(&body)), None), "there is no client secret");
    client.x.portal().client_secret = Some(SECRET.to_owned());
    for (setting, legacy, oauth2) in
        [(Signatures::Both, true, true), (Signatures::Legacy, true, false), (Signatures::OAuth2, false, true)]
    {
        client.x.settings().signatures = setting;
        let (old, new, body) = signed(&mut client);
        assert_eq!((old, new), (legacy.then(|| hmac(&body)), oauth2.then(|| hmac_with(SECRET, &body))), "{setting:?}");
    }
}

#[test]
fn one_of_two_signatures_can_be_wrong() {
    let mut client = subscribed();
    client.x.portal().client_secret = Some(SECRET.to_owned());
    client.x.misbehave(Trouble::Deliveries(Slip::Disagreeing, 1));
    let (old, new, body) = signed(&mut client);
    assert_eq!(old, Some(hmac(&body)));
    assert!(new.is_some_and(|new| new != hmac_with(SECRET, &body)));
    client.x.misbehave(Trouble::Deliveries(Slip::Forged, 1));
    let (old, new, body) = signed(&mut client);
    assert!(old != Some(hmac(&body)) && new != Some(hmac_with(SECRET, &body)));
}

#[test]
fn the_challenge_is_signed_likewise_and_judged_by_the_secret_that_the_setting_names() {
    let mut client = Client::new();
    client.x.portal().client_secret = Some(SECRET.to_owned());
    client.x.settings().crc_secret = CrcSecret::Client;
    let refused = client.json_as_app(Method::POST, "/2/webhooks", &json!({"url": HOOK}));
    assert!(refused.detail().contains("CrcValidationFailed"), "it was answered with the consumer secret");
    let bearer = client.bearer();
    let request = http::Request::post("https://api.x.com/2/webhooks")
        .header("authorization", format!("Bearer {bearer}"))
        .header("content-type", "application/json")
        .body(json!({"url": HOOK}).to_string().into())
        .unwrap();
    let Handled::Challenge(challenge) = client.x.handle(client.now, &request) else { panic!("a challenge is due") };
    let asked = challenge.request();
    let query = asked.uri().query().unwrap();
    assert_eq!(asked.headers()[LEGACY], hmac(query.as_bytes()).as_str());
    assert_eq!(asked.headers()[OAUTH2], hmac_with(SECRET, query.as_bytes()).as_str());
    let token = query.split('&').find_map(|pair| pair.strip_prefix("crc_token=")).unwrap();
    let token = percent_encoding::percent_decode_str(token).decode_utf8().unwrap();
    let mut answer = answer_to(&asked);
    *answer.body_mut() = json!({"response_token": hmac_with(SECRET, token.as_bytes())}).to_string().into();
    assert_eq!(client.x.challenged(client.now, challenge, Some(&answer)).status(), 200);
}
