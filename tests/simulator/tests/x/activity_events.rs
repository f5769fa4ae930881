//! Deliveries of the X Activity API: one envelope for each kind of event.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use crate::activity::{ALL, hears, registered};
use crate::client::{ACCOUNT, ADA, Client, HOOK, NOW};

/// Everything that a support desk hears, at a webhook of v2.
fn heard() -> Client {
    let mut client = Client::new();
    client.x.hear_activity_now(NOW, ACCOUNT, HOOK);
    client
}

fn only(mut bodies: Vec<Value>) -> Value {
    assert_eq!(bodies.len(), 1, "{bodies:#?}");
    bodies.remove(0)["data"].take()
}

#[test]
fn a_message_comes_in_an_envelope_with_users_of_v2() {
    let (mut client, hook) = registered();
    let mut body = hears("dm.received", &hook);
    body["tag"] = json!("dm-inbound");
    client.json_as_account(Method::POST, ALL, &body);
    let id = client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    let data = only(client.receive());
    assert_eq!(
        (&data["event_type"], &data["tag"], &data["filter"]),
        (&json!("dm.received"), &json!("dm-inbound"), &json!({"user_id": ACCOUNT}))
    );
    let event = &data["payload"]["direct_message_events"][0];
    assert_eq!((&event["id"], &event["message_create"]["message_data"]["text"]), (&json!(id), &json!("hello")));
    assert!(event["message_create"].get("source_app_id").is_none() && data["payload"].get("apps").is_none());
    let user = &data["payload"]["users"][ADA]["data"];
    assert_eq!((&user["username"], &user["created_at"]), (&json!("ada"), &json!("2015-01-29T18:27:49.340Z")));
    assert_eq!(user["public_metrics"]["followers_count_str"], "22");
    assert!(user.get("screen_name").is_none() && data.get("for_user_id").is_none());
}

#[test]
fn each_delivery_has_a_number_of_its_own_that_may_be_negative() {
    let mut client = heard();
    for number in 0..20 {
        client.x.customer_writes(NOW + number, ADA, ACCOUNT, "hello");
    }
    client.now += 100;
    let bodies = client.receive();
    let uuids = bodies.iter().map(|body| body["data"]["event_uuid"].as_str().unwrap().parse().unwrap());
    let all: BTreeSet<i64> = uuids.collect();
    assert_eq!(all.len(), 20);
    assert!(all.iter().any(|uuid| *uuid < 0) && all.iter().any(|uuid| *uuid > 0));
}

#[test]
fn both_products_at_once_make_two_deliveries_of_the_same_message() {
    let mut client = heard();
    client.x.subscribe_now(NOW, ACCOUNT, HOOK);
    client.x.types_in_app(NOW, ACCOUNT, ADA, "from the app");
    let bodies = client.receive();
    assert_eq!(bodies.len(), 2);
    let aaa = bodies.iter().find(|body| body["for_user_id"] == ACCOUNT).unwrap();
    let xaa = bodies.iter().find(|body| body["data"]["event_type"] == "dm.sent").unwrap();
    assert_eq!(aaa["direct_message_events"][0]["id"], xaa["data"]["payload"]["direct_message_events"][0]["id"]);
}

#[test]
fn taps_come_through_or_do_not() {
    for rich in [true, false] {
        let mut client = heard();
        client.x.settings().activity_carries_rich = rich;
        let options = json!({"type": "options", "options": [{"label": "Yes", "metadata": "y"}]});
        client.send(&json!({"text": "Well?", "quick_reply": options}));
        let prompt = client.x.said_to(ACCOUNT, ADA)[0].clone();
        client.x.customer_taps(NOW, ADA, ACCOUNT, &prompt.id, 0).unwrap();
        let bodies = client.receive();
        let tap = &bodies[1]["data"]["payload"]["direct_message_events"][0]["message_create"]["message_data"];
        assert_eq!((&tap["text"], tap.get("quick_reply_response").is_some()), (&json!("Yes"), rich));
        let sent = &bodies[0]["data"]["payload"]["direct_message_events"][0]["message_create"]["message_data"];
        assert_eq!(sent.get("quick_reply").is_some(), rich);
    }
}

#[test]
fn typing_and_reading_keep_their_inner_arrays() {
    let mut client = heard();
    client.x.customer_types(NOW, ADA, ACCOUNT);
    client.x.customer_reads(NOW + 1, ADA, ACCOUNT, "77");
    client.now += 1;
    let bodies = client.receive();
    assert_eq!(
        (&bodies[0]["data"]["event_type"], &bodies[1]["data"]["event_type"]),
        (&json!("dm.indicate_typing"), &json!("dm.read"))
    );
    assert_eq!(bodies[0]["data"]["payload"]["direct_message_indicate_typing_events"][0]["sender_id"], ADA);
    assert_eq!(bodies[1]["data"]["payload"]["direct_message_mark_read_events"][0]["last_read_event_id"], "77");
    assert_eq!(bodies[1]["data"]["payload"]["users"][ADA]["data"]["username"], "ada");
}

#[test]
fn a_mention_is_a_post_of_v2_with_its_author_wrapped_or_bare_in_turn() {
    let mut client = heard();
    let own = client.x.posts_in_app(NOW, ACCOUNT, "we are open");
    assert!(client.receive().is_empty(), "a desk does not listen to itself");
    let first = client.x.customer_mentions(NOW, ADA, ACCOUNT, "@perchdemo hi");
    client.x.customer_mentions(NOW, ADA, ACCOUNT, "@perchdemo hi again");
    let bodies = client.receive();
    let data = &bodies[0]["data"];
    let post = &data["payload"];
    assert_eq!(
        (&data["event_type"], &post["id"], &post["author_id"]),
        (&json!("post.mention.create"), &json!(first), &json!(ADA))
    );
    assert_eq!(post["entities"]["mentions"][0]["username"], "perchdemo");
    assert_eq!(data["includes"]["users"][0]["data"]["username"], "ada");
    assert_eq!(bodies[1]["data"]["includes"]["users"][0]["username"], "ada");
    client.x.customer_likes(NOW, ADA, ACCOUNT, &own).unwrap();
    let like = only(client.receive());
    assert_eq!((&like["event_type"], &like["payload"]["liked_tweet_id"]), (&json!("like.create"), &json!(own)));
    assert_eq!(
        (&like["payload"]["liked_tweet_author_id"], &like["payload"]["timestamp_ms"]),
        (&json!(ACCOUNT), &json!(NOW))
    );
}

#[test]
fn an_answer_names_the_post_and_the_user_that_it_answers() {
    let (mut client, hook) = registered();
    client.json_as_account(Method::POST, ALL, &hears("post.create", &hook));
    let asked = client.x.customer_mentions(NOW, ADA, ACCOUNT, "@perchdemo hi");
    let body = json!({"text": "@ada hello", "reply": {"in_reply_to_tweet_id": asked}});
    assert_eq!(client.json_as_account(Method::POST, "/2/tweets", &body).status, 201);
    let post = only(client.receive())["payload"].clone();
    assert_eq!(post["referenced_tweets"], json!([{"type": "replied_to", "id": asked}]));
    assert_eq!(post["in_reply_to_user_id"], ADA);
}

#[test]
fn a_follow_comes_with_both_users_and_passes_its_direction() {
    let (mut client, hook) = registered();
    let mut body = hears("follow.follow", &hook);
    body["filter"]["direction"] = json!("outbound");
    client.json_as_account(Method::POST, ALL, &body);
    client.x.customer_follows(NOW, ADA, ACCOUNT);
    assert!(client.receive().is_empty(), "it goes in");
    let mut client = heard();
    client.x.customer_follows(NOW, ADA, ACCOUNT);
    client.x.customer_unfollows(NOW, ADA, ACCOUNT);
    let bodies = client.receive();
    assert_eq!(
        (&bodies[0]["data"]["event_type"], &bodies[1]["data"]["event_type"]),
        (&json!("follow.follow"), &json!("follow.unfollow"))
    );
    let payload = &bodies[0]["data"]["payload"];
    assert_eq!((&payload["source"]["data"]["id"], &payload["target"]["data"]["id"]), (&json!(ADA), &json!(ACCOUNT)));
}

#[test]
fn what_is_encrypted_is_told_and_is_no_message() {
    let mut client = heard();
    client.x.subscribe_now(NOW, ACCOUNT, HOOK);
    let id = client.x.customer_writes_encrypted(NOW, ADA, ACCOUNT);
    let data = only(client.receive());
    let payload = &data["payload"];
    assert_eq!(
        (&data["event_type"], &payload["id"], &payload["sender_id"]),
        (&json!("chat.received"), &json!(id), &json!(ADA))
    );
    assert_eq!(
        (&payload["conversation_id"], &payload["created_at_msec"]),
        (&json!("2001:3001"), &json!(NOW.to_string()))
    );
    for key in ["conversation_token", "conversation_key_version", "encoded_event"] {
        assert!(payload[key].is_string(), "{key}");
    }
    assert!(payload["message_event_signature"]["signing_public_key"].is_string());
    assert!(client.x.conversation(ADA, ACCOUNT).is_empty());
    assert!(client.as_account(Method::GET, "/2/dm_events").body.get("data").is_none());
}

#[test]
fn a_replay_brings_the_same_event_under_another_number() {
    let mut client = heard();
    client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    let first = only(client.receive());
    client.now = NOW + 60 * 60_000;
    let hook = client.x.webhooks()[0].id.clone();
    let body = json!({"webhook_id": hook, "from_date": "202609211412", "to_date": "202609211415"});
    assert_eq!(client.json_as_app(Method::POST, "/2/webhooks/replay", &body).status, 200);
    let again = client.receive();
    assert_eq!(again[0]["data"]["payload"], first["payload"]);
    assert_ne!(again[0]["data"]["event_uuid"], first["event_uuid"]);
    assert_eq!(again[1]["replay_job_status"]["job_state"], "Complete");
}
