//! Handoffs under fire: two agents at once, a customer who writes while a conversation is given back, workers that die.

use std::collections::BTreeSet;

use perch::x_api::time::Span;
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BRAND, rate_limited};
use crate::world::people::{Agent, browser};
use crate::world::scheduler::Order;

fn handed_over() -> (World, Agent, Agent) {
    let mut world = World::with_bot("snow");
    let ida = world.agent("ida", &json!({}));
    let max = world.agent("max", &json!({}));
    world.hears(ADA, "help");
    world.tapped(ADA, "Talk to a person");
    (world, ida, max)
}

fn request(agent: &Agent, act: &str, more: &serde_json::Value) -> perch::x_api::request::Request {
    let mut body = json!({"account": BRAND, "customer": ADA});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    browser(http::Method::POST, &format!("/api/inbox/{act}"), Some(&agent.cookie), body.to_string().into())
}

#[test]
fn of_two_who_take_it_at_once_one_has_it_and_the_other_is_told_who() {
    for seed in 0..20 {
        let (mut world, ida, max) = handed_over();
        world.order(Order::Shuffled(seed));
        let all = vec![request(&ida, "take", &json!({})), request(&max, "take", &json!({}))];
        let answers = world.asks_at_once(all);
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status().as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "seed {seed}");
        let refused = answers.iter().find(|answer| answer.status() == 409).unwrap();
        assert!(String::from_utf8_lossy(refused.body()).contains("has this conversation"));
        world.drive();
        let joined = world.sent_to(ADA).iter().filter(|said| said.contains("You are now talking to")).count();
        assert_eq!(joined, 1, "seed {seed}");
    }
}

#[test]
fn of_two_who_answer_at_once_the_customer_reads_one() {
    for seed in 0..20 {
        let (mut world, ida, max) = handed_over();
        world.order(Order::Shuffled(seed));
        let say = |agent: &Agent| {
            request(agent, "say", &json!({"id": agent.login, "text": format!("It is {}.", agent.login)}))
        };
        let answers = world.asks_at_once(vec![say(&ida), say(&max)]);
        assert_eq!(answers.iter().filter(|answer| answer.status() == 200).count(), 1, "seed {seed}");
        world.drive();
        assert_eq!(world.sent_to(ADA).iter().filter(|said| said.starts_with("It is")).count(), 1, "seed {seed}");
    }
}

#[test]
fn what_the_customer_writes_while_it_is_given_back_is_answered_by_one_of_the_two() {
    let mut ways = BTreeSet::new();
    for seed in 0..30 {
        let (mut world, ida, _) = handed_over();
        world.agent_says(&ida, ADA, "Bye.");
        world.order(Order::Shuffled(seed));
        world.writes(ADA, "one more thing");
        let answer = world.asks_amid(request(&ida, "close", &json!({})));
        assert_eq!(answer.status(), 200, "seed {seed}");
        world.drive();
        let handled = world.rows("SELECT outcome FROM inbox WHERE raw LIKE '%one more thing%'");
        let entries = world.rows("SELECT author, body FROM entries ORDER BY x_id");
        let place = |words: &str| entries.iter().position(|entry| entry["body"].as_str().unwrap().contains(words));
        let (asked, left) = (place("one more thing").unwrap(), place("has left the conversation"));
        // Either it was said to Ida, before the notice, or the bot has answered it.
        let to_ida = handled[0]["outcome"] == "A human holds the conversation.";
        assert!(to_ida || handled[0]["outcome"] == "answered", "seed {seed}: {handled:?}");
        assert!(left.is_some(), "seed {seed}");
        ways.insert(to_ida);
        if to_ida {
            let turns = world.rows("SELECT cause FROM turns ORDER BY number DESC LIMIT 2");
            assert!(turns[0]["cause"].as_str().unwrap().starts_with("handback:"), "seed {seed}: {turns:?} {asked}");
        }
    }
    assert_eq!(ways.len(), 2, "both happened");
}

#[test]
fn a_timer_that_rings_twice_or_late_or_is_lost_does_its_work_once() {
    for forgotten in [false, true] {
        let (mut world, ida, _) = handed_over();
        world.agent_says(&ida, ADA, "Anything else?");
        if forgotten {
            world.inner.borrow_mut().queue.forget();
        }
        let before = world.sent_to(ADA).len();
        world.passes(Span::minutes(10));
        assert_eq!(world.sent_to(ADA).len(), before + 1, "one notice, forgotten: {forgotten}");
        assert_eq!(world.count("SELECT COUNT(*) FROM turns WHERE cause LIKE 'handback:%'"), 1);
    }
}

#[test]
fn a_worker_that_dies_at_any_seam_of_an_answer_says_it_once() {
    for n in 1..40 {
        let (mut world, ida, _) = handed_over();
        world.inner.borrow_mut().faults.count_from_now();
        world.dies_at_call(n);
        let say = || request(&ida, "say", &json!({"id": "one", "text": "Only once."}));
        let survived = world.tries(say()).is_some();
        if survived {
            assert!(n > 5, "the seams were passed");
            break;
        }
        world.passes(Span::minutes(2));
        assert_eq!(world.asks(say()).status(), 200, "the page sends it again under the same name, seam {n}");
        world.passes(Span::minutes(15));
        let said = world.sent_to(ADA).iter().filter(|said| *said == "Only once.").count();
        let doubtful = world.count("SELECT COUNT(*) FROM outbox WHERE status = 'doubtful'");
        assert_eq!(said.max(usize::try_from(doubtful).unwrap()), 1, "seam {n}");
        assert!(said <= 1, "seam {n}");
    }
}

#[test]
fn what_an_agent_said_goes_out_also_when_the_bot_has_the_conversation_back_meanwhile() {
    let (mut world, ida, _) = handed_over();
    world.acts(&ida, "take", ADA, &json!({}));
    world.misbehaves(rate_limited(1, 600));
    let said = world.agent_says(&ida, ADA, "I will send you a new one.");
    assert_eq!(said["message"]["status"], "owed");
    world.passes(Span::minutes(5));
    assert_eq!(world.view(&ida, "mine").len(), 1, "the customer cannot be silent to what they have not read");
    world.acts(&ida, "close", ADA, &json!({}));
    world.passes(Span::minutes(10));
    let sent = world.sent_to(ADA);
    let place = |words: &str| sent.iter().position(|said| said.contains(words)).unwrap();
    assert!(place("I will send you a new one.") < place("has left the conversation"), "{sent:#?}");
}

#[test]
fn what_the_customer_is_told_when_they_ask_for_somebody_is_said_whatever_they_write_meanwhile() {
    let mut world = World::with_bot("snow");
    world.agent("ida", &json!({}));
    world.hears(ADA, "help");
    let before = world.sent_to(ADA).len();
    world.misbehaves(rate_limited(1, 600));
    world.writes(ADA, "Talk to a person");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), before, "X takes nothing for ten minutes");
    world.writes(ADA, "hello?");
    world.passes(Span::minutes(12));
    let said = world.sent_to(ADA).split_off(before);
    assert_eq!(said.iter().filter(|said| said.contains("I have called a person")).count(), 1, "{said:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status = 'dropped'"), 0);
}
