//! What waits beside the queue: spilled deliveries and timers, statement by statement.

use perch::bot::effect::WebCall;
use perch::store::{spill, timers};
use perch::x_api::time::Timestamp;

use crate::world::World;
use crate::world::cast::{ADA, BRAND};
use crate::world::store::conversation;

const SPILL: &str = "SELECT id, body, attempts, due_at FROM spill";
const TIMERS: &str = "SELECT id, token, due_at, claim FROM timers";

#[test]
fn a_spilled_delivery_is_kept_once_put_off_longer_each_time_and_deleted_alone() {
    let mut world = World::new();
    for (id, due_at) in [("b", 9), ("a", 10), ("c", 11)] {
        world.runs(spill::insert(id, "{}", Timestamp(1), Timestamp(due_at)));
        let again = spill::insert(id, "other", Timestamp(1), Timestamp(due_at));
        assert_eq!(world.changes(SPILL, again), Vec::<String>::new());
    }
    let now = Timestamp(10);
    assert_eq!(world.changes(SPILL, spill::take_due(now, 1)), ["b attempts: 1", "b due_at: 300010"]);
    assert_eq!(world.changes(SPILL, spill::take_due(now, 5)), ["a attempts: 1", "a due_at: 300010"]);
    world.change("UPDATE spill SET attempts = 2, due_at = 1 WHERE id = 'a'");
    assert_eq!(world.changes(SPILL, spill::take_due(now, 5)), ["a attempts: 3", "a due_at: 900010"]);
    world.change("UPDATE spill SET attempts = 20, due_at = 1 WHERE id = 'a'");
    assert_eq!(world.changes(SPILL, spill::take_due(now, 5)), ["a attempts: 21", "a due_at: 1800010"]);
    world.change("UPDATE spill SET body = 'of b' WHERE id = 'b'");
    assert_eq!(world.runs(spill::get("b")).0[0]["body"], "of b");
    let gone = ["b attempts: gone", "b body: gone", "b due_at: gone", "b id: gone"];
    assert_eq!(world.changes(SPILL, spill::delete("b")), gone);
}

/// Two timers: `b` ends first.
fn two() -> World {
    let mut world = World::new();
    let call =
        WebCall { method: "GET".to_owned(), url: String::new(), headers: [].into(), body: None, within_seconds: 5 };
    for (id, due_at) in [("a", 20), ("b", 10)] {
        world.runs(timers::insert(&conversation(BRAND, ADA), id, "", &call, Timestamp(due_at)));
    }
    world
}

#[test]
fn a_timer_is_written_once() {
    let world = two();
    let call =
        WebCall { method: "GET".to_owned(), url: String::new(), headers: [].into(), body: None, within_seconds: 5 };
    let again = timers::insert(&conversation(BRAND, ADA), "b", "", &call, Timestamp(30));
    assert!(world.inner.borrow_mut().runs(&[again]).is_err(), "so that its batch is not written either");
}

#[test]
fn one_worker_makes_a_call_and_may_repeat_its_claim() {
    let mut world = two();
    assert_eq!(world.changes(TIMERS, timers::claim("b", "w")), ["b claim: \"w\""]);
    assert_eq!(world.runs(timers::claim("b", "w")).len(), 1);
    assert_eq!(world.runs(timers::claim("b", "another")).len(), 0);
}

#[test]
fn a_timer_goes_alone_and_one_whose_result_stands_in_a_turn_has_done_its_work() {
    let gone = ["b claim: gone", "b due_at: gone", "b id: gone", "b token: gone"];
    assert_eq!(two().changes(TIMERS, timers::delete("b")), gone);
    let mut world = two();
    world.change(
        "INSERT INTO turns (account_id, customer_id, number, cause, by, at) VALUES ('1', '2', 1, 'x', 'bot', 5)",
    );
    assert_eq!(world.changes(TIMERS, timers::delete_if_turned("b")), Vec::<String>::new());
    world.change("UPDATE turns SET cause = 'b'");
    assert_eq!(world.changes(TIMERS, timers::delete_if_turned("b")), gone);
}

#[test]
fn a_conversation_waits_for_its_own_timer_the_first_to_end() {
    let mut world = two();
    assert_eq!(world.runs(timers::open_in(&conversation(BRAND, ADA))).0[0]["id"], "b");
    assert_eq!(world.runs(timers::open_in(&conversation(BRAND, "another"))).len(), 0);
    assert_eq!(world.runs(timers::open_in(&conversation("another", ADA))).len(), 0);
}

#[test]
fn what_has_waited_long_enough_is_due_and_earlier_where_nobody_makes_the_call() {
    let due = |claimed: &'static str, now: i64, unclaimed: i64| {
        let mut world = two();
        world.change("DELETE FROM timers WHERE id = 'a'");
        world.change(claimed);
        !world.runs(timers::due(Timestamp(now), Timestamp(unclaimed), 5)).is_empty()
    };
    let (claimed, free) = ("UPDATE timers SET claim = 'w'", "UPDATE timers SET claim = NULL");
    assert_eq!([due(claimed, 10, 9), due(claimed, 9, 10), due(claimed, 9, 9)], [true, false, false]);
    assert_eq!([due(free, 10, 9), due(free, 9, 10), due(free, 9, 9)], [true, true, false]);
}
