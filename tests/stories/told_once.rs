//! What the log is told: each delivery, turn and message once, by what writes the row, and nothing that somebody wrote.

use std::collections::{BTreeMap, BTreeSet};

use perch::x_api::time::Span;
use perch_simulator::User;
use serde_json::{Value, json};

use crate::world::cast::{ADA, BO, BRAND, SHOP, hangs, loses_answer, message, rate_limited, refuses, sign};
use crate::world::dialects::speaks_plain;
use crate::world::faults::Seam;
use crate::world::scheduler::Order;
use crate::world::{START, World};

impl World {
    /// The lines of this event, as they stand in the log.
    pub fn told(&self, event: &str) -> Vec<Value> {
        let lines: Vec<Value> =
            self.inner.borrow().told.iter().map(|told| serde_json::from_str(&told.json()).unwrap()).collect();
        lines.into_iter().filter(|line| line["event"] == event).collect()
    }

    /// The messages of which the log says this.
    fn told_messages(&self, outcome: &str) -> Vec<Value> {
        self.told("message").into_iter().filter(|line| line["outcome"] == outcome && line["kind"] == "dm").collect()
    }

    fn customers(&mut self, count: usize) -> Vec<String> {
        let ids: Vec<String> = (0..count).map(|n| format!("18934712345678930{n:02}")).collect();
        for id in &ids {
            self.inner.borrow_mut().x.add_user(User::new(id.as_str(), format!("c{id}"), "Customer"));
        }
        ids
    }
}

fn named(lines: &[Value], name: &str) -> BTreeSet<String> {
    lines.iter().map(|line| line[name].to_string()).collect()
}

#[test]
fn lines_rows_and_what_x_has_are_the_same_numbers() {
    let mut world = World::new();
    world.order(Order::Shuffled(7));
    let customers = world.customers(12);
    for (n, customer) in customers.iter().enumerate() {
        world.writes(customer, "hi");
        world.passes(Span::seconds(i64::try_from(n).unwrap()));
    }
    world.passes(Span::minutes(1));
    let sent = world.told_messages("sent");
    let on_x: usize = customers.iter().map(|customer| world.sent_to(customer).len()).sum();
    assert_eq!((sent.len(), on_x), (12, 12));
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status = 'sent'"), 12);
    let on_x = world.rows("SELECT json_quote(x_id) AS x_id FROM outbox WHERE kind = 'dm'");
    assert_eq!(named(&sent, "x_id"), on_x.iter().map(|row| row["x_id"].as_str().unwrap().to_owned()).collect());
    let turns = world.told("turn");
    let causes = world.rows("SELECT json_quote(cause) AS cause FROM turns");
    assert_eq!(turns.len(), causes.len(), "one line a row");
    assert_eq!(named(&turns, "cause"), causes.iter().map(|row| row["cause"].as_str().unwrap().to_owned()).collect());
    let owed = world.count("SELECT COUNT(*) FROM outbox");
    assert_eq!(turns.iter().map(|turn| turn["messages"].as_i64().unwrap()).sum::<i64>(), owed);
    let deliveries = world.told("delivery");
    let posts = world.inner.borrow().taken.len();
    assert_eq!(deliveries.len(), posts, "each delivery once: {deliveries:#?}");
    assert_eq!(named(&deliveries, "job").len(), posts);
    assert_eq!(named(&deliveries, "outcome"), BTreeSet::from(["\"handled\"".to_owned()]));
}

#[test]
fn the_dashboard_counts_what_the_lines_count() {
    let mut world = World::new();
    let customers = world.customers(9);
    world.misbehaves(refuses(2, 349));
    for (n, customer) in customers.iter().enumerate() {
        // Each answer takes another time.
        world.writes(customer, "hi");
        world.sleeps(Span::seconds(i64::try_from(n).unwrap()));
        world.drive();
    }
    world.passes(Span::minutes(2));
    let (_, metrics) = world.api("GET", "/api/metrics", &Value::Null);
    let mut took: Vec<i64> = world.told_messages("sent").iter().filter_map(|line| line["answer_ms"].as_i64()).collect();
    took.sort_unstable();
    assert_eq!(metrics["answer_ms"]["of"], took.len());
    assert_eq!(metrics["answer_ms"]["p95"], took[(took.len() * 95).div_ceil(100) - 1]);
    let failed = world.told_messages("failed");
    let counted: i64 = metrics["errors"].as_array().unwrap().iter().map(|row| row["count"].as_i64().unwrap()).sum();
    assert_eq!(counted, i64::try_from(failed.len()).unwrap(), "{metrics:#}");
    for row in metrics["errors"].as_array().unwrap() {
        let same = failed.iter().filter(|line| line["code"] == row["code"] && line["status"] == row["status"]).count();
        assert_eq!(row["count"], same, "{row}");
    }
    let (_, costs) = world.api("GET", &format!("/api/costs?account={BRAND}"), &Value::Null);
    let billed = costs["costs"].as_array().unwrap().iter().find(|row| row["what"] == "dm.sent").unwrap();
    assert_eq!(billed["count"], world.told_messages("sent").len());
}

#[test]
fn a_turn_says_how_long_the_customer_has_waited_and_a_message_how_long_x_took() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.inner.borrow_mut().faults.count_from_now();
    world.sleeps(Span::seconds(4));
    world.drive();
    let turn = world.told("turn").remove(0);
    assert_eq!((&turn["account"], &turn["customer"], &turn["number"]), (&json!(BRAND), &json!(ADA), &json!(1)));
    assert_eq!((&turn["by"], &turn["written_ms"]), (&json!("bot"), &json!(4_000)));
    let sent = world.told_messages("sent").remove(0);
    assert_eq!((&sent["written_ms"], &sent["attempts"]), (&json!(4_000), &json!(1)));
    assert!(sent["call_ms"].is_i64() && sent["owed_ms"].is_i64() && sent["answer_ms"].is_i64(), "{sent}");
    assert_eq!(format!("\"{}/0\"", turn["cause"].as_str().unwrap()), sent["id"].to_string());
}

#[test]
fn each_thing_that_becomes_of_a_message_is_told_once() {
    let mut world = World::new();
    world.misbehaves(rate_limited(1, 60));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(5));
    let told: Vec<(Value, Value)> = world
        .told("message")
        .into_iter()
        .filter(|line| line["kind"] == "dm")
        .map(|line| (line["outcome"].clone(), line["status"].clone()))
        .collect();
    assert_eq!(told, [(json!("owed again"), json!(429)), (json!("sent"), Value::Null)]);
}

#[test]
fn a_message_that_x_does_not_answer_is_unknown_and_then_what_it_turns_out_to_be() {
    for (trouble, end) in [(loses_answer(1), "sent"), (hangs(1), "doubtful")] {
        let mut world = World::new();
        world.without_echoes();
        world.misbehaves(trouble);
        world.writes(ADA, "hi");
        world.passes(Span::minutes(30));
        let outcomes: Vec<Value> = world.told("message").into_iter().filter(|line| line["kind"] == "dm").collect();
        let outcomes: Vec<&str> = outcomes.iter().map(|line| line["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["unknown", end]);
    }
}

#[test]
fn a_customer_who_takes_no_messages_is_told_with_xs_code_and_nothing_that_x_said() {
    let mut world = World::new();
    world.misbehaves(refuses(1, 349));
    world.writes(ADA, "hi");
    world.drive();
    let failed = world.told_messages("failed").remove(0);
    // v2 has a name for it in place of a code.
    let code = if speaks_plain() { Value::Null } else { json!(349) };
    assert_eq!((&failed["code"], &failed["status"]), (&code, &json!(403)));
    assert!(world.inner.borrow().log.iter().all(|line| !line.contains("cannot send")), "X's words stay in the table");
}

#[test]
fn the_door_tells_only_what_goes_another_way() {
    let mut world = World::new();
    let before = world.told("delivery").len();
    let body = message("1900000000000000001", START.0, ADA, BRAND, "hi");
    world.delivers(&body);
    assert_eq!(world.told("delivery").len(), before, "told once it is handled");
    world.posts(Some("sha256=AAAA"), body.clone());
    world.posts(Some(&sign(b"no")), "no");
    world.inner.borrow_mut().faults.down(Seam::Enqueue);
    world.delivers(&body);
    world.inner.borrow_mut().faults.down(Seam::Sql);
    world.delivers(&body);
    let told: Vec<(Value, Value)> = world
        .told("delivery")
        .split_off(before)
        .into_iter()
        .map(|line| (line["outcome"].clone(), line["why"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("refused"), json!("signature")),
            (json!("refused"), json!("no_object")),
            (json!("spilled"), Value::Null),
            (json!("refused"), json!("nothing_took_it")),
        ]
    );
}

#[test]
fn whoever_sends_junk_makes_a_line_a_second_that_counts_the_others() {
    let mut world = World::new();
    let before = world.told("delivery").len();
    for _ in 0..3 {
        for _ in 0..50 {
            assert_eq!(world.posts(Some("sha256=AAAA"), "junk").status(), 401);
        }
        world.sleeps(Span::seconds(1));
    }
    let told = world.told("delivery").split_off(before);
    let left_out: Vec<&Value> = told.iter().map(|line| &line["left_out"]).collect();
    assert_eq!(left_out, [&Value::Null, &json!(49), &json!(49)]);
    world.posts(Some(&sign(b"no")), "no");
    world.posts(Some(&sign(b"no")), "no");
    assert_eq!(world.told("delivery").len(), before + 5, "what X has signed is told each time");
}

#[test]
fn trouble_is_told_with_each_try_and_a_dead_message_as_dead() {
    let mut world = World::new();
    world.inner.borrow_mut().faults.down(Seam::Sql);
    world.delivers(&message("1900000000000000001", START.0, ADA, BRAND, "hi"));
    world.drive();
    world.inner.borrow_mut().faults.up(Seam::Sql);
    world.passes(Span::minutes(1));
    let body = "{\"job\":\"unheard of\",\"body\":\"what the customer said\"}".to_owned();
    world.inner.borrow_mut().queue.put_text(body, START);
    world.drive();
    let tries = world.told("delivery");
    let tries: Vec<&Value> =
        tries.iter().filter(|line| line["attempts"].as_i64() > Some(1) || line["outcome"] == "again").collect();
    assert_eq!(tries.iter().map(|line| line["outcome"].as_str().unwrap()).collect::<Vec<_>>(), ["again", "handled"]);
    let dead = world.told("job").into_iter().find(|line| line["outcome"] == "dead").unwrap();
    assert_eq!(dead["kind"], "unknown");
    assert!(world.inner.borrow().log.iter().all(|line| !line.contains("customer said")), "serde quotes what it reads");
}

#[test]
fn a_sweep_that_takes_something_up_says_what() {
    let mut world = World::new();
    world.cron();
    assert_eq!(world.told("sweep").len(), 0);
    world.delivers(&message("1900000000000000001", START.0, ADA, BRAND, "hi"));
    world.loses_turns(1);
    world.drive();
    world.inner.borrow_mut().queue.forget();
    world.passes(Span::minutes(3));
    let sweep = world.told("sweep").remove(0);
    assert_eq!((&sweep["jobs"], &sweep["conversations"]), (&json!(1), &json!(1)));
}

#[test]
fn people_and_bots_speak_and_only_their_ids_are_told() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({"role": "admin"}));
    world.writes(ADA, "My parcel is lost, please help");
    world.drive();
    world.agent_says(&ida, ADA, "I am looking into it, Ada");
    world.writes(BO, "Good morning to you");
    world.passes(Span::minutes(1));
    let by: BTreeMap<String, usize> = world.told("turn").iter().fold(BTreeMap::new(), |mut by, turn| {
        *by.entry(turn["by"].as_str().unwrap().to_owned()).or_default() += 1;
        by
    });
    assert_eq!(by["human"], 1, "{by:?}");
    let rows = usize::try_from(world.count("SELECT COUNT(*) FROM turns")).unwrap();
    assert_eq!(by.values().sum::<usize>(), rows);
}

#[test]
#[should_panic(expected = "a line of the log holds a secret")]
fn a_secret_in_the_log_breaks_its_story() {
    let mut world = World::new();
    world.connects(SHOP);
    world.inner.borrow_mut().logs(&format!("connected with {}", crate::world::cast::secret(SHOP)));
}

#[test]
#[should_panic(expected = "a line of the log holds what somebody wrote")]
fn a_text_in_the_log_breaks_its_story() {
    let mut world = World::new();
    world.writes(ADA, "where is my order");
    world.drive();
    world.inner.borrow_mut().logs("the customer asks: where is my order");
}

#[test]
fn what_opens_something_is_known_wherever_it_comes_from() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    let (_, invite) = world.api("POST", "/api/invites", &json!({}));
    let invite = invite["url"].as_str().unwrap().split("invite=").nth(1).unwrap().to_owned();
    let session = ida.cookie.split_once('=').unwrap().1.to_owned();
    for secret in [invite, session, crate::world::cast::ADMIN.to_owned(), crate::world::cast::token(BRAND)] {
        let encoded = percent_encoding::utf8_percent_encode(&secret, percent_encoding::NON_ALPHANUMERIC).to_string();
        for form in [secret.clone(), encoded] {
            let logged =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.inner.borrow_mut().logs(&form)));
            assert!(logged.is_err(), "{form} came to the log");
        }
    }
}
