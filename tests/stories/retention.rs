//! What was said is kept for as long as its account says, and not a day longer.

use perch::job::Job;
use perch::store::{dead_letters, retention};
use perch::x_api::time::{Span, Timestamp};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, SHOP, message};

const TABLES: [&str; 9] =
    ["inbox", "dead_letters", "entries", "outbox", "turns", "notes", "handoffs", "said", "conversations"];

fn keep(world: &mut World, days: &Value) -> (u16, Value) {
    world.api("POST", "/api/accounts/retention", &json!({"account": BRAND, "days": days}))
}

/// Days in which nothing runs, then the cron.
fn days_pass(world: &mut World, days: i64) {
    let later = world.now() + Span::days(days);
    world.inner.borrow_mut().now = later;
    world.passes(Span::minutes(61));
}

/// The tables that still know of this customer.
fn known(world: &World, customer: &str) -> Vec<&'static str> {
    let inner = world.inner.borrow();
    TABLES.into_iter().filter(|table| inner.database.whole(table).contains(customer)).collect()
}

fn said(world: &World) -> i64 {
    world.count("SELECT COUNT(*) FROM entries")
}

/// What the customer wrote could not be handled, nor could the queue message that brought more.
fn is_in_trouble(world: &mut World, customer: &str) {
    world.change("UPDATE inbox SET status = 'dead'");
    let job =
        Job::Delivery { received_at: world.now(), body: message("7", world.now().0, customer, BRAND, "an old letter") };
    let letter = dead_letters::insert("a", "work", &serde_json::to_string(&job).unwrap(), "no reason", world.now());
    world.inner.borrow_mut().database.batch(&[letter]).unwrap();
}

fn in_trouble(world: &World) -> i64 {
    world.count("SELECT (SELECT COUNT(*) FROM inbox WHERE status = 'dead') + (SELECT COUNT(*) FROM dead_letters)")
}

#[test]
fn what_is_older_is_deleted_with_all_that_hangs_on_it_and_what_is_younger_stays() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "an old word");
    world.hears(BO, "another old word");
    world.agent_says(&ida, BO, "An old answer.");
    world.acts(&ida, "note", BO, &json!({"text": "an old note"}));
    world.acts(&ida, "close", BO, &json!({}));
    is_in_trouble(&mut world, ADA);
    assert_eq!(
        keep(&mut world, &json!(60)),
        (200, json!({"account": BRAND, "username": "furni", "days": 60, "in_force": 60}))
    );
    days_pass(&mut world, 59);
    world.hears(BO, "a young word");
    let before = said(&world);
    days_pass(&mut world, 2);
    assert!(before > said(&world));
    for table in TABLES {
        let rows = world.inner.borrow().database.whole(table);
        assert!(!rows.contains("old ") && !rows.contains(ADA), "{table}: {rows}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM conversations"), 1, "whoever has written since stays");
    assert!(world.inner.borrow().database.whole("entries").contains("a young word"));
    let before = world.sent_to(ADA).len();
    world.hears(ADA, "hi again");
    assert_eq!(world.sent_to(ADA).len(), before + 1, "and begins anew");
}

#[test]
fn what_is_younger_than_the_last_word_stays_until_it_is_old_itself() {
    let mut world = World::with_bot("snow");
    keep(&mut world, &json!(60));
    world.hears(ADA, "an old word");
    days_pass(&mut world, 10);
    let ida = world.agent("ida", &json!({}));
    assert_eq!(world.acts(&ida, "note", ADA, &json!({"text": "a younger note"})).0, 200);
    for days in [51, 8] {
        days_pass(&mut world, days);
        assert_eq!(known(&world, ADA), ["notes", "conversations"]);
    }
    days_pass(&mut world, 2);
    assert_eq!(known(&world, ADA), Vec::<&str>::new());
}

#[test]
fn what_is_open_and_what_is_kept_longer_stays_without_a_word() {
    let mut world = World::new();
    world.connects(SHOP);
    world.drive();
    keep(&mut world, &json!(60));
    for rows in [
        "UPDATE accounts SET retention_days = 365 WHERE id = '1893471234567890002'",
        r#"INSERT INTO conversations (account_id, customer_id, state, updated_at) SELECT '1893471234567890001', value, '{}', 1790000000000
             FROM json_each('["done", "asking", "owing", "unheard", "spoke"]')"#,
        "INSERT INTO conversations (account_id, customer_id, state, updated_at) VALUES ('1893471234567890002', 'other', '{}', 1790000000000)",
        "INSERT INTO notes (account_id, customer_id, at, id, text) SELECT account_id, customer_id, updated_at, 'n', '' FROM conversations",
        "INSERT INTO handoffs (id, account_id, customer_id, status, place, started_by, settings, hold_until, started_at)
           VALUES ('h', '1893471234567890001', 'asking', 'held', 'app', 'app', '{}', 9e15, 1790000000000)",
        "INSERT INTO outbox (id, account_id, customer_id, turn, place, kind, holder, body, send_by, created_at, due_at)
           VALUES ('o/0', '1893471234567890001', 'owing', 1, 0, 'dm', 'bot', '{}', 9e15, 1790000000000, 9e15)",
        "INSERT INTO inbox (key, account_id, customer_id, kind, event_id, created_at, received_at, raw, status)
           VALUES ('i', '1893471234567890001', 'unheard', 'dm.message', '1', 1790000000000, 1790000000000, '{}', 'new')",
        // An account that is switched off takes no turn: the young word, of day 30, leaves the conversation as it was.
        "INSERT INTO entries (account_id, customer_id, x_id, at, author, body) VALUES
           ('1893471234567890001', 'spoke', 'a', 1790000000000, 'customer', '{}'), ('1893471234567890001', 'spoke', 'b', 1792592000000, 'customer', '{}')",
    ] {
        world.change(rows);
    }
    days_pass(&mut world, 61);
    assert_eq!(known(&world, "done"), Vec::<&str>::new());
    assert_eq!(known(&world, "asking"), ["notes", "handoffs", "conversations"]);
    assert_eq!(known(&world, "owing"), ["outbox", "notes", "conversations"]);
    assert_eq!(known(&world, "unheard"), ["inbox", "notes", "conversations"]);
    assert_eq!(known(&world, "spoke"), ["entries", "conversations"]);
    assert_eq!(known(&world, "other"), ["notes", "conversations"]);
    let find = retention::wordless(None, 5, world.now());
    let found = world.inner.borrow_mut().database.batch(&[find]).unwrap().remove(0);
    assert!(found.is_empty(), "what stays is not found again and again: {found:?}");
    world.change("UPDATE accounts SET retention_days = 0 WHERE id = '1893471234567890002'");
    days_pass(&mut world, 1);
    assert_eq!(known(&world, "other"), ["notes", "conversations"], "for ever, the account says");
}

#[test]
fn trouble_is_deleted_also_in_an_hour_in_which_more_is_over() {
    let mut world = World::new();
    keep(&mut world, &json!(60));
    world.hears(ADA, "hi");
    is_in_trouble(&mut world, ADA);
    world.change(
        "INSERT INTO conversations (account_id, customer_id, state, updated_at) VALUES ('1893471234567890001', 'silent', '{}', 1)",
    );
    let hour = Span::hours(1).0;
    let sharp = Timestamp((world.now() + Span::days(61)).0 / hour * hour);
    world.inner.borrow_mut().now = sharp;
    world.cron();
    assert_eq!((known(&world, "silent").len(), in_trouble(&world)), (0, 0));
}

#[test]
fn without_a_word_about_it_everything_stays_and_the_setting_counts_where_the_account_says_nothing() {
    let mut world = World::new();
    world.hears(ADA, "hi");
    is_in_trouble(&mut world, ADA);
    days_pass(&mut world, 400);
    assert_eq!(said(&world), 2);
    keep(&mut world, &json!(0));
    world.set("RETENTION_DAYS", "90");
    days_pass(&mut world, 1);
    assert_eq!(said(&world), 2, "for ever, the account says");
    assert!(in_trouble(&world) > 1);
    let (_, chosen) = keep(&mut world, &Value::Null);
    assert_eq!((&chosen["days"], &chosen["in_force"]), (&Value::Null, &json!(90)));
    days_pass(&mut world, 1);
    assert_eq!((said(&world), in_trouble(&world)), (0, 0));
}

#[test]
fn less_than_x_may_deliver_again_and_what_is_no_number_of_days_is_refused() {
    let mut world = World::new();
    for wrong in [json!(34), json!(-1), json!(3651), json!("a year")] {
        assert_eq!(keep(&mut world, &wrong).0, 400, "{wrong}");
    }
    let (_, all) = world.api("GET", "/api/accounts", &Value::Null);
    assert_eq!(all["accounts"][0]["retention_days"], Value::Null);
}
