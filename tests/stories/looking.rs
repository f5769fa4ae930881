//! A look into the account's own messages on X: as far back as it takes to know, and no further.

use perch::store::{accounts, replays};
use perch::x_api::ids::UserId;
use perch::x_api::time::Span;
use perch_simulator::V1;
use serde_json::json;

use crate::gaps::signed_out;
use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, loses_answer};
use crate::world::dialects::speaks_plain;
use crate::world::faults::{Fault, Seam};

#[test]
fn what_stands_behind_many_newer_messages_is_found() {
    let mut world = World::new();
    world.inner.borrow_mut().echoes_get_lost = true;
    world.misbehaves(loses_answer(1));
    world.writes(ADA, "hi");
    world.drive();
    // A page is 50 long in rich and 20 in plain, where each message is billed; what was typed since stands before it.
    let newer = if speaks_plain() { 45 } else { 120 };
    for line in 0..newer {
        world.human_types(BO, &format!("line {line}"));
    }
    world.passes(Span::minutes(3));
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sent'"), 1);
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn what_x_never_had_is_known_to_be_missing_from_a_page_that_reaches_back_beyond_it() {
    let mut world = World::new();
    world.set("WHEN_DOUBTFUL", "resend");
    world.inner.borrow_mut().echoes_get_lost = true;
    // More than a look reads altogether.
    for line in 0..400 {
        world.human_types(BO, &format!("line {line}"));
    }
    world.passes(Span::minutes(5));
    let before = world.looks();
    world.inner.borrow_mut().faults.at_next(Seam::Send, Fault::Before);
    world.writes(ADA, "hi");
    world.passes(Span::minutes(15));
    assert_eq!(world.sent_to(ADA).len(), 1, "sent again once it was known");
    assert!(world.looks() - before <= 3, "a page for each look: {}", world.looks() - before);
}

#[test]
fn whoever_asks_how_a_message_went_and_whoever_reads_the_list_back_share_what_x_allows() {
    let mut world = World::new();
    world.inner.borrow_mut().echoes_get_lost = true;
    let from = world.now();
    world.misbehaves(loses_answer(1));
    world.writes(ADA, "hi");
    world.drive();
    // More than one look reads, so that each minute has one; and all of it is to be read back.
    for line in 0..400 {
        world.human_types(BO, &format!("line {line}"));
    }
    let now = world.now();
    world.runs(replays::look_up(&UserId::from(BRAND), from, now));
    world.passes(Span::minutes(90));
    assert_eq!(world.looks_refused(), 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM look_ups"), 0, "all of it was read");
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sent'"), 1);
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_message_is_not_given_up_because_somebody_else_has_just_looked() {
    let mut world = World::new();
    world.inner.borrow_mut().echoes_get_lost = true;
    world.misbehaves(loses_answer(1));
    world.writes(ADA, "hi");
    world.drive();
    // Nobody has asked X for an hour; somebody does so a moment before the account's unknown messages are taken up.
    world.inner.borrow_mut().faults.down(Seam::Send);
    world.passes(Span::minutes(59));
    world.inner.borrow_mut().faults.up(Seam::Send);
    let now = world.now();
    world.runs(accounts::look(&UserId::from(BRAND), now + Span::minutes(5), now + Span::minutes(3)));
    world.change("UPDATE outbox SET due_at = 0 WHERE status = 'sending'");
    world.passes(Span::minutes(2));
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status = 'doubtful'"), 0);
    world.passes(Span::minutes(10));
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sent'"), 1);
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn an_account_that_was_away_for_longer_than_x_shows_is_read_as_far_back_as_x_shows() {
    let mut world = signed_out();
    let now = world.now();
    world.runs(replays::look_up(&UserId::from(BRAND), now, now));
    // More looks than it takes to give up what X refuses all the time.
    world.passes(Span::hours(22));
    world.sleeps(Span::days(31));
    world.writes(ADA, "hi");
    assert_eq!(world.connects(BRAND)["ok"], true);
    // Long before a replay of all that time comes to its end.
    world.passes(Span::minutes(10));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_list_that_is_half_read_when_the_account_changes_its_dialect_is_read_anew_in_the_other_one() {
    let mut world = World::new();
    world.inner.borrow_mut().x.portal().v1 = V1::Open;
    let other = if speaks_plain() { "rich" } else { "plain" };
    world.inner.borrow_mut().x.unsubscribe_now(BRAND);
    world.writes(ADA, "hi");
    // More than a page in either dialect.
    for line in 0..120 {
        world.human_types(BO, &format!("line {line}"));
    }
    let now = world.now();
    world.runs(replays::look_up(&UserId::from(BRAND), now, now));
    world.passes(Span::minutes(1));
    assert_eq!(world.count("SELECT COUNT(*) FROM look_ups WHERE cursor IS NOT NULL"), 1, "under way");
    assert_eq!(world.api("POST", "/api/accounts/speak", &json!({"speaks": other})).0, 200);
    world.passes(Span::minutes(15));
    assert_eq!(world.count("SELECT COUNT(*) FROM look_ups"), 0, "all of it was read");
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_list_that_is_to_be_read_back_anyway_is_not_read_twice_and_one_that_is_begun_is() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    let (account, from) = (UserId::from(BRAND), world.now());
    let later = from + Span::minutes(1);
    world.change("UPDATE accounts SET webhook_id = iif(username = 'furni', 'w', NULL)");
    for again in [replays::look_up(&account, later, later), replays::look_up_all(&"w".into(), later, later)] {
        for (change, count) in [
            ("SELECT 1", 1),
            ("UPDATE look_ups SET cursor = 'rich5'", 2),
            ("UPDATE look_ups SET attempts = 1", 2),
            ("UPDATE look_ups SET account_id = 'a'", 2),
            ("UPDATE look_ups SET from_at = from_at + 60001", 2),
        ] {
            world.change("DELETE FROM look_ups");
            world.runs(replays::look_up(&account, from, from));
            world.change(change);
            world.runs(again.clone());
            assert_eq!(world.rows("SELECT * FROM look_ups").len(), count, "{change}: {}", again.sql);
        }
    }
}
