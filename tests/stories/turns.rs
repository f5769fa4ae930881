//! One turn that does several things: what its parts know of each other, and what goes wrong between them.

use perch::bot::check::check;
use perch::bot::script::Script;
use perch::config::LIMITS;
use perch::x_api::request::CallLimit;
use perch::x_api::time::Span;
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, rate_limited};
use crate::world::dialects::words_of;
use crate::world::faults::{Fault, Seam};

fn world_with(yaml: &str) -> World {
    let mut world = World::new();
    let body = json!({"script": Script::read(yaml).unwrap(), "media": {}}).to_string();
    let answer = world.admin("POST", "/api/scripts/apply", &body);
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(answer.body()));
    world
}

const TWICE: &str = r#"
version: 1
name: twice
start: first
fallback: first
data: { pars: [4, 4, 4] }
nodes:
  first:
    skill: { name: leaderboard.record, with: { board: b, teams: "9", pars: "{{ data.pars }}", team: "1", hole: "1", strokes: "3" }, into: one, on_error: sorry }
    go: second
  second:
    skill: { name: leaderboard.record, with: { board: b, teams: "9", pars: "{{ data.pars }}", team: "1", hole: "1", strokes: "3" }, into: two, on_error: sorry }
    go: board
  board:
    skill: { name: leaderboard.standings, with: { board: b, pars: "{{ data.pars }}" }, into: all, on_error: sorry }
    say: "{{ all.text }}"
    options: [{ label: Again, go: first }]
  sorry: { say: "No: {{ error.why }}", options: [{ label: Again, go: first }] }
"#;

#[test]
fn a_skill_knows_what_an_earlier_one_of_its_turn_has_written() {
    let mut world = world_with(TWICE);
    world.writes(ADA, "hi");
    world.passes(Span::minutes(2));
    let said = world.sent_to(ADA);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("Team 1"), "{said:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM scores"), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'new'"), 0);
}

#[test]
fn a_turn_that_asks_for_skill_after_skill_ends_in_words() {
    let node = |n: usize, go: &str| {
        format!(
            "  n{n}: {{ skill: {{ name: leaderboard.standings, with: {{ board: b, pars: [4] }}, into: r, on_error: n12 }}, go: {go} }}\n"
        )
    };
    let nodes: String = (1..12).map(|n| node(n, &format!("n{}", n + 1))).collect();
    let mut world = world_with(&format!(
        "version: 1\nname: a\nstart: n0\nfallback: n0\nnodes:\n  n0: {{ say: A moment., go: n1 }}\n{nodes}  n12: {{ say: Done., options: [{{ label: Again, go: n0 }}] }}\n"
    ));
    let said = words_of(&world.hears(ADA, "hi"));
    assert!(said.starts_with("A moment.\n\nSorry, something went wrong"), "{said}");
    assert_eq!(world.count("SELECT COUNT(*) FROM turns WHERE by = 'bot'"), 1);
}

#[test]
fn after_stop_nothing_of_before_goes_out_even_what_was_on_its_way_and_was_refused() {
    let mut world = World::with_bot("snow");
    world.misbehaves(rate_limited(1, 3_600));
    world.writes(ADA, "help");
    // The message is on its way to X when the customer says stop.
    world.inner.borrow_mut().faults.delays.insert(14, 5);
    world.writes(ADA, "stop");
    world.passes(Span::hours(3));
    let said = world.sent_to(ADA);
    assert!(said.last().unwrap().contains("silent from now on"), "{said:?}");
    assert!(!said.iter().skip_while(|text| !text.contains("silent")).skip(1).any(|_| true), "{said:?}");
}

#[test]
fn a_post_that_says_what_another_has_just_said_fails_and_is_shown() {
    let yaml = r#"
version: 1
name: posts
start: a
fallback: a
nodes:
  a: { post: { say: "A birdie!" }, say: "Posted.", options: [{ label: Again, go: a }] }
"#;
    let mut world = world_with(yaml);
    for customer in [ADA, BO] {
        world.writes(customer, "hi");
        world.passes(Span::minutes(1));
    }
    assert_eq!(world.posts_of_the_brand(), ["A birdie!"]);
    let failed = world.rows("SELECT status FROM outbox WHERE kind = 'post' ORDER BY created_at");
    assert_eq!(failed, [json!({"status": "sent"}), json!({"status": "failed"})]);
    assert!(world.trouble()["messages"].to_string().contains("already has this very text"));
}

#[test]
fn the_result_of_a_call_outlives_a_database_that_hiccups() {
    for seam in 0..30 {
        let mut world = World::with_bot("snow");
        // What never got to X is said after all.
        world.set("WHEN_DOUBTFUL", "resend");
        world.inner.borrow_mut().faults.at(seam, Fault::Before);
        world.writes(ADA, "report corrie");
        world.x_redelivers();
        world.passes(Span::hours(1));
        let said = world.sent_to(ADA);
        assert_eq!(said.len(), 1, "{seam}: {said:?}");
        let asked = world.inner.borrow().x.weather_calls();
        // Where the service was asked, its answer is what the customer hears.
        assert!(asked == 0 || said[0].contains("240 cm"), "{seam}: {said:?}");
    }
}

#[test]
fn what_a_customer_writes_names_no_secret() {
    let yaml = r#"
version: 1
name: secrets
start: ask
fallback: ask
commands: { "name {name:text}": call }
variables: { name: "" }
nodes:
  ask: { say: "Your name?", ask: { into: name, kind: text, retry: Again please, go: call } }
  call:
    call: { get: "https://weather.perch.example/weather/v1/resorts", headers: { x-name: "{{ name }}" }, into: found, on_error: sorry }
    say: Thanks
    options: [{ label: Again, go: ask }]
  sorry: { say: "{{ error.why }}", options: [{ label: Again, go: ask }] }
"#;
    let mut world = world_with(yaml);
    world.set("CALL_SECRET_KEY", "the-secret");
    world.writes(ADA, "hi");
    world.drive();
    for words in ["\u{e0f0}KEY\u{e0f0}", "name \u{e0f0}KEY\u{e0f0}"] {
        world.writes(ADA, words);
        world.passes(Span::minutes(1));
        let last = world.inner.borrow().last_call.clone().unwrap();
        assert_eq!(last.headers()["x-name"], "KEY", "{words:?}");
    }
}

#[test]
fn what_a_customer_writes_leads_to_no_other_path_of_a_host() {
    let world_of = |number: &str| {
        let yaml = r#"
version: 1
name: orders
start: ask
fallback: ask
variables: { number: "" }
nodes:
  ask: { say: "Your number?", ask: { into: number, kind: text, retry: Again please, go: call } }
  call:
    call: { get: "https://weather.perch.example/weather/v1/orders/NUMBER", into: found, on_error: sorry }
    go: ask
  sorry: { say: "{{ error.why }}", go: ask }
"#;
        let mut world = world_with(&yaml.replace("NUMBER", number));
        world.hears(ADA, "hi");
        world
    };
    let mut bare = world_of("{{ number }}");
    for climbing in ["..", "../secret", "%2e%2E/secret", "a/../../secret", ".", "a\\..\\b"] {
        let said = bare.hears(ADA, climbing);
        assert!(said.contains("its path has a segment"), "{climbing}: {said}");
    }
    let mut encoded = world_of("{{ number | urlencode }}");
    assert!(encoded.hears(ADA, "..").contains("its path has a segment"));
    assert!(bare.inner.borrow().last_call.is_none() && encoded.inner.borrow().last_call.is_none(), "nobody was called");
    encoded.hears(ADA, "../secret?a=b");
    let called = encoded.inner.borrow().last_call.clone().unwrap();
    assert_eq!(called.uri().path(), "/weather/v1/orders/%2E%2E%2Fsecret%3Fa%3Db");
    assert_eq!(called.uri().query(), None);
}

#[test]
fn a_stranger_in_public_gets_no_message_even_when_a_skill_comes_after_it() {
    let yaml = r#"
version: 1
name: public
start: a
fallback: a
on: { mention: a }
data: { pars: [4] }
nodes:
  a: { say: "Hello", media: "https://weather.perch.example/weather/v1/webcam.png", go: b }
  b: { say: "And this", media: "https://weather.perch.example/weather/v1/webcam.png", go: c }
  c:
    skill: { name: leaderboard.standings, with: { board: b, pars: "{{ data.pars }}" }, into: all, on_error: d }
    go: d
  d: { say: "End", options: [{ label: Again, go: a }] }
"#;
    let mut world = world_with(yaml);
    let now = world.now().0.unsigned_abs();
    world.inner.borrow_mut().x.customer_mentions(now, ADA, BRAND, "@furni hi");
    world.passes(Span::minutes(2));
    assert!(world.sent_to(ADA).is_empty(), "{:?}", world.sent_to(ADA));
}

#[test]
fn a_gif_at_an_address_is_sent_once_x_has_worked_on_it() {
    let yaml = r#"
version: 1
name: gif
start: a
fallback: a
nodes:
  a: { say: Look, media: "https://weather.perch.example/weather/v1/webcam.gif", options: [{ label: Again, go: a }] }
"#;
    let mut world = world_with(yaml);
    world.writes(ADA, "hi");
    world.passes(Span::minutes(2));
    let inner = world.inner.borrow();
    let said = inner.x.said_to(BRAND, ADA);
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].attachment.as_ref().map(|attachment| attachment.kind), Some("animated_gif"));
}

#[test]
fn a_drain_leaves_alone_what_waits_for_a_file() {
    let mut world = World::with_bot("snow");
    world.inner.borrow_mut().x.settings().processing_ms = 600_000;
    let yaml = r#"
version: 1
name: gif
start: a
fallback: a
nodes:
  a: { say: Look, media: "https://weather.perch.example/weather/v1/webcam.gif", options: [{ label: Again, go: a }] }
"#;
    let body = json!({"script": Script::read(yaml).unwrap(), "media": {}}).to_string();
    let answer = world.admin("POST", "/api/scripts/apply", &body);
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(answer.body()));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(1));
    world.api("POST", "/api/accounts/switch", &json!({"on": true}));
    // It would never come to rest.
    world.drive();
    assert!(world.sent_to(ADA).is_empty());
    world.passes(Span::minutes(15));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_message_that_was_never_asked_of_x_is_owed_again_after_a_hiccup() {
    let mut world = World::with_bot("snow");
    for seam in 0..25 {
        let customer = format!("8{seam:03}");
        world.x_redelivers();
        world.inner.borrow_mut().faults.at(seam, Fault::Before);
        world.writes(&customer, "help");
        world.passes(Span::minutes(5));
        // Only a call that X never saw leaves the outcome open; trouble with the database does not.
        let was_asked = world.inner.borrow().faults.struck.is_some_and(|(seam, _)| seam == Seam::Send);
        assert!(was_asked || world.sent_to(&customer).len() == 1, "trouble at {seam}");
    }
}

#[test]
fn a_call_may_take_as_long_as_the_checker_says() {
    let call = |within: &str| {
        format!(
            "version: 1\nname: a\nstart: s\nfallback: s\nnodes:\n  s: {{ call: {{ get: 'https://weather.perch.example/weather/v1/resorts', into: r, within: {within}, on_error: t }}, go: t }}\n  t: {{ say: hi, options: [{{ label: Again, go: s }}] }}\n"
        )
    };
    for (within, seconds) in [("20s", 20), ("3s", 3)] {
        let mut world = world_with(&call(within));
        world.hears(ADA, "hi");
        let request = world.inner.borrow().last_call.clone().unwrap();
        assert_eq!(request.extensions().get::<CallLimit>().unwrap().seconds, seconds);
    }
    let mistakes = check(&Script::read(&call("21s")).unwrap(), &LIMITS);
    assert!(mistakes[0].cause.contains("20 seconds are the most"), "{mistakes:?}");
}
