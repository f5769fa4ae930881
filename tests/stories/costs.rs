//! What X bills: counted once for each thing, shown by the day, capped where somebody wants it.

use std::collections::BTreeSet;

use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Slip, Trouble, V1};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, loses_answer};

/// What is billed from here on: connecting has read something, where the account speaks plain.
fn connected() -> World {
    let mut world = World::new();
    world.change("DELETE FROM costs");
    world
}

fn costs(world: &mut World) -> Value {
    world.api("GET", "/api/costs", &json!({})).1
}

fn count(costs: &Value, what: &str) -> i64 {
    let all = costs["costs"].as_array().unwrap();
    all.iter().filter(|row| row["what"] == what).map(|row| row["count"].as_i64().unwrap()).sum()
}

#[test]
fn each_message_counts_once_however_often_it_is_delivered() {
    let mut world = connected();
    world.misbehaves(Trouble::Deliveries(Slip::Repeated(3), 1));
    world.writes(ADA, "hi");
    world.drive();
    world.writes(BO, "hi");
    world.drive();
    let all = costs(&mut world);
    assert_eq!((count(&all, "dm.received"), count(&all, "dm.sent")), (2, 2), "{all:#}");
    assert_eq!(all["total_usd"], 0.05);
    assert_eq!(all["costs"][0]["username"], "furni");
    world.passes(Span::days(2));
    world.writes(ADA, "hi");
    world.drive();
    let all = costs(&mut world);
    let days: BTreeSet<&str> =
        all["costs"].as_array().unwrap().iter().map(|row| row["day"].as_str().unwrap()).collect();
    assert_eq!(days.len(), 2, "two days: {days:?}");
}

#[test]
fn a_message_whose_answer_was_lost_counts_once() {
    let mut world = connected();
    world.misbehaves(loses_answer(1));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(30));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(count(&costs(&mut world), "dm.sent"), 1);
}

#[test]
fn what_x_refuses_costs_nothing() {
    let mut world = connected();
    world.misbehaves(Trouble::Calls(Calls::sending().times(1), Mishap::refused(349)));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(count(&costs(&mut world), "dm.sent"), 0);
}

#[test]
fn a_cap_holds_what_is_owed_until_midnight_and_says_so() {
    let mut world = connected();
    // Two received and one sent are 35 thousandths; another one sent would pass the cap.
    world.set("DAILY_CAP_USD", "0.04");
    for customer in [ADA, BO] {
        world.writes(customer, "hi");
        world.drive();
    }
    assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (1, 0));
    let told = world.trouble().to_string();
    assert!(told.contains("DAILY_CAP_USD"), "{told}");
    world.passes(Span::hours(24));
    assert_eq!(world.sent_to(BO).len(), 1, "the next day");
}

#[test]
fn a_post_that_the_cap_has_no_room_for_says_so_and_messages_go_on() {
    for ends in ["raised", "too late"] {
        let mut world = connected();
        world.applies(
            "{ version: 1, name: a, start: a, fallback: a, commands: { tell: b }, nodes: {
            a: { say: Hello, options: [{ label: Tell, go: b }] },
            b: { post: { say: Fresh snow }, say: Told, options: [{ label: Back, go: a }] } } }",
        );
        world.set("DAILY_CAP_USD", "0.15");
        world.hears(ADA, "tell");
        assert_eq!(world.sent_to(ADA).len(), 1, "a message costs less");
        let post = |world: &World| {
            let mut rows = world.rows("SELECT status, why, due_at FROM outbox WHERE kind = 'post'");
            assert_eq!(rows.len(), 1);
            rows.remove(0)
        };
        let held = post(&world);
        assert_eq!(held["status"], "owed");
        assert!(held["why"].as_str().unwrap().contains("DAILY_CAP_USD leaves for today"), "{held}");
        assert_eq!(held["due_at"], json!((world.now() + Span::minutes(15)).0), "not looked at each minute");
        let report = world.api("GET", "/api/doctor", &Value::Null).1;
        let step = report["steps"].as_array().unwrap().iter().find(|step| step["step"] == "DAILY_CAP_USD").unwrap();
        assert!(step.to_string().contains("X bills 0.200 USD for a post with a link"), "{step}");
        if ends == "raised" {
            world.set("DAILY_CAP_USD", "5");
            world.passes(Span::minutes(16));
            assert_eq!(post(&world)["status"], "sent");
            let report = world.api("GET", "/api/doctor", &Value::Null).1;
            assert!(!report.to_string().contains("X bills"), "{report:#}");
        } else {
            world.passes(Span::hours(25));
            let failed = post(&world);
            let why = failed["why"].as_str().unwrap();
            assert_eq!(failed["status"], "failed");
            assert!(
                why.contains("could not be sent in time. A post may cost") && why.contains("Raise DAILY_CAP_USD"),
                "{why}"
            );
        }
    }
}

#[test]
fn a_cap_below_one_message_is_named_by_the_doctor() {
    let mut world = connected();
    for (cap, is_well) in [("0.014", false), ("five", false), ("0.015", true)] {
        world.set("DAILY_CAP_USD", cap);
        let report = world.api("GET", "/api/doctor", &Value::Null).1;
        let step = report["steps"].as_array().unwrap().iter().find(|step| step["step"] == "DAILY_CAP_USD").unwrap();
        assert_eq!(step["result"] == "done", is_well, "{cap}: {step}");
    }
}

#[test]
fn a_raised_cap_lets_go_what_waits_within_a_quarter_of_an_hour() {
    let mut world = connected();
    world.set("DAILY_CAP_USD", "none of it");
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 0, "a cap that is no amount lets nothing out");
    world.set("DAILY_CAP_USD", "5");
    world.passes(Span::minutes(16));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn costs_are_asked_for_by_account_and_days() {
    let mut world = connected();
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(count(&world.api("GET", "/api/costs?account=furni&days=1", &json!({})).1, "dm.sent"), 1);
    assert_eq!(world.api("GET", "/api/costs?days=0", &json!({})).0, 400);
    assert_eq!(world.api("GET", "/api/costs?account=nobody", &json!({})).0, 404);
}

#[test]
fn what_is_looked_up_counts_and_the_cap_sees_it() {
    let mut world = World::empty();
    world.inner.borrow_mut().x.portal().v1 = V1::Closed453;
    let whose = Calls::starting_with("/1.1/account/verify_credentials").for_ever();
    world.misbehaves(Trouble::Calls(whose, Mishap::refused(453)));
    let read = |world: &World| {
        world.count("SELECT COALESCE(SUM(count), 0) FROM costs WHERE what = 'user.read' AND account_id <> '1'")
    };
    assert_eq!(world.connects(BRAND)["ok"], true);
    assert_eq!(read(&world), 1, "whose the tokens are");
    world.hears(ADA, "hi");
    world.change("DELETE FROM costs");
    assert_eq!(world.api("GET", "/api/whoami", &json!({})).0, 200);
    assert_eq!(read(&world), 1);
    world.api("GET", "/api/doctor", &json!({}));
    assert_eq!(read(&world), 2);
    assert_eq!(world.api("GET", "/api/lookup?username=ada", &json!({})).0, 200);
    assert_eq!(world.api("GET", "/api/lookup?username=nobody", &json!({})).0, 404);
    assert_eq!(read(&world), 3);
    assert_eq!(world.count("SELECT count FROM costs WHERE account_id = 'app'"), 1, "nobody's of ours");
    let id = world.inner.borrow().x.said_to(BRAND, ADA)[0].id.clone();
    assert_eq!(world.api("POST", "/api/dm/show", &json!({"account": "furni", "id": id})).0, 200);
    assert_eq!(count(&costs(&mut world), "dm.read"), 1);
    assert_eq!(world.api("POST", "/api/accounts/speak", &json!({"account": "furni", "speaks": "auto"})).0, 200);
    assert_eq!(count(&costs(&mut world), "dm.read"), 2, "the probe has seen a message");
    // Four things for the account, of 10 thousandths each.
    world.set("DAILY_CAP_USD", "0.04");
    world.writes(ADA, "hi again");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert!(world.trouble().to_string().contains("DAILY_CAP_USD"));
}

#[test]
fn an_answer_in_public_is_billed_as_one() {
    let mut world = World::with_bot("snow");
    let now = world.now().0.unsigned_abs();
    world.inner.borrow_mut().x.customer_mentions(now, ADA, BRAND, "@furni how is the snow?");
    world.drive();
    assert_eq!(world.posts_of_the_brand().len(), 1);
    assert_eq!(world.api("POST", "/api/posts", &json!({"text": "Hello"})).0, 200);
    let all = costs(&mut world);
    let of =
        |what: &str| all["costs"].as_array().unwrap().iter().find(|row| row["what"] == what).unwrap()["usd"].clone();
    assert_eq!((of("post"), of("post.reply")), (json!(0.015), json!(0.01)), "{all:#}");
}
