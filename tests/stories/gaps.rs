//! Time in which X delivered nothing, however it came about: what was written then is asked for and answered once.

use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Trouble};
use serde_json::{Value, json};

use crate::health::{health, problem, validation_fails};
use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, SHOP, refuses};
use crate::world::faults::Seam;

/// X takes the webhook for invalid for so long.
fn silence(world: &mut World, minutes: i64) {
    validation_fails(world);
    world.misbehaves(Trouble::InvalidateWebhooks);
    world.passes(Span::minutes(minutes));
    world.inner.borrow_mut().x.behave();
}

#[test]
fn a_webhook_that_x_has_forgotten_is_registered_anew_and_what_was_missed_is_answered() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    let id = world.inner.borrow().x.webhooks()[0].id.clone();
    world.api("POST", "/api/webhooks/delete", &json!({"id": id}));
    world.writes(ADA, "is anybody there?");
    world.passes(Span::minutes(30));
    assert_eq!(health(&mut world)["well"], true);
    assert_eq!(world.sent_to(ADA).len(), 1, "looked up, since the new webhook knows nothing of it");
    world.writes(BO, "and now?");
    world.drive();
    assert_eq!(world.sent_to(BO).len(), 1);
}

#[test]
fn an_address_that_x_takes_no_more_is_a_problem_with_its_mend() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    let id = world.inner.borrow().x.webhooks()[0].id.clone();
    world.set("X_CRC_SECRET", "another");
    world.api("POST", "/api/webhooks/delete", &json!({"id": id}));
    world.passes(Span::minutes(6));
    let told = problem(&health(&mut world), "webhook:");
    assert!(told["what_to_do"].as_str().unwrap().contains("X_CRC_SECRET"), "{told:#}");
    world.unset("X_CRC_SECRET");
    world.passes(Span::minutes(15));
    assert_eq!(health(&mut world)["well"], true);
}

#[test]
fn a_gap_whose_last_part_is_too_young_is_replayed_to_its_end() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    validation_fails(&mut world);
    world.misbehaves(Trouble::InvalidateWebhooks);
    world.passes(Span::minutes(124));
    world.writes(ADA, "in the last minutes of it");
    world.passes(Span::minutes(2));
    world.inner.borrow_mut().x.behave();
    world.passes(Span::hours(4));
    assert_eq!(world.sent_to(ADA).len(), 1);
    let rows = world.rows("SELECT status, why FROM replays");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["why"], "X has delivered it all again", "{rows:?}");
}

#[test]
fn a_replay_waits_for_what_passes_and_is_not_given_up() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    silence(&mut world, 60);
    for path in ["/1.1/account_activity/replay/", "/2/webhooks/replay"] {
        let asked = Calls::to(http::Method::POST, path).times(8);
        world.misbehaves(Trouble::Calls(asked, Mishap::unavailable()));
    }
    world.passes(Span::hours(6));
    let rows = world.rows("SELECT status, why FROM replays");
    assert_eq!((&rows[0]["status"], &rows[0]["why"]), (&json!("done"), &json!("X has delivered it all again")));
}

#[test]
fn the_same_minutes_can_be_asked_for_by_hand_as_often_as_wanted() {
    let mut world = World::new();
    world.passes(Span::hours(2));
    let ask = json!({"from": "2026-09-21T14:20:00Z", "to": "2026-09-21T15:00:00Z"});
    for time in 1..=2 {
        assert_eq!(world.api("POST", "/api/replays", &ask).0, 202);
        world.passes(Span::hours(2));
        let asked =
            world.calls_to_starting_with("/1.1/account_activity/replay/") + world.calls_to("/2/webhooks/replay");
        assert_eq!(asked, time);
    }
}

#[test]
fn what_was_refused_for_a_wrong_secret_is_asked_for_once_the_right_one_is_here() {
    let mut world = World::new();
    world.writes(BO, "hi");
    world.passes(Span::minutes(6));
    // The app has a new secret, and the deployment does not know it yet: deliveries are refused, and so are our calls.
    world.set("X_CONSUMER_SECRET", "the former one");
    world.writes(ADA, "hello?");
    world.passes(Span::hours(1));
    assert_eq!(world.sent_to(ADA).len(), 0);
    world.set("X_CONSUMER_SECRET", crate::world::cast::CONSUMER_SECRET);
    world.passes(Span::hours(3));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.sent_to(BO).len(), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM replays"), 2, "one for each change of the secret");
}

#[test]
fn what_had_to_be_refused_for_minutes_is_asked_for_once_the_queue_takes_something_again() {
    for x_can_be_asked in [true, false] {
        let mut world = World::new();
        world.passes(Span::minutes(6));
        for seam in [Seam::Enqueue, Seam::Sql] {
            world.inner.borrow_mut().faults.down(seam);
        }
        world.writes(ADA, "is anybody there?");
        world.passes(Span::minutes(2));
        world.writes(ADA, "hello?");
        world.passes(Span::seconds(90));
        let refused = world.told("delivery").iter().filter(|line| line["why"] == "nothing_took_it").count();
        assert_eq!(refused, 2, "{:?}", world.told("delivery"));
        for seam in [Seam::Enqueue, Seam::Sql] {
            world.inner.borrow_mut().faults.up(seam);
        }
        let lists = Calls::to(http::Method::GET, "/1.1/account_activity").for_ever();
        let lists_v2 = Calls::to(http::Method::GET, "/2/webhooks").for_ever();
        if !x_can_be_asked {
            world.misbehaves(Trouble::Calls(lists, Mishap::unavailable()));
            world.misbehaves(Trouble::Calls(lists_v2, Mishap::unavailable()));
        }
        world.writes(BO, "hi");
        world.passes(Span::minutes(12));
        world.inner.borrow_mut().x.behave();
        world.passes(Span::hours(3));
        assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (2, 1), "{x_can_be_asked}");
        assert_eq!(world.count("SELECT COUNT(*) FROM health WHERE what = 'refused'"), 0, "asked for once");
    }
}

#[test]
fn what_somebody_answered_by_hand_during_the_gap_is_not_answered_again() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    validation_fails(&mut world);
    world.misbehaves(Trouble::InvalidateWebhooks);
    world.writes(ADA, "when do you open?");
    world.writes(BO, "and on Sundays?");
    world.passes(Span::minutes(5));
    world.human_types(ADA, "At nine.");
    world.passes(Span::minutes(50));
    world.inner.borrow_mut().x.behave();
    world.passes(Span::hours(4));
    assert_eq!(world.sent_to(ADA), ["At nine."]);
    assert_eq!(world.sent_to(BO).len(), 1, "nobody has answered this one");
}

#[test]
fn a_subscription_that_was_ended_by_hand_stays_ended_until_it_is_made_again() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    let of = json!({"account": "furni"});
    assert_eq!(world.api("POST", "/api/subscriptions/delete", &of).0, 200);
    world.passes(Span::minutes(30));
    assert!(!world.inner.borrow().x.is_subscribed(BRAND));
    assert_eq!(world.api("POST", "/api/subscriptions/check", &of).1["subscribed"], false);
    assert_eq!(world.api("POST", "/api/subscriptions/add", &of).0, 200);
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn an_account_whose_subscription_was_ended_by_hand_is_not_read_when_something_was_missed() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    assert_eq!(world.api("POST", "/api/subscriptions/delete", &json!({"account": "furni"})).0, 200);
    world.passes(Span::minutes(10));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(50));
    let ask = json!({"from": "2026-09-21T14:00:00Z", "to": "2026-09-21T14:50:00Z"});
    assert_eq!(world.api("POST", "/api/replays", &ask).0, 202);
    world.passes(Span::hours(3));
    assert!(world.sent_to(ADA).is_empty(), "{:?}", world.sent_to(ADA));
}

/// X delivers nothing of the brand any more, and has refused its tokens.
pub fn signed_out() -> World {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    world.inner.borrow_mut().x.unsubscribe_now(BRAND);
    world.misbehaves(refuses(1, 89));
    world.api("POST", "/api/dm/send", &json!({"account": BRAND, "customer": BO, "text": "Hello"}));
    world.drive();
    assert_eq!(world.rows("SELECT status FROM accounts")[0]["status"], "signed_out");
    world
}

#[test]
fn what_an_account_missed_that_was_signed_out_is_answered_once_it_is_back() {
    let mut world = signed_out();
    world.writes(ADA, "hi");
    world.passes(Span::hours(2));
    assert!(world.sent_to(ADA).is_empty());
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.passes(Span::hours(3));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn an_account_that_is_connected_by_half_is_a_problem() {
    let mut world = World::new();
    for path in ["/1.1/account_activity/webhooks", "/2/account_activity/webhooks", "/2/activity"] {
        let subscribing = Calls::to(http::Method::POST, path).for_ever();
        world.misbehaves(Trouble::Calls(subscribing, Mishap::refused(131)));
    }
    assert_eq!(world.connects(SHOP)["ok"], false);
    world.inner.borrow_mut().x.behave();
    world.passes(Span::minutes(6));
    let told = problem(&health(&mut world), &format!("subscription:{SHOP}"));
    assert!(told["cause"].as_str().unwrap().contains("@shop is connected by half"), "{told:#}");
    assert_eq!(world.connects(SHOP)["ok"], true);
    world.passes(Span::minutes(6));
    assert_eq!(health(&mut world)["well"], true);
}

#[test]
fn a_move_that_x_refuses_leaves_everybody_where_they_were() {
    let mut world = World::empty();
    world.inner.borrow_mut().x.settings().sandbox = (1, 15);
    world.inner.borrow_mut().x.settings().contract = (1, 500);
    world.inner.borrow_mut().x.settings().plan = (1, 15);
    assert_eq!(world.connects(BRAND)["ok"], true);
    let (status, report) = world.api("POST", "/api/webhooks/move", &json!({"url": "http://not-https.example/webhook"}));
    assert_eq!(status, 502, "{report:#}");
    world.set("X_CRC_SECRET", "another");
    let (status, report) = world.api("POST", "/api/webhooks/move", &json!({"url": "https://typo.example/webhook"}));
    assert_eq!(status, 502, "{report:#}");
    world.unset("X_CRC_SECRET");
    world.passes(Span::minutes(20));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(20));
    assert_eq!(world.sent_to(ADA).len(), 1, "{report:#}");
    assert_eq!(health(&mut world)["well"], true);
}

#[test]
fn customers_of_a_gap_are_answered_in_the_order_in_which_they_wrote() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    validation_fails(&mut world);
    world.misbehaves(Trouble::InvalidateWebhooks);
    for (customer, words) in [(ADA, "first"), (ADA, "menu"), (BO, "second"), (ADA, "hours")] {
        world.writes(customer, words);
        world.passes(Span::minutes(2));
    }
    world.passes(Span::minutes(40));
    world.inner.borrow_mut().x.behave();
    world.passes(Span::hours(4));
    let said = world.sent_to(ADA);
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[2].contains("Monday to Friday"), "the last words were \"hours\": {said:?}");
    assert_eq!(world.sent_to(BO).len(), 1);
}

#[test]
fn nothing_of_the_time_before_an_account_was_connected_is_answered() {
    let mut world = World::new();
    world.writes_to(SHOP, ADA, "before you were here");
    world.passes(Span::minutes(10));
    assert_eq!(world.connects(SHOP)["ok"], true);
    world.passes(Span::minutes(6));
    let ask = json!({"from": "2026-09-21T13:00:00Z", "to": "2026-09-21T15:00:00Z"});
    assert_eq!(world.api("POST", "/api/replays", &ask).0, 202);
    world.passes(Span::hours(4));
    assert_eq!(world.sent_between(SHOP, ADA), Vec::<String>::new());
}

#[test]
fn a_list_of_subscriptions_that_x_refuses_is_a_problem() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    for path in ["/1.1/account_activity/webhooks/", "/2/account_activity/webhooks/", "/2/activity"] {
        let listing = Calls::to(http::Method::GET, path).for_ever();
        world.misbehaves(Trouble::Calls(listing, Mishap::refused(200)));
    }
    world.passes(Span::minutes(6));
    let told: Value = problem(&health(&mut world), "subscriptions:");
    assert!(told["cause"].as_str().unwrap().contains("does not say for whom"), "{told:#}");
}
