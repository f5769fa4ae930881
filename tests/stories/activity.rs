//! Single subscriptions of X Activity by an admin's hand: listed, added, changed, ended.

use serde_json::json;

use crate::world::World;
use crate::world::cast::BRAND;

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
