//! Messages of one customer are answered in the order in which they were written, and none is dropped.

use perch::x_api::time::Span;
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BRAND, item, message};
use crate::world::dialects::words_of;
use crate::world::faults::FAULTS;
use crate::world::scheduler::Order;

#[test]
fn two_messages_at_once_are_answered_in_order() {
    for seed in 0..40 {
        let mut world = World::new();
        world.order(Order::Shuffled(seed));
        world.writes(ADA, "hi");
        world.drive();
        world.writes(ADA, "hours");
        world.writes(ADA, "help");
        world.passes(Span::minutes(3));
        let said = world.sent_to(ADA);
        assert_eq!(said.len(), 3, "seed {seed}: {said:?}");
        let places: Vec<_> =
            world.rows("SELECT node FROM turns ORDER BY number").iter().map(|row| row["node"].to_string()).collect();
        // Either order of arrival is possible in two deliveries; what is said follows the turns in any case.
        let hours_first = places[1].contains("hours");
        assert_eq!(said[1].contains("Monday"), hours_first, "seed {seed}: {said:?} {places:?}");
    }
}

#[test]
fn several_messages_in_one_delivery_are_answered_oldest_first_however_they_stand_in_it() {
    let mut world = World::new();
    let at = world.now().0;
    let items = [
        item("1900000000000000003", at + 3, ADA, BRAND, "help"),
        item("1900000000000000001", at + 1, ADA, BRAND, "hi"),
        item("1900000000000000002", at + 2, ADA, BRAND, "hours"),
    ];
    world.delivers(&serde_json::json!({"for_user_id": BRAND, "direct_message_events": items}).to_string());
    world.drive();
    let nodes: Vec<_> =
        world.rows("SELECT node FROM turns ORDER BY number").iter().map(|row| row["node"].clone()).collect();
    assert_eq!(nodes, ["menu", "hours", "help"]);
    assert_eq!(world.sent_to(ADA).len(), 3);
}

#[test]
fn one_that_arrives_after_a_younger_one_was_answered_is_answered_late() {
    let mut world = World::new();
    let at = world.now().0;
    world.delivers(&message("1900000000000000002", at + 2, ADA, BRAND, "hours"));
    world.drive();
    world.delivers(&message("1900000000000000001", at + 1, ADA, BRAND, "help"));
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 2);
}

#[test]
fn thirty_messages_in_a_storm_are_all_answered_or_paused_in_the_open() {
    for seed in 0..5 {
        let mut world = World::new();
        world.order(Order::Shuffled(seed));
        for n in 0..30 {
            world.writes(ADA, &format!("message {n}"));
        }
        world.passes(Span::minutes(4));
        assert_eq!(world.sent_to(ADA).len(), 20, "seed {seed}");
        assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status <> 'handled' AND kind = 'dm.message'"), 0);
        assert_eq!(world.trouble()["paused_conversations"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_poison_event_does_not_stop_its_conversation() {
    let mut world = World::new();
    let at = world.now().0;
    world.delivers(&message("1900000000000000001", at, ADA, BRAND, "poison"));
    // Its worker dies each time that it has been taken and is about to be stepped.
    world.poisons(Some("1900000000000000001"));
    world.delivers(&message("1900000000000000002", at + 1, ADA, BRAND, "hi"));
    world.passes(Span::hours(4));
    assert_eq!(world.trouble()["events"][0]["status"], "dead");
    let said = world.sent_to(ADA);
    assert_eq!(said.len(), 2, "the next goes on");
    assert!(said[0].contains("something went wrong"), "nobody waits for an answer in vain: {said:?}");
    let ida = world.agent("ida", &serde_json::json!({}));
    assert!(world.thread(&ida, ADA)["entries"].to_string().contains("poison"), "people see what it was");
    // Its number would be that of something offered before.
    let sorry = world.rows("SELECT body FROM outbox WHERE id LIKE 'dead:%'");
    assert!(
        !sorry.is_empty() && sorry.iter().all(|row| row["body"].to_string().contains(r#"by_label\":true"#)),
        "{sorry:?}"
    );
    world.poisons(None);

    let key = world.trouble()["events"][0]["key"].as_str().unwrap().to_owned();
    let body = serde_json::json!({"key": key}).to_string();
    assert_eq!(world.admin("POST", "/api/events/retry", &body).status(), 202);
    world.passes(Span::minutes(2));
    assert!(world.trouble()["events"].as_array().unwrap().is_empty(), "it was retried");
    assert_eq!(world.sent_to(ADA).len(), 3);
    assert_eq!(world.admin("POST", "/api/events/retry", &body).status(), 404);
}

#[test]
fn whatever_happens_to_whoever_gives_an_event_up_its_customer_is_told_once() {
    for fault in FAULTS {
        for seam in 0..16 {
            let mut world = World::new();
            // What never got to X is said after all.
            world.set("WHEN_DOUBTFUL", "resend");
            let at = world.now().0;
            world.poisons(Some("1900000000000000001"));
            world.delivers(&message("1900000000000000001", at, ADA, BRAND, "poison"));
            world.drive();
            world.change("UPDATE inbox SET attempts = 5");
            world.inner.borrow_mut().faults.at(seam, fault);
            world.passes(Span::minutes(40));
            let said = world.sent_to(ADA);
            assert!(
                matches!(said.as_slice(), [sorry] if sorry.contains("something went wrong")),
                "{fault:?} at {seam}: {said:?}"
            );
            let [dead, open] = [
                "SELECT COUNT(*) FROM inbox WHERE status = 'dead'",
                "SELECT COUNT(*) FROM inbox WHERE status NOT IN ('dead', 'handled')",
            ]
            .map(|counted| world.count(counted));
            assert_eq!((dead, open, world.count("SELECT COUNT(*) FROM turns")), (1, 0, 1), "{fault:?} at {seam}");
        }
    }
}

#[test]
fn more_than_one_invocation_sends_goes_out_at_once_in_order_by_several() {
    let mut world = World::new();
    world.applies("{ version: 1, name: a, start: a, fallback: a, nodes: { a: { say: Hello, options: [{ label: Again, go: a }] } } }");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    world.change("UPDATE accounts SET is_on = 0");
    let words: Vec<String> = (0..50).map(|number| format!("word {number}")).collect();
    words.iter().for_each(|word| drop(world.agent_says(&ida, ADA, word)));
    let before = world.inner.borrow().told.len();
    world.api("POST", "/api/accounts/switch", &json!({"account": BRAND, "on": true}));
    world.drive();
    let said: Vec<String> = world.sent_to(ADA).iter().map(|text| words_of(text)).collect();
    let said: Vec<&String> = said.iter().filter(|said| said.starts_with("word ")).collect();
    assert_eq!(said, words.iter().collect::<Vec<_>>());
    let inner = world.inner.borrow();
    let jobs = inner.told.iter().skip(before).filter(|line| line.json().contains("converse.v1")).count();
    assert!(jobs >= 2, "{jobs} jobs carried on");
}
