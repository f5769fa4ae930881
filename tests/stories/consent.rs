//! "stop" and "start": heard whoever has the conversation, and obeyed by the bot when it has it again.

use perch::x_api::time::Span;
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, SHOP, rate_limited};
use crate::world::dialects::words_of;

const BOT: &str = r#"
version: 1
name: shop
start: menu
fallback: lost
nodes:
  menu: { say: Menu, options: [{ label: A person, id: person, go: person }] }
  person: { say: A person comes., handoff: { until: 12h, after: again } }
  again: { say: Back again., go: menu }
  lost: { say: Lost, options: [{ label: Menu, go: menu }] }
"#;

fn shop() -> World {
    let mut world = World::new();
    world.applies(BOT);
    world
}

fn said(world: &World) -> Vec<String> {
    world.sent_to(ADA).iter().map(|text| words_of(text)).collect()
}

/// The customer says what is no word of consent, and the bot is silent; "start" gives it its voice back.
fn is_silent_until_start(world: &mut World) {
    let before = said(world);
    world.writes(ADA, "hello?");
    world.drive();
    assert_eq!(said(world), before, "the customer said stop");
    assert_eq!(words_of(&world.hears(ADA, "start")), "Welcome back.\n\nMenu");
}

#[test]
fn stop_to_an_agent_is_obeyed_when_the_bot_has_the_conversation_back() {
    for words in ["stop", "Stop 🛑", "“stop”", "stop…", "stop, please"] {
        let mut world = shop();
        let ida = world.agent("ida", &json!({}));
        world.hears(ADA, "hi");
        world.tapped(ADA, "A person");
        world.agent_says(&ida, ADA, "Yes?");
        world.writes(ADA, words);
        world.drive();
        assert_eq!(said(&world).pop().unwrap(), "Yes?", "{words}: people speak");
        world.agent_says(&ida, ADA, "As you wish.");
        world.acts(&ida, "close", ADA, &json!({}));
        assert_eq!(said(&world).pop().unwrap(), "As you wish.", "{words}: the bot has nothing to say");
        is_silent_until_start(&mut world);
    }
}

#[test]
fn stop_and_start_to_an_agent_leave_it_as_it_was() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    world.tapped(ADA, "A person");
    world.agent_says(&ida, ADA, "Yes?");
    for words in ["stop", "start"] {
        world.writes(ADA, words);
        world.drive();
    }
    world.acts(&ida, "close", ADA, &json!({}));
    assert!(said(&world).pop().unwrap().starts_with("Ida has left the conversation."), "{:?}", said(&world));
}

#[test]
fn stop_to_an_account_that_leaves_everything_to_people_is_kept_for_the_bot() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    world.does(&ida, "POST", "/api/me/presence", &json!({"presence": "away"}));
    world.hands_over(&json!({"mode": "agents", "request_seconds": 60, "notices": {"started": "One moment."}}));
    world.writes(ADA, "stop");
    world.passes(Span::minutes(3));
    assert_eq!(said(&world), Vec::<String>::new(), "neither when it began nor when nobody came");
    world.hands_over(&json!({"mode": "hybrid"}));
    for act in ["take", "close"] {
        assert_eq!(world.acts(&ida, act, ADA, &json!({})).0, 200, "{act}");
    }
    is_silent_until_start(&mut world);
}

#[test]
fn stop_is_heard_while_the_account_is_off_and_while_the_conversation_is_paused() {
    for (before, after) in [
        ("UPDATE accounts SET is_on = 0", "UPDATE accounts SET is_on = 1"),
        ("UPDATE conversations SET paused_until = 9999999999999", "UPDATE conversations SET paused_until = 0"),
    ] {
        let mut world = shop();
        world.hears(ADA, "hi");
        world.change(before);
        world.writes(ADA, "stop");
        world.drive();
        assert_eq!(said(&world).len(), 1, "{before}");
        world.change(after);
        is_silent_until_start(&mut world);
    }
}

#[test]
fn what_the_bot_owes_goes_with_a_stop_that_it_does_not_answer() {
    let mut world = shop();
    world.misbehaves(rate_limited(1, 3_600));
    world.writes(ADA, "hi");
    world.drive();
    world.change("UPDATE conversations SET paused_until = 9999999999999");
    world.writes(ADA, "stop");
    world.passes(Span::hours(3));
    assert_eq!(said(&world), Vec::<String>::new());
}

#[test]
fn twenty_turns_and_a_stop_pause_and_silence() {
    let mut world = shop();
    for _ in 0..20 {
        world.hears(ADA, "menu");
    }
    world.writes(ADA, "stop");
    world.drive();
    assert_eq!(world.trouble()["paused_conversations"].as_array().unwrap().len(), 1);
    world.passes(Span::minutes(61));
    is_silent_until_start(&mut world);
}

#[test]
fn another_account_of_ours_that_is_not_answered_can_say_stop() {
    let mut world = shop();
    world.connects(SHOP);
    world.writes(SHOP, "stop");
    world.drive();
    assert_eq!(world.count("SELECT json_extract(state, '$.opted_out') FROM conversations"), 1);
}

const ITALIAN: &str = r#"
version: 1
name: negozio
start: menu
fallback: lost
opt_out: { words: [basta], say: Silenzio. }
opt_in: { words: [ciao], say: Eccomi. }
nodes:
  menu: { say: Menu, options: [{ label: Again, go: menu }] }
  lost: { say: Lost, options: [{ label: Menu, go: menu }] }
"#;

#[test]
fn a_bot_with_words_of_its_own_obeys_them_and_no_others() {
    let mut world = World::new();
    world.applies(ITALIAN);
    assert_eq!(world.hears(ADA, "hi"), "Menu");
    for words in ["stop", "start"] {
        assert_eq!(world.hears(ADA, words), "Lost", "{words}: no wish here");
    }
    assert_eq!(world.hears(ADA, "Basta!"), "Silenzio.");
    let before = said(&world);
    for words in ["hi", "stop", "start"] {
        world.writes(ADA, words);
        world.drive();
        assert_eq!(said(&world), before, "{words}: the customer said basta");
    }
    assert_eq!(world.hears(ADA, "ciao"), "Eccomi.\n\nMenu");
}
