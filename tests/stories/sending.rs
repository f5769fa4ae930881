//! What X says to our messages, and what becomes of them: never twice, never silently lost.

use perch::x_api::time::Span;
use perch_simulator::{Calls, FailureBody, Mishap, Trouble};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, hangs, loses_answer, rate_limited, refuses};
use crate::world::dialects::speaks_plain;
use crate::world::faults::Seam;
use crate::world::scheduler::Order;

#[test]
fn a_rate_limit_holds_the_account_and_one_drain_job_sends_what_is_owed() {
    let mut world = World::new();
    world.misbehaves(rate_limited(1, 300));
    for (customer, text) in [(ADA, "hi"), (BO, "hi")] {
        world.writes(customer, text);
    }
    world.drive();
    let calls = world.sends();
    assert_eq!(calls, 1, "the second is not even tried");
    assert!(world.inner.borrow().queue.len() <= 1, "one drain job, not one a message");
    world.passes(Span::minutes(4));
    assert_eq!(world.sends(), 1);
    world.passes(Span::minutes(3));
    assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (1, 1));
    assert_eq!(world.sends(), 3);
}

#[test]
fn an_overloaded_x_is_tried_again_with_growing_pauses() {
    let mut world = World::new();
    world.misbehaves(refuses(3, 130));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(10));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.sends(), 4);
}

#[test]
fn a_lost_answer_is_settled_without_sending_again() {
    let mut world = World::new();
    world.misbehaves(loses_answer(1));
    world.without_echoes();
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sending'"), 1);
    world.passes(Span::minutes(3));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(
        world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sent'"),
        1,
        "found by one look"
    );
    assert_eq!(world.sends(), 1);
}

#[test]
fn a_message_that_never_arrived_is_doubtful_after_ten_minutes_and_the_conversation_goes_on() {
    let mut world = World::new();
    world.misbehaves(hangs(1));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(1));
    world.writes(ADA, "hours");
    world.passes(Span::minutes(5));
    assert!(world.sent_to(ADA).is_empty(), "nothing goes past it");
    world.passes(Span::minutes(15));
    let messages = world.trouble()["messages"].clone();
    assert_eq!(messages[0]["status"], "doubtful");
    assert!(messages[0]["why"].to_string().contains("what_to_do"));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert!(world.sent_to(ADA)[0].contains("Monday"));
}

#[test]
fn a_doubtful_message_is_sent_again_where_the_setting_says_so() {
    let mut world = World::new();
    world.set("WHEN_DOUBTFUL", "resend");
    world.misbehaves(hangs(1));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(20));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert!(world.trouble()["messages"].as_array().unwrap().is_empty());
}

#[test]
fn one_look_settles_all_unknown_messages_of_the_account() {
    let mut world = World::new();
    world.order(Order::Shuffled(3));
    world.misbehaves(loses_answer(2));
    world.without_echoes();
    world.writes(ADA, "hi");
    world.writes(BO, "hi");
    world.drive();
    assert_eq!(world.sends(), 2, "both were under way at once");
    world.passes(Span::seconds(45));
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sent'"), 2);
    assert_eq!(world.looks(), 1);
}

#[test]
fn a_fault_of_the_message_fails_that_message_alone() {
    let mut world = World::new();
    world.misbehaves(refuses(1, 151));
    world.writes(ADA, "hi");
    world.drive();
    world.writes(ADA, "hours");
    world.drive();
    let said = world.sent_to(ADA);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("Sorry, something went wrong"), "{said:?}");
    let messages = world.trouble()["messages"].clone();
    assert_eq!((messages.as_array().unwrap().len(), &messages[0]["status"]), (1, &"failed".into()));
}

#[test]
fn a_fault_of_the_customer_fails_all_that_is_owed_to_them() {
    let mut world = World::new();
    world.misbehaves(rate_limited(1, 120));
    world.writes(ADA, "hi");
    world.drive();
    world.writes(ADA, "hours");
    world.drive();
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'owed'"), 2);
    world.misbehaves(refuses(1, 349));
    world.passes(Span::minutes(5));
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'failed'"), 2);
    assert!(world.sent_to(ADA).is_empty());
}

#[test]
fn revoked_tokens_stop_the_account_and_connecting_it_again_sends_what_is_owed() {
    let mut world = World::new();
    world.misbehaves(refuses(1, 89));
    world.writes(ADA, "hi");
    world.writes(BO, "hi");
    world.passes(Span::minutes(30));
    assert_eq!(world.sends(), 1, "nobody knocks on a closed door");
    let account = world.trouble()["accounts"][0].clone();
    assert_eq!(account["status"], "signed_out");
    assert!(account["why"].to_string().contains("onnect"), "{account}");
    world.connects(BRAND);
    world.passes(Span::minutes(2));
    assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (1, 1));
}

#[test]
fn what_cannot_be_sent_within_a_day_is_not_sent_at_all() {
    let mut world = World::new();
    world.misbehaves(rate_limited(1, 3600));
    world.writes(ADA, "hi");
    world.drive();
    world.sleeps(Span::hours(25));
    world.passes(Span::minutes(3));
    assert!(world.sent_to(ADA).is_empty());
    assert!(world.trouble()["messages"][0]["why"].to_string().contains("in time"));
}

#[test]
fn a_token_key_that_is_gone_stops_sending_and_says_so_and_nothing_is_lost() {
    let mut world = World::new();
    let key = world.inner.borrow().settings["TOKEN_KEY"].clone();
    world.set("TOKEN_KEY", "BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    world.writes(ADA, "hi");
    world.passes(Span::minutes(2));
    assert!(world.trouble()["accounts"][0]["why"].to_string().contains("TOKEN_KEY"));
    world.set("TOKEN_KEY", &key);
    world.passes(Span::minutes(10));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_spent_budget_waits_until_it_is_renewed() {
    let mut world = World::new();
    // A window of which X says nothing: its word would be the last.
    world.set("SEND_LIMITS", "1/20h");
    world.writes(ADA, "hi");
    world.drive();
    world.passes(Span::hours(1));
    world.writes(ADA, "hours");
    world.passes(Span::hours(1));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.sends(), 1);
    world.passes(Span::hours(22));
    world.passes(Span::minutes(10));
    assert_eq!(world.sent_to(ADA).len(), 2);
}

#[test]
fn while_x_is_silent_most_messages_wait_rather_than_become_doubtful() {
    let mut world = World::new();
    world.inner.borrow_mut().faults.down(Seam::Send);
    for n in 0..60 {
        world.writes(&format!("18934712345678{n:05}"), "hi");
        world.passes(Span::minutes(1));
    }
    world.inner.borrow_mut().faults.up(Seam::Send);
    world.passes(Span::hours(2));
    let doubtful = world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'doubtful'");
    assert!((1..=15).contains(&doubtful), "{doubtful} of 60");
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sent'"), 60 - doubtful);
}

#[test]
fn an_unknown_message_of_an_account_that_is_signed_out_becomes_doubtful_and_the_queue_stays_small() {
    let mut world = World::new();
    world.misbehaves(hangs(1));
    world.writes(ADA, "hi");
    world.drive();
    world.change("UPDATE accounts SET status = 'signed_out'");
    assert!(world.trouble()["unknown_messages"].as_array().unwrap().is_empty(), "its lease is not over");
    world.passes(Span::minutes(30));
    assert_eq!(world.trouble()["unknown_messages"].as_array().unwrap().len(), 1, "seen while it lasts");
    assert!(world.inner.borrow().queue.len() <= 1, "no job multiplies");
    world.passes(Span::minutes(45));
    assert_eq!(world.trouble()["messages"][0]["status"], "doubtful");
}

#[test]
fn a_look_that_x_refuses_for_good_ends_in_open_doubt() {
    let mut world = World::new();
    let list = Calls::to(http::Method::GET, "/1.1/direct_messages/events/list.json").for_ever();
    world.misbehaves(Trouble::Calls(list, Mishap::refused(453)));
    world.misbehaves(hangs(1));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(75));
    assert_eq!(world.trouble()["messages"][0]["status"], "doubtful");
}

#[test]
fn a_message_that_rests_does_not_make_the_drain_spin() {
    let mut world = World::new();
    world.misbehaves(refuses(1, 226));
    world.writes(ADA, "hi");
    world.drive();
    world.writes(ADA, "hours");
    world.drive();
    assert!(world.sent_to(ADA).is_empty());
    world.connects(BRAND);
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 2, "connecting again sends what is owed at once");

    world.misbehaves(refuses(1, 130));
    world.writes(ADA, "help");
    world.drive();
    world.writes(ADA, "hi");
    world.connects(BRAND);
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 2, "both wait behind the one that X put off");
    world.passes(Span::minutes(1));
    assert_eq!(world.sent_to(ADA).len(), 4);
}

#[test]
fn a_setting_that_is_wrong_for_a_while_spends_no_message() {
    let mut world = World::new();
    let body = FailureBody::Html;
    world.misbehaves(Trouble::Calls(Calls::sending(), Mishap::Fails { status: 404, body, done: false }));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(1));
    assert!(world.trouble()["accounts"][0]["why"]["what_to_do"].as_str().unwrap().contains("X_API_BASE"));
    world.passes(Span::minutes(6));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.trouble()["accounts"][0]["why"], serde_json::Value::Null, "told only while it lasts");
}

#[test]
fn a_refusal_that_is_not_about_the_dialect_has_nobody_look_for_another() {
    if speaks_plain() {
        return; // v2 names no code that would tell the two apart
    }
    for code in [349, 354, 226] {
        let mut world = World::new();
        world.passes(Span::minutes(20));
        let asked = |world: &World| {
            world.calls_to("/1.1/direct_messages/welcome_messages/list.json") + world.calls_to("/2/dm_events")
        };
        let before = asked(&world);
        world.misbehaves(refuses(1, code));
        world.writes(ADA, "hi");
        world.drive();
        assert_eq!(asked(&world), before, "{code}");
    }
}
