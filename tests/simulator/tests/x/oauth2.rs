//! Tokens of OAuth 2.0: what they open, how they are renewed, how they end.

use http::Method;
use perch_simulator::{App, Calls, Handled, Mishap, Simulator, Tokens, Trouble, User};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, LIST, NOW, SEND_V2, Said};

pub const DESK: [&str; 5] = ["dm.read", "dm.write", "tweet.read", "users.read", "offline.access"];
pub const TOKEN: &str = "/2/oauth2/token";

/// A client whose app has a name and a secret in OAuth 2.0.
pub fn confidential() -> Client {
    let mut client = Client::new();
    client.x.portal().client_id = Some("client-id".to_owned());
    client.x.portal().client_secret = Some("client-secret".to_owned());
    client
}

pub fn post(client: &mut Client, path: &str, form: &str) -> Said {
    client.basic("client-id", "client-secret", path, form)
}

fn refresh(client: &mut Client, token: &str) -> Said {
    post(client, TOKEN, &format!("grant_type=refresh_token&refresh_token={token}"))
}

fn granted(client: &mut Client, scopes: &[&str]) -> Tokens {
    client.x.grant2(client.now, ACCOUNT, scopes)
}

fn text<'a>(said: &'a Said, key: &str) -> &'a str {
    said.body[key].as_str().unwrap_or_else(|| panic!("{key} in {said:?}"))
}

#[test]
fn a_token_opens_v2_for_two_hours_and_v1_never() {
    let mut client = confidential();
    let token = granted(&mut client, &DESK).access_token;
    let said = client.with_token(Method::POST, SEND_V2, &token, &json!({"text": "hi"}));
    assert_eq!(said.status, 201, "{said:?}");
    assert!(said.headers.get("x-access-level").is_none());
    assert_eq!(client.x.requests()[0].user.as_deref(), Some(ACCOUNT));
    for path in ["/2/users/me", "/2/users/by/username/ada", "/2/dm_events", "/2/activity/subscriptions"] {
        assert_eq!(client.with_token(Method::GET, path, &token, &Value::Null).status, 200, "{path}");
    }
    assert_eq!(client.with_token(Method::GET, LIST, &token, &Value::Null).code(), Some(220));
    assert_eq!(client.with_token(Method::GET, "/2/webhooks", &token, &Value::Null).status, 403, "the app alone");
    client.now += 7_200_000;
    let late = client.with_token(Method::GET, "/2/users/me", &token, &Value::Null);
    assert_eq!((late.status, &late.body["title"]), (401, &json!("Unauthorized")));
}

#[test]
fn every_endpoint_wants_its_scopes() {
    let mut client = confidential();
    for (method, path, missing) in [
        (Method::POST, SEND_V2, "dm.write"),
        (Method::GET, "/2/dm_events", "dm.read"),
        (Method::GET, "/2/users/me", "users.read"),
        (Method::POST, "/2/tweets", "tweet.write"),
    ] {
        let all = ["dm.read", "dm.write", "tweet.read", "tweet.write", "users.read"];
        let scopes: Vec<&str> = all.into_iter().filter(|scope| *scope != missing).collect();
        let token = granted(&mut client, &scopes).access_token;
        let said = client.with_token(method, path, &token, &json!({"text": "hi"}));
        assert_eq!((said.status, &said.body["title"]), (403, &json!("Forbidden")), "{path}");
        assert!(said.detail().contains(missing), "{said:?}");
    }
}

#[test]
fn private_activity_is_heard_with_the_scope_for_messages() {
    let mut client = confidential();
    let body = json!({"event_type": "dm.received", "filter": {"user_id": ACCOUNT}});
    let path = "/2/activity/subscriptions";
    let without = granted(&mut client, &["tweet.read", "users.read"]).access_token;
    assert_eq!(client.with_token(Method::POST, path, &without, &body).status, 403);
    let with = granted(&mut client, &DESK).access_token;
    assert_eq!(client.with_token(Method::POST, path, &with, &body).status, 200);
    let of_ada = json!({"event_type": "dm.received", "filter": {"user_id": ADA}});
    assert_eq!(client.json_as_app(Method::POST, path, &of_ada).status, 403);
    client.x.grant2(client.now, ADA, &DESK);
    assert_eq!(client.json_as_app(Method::POST, path, &of_ada).status, 200, "she has let the app");
}

#[test]
fn a_refresh_token_works_once() {
    let mut client = confidential();
    let first = granted(&mut client, &DESK).refresh_token.unwrap();
    let second = refresh(&mut client, &first);
    assert_eq!(
        (second.status, &second.body["token_type"], &second.body["expires_in"]),
        (200, &json!("bearer"), &json!(7200))
    );
    assert_eq!(second.body["scope"], DESK.join(" "));
    let again = refresh(&mut client, &first);
    let expected = json!({"error": "invalid_request", "error_description": "Value passed for the token was invalid."});
    assert_eq!((again.status, &again.body), (400, &expected));
    let token = text(&second, "access_token").to_owned();
    assert_eq!(client.with_token(Method::GET, "/2/users/me", &token, &Value::Null).status, 200);
    let third = refresh(&mut client, text(&second, "refresh_token"));
    assert_eq!(third.status, 200);
    assert_ne!(text(&third, "refresh_token"), text(&second, "refresh_token"));
}

#[test]
fn secrets_are_taken_from_the_body_and_never_from_the_address() {
    let mut client = confidential();
    let token = granted(&mut client, &DESK).refresh_token.unwrap();
    let form = format!("grant_type=refresh_token&refresh_token={token}");
    assert_eq!(post(&mut client, &format!("{TOKEN}?{form}"), "").status, 400);
    let body = json!({"grant_type": "refresh_token", "refresh_token": token}).to_string();
    let request = http::Request::post(format!("https://api.x.com{TOKEN}"))
        .header("authorization", "Basic Y2xpZW50LWlkOmNsaWVudC1zZWNyZXQ=")
        .header("content-type", "application/json");
    let said = client.ask(&request.body(body.into()).unwrap());
    assert_eq!(said.status, 200, "a common client sends JSON");
    let next = format!("grant_type=refresh_token&refresh_token={}", text(&said, "refresh_token"));
    assert_eq!(post(&mut client, TOKEN, &next).status, 200);
}

#[test]
fn within_the_grace_the_same_refresh_token_gives_the_same_pair() {
    let mut client = confidential();
    client.x.settings().refresh_grace_ms = 10_000;
    let first = granted(&mut client, &DESK).refresh_token.unwrap();
    let second = refresh(&mut client, &first);
    client.now += 9_999;
    assert_eq!(refresh(&mut client, &first).body, second.body);
    client.now += 1;
    assert_eq!(refresh(&mut client, &first).status, 400);
    assert_eq!(refresh(&mut client, text(&second, "refresh_token")).status, 200);
}

#[test]
fn a_lost_answer_costs_the_refresh_token() {
    let mut client = confidential();
    let first = granted(&mut client, &DESK).refresh_token.unwrap();
    client.x.misbehave(Trouble::Calls(Calls::to(Method::POST, TOKEN), Mishap::AnswerLost));
    let form = format!("grant_type=refresh_token&refresh_token={first}");
    let request = http::Request::post(format!("https://api.x.com{TOKEN}"))
        .header("authorization", "Basic Y2xpZW50LWlkOmNsaWVudC1zZWNyZXQ=")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.into())
        .unwrap();
    assert!(matches!(client.x.handle(client.now, &request), Handled::Silence));
    assert_eq!(refresh(&mut client, &first).status, 400);
}

#[test]
fn without_the_offline_scope_nothing_is_renewed() {
    let mut client = confidential();
    assert_eq!(granted(&mut client, &["tweet.read", "users.read"]).refresh_token, None);
}

#[test]
fn who_is_not_the_client_gets_nothing() {
    let mut client = confidential();
    let token = granted(&mut client, &DESK).refresh_token.unwrap();
    let form = format!("grant_type=refresh_token&refresh_token={token}&client_id=client-id");
    for (id, secret) in [("client-id", "wrong"), ("wrong", "client-secret")] {
        let said = client.basic(id, secret, TOKEN, &form);
        assert_eq!((said.status, text(&said, "error")), (401, "unauthorized_client"));
    }
    client.x.portal().client_secret = None;
    assert_eq!(client.basic("any", "any", TOKEN, &form).status, 200, "a public client only says who it is");
    assert_eq!(client.basic("any", "any", TOKEN, &form.replace("=client-id", "=other")).status, 401);
    client.x.portal().client_id = None;
    assert_eq!(client.basic("any", "any", TOKEN, &form).status, 401);
}

#[test]
fn tokens_end_when_they_are_revoked_and_when_the_user_takes_the_access_away() {
    let mut client = confidential();
    let me = |client: &mut Client, tokens: &Tokens| {
        client.with_token(Method::GET, "/2/users/me", &tokens.access_token, &Value::Null).status
    };
    let tokens = granted(&mut client, &DESK);
    let refresh_token = tokens.refresh_token.clone().unwrap();
    let said = post(&mut client, "/2/oauth2/revoke", &format!("token={refresh_token}"));
    assert_eq!((said.status, &said.body["revoked"]), (200, &json!(true)));
    assert_eq!((me(&mut client, &tokens), refresh(&mut client, &refresh_token).status), (401, 400));
    let tokens = granted(&mut client, &DESK);
    post(&mut client, "/2/oauth2/revoke", &format!("token={}", tokens.access_token));
    assert_eq!(me(&mut client, &tokens), 401);
    assert_eq!(refresh(&mut client, tokens.refresh_token.as_ref().unwrap()).status, 200, "the other one is good");
    let tokens = granted(&mut client, &DESK);
    client.x.revokes(client.now, ACCOUNT);
    assert_eq!(
        (me(&mut client, &tokens), refresh(&mut client, tokens.refresh_token.as_ref().unwrap()).status),
        (401, 400)
    );
}

#[test]
fn a_received_file_is_given_to_a_participant_with_a_token_of_oauth2_alone() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand the rest";
    let mut client = confidential();
    let event = client.x.customer_sends_file(NOW, ADA, ACCOUNT, "look", ("image/png", PNG.into())).unwrap();
    let media = client.x.conversation(ADA, ACCOUNT)[0].attachment.as_ref().unwrap().media_id.clone();
    let path = format!("/2/dm_conversations/media/{event}/{media}/{media}.png");
    let token = granted(&mut client, &["dm.read"]).access_token;
    let request =
        http::Request::get(format!("https://api.x.com{path}")).header("authorization", format!("Bearer {token}"));
    let Handled::Answer(given) = client.x.handle(NOW, &request.body(Default::default()).unwrap()) else { panic!() };
    assert_eq!((given.status().as_u16(), given.body().as_ref()), (200, PNG));
    assert_eq!(given.headers()["content-type"], "application/octet-stream");
    let signed = client.as_account(Method::GET, &path);
    assert_eq!((signed.status, signed.body["title"].as_str()), (403, Some("Forbidden")), "not with OAuth 1.0a");
    let other = client.x.grant2(NOW, "4001", &["dm.read"]).access_token;
    assert_eq!(client.with_token(Method::GET, &path, &other, &Value::Null).status, 403);
    let blind = granted(&mut client, &["users.read"]).access_token;
    assert_eq!(client.with_token(Method::GET, &path, &blind, &Value::Null).status, 403);
    let gone = client.with_token(Method::GET, &path.replace(&event, "77"), &token, &Value::Null);
    assert_eq!((gone.status, gone.body["title"].as_str()), (404, Some("Not Found Error")));
}

#[test]
fn an_app_without_a_client_id_has_no_oauth2() {
    let mut x = Simulator::new(App::default());
    x.add_user(User::new(ACCOUNT, "perchdemo", "Perch Demo"));
    assert_eq!(x.user_authorizes2(NOW, "response_type=code&client_id=", ACCOUNT), None);
}
