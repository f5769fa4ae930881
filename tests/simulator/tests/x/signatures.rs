//! Who may ask: OAuth 1.0a, the bearer token, permissions.

use bytes::Bytes;
use http::{Method, Request};
use perch_simulator::{App, Grant, Handled, Permission, Simulator, Trouble};
use serde_json::json;

use crate::client::{ACCOUNT, Client, LIST, Said};

const VERIFY: &str = "/1.1/account/verify_credentials.json";

/// X's published example: all its parts are given, so the header is what X's page shows.
fn published(host: &str, signature: &str) -> (Simulator, Request<Bytes>) {
    let app = App {
        consumer_key: "xvz1evFS4wEEPTGEFPHBog".to_owned(),
        consumer_secret: "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw".to_owned(),
        ..App::default()
    };
    let mut x = Simulator::new(app);
    let token = "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb";
    x.grant("370773112", Grant::new(token, "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE", Permission::ReadWriteDm));
    let header = format!(
        "OAuth oauth_consumer_key=\"xvz1evFS4wEEPTGEFPHBog\", oauth_nonce=\"kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg\", \
         oauth_signature=\"{signature}\", oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1318622958\", \
         oauth_token=\"{token}\", oauth_version=\"1.0\""
    );
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("https://{host}/1.1/direct_messages/events/new.json"))
        .header("authorization", header)
        .header("content-type", "application/json")
        .body(Bytes::from_static(br#"{"event":{}}"#));
    (x, request.unwrap())
}

fn code(x: &mut Simulator, now_ms: u64, request: &Request<Bytes>) -> Option<i64> {
    let Handled::Answer(response) = x.handle(now_ms, request) else { panic!("no answer") };
    Said::from(response).code()
}

const THEN: u64 = 1_318_622_958_000;

#[test]
fn a_published_signature_is_accepted_and_its_neighbours_are_not() {
    let good = "7z%2BnKFSiTmLyKcVzjswQcU%2BGwWY%3D";
    let (mut x, request) = published("api.twitter.com", good);
    // Authentication passed: what X dislikes is the body.
    assert_eq!(code(&mut x, THEN, &request), Some(214));
    assert_eq!(code(&mut x, THEN, &request), Some(32), "the nonce again");
    let (mut x, request) = published("api.x.com", good);
    assert_eq!(code(&mut x, THEN, &request), Some(32), "signed for another host");
    let (mut x, request) = published("api.twitter.com", &good.replace("7z", "7y"));
    assert_eq!(code(&mut x, THEN, &request), Some(32), "another signature");
}

#[test]
fn a_timestamp_may_be_five_minutes_off() {
    for (now, expected) in [(THEN + 300_000, 214), (THEN - 300_000, 214), (THEN + 300_001, 135), (THEN - 300_001, 135)]
    {
        let (mut x, request) = published("api.twitter.com", "7z%2BnKFSiTmLyKcVzjswQcU%2BGwWY%3D");
        assert_eq!(code(&mut x, now, &request), Some(expected));
    }
}

#[test]
fn query_and_form_are_signed_and_json_is_not() {
    let mut client = Client::new();
    let said =
        client.as_account(Method::GET, "/1.1/account/verify_credentials.json?skip_status=true&q=a%20%2B%20b%C3%A9");
    assert_eq!((said.status, said.body["id_str"].as_str()), (200, Some(ACCOUNT)));
    assert_eq!(client.post_form("/1.1/direct_messages/indicate_typing.json", &[("recipient_id", "3001")]).status, 204);
    assert_eq!(client.say("hi & <hello>").status, 200);

    let mut request = client.signed(
        Method::POST,
        "/1.1/direct_messages/indicate_typing.json",
        &[("recipient_id", "3001")],
        ("account-token", "account-secret"),
    );
    *request.body_mut() = Bytes::from_static(b"recipient_id=3002");
    assert_eq!(client.ask(&request).code(), Some(32));
    let mut request = client.signed(Method::GET, VERIFY, &[], ("account-token", "account-secret"));
    *request.uri_mut() = format!("https://api.x.com{VERIFY}?more=1").parse().unwrap();
    assert_eq!(client.ask(&request).code(), Some(32));
}

#[test]
fn a_request_without_scheme_and_host_is_judged_by_its_host_header() {
    let mut client = Client::new();
    let mut request = client.signed(Method::GET, VERIFY, &[], ("account-token", "account-secret"));
    *request.uri_mut() = VERIFY.parse().unwrap();
    request.headers_mut().insert("host", "api.x.com".parse().unwrap());
    // Plain http is what a server sees; the signature was made for https.
    assert_eq!(client.ask(&request).code(), Some(32));
}

#[test]
fn strangers_are_refused_by_their_own_codes() {
    let mut client = Client::new();
    let request = client.signed(Method::GET, VERIFY, &[], ("unknown", "secret"));
    assert_eq!((client.ask(&request).status, client.ask(&request).code()), (401, Some(89)));
    let request = client.signed(Method::GET, VERIFY, &[], ("account-token", "wrong"));
    assert_eq!(client.ask(&request).body, json!({"errors": [{"code": 32, "message": "Could not authenticate you."}]}));
    for header in [
        "OAuth",
        "OAuth oauth_token=",
        "OAuth oauth_nonce=\"a\", oauth_nonce=\"b\"",
        "Bearer x",
        "Basic x",
        "nonsense",
        "OAuth \u{e9}",
    ] {
        let request = Request::builder().uri(format!("https://api.x.com{VERIFY}")).header("authorization", header);
        let said = client.ask(&request.body(Bytes::new()).unwrap());
        assert!([400, 401].contains(&said.status), "{header}: {said:?}");
    }
    let request = Request::builder().uri(format!("https://api.x.com{VERIFY}")).body(Bytes::new()).unwrap();
    assert_eq!(client.ask(&request).code(), Some(215));
}

#[test]
fn a_token_cannot_do_more_than_it_was_made_for() {
    let mut client = Client::new();
    client.x.misbehave(Trouble::Permission { user: ACCOUNT.to_owned(), permission: Permission::ReadWrite });
    assert_eq!(client.as_account(Method::GET, VERIFY).status, 200);
    assert_eq!(client.say("hi").code(), Some(93));
    assert_eq!(client.as_account(Method::GET, LIST).code(), Some(93));
    let said = client.as_account(Method::POST, "/1.1/account_activity/all/dev/subscriptions.json");
    assert_eq!((said.status, said.code()), (403, Some(261)));
    assert_eq!(said.headers.get("x-access-level"), None);
    let said = client.as_account(Method::GET, VERIFY);
    assert_eq!(said.headers["x-access-level"], "read-write");
}

#[test]
fn the_bearer_token_stays_until_it_is_invalidated() {
    let mut client = Client::new();
    let token = client.bearer();
    assert!(token.contains("%2F") && token.contains("%3D"));
    assert_eq!(client.bearer(), token);
    assert_eq!(client.as_app(Method::GET, "/1.1/account_activity/webhooks.json").body, json!([]));
    let said = client.basic("sim-consumer-key", "wrong", "/oauth2/token", "grant_type=client_credentials");
    assert_eq!((said.status, said.code()), (403, Some(99)));
    let said = client.basic("sim-consumer-key", "sim-consumer-secret", "/oauth2/token", "");
    assert_eq!(said.code(), Some(170));
    let form = format!("access_token={token}");
    assert_eq!(client.basic("sim-consumer-key", "sim-consumer-secret", "/oauth2/invalidate_token", &form).status, 200);
    assert_ne!(client.bearer(), token);
}

#[test]
fn users_and_the_app_have_doors_of_their_own() {
    let mut client = Client::new();
    assert_eq!(client.as_app(Method::GET, VERIFY).code(), Some(220));
    assert_eq!(client.as_app(Method::POST, "/1.1/account_activity/webhooks.json?url=x").code(), Some(261));
    assert_eq!(client.as_account(Method::GET, "/1.1/account_activity/webhooks.json").code(), Some(220));
    assert_eq!(client.as_account(Method::POST, "/1.1/account_activity/webhooks.json?url=x").code(), Some(200));
    let said = client.as_account(Method::GET, "/1.1/nothing.json");
    assert_eq!((said.status, said.code()), (404, Some(34)));
    let said = client.as_account(Method::PUT, LIST);
    assert_eq!((said.status, said.code()), (405, Some(86)));
    let said = client.as_account(Method::GET, "/2/users/me");
    assert_eq!(said.body, json!({"data": {"id": ACCOUNT, "name": "Perch Demo", "username": "perchdemo"}}));
}

#[test]
fn odd_parameters_are_refused_and_nothing_worse() {
    for query in [
        "oauth_zzz=1",
        "oauth=1",
        "oauth_token=account-token",
        "oauth_a=1&oauth_nonce=2&oauth_zz=3",
        "~=1&%00=2&=3",
        "a=1&a=1&a=0",
        "%ff=%fe&%zz",
        "é=❄",
        "+=+",
    ] {
        let mut client = Client::new();
        let mut request = client.signed(Method::GET, VERIFY, &[], ("account-token", "account-secret"));
        let uri: String = format!("https://api.x.com{VERIFY}?{query}").chars().filter(char::is_ascii).collect();
        *request.uri_mut() = uri.parse().unwrap();
        assert_eq!(client.ask(&request).code(), Some(32), "{query}");
    }
    let mut client = Client::new();
    for body in [
        "",
        "[",
        "[]",
        "{}",
        "null",
        r#"{"event":7}"#,
        r#"{"event":{"type":"message_create","message_create":{"target":[],"message_data":[]}}}"#,
        "\u{feff}{}",
    ] {
        let mut request = client.message("3001", &json!({}));
        *request.body_mut() = Bytes::from(body.to_owned());
        assert_eq!(client.ask(&request).status, 400, "{body}");
    }
}
