//! What people do by hand, and the bodies that come of it.

use http::Method;
use perch_simulator::NotPossible;
use serde_json::json;

use crate::client::{ACCOUNT, ADA, NOW, subscribed};

#[test]
fn a_customers_message_is_delivered_with_users_and_apps() {
    let mut client = subscribed();
    let id = client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    let body = client.receive().remove(0);
    assert_eq!((&body["for_user_id"], &body["direct_message_events"][0]["id"]), (&json!(ACCOUNT), &json!(id)));
    let create = &body["direct_message_events"][0]["message_create"];
    assert_eq!((&create["sender_id"], &create["target"]["recipient_id"]), (&json!(ADA), &json!(ACCOUNT)));
    assert_eq!(
        create["message_data"],
        json!({"text": "hello", "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []}})
    );
    assert_eq!(
        (&body["users"][ADA]["screen_name"], &body["users"][ACCOUNT]["name"]),
        (&json!("ada"), &json!("Perch Demo"))
    );
    let app = create["source_app_id"].as_str().unwrap();
    assert_eq!(body["apps"][app]["id"], app);
}

#[test]
fn a_tap_says_the_label_and_brings_the_metadata_back() {
    let mut client = subscribed();
    let options = json!([{"label": "Red", "metadata": "r"}, {"label": "Blue", "metadata": "b"}, {"label": "None"}]);
    let said = client.send(&json!({"text": "Which?", "quick_reply": {"type": "options", "options": options}}));
    let prompt = said.body["event"]["id"].as_str().unwrap().to_owned();
    client.say("something newer");
    client.receive();
    client.x.customer_taps(NOW, ADA, ACCOUNT, &prompt, 1).unwrap();
    client.x.customer_taps(NOW, ADA, ACCOUNT, &prompt, 2).unwrap();
    let data: Vec<_> = client
        .receive()
        .into_iter()
        .map(|body| body["direct_message_events"][0]["message_create"]["message_data"].clone())
        .collect();
    assert_eq!(
        (&data[0]["text"], &data[0]["quick_reply_response"]),
        (&json!("Blue"), &json!({"type": "options", "metadata": "b"}))
    );
    assert_eq!(data[1]["quick_reply_response"], json!({"type": "options"}));
    assert_eq!(client.x.customer_taps(NOW, ADA, ACCOUNT, &prompt, 3), Err(NotPossible::NoSuchOption));
    assert_eq!(client.x.customer_taps(NOW, ADA, ACCOUNT, "1", 0), Err(NotPossible::NoSuchMessage));
    assert_eq!(client.x.customer_taps(NOW, "3002", ACCOUNT, &prompt, 0), Err(NotPossible::NoSuchMessage));
}

#[test]
fn what_the_account_says_comes_back_as_an_echo() {
    let mut client = subscribed();
    let id = client.say("hello").body["event"]["id"].clone();
    client.x.types_in_app(NOW, ACCOUNT, ADA, "this is a human");
    let bodies = client.receive();
    let ours = &bodies[0]["direct_message_events"][0];
    assert_eq!((&ours["id"], &ours["message_create"]["source_app_id"]), (&id, &json!("13090192")));
    assert_eq!(bodies[0].get("apps"), None, "X leaves it out of sent ones");
    let theirs = &bodies[1]["direct_message_events"][0]["message_create"];
    assert_eq!(theirs["sender_id"], ACCOUNT);
    assert_ne!(theirs["source_app_id"], "13090192");
    client.x.settings().source_app_on_sent = false;
    client.x.settings().escape_text = true;
    client.say("a < b & c");
    let create = client.receive().remove(0)["direct_message_events"][0]["message_create"].clone();
    assert_eq!(create.get("source_app_id"), None);
    assert_eq!(create["message_data"]["text"], "a &lt; b &amp; c");
}

#[test]
fn two_subscribed_accounts_get_one_delivery_each() {
    let mut client = subscribed();
    client.x.subscribe_now(NOW, ADA, crate::client::HOOK);
    client.say("hello");
    let bodies = client.receive();
    assert_eq!(bodies.iter().map(|body| body["for_user_id"].as_str().unwrap()).collect::<Vec<_>>(), [ACCOUNT, ADA]);
    assert_eq!(bodies[0]["direct_message_events"][0]["id"], bodies[1]["direct_message_events"][0]["id"]);
}

#[test]
fn other_activities_have_the_shapes_of_the_reference() {
    let mut client = subscribed();
    client.x.customer_types(NOW, ADA, ACCOUNT);
    client.x.customer_reads(NOW, ADA, ACCOUNT, "77");
    client.x.customer_follows(NOW, ADA, ACCOUNT);
    client.x.customer_unfollows(NOW, ADA, ACCOUNT);
    let post = client.x.customer_mentions(NOW, ADA, ACCOUNT, "@perchdemo hi");
    let liked = client.x.posts_in_app(NOW, ACCOUNT, "our post");
    client.x.customer_likes(NOW, ADA, ACCOUNT, &liked).unwrap();
    assert_eq!(client.x.customer_likes(NOW, ADA, ACCOUNT, &post), Err(NotPossible::NoSuchPost));
    client.x.account_blocks(NOW, ACCOUNT, ADA);
    client.x.account_mutes(NOW, ACCOUNT, ADA);
    let bodies = client.receive();
    assert_eq!(
        bodies[0]["direct_message_indicate_typing_events"][0],
        json!({"created_timestamp": NOW.to_string(), "sender_id": ADA, "target": {"recipient_id": ACCOUNT}})
    );
    assert_eq!(bodies[1]["direct_message_mark_read_events"][0]["last_read_event_id"], "77");
    assert_eq!(
        (&bodies[2]["follow_events"][0]["type"], &bodies[2]["follow_events"][0]["source"]["id"]),
        (&json!("follow"), &json!(ADA))
    );
    assert_eq!(bodies[3]["follow_events"][0]["type"], "unfollow");
    let mention = &bodies[4]["tweet_create_events"][0];
    assert_eq!(
        (&mention["id_str"], &mention["user"]["id_str"], &bodies[4]["user_has_blocked"]),
        (&json!(post), &json!(ADA), &json!("false"))
    );
    assert_eq!(mention["id"].as_u64().unwrap().to_string(), post);
    assert_eq!(mention["entities"]["user_mentions"][0]["id_str"], ACCOUNT);
    let own = &bodies[5];
    assert_eq!((&own["tweet_create_events"][0]["id_str"], own.get("user_has_blocked")), (&json!(liked), None));
    let like = &bodies[6]["favorite_events"][0];
    assert_eq!((like["timestamp_ms"].as_u64(), &like["favorited_status"]["text"]), (Some(NOW), &json!("our post")));
    assert_eq!(like["favorited_status"]["id_str"], json!(liked));
    let hex = like["id"].as_str().unwrap();
    assert!(hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hex}");
    assert_eq!(
        (&bodies[7]["block_events"][0]["type"], &bodies[8]["mute_events"][0]["type"]),
        (&json!("block"), &json!("mute"))
    );
    assert!(bodies.iter().all(|body| body["for_user_id"] == ACCOUNT));
}

#[test]
fn who_revokes_is_gone() {
    let mut client = subscribed();
    client.x.revokes(NOW, ACCOUNT);
    let body = client.receive().remove(0);
    assert_eq!(
        body,
        json!({"user_event": {"revoke": {
        "date_time": "2026-09-21T14:13:20+00:00", "target": {"app_id": "13090192"}, "source": {"user_id": ACCOUNT}}}})
    );
    assert!(!client.x.is_subscribed(ACCOUNT));
    assert_eq!(client.say("hi").code(), Some(89));
    assert_eq!(client.as_account(Method::GET, "/2/users/me").status, 401);
    client.x.customer_writes(NOW, ADA, ACCOUNT, "anybody there?");
    assert!(client.receive().is_empty());
}
