//! What goes wrong on X's side while nobody looks: seen, mended, and what was missed brought back.

use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Trouble};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, SHOP};
use crate::world::dialects::is_v2;
use crate::world::faults::FAULTS;

pub fn health(world: &mut World) -> Value {
    world.api("GET", "/api/health", &Value::Null).1
}

pub fn problem(health: &Value, what: &str) -> Value {
    let all = health["problems"].as_array().unwrap();
    all.iter().find(|problem| problem["what"].as_str().unwrap().starts_with(what)).cloned().unwrap_or_default()
}

/// X cannot validate the webhook: every try to mend it fails.
pub fn validation_fails(world: &mut World) {
    for path in ["/1.1/account_activity/webhooks/", "/2/webhooks/"] {
        let put = Calls::to(http::Method::PUT, path).for_ever();
        world.misbehaves(Trouble::Calls(put, Mishap::refused(214)));
    }
}

#[test]
fn all_is_well_and_says_when_x_was_last_heard_of() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.passes(Span::minutes(6));
    let health = health(&mut world);
    assert_eq!(health["well"], true, "{health:#}");
    assert!(
        health["checked_at"].is_i64() && health["last_event_at"].is_i64() && health["last_crc_at"].is_i64(),
        "{health:#}"
    );
}

#[test]
fn an_invalid_webhook_is_validated_within_minutes() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    world.misbehaves(Trouble::InvalidateWebhooks);
    world.passes(Span::minutes(6));
    assert!(world.inner.borrow().x.webhooks()[0].valid);
    assert_eq!(health(&mut world)["well"], true);
}

/// An hour without a valid webhook, with fifty messages; then X lets it be mended.
fn an_hour_of_silence(product: &str) -> World {
    let mut world = World::empty();
    world.set("X_PRODUCT", product);
    world.set("X_ENV_NAME", "prod");
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.passes(Span::minutes(6));
    validation_fails(&mut world);
    world.misbehaves(Trouble::InvalidateWebhooks);
    for customer in 0..50 {
        world.writes(&format!("7{customer:03}"), &format!("hello from {customer}"));
        world.passes(Span::seconds(72));
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox"), 0, "{product}: X delivers nothing");
    let told = problem(&health(&mut world), "webhook:");
    assert!(told["cause"].as_str().unwrap().contains("invalid"), "{told:#}");
    assert!(told["what_to_do"].as_str().unwrap().len() > 20, "{told:#}");
    world.inner.borrow_mut().x.behave();
    world
}

#[test]
fn after_an_hour_without_a_webhook_all_fifty_messages_are_answered_once() {
    for product in ["enterprise", "aaa", "xaa"] {
        let mut world = an_hour_of_silence(product);
        world.passes(Span::hours(4));
        for customer in 0..50 {
            assert_eq!(world.sent_to(&format!("7{customer:03}")).len(), 1, "{product}: customer {customer}");
        }
        assert_eq!(health(&mut world)["well"], true, "{product}");
        assert_eq!(world.count("SELECT COUNT(*) FROM replays WHERE status = 'done'"), 1, "{product}");
        assert_eq!(world.count("SELECT COUNT(*) FROM look_ups"), 0, "{product}");
    }
}

#[test]
fn whatever_fails_while_a_gap_is_mended_everybody_is_answered_once() {
    for fault in FAULTS {
        for seam in (0..60).step_by(3) {
            let mut world = World::new();
            // What never got to X is said after all.
            world.set("WHEN_DOUBTFUL", "resend");
            world.x_redelivers();
            world.passes(Span::minutes(6));
            world.misbehaves(Trouble::InvalidateWebhooks);
            for customer in [ADA, BO] {
                world.writes(customer, "hello");
            }
            world.drive();
            world.inner.borrow_mut().faults.at(seam, fault);
            world.passes(Span::hours(3));
            assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (1, 1), "{fault:?} at {seam}");
        }
    }
}

#[test]
fn where_there_is_no_replay_the_lists_bring_back_what_was_missed() {
    let mut world = World::empty();
    world.set("X_PRODUCT", "premium");
    world.set("X_ENV_NAME", "prod");
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.passes(Span::minutes(6));
    world.misbehaves(Trouble::Calls(
        Calls::to(http::Method::PUT, "/1.1/account_activity/all/").for_ever(),
        Mishap::refused(214),
    ));
    world.misbehaves(Trouble::InvalidateWebhooks);
    for customer in 0..60 {
        world.writes(&format!("7{customer:03}"), "hello");
    }
    world.passes(Span::minutes(20));
    world.inner.borrow_mut().x.behave();
    world.passes(Span::hours(2));
    for customer in 0..60 {
        assert_eq!(world.sent_to(&format!("7{customer:03}")).len(), 1, "customer {customer}");
    }
}

#[test]
fn a_replay_that_x_ends_incomplete_is_asked_for_again() {
    for product in ["enterprise", "aaa", "xaa"] {
        let mut world = an_hour_of_silence(product);
        world.inner.borrow_mut().x.settings().incomplete_replays = 2;
        world.passes(Span::hours(4));
        assert!(replays_asked_for(&world) >= 3, "{product}");
        for customer in 0..50 {
            assert_eq!(world.sent_to(&format!("7{customer:03}")).len(), 1, "{product}: customer {customer}");
        }
    }
}

/// How often X was asked to deliver something again.
pub fn replays_asked_for(world: &World) -> usize {
    world.calls_to_starting_with("/1.1/account_activity/replay/") + world.calls_to("/2/webhooks/replay")
}

#[test]
fn what_was_missed_longer_ago_than_the_script_answers_is_recorded() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    world.writes(ADA, "hello?");
    let mut lost = Vec::new();
    {
        let mut inner = world.inner.borrow_mut();
        let now = inner.now.0.unsigned_abs();
        for delivery in inner.x.deliveries(now) {
            lost.push(delivery.id);
        }
        for id in &lost {
            inner.x.delivered(*id, Some(503));
        }
    }
    assert_eq!(lost.len(), 1);
    world.passes(Span::hours(26));
    let from = (world.now() - Span::hours(27)).0;
    let (status, planned) = replay(&mut world, from, from + 3_600_000 * 2);
    assert_eq!(status, 202, "{planned:#} {from}");
    world.passes(Span::hours(1));
    assert!(world.sent_to(ADA).is_empty(), "a day later nobody waits for this answer");
    assert_eq!(world.count("SELECT COUNT(*) FROM entries WHERE author = 'customer'"), 1);
}

fn replay(world: &mut World, from_ms: i64, to_ms: i64) -> (u16, Value) {
    let moment = |ms: i64| perch::x_api::time::Timestamp(ms).to_string().replace(' ', "T").replace("TUTC", "Z");
    world.api("POST", "/api/replays", &json!({"from": moment(from_ms), "to": moment(to_ms)}))
}

#[test]
fn a_replay_by_hand_says_what_is_wrong_with_its_moments() {
    let mut world = World::new();
    for wrong in [
        json!({}),
        json!({"from": "yesterday", "to": "today"}),
        json!({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}),
    ] {
        assert_eq!(world.api("POST", "/api/replays", &wrong).0, 400, "{wrong}");
    }
    assert_eq!(
        World::empty()
            .api("POST", "/api/replays", &json!({"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}))
            .0,
        409
    );
}

#[test]
fn a_deployment_that_was_away_asks_for_what_it_missed() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    world.sleeps(Span::minutes(50));
    world.passes(Span::minutes(6));
    assert_eq!(world.count("SELECT COUNT(*) FROM replays"), 1);
    world.passes(Span::hours(2));
    assert_eq!(world.count("SELECT COUNT(*) FROM replays"), 1, "once");
}

#[test]
fn an_account_that_x_has_unsubscribed_is_subscribed_again() {
    let mut world = World::new();
    world.connects(SHOP);
    world.passes(Span::minutes(6));
    world.inner.borrow_mut().x.unsubscribe_now(BRAND);
    world.passes(Span::minutes(6));
    assert!(world.inner.borrow().x.is_subscribed(BRAND));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_revoked_account_is_a_problem_until_it_is_back() {
    let mut world = World::new();
    world.misbehaves(Trouble::Revoke { user: BRAND.to_owned() });
    world.passes(Span::minutes(6));
    let told = problem(&health(&mut world), &format!("account:{BRAND}"));
    assert!(told["cause"].as_str().unwrap().contains("@furni is revoked"), "{told:#}");
}

#[test]
fn while_x_cannot_be_asked_what_was_known_stays_known() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    world.misbehaves(Trouble::Calls(
        Calls::starting_with(if is_v2() { "/2/webhooks" } else { "/1.1/account_activity/" }).for_ever(),
        Mishap::unavailable(),
    ));
    world.passes(Span::minutes(6));
    let told = health(&mut world);
    assert!(!problem(&told, "registry").is_null(), "{told:#}");
    assert_eq!(world.count("SELECT COUNT(*) FROM health WHERE what LIKE 'webhook:%' AND status = 'well'"), 1);
    world.inner.borrow_mut().x.behave();
    world.passes(Span::minutes(12));
    assert_eq!(health(&mut world)["well"], true);
    assert_eq!(world.count("SELECT COUNT(*) FROM replays"), 0, "nothing was missed");
}
