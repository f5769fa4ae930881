//! A script posts to a web service: what it says stands in the body, and a repetition can be told.

use perch::x_api::time::Span;

use crate::world::World;
use crate::world::cast::{ADA, BO};
use crate::world::faults::FAULTS;

const ALERTS: &str = r#"
version: 1
name: alerts
start: help
fallback: help
commands: { "alert {resort:text} {cm:int}": alert }
variables: { resort: "", cm: "" }
nodes:
  help: { say: "Say alert, a resort, and how much snow.", options: [{ label: Again, go: help }] }
  alert:
    call:
      post: "https://weather.perch.example/weather/v1/alerts"
      json: { resort: "{{ resort }}", from_cm: "{{ cm }}", by: ["dm", "{{ customer.name }} \"quoted\""] }
      into: made
      on_error: sorry
    say: "You hear of {{ made.name }} from {{ made.from_cm }} cm on."
    options: [{ label: Again, go: help }]
  sorry: { say: "No alert: {{ error.kind }} {{ error.status }}", options: [{ label: Again, go: help }] }
"#;

#[test]
fn a_post_carries_what_the_script_knows_as_json() {
    let mut world = World::new();
    world.applies(ALERTS);
    assert_eq!(world.hears(ADA, "alert corrie 40"), "You hear of Corrie Mor from 40 cm on.");
    let call = world.inner.borrow().last_call.clone().unwrap();
    let body: serde_json::Value = serde_json::from_slice(call.body()).unwrap();
    assert_eq!(body, serde_json::json!({"resort": "corrie", "from_cm": 40, "by": ["dm", "Ada \"quoted\""]}));
    assert_eq!(
        (call.method().as_str(), &call.headers()["content-type"]),
        ("POST", &"application/json".parse().unwrap())
    );
    assert!(world.hears(ADA, "alert nowhere 40").contains("No alert: status 400"));
    let other = world.inner.borrow().last_call.clone().unwrap();
    assert_ne!(call.headers()["idempotency-key"], other.headers()["idempotency-key"], "another call");
}

#[test]
fn whatever_fails_around_a_post_it_is_made_once() {
    for fault in FAULTS {
        for seam in 0..16 {
            let mut world = World::new();
            world.applies(ALERTS);
            world.set("WHEN_DOUBTFUL", "resend");
            let asked = world.inner.borrow().x.weather_calls();
            world.inner.borrow_mut().faults.count_from_now();
            world.inner.borrow_mut().faults.at(seam, fault);
            world.writes(BO, "alert corrie 40");
            world.x_redelivers();
            world.passes(Span::hours(1));
            let made = world.inner.borrow().x.weather_calls() - asked;
            assert!(made <= 1, "{fault:?} at {seam}: {made}");
            assert_eq!(world.sent_to(BO).len(), 1, "{fault:?} at {seam}");
        }
    }
}

#[test]
fn a_name_with_a_line_break_makes_no_header_of_its_own() {
    let mut world = World::new();
    world.applies(
        "{ version: 1, name: a, start: a, fallback: a, nodes: {
        a: { call: { get: 'https://weather.perch.example/weather/v1/resorts', headers: { x-name: '{{ customer.name }}' }, into: r, on_error: b }, go: c },
        b: { say: 'No: {{ error.kind }}', options: [{ label: Again, go: a }] },
        c: { say: Heard, options: [{ label: Again, go: a }] } } }",
    );
    for (name, said) in
        [("Ada", "Heard"), ("a\r\nx-evil: 1", "No: refused"), ("a\nb", "No: refused"), ("a\0b", "No: refused")]
    {
        let asked = world.inner.borrow().x.weather_calls();
        world.inner.borrow_mut().x.add_user(perch_simulator::User::new(ADA, "ada", name));
        assert_eq!(world.hears(ADA, "hi"), said, "{name:?}");
        let made = world.inner.borrow().x.weather_calls() - asked;
        assert_eq!(made, usize::from(said == "Heard"), "{name:?}");
    }
}

#[test]
fn what_a_customer_writes_makes_no_header_of_its_own() {
    let mut world = World::new();
    world.applies(
        "{ version: 1, name: a, start: ask, fallback: ask, nodes: {
        ask: { say: 'Your name?', ask: { into: name, kind: text, retry: Again please, go: a } },
        a: { call: { get: 'https://weather.perch.example/weather/v1/resorts', headers: { x-name: '{{ name }}' }, into: r, on_error: b }, go: c },
        b: { say: 'No: {{ error.kind }}', go: ask },
        c: { say: Heard, go: ask } } }",
    );
    assert_eq!(world.hears(ADA, "hi"), "Your name?");
    for words in ["a\r\nx-evil: 1", "a\nx-evil: 1", "a\rx-evil: 1", "a\u{7f}", "\u{e9}"] {
        assert_eq!(world.hears(ADA, words), "No: refused\n\nYour name?", "{words:?}");
        assert_eq!(world.inner.borrow().x.weather_calls(), 0, "{words:?}");
    }
    let written = "a%0d%0ax-evil: 1";
    assert_eq!(world.hears(ADA, written), "Heard\n\nYour name?");
    let call = world.inner.borrow().last_call.clone().unwrap();
    assert_eq!(call.headers()["x-name"], written, "nothing is decoded");
    assert!(!call.headers().contains_key("x-evil"));
}

#[test]
fn what_a_script_says_of_its_body_itself_is_said_once() {
    let mut world = World::new();
    let own = "headers: { Content-Type: application/vnd.api+json, accept: application/vnd.api+json, Idempotency-Key: mine }\n      json:";
    world.applies(&ALERTS.replace("json:", own));
    world.hears(ADA, "alert corrie 40");
    let call = world.inner.borrow().last_call.clone().unwrap();
    for (name, value) in [
        ("content-type", "application/vnd.api+json"),
        ("accept", "application/vnd.api+json"),
        ("idempotency-key", "mine"),
    ] {
        let values: Vec<_> = call.headers().get_all(name).iter().collect();
        assert_eq!(values, [value], "{name}");
    }
}
