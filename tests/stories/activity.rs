//! Subscriptions of X Activity: those that an account needs, one for each kind of event, and single ones by an admin's hand.

use http::Method;
use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Trouble};
use serde_json::{Value, json};

use crate::health::{health, problem};
use crate::world::World;
use crate::world::cast::{ADA, BRAND};

const CREATE: &str = "/2/activity/subscriptions";

/// The kinds of events that X delivers for the brand.
fn heard(world: &World) -> Vec<String> {
    let inner = world.inner.borrow();
    inner.x.activity_subscriptions().iter().map(|known| known.event_type.clone()).collect()
}

/// How often X was asked to make a subscription.
fn tries(world: &World) -> usize {
    let inner = world.inner.borrow();
    inner.x.requests().iter().filter(|call| call.method == Method::POST && call.path == CREATE).count()
}

/// X ends the brand's subscription to this kind of event.
fn loses(world: &mut World, event_type: &str) {
    let id = {
        let inner = world.inner.borrow();
        let found = inner.x.activity_subscriptions().iter().find(|known| known.event_type == event_type);
        found.unwrap().id.clone()
    };
    assert_eq!(world.api("POST", "/api/activity/delete", &json!({"id": id})).0, 200);
}

#[test]
fn an_account_is_connected_although_x_refuses_a_kind_that_nobody_needs() {
    let mut world = World::empty();
    world.set("X_PRODUCT", "xaa");
    // The fourth and the fifth: typing, and encrypted chats.
    world.misbehaves(Trouble::Calls(Calls::to(Method::POST, CREATE).after(3).for_ever(), Mishap::refused(200)));
    let report = world.connects(BRAND);
    assert_eq!(report["ok"], true, "{report:#}");
    let steps = report["steps"].as_array().unwrap();
    let of = |name: &str| steps.iter().find(|step| step["step"] == name).cloned().unwrap_or_default();
    for kind in ["dm.indicate_typing", "chat.received"] {
        let step = of(&format!("subscribe to {kind}"));
        assert_eq!(step["result"], "failed", "{report:#}");
        assert!(step["what_to_do"].as_str().unwrap().len() > 8, "{step:#}");
    }
    assert_eq!(of("subscribe")["result"], "done");
    assert_eq!(heard(&world), ["dm.received", "dm.sent", "dm.read"]);
    world.hears(ADA, "hi");
    assert_eq!(world.sent_to(ADA).len(), 1);
    let before = tries(&world);
    world.passes(Span::hours(6));
    assert!(tries(&world) - before < 30, "ever more rarely: {}", tries(&world) - before);
    assert_eq!(health(&mut world)["well"], true, "nobody has to mend it");
    assert_eq!(world.count("SELECT COUNT(*) FROM replays"), 0, "and nothing was missed");
    let doctor = world.api("GET", "/api/doctor", &Value::Null).1;
    assert_eq!(doctor["ok"], true, "{doctor:#}");
    assert!(doctor.to_string().contains("dm.indicate_typing"), "{doctor:#}");
    world.inner.borrow_mut().x.behave();
    world.passes(Span::minutes(66));
    assert_eq!(heard(&world).len(), 5, "X lets it be by now");
}

#[test]
fn without_the_messages_themselves_an_account_is_not_connected() {
    let mut world = World::empty();
    world.set("X_PRODUCT", "xaa");
    world.misbehaves(Trouble::Calls(Calls::to(Method::POST, CREATE), Mishap::refused(200)));
    let report = world.connects(BRAND);
    assert_eq!(report["ok"], false, "{report:#}");
    assert_eq!(world.count("SELECT COUNT(*) FROM accounts WHERE webhook_id IS NOT NULL"), 0);
}

#[test]
fn a_public_act_that_x_delivers_no_more_is_heard_again_within_minutes() {
    let mut world = world();
    assert_eq!(world.publishes("snow")["ok"], true);
    world.passes(Span::minutes(6));
    loses(&mut world, "post.mention.create");
    assert!(!heard(&world).contains(&"post.mention.create".to_owned()));
    world.passes(Span::minutes(6));
    assert!(heard(&world).contains(&"post.mention.create".to_owned()));
    assert_eq!(world.count("SELECT COUNT(*) FROM replays"), 0, "messages came all the while");
    assert_eq!(health(&mut world)["well"], true);
}

#[test]
fn a_public_act_that_x_refuses_is_a_problem_until_it_is_heard() {
    let mut world = world();
    assert_eq!(world.publishes("snow")["ok"], true);
    world.passes(Span::minutes(6));
    loses(&mut world, "post.mention.create");
    world.misbehaves(Trouble::Calls(Calls::to(Method::POST, CREATE).for_ever(), Mishap::refused(200)));
    world.passes(Span::minutes(6));
    let told = problem(&health(&mut world), "kinds:");
    assert!(told["cause"].as_str().unwrap().contains("post.mention.create for @furni"), "{told:#}");
    let check = world.api("POST", "/api/subscriptions/check", &json!({})).1;
    assert_eq!((&check["subscribed"], &check["missing"]), (&json!(true), &json!(["post.mention.create"])));
    world.inner.borrow_mut().x.behave();
    world.passes(Span::minutes(12));
    assert_eq!(health(&mut world)["well"], true);
    assert!(heard(&world).contains(&"post.mention.create".to_owned()));
}

fn world() -> World {
    let mut world = World::empty();
    world.set("X_PRODUCT", "xaa");
    assert_eq!(world.connects(BRAND)["ok"], true);
    world
}

#[test]
fn one_more_kind_of_event_is_heard_until_its_subscription_ends() {
    let mut world = world();
    let wanted = json!({"event_type": "profile.update.bio", "tag": "bio"});
    let (status, made) = world.api("POST", "/api/activity/add", &wanted);
    assert_eq!(status, 200, "{made:#}");
    let id = made["subscription"]["id"].as_str().unwrap().to_owned();
    let (_, listed) = world.api("GET", "/api/activity", &json!({}));
    let of_it = |listed: &serde_json::Value| {
        listed["subscriptions"].as_array().unwrap().iter().find(|one| one["id"] == id.as_str()).cloned()
    };
    assert_eq!(of_it(&listed).unwrap()["tag"], "bio");
    assert_eq!(world.api("POST", "/api/activity/update", &json!({"id": id, "tag": "changed"})).0, 200);
    let (_, listed) = world.api("GET", "/api/activity", &json!({}));
    assert_eq!(of_it(&listed).unwrap()["tag"], "changed");
    assert_eq!(world.api("POST", "/api/activity/delete", &json!({"id": id})).0, 200);
    let (_, listed) = world.api("GET", "/api/activity", &json!({}));
    assert_eq!(of_it(&listed), None);
    assert_eq!(world.api("POST", "/api/activity/delete", &json!({"id": id})).0, 200, "gone already is as good");
}

#[test]
fn what_x_does_not_know_or_nobody_asked_for_is_told() {
    let mut world = world();
    let (status, refused) = world.api("POST", "/api/activity/add", &json!({"event_type": "no.such"}));
    assert!((400..600).contains(&status), "{refused:#}");
    assert_eq!(world.api("POST", "/api/activity/update", &json!({"id": "1"})).0, 400);
    assert_eq!(world.api("POST", "/api/activity/add", &json!({})).0, 400);
}
