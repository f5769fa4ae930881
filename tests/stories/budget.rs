//! The send budget: what X allows is never exceeded, what waits goes out in order, and people go before the bot.

use perch::x_api::time::Span;
use perch_simulator::{Bound, Calls, Endpoint, FailureBody, Headers, Limit, Mishap, Trouble, User, V1};

use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, SHOP};

/// An account that speaks plain, with the limits that X documents for it.
fn plain() -> World {
    let mut world = World::empty();
    {
        let mut inner = world.inner.borrow_mut();
        inner.x.portal().v1 = V1::Closed453;
        inner.x.limit_as_documented(Endpoint::SendV2);
    }
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.drive();
    world
}

fn customer(n: usize) -> String {
    format!("18934712345{n:08}")
}

/// So many customers write at once, in the order of their numbers.
fn storm(world: &mut World, count: usize) {
    for n in 0..count {
        let id = customer(n);
        world.inner.borrow_mut().x.add_user(User::new(id.clone(), format!("c{n}"), "C"));
        world.writes(&id, "hi");
        world.sleeps(Span(1));
    }
}

/// How many of X's answers to messages were 429.
fn refused(world: &World) -> usize {
    let inner = world.inner.borrow();
    inner.x.requests().iter().filter(|call| call.path.ends_with("/messages") && call.status == Some(429)).count()
}

/// The customers who have an answer, in the order in which they got it.
fn answered(world: &World) -> Vec<String> {
    let rows = world.rows(
        "SELECT customer_id FROM outbox WHERE status = 'sent' AND kind = 'dm' ORDER BY sent_at, CAST(x_id AS INTEGER)",
    );
    rows.iter().map(|row| row["customer_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_storm_of_a_thousand_conversations_is_answered_in_order_and_x_refuses_nothing() {
    let mut world = plain();
    storm(&mut world, 1_000);
    world.drive();
    assert_eq!(answered(&world).len(), 15);
    let person = json!({"customer": customer(900), "text": "I am on it."});
    assert_eq!(world.api("POST", "/api/dm/send", &person).0, 200);
    let waiting = world.trouble();
    assert!(waiting["accounts"][0]["why"].to_string().contains("in order"), "{waiting:#}");
    assert_eq!(waiting["accounts"][0]["waiting"], 985);
    world.passes(Span::minutes(16));
    assert_eq!(answered(&world).len(), 30);
    // 1,000 messages, 15 in 15 minutes: 67 windows.
    world.passes(Span::minutes(15 * 66));
    let answered = answered(&world);
    assert_eq!(answered.len(), 1_000, "within the time that the budget allows");
    let in_order = (0..15).chain([900]).chain(15..900).chain(901..1_000);
    assert_eq!(answered, in_order.map(customer).collect::<Vec<_>>(), "the person first, then in order");
    assert_eq!(refused(&world), 0);
    assert_eq!(world.sends(), 1_000);
}

#[test]
fn what_waited_goes_out_as_one_message_unless_the_script_says_otherwise() {
    for (merges, messages) in [(true, 1), (false, 2)] {
        let mut world = plain();
        let script = format!(
            "version: 1\nname: a\nstart: ask\nfallback: ask\nmerge: {merges}\nnodes:\n  ask: {{ say: \"You said {{{{ text }}}}.\", options: [{{ label: More, go: ask }}] }}\n"
        );
        world.applies(&script);
        storm(&mut world, 15);
        world.drive();
        for text in ["first", "second"] {
            world.writes(ADA, text);
            world.passes(Span::minutes(1));
        }
        assert_eq!(world.sent_to(ADA).len(), 0);
        world.passes(Span::minutes(15));
        let said =
            world.inner.borrow().x.said_to(BRAND, ADA).iter().map(|event| event.written.clone()).collect::<Vec<_>>();
        assert_eq!(said.len(), messages, "{said:?}");
        if merges {
            assert_eq!(said[0], "You said first.\n\n- More\n\nYou said second.\n\n1. More");
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status IN ('owed', 'sending', 'doubtful')"), 0);
    }
}

#[test]
fn a_worker_that_dies_while_messages_join_says_each_once() {
    for seam in 0..24 {
        let mut world = plain();
        storm(&mut world, 15);
        world.drive();
        for text in ["first", "second"] {
            world.writes(ADA, text);
            world.passes(Span::minutes(1));
        }
        world.passes(Span::minutes(12));
        world.dies_at_call(seam);
        world.passes(Span::minutes(40));
        let said = world.sent_to(ADA);
        let doubtful = world.count("SELECT COUNT(*) FROM outbox WHERE status = 'doubtful'");
        let settled = world.count("SELECT COUNT(*) FROM outbox WHERE status IN ('sent', 'joined', 'doubtful') AND customer_id = '1893471234567891001'");
        assert_eq!(settled, 2, "died at {seam}");
        assert!(doubtful <= 1 && said.len() <= 2, "died at {seam}: {said:?}");
    }
}

#[test]
fn people_go_before_the_bot_and_a_repeated_call_says_it_once() {
    let mut world = plain();
    storm(&mut world, 40);
    world.drive();
    let says = json!({"customer": customer(35), "text": "I have looked into it.", "id": "a1"});
    for _ in 0..2 {
        let (status, said) = world.api("POST", "/api/dm/send", &says);
        assert_eq!((status, &said["message"]["status"]), (200, &json!("owed")), "{said:#}");
    }
    world.passes(Span::minutes(16));
    assert_eq!(answered(&world)[15], customer(35), "first of the next window");
    let said = world.sent_to(&customer(35));
    assert_eq!(said, ["I have looked into it."], "what the bot owed is not said once a person has the conversation");
    world.passes(Span::minutes(32));
    assert_eq!((answered(&world).len(), refused(&world)), (40, 0));
}

#[test]
fn what_was_sent_by_another_program_is_learnt_from_the_first_answer() {
    let mut world = plain();
    world.inner.borrow_mut().x.limits(Endpoint::SendV2, vec![Bound::Caller(Limit::per_15_minutes(4))]);
    storm(&mut world, 12);
    world.drive();
    assert!(answered(&world).len() >= 4);
    assert!(refused(&world) <= 1, "the first answers were under way together");
    world.passes(Span::minutes(46));
    assert_eq!((answered(&world).len(), refused(&world) <= 1), (12, true));
}

#[test]
fn a_larger_limit_is_used_as_soon_as_x_tells_it() {
    let mut world = plain();
    let far = [Limit::per_15_minutes(200), Limit::per_day(5_000)];
    world.inner.borrow_mut().x.limits(Endpoint::SendV2, far.map(Bound::Caller).to_vec());
    storm(&mut world, 100);
    world.passes(Span::minutes(2));
    assert_eq!(answered(&world).len(), 100);
}

#[test]
fn headers_that_are_missing_or_absurd_leave_our_own_count() {
    for headers in [Headers::Missing, Headers::Absurd] {
        let mut world = plain();
        world.inner.borrow_mut().x.settings().rate_limit_headers = headers;
        storm(&mut world, 40);
        world.drive();
        assert_eq!(answered(&world).len(), 15, "{headers:?}");
        world.passes(Span::minutes(32));
        assert_eq!((answered(&world).len(), refused(&world)), (40, 0), "{headers:?}");
    }
}

#[test]
fn the_limit_of_the_app_holds_for_all_accounts_together() {
    let mut world = plain();
    world.inner.borrow_mut().x.limits(Endpoint::SendV2, vec![Bound::App(Limit::per_day(3))]);
    assert_eq!(world.connects(SHOP)["ok"], true);
    for customer in [ADA, BO] {
        world.writes(customer, "hi");
    }
    world.passes(Span::hours(2));
    for customer in [ADA, BO] {
        world.writes_to(SHOP, customer, "hi");
    }
    world.drive();
    assert_eq!((answered(&world).len(), refused(&world)), (3, 0));
    world.passes(Span::hours(22) + Span::minutes(5));
    assert_eq!(answered(&world).len(), 4);
}

#[test]
fn a_worker_that_dies_at_any_seam_of_a_spent_window_keeps_the_order_and_the_limit() {
    for seam in 0..40 {
        let mut world = plain();
        world.set("SEND_LIMITS", "3/15m");
        world.inner.borrow_mut().x.limits(Endpoint::SendV2, vec![Bound::Caller(Limit::per_15_minutes(3))]);
        storm(&mut world, 5);
        world.dies_at_call(seam);
        world.passes(Span::minutes(75));
        // Of a message that was claimed and may be on X nobody can tell: it is shown, and the others go on.
        let doubtful = world.count("SELECT COUNT(*) FROM outbox WHERE status = 'doubtful'");
        assert!(doubtful <= 1, "died at {seam}");
        assert_eq!(answered(&world).len(), 5 - usize::try_from(doubtful).unwrap(), "died at {seam}");
        assert_eq!(refused(&world), 0, "died at {seam}");
    }
}

#[test]
fn a_conversation_that_waits_to_try_again_leaves_the_last_place_to_others() {
    let mut world = plain();
    world.set("SEND_LIMITS", "2/15m");
    let script = "version: 1\nname: a\nstart: ask\nfallback: ask\nmerge: false\nnodes:\n  ask: { say: \"Yes?\", options: [{ label: More, go: ask }] }\n";
    world.applies(script);
    let overloaded = Mishap::Fails { status: 503, body: FailureBody::Code(130), done: false };
    world.misbehaves(Trouble::Calls(Calls::sending().times(1), overloaded));
    // Both of her messages are owed; the first waits for X to have room, and the second stands behind it.
    world.writes(ADA, "hi");
    world.writes(ADA, "hello?");
    world.drive();
    world.writes(BO, "hi");
    world.drive();
    assert_eq!(world.sent_to(BO).len(), 1, "{:?}", world.rows("SELECT customer_id, status, due_at FROM outbox"));
    world.passes(Span::minutes(31));
    assert_eq!(world.sent_to(ADA).len(), 2);
}

#[test]
fn what_x_allows_the_app_in_v1_is_shared_by_its_accounts() {
    let mut world = World::empty();
    world.inner.borrow_mut().x.portal().v1 = V1::Open;
    for account in [BRAND, SHOP] {
        assert_eq!(world.connects(account)["ok"], true);
    }
    world.drive();
    // All but one of the 15,000 of a day that is over in two hours.
    world.change(
        "INSERT INTO budgets (account_id, speaks, window, used, resets_at) VALUES ('app', 'rich', 86400000, 14999, 1790007200000)",
    );
    world.writes_to(BRAND, ADA, "hi");
    world.drive();
    world.writes_to(SHOP, BO, "hi");
    world.drive();
    assert_eq!((world.sent_between(BRAND, ADA).len(), world.sent_between(SHOP, BO).len()), (1, 0));
    world.passes(Span::hours(3));
    assert_eq!(world.sent_between(SHOP, BO).len(), 1, "in the next one");
}
