//! Signs of attention: when they are given, and what an agent is told of them.

use serde_json::json;

use crate::world::World;
use crate::world::cast::ADA;
use crate::world::dialects::speaks_plain;

const TYPING: &str = "typing";
const READ: &str = "read";
const MESSAGE: &str = "message";

/// What X was asked to show the customer, in order.
fn shown(world: &World) -> Vec<&'static str> {
    let inner = world.inner.borrow();
    let calls = inner.x.requests().iter();
    calls
        .filter_map(|call| match call.path.as_str() {
            "/1.1/direct_messages/indicate_typing.json" => Some(TYPING),
            "/1.1/direct_messages/mark_read.json" => Some(READ),
            "/1.1/direct_messages/events/new.json" => Some(MESSAGE),
            _ => None,
        })
        .collect()
}

#[test]
fn the_sign_of_typing_goes_before_the_answer_and_the_receipt_after_it() {
    if speaks_plain() {
        return; // v2 has no signs of attention
    }
    let mut world = World::new();
    world.applies(
        "{ version: 1, name: signs, start: a, fallback: a, nodes: { a: { typing: true, say: Hello, options: [{ label: Again, go: a }] } } }",
    );
    world.hears(ADA, "hi");
    assert_eq!(shown(&world), [TYPING, MESSAGE, READ]);
}

#[test]
fn what_was_said_before_a_call_goes_before_its_sign_of_typing() {
    if speaks_plain() {
        return; // v2 has no signs of attention
    }
    let mut world = World::new();
    let long = "a".repeat(9_000);
    world.applies(&format!(
        r#"
version: 1
name: signs
start: a
fallback: a
nodes:
  a: {{ say: "{long}", go: b }}
  b: {{ say: "{long}", go: c }}
  c:
    call: {{ get: "https://weather.perch.example/weather/v1/resorts", into: found, on_error: sorry }}
    say: Found
    options: [{{ label: Again, go: a }}]
  sorry: {{ say: Sorry, options: [{{ label: Again, go: a }}] }}
"#
    ));
    world.hears(ADA, "hi");
    assert_eq!(shown(&world), [READ, MESSAGE, TYPING, MESSAGE]);
}

#[test]
fn an_agent_is_told_whether_the_customer_is_shown_that_they_write() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    world.agent_says(&ida, ADA, "Here I am.");
    let (status, said) = world.acts(&ida, "typing", ADA, &json!({}));
    assert_eq!((status, &said["shown"]), (200, &json!(!speaks_plain())), "{said}");
    let given = shown(&world).iter().filter(|shown| **shown == TYPING).count();
    assert_eq!(given, usize::from(!speaks_plain()));
    world.unset("TOKEN_KEY");
    let (status, said) = world.acts(&ida, "typing", ADA, &json!({}));
    assert_eq!((status, &said["shown"]), (200, &json!(false)), "no key opens the account's tokens: {said}");
}
