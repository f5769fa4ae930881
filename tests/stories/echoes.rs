//! Messages that come back: ours are known, a human's hand the conversation over.

use perch::x_api::time::Span;

use crate::world::World;
use crate::world::cast::{ADA, BRAND, item, rate_limited};
use crate::world::faults::{Fault, Seam};
use crate::world::scheduler::Order;

#[test]
fn our_own_message_coming_back_is_ours_and_is_not_answered() {
    for seed in 0..20 {
        let mut world = World::new();
        world.order(Order::Shuffled(seed));
        world.writes(ADA, "hi");
        world.passes(Span::minutes(5));
        assert_eq!(world.sent_to(ADA).len(), 1, "seed {seed}");
        assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE outcome LIKE 'ours%'"), 1);
        assert_eq!(world.rows("SELECT holder FROM conversations")[0]["holder"], "bot");
        assert_eq!(world.count("SELECT COUNT(*) FROM entries"), 2);
    }
}

#[test]
fn an_echo_that_is_known_is_handled_as_it_is_written_down() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.passes(Span::minutes(1));
    let echo = world.rows(
        "SELECT status, outcome, attempts, due_at, settled_at > 0 AS is_settled FROM inbox WHERE outcome = 'ours'",
    );
    let wanted =
        serde_json::json!([{"status": "handled", "outcome": "ours", "attempts": 0, "due_at": null, "is_settled": 1}]);
    assert_eq!(serde_json::Value::Array(echo), wanted);
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn an_echo_that_comes_before_xs_answer_is_ours() {
    let mut world = World::new();
    // The worker dies after X took the message: only the echo can tell that it arrived.
    world.writes(ADA, "hi");
    world.lose_the_worker_at_send();
    world.drive();
    world.passes(Span::seconds(20));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sent'"), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE outcome = 'ours, known by this echo'"), 1);
    assert_eq!(world.rows("SELECT holder FROM conversations")[0]["holder"], "bot");
}

#[test]
fn an_echo_and_xs_answer_after_it_are_one_message() {
    for seed in 0..10 {
        let mut world = World::new();
        world.order(Order::Shuffled(seed));
        world.writes(ADA, "hi");
        world.inner.borrow_mut().faults.at_next(Seam::Send, Fault::AnswerLate);
        world.drive();
        let by_echo = "SELECT COUNT(*) FROM inbox WHERE outcome = 'ours, known by this echo'";
        assert_eq!(world.count(by_echo), 1, "seed {seed}: the echo comes first");
        let on_x = world.inner.borrow().x.said_to(BRAND, ADA)[0].id.clone();
        let rows = world.rows("SELECT status, x_id FROM outbox WHERE kind = 'dm'");
        assert_eq!(rows, [serde_json::json!({"status": "sent", "x_id": on_x})], "seed {seed}");
        let entries = world.rows("SELECT x_id FROM entries WHERE author = 'bot'");
        assert_eq!(entries, [serde_json::json!({"x_id": on_x})], "seed {seed}");
        assert_eq!(world.count("SELECT SUM(count) FROM costs WHERE what = 'dm.sent'"), 1, "seed {seed}: billed once");
        let told = world.told("message");
        assert_eq!(told.iter().filter(|line| line["outcome"] == "sent").count(), 1, "seed {seed}: {told:#?}");
        assert_eq!((world.sent_to(ADA).len(), world.sends()), (1, 1), "seed {seed}");
        assert!(world.hears(ADA, "hours").contains("Monday"), "seed {seed}: and it goes on");
    }
}

#[test]
fn an_answer_with_a_link_is_known_although_x_writes_its_own() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.drive();
    world.lose_the_worker_at_send();
    world.taps(ADA, "About this bot");
    world.passes(Span::minutes(15));
    assert_eq!(world.sent_to(ADA).len(), 2);
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sent'"), 2);
}

#[test]
fn what_a_human_types_in_xs_app_hands_the_conversation_over_and_the_bot_has_it_back_after() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.drive();
    world.human_types(ADA, "Hello Ada, this is Jon.");
    world.passes(Span::minutes(1));
    assert_eq!(world.rows("SELECT holder FROM conversations")[0]["holder"], "human");
    world.writes(ADA, "hours");
    world.passes(Span::minutes(2));
    assert_eq!(world.sent_to(ADA).len(), 2, "the bot is silent");
    assert_eq!(world.count("SELECT COUNT(*) FROM entries WHERE author = 'human'"), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM entries"), 4);
    world.passes(Span::minutes(31));
    world.writes(ADA, "hours");
    world.drive();
    assert!(world.sent_to(ADA)[2].contains("Monday"));
}

#[test]
fn what_the_bot_owes_does_not_follow_a_humans_words() {
    let mut world = World::new();
    world.misbehaves(rate_limited(1, 120));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'owed'"), 1);
    world.human_types(ADA, "I have it.");
    world.passes(Span::minutes(10));
    assert_eq!(world.sent_to(ADA), ["I have it."]);
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'dropped'"), 1);
}

#[test]
fn a_foreign_echo_is_not_judged_while_a_message_of_ours_is_under_way() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.lose_the_worker_before_send();
    world.drive();
    let echo = item("1900000000000000777", world.now().0, BRAND, ADA, "typed by a human");
    world.delivers(&serde_json::json!({"for_user_id": BRAND, "direct_message_events": [echo]}).to_string());
    world.drive();
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'new'"), 1, "deferred");
    assert_eq!(world.rows("SELECT holder FROM conversations")[0]["holder"], "bot");
    world.passes(Span::minutes(2));
    assert_eq!(world.rows("SELECT holder FROM conversations")[0]["holder"], "human", "judged after the lease");
}

#[test]
fn what_somebody_typed_long_ago_is_shown_and_hands_nothing_over() {
    let mut world = World::new();
    world.hears(ADA, "hi");
    let at = world.now().0 - Span::hours(2).0;
    let echo = item("1900000000000000778", at, BRAND, ADA, "typed in the morning");
    world.delivers(&serde_json::json!({"for_user_id": BRAND, "direct_message_events": [echo]}).to_string());
    world.passes(Span::minutes(5));
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE outcome = 'typed by a human, long ago'"), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM entries WHERE author = 'human'"), 1);
    assert!(world.hears(ADA, "hours").contains("Monday"), "the bot has it");
}
