//! Custom profiles: who speaks for the account.

use http::Method;
use perch_simulator::{Endpoint, Limit};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, NEW, Said, subscribed};

const BASE: &str = "/1.1/custom_profiles";
const WELCOME: &str = "/1.1/direct_messages/welcome_messages";

#[test]
fn a_profile_is_made_shown_listed_and_destroyed() {
    let mut client = Client::new();
    let said = make(&mut client, "Jon C");
    let id = id_of(&said);
    let profile = &said.body["custom_profile"];
    assert_eq!((said.status, &profile["name"]), (200, &json!("Jon C")));
    assert!(profile["avatar"]["media"]["url"].as_str().unwrap().starts_with("https://pbs.twimg.com/"));
    assert_eq!(client.x.custom_profiles()[0].avatar_media_id, "1234");
    assert_eq!(client.as_account(Method::GET, &format!("{BASE}/{id}.json")).body, said.body);
    let second = id_of(&make(&mut client, "Ann"));
    let list = client.as_account(Method::GET, &format!("{BASE}/list.json?count=1"));
    assert_eq!(list.body["custom_profiles"][0]["id"], second);
    assert!(list.body["next_cursor"].is_string());
    assert_eq!(client.as_account(Method::DELETE, &format!("{BASE}/destroy.json?id={id}")).status, 204);
    assert_eq!(client.as_account(Method::GET, &format!("{BASE}/{id}.json")).code(), Some(34));
    assert_eq!(client.as_account(Method::DELETE, &format!("{BASE}/destroy.json?id={id}")).code(), Some(34));
}

#[test]
fn a_profile_needs_a_short_name_and_a_picture() {
    let mut client = Client::new();
    assert_eq!(make(&mut client, &"x".repeat(48)).status, 200);
    assert_eq!(make(&mut client, &"x".repeat(49)).code(), Some(214));
    assert_eq!(make(&mut client, "").code(), Some(357));
    for avatar in [json!(null), json!({"media": {"id": ""}})] {
        let body = json!({"custom_profile": {"name": "n", "avatar": avatar}});
        let said = client.json_as_account(Method::POST, &format!("{BASE}/new.json"), &body);
        assert_eq!(said.code(), Some(357), "{body}");
    }
    assert_eq!(Endpoint::NewProfile.documented_limit(), Some(Limit::per_day(1_000)));
}

#[test]
fn a_message_says_who_speaks_even_when_the_profile_is_gone() {
    let mut client = subscribed();
    let id = id_of(&make(&mut client, "Jon C"));
    let said = send_as(&mut client, &json!(id));
    assert_eq!(said.body["event"]["message_create"]["custom_profile_id"], id);
    let echo = client.receive().remove(0);
    assert_eq!(echo["direct_message_events"][0]["message_create"]["custom_profile_id"], id);
    client.as_account(Method::DELETE, &format!("{BASE}/destroy.json?id={id}"));
    let kept = client.x.said_to(ACCOUNT, ADA)[0].custom_profile.clone().unwrap();
    assert_eq!((kept.id, kept.name.as_str()), (id.clone(), "Jon C"));
    assert_eq!(send_as(&mut client, &json!(id)).code(), Some(214));
    client.say("as the account");
    assert_eq!(client.x.said_to(ACCOUNT, ADA)[1].custom_profile, None);
}

#[test]
fn nobody_speaks_as_the_profile_of_another_account() {
    let mut client = Client::new();
    client.grant_ada();
    let id = id_of(&make(&mut client, "Jon C"));
    assert_eq!(client.as_ada(Method::GET, &format!("{BASE}/{id}.json")).code(), Some(34));
    assert_eq!(client.as_ada(Method::DELETE, &format!("{BASE}/destroy.json?id={id}")).code(), Some(34));
    let mut request = client.signed(Method::POST, NEW, &[], ("ada-token", "ada-secret"));
    request.headers_mut().insert("content-type", "application/json".parse().unwrap());
    *request.body_mut() = message(ACCOUNT, &json!(id)).to_string().into();
    assert_eq!(client.ask(&request).code(), Some(214));
    assert_eq!(send_as(&mut client, &json!(77)).code(), Some(214));
    assert!(client.x.conversation(ACCOUNT, ADA).is_empty());
}

#[test]
fn a_welcome_message_is_said_under_a_profile_named_beside_or_in_its_content() {
    let mut client = Client::new();
    let id = id_of(&make(&mut client, "Jon C"));
    for body in [
        json!({"custom_profile_id": id, "message_data": {"text": "t"}}),
        json!({"message_data": {"text": "t", "custom_profile_id": id}}),
    ] {
        let body = json!({"welcome_message": body});
        let said = client.json_as_account(Method::POST, &format!("{WELCOME}/new.json"), &body);
        assert_eq!(said.body["welcome_message"]["custom_profile_id"], id);
        assert_eq!(client.x.welcome_messages().last().unwrap().custom_profile.as_ref().unwrap().name, "Jon C");
    }
    let message = client.x.welcome_messages()[0].id.clone();
    let path = format!("{WELCOME}/update.json?id={message}");
    let wrong = json!({"custom_profile_id": "77", "message_data": {"text": "u"}});
    assert_eq!(client.json_as_account(Method::PUT, &path, &wrong).code(), Some(214));
    let said = client.json_as_account(Method::PUT, &path, &json!({"message_data": {"text": "u"}}));
    assert_eq!((said.status, said.body["welcome_message"].get("custom_profile_id")), (200, None));
}

#[test]
fn an_account_that_is_not_on_the_list_has_no_profiles() {
    let mut client = Client::new();
    let id = id_of(&make(&mut client, "Jon C"));
    client.x.settings().custom_profiles = false;
    assert_eq!(make(&mut client, "Ann").status, 403);
    for path in ["list.json".to_owned(), format!("{id}.json")] {
        assert_eq!(client.as_account(Method::GET, &format!("{BASE}/{path}")).status, 403);
    }
    assert_eq!(client.as_account(Method::DELETE, &format!("{BASE}/destroy.json?id={id}")).status, 403);
    assert_eq!(send_as(&mut client, &json!(id)).status, 403);
    assert_eq!(client.say("as the account").status, 200);
}

fn make(client: &mut Client, name: &str) -> Said {
    let body = json!({"custom_profile": {"name": name, "avatar": {"media": {"id": "1234"}}}});
    client.json_as_account(Method::POST, &format!("{BASE}/new.json"), &body)
}

fn id_of(said: &Said) -> String {
    said.body["custom_profile"]["id"].as_str().unwrap().to_owned()
}

fn send_as(client: &mut Client, profile: &Value) -> Said {
    client.json_as_account(Method::POST, NEW, &message(ADA, profile))
}

fn message(to: &str, profile: &Value) -> Value {
    let create = json!({"target": {"recipient_id": to}, "message_data": {"text": "hi"}, "custom_profile_id": profile});
    json!({"event": {"type": "message_create", "message_create": create}})
}
