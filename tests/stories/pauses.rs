//! When the bot says nothing: a conversation that pauses, and accounts that leave everything to people.

use perch::x_api::time::Span;
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};

const OUTCOMES: &str = "SELECT DISTINCT outcome FROM inbox WHERE kind = 'mention' ORDER BY outcome";

fn mentions(world: &mut World, customer: &str, times: usize) {
    for _ in 0..times {
        let now = world.now().0.unsigned_abs();
        world.inner.borrow_mut().x.customer_mentions(now, customer, BRAND, "snow corrie");
        world.drive();
    }
}

#[test]
fn a_call_is_no_second_turn_of_its_customer() {
    let mut world = World::with_bot("snow");
    world.hears(ADA, "hi");
    for _ in 0..15 {
        assert!(world.hears(ADA, "snow corrie").contains("Corrie Mor"));
    }
    for _ in 0..10 {
        world.hears(ADA, "help");
    }
    assert_eq!(world.sent_to(ADA).len(), 20, "two machines are stopped all the same");
    world.passes(Span::hours(2));
    assert!(world.hears(ADA, "snow corrie").contains("Corrie Mor"));
}

#[test]
fn two_machines_that_mention_each_other_pause_for_an_hour_too() {
    let mut world = World::with_bot("snow");
    world.hears(ADA, "hi");
    mentions(&mut world, ADA, 25);
    let said = world.sent_to(ADA).len() + world.posts_of_the_brand().len();
    world.passes(Span::minutes(20));
    mentions(&mut world, ADA, 5);
    assert_eq!(world.sent_to(ADA).len() + world.posts_of_the_brand().len(), said, "{:?}", world.rows(OUTCOMES));
    assert!(world.rows(OUTCOMES).iter().any(|row| row["outcome"].as_str().is_some_and(|why| why.contains("pauses"))));
}

#[test]
fn where_people_have_every_conversation_the_bot_takes_up_nothing_and_takes_nothing_back() {
    let mut world = World::with_bot("snow");
    world.hears(ADA, "hi");
    world.hands_over(&json!({"mode": "agents", "request_seconds": 100, "activity_seconds": 180}));
    mentions(&mut world, ADA, 1);
    assert_eq!(world.rows(OUTCOMES)[0]["outcome"], "The account leaves every conversation to people.");
    let ida = world.agent("ida", &json!({}));
    world.hears(BO, "hello");
    world.passes(Span::minutes(10));
    world.agent_says(&ida, BO, "What can I do?");
    world.passes(Span::minutes(10));
    let said = world.sent_to(BO);
    assert!(said.iter().all(|said| !said.contains("assistant") && !said.contains("free")), "{said:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM handoffs WHERE status = 'held'"), 1);
}

#[test]
fn whoever_sees_a_pause_lets_the_bot_answer_again() {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    for _ in 0..25 {
        world.hears(ADA, "help");
    }
    let said = world.sent_to(ADA).len();
    let row = world.view(&ida, "all").remove(0);
    assert!(row["paused_until"].as_i64() > Some(world.now().0), "{row:#}");
    let (_, metrics) = world.api("GET", "/api/metrics", &json!(null));
    assert_eq!(metrics["paused_conversations"][0]["customer_id"], ADA, "{metrics:#}");
    assert_eq!(world.acts(&ida, "resume", ADA, &json!({})).0, 200);
    world.hears(ADA, "help");
    assert_eq!(world.sent_to(ADA).len(), said + 1, "what was before does not pause it anew");
    assert_eq!(world.view(&ida, "all").remove(0)["paused_until"], json!(null));
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE what LIKE '%/api/inbox/resume'"), 1);
    world.passes(Span::seconds(1));
    for _ in 0..25 {
        world.hears(ADA, "help");
    }
    assert_eq!(world.sent_to(ADA).len(), said + 21, "and then it does");
}
