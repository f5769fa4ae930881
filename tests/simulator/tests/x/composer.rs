//! What a customer sees before the first word, and what their first word says of it.

use http::Method;
use perch_simulator::NotPossible;
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, NOW, subscribed};
use crate::welcome::{id_of, make, rule};

const DAY: u64 = 86_400_000;

#[test]
fn the_default_is_shown_the_first_time_and_after_seven_days_of_silence() {
    let (mut client, default) = with_default();
    assert_eq!(opens(&mut client, NOW, None), Some(default.clone()));
    assert_eq!(opens(&mut client, NOW + DAY, None), None);
    client.x.customer_writes(NOW + 2 * DAY, ADA, ACCOUNT, "hello");
    assert_eq!(opens(&mut client, NOW + 9 * DAY - 1, None), None);
    assert_eq!(opens(&mut client, NOW + 9 * DAY, None), Some(default.clone()));
    assert_eq!(opens(&mut client, NOW + 16 * DAY, None), Some(default));
}

#[test]
fn nothing_is_shown_without_a_rule() {
    let mut client = subscribed();
    let id = id_of(&make(&mut client, &json!({"text": "hi"})));
    assert_eq!(opens(&mut client, NOW, None), None);
    rule(&mut client, &id);
    assert_eq!(opens(&mut client, NOW, None), Some(id));
    assert!(client.x.welcome_shown("3002", ACCOUNT).is_none());
}

#[test]
fn a_deep_link_shows_its_message_every_time_and_the_default_when_it_is_gone() {
    let (mut client, default) = with_default();
    let linked = id_of(&make(&mut client, &json!({"text": "linked"})));
    for _ in 0..2 {
        assert_eq!(opens(&mut client, NOW, Some(&linked)), Some(linked.clone()));
    }
    assert_eq!(opens(&mut client, NOW, Some("77")), Some(default));
}

#[test]
fn the_next_message_says_which_welcome_message_was_shown_and_only_that_one() {
    let (mut client, default) = with_default();
    opens(&mut client, NOW, None);
    opens(&mut client, NOW, None);
    assert_eq!(client.x.welcome_shown(ADA, ACCOUNT).unwrap().id, default);
    client.x.types_in_app(NOW, ACCOUNT, ADA, "a human was faster");
    client.x.customer_writes(NOW, "3002", ACCOUNT, "somebody else");
    client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    client.x.customer_writes(NOW, ADA, ACCOUNT, "are you there?");
    assert_eq!(
        initiations(&mut client),
        [json!(null), json!(null), json!({"welcome_message_id": default}), json!(null)]
    );
    assert!(client.x.welcome_shown(ADA, ACCOUNT).is_none());
    let kept = client.x.conversation(ADA, ACCOUNT)[1].initiated_via.clone().unwrap();
    assert_eq!(kept.welcome_message_id, Some(default));
}

#[test]
fn a_quick_reply_of_a_welcome_message_is_tapped_even_when_the_message_is_gone() {
    let (mut client, default) = with_default();
    assert_eq!(client.x.customer_taps_welcome(NOW, ADA, ACCOUNT, 0), Err(NotPossible::NoSuchMessage));
    opens(&mut client, NOW, None);
    client.as_account(Method::DELETE, &format!("/1.1/direct_messages/welcome_messages/destroy.json?id={default}"));
    assert_eq!(client.x.customer_taps_welcome(NOW, ADA, ACCOUNT, 2), Err(NotPossible::NoSuchOption));
    let id = client.x.customer_taps_welcome(NOW, ADA, ACCOUNT, 1).unwrap();
    let event = client.receive().remove(0)["direct_message_events"][0].clone();
    assert_eq!((&event["id"], &event["initiated_via"]), (&json!(id), &json!({"welcome_message_id": default})));
    let data = &event["message_create"]["message_data"];
    assert_eq!((&data["text"], &data["quick_reply_response"]["metadata"]), (&json!("Return"), &json!("r")));
    assert_eq!(client.x.customer_taps_welcome(NOW, ADA, ACCOUNT, 1), Err(NotPossible::NoSuchMessage));
}

#[test]
fn who_comes_from_a_post_says_so() {
    let (mut client, default) = with_default();
    client.x.customer_opens_from_post(NOW, ADA, ACCOUNT, "978303280294690817", None);
    client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    client.x.customer_opens_from_post(NOW, ADA, ACCOUNT, "978303280294690817", None);
    client.x.customer_writes(NOW, ADA, ACCOUNT, "again");
    client.x.customer_opens_from_post(NOW, ADA, ACCOUNT, "978303280294690817", Some(&default));
    client.x.customer_opens(NOW, ADA, ACCOUNT, None);
    client.x.customer_writes(NOW, ADA, ACCOUNT, "on my own");
    let post = "978303280294690817";
    assert_eq!(
        initiations(&mut client),
        [
            json!({"tweet_id": post, "welcome_message_id": default}),
            json!({"tweet_id": post}),
            json!({"welcome_message_id": default})
        ]
    );
}

fn with_default() -> (Client, String) {
    let mut client = subscribed();
    let options = json!([{"label": "Order", "metadata": "o"}, {"label": "Return", "metadata": "r"}]);
    let data = json!({"text": "Hi! How can we help?", "quick_reply": {"type": "options", "options": options}});
    let id = id_of(&make(&mut client, &data));
    rule(&mut client, &id);
    (client, id)
}

fn opens(client: &mut Client, now: u64, linked: Option<&str>) -> Option<String> {
    client.x.customer_opens(now, ADA, ACCOUNT, linked).map(|message| message.id)
}

fn initiations(client: &mut Client) -> Vec<Value> {
    let bodies = client.receive();
    bodies.iter().map(|body| body["direct_message_events"][0]["initiated_via"].clone()).collect()
}
