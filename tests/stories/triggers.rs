//! What customers do in public, from X's delivery to the Direct Message; and what a first word knows of where it came from.

use http::Method;
use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Trouble};
use serde_json::json;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
use crate::world::dialects::{speaks_plain, words_of};

const BOT: &str = r#"
version: 1
name: outside
start: menu
fallback: menu
default_welcome: hello
welcome_messages: { hello: { say: Hi there, options: [{ label: Where from, id: from, go: from }] } }
on: { follow: thanks, favorite: liked }
nodes:
  menu: { say: Menu, options: [{ label: Where from, id: from, go: from }] }
  from: { say: "welcome={{ welcome }} post={{ post }}", options: [{ label: Menu, go: menu }] }
  thanks: { say: "Thank you for following, {{ customer.name }}.", options: [{ label: Menu, go: menu }] }
  liked: { say: "You like {{ post }}.", options: [{ label: Menu, go: menu }] }
  post: { post: { say: Write to us., prompt: hello }, say: Posted., options: [{ label: Menu, go: menu }] }
commands: { post: post }
"#;

fn world() -> World {
    let mut world = World::new();
    world.applies(BOT);
    world.hears(ADA, "hi");
    world
}

/// What X has for us now is delivered twice.
fn delivered_twice(world: &mut World) {
    let now = world.now().0.unsigned_abs();
    let deliveries = world.inner.borrow_mut().x.deliveries(now);
    assert!(!deliveries.is_empty(), "nothing is heard of it");
    for delivery in deliveries {
        for _ in 0..2 {
            assert_eq!(world.asks(delivery.request.clone()).status(), 200);
        }
        world.inner.borrow_mut().x.delivered(delivery.id, Some(200));
    }
    world.passes(Span::minutes(1));
}

fn last(world: &World, customer: &str) -> String {
    world.sent_to(customer).last().map(|text| words_of(text)).unwrap_or_default()
}

#[test]
fn a_follower_who_wrote_before_hears_of_it_once_and_a_stranger_nothing() {
    let mut world = world();
    let now = world.now().0.unsigned_abs();
    for customer in [ADA, BO] {
        world.inner.borrow_mut().x.customer_follows(now, customer, BRAND);
    }
    delivered_twice(&mut world);
    assert_eq!((world.sent_to(ADA).len(), last(&world, ADA).as_str()), (2, "Thank you for following, Ada."));
    assert_eq!(world.sent_to(BO), Vec::<String>::new());
    assert_eq!(words_of(&world.tapped(ADA, "Menu")), "Menu", "the conversation goes on from there");
}

#[test]
fn whoever_likes_a_post_and_wrote_before_hears_of_it_once_and_a_stranger_nothing() {
    let mut world = world();
    let now = world.now().0.unsigned_abs();
    let post = world.inner.borrow_mut().x.posts_in_app(now, BRAND, "New lamps.");
    world.drive();
    for customer in [ADA, BO] {
        world.inner.borrow_mut().x.customer_likes(now, customer, BRAND, &post).unwrap();
    }
    delivered_twice(&mut world);
    assert_eq!((world.sent_to(ADA).len(), last(&world, ADA)), (2, format!("You like {post}.")));
    assert_eq!(world.sent_to(BO), Vec::<String>::new());
}

#[test]
fn a_follower_who_said_stop_hears_nothing() {
    let mut world = world();
    world.hears(ADA, "stop");
    let now = world.now().0.unsigned_abs();
    world.inner.borrow_mut().x.customer_follows(now, ADA, BRAND);
    delivered_twice(&mut world);
    assert!(!last(&world, ADA).contains("following"), "{}", last(&world, ADA));
}

#[test]
fn the_first_word_knows_its_welcome_message_and_the_post_whose_button_led_here() {
    if speaks_plain() {
        return; // v2 has no welcome messages
    }
    let mut world = world();
    world.hears(ADA, "post");
    let now = world.now().0.unsigned_abs();
    let post = world.inner.borrow().x.posts().last().unwrap().id.clone();
    {
        let mut inner = world.inner.borrow_mut();
        inner.x.customer_opens_from_post(now, BO, BRAND, &post, None).expect("the welcome message of the post");
        inner.x.customer_taps_welcome(now, BO, BRAND, 0).unwrap();
    }
    world.drive();
    assert_eq!(last(&world, BO), format!("welcome=hello post={post}"));
    assert_eq!(words_of(&world.hears(BO, "where from")), "Menu", "no option of the last message");
    assert_eq!(words_of(&world.hears(BO, "where from")), "welcome= post=", "only the first word does");
}

#[test]
fn a_post_that_x_refused_for_now_and_that_another_has_said_meanwhile_is_not_taken_for_posted() {
    let mut world = World::new();
    world.applies(&BOT.replace(", prompt: hello", ""));
    world.hears(ADA, "hi");
    world.hears(BO, "hi");
    let posting = Calls::to(Method::POST, "/2/tweets").times(1);
    world.misbehaves(Trouble::Calls(posting, Mishap::RateLimited { reset_in_s: 60 }));
    world.hears(ADA, "post");
    world.hears(BO, "post");
    world.passes(Span::minutes(20));
    assert_eq!(world.posts_of_the_brand(), ["Write to us."]);
    let posts = world.rows("SELECT status FROM outbox WHERE kind = 'post' ORDER BY created_at");
    assert_eq!(posts, [json!({"status": "failed"}), json!({"status": "sent"})]);
    assert!(world.trouble()["messages"].to_string().contains("already has this very text"));
}
