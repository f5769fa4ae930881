//! The challenge (CRC): what X sends, and what it makes of the answer.

use bytes::Bytes;
use http::{Method, Response};
use perch_simulator::{Calls, Challenge, FailureBody, Handled, Mishap, Outcome, Trouble};

use crate::client::{Client, HOOK, Said, answer_to, hmac};

const REGISTER: &str = "/1.1/account_activity/webhooks.json?url=https%3A%2F%2Fperch.example%2Fwebhook";

fn challenge(client: &mut Client, method: Method, path: &str) -> Challenge {
    let request = client.signed(method, path, &[], ("sim-owner-token", "sim-owner-token-secret"));
    match client.x.handle(client.now, &request) {
        Handled::Challenge(challenge) => challenge,
        other => panic!("a challenge expected, not {other:?}"),
    }
}

fn answer(status: u16, body: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_owned()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    response
}

#[test]
fn x_calls_the_webhook_with_token_nonce_and_signature() {
    let mut client = Client::new();
    let challenge = challenge(&mut client, Method::POST, REGISTER);
    let request = challenge.request();
    let query = request.uri().query().unwrap();
    assert!(request.uri().to_string().starts_with(&format!("{HOOK}?crc_token=")));
    assert!(query.contains("&nonce="));
    assert!(query.contains("%3D"), "the token must be decoded before it is hashed");
    assert_eq!(request.headers()["x-twitter-webhooks-signature"], hmac(query.as_bytes()).as_str());
    assert!(client.x.webhooks().is_empty());
    assert_eq!(client.x.requests()[0].outcome, Outcome::Challenging);
    let said: Said = client.x.challenged(client.now, challenge, Some(&answer_to(&request))).into();
    assert_eq!(said.status, 200);
    assert!(client.x.webhooks()[0].valid);
    assert_eq!(client.x.requests()[0].outcome, Outcome::Accepted);
}

#[test]
fn a_wrong_answer_is_refused_in_the_words_for_it() {
    let cases: [(Option<Response<Bytes>>, u64, &str); 6] = [
        (None, 0, "High latency on CRC GET request."),
        (Some(answer(404, "")), 0, "Non-200 response code during CRC GET request"),
        (Some(answer(200, "<html>")), 0, "Invalid CRC token or json response format."),
        (Some(answer(200, r#"{"response_token":"sha256=AAAA"}"#)), 0, "Invalid CRC token or json response format."),
        (Some(answer(200, r#"["sha256=AAAA"]"#)), 0, "Invalid CRC token or json response format."),
        (Some(answer(200, "late")), 3_001, "High latency on CRC GET request."),
    ];
    for (given, later, expected) in cases {
        let mut client = Client::new();
        let challenge = challenge(&mut client, Method::POST, REGISTER);
        let said: Said = client.x.challenged(client.now + later, challenge, given.as_ref()).into();
        assert_eq!((said.status, said.code()), (400, Some(214)));
        assert!(said.message().contains(expected), "{}", said.message());
        assert!(client.x.webhooks().is_empty());
    }
}

#[test]
fn a_wrong_token_invalidates_at_once_and_a_failure_does_not() {
    for (given, valid) in
        [(Some(answer(200, "{}")), false), (Some(answer(302, "")), false), (Some(answer(500, "")), true), (None, true)]
    {
        let mut client = Client::new();
        client.as_owner(Method::POST, REGISTER);
        let id = client.x.webhooks()[0].id.clone();
        let routine = client.x.challenge(client.now, &id).unwrap();
        client.x.challenged(client.now, routine, given.as_ref());
        assert_eq!(client.x.webhooks()[0].valid, valid);
        assert_eq!(client.as_owner(Method::PUT, &format!("/1.1/account_activity/webhooks/{id}.json")).status, 204);
        assert!(client.x.webhooks()[0].valid);
    }
}

#[test]
fn a_registration_can_be_done_and_its_answer_lost() {
    let mut client = Client::new();
    client.x.misbehave(Trouble::Calls(Calls::to(Method::POST, "/1.1/account_activity"), Mishap::AnswerLost));
    let lost = challenge(&mut client, Method::POST, REGISTER);
    let response = answer_to(&lost.request());
    assert_eq!(client.x.challenged(client.now, lost, Some(&response)).status(), 504);
    assert_eq!(client.x.webhooks().len(), 1);
    let failing = Mishap::Fails { status: 500, body: FailureBody::Html, done: false };
    client.x.misbehave(Trouble::Calls(Calls::to(Method::POST, "/1.1/account_activity"), failing));
    assert_eq!(client.as_owner(Method::POST, &REGISTER.replace("%2Fwebhook", "%2Fsecond")).status, 500);
    assert_eq!(client.x.webhooks().len(), 1);
}
