//! The registry of v2, users by name, and replays.

use http::Method;
use perch_simulator::{Delivery, Grant, Permission};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, HOOK, NOW, Said, subscribed};

const HOOKS: &str = "/2/webhooks";

fn register(client: &mut Client, url: &str) -> Said {
    client.json_as_app(Method::POST, HOOKS, &json!({"url": url}))
}

#[test]
fn a_webhook_of_v2_is_registered_validated_and_deleted_by_the_app() {
    let mut client = Client::new();
    let made = register(&mut client, HOOK);
    assert_eq!((made.status, &made.body["data"]["valid"]), (200, &json!(true)), "{made:?}");
    let id = made.body["data"]["id"].as_str().unwrap().to_owned();
    assert!(register(&mut client, HOOK).body["detail"].as_str().unwrap().contains("DuplicateUrlFailed"));
    let more = register(&mut client, "https://other.example/webhook");
    assert!(more.body["detail"].as_str().unwrap().contains("WebhookLimitExceeded"));
    let bad = register(&mut client, "http://perch.example:99/");
    assert!(bad.body["detail"].as_str().unwrap().contains("UrlValidationFailed"));
    assert_eq!(client.as_app(Method::GET, HOOKS).body["meta"]["result_count"], 1);
    assert_eq!(client.as_app(Method::PUT, &format!("{HOOKS}/{id}")).body["data"]["valid"], true);
    assert_eq!(client.as_app(Method::DELETE, &format!("{HOOKS}/{id}")).body["data"]["deleted"], true);
    let gone = client.as_app(Method::PUT, &format!("{HOOKS}/{id}"));
    assert!(gone.body["detail"].as_str().unwrap().contains("WebhookIdInvalid"));
}

#[test]
fn subscriptions_of_v2_say_what_is_so_and_are_limited_by_the_plan() {
    let mut client = Client::new();
    let id = register(&mut client, HOOK).body["data"]["id"].as_str().unwrap().to_owned();
    let all = format!("/2/account_activity/webhooks/{id}/subscriptions/all");
    assert_eq!(client.as_account(Method::GET, &all).body["data"]["subscribed"], false);
    assert_eq!(client.as_account(Method::POST, &all).body["data"]["subscribed"], true);
    let twice = client.as_account(Method::POST, &all);
    assert!(twice.body["detail"].as_str().unwrap().contains("DuplicateSubscriptionFailed"));
    let listed = client.as_app(Method::GET, &format!("{all}/list"));
    assert_eq!(listed.body["data"]["subscriptions"][0]["user_id"], ACCOUNT);
    let count = client.as_app(Method::GET, "/2/account_activity/subscriptions/count");
    assert_eq!(
        (&count.body["data"]["subscriptions_count_all"], &count.body["data"]["provisioned_count"]),
        (&json!("1"), &json!("3"))
    );
    client.x.settings().plan = (1, 1);
    client.x.grant("5001", Grant::new("five", "five-secret", Permission::ReadWriteDm));
    let request = client.signed(Method::POST, &all, &[], ("five", "five-secret"));
    let perch_simulator::Handled::Answer(full) = client.x.handle(client.now, &request) else { panic!("no answer") };
    assert!(String::from_utf8_lossy(full.body()).contains("SubscriptionLimitExceeded"));
    let ended =
        client.as_app(Method::DELETE, &format!("/2/account_activity/webhooks/{id}/subscriptions/{ACCOUNT}/all"));
    assert_eq!(ended.body["data"]["subscribed"], false);
}

#[test]
fn a_user_is_found_by_name() {
    let mut client = Client::new();
    assert_eq!(client.as_app(Method::GET, "/2/users/by/username/ADA").body["data"]["id"], ADA);
    assert!(client.as_app(Method::GET, "/2/users/by/username/nobody").body["errors"][0]["type"].is_string());
}

#[test]
fn a_user_has_the_fields_that_are_asked_for() {
    let mut client = Client::new();
    let path = "/2/users/by/username/ada?user.fields=receives_your_dm,created_at";
    assert_eq!(client.as_account(Method::GET, path).body["data"]["receives_your_dm"], true);
    client.x.customer_blocks(ADA, ACCOUNT);
    let user = client.as_account(Method::GET, path).body["data"].clone();
    assert!(user["receives_your_dm"] == false && user["created_at"].is_string() && user.get("verified").is_none());
    assert!(client.as_app(Method::GET, path).body["data"].get("receives_your_dm").is_none());
}

fn bodies(deliveries: &[Delivery]) -> Vec<Value> {
    deliveries.iter().map(|delivery| serde_json::from_slice(delivery.request.body()).unwrap()).collect()
}

#[test]
fn a_replay_brings_what_was_to_be_delivered_and_says_when_it_ends() {
    let mut client = subscribed();
    client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    for delivery in client.x.deliveries(NOW) {
        client.x.delivered(delivery.id, Some(503));
    }
    client.now = NOW + 60 * 60_000;
    let hook = client.x.webhooks()[0].id.clone();
    let (from, to) = (minute(NOW - 60_000), minute(NOW + 60_000));
    let path = format!("/1.1/account_activity/replay/webhooks/{hook}/subscriptions/all.json");
    let young = format!("{path}?from_date={}&to_date={}", minute(client.now - 60_000), minute(client.now));
    assert_eq!(client.as_app(Method::POST, &young).code(), Some(358));
    let job = client.as_app(Method::POST, &format!("{path}?from_date={from}&to_date={to}"));
    assert_eq!(job.status, 202, "{job:?}");
    let brought = bodies(&client.x.deliveries(client.now));
    assert_eq!(brought[0]["direct_message_events"][0]["message_create"]["message_data"]["text"], "hello");
    assert_eq!(brought[1]["replay_job_status"]["job_state"], "Complete");
    assert_eq!(brought[1]["replay_job_status"]["job_id"], job.body["job_id"]);
}

/// The times of these tests lie within one day: 2026-09-21.
fn minute(ms: u64) -> String {
    let minutes = ms / 60_000 % (24 * 60);
    format!("20260921{:02}{:02}", minutes / 60, minutes % 60)
}
