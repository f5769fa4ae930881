//! What a handoff tells: the customer notice by notice and in time, the script line by line, and nobody anything twice.

use perch::job::Job;
use perch::store::conversations::ConversationId;
use perch::x_api::time::Span;
use serde_json::{Map, Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
use crate::world::people::Agent;
use crate::world::scheduler::Order;

/// Of the two that ask for people, one has something to say afterwards.
const SHOP: &str = r#"
version: 1
name: shop
start: menu
fallback: lost
nodes:
  menu:
    say: Menu
    options: [{ label: A person, id: person, go: person }, { label: A report, id: report, go: report }]
  person: { say: A person comes., handoff: {} }
  report: { say: A person comes., handoff: { after: again } }
  again:
    say: "{% for line in handoff.said %}{{ line.who }}: {{ line.text }};{% endfor %} {{ handoff.agent }} {{ handoff.why }}"
    go: menu
  lost: { say: Lost, options: [{ label: Menu, id: menu, go: menu }] }
"#;

const NOTICES: [&str; 5] = ["started", "joined", "ended", "timed_out", "nobody"];
/// How a handoff ends, and all that Ada is told until then, where each notice says its own name.
const COURSES: [(&str, &[&str]); 3] = [
    ("ended", &["Menu", "A person comes.", "started", "joined", "ended"]),
    ("timed_out", &["Menu", "A person comes.", "started", "joined", "Yes?", "timed_out"]),
    ("nobody", &["Menu", "A person comes.", "started", "nobody"]),
];
const SILENCE: &str = "We have not heard from you for a while. The automated assistant is back.";

fn shop(settings: &Value) -> World {
    let mut world = World::new();
    world.applies(SHOP);
    world.hands_over(settings);
    world
}

/// Ada asks for somebody.
fn asks(world: &mut World, option: &str) {
    world.hears(ADA, "hi");
    world.tapped(ADA, option);
}

/// X takes a moment to bring it: what asks for people was said before they have the conversation.
fn asks_for_a_report(world: &mut World) {
    world.hears(ADA, "hi");
    world.taps(ADA, "A report");
    world.sleeps(Span::seconds(1));
    world.drive();
    world.passes(Span::seconds(1));
}

/// Ada has asked for somebody, and Ida has answered this moment.
fn answered(settings: &Value) -> (World, Agent) {
    let mut world = shop(settings);
    let ida = world.agent("ida", &json!({}));
    asks(&mut world, "A person");
    world.agent_says(&ida, ADA, "Yes?");
    (world, ida)
}

fn last(world: &World) -> String {
    world.sent_to(ADA).pop().unwrap()
}

/// How many conversations the agent has (`held`), or is asked for (`waiting`).
fn count(world: &mut World, agent: &Agent, status: &str) -> usize {
    world.view(agent, "mine").iter().filter(|row| row["status"] == status).count()
}

fn generation(world: &World) -> i64 {
    world.count("SELECT generation FROM handoffs")
}

/// The timer of Ada's handoff rings, once more or for what it was at this generation.
fn rings(world: &mut World, generation: i64) {
    let conversation = ConversationId { account: BRAND.into(), customer: ADA.into() };
    let job = Job::Handoff { conversation, generation };
    let now = world.now();
    world.inner.borrow_mut().queue.put(&job.now(), now);
}

/// All that a timer could change, and all that was said.
fn standing(world: &World) -> (Vec<Value>, Vec<String>) {
    let rows = world.rows("SELECT status, agent_id, asked, generation, due_at, waiting_since, why_ended FROM handoffs");
    (rows, world.sent_to(ADA))
}

#[test]
fn a_silent_customer_has_the_bot_back_to_the_second() {
    let (mut world, ida) = answered(&json!({"activity_seconds": 180}));
    world.passes(Span::seconds(179));
    assert_eq!((count(&mut world, &ida, "held"), last(&world).as_str()), (1, "Yes?"), "people have it");
    world.passes(Span::seconds(2));
    assert!(world.view(&ida, "open").is_empty());
    assert_eq!(last(&world), SILENCE);
    assert_eq!(world.rows("SELECT why_ended FROM handoffs")[0]["why_ended"], "timed_out");
    assert_eq!(world.hears(ADA, "hello?"), "Menu", "the bot answers");
}

#[test]
fn where_the_timer_is_lost_the_silence_ends_within_a_minute_and_never_early() {
    let (mut world, ida) = answered(&json!({"activity_seconds": 180}));
    world.inner.borrow_mut().queue.forget();
    world.passes(Span::seconds(179));
    assert_eq!((count(&mut world, &ida, "held"), last(&world).as_str()), (1, "Yes?"));
    world.passes(Span::seconds(62));
    assert!(world.view(&ida, "open").is_empty());
    assert_eq!(last(&world), SILENCE);
}

#[test]
fn each_word_of_the_agent_begins_the_silence_anew() {
    let (mut world, ida) = answered(&json!({"activity_seconds": 180}));
    world.passes(Span::seconds(100));
    world.agent_says(&ida, ADA, "Are you there?");
    world.passes(Span::seconds(179));
    assert_eq!((count(&mut world, &ida, "held"), last(&world).as_str()), (1, "Are you there?"));
    world.passes(Span::seconds(2));
    assert!(world.view(&ida, "open").is_empty());
    assert_eq!(last(&world), SILENCE);
}

#[test]
fn that_people_are_asked_for_is_told_behind_the_scripts_words_and_to_nobody_who_did_not_ask() {
    let started = "Somebody will be with you, {{ customer.name }}.";
    let mut world = shop(&json!({"mode": "hybrid", "notices": {"started": started, "joined": null}}));
    let ida = world.agent("ida", &json!({}));
    asks(&mut world, "A person");
    let told = ["Menu", "A person comes.", "Somebody will be with you, Ada."];
    assert_eq!(world.sent_to(ADA), told);
    world.agent_says(&ida, ADA, "Yes?");
    assert_eq!(world.sent_to(ADA).len(), told.len() + 1, "once");
    world.hears(BO, "hi");
    world.agent_says(&ida, BO, "May I help?");
    assert_eq!(world.sent_to(BO), ["Menu", "May I help?"]);
}

/// A shop in which each notice says its own name, but for the one that is null.
fn telling(null: &str) -> World {
    let text = |name: &str| if name == null { Value::Null } else { json!(name) };
    let notices: Map<String, Value> = NOTICES.into_iter().map(|name| (name.to_owned(), text(name))).collect();
    shop(&json!({"notices": notices, "activity_seconds": 180, "request_seconds": 100}))
}

/// Ada asks for somebody, and it ends so.
fn goes(world: &mut World, why: &str) {
    let ida = world.agent("ida", &json!({}));
    asks(world, "A person");
    if why == "nobody" {
        world.passes(Span::seconds(101));
        return;
    }
    world.acts(&ida, "take", ADA, &json!({}));
    if why == "ended" {
        world.acts(&ida, "close", ADA, &json!({}));
        return;
    }
    world.agent_says(&ida, ADA, "Yes?");
    world.passes(Span::seconds(181));
}

/// Each handoff ends as it is to, with all its notices but for this one; then the bot answers.
fn is_told_but_for(null: &str) {
    for (why, all) in COURSES {
        let mut world = telling(null);
        goes(&mut world, why);
        let told: Vec<&str> = all.iter().copied().filter(|said| *said != null).collect();
        assert_eq!(world.sent_to(ADA), told, "{why}, without {null:?}");
        assert_eq!(world.rows("SELECT why_ended FROM handoffs")[0]["why_ended"], why, "without {null:?}");
        assert_eq!(world.hears(ADA, "hello?"), "Menu", "{why}, without {null:?}: the bot answers");
    }
}

#[test]
fn each_notice_is_told_at_its_moment_and_once() {
    is_told_but_for("");
}

#[test]
fn each_notice_that_is_null_says_nothing_when_its_moment_comes() {
    NOTICES.into_iter().for_each(is_told_but_for);
}

#[test]
fn the_script_knows_who_had_the_conversation_and_what_was_said_meanwhile() {
    let mut world = shop(&json!({"notices": {"ended": null}}));
    let ida = world.agent("ida", &json!({}));
    asks_for_a_report(&mut world);
    assert_eq!(last(&world), "A person comes.");
    let second = Span::seconds(1);
    world.writes(ADA, "Where is <my> lamp & shade?");
    world.passes(second);
    world.agent_says(&ida, ADA, "On its way.");
    world.passes(second);
    world.human_types(ADA, "It left on Monday.");
    world.passes(second);
    world.writes(ADA, "Thank you!");
    world.passes(second);
    world.acts(&ida, "close", ADA, &json!({}));
    let lines =
        "customer: Where is <my> lamp & shade?;agent: On its way.;agent: It left on Monday.;customer: Thank you!;";
    assert_eq!(last(&world), format!("{lines} Ida ended\n\nMenu"));
}

#[test]
fn where_nobody_came_the_script_knows_no_name_and_what_the_customer_said() {
    // Ida is only asked.
    let mut world = shop(&json!({"offer_seconds": 600, "notices": {"nobody": null}}));
    let ida = world.agent("ida", &json!({}));
    asks_for_a_report(&mut world);
    world.writes(ADA, "Hello?");
    world.drive();
    assert_eq!(count(&mut world, &ida, "waiting"), 1);
    world.passes(Span::minutes(3));
    assert!(last(&world).split_whitespace().eq(["customer:", "Hello?;", "nobody", "Menu"]), "{}", last(&world));
}

#[test]
fn a_timer_that_rings_before_its_time_and_then_several_times_at_once_says_it_once() {
    for seed in 0..20 {
        let (mut world, _) = answered(&json!({"activity_seconds": 180}));
        world.order(Order::Shuffled(seed));
        let (current, before) = (generation(&world), standing(&world));
        for _ in 0..2 {
            // Each of them sets the alarm clock once more.
            rings(&mut world, current);
            world.drive();
            assert_eq!(standing(&world), before, "seed {seed}: before its time");
        }
        world.passes(Span::seconds(181));
        let (ended, after) = (generation(&world), standing(&world));
        assert_eq!((after.1.len(), last(&world).as_str()), (before.1.len() + 1, SILENCE), "seed {seed}");
        for again in [current, ended] {
            rings(&mut world, again);
            world.drive();
            assert_eq!(standing(&world), after, "seed {seed}: it is over");
        }
        world.passes(Span::minutes(3));
        assert_eq!(standing(&world), after, "seed {seed}: and stays so");
        assert_eq!(world.count("SELECT COUNT(*) FROM turns WHERE cause LIKE 'handback:%'"), 1, "seed {seed}");
    }
}

#[test]
fn a_timer_that_rings_again_passes_no_agent_over() {
    for seed in 0..20 {
        let mut world = shop(&json!({"offer_seconds": 30}));
        let ida = world.agent("ida", &json!({}));
        world.passes(Span::seconds(1));
        let max = world.agent("max", &json!({}));
        asks(&mut world, "A person");
        assert_eq!((count(&mut world, &ida, "waiting"), count(&mut world, &max, "waiting")), (1, 0), "seed {seed}");
        let (current, said) = (generation(&world), world.sent_to(ADA));
        world.inner.borrow_mut().queue.forget();
        world.sleeps(Span::seconds(31));
        world.order(Order::Shuffled(seed));
        for _ in 0..3 {
            rings(&mut world, current);
        }
        world.drive();
        rings(&mut world, current);
        world.drive();
        assert_eq!((count(&mut world, &ida, "waiting"), count(&mut world, &max, "waiting")), (0, 1), "seed {seed}");
        assert_eq!(world.sent_to(ADA), said, "seed {seed}: nobody tells Ada");
    }
}

#[test]
fn a_timer_of_a_former_generation_does_nothing_and_the_present_one_does_it_once() {
    let (mut world, _) = answered(&json!({"activity_seconds": 10}));
    // The silence is over, and nothing but what is queued here comes upon it: the next sweep is half a minute away.
    world.inner.borrow_mut().queue.forget();
    world.sleeps(Span::seconds(11));
    let (current, before) = (generation(&world), standing(&world));
    assert!(current > 1, "{current}");
    for former in 0..current {
        rings(&mut world, former);
        world.drive();
        assert_eq!(standing(&world), before, "generation {former} of {current}");
    }
    rings(&mut world, current);
    world.drive();
    let after = standing(&world);
    assert_eq!((after.1.len(), last(&world).as_str()), (before.1.len() + 1, SILENCE));
    for again in 0..=generation(&world) {
        rings(&mut world, again);
        world.drive();
        assert_eq!(standing(&world), after, "generation {again}, and it is over");
    }
}
