//! An agent who has a conversation goes away while the customer waits: others are asked.

use perch::x_api::time::Span;
use serde_json::json;

use crate::world::World;
use crate::world::cast::ADA;
use crate::world::people::Agent;

/// Ida has Ada's conversation and has answered; Ada writes once more.
fn scene(settings: &serde_json::Value) -> (World, Agent) {
    let mut world = World::with_bot("snow");
    world.hands_over(settings);
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    world.agent_says(&ida, ADA, "Yes?");
    world.writes(ADA, "My lamp is broken.");
    world.drive();
    (world, ida)
}

fn states(world: &mut World, agent: &Agent, view: &str) -> Vec<String> {
    world.view(agent, view).iter().map(|row| row["status"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn whoever_waits_for_an_agent_who_is_gone_is_offered_to_another() {
    let (mut world, ida) = scene(&json!({"request_seconds": null}));
    let max = world.agent("max", &json!({}));
    world.passes(Span::minutes(9));
    assert_eq!(states(&mut world, &ida, "mine"), ["held"]);
    world.inbox_stays_open(&max);
    world.passes(Span::seconds(65));
    assert_eq!(states(&mut world, &max, "mine"), ["waiting"], "he is asked");
    assert!(world.view(&ida, "mine").is_empty());
    world.agent_says(&max, ADA, "I look after it.");
    world.passes(Span::minutes(2));
    assert_eq!(states(&mut world, &max, "mine"), ["held"], "from his word on it is the customer who is silent");
}

#[test]
fn whoever_comes_back_is_asked_for_what_they_left() {
    let (mut world, ida) = scene(&json!({"request_seconds": null}));
    world.does(&ida, "POST", "/api/me/presence", &json!({"presence": "away"}));
    world.passes(Span::minutes(11));
    assert_eq!(states(&mut world, &ida, "waiting"), ["waiting"]);
    world.inbox_stays_open(&ida);
    assert_eq!(states(&mut world, &ida, "mine"), ["waiting"]);
}

#[test]
fn whom_nobody_else_answers_the_bot_answers() {
    let (mut world, _) = scene(&json!({"request_seconds": 60}));
    world.passes(Span::minutes(12));
    assert!(world.sent_to(ADA).iter().any(|said| said.contains("nobody is free")), "{:?}", world.sent_to(ADA));
    assert_eq!(world.rows("SELECT why_ended FROM handoffs")[0]["why_ended"], "nobody");
}

#[test]
fn an_agent_who_is_there_keeps_the_conversation_and_everybody_sees_who_waits() {
    let (mut world, ida) = scene(&json!({"agent_seconds": 300}));
    let max = world.agent("max", &json!({}));
    for _ in 0..4 {
        assert!(world.view(&max, "waiting").is_empty());
        world.passes(Span::minutes(1));
        world.inbox_stays_open(&ida);
    }
    for _ in 0..20 {
        world.passes(Span::minutes(1));
        world.inbox_stays_open(&ida);
    }
    assert_eq!(states(&mut world, &ida, "mine"), ["held"]);
    let row = world.view(&max, "waiting").remove(0);
    assert_eq!((&row["status"], &row["agent"]), (&json!("held"), &json!("Ida")));
    world.agent_says(&ida, ADA, "Here I am again.");
    assert!(world.view(&max, "waiting").is_empty());
}

#[test]
fn what_the_customer_adds_does_not_make_them_wait_anew() {
    let (mut world, ida) = scene(&json!({"request_seconds": null}));
    world.passes(Span::minutes(6));
    world.writes(ADA, "Are you there?");
    world.drive();
    world.passes(Span::minutes(5));
    assert_eq!(states(&mut world, &ida, "waiting"), ["waiting"]);
}

#[test]
fn of_whoever_takes_it_the_time_begins_anew() {
    let (mut world, _) = scene(&json!({"routing": "pull", "request_seconds": null}));
    world.passes(Span::minutes(11));
    let max = world.agent("max", &json!({}));
    assert_eq!(world.acts(&max, "take", ADA, &json!({})).0, 200);
    world.passes(Span::minutes(9));
    assert_eq!(states(&mut world, &max, "mine"), ["held"]);
    world.passes(Span::minutes(2));
    assert_eq!(states(&mut world, &max, "waiting"), ["waiting"]);
}

#[test]
fn null_lets_the_customer_wait() {
    let (mut world, ida) = scene(&json!({"agent_seconds": null}));
    world.passes(Span::hours(3));
    assert_eq!(states(&mut world, &ida, "mine"), ["held"]);
    assert!(world.view(&ida, "waiting").is_empty());
}

#[test]
fn whoever_let_it_pass_at_first_is_asked_again() {
    let mut world = World::with_bot("snow");
    world.hands_over(&json!({"mode": "agents", "request_seconds": null}));
    let max = world.agent("max", &json!({}));
    world.passes(Span::seconds(1));
    let ida = world.agent("ida", &json!({}));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(states(&mut world, &max, "mine"), ["waiting"]);
    world.inbox_stays_open(&ida);
    world.passes(Span::seconds(31));
    assert_eq!(states(&mut world, &ida, "mine"), ["waiting"], "he let it pass");
    world.agent_says(&ida, ADA, "Yes?");
    world.writes(ADA, "My lamp is broken.");
    world.drive();
    world.passes(Span::minutes(9));
    world.inbox_stays_open(&max);
    let is_asked = (0..6).any(|_| {
        world.passes(Span::seconds(20));
        states(&mut world, &max, "mine") == ["waiting"]
    });
    assert!(is_asked);
}

#[test]
fn what_ends_while_its_agent_is_looked_for_ends_on_time() {
    let (mut world, ida) = scene(&json!({"agent_seconds": 60}));
    world.change("UPDATE handoffs SET hold_until = waiting_since + 90000");
    world.inbox_stays_open(&ida);
    world.passes(Span::seconds(61));
    assert_eq!(states(&mut world, &ida, "mine"), ["held"], "she is there");
    // Nothing rings meanwhile: it is Ada who comes upon it.
    world.sleeps(Span::seconds(30));
    let said = world.sent_to(ADA).len();
    world.hears(ADA, "help");
    assert_eq!(world.rows("SELECT why_ended FROM handoffs")[0]["why_ended"], "over");
    assert!(world.sent_to(ADA).len() > said, "the bot answers");
}

const SHOP: &str = "
version: 1
name: shop
start: menu
fallback: menu
nodes:
  menu: { say: Menu, options: [{ label: A person, id: person, go: person }] }
  person: { say: A person comes., handoff: {} }
";

/// Ada asks for somebody, and Ida and Max are there.
fn asked(settings: &serde_json::Value) -> (World, [Agent; 2]) {
    let mut world = World::new();
    world.applies(SHOP);
    world.hands_over(settings);
    let agents = ["ida", "max"].map(|login| world.agent(login, &json!({})));
    world.hears(ADA, "hi");
    world.tapped(ADA, "A person");
    (world, agents)
}

#[test]
fn where_somebody_ends_what_nobody_has_taken_nobody_takes_leave() {
    let (mut world, _) = asked(&json!({}));
    let boss = world.agent("boss", &json!({"role": "admin"}));
    assert_eq!(world.acts(&boss, "close", ADA, &json!({})).0, 200);
    let said = world.sent_to(ADA).pop().unwrap();
    assert!(said.starts_with("Sorry, nobody is free"), "{said}");
    assert_eq!(world.rows("SELECT why_ended FROM handoffs")[0]["why_ended"], "nobody");
}

#[test]
fn a_customer_who_waits_and_writes_on_is_offered_to_the_next_in_time() {
    let (mut world, agents) = asked(&json!({"offer_seconds": 30, "request_seconds": 300}));
    let first = agents.iter().position(|agent| !world.view(agent, "mine").is_empty()).unwrap();
    world.passes(Span::seconds(10));
    world.writes(ADA, "Hello?");
    world.drive();
    world.passes(Span::seconds(19));
    assert_eq!(world.view(&agents[first], "mine").len(), 1);
    world.passes(Span::seconds(3));
    assert_eq!(world.view(&agents[1 - first], "mine").len(), 1, "the word has delayed nothing");
}

#[test]
fn agents_read_what_was_written_and_not_how_x_writes_it() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "Tom & <Jerry> say \"hi\"");
    world.human_types(ADA, "Fish & <chips>");
    world.drive();
    let thread = world.thread(&ida, ADA);
    let said: Vec<&str> =
        thread["entries"].as_array().unwrap().iter().filter_map(|row| row["body"]["text"].as_str()).collect();
    assert!(said.contains(&"Tom & <Jerry> say \"hi\"") && said.contains(&"Fish & <chips>"), "{said:?}");
}

#[test]
fn what_an_agent_had_who_is_removed_is_offered_to_others_however_long_they_had_it() {
    let (mut world, _) = scene(&json!({"request_seconds": 100}));
    let max = world.agent("max", &json!({}));
    world.passes(Span::minutes(5));
    world.inbox_stays_open(&max);
    assert_eq!(world.api("POST", "/api/agents/remove", &json!({"login": "ida"})).0, 200);
    world.drive();
    assert_eq!(states(&mut world, &max, "mine"), ["waiting"], "he is asked");
    assert!(!world.sent_to(ADA).iter().any(|said| said.contains("nobody is free")), "{:?}", world.sent_to(ADA));
    world.passes(Span::minutes(3));
    assert!(world.sent_to(ADA).iter().any(|said| said.contains("nobody is free")), "{:?}", world.sent_to(ADA));
}
