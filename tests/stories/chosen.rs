//! How an account speaks: a person's choice, X's word on it, and what says nothing of it.

use http::Method;
use perch::x_api::time::Span;
use perch_simulator::{Calls, FailureBody, Mishap, Trouble, V1};
use serde_json::{Value, json};

use crate::plain::{close_v1, written_to};
use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
use crate::world::faults::FAULTS;

/// What sends a message, and what the probe asks for.
const V1_CALLS: [(Method, &str); 2] =
    [(Method::POST, "/1.1/direct_messages/events/new.json"), (Method::GET, "/1.1/direct_messages/welcome_messages")];

/// An account that has spoken for a while, with both dialects open to it.
fn connected() -> World {
    let mut world = World::empty();
    world.inner.borrow_mut().x.portal().v1 = V1::Open;
    assert_eq!(world.connects(BRAND)["ok"], true);
    world
}

fn speak(world: &mut World, how: &str) -> Value {
    world.api("POST", "/api/accounts/speak", &json!({"speaks": how})).1
}

#[test]
fn a_person_chooses_how_the_account_speaks_and_can_leave_it_to_x_again() {
    let mut world = World::new();
    let chosen = speak(&mut world, "plain");
    assert_eq!((&chosen["speaks"], &chosen["speaks_by"]), (&json!("plain"), &json!("hand")));
    world.hears(ADA, "menu");
    assert!(written_to(&world, ADA)[0].contains("1. Opening hours"));
    let left = speak(&mut world, "auto");
    assert_eq!(left["speaks_by"], "probe");
    assert_eq!(world.api("POST", "/api/accounts/speak", &json!({"speaks": "loud"})).0, 400);
}

/// X closes a dialect, with or without a code.
type Closes = fn(&mut World);

#[test]
fn what_waits_since_x_closed_what_a_person_chose_says_so_and_goes_out_once_when_it_is_left_to_x() {
    let ways: [(&str, &str, Closes); 4] = [
        ("rich", "plain", |world| close_v1(world, V1::Closed453)),
        ("rich", "plain", |world| close_v1(world, V1::Closed403)),
        ("rich", "plain", |world| close_v1(world, V1::Closed404)),
        ("plain", "rich", |world| world.inner.borrow_mut().x.portal().v2_messages = false),
    ];
    for (chosen, other, closes) in ways {
        let mut world = connected();
        assert_eq!(speak(&mut world, chosen)["speaks_by"], "hand");
        world.passes(Span::minutes(20));
        closes(&mut world);
        world.writes(ADA, "hours");
        world.passes(Span::minutes(30));
        assert!(written_to(&world, ADA).is_empty(), "{chosen}");
        let why = "chosen by hand";
        assert!(world.trouble()["accounts"].to_string().contains(why), "{chosen}: {}", world.trouble());
        let health = world.api("GET", "/api/health", &Value::Null).1;
        assert!(health["problems"].to_string().contains(why), "{chosen}: {health:#}");
        assert_eq!(speak(&mut world, "auto")["speaks"], other);
        world.drive();
        let said = written_to(&world, ADA);
        assert!(said.len() == 1 && said[0].contains("Monday to Friday"), "{chosen}: {said:?}");
    }
}

/// Both dialects are closed without a code; a message waits.
fn with_both_closed(world: &mut World) {
    close_v1(world, V1::Closed403);
    world.inner.borrow_mut().x.portal().v2_messages = false;
    world.writes(ADA, "hours");
    world.passes(Span::minutes(2));
    assert!(written_to(world, ADA).is_empty());
}

#[test]
fn where_x_takes_neither_leaving_it_to_x_is_refused_and_loses_nothing() {
    let mut world = connected();
    world.passes(Span::minutes(20));
    with_both_closed(&mut world);
    let (status, refused) = world.api("POST", "/api/accounts/speak", &json!({"speaks": "auto"}));
    assert!(status >= 400 && refused["detail"].as_str().unwrap().contains("neither"), "{refused:#}");
    world.passes(Span::minutes(8));
    world.inner.borrow_mut().x.portal().v2_messages = true;
    world.passes(Span::minutes(10));
    assert_eq!(written_to(&world, ADA).len(), 1);
}

#[test]
fn what_is_chosen_a_moment_after_x_was_asked_and_is_closed_holds_what_is_owed() {
    for connects_again in [false, true] {
        let mut world = connected();
        world.passes(Span::minutes(20));
        close_v1(&mut world, V1::Closed403);
        world.writes(ADA, "menu");
        world.drive();
        assert_eq!(written_to(&world, ADA).len(), 1, "it went over to plain");
        speak(&mut world, "rich");
        if connects_again {
            world.passes(Span::minutes(20));
            assert_eq!(world.connects(BRAND)["ok"], true);
        }
        world.writes(ADA, "hours");
        world.passes(Span::minutes(9));
        assert_eq!(written_to(&world, ADA).len(), 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status = 'failed'"), 0);
        assert!(world.trouble()["accounts"].to_string().contains("chosen by hand"), "{}", world.trouble());
        speak(&mut world, "auto");
        world.drive();
        assert_eq!(written_to(&world, ADA).len(), 2);
    }
}

#[test]
fn what_x_closes_a_moment_after_it_was_asked_waits_and_goes_out_once() {
    let busy = Mishap::Fails { status: 503, body: FailureBody::Code(130), done: false };
    for before in [None, Some(busy)] {
        for how in [V1::Closed453, V1::Closed403, V1::Closed404] {
            let mut world = connected();
            let was_busy = before.is_some();
            let (method, send) = V1_CALLS[0].clone();
            let busy = before.clone().map(|busy| Trouble::Calls(Calls::to(method, send).times(2), busy));
            busy.into_iter().for_each(|busy| world.misbehaves(busy));
            for customer in [ADA, BO] {
                world.writes(customer, "hours");
            }
            if was_busy {
                world.drive();
            }
            assert!(written_to(&world, ADA).is_empty());
            close_v1(&mut world, how);
            world.passes(Span::minutes(12));
            for customer in [ADA, BO] {
                assert_eq!(written_to(&world, customer).len(), 1, "{how:?}, busy before: {was_busy}");
            }
            assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status = 'failed'"), 0, "{how:?}");
        }
    }
}

#[test]
fn what_x_refuses_without_a_code_but_for_itself_fails_once_x_was_asked_and_x_is_asked_seldom() {
    let mut world = connected();
    let (method, send) = V1_CALLS[0].clone();
    let refusal = Mishap::Fails { status: 403, body: FailureBody::Forbidden, done: false };
    world.misbehaves(Trouble::Calls(Calls::to(method, send).for_ever(), refusal));
    let probes = |world: &World| {
        let inner = world.inner.borrow();
        inner.x.requests().iter().filter(|call| call.path.starts_with(V1_CALLS[1].1)).count()
    };
    let before = probes(&world);
    for customer in 0..20 {
        world.writes(&format!("30000000{customer:02}"), "hours");
    }
    // The answers wait for one probe, the apologies for another.
    world.passes(Span::minutes(25));
    eprintln!("{:?}", world.rows("SELECT status, attempts, due_at, why, kind FROM outbox LIMIT 8"));
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status = 'failed'"), 40);
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status <> 'failed'"), 0);
    assert!((1..=3).contains(&(probes(&world) - before)), "{}", probes(&world) - before);
}

#[test]
fn a_choice_lets_nothing_out_that_waits_for_something_else() {
    let mut world = connected();
    world.misbehaves(Trouble::Calls(
        Calls::to(Method::POST, "/1.1/direct_messages/events/new.json"),
        Mishap::RateLimited { reset_in_s: 600 },
    ));
    world.writes(ADA, "hours");
    world.drive();
    let sends = world.sends();
    speak(&mut world, "rich");
    world.drive();
    assert_eq!((world.sends(), written_to(&world, ADA).len()), (sends, 0));
    world.passes(Span::minutes(12));
    assert_eq!(written_to(&world, ADA).len(), 1);
}

/// Both v1.1 calls answer so, `times`; what a customer writes then is answered, and the account speaks so.
fn is_answered_in(speaks: &str, status: u16, body: &FailureBody, times: fn(Calls) -> Calls) {
    let mut world = connected();
    world.passes(Span::minutes(20));
    for (method, path) in V1_CALLS {
        let refusal = Mishap::Fails { status, body: body.clone(), done: false };
        world.misbehaves(Trouble::Calls(times(Calls::to(method, path)), refusal));
    }
    world.writes(ADA, "hours");
    world.passes(Span::minutes(10));
    assert_eq!(written_to(&world, ADA).len(), 1, "{status}");
    let (_, listed) = world.api("GET", "/api/accounts", &Value::Null);
    assert_eq!(listed["accounts"][0]["speaks"], speaks, "{status}");
}

#[test]
fn a_refusal_without_a_word_is_about_the_dialect_as_far_as_x_bears_it_out() {
    for status in [403, 404] {
        is_answered_in("plain", status, &FailureBody::Empty, Calls::for_ever);
    }
}

#[test]
fn a_page_of_somebody_between_us_and_x_says_nothing_of_the_dialect() {
    for status in [403, 404] {
        is_answered_in("rich", status, &FailureBody::Html, |once| once);
    }
}

#[test]
fn whatever_fails_while_it_is_left_to_x_again_what_waits_goes_out_once() {
    for fault in FAULTS {
        for seam in 0..12 {
            let mut world = connected();
            speak(&mut world, "rich");
            world.passes(Span::minutes(20));
            close_v1(&mut world, V1::Closed403);
            world.writes(ADA, "hours");
            world.passes(Span::minutes(2));
            world.inner.borrow_mut().faults.count_from_now();
            world.inner.borrow_mut().faults.at(seam, fault);
            let asked = r#"{"speaks":"auto"}"#;
            for _ in 0..2 {
                let _ = world.tries_admin("POST", "/api/accounts/speak", asked);
            }
            world.passes(Span::minutes(90));
            assert_eq!(written_to(&world, ADA).len(), 1, "{fault:?} at {seam}");
            assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status = 'failed'"), 0, "{fault:?} at {seam}");
        }
    }
}
