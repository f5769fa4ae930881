//! A deployment that is away: what X could hand to nobody meanwhile is answered once it is back.

use http::Method;
use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Trouble};

use crate::health::{health, replays_asked_for};
use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};

const PRODUCTS: [&str; 3] = ["enterprise", "aaa", "xaa"];
const CUSTOMERS: [&str; 5] = ["7001", "7002", "7003", "7004", "7005"];

/// Connected through this product, and looked after for some minutes.
fn there(product: &str) -> World {
    let mut world = World::empty();
    world.set("X_PRODUCT", product);
    assert_eq!(world.connects(BRAND)["ok"], true, "{product}");
    world.passes(Span::minutes(6));
    world
}

/// For an hour nothing runs. Customers write, and whatever X hands over gets no answer.
fn is_away(world: &mut World) {
    for customer in CUSTOMERS {
        world.sleeps(Span::minutes(10));
        world.writes(customer, "hello?");
        let mut inner = world.inner.borrow_mut();
        let now = inner.now.0.unsigned_abs();
        for delivery in inner.x.deliveries(now) {
            inner.x.delivered(delivery.id, None);
        }
    }
    world.sleeps(Span::minutes(10));
}

#[test]
fn what_x_could_hand_to_nobody_is_answered_once_when_the_deployment_is_back() {
    for (product, redelivers) in PRODUCTS.map(|product| (product, false)).into_iter().chain([("enterprise", true)]) {
        let case = format!("{product}, redelivers: {redelivers}");
        let mut world = there(product);
        if redelivers {
            world.x_redelivers();
        }
        world.hears(ADA, "hi");
        is_away(&mut world);
        assert_eq!(world.count("SELECT COUNT(*) FROM entries WHERE author = 'customer'"), 1, "{case}: Ada alone");
        world.hears(BO, "hi");
        world.passes(Span::hours(3));
        for customer in CUSTOMERS.into_iter().chain([ADA, BO]) {
            assert_eq!(world.sent_to(customer).len(), 1, "{case}: {customer}");
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM replays WHERE status = 'done'"), 1, "{case}");
        assert_eq!(replays_asked_for(&world), 1, "{case}");
        assert_eq!(health(&mut world)["well"], true, "{case}");
    }
}

#[test]
fn a_replay_that_brings_a_part_is_asked_for_until_it_has_brought_all() {
    for product in PRODUCTS {
        let mut world = there(product);
        is_away(&mut world);
        // Nothing else brings them.
        for list in ["/1.1/direct_messages/events/list.json", "/2/dm_events"] {
            world.misbehaves(Trouble::Calls(Calls::to(Method::GET, list).for_ever(), Mishap::unavailable()));
        }
        world.inner.borrow_mut().x.settings().incomplete_replays = 2;
        world.passes(Span::hours(3));
        assert_eq!(replays_asked_for(&world), 3, "{product}: twice in vain");
        for customer in CUSTOMERS {
            assert_eq!(world.sent_to(customer).len(), 1, "{product}: {customer}");
        }
    }
}
