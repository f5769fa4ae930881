//! The account's line, where its limit leaves one message: who goes first, and who keeps nobody back.

use perch::store::budgets;
use perch::store::outbox::{self, Gates, Kind, Lane};
use perch::x_api::time::Span;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, SHOP};
use crate::world::store::{conversation, free, limit};

/// Ada's message is older than Bo's; `then` happens, and whether Bo's may go before it.
fn may_go_first(then: &[&'static str]) -> bool {
    let mut world = World::new();
    world.change("DELETE FROM budgets");
    world.owes(BRAND, ADA, 2, Kind::Dm, "bot");
    world.sleeps(Span::seconds(1));
    let message = world.owes(BRAND, BO, 1, Kind::Dm, "bot");
    then.iter().for_each(|change| world.change(change));
    let taken = world.claims(BRAND, BO, "w", &limit(1));
    assert!(taken.is_none() || taken == Some(message), "{taken:?}");
    taken.is_some()
}

#[test]
fn the_oldest_goes_first_and_people_before_the_bot() {
    assert!(!may_go_first(&[]));
    assert!(may_go_first(&["UPDATE outbox SET holder = 'ida' WHERE customer_id = '1893471234567891002'"]));
    assert!(!may_go_first(&["UPDATE outbox SET holder = 'ida'"]));
    let mut world = World::new();
    let older = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    world.sleeps(Span::seconds(1));
    world.owes(BRAND, BO, 1, Kind::Dm, "bot");
    assert_eq!(world.claims(BRAND, ADA, "w", &limit(1)), Some(older));
}

#[test]
fn conversations_whose_turns_were_written_out_of_order_do_not_wait_for_each_other() {
    let mut world = World::new();
    world.change("DELETE FROM budgets");
    let owed = [(ADA, 2), (BO, 2), (ADA, 1), (BO, 1)].map(|(customer, turn)| {
        world.sleeps(Span::seconds(1));
        world.owes(BRAND, customer, turn, Kind::Dm, "bot")
    });
    assert_eq!(world.claims(BRAND, BO, "w", &limit(1)), None, "both of Ada's are before it");
    assert_eq!(world.claims(BRAND, ADA, "w", &limit(1)), Some(owed[2].clone()));
}

#[test]
fn what_is_settled_rests_is_too_late_or_is_none_of_the_accounts_messages_keeps_nobody_back() {
    for change in [
        "UPDATE outbox SET status = 'sent' WHERE turn = 2",
        "UPDATE outbox SET status = 'failed' WHERE turn = 2",
        "UPDATE outbox SET due_at = due_at + 60000 WHERE turn = 2",
        "UPDATE outbox SET send_by = created_at WHERE turn = 2",
        "UPDATE outbox SET kind = 'post' WHERE turn = 2",
        "UPDATE outbox SET account_id = '1893471234567890002' WHERE turn = 2",
        // It has its slot already.
        "UPDATE outbox SET status = 'sending', claim = 'v', lease_until = 9e15 WHERE turn = 2",
    ] {
        assert!(may_go_first(&[change]), "{change}");
    }
}

/// What stands before Ada's message in her conversation.
const BEFORE: &str = "INSERT INTO outbox (id, account_id, customer_id, turn, place, holder, body, send_by, created_at, due_at, kind, status, claim, lease_until)
  SELECT 'before', account_id, customer_id, 1, 0, 'bot', body, send_by, created_at, 9e15, 'dm', 'sending', 'v', 9e15 FROM outbox WHERE turn = 2";

#[test]
fn a_conversation_that_waits_for_something_else_keeps_nobody_back() {
    for before in [
        // Nobody knows whether it is on X.
        &["UPDATE outbox SET lease_until = 1 WHERE id = 'before'"] as &[&str],
        // It is tried again later.
        &["UPDATE outbox SET status = 'owed' WHERE id = 'before'"],
        &["UPDATE outbox SET status = 'owed', due_at = 1, media = 'f' WHERE id = 'before'"],
        &[
            "UPDATE outbox SET status = 'owed', due_at = 1, media = 'f' WHERE id = 'before'",
            "INSERT INTO media (account_id, sha256, status, due_at, expires_at) VALUES ('1893471234567890001', 'f', 'wanted', 0, 9e15)",
        ],
        &[
            "UPDATE outbox SET status = 'owed', due_at = 1, media = 'f' WHERE id = 'before'",
            "INSERT INTO media (account_id, sha256, status, due_at, expires_at) VALUES ('1893471234567890001', 'f', 'ready', 0, 1)",
        ],
        &[
            "UPDATE outbox SET status = 'owed', due_at = 1, media = 'f' WHERE id = 'before'",
            "INSERT INTO media (account_id, sha256, status, due_at, expires_at) VALUES ('1893471234567890002', 'f', 'ready', 0, 9e15)",
        ],
        &[
            "UPDATE outbox SET status = 'owed', due_at = 1, media = 'f' WHERE id = 'before'",
            "INSERT INTO media (account_id, sha256, status, due_at, expires_at) VALUES ('1893471234567890001', 'g', 'ready', 0, 9e15)",
        ],
    ] {
        let all: Vec<&'static str> = [BEFORE].into_iter().chain(before.iter().copied()).collect();
        assert!(may_go_first(&all), "{before:?}");
    }
}

#[test]
fn a_conversation_whose_next_message_can_go_keeps_its_place() {
    for before in [
        // It is on its way, and the next one follows it.
        &[] as &[&str],
        // An earlier try is over; it is due again.
        &["UPDATE outbox SET status = 'owed', claim = NULL, due_at = 1, lease_until = 1 WHERE id = 'before'"],
        &["UPDATE outbox SET status = 'sent', lease_until = 1 WHERE id = 'before'"],
        &["UPDATE outbox SET kind = 'post', lease_until = 1 WHERE id = 'before'"],
        &["UPDATE outbox SET turn = 3, lease_until = 1 WHERE id = 'before'"],
        &["UPDATE outbox SET customer_id = 'c', lease_until = 1 WHERE id = 'before'"],
        &["UPDATE outbox SET account_id = '1893471234567890002', lease_until = 1 WHERE id = 'before'"],
        &[
            "UPDATE outbox SET status = 'owed', due_at = 1, media = 'f' WHERE id = 'before'",
            "INSERT INTO media (account_id, sha256, status, due_at, expires_at) VALUES ('1893471234567890001', 'f', 'ready', 0, 9e15)",
        ],
        &[
            "UPDATE outbox SET status = 'owed', due_at = 1, media = 'f' WHERE id = 'before'",
            "INSERT INTO media (account_id, sha256, status, due_at) VALUES ('1893471234567890001', 'f', 'failed', 0)",
        ],
    ] {
        let all: Vec<&'static str> = [BEFORE].into_iter().chain(before.iter().copied()).collect();
        assert!(!may_go_first(&all), "{before:?}");
    }
}

#[test]
fn of_several_limits_the_narrowest_counts() {
    for wide in [15, 500] {
        let mut world = World::new();
        world.change("DELETE FROM budgets");
        let limits =
            limit(1).limits.replace(']', ",") + &limit(wide).limits.replace('[', "").replace("900000", "86400000");
        let gates = Gates { limits, ..free() };
        world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
        world.sleeps(Span::seconds(1));
        world.owes(BRAND, BO, 1, Kind::Dm, "bot");
        assert_eq!(world.claims(BRAND, BO, "w", &gates), None, "{wide}");
        assert!(world.claims(BRAND, ADA, "w", &gates).is_some());
        assert_eq!(world.claims(BRAND, BO, "w", &gates), None, "{wide}");
    }
}

#[test]
fn what_people_say_after_the_bot_does_not_keep_the_bots_words_of_the_same_conversation_back() {
    let mut world = World::new();
    let bots = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    world.owes(BRAND, ADA, 2, Kind::Dm, "ida");
    assert_eq!(world.claims(BRAND, ADA, "w", &limit(1)), Some(bots));
}

#[test]
fn each_account_has_a_line_of_its_own_and_a_limit_is_not_passed() {
    let mut world = World::new();
    assert_eq!(world.connects(SHOP)["ok"], true);
    world.drive();
    world.owes(SHOP, ADA, 1, Kind::Dm, "bot");
    world.sleeps(Span::seconds(1));
    let first = world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    world.owes(BRAND, BO, 1, Kind::Dm, "bot");
    assert_eq!(world.claims(BRAND, ADA, "w", &limit(1)), Some(first));
    assert_eq!(world.claims(BRAND, BO, "w", &limit(1)), None);
    assert!(world.claims(SHOP, ADA, "w", &limit(1)).is_some());
    world.sleeps(Span::minutes(16));
    assert!(world.claims(BRAND, BO, "w", &limit(1)).is_some());
}

#[test]
fn what_is_counted_is_the_message_that_this_worker_has_just_taken() {
    const BUDGETS: &str = "SELECT account_id AS id, used, resets_at FROM budgets";
    let mut world = World::new();
    world.change("DELETE FROM budgets");
    let limits = limit(15).limits;
    let count =
        |customer: &str, worker: &str, now| budgets::reserve(&conversation(BRAND, customer), worker, &limits, now);
    world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
    let now = world.now();
    world.runs(outbox::claim(&conversation(BRAND, ADA), "w", Lane::Messages, &free(), now));
    for (customer, worker) in [(ADA, "another"), (BO, "w")] {
        assert_eq!(world.changes(BUDGETS, count(customer, worker, now)), Vec::<String>::new());
    }
    let first = [
        format!("{BRAND} id: \"{BRAND}\""),
        format!("{BRAND} resets_at: {}", now.0 + 902_000),
        format!("{BRAND} used: 1"),
    ];
    assert_eq!(world.changes(BUDGETS, count(ADA, "w", now)), first);
    let later = now + Span::minutes(1);
    assert_eq!(world.changes(BUDGETS, count(ADA, "w", later)), [format!("{BRAND} used: 2")]);
    let anew = now + Span::minutes(16);
    let expected = [format!("{BRAND} resets_at: {}", anew.0 + 902_000), format!("{BRAND} used: 1")];
    assert_eq!(world.changes(BUDGETS, count(ADA, "w", anew)), expected);
    world.change("UPDATE outbox SET kind = 'post'");
    assert_eq!(world.changes(BUDGETS, count(ADA, "w", anew)), Vec::<String>::new(), "posts have no such limit");
}

#[test]
fn a_limit_counts_as_spent_for_its_account_its_dialect_and_its_window_alone() {
    let of_plain = r#"[{"whose":"account","speaks":"plain","window":900000,"cap":1}]"#.to_owned();
    let of_app = limit(1).limits.replace(r#""account""#, r#""app""#);
    for (spent, limits, is_spent) in [
        ("INSERT INTO budgets VALUES ('1893471234567890001', 'rich', 900000, NULL, 1, 9e15)", limit(1).limits, true),
        ("INSERT INTO budgets VALUES ('1893471234567890001', 'rich', 900000, 2, 1, 9e15)", limit(1).limits, false),
        ("INSERT INTO budgets VALUES ('1893471234567890002', 'rich', 900000, NULL, 1, 9e15)", limit(1).limits, false),
        ("INSERT INTO budgets VALUES ('1893471234567890001', 'plain', 900000, NULL, 1, 9e15)", limit(1).limits, false),
        ("INSERT INTO budgets VALUES ('1893471234567890001', 'rich', 60000, NULL, 1, 9e15)", limit(1).limits, false),
        ("INSERT INTO budgets VALUES ('1893471234567890001', 'rich', 900000, NULL, 1, 9e15)", of_plain, false),
        ("INSERT INTO budgets VALUES ('app', 'rich', 900000, NULL, 1, 9e15)", of_app.clone(), true),
        ("INSERT INTO budgets VALUES ('1893471234567890001', 'rich', 900000, NULL, 1, 9e15)", of_app, false),
    ] {
        let mut world = World::new();
        world.change("DELETE FROM budgets");
        world.change("UPDATE accounts SET speaks = 'rich'");
        world.change(spent);
        world.owes(BRAND, ADA, 1, Kind::Dm, "bot");
        let now = world.now();
        let row = world.runs(budgets::spent_until(&BRAND.into(), &limits, now)).0.remove(0);
        assert_eq!(row["until"].is_i64(), is_spent, "{spent} {limits}");
    }
}
