//! What nobody should ever send, and what becomes of it: a clear answer, nothing lost, no panic.

use std::collections::BTreeSet;

use perch::x_api::delivery::Envelope;
use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Slip, Trouble};
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BRAND, message};
use crate::world::consents;

#[test]
fn signed_bodies_that_are_no_object_are_refused() {
    let mut world = World::new();
    for body in ["", "[]", "null", "\"text\"", "{", "{}{}", "{broken"] {
        assert_eq!(world.delivers(body).status(), 400, "{body:?}");
    }
    assert_eq!(world.delivers("{}").status(), 200, "an empty object is one");
}

#[test]
fn every_fixture_is_delivered_and_each_of_its_items_stands_in_the_inbox() {
    let mut world = World::new();
    world.set("KINDS", "*");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/deliveries");
    let mut items = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let body = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let envelope = Envelope::read(&body).unwrap();
        items.extend(envelope.items().into_iter().map(|item| (envelope.for_user.clone(), item.kind, item.id)));
        assert_eq!(world.delivers(&body).status(), 200);
    }
    world.drive();
    let stored = usize::try_from(world.count("SELECT COUNT(*) FROM inbox")).unwrap();
    assert_eq!(stored, items.len());
    assert_eq!(world.count("SELECT COUNT(*) FROM dead_letters"), 0);
    assert_eq!(world.inner.borrow().queue.len(), 0);
}

#[test]
fn ten_events_of_three_kinds_become_ten_rows_and_the_bad_one_is_shown() {
    let mut world = World::new();
    world.delivers(include_str!("../fixtures/deliveries/ten_events_of_three_kinds.json"));
    world.drive();
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox"), 10);
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'set_aside'"), 1);
    let events = world.trouble()["events"].clone();
    assert_eq!(events[0]["outcome"], "the message has no sender_id");
}

#[test]
fn what_could_not_be_read_gives_way_to_the_same_in_a_shape_that_can_be() {
    for padding in [0, 1_020_000] {
        let mut world = World::new();
        let whole = message("17", world.now().0, ADA, BRAND, "hi");
        let without_sender = whole.replace("\"sender_id\"", &format!("\"{}\"", "x".repeat(9)));
        let whole = whole.replace("\"hi\"", &format!("\"hi{}\"", " ".repeat(padding)));
        for body in [&without_sender, &whole, &without_sender] {
            world.delivers(body);
            world.drive();
        }
        let rows = world.rows("SELECT status FROM inbox WHERE event_id = '17'");
        assert_eq!(rows, [json!({"status": "handled"})], "{padding}");
        assert_eq!(world.sent_to(ADA).len(), 1, "{padding}");
    }
}

#[test]
fn a_live_script_that_this_perch_cannot_read_is_told_and_what_was_written_is_answered_once_it_can() {
    let mut world = World::with_bot("snow");
    world.change("UPDATE scripts SET body = json_set(body, '$.of_a_later_version', 1)");
    world.writes(ADA, "help");
    world.passes(Span::minutes(30));
    assert!(world.sent_to(ADA).is_empty());
    let health = world.api("GET", "/api/health", &json!(null)).1;
    let problem = &health["problems"][0];
    assert_eq!(problem["what"], format!("script:{BRAND}"), "{health:#}");
    assert!(problem["cause"].as_str().unwrap().contains("of_a_later_version"), "{problem}");
    assert!(problem["what_to_do"].as_str().unwrap().contains("perch apply"), "{problem}");
    assert!(world.inner.borrow().queue.len() <= 1, "the sweep looks again, not ever more jobs");
    world.change("UPDATE scripts SET body = json_remove(body, '$.of_a_later_version')");
    world.passes(Span::minutes(6));
    assert_eq!(world.sent_to(ADA).len(), 1);
    world.passes(Span::minutes(25));
    assert_eq!(world.api("GET", "/api/health", &json!(null)).1["well"], true);
}

#[test]
fn ids_beyond_2_to_the_53_keep_their_digits_all_the_way() {
    let mut world = World::new();
    let body = message("1893471234567890123", world.now().0, ADA, BRAND, "hi")
        .replace("\"1893471234567890123\"", "1893471234567890123");
    world.delivers(&body);
    world.drive();
    let key = format!("{BRAND}:dm.message:1893471234567890123");
    assert_eq!(world.rows("SELECT key FROM inbox")[0]["key"], key.as_str());
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_text_of_10000_characters_is_kept_to_the_last() {
    let mut world = World::new();
    let text = "❄".repeat(10_000);
    world.delivers(&message("1900000000000000001", world.now().0, ADA, BRAND, &text));
    world.drive();
    let rows = world.rows("SELECT body FROM entries WHERE author = 'customer'");
    let body: serde_json::Value = serde_json::from_str(rows[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["text"].as_str().unwrap().chars().count(), 10_000);
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_queue_message_that_is_not_ours_is_kept_with_its_reason() {
    let mut world = World::new();
    for body in ["hello", "{}", r#"{"job":"party.v9"}"#, ""] {
        let now = world.now();
        world.inner.borrow_mut().queue.put_text(body.to_owned(), now);
    }
    world.drive();
    let letters = world.trouble()["dead_letters"].clone();
    assert_eq!(letters.as_array().unwrap().len(), 4);
    assert!(letters[0]["why"].as_str().unwrap().starts_with("not a job of ours"));
}

#[test]
fn a_delivery_without_events_queues_nothing() {
    let mut world = World::new();
    assert_eq!(world.delivers(include_str!("../fixtures/deliveries/no_events.json")).status(), 200);
    assert_eq!(world.inner.borrow().queue.len(), 0);
}

#[test]
fn metadata_that_was_never_ours_is_answered_all_the_same() {
    let mut world = World::new();
    world.delivers(include_str!("../fixtures/deliveries/message_with_tapped_option.json"));
    let at = world.now();
    let body = message("1900000000000000001", at.0, ADA, BRAND, "???").replace(
        r#""text":"???""#,
        r#""text":"???","quick_reply_response":{"type":"options","metadata":"not/of/ours"}"#,
    );
    world.delivers(&body);
    world.passes(Span::minutes(1));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_dead_letter_is_tried_again_when_an_admin_says_so() {
    let mut world = World::new();
    let body = message("1900000000000000001", world.now().0, ADA, BRAND, "hi");
    let job = serde_json::json!({"job": "delivery.v1", "received_at": world.now().0, "body": body}).to_string();
    world.inner.borrow_mut().queue.put_dead(job);
    let now = world.now();
    world.inner.borrow_mut().queue.put_text("not ours".to_owned(), now);
    world.drive();
    let letters = world.trouble()["dead_letters"].as_array().unwrap().clone();
    assert_eq!(letters.len(), 2);
    let mut statuses = Vec::new();
    for letter in letters {
        let body = serde_json::json!({"id": letter["id"]}).to_string();
        statuses.push(world.admin("POST", "/api/dead-letters/retry", &body).status().as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 409]);
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.trouble()["dead_letters"].as_array().unwrap().len(), 1);
    assert_eq!(world.admin("POST", "/api/dead-letters/retry", r#"{"id":"gone"}"#).status(), 404);
}

#[test]
fn of_two_signatures_that_disagree_the_one_that_fits_is_enough() {
    let mut world = consents::signed_in();
    world.misbehaves(Trouble::Deliveries(Slip::Disagreeing, 1));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    world.misbehaves(Trouble::Deliveries(Slip::Forged, u32::MAX));
    world.writes(ADA, "hours");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1, "two that do not fit are none");
}

#[test]
fn a_message_that_x_took_and_complained_about_is_sent_once() {
    let mut world = World::new();
    world.without_echoes();
    world.misbehaves(Trouble::Calls(Calls::sending().times(1), Mishap::DoneWithErrors));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(30));
    assert_eq!((world.sent_to(ADA).len(), world.sends(), world.looks()), (1, 1, 0));
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sent'"), 1);
}

#[test]
fn words_full_of_templates_and_statements_are_words() {
    let words = "{{ 7*7 }}'); DROP TABLE entries;--";
    let mut world = World::new();
    world.applies(
        "{ version: 1, name: a, start: a, fallback: a, nodes: { a: { say: 'You say {{ text }}', options: [{ label: Again, go: a }] } } }",
    );
    world.inner.borrow_mut().x.add_user(perch_simulator::User::new(ADA, "ada", words));
    let tables = world.inner.borrow().database.tables();
    let answer = format!("You say {words}");
    assert_eq!(world.hears(ADA, words), answer);
    let ida = world.agent("ida", &serde_json::json!({}));
    let query: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let path = format!("/api/inbox/search?q={query}");
    let (status, found) = world.does(&ida, "GET", &path, &serde_json::Value::Null);
    assert_eq!(status, 200, "{found:#}");
    let found: BTreeSet<&str> =
        found["messages"].as_array().unwrap().iter().map(|row| row["text"].as_str().unwrap()).collect();
    assert_eq!(found, BTreeSet::from([words, answer.as_str()]));
    assert_eq!(world.inner.borrow().database.tables(), tables);
}
