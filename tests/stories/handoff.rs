//! People take over, and the bot has the conversation back: who is asked, what the customer is told, what time ends.

use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
use crate::world::dialects::words_of;
use crate::world::people::Agent;

const SHOP: &str = r#"
version: 1
name: shop
start: menu
fallback: lost
nodes:
  menu: { say: Menu, options: [{ label: A person, id: person, go: person }] }
  person: { say: A person comes., handoff: { note: "{{ customer.name }} asks", until: 12h, after: again } }
  again: { say: "Back again ({{ handoff.why }}).", go: menu }
  lost: { say: Lost, options: [{ label: Menu, go: menu }] }
"#;

/// A shop where people answer.
fn shop() -> World {
    let mut world = World::new();
    world.applies(SHOP);
    world
}

/// Ada asks for somebody.
fn asks(world: &mut World, customer: &str) {
    world.hears(customer, "hi");
    assert!(world.tapped(customer, "A person").contains("A person comes."));
}

fn last(world: &World, customer: &str) -> String {
    words_of(&world.sent_to(customer).pop().unwrap())
}

fn offered(world: &mut World, agent: &Agent) -> usize {
    world.view(agent, "mine").iter().filter(|row| row["status"] == "waiting").count()
}

#[test]
fn a_customer_asks_for_somebody_who_answers_and_silence_gives_the_conversation_back() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    asks(&mut world, ADA);
    let row = world.view(&ida, "mine").remove(0);
    assert_eq!((&row["status"], &row["note"], &row["unread"]), (&json!("waiting"), &json!("Ada asks"), &json!(2)));
    assert_eq!(world.acts(&ida, "take", ADA, &json!({})).0, 200);
    assert_eq!(last(&world, ADA), "You are now talking to Ida.");

    world.writes(ADA, "Where is my lamp?");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 3, "the bot is silent");
    world.agent_says(&ida, ADA, "On its way.");
    assert_eq!(last(&world, ADA), "On its way.");
    world.passes(Span::minutes(4));
    let said = last(&world, ADA);
    assert!(
        said.starts_with("We have not heard from you for a while.") && said.contains("Back again (timed_out)."),
        "{said}"
    );
    assert!(world.view(&ida, "open").is_empty());
    assert!(world.hears(ADA, "hello?").contains("Lost"), "the bot answers");
}

#[test]
fn while_the_customer_waits_for_a_word_no_silence_is_counted() {
    let mut world = shop();
    world.hands_over(&json!({"agent_seconds": null}));
    let ida = world.agent("ida", &json!({}));
    asks(&mut world, ADA);
    world.agent_says(&ida, ADA, "Yes?");
    world.writes(ADA, "My lamp is broken.");
    world.passes(Span::hours(3));
    assert_eq!(last(&world, ADA), "Yes?", "it is the agent who is silent");
    let row = world.view(&ida, "mine").remove(0);
    assert!(row["waiting_since"].is_i64(), "{row:#}");
}

#[test]
fn nobody_is_free_and_the_bot_says_so() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    world.does(&ida, "POST", "/api/me/presence", &json!({"presence": "away"}));
    asks(&mut world, ADA);
    world.passes(Span::seconds(99));
    assert_eq!(world.view(&ida, "waiting").len(), 1);
    world.passes(Span::seconds(2));
    let said = last(&world, ADA);
    assert!(said.contains("nobody is free") && said.contains("Back again (nobody)."), "{said}");
}

#[test]
fn agents_are_asked_one_after_the_other_the_longest_free_first() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    world.passes(Span::seconds(5));
    let max = world.agent("max", &json!({}));
    asks(&mut world, ADA);
    assert_eq!((offered(&mut world, &ida), offered(&mut world, &max)), (1, 0));
    world.inbox_stays_open(&max);
    world.passes(Span::seconds(31));
    assert_eq!((offered(&mut world, &ida), offered(&mut world, &max)), (0, 1), "she did not take it");
    asks(&mut world, BO);
    assert_eq!((offered(&mut world, &ida), offered(&mut world, &max)), (1, 1), "who has been free for longer");
}

#[test]
fn whoever_is_full_or_of_another_team_or_gone_is_not_asked() {
    let mut world = shop();
    world.hands_over(&json!({"team": "returns"}));
    let ida = world.agent("ida", &json!({"teams": ["sales"]}));
    let max = world.agent("max", &json!({"teams": ["sales", "returns"], "at_once": 1}));
    asks(&mut world, ADA);
    asks(&mut world, BO);
    assert_eq!((offered(&mut world, &ida), offered(&mut world, &max)), (0, 1), "one at a time");
    let mut world = shop();
    let gone = world.agent("ida", &json!({}));
    world.passes(Span::minutes(3));
    asks(&mut world, ADA);
    assert_eq!(offered(&mut world, &gone), 0, "her inbox is closed");
    world.inbox_stays_open(&gone);
    world.does(&gone, "POST", "/api/me/presence", &json!({"presence": "away"}));
    world.does(&gone, "POST", "/api/me/presence", &json!({"presence": "available"}));
    assert_eq!(offered(&mut world, &gone), 1, "whoever becomes free is asked");
}

#[test]
fn a_list_is_taken_from_by_hand_and_null_suppresses_what_is_said_and_what_ends() {
    let mut world = shop();
    world.hands_over(&json!({"routing": "pull", "request_seconds": null, "activity_seconds": null,
        "notices": {"joined": null, "ended": null}}));
    let ida = world.agent("ida", &json!({}));
    asks(&mut world, ADA);
    world.passes(Span::minutes(30));
    assert_eq!((offered(&mut world, &ida), world.view(&ida, "waiting").len()), (0, 1));
    world.acts(&ida, "take", ADA, &json!({}));
    assert_eq!(last(&world, ADA), "A person comes.");
    world.agent_says(&ida, ADA, "Here I am.");
    world.passes(Span::hours(2));
    assert_eq!(world.view(&ida, "mine").len(), 1, "no silence ends it");
    world.acts(&ida, "close", ADA, &json!({}));
    assert!(last(&world, ADA).starts_with("Back again (ended)."), "{}", last(&world, ADA));
}

#[test]
fn a_handoff_keeps_the_settings_of_its_beginning() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    asks(&mut world, ADA);
    world.acts(&ida, "take", ADA, &json!({}));
    world.hands_over(&json!({"notices": {"ended": "Something else."}}));
    world.acts(&ida, "close", ADA, &json!({}));
    assert!(last(&world, ADA).starts_with("Ida has left the conversation."));
}

#[test]
fn where_the_mode_says_so_nobody_takes_over_or_the_bot_says_nothing() {
    let mut world = shop();
    world.hands_over(&json!({"mode": "bot"}));
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    let said = words_of(&world.tapped(ADA, "A person"));
    assert!(said.contains("nobody is free") && said.contains("Back again (nobody)."), "{said}");
    assert!(world.view(&ida, "open").is_empty());
    world.hands_over(
        &json!({"mode": "agents", "notices": {"started": "Somebody will be with you, {{ customer.name }}."}}),
    );
    world.writes(BO, "hello");
    world.drive();
    assert_eq!(world.sent_to(BO), ["Somebody will be with you, Bo."]);
    assert_eq!(offered(&mut world, &ida), 1);
    world.agent_says(&ida, BO, "What can I do?");
    assert_eq!(world.sent_to(BO).len(), 3);
}

#[test]
fn without_a_single_agent_whoever_answers_does_it_in_xs_own_app() {
    let mut world = shop();
    asks(&mut world, ADA);
    world.passes(Span::hours(11));
    world.writes(ADA, "anybody?");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 2, "the bot is silent for as long as the script says");
    world.passes(Span::hours(1));
    assert_eq!(world.sent_to(ADA).len(), 2, "and takes the conversation back without a word");
    let said = world.hears(ADA, "hello?");
    assert!(said.contains("Menu"), "the next word begins anew: {said}");
    assert_eq!(world.rows("SELECT why_ended FROM handoffs")[0]["why_ended"], "over");
}

#[test]
fn who_types_in_xs_own_app_has_it_for_a_while_and_an_agent_can_take_it() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    world.hears(ADA, "hi");
    world.human_types(ADA, "This is the boss.");
    world.passes(Span::seconds(40));
    let row = world.view(&ida, "open").remove(0);
    assert_eq!((&row["status"], &row["place"]), (&json!("held"), &json!("app")));
    world.acts(&ida, "take", ADA, &json!({}));
    assert_eq!(world.view(&ida, "mine")[0]["place"], "agents");
    world.hears(BO, "hi");
    world.human_types(BO, "And here too.");
    world.passes(Span::minutes(31));
    assert_eq!(world.rows("SELECT why_ended FROM handoffs WHERE status = 'ended'").len(), 1);
}

#[test]
fn what_is_released_goes_to_somebody_else_and_what_is_assigned_is_had_at_once() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    let max = world.agent("max", &json!({}));
    asks(&mut world, ADA);
    world.agent_says(&ida, ADA, "One moment.");
    assert_eq!(world.acts(&ida, "release", ADA, &json!({})).0, 200);
    assert_eq!((offered(&mut world, &ida), offered(&mut world, &max)), (0, 1));
    assert_eq!(world.acts(&max, "assign", ADA, &json!({"agent": "ida"})).0, 200);
    let row = world.view(&ida, "mine").remove(0);
    assert_eq!((&row["status"], &row["agent"]), (&json!("held"), &json!("Ida")));
    assert_eq!(world.acts(&ida, "assign", ADA, &json!({"agent": "nobody"})).0, 404);
}

#[test]
fn an_agent_who_is_removed_leaves_what_they_had_to_the_others() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    world.passes(Span::seconds(1));
    let max = world.agent("max", &json!({}));
    asks(&mut world, ADA);
    world.agent_says(&ida, ADA, "One moment.");
    let (status, _) = world.api("POST", "/api/agents/remove", &json!({"login": "ida"}));
    assert_eq!(status, 200);
    assert_eq!(offered(&mut world, &max), 1);
    assert_eq!(world.does(&ida, "GET", "/api/inbox", &Value::Null).0, 401, "her session is over");
}

#[test]
fn the_thread_shows_who_said_what_and_what_became_of_it() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    asks(&mut world, ADA);
    world.agent_says(&ida, ADA, "Here I am.");
    world.acts(&ida, "note", ADA, &json!({"text": "a regular"}));
    world.misbehaves(crate::world::cast::refuses(1, 349));
    let said = world.agent_says(&ida, ADA, "You cannot read this.");
    assert_eq!(said["message"]["status"], "failed");
    let thread = world.thread(&ida, ADA);
    let authors: Vec<&str> =
        thread["entries"].as_array().unwrap().iter().map(|e| e["author"].as_str().unwrap()).collect();
    assert_eq!(authors, ["customer", "bot", "customer", "bot", "human", "human"]);
    assert_eq!(thread["entries"][5]["body"]["text"], "Here I am.");
    let failed = &thread["unsaid"][0];
    assert_eq!((&failed["status"], &failed["body"]["text"]), (&json!("failed"), &json!("You cannot read this.")));
    assert!(failed["why"]["what_to_do"].is_string(), "{failed:#}");
    assert_eq!(thread["notes"][0]["text"], "a regular");
    assert_eq!(thread["handoffs"][0]["agent"], "Ida");
    let up_to = thread["entries"][5]["x_id"].clone();
    world.acts(&ida, "read", ADA, &json!({"to": up_to}));
    assert_eq!(world.view(&ida, "mine")[0]["unread"], 0);
}

#[test]
fn whoever_answers_sees_that_xs_limit_is_spent_and_until_when() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    asks(&mut world, ADA);
    assert_eq!(world.thread(&ida, ADA)["conversation"]["sends_at"], Value::Null);
    world.misbehaves(crate::world::cast::rate_limited(1, 600));
    let said = world.agent_says(&ida, ADA, "One moment.");
    assert_eq!(said["message"]["status"], "owed");
    let until = world.thread(&ida, ADA)["conversation"]["sends_at"].as_i64().unwrap();
    assert!(until > world.now().0 + 500_000, "{until}");
    world.passes(Span::minutes(11));
    assert!(world.sent_to(ADA).contains(&"One moment.".to_owned()));
}

#[test]
fn that_the_customer_types_or_has_read_is_seen_by_whoever_has_the_conversation() {
    let mut world = shop();
    let ida = world.agent("ida", &json!({}));
    asks(&mut world, ADA);
    world.agent_says(&ida, ADA, "Here I am.");
    let thread = world.thread(&ida, ADA);
    let ours = thread["entries"].as_array().unwrap().last().unwrap()["x_id"].clone();
    assert_eq!((&thread["conversation"]["typing"], &thread["conversation"]["seen_to"]), (&json!(0), &Value::Null));
    let now = world.now().0.unsigned_abs();
    world.inner.borrow_mut().x.customer_types(now, ADA, BRAND);
    world.inner.borrow_mut().x.customer_reads(now, ADA, BRAND, ours.as_str().unwrap());
    world.drive();
    let conversation = world.thread(&ida, ADA)["conversation"].clone();
    assert_eq!((&conversation["typing"], &conversation["seen_to"]), (&json!(1), &ours));
    assert_eq!(world.view(&ida, "mine")[0]["typing"], 1);
    world.passes(Span::seconds(7));
    assert_eq!(world.thread(&ida, ADA)["conversation"]["typing"], 0, "for a moment");
}
