//! What our own door refused while the webhook was well, and what is known of it only once the webhook is not.

use perch::x_api::time::Span;
use perch_simulator::Trouble;
use serde_json::json;

use crate::health::{health, problem, validation_fails};
use crate::world::World;
use crate::world::cast::{ADA, BO, CONSUMER_SECRET};
use crate::world::faults::Seam;

#[test]
fn what_was_refused_for_a_wrong_secret_is_asked_for_although_the_webhook_is_being_mended_when_it_is_put_right() {
    let mut world = World::new();
    world.hears(BO, "hi");
    world.passes(Span::minutes(6));
    // As where the app has a new secret on X: here nothing has changed, and X takes the app's own token as before.
    world.set("X_CONSUMER_SECRET", "the former one");
    world.change("DELETE FROM health WHERE what = 'secrets'");
    world.writes(ADA, "hello?");
    world.passes(Span::minutes(6));
    assert!(problem(&health(&mut world), "registry").is_null(), "the webhook is seen well after the refusal");
    validation_fails(&mut world);
    world.misbehaves(Trouble::InvalidateWebhooks);
    world.passes(Span::minutes(9));
    assert_eq!(world.count("SELECT tries FROM health WHERE what LIKE 'webhook:%'"), 2, "it rests for ten minutes");
    world.set("X_CONSUMER_SECRET", CONSUMER_SECRET);
    world.inner.borrow_mut().x.behave();
    world.passes(Span::minutes(6));
    assert_eq!(world.count("SELECT tries FROM health WHERE what LIKE 'webhook:%'"), 2, "still");
    world.passes(Span::hours(3));
    assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (1, 1));
}

#[test]
fn what_had_to_be_refused_before_x_forgot_the_webhook_is_looked_up() {
    let mut world = World::new();
    world.passes(Span::minutes(6));
    for seam in [Seam::Enqueue, Seam::Sql] {
        world.inner.borrow_mut().faults.down(seam);
    }
    world.writes(ADA, "is anybody there?");
    world.drive();
    for seam in [Seam::Enqueue, Seam::Sql] {
        world.inner.borrow_mut().faults.up(seam);
    }
    // The webhook is seen well before a delivery brings the word of it.
    world.passes(Span::minutes(6));
    world.hears(BO, "hi");
    assert_eq!(world.count("SELECT COUNT(*) FROM health WHERE what = 'refused'"), 1);
    let id = world.inner.borrow().x.webhooks()[0].id.clone();
    world.api("POST", "/api/webhooks/delete", &json!({"id": id}));
    world.passes(Span::minutes(30));
    assert_eq!((world.sent_to(ADA).len(), world.sent_to(BO).len()), (1, 1));
}
