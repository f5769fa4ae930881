//! What operators look at: events as X wrote them, how long answers take, what is on its way.

use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, refuses};
use crate::world::dialects::speaks_plain;
use crate::world::faults::Seam;

fn events(world: &mut World, query: &str) -> Vec<Value> {
    let (status, list) = world.api("GET", &format!("/api/events{query}"), &Value::Null);
    assert_eq!(status, 200, "{list:#}");
    list["events"].as_array().unwrap().clone()
}

#[test]
fn what_x_delivered_is_listed_newest_first_and_shown_as_x_wrote_it() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.drive();
    world.passes(Span::seconds(5));
    world.writes(BO, "hours");
    world.drive();
    let all = events(&mut world, "?kind=dm.message&status=handled");
    let outcomes: Vec<&str> = all.iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert!(
        outcomes.contains(&"answered") && outcomes.iter().any(|outcome| outcome.starts_with("ours")),
        "{outcomes:?}"
    );
    assert!(all.windows(2).all(|pair| pair[0]["settled_at"].as_i64() >= pair[1]["settled_at"].as_i64()));
    assert!(!all.iter().any(|row| row.to_string().contains("hours")), "no words of anybody in the list");
    let key = all.iter().find(|row| row["outcome"] == "answered").unwrap()["key"].clone();
    let (status, whole) = world.api("POST", "/api/events/show", &json!({"key": key}));
    assert_eq!(status, 200);
    assert!(whole["raw"]["item"].to_string().contains("hours"), "{whole:#}");
    assert_eq!(world.api("POST", "/api/events/show", &json!({"key": "nothing"})).0, 404);
    assert!(events(&mut world, &format!("?account={BRAND}&kind=follow")).is_empty());
    assert_eq!(world.api("GET", "/api/events?account=nobody", &Value::Null).0, 404);
}

#[test]
fn the_flow_of_a_script_is_shown_with_the_customers_in_it() {
    let mut world = World::with_bot("snow");
    world.hears(ADA, "hi");
    world.hears(BO, "hi");
    let flow = |world: &mut World, query: &str| world.api("GET", &format!("/api/scripts/flow{query}"), &Value::Null);
    let (status, shown) = flow(&mut world, "");
    assert_eq!((status, &shown["version"], &shown["start"]), (200, &json!(1), &json!("home")), "{shown:#}");
    let nodes = shown["nodes"].as_array().unwrap();
    assert_eq!((&nodes[0]["name"], &nodes[0]["customers"]), (&json!("home"), &json!(2)));
    let known = |name: &Value| nodes.iter().any(|node| node["name"] == *name);
    let ways = shown["ways"].as_array().unwrap();
    assert!(ways.len() > 10 && ways.iter().all(|way| known(&way["from"]) && known(&way["to"])));
    world.passes(Span::hours(25));
    let (_, later) = flow(&mut world, "?version=1");
    assert_eq!(later["nodes"][0]["customers"], 0, "their conversations have expired");
    assert_eq!((flow(&mut world, "?version=7").0, flow(&mut world, "?version=x").0), (404, 400));
    let mut plain = World::new();
    assert_eq!(flow(&mut plain, "").1["name"], "hello", "what an account follows that was given no script");
}

#[test]
fn the_numbers_are_those_of_what_happened() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.drive();
    world.misbehaves(refuses(1, 349));
    world.writes(BO, "hi");
    world.drive();
    let (_, metrics) = world.api("GET", "/api/metrics", &Value::Null);
    assert_eq!(metrics["answer_ms"]["of"], 1, "{metrics:#}");
    assert!(metrics["answer_ms"]["p99"].as_i64().unwrap() >= 0);
    let refused = &metrics["errors"][0];
    let code = if speaks_plain() { Value::Null } else { json!(349) };
    assert_eq!(
        (&refused["code"], &refused["status"], &refused["count"]),
        (&code, &json!(403), &json!(1)),
        "{metrics:#}"
    );
    assert_eq!(metrics["errors_by_day"][0]["count"], 1, "{metrics:#}");
    assert_eq!((&metrics["under_way"]["new_events"], &metrics["under_way"]["owed"]), (&json!(0), &json!(0)));
    world.api("POST", "/api/accounts/switch", &json!({"on": false}));
    let ida = world.agent("ida", &json!({}));
    let at = world.now().0;
    world.agent_says(&ida, ADA, "Later.");
    let (_, metrics) = world.api("GET", "/api/metrics", &Value::Null);
    let oldest = metrics["under_way"]["oldest_owed"].as_i64().unwrap();
    assert!((at..=world.now().0).contains(&oldest), "{metrics:#}");
}

/// Ada writes now, and Bo a little later.
fn write_one_after_the_other(world: &mut World) {
    for customer in [ADA, BO] {
        world.writes(customer, "hours");
        world.drive();
        world.sleeps(Span::seconds(7));
    }
}

#[test]
fn of_what_waits_the_oldest_is_told_and_nothing_where_nothing_does() {
    let mut world = World::new();
    let waiting = |world: &mut World, count: &str, oldest: &str| {
        let (_, metrics) = world.api("GET", "/api/metrics", &Value::Null);
        [count, oldest].map(|name| metrics["under_way"][name].clone())
    };
    let nothing = [json!(0), Value::Null];
    assert_eq!(waiting(&mut world, "spilled", "oldest_spilled"), nothing);
    assert_eq!(waiting(&mut world, "new_events", "oldest_event"), nothing);

    let at = world.now().0;
    world.inner.borrow_mut().faults.down(Seam::Enqueue);
    write_one_after_the_other(&mut world);
    assert_eq!(waiting(&mut world, "spilled", "oldest_spilled"), [json!(2), json!(at)]);
    assert_eq!(waiting(&mut world, "new_events", "oldest_event"), nothing, "they are not even written down");
    world.inner.borrow_mut().faults.up(Seam::Enqueue);
    world.passes(Span::minutes(6));
    assert_eq!(waiting(&mut world, "spilled", "oldest_spilled"), nothing);

    let at = world.now().0;
    world.loses_turns(100);
    write_one_after_the_other(&mut world);
    assert_eq!(waiting(&mut world, "new_events", "oldest_event"), [json!(2), json!(at)]);
    world.loses_turns(0);
    world.passes(Span::minutes(3));
    assert_eq!(waiting(&mut world, "new_events", "oldest_event"), nothing);
    assert_eq!([ADA, BO].map(|customer| world.sent_to(customer).len()), [2, 2]);
}

/// The ids of all pages, one after the other.
fn pages(world: &mut World, path: &str, list: &str, id: &str) -> Vec<String> {
    let (mut all, mut next) = (Vec::new(), String::new());
    loop {
        let (status, page) = world.api("GET", &format!("{path}{next}"), &Value::Null);
        assert_eq!(status, 200, "{page}");
        all.extend(page[list].as_array().unwrap().iter().map(|row| row[id].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(behind) => next = format!("before={}", behind.replace(':', "%3A")),
            None => return all,
        }
    }
}

#[test]
fn dead_letters_events_and_conversations_of_one_moment_are_all_found_page_by_page() {
    let mut world = World::new();
    world.change(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
         INSERT INTO dead_letters (id, queue, body, why, at) SELECT 'letter/' || i, 'work', '{}', 'no reason', 1790000000000 + i / 300 FROM n",
    );
    world.change(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130)
         INSERT INTO inbox (key, account_id, kind, event_id, created_at, received_at, raw, status, outcome, settled_at)
         SELECT 'a:dm.message:' || i, 'a', 'dm.message', i, 1, 1, '{}', 'dead', 'no reason', 1790000000000 + i / 100 FROM n",
    );
    world.change(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130)
         INSERT INTO conversations (account_id, customer_id, state, updated_at) SELECT '1893471234567890001', 5000 + i, '{}', 1790000000000 + i / 100 FROM n",
    );
    for (path, list, id, count) in [
        ("/api/dead-letters?", "dead_letters", "id", 450),
        ("/api/events?status=dead&", "events", "key", 130),
        ("/api/inbox?view=all&", "conversations", "customer_id", 130),
    ] {
        let mut all = pages(&mut world, path, list, id);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "{path}");
    }
}
