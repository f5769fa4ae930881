//! Signs of attention: when they are given, and what an agent is told of them.

use serde_json::json;

use crate::world::World;
use crate::world::cast::ADA;
use crate::world::dialects::speaks_plain;
use crate::world::people::Agent;

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

#[test]
fn what_an_agent_reads_the_customer_sees_as_read_once_and_only_of_whoever_has_the_conversation() {
    if speaks_plain() {
        return; // v2 has no signs of attention
    }
    let mut world = World::new();
    let (ida, max) = (world.agent("ida", &json!({})), world.agent("max", &json!({})));
    world.hears(ADA, "hi");
    let receipts = |world: &World| shown(world).iter().filter(|shown| **shown == READ).count();
    let reads = |world: &mut World, agent: &Agent| {
        let last = world.thread(agent, ADA)["entries"].as_array().unwrap().last().unwrap()["x_id"].clone();
        assert_eq!(world.acts(agent, "read", ADA, &json!({"to": last})).0, 200);
    };
    let before = receipts(&world);
    reads(&mut world, &ida);
    assert_eq!(receipts(&world), before, "nobody has it yet");
    world.acts(&ida, "take", ADA, &json!({}));
    reads(&mut world, &ida);
    assert_eq!(receipts(&world), before + 1, "what she had read before she took it");
    world.writes(ADA, "My lamp is broken.");
    world.drive();
    reads(&mut world, &ida);
    assert_eq!(receipts(&world), before + 2);
    world.agent_says(&ida, ADA, "Which one?");
    reads(&mut world, &ida);
    assert_eq!(receipts(&world), before + 2, "nothing of the customer's is new");
    world.writes(ADA, "The red one.");
    world.drive();
    reads(&mut world, &max);
    assert_eq!(
        (receipts(&world), world.view(&ida, "mine")[0]["unread"].clone()),
        (before + 2, json!(1)),
        "he only looks"
    );
    reads(&mut world, &ida);
    assert_eq!((receipts(&world), world.view(&ida, "mine")[0]["unread"].clone()), (before + 3, json!(0)));
}
