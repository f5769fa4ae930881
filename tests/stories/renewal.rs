//! Tokens of OAuth 2.0 renew themselves: once, in time, and whatever is lost on the way.

use http::StatusCode;
use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Trouble};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND, CLIENT_SECRET};
use crate::world::consents::{TOKEN, asked, grace, health, signed_in, signs_in};
use crate::world::faults::{Fault, Seam};
use crate::world::scheduler::Order;

fn misbehaves_at_renewal(world: &mut World, times: u32, mishap: Mishap) {
    world.misbehaves(Trouble::Calls(Calls::starting_with(TOKEN).times(times), mishap));
}

#[test]
fn tokens_are_renewed_before_they_end_and_never_twice_with_the_same_one() {
    let mut world = signed_in();
    let before = asked(&world, TOKEN);
    for _ in 0..10 {
        world.writes(ADA, "hi");
        world.passes(Span::minutes(59));
    }
    assert_eq!(world.sent_to(ADA).len(), 10);
    let renewed = asked(&world, TOKEN) - before;
    assert!((5..=7).contains(&renewed), "renewed {renewed} times in ten hours: a token is used for an hour and a half");
    assert_eq!(health(&mut world).matches("account:").count(), 0);
}

#[test]
fn an_idle_account_stays_signed_in() {
    let mut world = signed_in();
    world.passes(Span::hours(30));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn however_many_workers_need_the_token_one_renews_it() {
    for seed in 0..40 {
        let mut world = signed_in();
        // Everything sleeps until the token is over: the sweep did not renew it.
        world.sleeps(Span::hours(2));
        world.order(Order::Shuffled(seed));
        let before = asked(&world, TOKEN);
        for customer in [ADA, BO] {
            world.writes(customer, "hi");
        }
        world.passes(Span::minutes(2));
        assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (1, 1), "seed {seed}");
        assert_eq!(asked(&world, TOKEN) - before, 1, "seed {seed}");
    }
}

#[test]
fn a_worker_that_dies_anywhere_in_the_renewal_costs_nothing_where_x_repeats_its_answer() {
    for seam in 0..8 {
        let mut world = signed_in();
        grace(&mut world, Span::minutes(10));
        world.sleeps(Span::hours(2));
        world.dies_at_call(seam);
        world.cron();
        world.drive();
        world.inner.borrow_mut().faults.plan([]);
        world.writes(ADA, "hi");
        world.passes(Span::minutes(8));
        assert_eq!(world.sent_to(ADA).len(), 1, "died at {seam}");
        assert_eq!(world.rows("SELECT status FROM accounts")[0]["status"], "ready", "died at {seam}");
    }
}

#[test]
fn a_lost_answer_is_asked_for_again_with_the_same_token() {
    let mut world = signed_in();
    grace(&mut world, Span::minutes(10));
    misbehaves_at_renewal(&mut world, 2, Mishap::AnswerLost);
    world.passes(Span::hours(4));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn where_x_gives_no_second_answer_the_account_works_to_the_end_of_its_token_and_says_so() {
    let mut world = signed_in();
    misbehaves_at_renewal(&mut world, 1, Mishap::AnswerLost);
    world.passes(Span::minutes(115));
    world.writes(ADA, "still there?");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1, "the former token is good until its time");
    let told = health(&mut world);
    assert!(told.contains("sign in again"), "{told}");
    let tried = asked(&world, TOKEN);
    world.passes(Span::minutes(20));
    world.writes(ADA, "and now?");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert!(asked(&world, TOKEN) - tried <= 1, "X is not asked over and over");
    let told = health(&mut world) + &world.trouble().to_string();
    assert!(told.contains("signed out") && told.contains("perch connect"), "{told}");
    assert_eq!(signs_in(&mut world).status(), StatusCode::OK);
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 2, "what was owed goes out");
}

#[test]
fn an_x_that_is_away_for_a_quarter_of_an_hour_is_not_noticed() {
    for mishap in [Mishap::NeverArrives, Mishap::unavailable()] {
        let mut world = signed_in();
        misbehaves_at_renewal(&mut world, 15, mishap);
        for _ in 0..6 {
            world.writes(ADA, "hi");
            world.passes(Span::minutes(29));
        }
        assert_eq!(world.sent_to(ADA).len(), 6);
    }
}

#[test]
fn a_database_that_does_not_take_the_new_tokens_loses_none() {
    for tries in 1..=3 {
        let mut world = signed_in();
        world.passes(Span::minutes(89));
        world.sleeps(Span::minutes(2));
        let now = world.now();
        let job = format!(r#"{{"job":"refresh.v1","account":"{BRAND}"}}"#);
        world.inner.borrow_mut().queue.put_text(job, now);
        // The account, the claim and X's answer come through; then the database is gone.
        let gone = (3..3 + tries).map(|seam| (seam, Fault::Before));
        world.inner.borrow_mut().faults.plan(gone);
        world.drive();
        world.inner.borrow_mut().faults.plan([]);
        world.passes(Span::hours(1));
        world.writes(ADA, "hi");
        world.drive();
        assert_eq!((world.sent_to(ADA).len(), asked(&world, TOKEN)), (1, 2), "{tries} tries fail");
    }
}

#[test]
fn a_token_that_x_ends_before_its_time_is_renewed_at_once() {
    let mut world = signed_in();
    world.passes(Span::minutes(30));
    let refused = Mishap::refused(89);
    world.misbehaves(Trouble::Calls(Calls::sending().times(1), refused));
    let before = asked(&world, TOKEN);
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!((world.sent_to(ADA).len(), asked(&world, TOKEN) - before), (1, 1));
}

#[test]
fn a_client_secret_that_x_does_not_take_costs_no_account() {
    let mut world = signed_in();
    world.set("X_CLIENT_SECRET", "mistyped");
    world.passes(Span::minutes(119));
    let told = health(&mut world);
    assert!(told.contains("X_CLIENT_SECRET"), "{told}");
    world.passes(Span::hours(1));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 0);
    let told = world.trouble().to_string();
    assert!(told.contains("X_CLIENT_SECRET") || told.contains("perch health"), "{told}");
    world.set("X_CLIENT_SECRET", CLIENT_SECRET);
    world.passes(Span::minutes(10));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn while_nothing_can_be_written_no_token_is_spent() {
    let mut world = signed_in();
    world.passes(Span::minutes(85));
    let before = asked(&world, TOKEN);
    world.inner.borrow_mut().faults.down(Seam::Sql);
    world.passes(Span::minutes(20));
    assert_eq!(asked(&world, TOKEN), before);
    world.inner.borrow_mut().faults.up(Seam::Sql);
    world.passes(Span::minutes(5));
    assert_eq!(asked(&world, TOKEN) - before, 1);
}
