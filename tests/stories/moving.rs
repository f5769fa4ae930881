//! The webhook at another address, with many accounts: a part in each call, nobody twice, nobody of another product.

use http::Method;
use perch_simulator::{Calls, Grant, Mishap, Permission, Trouble, User};
use serde_json::{Value, json};

use crate::accounts::{last_step_fails, no_answers};
use crate::world::World;
use crate::world::cast::{ADA, BRAND, secret, token};

const LIST: &str = "/2/activity/subscriptions";
const THERE: &str = "SELECT COUNT(*) FROM accounts WHERE webhook_url = 'https://new.example/webhook'";

/// A deployment on X Activity with so many accounts.
fn with(accounts: usize) -> World {
    let mut world = World::empty();
    world.set("X_PRODUCT", "xaa");
    for number in 0..accounts {
        let id = format!("8{number:05}");
        {
            let mut inner = world.inner.borrow_mut();
            inner.x.add_user(User::new(&id, format!("shop{number}"), "Shop"));
            inner.x.grant(&id, Grant::new(token(&id), secret(&id), Permission::ReadWriteDm));
        }
        assert_eq!(world.connects(&id)["ok"], true);
    }
    world
}

fn moves(world: &mut World, after: &Value) -> (u16, Value) {
    world.api("POST", "/api/webhooks/move", &json!({"url": "https://new.example/webhook", "after": after}))
}

fn lists(world: &World) -> usize {
    let inner = world.inner.borrow();
    inner.x.requests().iter().filter(|call| call.method == Method::GET && call.path == LIST).count()
}

#[test]
fn many_accounts_move_in_parts_with_one_list_for_each_part() {
    let mut world = with(53);
    let before = lists(&world);
    let (status, part) = moves(&mut world, &Value::Null);
    assert_eq!((status, &part["ok"], &part["left"]), (202, &json!(false), &json!(3)), "{part:#}");
    assert_eq!((world.count(THERE), lists(&world) - before), (50, 1));
    assert_eq!(world.inner.borrow().x.webhooks().len(), 2, "the former one stays while somebody hears through it");
    let (status, rest) = moves(&mut world, &part["next"]);
    assert_eq!((status, &rest["ok"], rest.get("next")), (200, &json!(true), None), "{rest:#}");
    assert_eq!((world.count(THERE), lists(&world) - before), (53, 2));
    assert_eq!(world.inner.borrow().x.webhooks().len(), 1);
    let (_, again) = moves(&mut world, &Value::Null);
    assert_eq!((&again["ok"], lists(&world) - before), (&json!(true), 2), "{again:#}");
}

#[test]
fn a_move_that_meets_the_rate_limit_stops_says_so_and_goes_on() {
    let mut world = with(4);
    let limit = Calls::to(Method::PUT, LIST).after(7).for_ever();
    world.misbehaves(Trouble::Calls(limit, Mishap::RateLimited { reset_in_s: 600 }));
    let (status, report) = moves(&mut world, &Value::Null);
    assert_eq!(status, 502, "{report:#}");
    // The first is there whole, the second with its messages and one kind more.
    assert!(report.to_string().contains("2 accounts are not moved yet"), "{report:#}");
    assert!(report["what_to_do"].as_str().unwrap().contains("quarter of an hour"), "{report:#}");
    assert_eq!(world.count(THERE), 2);
    let asked = world.inner.borrow().x.requests().iter().filter(|call| call.method == Method::PUT).count();
    world.inner.borrow_mut().x.behave();
    let (status, report) = moves(&mut world, &Value::Null);
    assert_eq!(status, 200, "{report:#}");
    assert_eq!(world.count(THERE), 4);
    let more = world.inner.borrow().x.requests().iter().filter(|call| call.method == Method::PUT).count() - asked;
    assert_eq!(more, 2 * 5, "nobody is asked about again");
}

#[test]
fn an_account_of_another_product_is_not_dragged_along() {
    let mut world = with(1);
    world.set("X_PRODUCT", "enterprise");
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.set("X_PRODUCT", "xaa");
    let product = "SELECT COUNT(*) FROM accounts WHERE product = 'enterprise'";
    let (status, report) = moves(&mut world, &Value::Null);
    assert_eq!(status, 200, "{report:#}");
    assert!(report.to_string().contains("1 accounts of another product stay"), "{report:#}");
    assert_eq!((world.count(THERE), world.count(product)), (1, 1));
    let url = json!({"url": "https://new.example/webhook", "account": "furni"});
    let (status, report) = world.api("POST", "/api/webhooks/move", &url);
    assert_eq!(status, 200, "{report:#}");
    assert_eq!((world.count(THERE), world.count(product)), (2, 1));
    let (_, listed) = world.api("GET", "/api/webhooks?account=furni", &Value::Null);
    assert_eq!(listed["product"], "enterprise", "{listed:#}");
}

#[test]
fn the_doctor_looks_where_the_account_hears_and_not_where_the_deployment_would() {
    for (own, other) in [("enterprise", "xaa"), ("premium", "aaa"), ("aaa", "enterprise"), ("xaa", "premium")] {
        let mut world = World::empty();
        world.set("X_ENV_NAME", "prod");
        world.set("X_PRODUCT", own);
        assert_eq!(world.connects(BRAND)["ok"], true, "{own}");
        world.set("X_PRODUCT", other);
        let report = world.api("GET", "/api/doctor", &Value::Null).1;
        assert_eq!(report["ok"], true, "{own} in {other}: {report:#}");
    }
}

#[test]
fn a_script_of_an_account_on_x_activity_is_heard_whatever_the_deployment_is() {
    let mut world = with(0);
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.set("X_PRODUCT", "enterprise");
    world.publishes("snow");
    let inner = world.inner.borrow();
    assert!(inner.x.activity_subscriptions().iter().any(|known| known.event_type == "post.mention.create"));
}

/// The brand on this product, of which X lets the app have so many webhooks.
fn with_room(product: &str, webhooks: usize) -> World {
    let mut world = World::empty();
    world.set("X_PRODUCT", product);
    world.inner.borrow_mut().x.settings().plan = (webhooks, 15);
    world.inner.borrow_mut().x.settings().contract = (webhooks, 500);
    assert_eq!(world.connects(BRAND)["ok"], true, "{product}");
    world
}

#[test]
fn from_whichever_call_on_x_answers_nothing_of_use_a_move_tells_it_and_the_next_one_moves_everybody() {
    // Where there is room for one, the former webhook goes before the new one comes.
    for (product, room) in ["enterprise", "aaa", "xaa"].into_iter().flat_map(|product| [(product, 1), (product, 2)]) {
        let mut world = with_room(product, room);
        let before = world.inner.borrow().x.requests().len();
        assert_eq!(moves(&mut world, &Value::Null).0, 200, "{product}");
        let calls = u32::try_from(world.inner.borrow().x.requests().len() - before).unwrap();
        for (spared, mishap) in (0..calls).flat_map(|spared| no_answers().map(|mishap| (spared, mishap))) {
            let case = format!("{product} with room for {room}, {spared} calls, then {mishap:?}");
            let mut world = with_room(product, room);
            world.misbehaves(Trouble::Calls(Calls::any().after(spared).for_ever(), mishap));
            last_step_fails(&moves(&mut world, &Value::Null).1, &case);
            world.inner.borrow_mut().x.behave();
            let (status, report) = moves(&mut world, &Value::Null);
            assert_eq!((status, &report["ok"], world.count(THERE)), (200, &json!(true), 1), "{case}: {report:#}");
            // A former one that X did not delete stays, and is named.
            let is_alone = world.inner.borrow().x.webhooks().len() == 1;
            assert!(is_alone || report.to_string().contains("stays: perch webhooks delete"), "{case}: {report:#}");
            world.hears(ADA, "hi");
            assert_eq!(world.sent_to(ADA).len(), 1, "{case}");
        }
    }
}
