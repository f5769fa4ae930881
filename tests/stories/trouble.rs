//! Trouble at every seam: the call fails before, the answer is lost, the worker dies. One turn and one message in the end,
//! or a fault that a person can see.

use perch::x_api::time::Span;

use crate::world::World;
use crate::world::cast::{ADA, BRAND, message};
use crate::world::faults::{FAULTS, Fault, Seam};
use crate::world::scheduler::Order;

/// Longer than it takes to give up on a message whose outcome is unknown.
const LONG: Span = Span::minutes(25);

fn play(world: &mut World) {
    world.writes(ADA, "hi");
    world.passes(LONG);
}

fn seams_of(play: impl Fn(&mut World)) -> usize {
    let mut world = World::new();
    world.inner.borrow_mut().faults.count_from_now();
    play(&mut world);
    world.inner.borrow().faults.passed()
}

#[test]
fn trouble_at_any_one_seam_ends_in_one_turn_and_one_message_or_a_visible_fault() {
    let seams = seams_of(play);
    assert!(seams > 10, "{seams}");
    let (mut answered, mut doubtful) = (0, 0);
    for index in 0..seams {
        for fault in FAULTS {
            let mut world = World::new();
            world.x_redelivers();
            world.inner.borrow_mut().faults.at(index, fault);
            play(&mut world);
            let story = format!("seam {index} {:?}", world.inner.borrow().faults.struck);
            assert_eq!(world.count("SELECT COUNT(*) FROM turns"), 1, "{story}");
            let said = world.sent_to(ADA).len();
            let status = world.rows("SELECT status FROM outbox WHERE kind = 'dm'")[0]["status"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            match (said, status.as_str()) {
                (1, "sent") => answered += 1,
                (0, "doubtful") => {
                    doubtful += 1;
                    assert_eq!(world.trouble()["messages"].as_array().unwrap().len(), 1, "{story}");
                }
                other => panic!("{story}: {other:?}"),
            }
            assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'new'"), 0, "{story}");
        }
    }
    // Doubt is left only where the call to X, or the step right before it, came to nothing.
    assert!(doubtful <= 5, "{doubtful} doubtful, {answered} answered");
}

#[test]
fn trouble_while_three_deliveries_of_one_message_race_still_ends_in_one_turn() {
    for seed in 0..120 {
        let mut world = World::new();
        world.order(Order::Shuffled(seed));
        world.x_redelivers();
        let body = message("1900000000000000001", world.now().0, ADA, BRAND, "hi");
        (0..3).for_each(|_| {
            world.delivers(&body);
        });
        let fault = FAULTS[usize::try_from(seed % 4).unwrap()];
        let index = usize::try_from(seed / 4).unwrap();
        world.inner.borrow_mut().faults.at(index, fault);
        world.passes(LONG);
        assert_eq!(world.count("SELECT COUNT(*) FROM turns"), 1, "seed {seed}");
        assert!(world.sent_to(ADA).len() <= 1, "seed {seed}");
        let settled = world.count("SELECT COUNT(*) FROM outbox WHERE kind = 'dm' AND status IN ('sent', 'doubtful')");
        assert_eq!(settled, 1, "seed {seed}");
    }
}

#[test]
fn a_day_without_the_database_loses_nothing() {
    let mut world = World::new();
    world.inner.borrow_mut().faults.down(Seam::Sql);
    world.writes(ADA, "hi");
    world.passes(Span::hours(22));
    assert!(world.sent_to(ADA).is_empty());
    world.inner.borrow_mut().faults.up(Seam::Sql);
    world.passes(Span::minutes(80));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM dead_letters"), 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'dead'"), 0);
}

#[test]
fn what_was_away_for_longer_than_the_script_answers_is_kept_for_people() {
    let mut world = World::new();
    world.inner.borrow_mut().faults.down(Seam::Sql);
    world.writes(ADA, "Is anybody there?");
    world.passes(Span::hours(25));
    world.inner.borrow_mut().faults.up(Seam::Sql);
    world.passes(Span::minutes(80));
    assert!(world.sent_to(ADA).is_empty(), "an answer after a day surprises");
    let ida = world.agent("ida", &serde_json::json!({}));
    assert!(world.thread(&ida, ADA)["entries"].to_string().contains("Is anybody there?"), "people see it");
    assert!(world.hears(ADA, "Hello?").contains("assistant"), "what is new is answered");
}

#[test]
fn a_day_without_the_queue_loses_nothing() {
    let mut world = World::new();
    world.inner.borrow_mut().faults.down(Seam::Enqueue);
    world.writes(ADA, "hi");
    world.passes(Span::hours(22));
    world.inner.borrow_mut().faults.up(Seam::Enqueue);
    world.passes(Span::minutes(35));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn an_hour_without_x_ends_in_an_answer_or_in_open_doubt() {
    let mut world = World::new();
    world.inner.borrow_mut().faults.down(Seam::Send);
    world.writes(ADA, "hi");
    world.passes(Span::hours(1));
    world.inner.borrow_mut().faults.up(Seam::Send);
    world.passes(Span::minutes(20));
    let messages = world.trouble()["messages"].clone();
    assert_eq!(messages[0]["status"], "doubtful", "one message was on its way when X went away");
    world.writes(ADA, "hours");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1, "the conversation goes on");
}

#[test]
fn a_restart_that_forgets_the_queue_is_made_good_by_the_sweep() {
    let mut world = World::new();
    let body = message("1900000000000000001", world.now().0, ADA, BRAND, "hi");
    world.inner.borrow_mut().faults.at(2, Fault::DiesAfter);
    world.delivers(&body);
    world.drive();
    assert!(world.count("SELECT COUNT(*) FROM inbox") == 1 && world.sent_to(ADA).is_empty());
    world.inner.borrow_mut().queue.forget();
    world.passes(Span::minutes(5));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_database_that_comes_and_goes_does_not_make_an_event_dead() {
    let mut world = World::new();
    // The turn is stepped and cannot be written, more often than an event has attempts; giving them back works.
    world.loses_turns(12);
    world.writes(ADA, "hi");
    world.passes(Span::hours(2));
    assert_eq!(world.inner.borrow().faults.lost_turns, 0);
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox WHERE status = 'dead'"), 0);
}

#[test]
fn signs_that_an_earlier_version_owed_keep_no_message_back() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.drive();
    for (kind, status, place) in [("typing", "owed", 0), ("read", "sending", 1)] {
        let sql = format!(
            "INSERT INTO outbox (id, account_id, customer_id, turn, place, kind, holder, body, send_by, created_at, status, due_at, lease_until)
             SELECT 'former/{place}', account_id, customer_id, 0, {place}, '{kind}', holder, '{{}}', send_by, created_at, '{status}', due_at, 1 FROM outbox LIMIT 1"
        );
        world.change(sql.leak());
    }
    world.writes(ADA, "hours");
    world.passes(Span::minutes(1));
    assert_eq!(world.sent_to(ADA).len(), 2);
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE id LIKE 'former/%' AND status = 'dropped'"), 2);
}

#[test]
fn an_event_whose_writing_down_was_not_confirmed_is_answered_within_half_a_minute() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.inner.borrow_mut().faults.at_next(Seam::Sql, Fault::AnswerLost);
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 0);
    world.passes(Span::seconds(25));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn while_the_database_is_away_a_delivery_leaves_one_job_more_however_often_it_is_tried() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.inner.borrow_mut().faults.down(Seam::Sql);
    world.passes(Span::minutes(30));
    assert_eq!(world.inner.borrow().queue.len(), 2, "{:?}", world.inner.borrow().queue.bodies());
    world.inner.borrow_mut().faults.up(Seam::Sql);
    world.passes(Span::minutes(30));
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.inner.borrow().queue.len(), 0);
}
