//! Webhooks and subscriptions, in both shapes.

use http::Method;
use perch_simulator::{Permission, User};
use serde_json::json;

use crate::client::{ACCOUNT, Client, HOOK};

const REGISTER: &str = "/1.1/account_activity/all/dev/webhooks.json?url=https%3A%2F%2Fperch.example%2Fwebhook";

#[test]
fn the_premium_shape_from_registration_to_deletion() {
    let mut client = Client::new();
    let said = client.as_owner(Method::POST, REGISTER);
    assert_eq!((said.status, &said.body["url"], &said.body["valid"]), (200, &json!(HOOK), &json!(true)));
    assert_eq!(said.body["created_timestamp"], "2026-09-21 14:13:20 +0000");
    let id = said.body["id"].as_str().unwrap().to_owned();
    assert_eq!(client.as_app(Method::GET, "/1.1/account_activity/all/dev/webhooks.json").body[0]["id"], json!(id));
    let all = client.as_app(Method::GET, "/1.1/account_activity/all/webhooks.json").body;
    assert_eq!(all["environments"][0]["webhooks"][0]["id"], json!(id));
    assert_eq!(client.as_owner(Method::PUT, &format!("/1.1/account_activity/all/dev/webhooks/{id}.json")).status, 204);

    const SUBSCRIPTIONS: &str = "/1.1/account_activity/all/dev/subscriptions.json";
    assert_eq!(client.as_account(Method::GET, SUBSCRIPTIONS).code(), Some(34));
    assert_eq!(client.as_account(Method::POST, SUBSCRIPTIONS).status, 204);
    assert!(client.x.is_subscribed(ACCOUNT));
    let said = client.as_account(Method::POST, SUBSCRIPTIONS);
    assert_eq!((said.status, said.message()), (409, "Subscription already exists."));
    assert_eq!(client.as_account(Method::GET, SUBSCRIPTIONS).status, 204);
    let list = client.as_app(Method::GET, "/1.1/account_activity/all/dev/subscriptions/list.json").body;
    assert_eq!(list["subscriptions"], json!([{"user_id": ACCOUNT}]));
    let count = client.as_app(Method::GET, "/1.1/account_activity/all/subscriptions/count.json").body;
    assert_eq!(count["subscriptions_count_all"], "1");
    let one = format!("/1.1/account_activity/all/dev/subscriptions/{ACCOUNT}.json");
    assert_eq!(client.as_app(Method::DELETE, &one).status, 204);
    assert_eq!(client.as_app(Method::DELETE, &one).status, 404);
    assert_eq!(
        client.as_owner(Method::DELETE, &format!("/1.1/account_activity/all/dev/webhooks/{id}.json")).status,
        204
    );
    assert_eq!(
        client.as_owner(Method::DELETE, &format!("/1.1/account_activity/all/dev/webhooks/{id}.json")).code(),
        Some(34)
    );
}

#[test]
fn the_enterprise_shape_from_registration_to_deletion() {
    let mut client = Client::new();
    let said =
        client.as_owner(Method::POST, "/1.1/account_activity/webhooks.json?url=https%3A%2F%2Fperch.example%2Fwebhook");
    assert_eq!((said.status, &said.body["created_at"]), (200, &json!("2026-09-21 14:13:20 +0000")));
    let base = format!("/1.1/account_activity/webhooks/{}", said.body["id"].as_str().unwrap());
    assert_eq!(client.as_account(Method::POST, &format!("{base}/subscriptions/all.json")).status, 204);
    assert_eq!(client.as_account(Method::GET, &format!("{base}/subscriptions/all.json")).status, 204);
    let list = client.as_app(Method::GET, &format!("{base}/subscriptions/all/list.json")).body;
    assert_eq!((&list["webhook_url"], &list["subscriptions"][0]["user_id"]), (&json!(HOOK), &json!(ACCOUNT)));
    let count = client.as_app(Method::GET, "/1.1/account_activity/subscriptions/count.json").body;
    assert_eq!(
        (&count["subscriptions_count_all"], &count["subscriptions_count_direct_messages"]),
        (&json!("1"), &json!("0"))
    );
    assert_eq!(client.as_app(Method::DELETE, &format!("{base}/subscriptions/{ACCOUNT}/all.json")).status, 204);
    assert_eq!(client.as_account(Method::DELETE, &format!("{base}/subscriptions/all.json")).status, 404);
    assert_eq!(client.as_owner(Method::DELETE, &format!("{base}.json")).status, 204);
    assert_eq!(client.as_account(Method::POST, &format!("{base}/subscriptions/all.json")).code(), Some(34));
}

#[test]
fn an_address_must_be_https_public_without_a_port_and_short() {
    let mut client = Client::new();
    let long = format!("https://perch.example/{}", "a".repeat(179));
    for url in [
        "http://perch.example/",
        "https://perch.example:8443/",
        "perch.example",
        "ftp://perch.example/",
        &long,
        "https://localhost/x",
        "http://127.0.0.1:8787/webhook",
    ] {
        let path = format!("/1.1/account_activity/webhooks.json?url={}", url.replace(':', "%3A").replace('/', "%2F"));
        let said = client.as_owner(Method::POST, &path);
        assert_eq!(
            (said.status, said.code(), said.message()),
            (400, Some(214), "Webhook URL does not meet the requirements."),
            "{url}"
        );
    }
    assert_eq!(client.as_owner(Method::POST, "/1.1/account_activity/webhooks.json").code(), Some(357));
    client.x.settings().allow_loopback = true;
    let path = "/1.1/account_activity/webhooks.json?url=http%3A%2F%2F127.0.0.1%3A8787%2Fwebhook";
    assert_eq!(client.as_owner(Method::POST, path).status, 200);
    assert_eq!(client.as_owner(Method::POST, path).code(), Some(214), "the same once more");
}

#[test]
fn a_sandbox_has_one_webhook_and_fifteen_subscriptions() {
    let mut client = Client::new();
    assert_eq!(client.as_owner(Method::POST, REGISTER).status, 200);
    let said = client.as_owner(Method::POST, &REGISTER.replace("%2Fwebhook", "%2Fother"));
    assert_eq!((said.code(), said.message()), (Some(214), "Too many resources already created."));
    for number in 0..16 {
        let id = format!("50{number:02}");
        client.x.add_user(User::new(id.clone(), format!("brand{number}"), "Brand"));
        client.x.grant(id.clone(), perch_simulator::Grant::new(id.clone(), "secret", Permission::ReadWriteDm));
        let request =
            client.signed(Method::POST, "/1.1/account_activity/all/dev/subscriptions.json", &[], (&id, "secret"));
        let said = client.ask(&request);
        assert_eq!(said.status, if number < 15 { 204 } else { 400 }, "{said:?}");
    }
}

#[test]
fn a_label_is_case_sensitive_and_a_product_may_not_be_there() {
    let mut client = Client::new();
    assert_eq!(client.as_owner(Method::POST, &REGISTER.replace("/dev/", "/Dev/")).code(), Some(200));
    assert_eq!(
        client.as_account(Method::POST, "/1.1/account_activity/all/dev/subscriptions.json").code(),
        Some(34),
        "no webhook yet"
    );
}
