//! Connecting an account: one call, every step told, safe to repeat.

use perch::x_api::time::Span;
use perch_simulator::{Calls, FailureBody, Mishap, Trouble};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BRAND, secret, token};
use crate::world::dialects::{is_v2, speaks_plain};
use crate::world::faults::{FAULTS, Seam};

fn results(report: &Value) -> Vec<(String, String)> {
    let steps = report["steps"].as_array().unwrap();
    let text = |step: &Value, key: &str| step[key].as_str().unwrap().to_owned();
    steps.iter().map(|step| (text(step, "step"), text(step, "result"))).collect()
}

fn last(report: &Value) -> &Value {
    report["steps"].as_array().unwrap().last().unwrap()
}

#[test]
fn the_first_call_does_everything_and_the_second_keeps_it() {
    let mut world = World::empty();
    let first = world.connects(BRAND);
    let pairs = |all: [(&str, &str); 5]| all.map(|(step, result)| (step.to_owned(), result.to_owned())).to_vec();
    let expected = |webhook: &'static str, result: &'static str| {
        pairs([
            ("verify the account's tokens", "done"),
            ("store the account", "done"),
            (webhook, result),
            ("subscribe", result),
            (
                if speaks_plain() {
                    "speaks plain: text, with numbers for options"
                } else {
                    "speaks rich: options, buttons, welcome messages"
                },
                "done",
            ),
        ])
    };
    assert_eq!(results(&first), expected("webhook", "done"));
    assert_eq!(
        first["account"],
        json!({"id": BRAND, "username": "furni", "name": "Furni", "may": "read-write-directmessages"})
    );
    assert_eq!(results(&world.connects(BRAND)), expected("webhook", "kept"));
    assert!(world.inner.borrow().x.is_subscribed(BRAND));
}

#[test]
fn tokens_are_sealed_at_rest() {
    let world = World::new();
    let stored = world.rows("SELECT tokens FROM accounts")[0]["tokens"].as_str().unwrap().to_owned();
    assert!(stored.starts_with("v1.") && !stored.contains("token") && !stored.contains("secret"), "{stored}");
}

#[test]
fn an_invalid_webhook_is_validated_anew() {
    let mut world = World::new();
    world.misbehaves(perch_simulator::Trouble::InvalidateWebhooks);
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.count("SELECT COUNT(*) FROM inbox"), 0, "X delivers nothing");
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn the_premium_product_is_used_where_an_environment_is_named() {
    let mut world = World::empty();
    let body = json!({
        "ACCESS-TOKEN": token(BRAND), "ACCESS-TOKEN-SECRET": secret(BRAND), "ENVIRONMENT-NAME": "prod",
        "API-KEY": "consumer-key", "API-KEY-SECRET": crate::world::cast::CONSUMER_SECRET,
        "WEBHOOK-URL": "https://perch.example/webhook",
    });
    let response = world.admin("POST", "/api/accounts/connect", &body.to_string());
    let report: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(report["ok"], true, "{report:#}");
    world.writes(ADA, "hi");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1, "the connector's own field names are understood");
}

#[test]
fn another_app_is_refused() {
    let mut world = World::empty();
    let body = json!({"access_token": "a", "access_token_secret": "b", "consumer_key": "of another app"});
    let response = world.admin("POST", "/api/accounts/connect", &body.to_string());
    assert_eq!(response.status(), 409);
    assert!(world.inner.borrow().x.requests().is_empty(), "X was asked nothing");
    assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 0);
}

#[test]
fn a_body_that_is_not_what_is_asked_for_is_told_without_repeating_it() {
    let mut world = World::empty();
    for body in
        ["", "[]", r#"{"access_token":"geheim"}"#, r#"{"access_token":"geheim","access_token_secret":"b","typo":1}"#]
    {
        let response = world.admin("POST", "/api/accounts/connect", body);
        assert_eq!(response.status(), 400, "{body}");
        let said = String::from_utf8_lossy(response.body()).into_owned();
        assert!(said.contains("access_token_secret") && !said.contains("geheim"), "{said}");
    }
}

#[test]
fn wrong_tokens_are_named_and_nothing_is_stored() {
    let mut world = World::empty();
    let body = json!({"access_token": token(BRAND), "access_token_secret": "wrong"});
    let response = world.admin("POST", "/api/accounts/connect", &body.to_string());
    assert_eq!(response.status(), 502);
    let report: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!((&last(&report)["result"], &last(&report)["code"]), (&json!("failed"), &json!(32)));
    assert!(last(&report)["what_to_do"].as_str().unwrap().contains("consumer key"));
    assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 0);
}

#[test]
fn a_missing_setting_is_named_with_the_command_that_sets_it() {
    // v2 has the app itself register its webhooks.
    let by_the_owner = ["X_ACCESS_TOKEN_SECRET"].into_iter().filter(|_| !is_v2());
    for name in ["X_CONSUMER_KEY", "TOKEN_KEY"].into_iter().chain(by_the_owner) {
        let mut world = World::empty();
        world.unset(name);
        let report = world.connects(BRAND);
        assert_eq!(report["ok"], false);
        let cause = last(&report)["cause"].as_str().unwrap();
        assert!(cause.contains(name) && cause.contains("wrangler secret put"), "{cause}");
    }
}

#[test]
fn a_consumer_secret_that_is_not_the_apps_fails_at_the_signature() {
    let mut world = World::empty();
    world.set("X_CRC_SECRET", "another");
    let report = world.connects(BRAND);
    // v2 says it by a name instead of a code.
    assert_eq!(last(&report)["code"], if is_v2() { Value::Null } else { json!(214) });
    assert!(last(&report)["what_to_do"].as_str().unwrap().contains("X_CRC_SECRET"), "{report:#}");
    assert_eq!(
        world.count("SELECT COUNT(*) FROM accounts"),
        1,
        "the tokens are kept: the next call goes on from there"
    );
    world.unset("X_CRC_SECRET");
    assert_eq!(world.connects(BRAND)["ok"], true);
}

#[test]
fn whatever_fails_in_between_the_second_call_completes_it() {
    let seams = {
        let mut world = World::empty();
        world.connects(BRAND);
        world.inner.borrow().faults.passed()
    };
    assert!(seams > 6, "{seams}");
    for index in 0..seams {
        for fault in FAULTS {
            let mut world = World::empty();
            world.inner.borrow_mut().faults.at(index, fault);
            world.tries_to_connect(BRAND);
            let report = world.connects(BRAND);
            assert_eq!(report["ok"], true, "seam {index} {fault:?}: {report:#}");
            world.writes(ADA, "hi");
            world.passes(Span::minutes(2));
            assert_eq!(world.sent_to(ADA).len(), 1, "seam {index} {fault:?}");
        }
    }
}

#[test]
fn an_x_that_does_not_answer_is_told_as_such() {
    let mut world = World::empty();
    world.inner.borrow_mut().faults.down(Seam::Send);
    let report = world.connects(BRAND);
    assert!(last(&report)["what_to_do"].as_str().unwrap().contains("X_API_BASE"), "{report:#}");
}

/// What may stand in place of X's answer; nothing is done.
pub fn no_answers() -> [Mishap; 3] {
    let fails = |status: u16, body: FailureBody| Mishap::Fails { status, body, done: false };
    [fails(200, FailureBody::Html), fails(500, FailureBody::Empty), Mishap::unavailable()]
}

/// The last step has failed, and says why and what to do.
pub fn last_step_fails(report: &Value, case: &str) {
    let last = last(report);
    let length = |name: &str| last[name].as_str().unwrap_or_default().len();
    let is_told = last["result"] == "failed" && length("cause") > 3 && length("what_to_do") > 8;
    assert!(is_told, "{case}: {report:#}");
}

#[test]
fn from_whichever_call_on_x_answers_nothing_of_use_that_step_fails_and_the_second_call_completes_it() {
    for product in ["enterprise", "aaa", "xaa"] {
        let on_it = || {
            let mut world = World::empty();
            world.set("X_PRODUCT", product);
            world
        };
        let mut world = on_it();
        assert_eq!(world.connects(BRAND)["ok"], true, "{product}");
        let calls = u32::try_from(world.inner.borrow().x.requests().len()).unwrap();
        assert!(calls > 6, "{product}: {calls}");
        for (spared, mishap) in (0..calls).flat_map(|spared| no_answers().map(|mishap| (spared, mishap))) {
            let case = format!("{product}, {spared} calls, then {mishap:?}");
            let mut world = on_it();
            world.misbehaves(Trouble::Calls(Calls::any().after(spared).for_ever(), mishap));
            let report = world.connects(BRAND);
            assert_eq!(report["ok"], false, "{case}: {report:#}");
            last_step_fails(&report, &case);
            world.inner.borrow_mut().x.behave();
            let report = world.connects(BRAND);
            assert_eq!(report["ok"], true, "{case}: {report:#}");
            world.hears(ADA, "hi");
            assert_eq!(world.sent_to(ADA).len(), 1, "{case}");
        }
    }
}
