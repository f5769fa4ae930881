//! Deliveries: signed, in order, retried where X does, kept from an invalid webhook.

use perch_simulator::{Order, Slip, Trouble};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, HOOK, NOW, hmac, subscribed};

fn texts(bodies: &[Value]) -> Vec<String> {
    let events = bodies.iter().flat_map(|body| body["direct_message_events"].as_array().unwrap());
    events.map(|event| event["message_create"]["message_data"]["text"].as_str().unwrap().to_owned()).collect()
}

fn say_three(client: &mut Client) {
    for text in ["one", "two", "three"] {
        client.x.customer_writes(NOW, ADA, ACCOUNT, text);
    }
}

#[test]
fn a_delivery_is_a_signed_post_handed_out_once() {
    let mut client = subscribed();
    client.x.customer_writes(NOW, ADA, ACCOUNT, "café ❄");
    let due = client.x.deliveries(NOW);
    let request = &due[0].request;
    assert_eq!((request.method().as_str(), request.uri().to_string().as_str()), ("POST", HOOK));
    assert_eq!(request.headers()["x-twitter-webhooks-signature"], hmac(request.body()).as_str());
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["host"], "perch.example");
    assert!(client.x.deliveries(NOW + 1_000_000).is_empty());
    client.x.delivered(due[0].id, Some(200));
    assert_eq!((client.x.posted()[0].status, client.x.missed()), (Some(200), 0));
}

#[test]
fn a_failed_one_is_repeated_after_3_27_and_242_seconds_where_that_is_bought() {
    let mut client = subscribed();
    client.x.settings().retries = true;
    client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    let (mut now, mut attempts) = (NOW, Vec::new());
    while let Some(due) = client.x.deliveries(now).pop() {
        attempts.push((now - NOW, due.attempt));
        client.x.delivered(due.id, if due.attempt == 1 { None } else { Some(500) });
        now = client.x.next_delivery_at().unwrap_or(now);
    }
    assert_eq!(attempts, [(0, 1), (3_000, 2), (30_000, 3), (272_000, 4)]);
    assert_eq!(client.x.missed(), 1);
    let bodies: Vec<_> = client.x.posted().iter().map(|posted| posted.body.clone()).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]), "every attempt has the same bytes");
    client.x.deliver_missed(now);
    assert_eq!(client.receive().len(), 0);
    client.now = now;
    assert_eq!(texts(&client.receive()), ["hello"]);
}

#[test]
fn without_retries_a_failed_one_is_missed() {
    let mut client = subscribed();
    client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    let due = client.x.deliveries(NOW);
    client.x.delivered(due[0].id, Some(503));
    assert_eq!((client.x.next_delivery_at(), client.x.missed()), (None, 1));
}

#[test]
fn an_invalid_webhook_gets_nothing_until_it_is_validated_and_the_gap_replayed() {
    let mut client = subscribed();
    client.x.misbehave(Trouble::InvalidateWebhooks);
    client.x.customer_writes(NOW, ADA, ACCOUNT, "lost");
    assert!(client.receive().is_empty());
    let id = client.x.webhooks()[0].id.clone();
    assert_eq!(client.as_owner(http::Method::PUT, &format!("/1.1/account_activity/webhooks/{id}.json")).status, 204);
    client.x.customer_writes(NOW, ADA, ACCOUNT, "heard");
    assert_eq!(texts(&client.receive()), ["heard"]);
    client.x.deliver_missed(NOW);
    assert_eq!(texts(&client.receive()), ["lost"]);
}

#[test]
fn deliveries_are_repeated_late_reversed_together_or_forged_on_command() {
    let mut client = subscribed();
    client.x.misbehave(Trouble::Deliveries(Slip::Repeated(2), 1));
    client.x.customer_writes(NOW, ADA, ACCOUNT, "thrice");
    client.x.customer_writes(NOW, ADA, ACCOUNT, "once");
    assert_eq!(texts(&client.receive()), ["thrice", "thrice", "thrice", "once"]);

    client.x.misbehave(Trouble::Deliveries(Slip::Late(5_000), 1));
    say_three(&mut client);
    assert_eq!(texts(&client.receive()), ["two", "three"]);
    assert_eq!(client.x.next_delivery_at(), Some(NOW + 5_000));
    client.now += 5_000;
    assert_eq!(texts(&client.receive()), ["one"]);

    for (order, expected) in [
        (Order::AsMade, ["one", "two", "three"]),
        (Order::Reversed, ["three", "two", "one"]),
        (Order::Together, ["one", "two", "three"]),
    ] {
        client.x.misbehave(Trouble::HoldDeliveries);
        say_three(&mut client);
        assert!(client.receive().is_empty());
        client.x.misbehave(Trouble::ReleaseDeliveries(order));
        let bodies = client.receive();
        assert_eq!(texts(&bodies), expected);
        assert_eq!(bodies.len(), if order == Order::Together { 1 } else { 3 });
    }

    client.x.settings().retries = true;
    client.x.misbehave(Trouble::Deliveries(Slip::Forged, 1));
    client.x.customer_writes(client.now, ADA, ACCOUNT, "forged");
    let due = client.x.deliveries(client.now);
    assert_ne!(due[0].request.headers()["x-twitter-webhooks-signature"], hmac(due[0].request.body()).as_str());
    client.x.delivered(due[0].id, Some(401));
    let due = client.x.deliveries(client.now + 3_000);
    assert_eq!(due[0].request.headers()["x-twitter-webhooks-signature"], hmac(due[0].request.body()).as_str());
}

#[test]
fn good_behaviour_releases_what_was_kept_back() {
    let mut client = subscribed();
    client.x.misbehave(Trouble::HoldDeliveries);
    client.x.misbehave(Trouble::NoCredits(true));
    say_three(&mut client);
    assert_eq!(client.say("hi").body["title"], json!("CreditsDepleted"));
    client.x.behave();
    assert_eq!(client.receive().len(), 3);
    assert_eq!(client.say("hi").status, 200);
}

#[test]
fn the_same_acts_give_the_same_bytes() {
    let run = || {
        let mut client = subscribed();
        client.x.customer_writes(NOW, ADA, ACCOUNT, "see https://example.com");
        client.say("hello https://example.com");
        let post = client.x.posts_in_app(NOW, ACCOUNT, "post");
        client.x.customer_likes(NOW, ADA, ACCOUNT, &post).unwrap();
        client.x.deliveries(NOW).into_iter().map(|due| due.request.into_body()).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}
