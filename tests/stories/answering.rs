//! A message is answered: once, whatever X and the queue do with its delivery.

use perch::x_api::time::Span;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, message};
use crate::world::scheduler::Order;

#[test]
fn a_message_is_answered() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.drive();
    let said = world.sent_to(ADA);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("assistant"), "{said:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM turns"), 1);
    assert_eq!(world.rows("SELECT author FROM entries ORDER BY at, author").len(), 2);
}

#[test]
fn a_tapped_option_is_answered_with_what_it_leads_to() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.drive();
    world.taps(ADA, "Opening hours");
    world.drive();
    let said = world.sent_to(ADA);
    assert!(said[1].contains("Monday to Friday"), "{said:?}");
}

#[test]
fn a_delivery_that_comes_three_times_is_answered_once() {
    for seed in 0..20 {
        let mut world = World::new();
        world.order(Order::Shuffled(seed));
        let body = message("1900000000000000001", world.now().0, ADA, BRAND, "hi");
        for _ in 0..3 {
            assert_eq!(world.delivers(&body).status(), 200);
        }
        world.drive();
        world.passes(Span::minutes(30));
        assert_eq!(world.sent_to(ADA).len(), 1, "seed {seed}");
        assert_eq!(world.count("SELECT COUNT(*) FROM turns"), 1);
    }
}

#[test]
fn a_delivery_that_comes_again_after_a_month_is_not_answered_again() {
    let mut world = World::new();
    let body = message("1900000000000000001", world.now().0, ADA, BRAND, "hi");
    world.delivers(&body);
    world.drive();
    world.sleeps(Span::days(29));
    world.cron();
    world.delivers(&body);
    world.passes(Span::minutes(5));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn two_customers_are_answered_beside_each_other() {
    for seed in 0..10 {
        let mut world = World::new();
        world.order(Order::Shuffled(seed));
        world.writes(ADA, "hi");
        world.writes(BO, "hi");
        world.drive();
        assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (1, 1), "seed {seed}");
    }
}

#[test]
fn an_old_message_is_recorded_and_not_answered() {
    let mut world = World::new();
    let body = message("1900000000000000001", (world.now() - Span::hours(25)).0, ADA, BRAND, "hi");
    world.delivers(&body);
    world.passes(Span::minutes(4));
    assert!(world.sent_to(ADA).is_empty());
    let rows = world.rows("SELECT status, outcome FROM inbox");
    assert_eq!((rows[0]["status"].as_str(), rows.len()), (Some("handled"), 1));
    assert_eq!(world.count("SELECT COUNT(*) FROM entries"), 1);
}

#[test]
fn a_script_says_how_old_what_it_answers_may_be() {
    let mut world = World::new();
    world.applies(
        "{ version: 1, name: a, start: a, fallback: a, max_event_age: 1h, nodes: { a: { say: Hello, options: [{ label: Again, go: a }] } } }",
    );
    let now = world.now();
    world.delivers(&message("1900000000000000001", (now - Span::hours(2)).0, ADA, BRAND, "hi"));
    world.delivers(&message("1900000000000000002", (now - Span::minutes(50)).0, BO, BRAND, "hi"));
    world.passes(Span::minutes(5));
    assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (0, 1));
    let old = world.rows("SELECT status, outcome FROM inbox WHERE customer_id = '1893471234567891001'");
    assert_eq!(old, [serde_json::json!({"status": "handled", "outcome": "Too old: recorded, not answered."})]);
    assert_eq!(world.count("SELECT COUNT(*) FROM entries WHERE author = 'customer'"), 2, "both are recorded");
}

#[test]
fn two_accounts_of_ours_do_not_talk_to_each_other_for_ever() {
    use crate::world::cast::SHOP;
    let mut world = World::new();
    world.connects(SHOP);
    let at = world.now().0;
    world.delivers(&message("1900000000000000001", at, SHOP, BRAND, "hi"));
    world.passes(Span::minutes(10));
    assert!(world.sent_between(BRAND, SHOP).is_empty(), "not answered where it is not allowed");

    world.allow_own_accounts();
    let at = world.now().0;
    world.delivers(&message("1900000000000000002", at, SHOP, BRAND, "hi again"));
    world.passes(Span::minutes(10));
    let (brand, shop) = (world.sent_between(BRAND, SHOP).len(), world.sent_between(SHOP, BRAND).len());
    assert_eq!((brand, shop), (20, 20));
    assert_eq!(world.trouble()["paused_conversations"].as_array().unwrap().len(), 1);
}

#[test]
fn a_group_is_recorded_and_never_answered() {
    let mut world = World::new();
    world.delivers(include_str!("../fixtures/deliveries/message_to_a_group.json"));
    world.passes(Span::minutes(2));
    let rows = world.rows("SELECT status, outcome FROM inbox");
    assert_eq!(rows[0]["status"], "recorded");
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox"), 0);
}

#[test]
fn an_event_for_an_account_that_is_not_connected_yet_is_answered_when_it_connects() {
    let mut world = World::empty();
    let body = message("1900000000000000001", world.now().0, ADA, BRAND, "hi");
    world.delivers(&body);
    world.passes(Span::hours(1));
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'new' AND due_at IS NULL"), 1);
    world.connects(BRAND);
    world.passes(Span::minutes(2));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_body_of_the_beta_counts_for_the_account_among_its_people() {
    let mut world = World::new();
    let item = crate::world::cast::item("1900000000000000001", world.now().0, ADA, BRAND, "hi");
    let body = serde_json::json!({"direct_message_events": [item]}).to_string();
    world.delivers(&body);
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    world.delivers(&message("1900000000000000001", world.now().0, ADA, BRAND, "hi"));
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1, "the same message through another product has the same key");
}

#[test]
fn what_the_customer_wrote_with_emoji_and_half_surrogates_is_kept() {
    let mut world = World::new();
    let at = world.now().0;
    let body = message("1900000000000000001", at, ADA, BRAND, "❄ MARK").replace("MARK", "cut \\ud83d off");
    world.delivers(&body);
    world.drive();
    let rows = world.rows("SELECT body FROM entries WHERE author = 'customer'");
    assert!(rows[0]["body"].as_str().unwrap().contains("❄ cut \u{fffd} off"));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn settled_events_are_forgotten_after_35_days_and_unhandled_ones_never() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.drive();
    world.delivers(&message("1900000000000000009", world.now().0, ADA, "1893471234567899999", "for nobody yet"));
    world.drive();
    world.sleeps(Span::days(36));
    world.cron();
    let rows = world.rows("SELECT account_id, status FROM inbox");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["status"], "new");
}
