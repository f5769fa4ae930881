//! Subscriptions of the X Activity API: who may make them, what they look like, how they end.

use http::Method;
use perch_simulator::{ActivityShape, Grant, Permission, Trouble};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, HOOK, NOW, Said};

pub const ALL: &str = "/2/activity/subscriptions";

/// A client with a webhook of v2, and the webhook's id.
pub fn registered() -> (Client, String) {
    let mut client = Client::new();
    let made = client.json_as_app(Method::POST, "/2/webhooks", &json!({"url": HOOK}));
    (client, made.body["data"]["id"].as_str().unwrap().to_owned())
}

pub fn hears(event_type: &str, webhook: &str) -> Value {
    json!({"event_type": event_type, "filter": {"user_id": ACCOUNT}, "webhook_id": webhook})
}

fn subscribe(client: &mut Client, body: &Value) -> Said {
    client.json_as_account(Method::POST, ALL, body)
}

fn id_of(said: &Said) -> String {
    said.body["data"]["subscription_id"].as_str().unwrap_or_else(|| panic!("{said:?}")).to_owned()
}

#[test]
fn a_subscription_is_made_listed_changed_and_ended() {
    let (mut client, hook) = registered();
    let mut body = hears("dm.received", &hook);
    body["tag"] = json!("in");
    let made = subscribe(&mut client, &body);
    assert_eq!(made.status, 200);
    let id = id_of(&made);
    assert_eq!((&made.body["data"]["tag"], &made.body["data"]["webhook_id"]), (&json!("in"), &json!(hook)));
    assert_eq!(made.body["data"]["created_at"], "2026-09-21T14:13:20.000Z");
    let listed = client.as_app(Method::GET, ALL);
    assert_eq!((&listed.body["data"][0], &listed.body["meta"]["total_subscriptions"]), (&made.body["data"], &json!(1)));
    client.now += 1_000;
    let one = format!("{ALL}/{id}");
    let changed = client.json_as_app(Method::PUT, &one, &json!({"tag": "new"}));
    assert_eq!((&changed.body["data"]["tag"], &changed.body["data"]["webhook_id"]), (&json!("new"), &json!(hook)));
    assert_eq!(changed.body["data"]["updated_at"], "2026-09-21T14:13:21.000Z");
    for wrong in [json!({}), json!({"event_type": "dm.sent"}), json!({"tag": ""}), json!({"webhook_id": "7"})] {
        assert_eq!(client.json_as_app(Method::PUT, &one, &wrong).status, 400, "{wrong}");
    }
    assert_eq!(client.json_as_account(Method::PUT, &one, &json!({"tag": "x"})).status, 403, "the app alone");
    assert_eq!(client.as_account(Method::DELETE, &one).status, 403, "the app alone");
    let gone = client.as_app(Method::DELETE, &one);
    assert_eq!(gone.body, json!({"data": {"deleted": true}, "meta": {"total_subscriptions": 0}}));
    let unknown = client.as_app(Method::DELETE, &one);
    assert_eq!((unknown.status, unknown.detail().contains("SubscriptionNotFound")), (404, true));
}

#[test]
fn several_end_at_once_and_those_that_are_unknown_are_named() {
    let (mut client, hook) = registered();
    let a = id_of(&subscribe(&mut client, &hears("dm.received", &hook)));
    let b = id_of(&subscribe(&mut client, &hears("dm.sent", &hook)));
    let said = client.as_app(Method::DELETE, &format!("{ALL}?ids={a},77,{b}"));
    assert_eq!((said.status, &said.body["data"]["deleted"]), (200, &json!(true)));
    assert_eq!(
        (&said.body["errors"][0]["resource_id"], said.body["errors"].as_array().unwrap().len()),
        (&json!("77"), 1)
    );
    assert!(client.x.activity_subscriptions().is_empty());
    assert_eq!(client.as_app(Method::DELETE, ALL).status, 400);
    let many: Vec<String> = (0..101).map(|id| id.to_string()).collect();
    assert_eq!(client.as_app(Method::DELETE, &format!("{ALL}?ids={}", many.join(","))).status, 400);
}

#[test]
fn what_is_wrong_with_a_subscription_is_named() {
    let (mut client, hook) = registered();
    for (body, name) in [
        (json!({"event_type": "DmReceived", "filter": {"user_id": ACCOUNT}}), "event_type"),
        (json!({"filter": {"user_id": ACCOUNT}}), "event_type"),
        (json!({"event_type": "dm.received"}), "filter"),
        (json!({"event_type": "dm.received", "filter": {}}), "filter"),
        (json!({"event_type": "dm.received", "filter": {"user_id": "ada"}}), "filter.user_id"),
        (json!({"event_type": "dm.received", "filter": {"user_id": ACCOUNT, "who": "1"}}), "filter"),
        (
            json!({"event_type": "follow.follow", "filter": {"user_id": ACCOUNT, "direction": "sent"}}),
            "filter.direction",
        ),
        (json!({"event_type": "dm.received", "filter": {"user_id": ACCOUNT}, "for": "1"}), "for"),
        (json!({"event_type": "dm.received", "filter": {"user_id": ACCOUNT}, "tag": "t".repeat(201)}), "tag"),
        (hears("dm.received", "77"), "WebhookIdInvalid"),
    ] {
        let said = subscribe(&mut client, &body);
        assert_eq!((said.status, said.detail().contains(name)), (400, true), "{body}: {said:?}");
    }
    assert_eq!(subscribe(&mut client, &hears("dm.received", &hook)).status, 200);
    let twice = subscribe(&mut client, &hears("dm.received", &hook));
    assert_eq!((twice.status, twice.detail().contains("DuplicateSubscriptionFailed")), (400, true));
    client.x.settings().activity_limit = 1;
    let full = subscribe(&mut client, &hears("dm.sent", &hook));
    assert!(full.detail().contains("SubscriptionLimitExceeded"), "{full:?}");
}

#[test]
fn what_is_private_is_heard_only_where_the_user_lets_it() {
    let (mut client, hook) = registered();
    let of_ada = json!({"event_type": "dm.received", "filter": {"user_id": ADA}, "webhook_id": hook});
    assert_eq!(subscribe(&mut client, &of_ada).status, 403, "not with the token of another");
    assert_eq!(client.json_as_app(Method::POST, ALL, &of_ada).status, 403, "she has not authorized the app");
    client.grant_ada();
    assert_eq!(client.json_as_app(Method::POST, ALL, &of_ada).status, 200);
    let public = json!({"event_type": "post.create", "filter": {"user_id": "4001"}, "webhook_id": hook});
    assert_eq!(client.json_as_app(Method::POST, ALL, &public).status, 200);
    assert_eq!(subscribe(&mut client, &hears("follow.follow", &hook)).status, 200);
    client.may_only_write(ACCOUNT);
    assert_eq!(subscribe(&mut client, &hears("dm.received", &hook)).status, 403);
}

#[test]
fn the_answer_has_each_of_its_three_shapes() {
    for (shape, path) in [
        (ActivityShape::Nested, "/data/subscription/event_type"),
        (ActivityShape::Flat, "/data/event_type"),
        (ActivityShape::List, "/data/0/event_type"),
    ] {
        let (mut client, hook) = registered();
        client.x.settings().activity_shape = shape;
        let said = subscribe(&mut client, &hears("chat.received", &hook));
        assert_eq!(said.body.pointer(path), Some(&json!("chat.received")), "{said:?}");
        assert_eq!(client.as_app(Method::GET, ALL).body["data"][0]["event_type"], "chat.received");
    }
}

#[test]
fn the_list_comes_in_pages() {
    let (mut client, hook) = registered();
    for event_type in ["dm.received", "dm.sent", "dm.read"] {
        subscribe(&mut client, &hears(event_type, &hook));
    }
    let first = client.as_app(Method::GET, &format!("{ALL}?max_results=2"));
    assert_eq!(
        (first.body["data"].as_array().unwrap().len(), &first.body["meta"]["total_subscriptions"]),
        (2, &json!(3))
    );
    let next = first.body["meta"]["next_token"].as_str().unwrap().replace('=', "%3D");
    let second = client.as_app(Method::GET, &format!("{ALL}?max_results=2&pagination_token={next}"));
    assert_eq!(
        (&second.body["data"][0]["event_type"], second.body["meta"].get("next_token")),
        (&json!("dm.received"), None)
    );
    assert_eq!(client.as_app(Method::GET, &format!("{ALL}?max_results=1001")).status, 400);
    assert_eq!(first.header("x-rate-limit-limit"), Some(500));
}

#[test]
fn a_revocation_ends_them_and_is_told_to_webhooks_without_any() {
    let (mut client, hook) = registered();
    subscribe(&mut client, &hears("dm.received", &hook));
    client.x.misbehave(Trouble::Revoke { user: ACCOUNT.to_owned() });
    assert!(client.x.activity_subscriptions().is_empty());
    client.x.grant("4001", Grant::new("four", "four-secret", Permission::ReadWriteDm));
    client.x.revokes(client.now, "4001");
    client.x.revokes(client.now, "4002");
    let told = client.receive();
    assert_eq!(told.len(), 2, "who never authorized the app revokes nothing");
    assert_eq!((&told[1]["data"]["event_type"], &told[1]["data"]["filter"]), (&json!("oauth.revoke"), &json!({})));
    let expected = json!({"date_time": "2026-09-21T14:13:20+00:00", "user_id": "4001", "app_id": "13090192"});
    assert_eq!(told[1]["data"]["payload"], expected);
}

#[test]
fn without_its_webhook_a_subscription_stays_and_can_be_moved() {
    let (mut client, hook) = registered();
    let id = id_of(&subscribe(&mut client, &hears("dm.received", &hook)));
    client.as_app(Method::DELETE, &format!("/2/webhooks/{hook}"));
    client.x.customer_writes(NOW, ADA, ACCOUNT, "unheard");
    assert!(client.receive().is_empty());
    let again = client.json_as_app(Method::POST, "/2/webhooks", &json!({"url": HOOK}));
    let moved =
        client.json_as_app(Method::PUT, &format!("{ALL}/{id}"), &json!({"webhook_id": again.body["data"]["id"]}));
    assert_eq!(moved.status, 200);
    client.x.customer_writes(NOW, ADA, ACCOUNT, "heard");
    assert_eq!(client.receive().len(), 1);
}
