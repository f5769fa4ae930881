//! What was said is kept for as long as its account says, and not a day longer.

use perch::job::Job;
use perch::store::dead_letters;
use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, message};

fn keep(world: &mut World, days: &Value) -> (u16, Value) {
    world.api("POST", "/api/accounts/retention", &json!({"account": BRAND, "days": days}))
}

/// Days in which nothing runs, then the cron.
fn days_pass(world: &mut World, days: i64) {
    let later = world.now() + Span::days(days);
    world.inner.borrow_mut().now = later;
    world.passes(Span::minutes(61));
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
    for table in ["inbox", "dead_letters", "entries", "outbox", "turns", "notes", "handoffs", "said", "conversations"] {
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
