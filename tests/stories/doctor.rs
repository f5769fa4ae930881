//! The doctor: what is fine, and for everything that can be wrong its cause and the next step.

use perch::store::schema;
use perch::x_api::time::Span;
use perch_simulator::{Calls, FailureBody, Mishap, Permission, Trouble};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{BRAND, HOST, SHOP};
use crate::world::database::Database;
use crate::world::dialects::is_v2;

fn examine(world: &mut World) -> Value {
    world.api("GET", "/api/doctor", &Value::Null).1
}

/// Cause and mend of the check that failed; there is only one.
fn failed(world: &mut World) -> String {
    let report = examine(world);
    let steps = report["steps"].as_array().unwrap();
    let failed: Vec<&Value> = steps.iter().filter(|step| step["result"] == "failed").collect();
    assert_eq!(failed.len(), 1, "{report:#}");
    assert!(failed[0]["what_to_do"].as_str().unwrap().len() > 8, "{report:#}");
    format!("{} {}", failed[0]["cause"].as_str().unwrap(), failed[0]["what_to_do"].as_str().unwrap())
}

#[test]
fn a_deployment_in_order_passes_every_check() {
    let mut world = World::new();
    let report = examine(&mut world);
    assert_eq!(report["ok"], true, "{report:#}");
    let steps: Vec<&str> =
        report["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    for wanted in ["tables", "settings", "clock", "webhook", "subscription", "script"] {
        assert!(steps.contains(&wanted), "{wanted} is missing in {steps:?}");
    }
}

#[test]
fn missing_swapped_cut_off_and_refused_keys_are_told_apart() {
    let mut world = World::new();
    // The owner's tokens are asked for only where something is signed with them.
    let needed = if is_v2() { "X_CONSUMER_KEY" } else { "X_ACCESS_TOKEN" };
    world.unset(needed);
    assert!(failed(&mut world).contains(&format!("Not set: {needed}")));
    let mut world = World::new();
    world.change("DELETE FROM bearer");
    world.set("X_CONSUMER_SECRET", "short");
    let report = examine(&mut world).to_string();
    assert!(report.contains("X_CONSUMER_SECRET has 5 characters") && report.contains("cut off"), "{report}");
    let mut world = World::new();
    world.change("DELETE FROM bearer");
    world.set("X_CONSUMER_KEY", "a-key-that-is-longer-than-its-secret");
    let report = examine(&mut world).to_string();
    assert!(report.contains("they look swapped"), "{report}");
    if !is_v2() {
        let mut world = World::new();
        world.set("X_ACCESS_TOKEN", "1-expired");
        assert!(failed(&mut world).contains("no longer valid"));
    }
}

#[test]
fn a_table_that_is_missing_is_named_with_what_makes_it_and_nothing_else_is_asked() {
    for table in ["accounts", "replays", "guesses"] {
        let mut world = World::new();
        world.inner.borrow_mut().database.alters(&format!("{table} RENAME TO {table}_away"));
        let asked = world.inner.borrow().x.requests().len();
        let report = examine(&mut world);
        let steps: Vec<&Value> = report["steps"].as_array().unwrap().iter().collect();
        assert_eq!((&report["ok"], steps.len()), (&json!(false), 1), "{table}: {report:#}");
        assert_eq!((&steps[0]["step"], &steps[0]["result"]), (&json!("tables"), &json!("failed")), "{table}");
        let cause = steps[0]["cause"].as_str().unwrap();
        assert!(cause.contains("no such table") && cause.contains(table), "{cause}");
        assert!(steps[0]["what_to_do"].as_str().unwrap().contains("npm run deploy"), "{report:#}");
        assert_eq!(world.inner.borrow().x.requests().len(), asked, "{table}: X cannot mend that");
        world.inner.borrow_mut().database.alters(&format!("{table}_away RENAME TO {table}"));
        assert_eq!(examine(&mut world)["ok"], true, "{table}");
    }
}

#[test]
fn whichever_migration_is_missing_the_tables_show_it() {
    // A migration adds a table, or a column behind the others.
    const NEWEST: &str = "SELECT m.name AS name, c.name AS newest, MAX(c.cid) AS place
        FROM sqlite_master m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'said_%' GROUP BY m.name";
    let mut database = Database::new();
    let all = database.look(NEWEST);
    assert!(all.len() > 25, "{all:?}");
    let mut is_noticed = |change: &str, back: &str| {
        database.alters(change);
        let is_noticed = schema::newest().iter().any(|statement| database.reads(statement.sql).is_err());
        database.alters(back);
        is_noticed
    };
    for row in all {
        let (table, column) = (row["name"].as_str().unwrap(), row["newest"].as_str().unwrap());
        let (away, back) = (format!("{table} RENAME TO {table}_away"), format!("{table}_away RENAME TO {table}"));
        assert!(is_noticed(&away, &back), "{table}");
        // The columns of the search have their names for good.
        if table != "said" {
            let [away, back] =
                [(column, "away"), ("away", column)].map(|(from, to)| format!("{table} RENAME COLUMN {from} TO {to}"));
            assert!(is_noticed(&away, &back), "{table}: {column}");
        }
    }
}

/// What the clock's own step says of an X that is ahead by so many milliseconds; and whether all is well.
fn clock(ahead: u64) -> (Value, bool) {
    let mut world = World::new();
    world.inner.borrow_mut().x_is_ahead = ahead;
    let report = examine(&mut world);
    let mut clock = report["steps"].as_array().unwrap().iter().filter(|step| step["step"] == "clock");
    (clock.next().unwrap().clone(), report["ok"] == true)
}

#[test]
fn a_clock_that_is_off_is_told_by_a_step_of_its_own_before_x_refuses_our_signatures() {
    for ahead in [0, 119_000, 120_000] {
        assert_eq!(clock(ahead), (json!({"step": "clock", "result": "done"}), true), "{ahead}");
    }
    for ahead in [121_000, 240_000, 600_000] {
        let (step, is_well) = clock(ahead);
        let cause = format!("This machine's clock and X's differ by {} seconds.", ahead / 1000);
        assert_eq!((&step["result"], &step["cause"]), (&json!("failed"), &json!(cause)));
        assert!(step["what_to_do"].as_str().unwrap().starts_with("Set the clock of this machine"), "{step:#}");
        assert!(!is_well, "{ahead}");
    }
}

#[test]
fn a_clock_of_which_x_still_takes_the_signatures_is_all_that_is_wrong() {
    let mut world = World::new();
    world.inner.borrow_mut().x_is_ahead = 240_000;
    assert!(failed(&mut world).contains("differ by 240 seconds"));
    world.inner.borrow_mut().x_is_ahead = 600_000;
    assert!(examine(&mut world).to_string().contains("time of our signature"));
}

#[test]
fn what_is_wrong_on_xs_side_is_named_with_the_command_that_mends_it() {
    let mut world = World::empty();
    assert!(failed(&mut world).contains("perch connect"));
    let mut world = World::new();
    world.misbehaves(Trouble::InvalidateWebhooks);
    assert!(failed(&mut world).contains("perch webhooks validate"));
    let mut world = World::new();
    world.inner.borrow_mut().x.unsubscribe_now(BRAND);
    assert!(failed(&mut world).contains("perch subscriptions add"));
    let mut world = World::new();
    world.misbehaves(Trouble::Permission { user: BRAND.to_owned(), permission: Permission::Read });
    assert!(examine(&mut world).to_string().contains("make new tokens"));
    let mut world = World::new();
    world.connects(SHOP);
    assert!(failed(&mut world).contains("--account NAME"));
    let mut world = World::new();
    world.misbehaves(Trouble::Revoke { user: BRAND.to_owned() });
    world.drive();
    assert!(failed(&mut world).contains("connect it again"));
}

#[test]
fn an_x_that_answers_html_nothing_or_5xx_is_named() {
    let fails = |status: u16, body: FailureBody| Mishap::Fails { status, body, done: false };
    let of_x = [Mishap::NeverArrives, Mishap::unavailable(), Mishap::refused(453)];
    let of_others = [200, 403, 502].map(|status| fails(status, FailureBody::Html));
    for mishap in of_x.into_iter().chain(of_others).chain([200, 500].map(|status| fails(status, FailureBody::Empty))) {
        let mut world = World::new();
        world.misbehaves(Trouble::Calls(Calls::any().for_ever(), mishap.clone()));
        let report = examine(&mut world);
        assert_eq!(report["ok"], false, "{mishap:?}");
        for step in report["steps"].as_array().unwrap().iter().filter(|step| step["result"] == "failed") {
            assert!(
                step["cause"].as_str().unwrap().len() > 3 && step["what_to_do"].as_str().unwrap().len() > 8,
                "{step:#}"
            );
        }
    }
}

#[test]
fn a_sample_goes_through_the_queue_and_leaves_nothing_behind() {
    let mut world = World::new();
    let (status, sent) = world.api("POST", "/api/doctor/sample", &json!({}));
    assert_eq!(status, 202);
    let path = format!("/api/doctor/sample?id={}", sent["id"].as_str().unwrap());
    assert_eq!(world.api("GET", &path, &Value::Null).1["arrived"], false);
    world.passes(Span::seconds(1));
    assert_eq!(world.api("GET", &path, &Value::Null).1["arrived"], true);
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox"), 0);
}

#[test]
fn a_sample_is_made_for_the_address_that_x_has_and_is_taken_there() {
    let mut world = World::new();
    let (status, made) = world.api("POST", "/api/doctor/sample", &json!({"account": "furni", "send": false}));
    assert_eq!((status, &made["url"]), (200, &json!(format!("{HOST}/webhook"))), "{made:#}");
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    world.passes(Span::minutes(1));
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox"), 0, "nothing is sent yet");
    let answer = world.gets(&format!("/webhook?crc_token={}", text("crc_token")));
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(answer["response_token"], made["response_token"]);
    assert_eq!(world.posts(Some(&text("signature")), text("body")).status(), 200);
    world.passes(Span::seconds(1));
    let path = format!("/api/doctor/sample?id={}", text("id"));
    assert_eq!(world.api("GET", &path, &Value::Null).1["arrived"], true);
    // A door with another secret refuses it, and answers the challenge otherwise.
    world.set("X_CONSUMER_SECRET", "another");
    assert_eq!(world.posts(Some(&text("signature")), text("body")).status(), 401);
    let other = world.gets(&format!("/webhook?crc_token={}", text("crc_token")));
    let other: Value = serde_json::from_slice(other.body()).unwrap();
    assert_ne!(other["response_token"], made["response_token"]);
    let nobody = World::empty().api("POST", "/api/doctor/sample", &json!({"send": false})).1;
    assert_eq!(nobody["url"], Value::Null);
}
