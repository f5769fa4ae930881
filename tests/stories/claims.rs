//! Who may take which message, condition by condition: the claim itself, over the real tables.

use perch::store::outbox::{self, Gates, Kind, LEASE, Lane};
use perch::x_api::time::Span;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, SHOP};
use crate::world::store::{conversation, free, limit};

/// Two accounts that may both send.
fn two() -> World {
    let mut world = World::new();
    assert_eq!(world.connects(SHOP)["ok"], true);
    world.drive();
    world
}

#[test]
fn nothing_is_taken_of_an_account_that_may_not_send_though_another_may() {
    for (stops, goes_on) in [
        (
            "UPDATE accounts SET status = 'signed_out' WHERE id = '1893471234567890001'",
            "UPDATE accounts SET status = 'ready'",
        ),
        ("UPDATE accounts SET is_on = 0 WHERE id = '1893471234567890001'", "UPDATE accounts SET is_on = 1"),
        (
            "UPDATE accounts SET held_until = 1790000900000 WHERE id = '1893471234567890001'",
            "UPDATE accounts SET held_until = 0",
        ),
    ] {
        let mut world = two();
        let message = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
        world.change(stops);
        assert_eq!(world.claims(BRAND, ADA, "w", &free()), None, "{stops}");
        world.change(goes_on);
        assert_eq!(world.claims(BRAND, ADA, "w", &free()), Some(message), "{stops}");
    }
}

#[test]
fn a_worker_takes_the_oldest_message_of_its_own_conversation() {
    let mut world = two();
    world.owes(SHOP, ADA, 1, Kind::Dm, "bot");
    world.owes(BRAND, BO, 1, Kind::Dm, "bot");
    world.owes(BRAND, ADA, 6, Kind::Dm, "bot");
    let oldest = world.owes(BRAND, ADA, 5, Kind::Dm, "bot");
    assert_eq!(world.claims(BRAND, ADA, "w", &free()), Some(oldest));
}

#[test]
fn a_post_and_a_message_do_not_wait_for_each_other() {
    let mut world = World::new();
    let post = world.owes(BRAND, ADA, 1, Kind::Post, "bot");
    let message = world.owes(BRAND, ADA, 2, Kind::Dm, "bot");
    assert_eq!(world.claims(BRAND, ADA, "w", &free()), Some(message));
    assert_eq!(world.claims_of(Lane::Posts, BRAND, ADA, "w", &free()), Some(post));
    let mut world = World::new();
    let message = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    let post = world.owes(BRAND, ADA, 2, Kind::Post, "bot");
    assert_eq!(world.claims_of(Lane::Posts, BRAND, ADA, "w", &free()), Some(post));
    assert_eq!(world.claims(BRAND, ADA, "w", &free()), Some(message));
}

#[test]
fn a_claim_may_be_repeated_and_nobody_else_gets_the_message_or_passes_it() {
    let mut world = World::new();
    let first = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    world.owes(BRAND, ADA, 2, Kind::Dm, "bot");
    for _ in 0..2 {
        assert_eq!(world.claims(BRAND, ADA, "w", &free()), Some(first.clone()));
    }
    assert_eq!(world.count("SELECT SUM(attempts) FROM outbox"), 1, "a claim repeated is one try");
    assert_eq!(world.claims(BRAND, ADA, "another", &free()), None);
    // Its lease may be over: whether it is on X has to be looked up first.
    world.sleeps(LEASE + Span::minutes(1));
    assert_eq!(world.claims(BRAND, ADA, "another", &free()), None);
}

#[test]
fn a_claim_writes_down_who_has_the_message_and_until_when_nobody_else_looks_for_it() {
    let mut world = World::new();
    let message = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    let (now, until) = (world.now().0, (world.now() + LEASE).0);
    let claim = outbox::claim(&conversation(BRAND, ADA), "w", Lane::Messages, &free(), world.now());
    let query = "SELECT id, status, claim, intent_at, lease_until, due_at, attempts FROM outbox";
    let expected = [
        "attempts: 1".to_owned(),
        "claim: \"w\"".to_owned(),
        format!("due_at: {until}"),
        format!("intent_at: {now}"),
        format!("lease_until: {until}"),
        "status: \"sending\"".to_owned(),
    ];
    assert_eq!(world.changes(query, claim), expected.map(|change| format!("{message} {change}")));
}

#[test]
fn a_post_needs_no_place_in_the_limit_of_messages() {
    let mut world = World::new();
    world.owes(BRAND, BO, 1, Kind::Dm, "bot");
    assert!(world.claims(BRAND, BO, "v", &limit(1)).is_some());
    let post = world.owes(BRAND, ADA, 1, Kind::Post, "bot");
    assert_eq!(world.claims_of(Lane::Posts, BRAND, ADA, "w", &limit(1)), Some(post));
}

#[test]
fn a_message_that_rests_is_not_taken_before_its_time() {
    let mut world = World::new();
    let message = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    world.change("UPDATE outbox SET due_at = due_at + 60000");
    assert_eq!(world.claims(BRAND, ADA, "w", &free()), None);
    world.sleeps(Span::minutes(1));
    assert_eq!(world.claims(BRAND, ADA, "w", &free()), Some(message));
}

#[test]
fn a_message_waits_for_its_own_file_until_x_has_it_or_never_will() {
    for (file, is_taken) in [
        (
            "INSERT INTO media (account_id, sha256, status, due_at, expires_at) VALUES ('1893471234567890001', 'f', 'wanted', 0, 9e15)",
            false,
        ),
        (
            "INSERT INTO media (account_id, sha256, status, due_at, expires_at) VALUES ('1893471234567890001', 'f', 'ready', 0, 1)",
            false,
        ),
        (
            "INSERT INTO media (account_id, sha256, status, due_at, expires_at) VALUES ('1893471234567890001', 'f', 'ready', 0, 9e15)",
            true,
        ),
        (
            "INSERT INTO media (account_id, sha256, status, due_at) VALUES ('1893471234567890001', 'f', 'failed', 0)",
            true,
        ),
        (
            "INSERT INTO media (account_id, sha256, status, due_at, expires_at) VALUES ('1893471234567890001', 'g', 'ready', 0, 9e15)",
            false,
        ),
        (
            "INSERT INTO media (account_id, sha256, status, due_at, expires_at) VALUES ('1893471234567890002', 'f', 'ready', 0, 9e15)",
            false,
        ),
    ] {
        let mut world = World::new();
        let message = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
        world.change("UPDATE outbox SET media = 'f'");
        assert_eq!(world.claims(BRAND, ADA, "w", &free()), None);
        world.change(file);
        assert_eq!(world.claims(BRAND, ADA, "w", &free()), is_taken.then_some(message), "{file}");
    }
}

#[test]
fn the_cap_of_the_day_holds_what_today_and_this_account_have_spent_against_it() {
    for (spent, is_taken) in [
        ("INSERT INTO costs VALUES (1789948800000, '1893471234567890001', 'dm.sent', 1, 85)", true),
        ("INSERT INTO costs VALUES (1789948800000, '1893471234567890001', 'dm.sent', 1, 86)", false),
        ("INSERT INTO costs VALUES (1789862400000, '1893471234567890001', 'dm.sent', 1, 86)", true),
        ("INSERT INTO costs VALUES (1789948800000, '1893471234567890002', 'dm.sent', 1, 86)", true),
    ] {
        for (lane, kind) in [(Lane::Messages, Kind::Dm), (Lane::Posts, Kind::Post)] {
            let mut world = World::new();
            let gates = Gates { cap: Some(85 + free().dearest(lane)), ..free() };
            world.change("DELETE FROM costs");
            let message = world.owes(BRAND, ADA, 1, kind, "bot");
            world.change(spent);
            assert_eq!(world.claims_of(lane, BRAND, ADA, "w", &gates), is_taken.then_some(message), "{spent}");
        }
    }
}

#[test]
fn what_is_on_its_way_counts_against_the_cap_of_its_account() {
    for (other, change, is_taken) in [
        (BRAND, "UPDATE outbox SET status = 'sending' WHERE customer_id = '1893471234567891002'", false),
        (BRAND, "UPDATE outbox SET status = 'sent' WHERE customer_id = '1893471234567891002'", true),
        (BRAND, "SELECT 1", true),
        (SHOP, "UPDATE outbox SET status = 'sending' WHERE customer_id = '1893471234567891002'", true),
    ] {
        let mut world = two();
        world.change("DELETE FROM costs");
        let gates = Gates { cap: Some(2 * free().message - 1), ..free() };
        world.owes(other, BO, 1, Kind::Dm, "bot");
        let message = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
        world.change(change);
        // Repeated, it does not count against itself.
        for _ in 0..2 {
            assert_eq!(world.claims(BRAND, ADA, "w", &gates), is_taken.then_some(message.clone()), "{other} {change}");
        }
    }
}

#[test]
fn what_is_spent_of_a_limit_counts_for_its_account_its_dialect_and_its_window() {
    for (spent, is_taken) in [
        (
            "INSERT INTO budgets SELECT id, speaks, 900000, NULL, 1, 9e15 FROM accounts WHERE id = '1893471234567890001'",
            false,
        ),
        (
            "INSERT INTO budgets SELECT id, speaks, 900000, 5, 1, 9e15 FROM accounts WHERE id = '1893471234567890001'",
            true,
        ),
        (
            "INSERT INTO budgets SELECT id, speaks, 900000, NULL, 1, 1 FROM accounts WHERE id = '1893471234567890001'",
            true,
        ),
        (
            "INSERT INTO budgets SELECT id, 'other', 900000, NULL, 1, 9e15 FROM accounts WHERE id = '1893471234567890001'",
            true,
        ),
        (
            "INSERT INTO budgets SELECT id, speaks, 86400000, NULL, 1, 9e15 FROM accounts WHERE id = '1893471234567890001'",
            true,
        ),
        (
            "INSERT INTO budgets SELECT '1893471234567890002', speaks, 900000, NULL, 1, 9e15 FROM accounts WHERE id = '1893471234567890001'",
            true,
        ),
    ] {
        let mut world = World::new();
        world.change("DELETE FROM budgets");
        let message = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
        world.change(spent);
        assert_eq!(world.claims(BRAND, ADA, "w", &limit(1)), is_taken.then_some(message), "{spent}");
    }
}

#[test]
fn what_another_account_speaks_does_not_bring_its_limits_in() {
    let mut world = two();
    world.change("DELETE FROM budgets");
    world.change("UPDATE accounts SET speaks = CASE id WHEN '1893471234567890001' THEN 'rich' ELSE 'plain' END");
    world.change("INSERT INTO budgets VALUES ('1893471234567890001', 'plain', 900000, NULL, 1, 9e15)");
    let message = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    assert_eq!(world.claims(BRAND, ADA, "w", &limit(1)), Some(message));
}

#[test]
fn the_limits_of_the_other_dialect_do_not_count() {
    let mut world = World::new();
    world.change("DELETE FROM budgets");
    world.change("UPDATE accounts SET speaks = 'rich'");
    world.change("INSERT INTO budgets VALUES ('1893471234567890001', 'rich', 900000, NULL, 1, 9e15)");
    let message = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    let limits = r#"[{"whose":"account","speaks":"rich","window":900000,"cap":5},{"whose":"account","speaks":"plain","window":900000,"cap":1}]"#;
    let gates = Gates { limits: limits.to_owned(), ..free() };
    assert_eq!(world.claims(BRAND, ADA, "w", &gates), Some(message));
}

#[test]
fn a_limit_of_the_app_is_spent_by_whatever_account_sends() {
    for (spent, is_taken) in [
        ("INSERT INTO budgets SELECT 'app', speaks, 900000, NULL, 1, 9e15 FROM accounts", false),
        ("INSERT INTO budgets SELECT id, speaks, 900000, NULL, 1, 9e15 FROM accounts", true),
    ] {
        let mut world = World::new();
        world.change("DELETE FROM budgets");
        let message = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
        world.change(spent);
        let of_app = Gates { limits: limit(1).limits.replace(r#""account""#, r#""app""#), ..free() };
        assert_eq!(world.claims(BRAND, ADA, "w", &of_app), is_taken.then_some(message), "{spent}");
        world.owes(BRAND, BO, 1, Kind::Dm, "bot");
        assert_eq!(world.claims(BRAND, BO, "w", &of_app), None, "it is spent now, if it was not before");
    }
}

#[test]
fn what_an_earlier_version_owed_and_x_does_not_bill_waits_for_no_cap() {
    let mut world = World::new();
    let former = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    world.change("UPDATE outbox SET kind = 'typing'");
    assert_eq!(world.claims(BRAND, ADA, "w", &Gates { cap: Some(0), ..free() }), Some(former));
}
