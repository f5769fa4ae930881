//! Tokens: sealed under another key while messages come in, and dropped when X says so.

use std::cell::Cell;
use std::rc::Rc;

use perch::config::Config;
use perch::flows::handle_job::{QueueMessage, handle};
use perch::seal::{Keys, open};
use perch::x_api::secret::Secret;
use perch::x_api::time::Span;
use perch_simulator::{Grant, Permission, Trouble};
use serde_json::json;

use crate::world::cast::{ADA, BO, BRAND, SHOP, admin_request, token};
use crate::world::consents::{TOKEN, asked, signed_in};
use crate::world::faults::{Fault, Seam};
use crate::world::scheduler::{Order, Task, step};
use crate::world::{World, serve};

const NEW_KEY: &str = "ISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=";
const OLD_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn changes_the_key(world: &mut World) {
    world.set("TOKEN_KEY", NEW_KEY);
    world.set("TOKEN_KEY_PREVIOUS", OLD_KEY);
}

#[test]
fn tokens_are_sealed_anew_under_traffic() {
    for seed in 0..30 {
        let mut world = World::new();
        assert_eq!(world.connects(SHOP)["ok"], true);
        world.drive();
        changes_the_key(&mut world);
        world.order(Order::Shuffled(seed));
        world.writes(ADA, "hi");
        world.writes_to(SHOP, BO, "hi");
        let answer = world.asks_amid(admin_request("POST", "/api/accounts/reseal", "{}"));
        assert_eq!(answer.status(), 200, "seed {seed}");
        world.passes(Span::minutes(2));
        assert_eq!((world.sent_to(ADA).len(), world.sent_between(SHOP, BO).len()), (1, 1), "seed {seed}");
        let keys = Keys { present: Secret::new(NEW_KEY), previous: None };
        let rows = world.rows("SELECT id, tokens FROM accounts");
        assert_eq!(rows.len(), 2);
        for row in rows {
            let (id, sealed) = (row["id"].as_str().unwrap(), row["tokens"].as_str().unwrap());
            assert_eq!(open(sealed, &id.into(), &keys).unwrap().token, Secret::new(token(id)), "seed {seed}");
        }
        world.unset("TOKEN_KEY_PREVIOUS");
        let (_, again) = world.api("POST", "/api/accounts/reseal", &json!({}));
        let steps = again["steps"].as_array().unwrap();
        assert!(steps.len() == 2 && steps.iter().all(|step| step["result"] == "kept"), "seed {seed}: {again:#}");
        world.writes(BO, "hi");
        world.passes(Span::minutes(2));
        assert_eq!(world.sent_to(BO).len(), 1, "seed {seed}: the former key is needed no more");
    }
}

#[test]
fn a_worker_that_dies_while_tokens_are_sealed_anew_costs_none() {
    for seam in 0..12 {
        let mut world = World::new();
        changes_the_key(&mut world);
        world.dies_at_call(seam);
        world.tries_admin("POST", "/api/accounts/reseal", "{}");
        world.inner.borrow_mut().faults.plan([]);
        assert_eq!(world.api("POST", "/api/accounts/reseal", &json!({})).0, 200, "died at {seam}");
        world.unset("TOKEN_KEY_PREVIOUS");
        world.writes(ADA, "hi");
        world.passes(Span::minutes(20));
        assert_eq!(world.sent_to(ADA).len(), 1, "died at {seam}");
    }
}

#[test]
fn an_account_that_connects_while_tokens_are_sealed_anew_keeps_the_newer_ones() {
    for seed in 0..30 {
        let mut world = World::new();
        let grant = Grant::new("newer-token", "newer-secret", Permission::ReadWriteDm);
        world.inner.borrow_mut().x.grant(BRAND, grant);
        changes_the_key(&mut world);
        world.order(Order::Shuffled(seed));
        let tokens = json!({"access_token": "newer-token", "access_token_secret": "newer-secret"});
        let answers = world.asks_at_once(vec![
            admin_request("POST", "/api/accounts/reseal", "{}"),
            admin_request("POST", "/api/accounts/connect", &tokens.to_string()),
        ]);
        let [resealed, connected] = &answers[..] else { panic!("seed {seed}: {} answers", answers.len()) };
        // 202: they were changed meanwhile, and the next call takes them again.
        assert!([200, 202].contains(&resealed.status().as_u16()), "seed {seed}");
        assert_eq!(connected.status(), 200, "seed {seed}");
        let sealed = world.rows("SELECT tokens FROM accounts")[0]["tokens"].as_str().unwrap().to_owned();
        let keys = Keys { present: Secret::new(NEW_KEY), previous: None };
        assert_eq!(open(&sealed, &BRAND.into(), &keys).unwrap().token, Secret::new("newer-token"), "seed {seed}");
    }
}

fn reseals(world: &mut World) -> (u16, String) {
    let (status, report) = world.api("POST", "/api/accounts/reseal", &json!({}));
    (status, report["steps"][0]["result"].as_str().unwrap().to_owned())
}

/// A worker that renews the brand's tokens, with the settings of now. X has given new ones, and they are not written yet.
fn asks_for_new_ones(world: &mut World) -> Task {
    let body = format!(r#"{{"job":"refresh.v1","account":"{BRAND}"}}"#);
    let message = QueueMessage { id: "m".to_owned(), queue: "perch".to_owned(), body, attempts: 1 };
    let settings = world.inner.borrow().settings.clone();
    let before = asked(world, TOKEN);
    let mut renewal = world.task(|edge| async move {
        let get = |name: &str| settings.get(name).cloned();
        handle(&edge, &Config::new(&get), &message).await;
    });
    while asked(world, TOKEN) == before {
        assert!(!step(&mut renewal), "it is at its end and has not asked X");
    }
    renewal
}

/// Whether the former key is needed no more, and the account can renew its tokens and speak.
fn goes_on_without_the_former_key(world: &mut World, case: &str) {
    world.unset("TOKEN_KEY_PREVIOUS");
    // The tokens of the sign-in are over, and the newer ones are soon.
    world.sleeps(Span::minutes(110));
    let before = world.sent_to(ADA).len();
    world.writes(ADA, "hi");
    world.passes(Span::minutes(2));
    assert_eq!(world.sent_to(ADA).len(), before + 1, "{case}");
    assert_eq!(world.rows("SELECT status FROM accounts")[0]["status"], "ready", "{case}");
}

#[test]
fn new_tokens_that_come_after_the_former_ones_were_sealed_anew_are_kept() {
    for failures in [0, 3] {
        let case = format!("the database fails {failures} times");
        let mut world = signed_in();
        world.sleeps(Span::minutes(95));
        let renewal = asks_for_new_ones(&mut world);
        changes_the_key(&mut world);
        assert_eq!(reseals(&mut world), (200, "done".to_owned()), "{case}");
        // What cannot be written at once comes by the queue.
        world.inner.borrow_mut().faults.plan((0..failures).map(|seam| (seam, Fault::Before)));
        world.run(vec![renewal], false);
        let is_queued = world.inner.borrow().queue.bodies().iter().any(|body| body.contains("renewed.v1"));
        assert_eq!(is_queued, failures > 0, "{case}");
        world.drive();
        assert_eq!(reseals(&mut world), (200, "done".to_owned()), "{case}: the worker had the former key");
        goes_on_without_the_former_key(&mut world, &case);
    }
}

#[test]
fn wherever_new_tokens_come_into_the_sealing_they_are_kept_and_the_former_ones_stay_away() {
    let mut again = 0;
    for steps in 0.. {
        let case = format!("after {steps} steps");
        let mut world = signed_in();
        world.sleeps(Span::minutes(95));
        changes_the_key(&mut world);
        let renewal = asks_for_new_ones(&mut world);
        let status = Rc::new(Cell::new(0));
        let into = Rc::clone(&status);
        let mut sealing = world.task(|edge| async move {
            let answer = serve(&edge, &admin_request("POST", "/api/accounts/reseal", "{}")).await;
            into.set(answer.status().as_u16());
        });
        let is_over = (0..steps).any(|_| step(&mut sealing));
        world.run(vec![renewal], false);
        if !is_over {
            world.run(vec![sealing], false);
        }
        if status.get() != 200 {
            again += 1;
            assert_eq!(status.get(), 202, "{case}: they were changed meanwhile");
        }
        assert_eq!(reseals(&mut world), (200, "kept".to_owned()), "{case}");
        goes_on_without_the_former_key(&mut world, &case);
        if is_over {
            break;
        }
    }
    assert!(again > 0);
}

#[test]
fn tokens_are_sealed_anew_while_several_workers_want_new_ones() {
    for seed in 0..30 {
        let case = format!("seed {seed}");
        let mut world = signed_in();
        world.sleeps(Span::minutes(95));
        changes_the_key(&mut world);
        world.order(Order::Shuffled(seed));
        world.inner.borrow_mut().faults.at_next(Seam::Send, Fault::AnswerLate);
        for customer in [ADA, BO] {
            world.writes(customer, "hi");
        }
        let answer = world.asks_amid(admin_request("POST", "/api/accounts/reseal", "{}"));
        assert!([200, 202].contains(&answer.status().as_u16()), "{case}");
        world.passes(Span::minutes(3));
        assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (1, 1), "{case}");
        assert_eq!(asked(&world, TOKEN), 2, "{case}: at the sign-in and once since");
        assert_eq!(reseals(&mut world), (200, "kept".to_owned()), "{case}");
        goes_on_without_the_former_key(&mut world, &case);
    }
}

#[test]
fn a_lost_key_says_what_to_do_and_connecting_again_mends_it() {
    let mut world = World::new();
    world.set("TOKEN_KEY", NEW_KEY);
    world.writes(ADA, "hi");
    world.drive();
    assert!(world.sent_to(ADA).is_empty());
    let trouble = world.trouble().to_string();
    assert!(trouble.contains("another TOKEN_KEY") && trouble.contains("connect the account again"), "{trouble}");
    let (_, report) = world.api("POST", "/api/accounts/reseal", &json!({}));
    assert_eq!(report["steps"][0]["result"], "failed");
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.passes(Span::minutes(1));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn a_revoked_account_stops_at_once_and_its_tokens_are_gone() {
    let mut world = World::new();
    world.misbehaves(crate::world::cast::rate_limited(1, 60));
    world.writes(ADA, "hi");
    world.drive();
    world.misbehaves(Trouble::Revoke { user: BRAND.to_owned() });
    world.drive();
    let calls = world.inner.borrow().x.requests().len();
    world.passes(Span::minutes(30));
    assert_eq!(world.inner.borrow().x.requests().len(), calls, "nothing is asked of X any more");
    assert_eq!(world.rows("SELECT status, tokens FROM accounts")[0], json!({"status": "revoked", "tokens": ""}));
    assert!(world.trouble().to_string().contains("took the app's access away"));
    let grant = perch_simulator::Grant::new("new-token", "new-secret", perch_simulator::Permission::ReadWriteDm);
    world.inner.borrow_mut().x.grant(BRAND, grant);
    let body = json!({"access_token": "new-token", "access_token_secret": "new-secret"});
    assert_eq!(world.api("POST", "/api/accounts/connect", &body).0, 200);
    world.passes(Span::minutes(2));
    assert_eq!(world.sent_to(ADA).len(), 1, "what was owed is said once the account is back");
}

#[test]
fn tokens_that_x_calls_dead_are_dropped_and_the_account_waits_for_new_ones() {
    let mut world = World::new();
    world.misbehaves(crate::world::cast::refuses(1, 89));
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.rows("SELECT status, tokens FROM accounts")[0], json!({"status": "signed_out", "tokens": ""}));
    let calls = world.sends();
    world.writes(BO, "hi");
    world.passes(Span::minutes(30));
    assert_eq!(world.sends(), calls);
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.passes(Span::minutes(2));
    assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (1, 1));
}

#[test]
fn a_revocation_from_before_the_account_came_back_does_not_count() {
    let mut world = World::new();
    let old = format!(
        r#"{{"user_event":{{"revoke":{{"date_time":"2026-09-01T00:00:00+00:00","target":{{"app_id":"1"}},"source":{{"user_id":"{BRAND}"}}}}}}}}"#
    );
    assert_eq!(world.delivers(&old).status(), 200);
    world.drive();
    assert_eq!(world.rows("SELECT status FROM accounts")[0]["status"], "ready");
}
