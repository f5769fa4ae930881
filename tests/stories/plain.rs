//! What only a customer of an account that speaks plain sees: numbers, words and a greeting, with nothing to tap.

use perch::x_api::time::Span;
use perch_simulator::{Bound, Calls, Endpoint, Limit, Mishap, Trouble, V1};
use serde_json::{Value, json};

use crate::media::{hash, publish, video};
use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};

/// X closes v1.1 to the app before the account connects.
fn plain(bot: &str) -> World {
    let mut world = World::empty();
    close_v1(&mut world, V1::Closed453);
    let report = world.connects(BRAND);
    assert!(report["steps"].to_string().contains("speaks plain"), "{report:#}");
    assert_eq!(world.publishes(bot)["ok"], true);
    world
}

pub fn close_v1(world: &mut World, how: V1) {
    let mut inner = world.inner.borrow_mut();
    inner.x.portal().v1 = how;
    inner.x.limits(Endpoint::SendV2, vec![Bound::Caller(Limit::per_15_minutes(1_000))]);
}

pub fn written_to(world: &World, customer: &str) -> Vec<String> {
    world.inner.borrow().x.said_to(BRAND, customer).iter().map(|event| event.written.clone()).collect()
}

#[test]
fn the_first_words_are_answered_with_the_welcome_message_and_its_ways_on() {
    let mut world = plain("snow");
    world.hears(ADA, "hello there");
    let greeting = written_to(&world, ADA).pop().unwrap();
    assert!(greeting.starts_with("Welcome to SnowBot"), "{greeting}");
    assert!(greeting.contains("\n\n1. ❄ Snow report - Depth and lifts of a resort\n2. ☃ Snow photo"), "{greeting}");
    world.hears(ADA, "1");
    assert!(written_to(&world, ADA).pop().unwrap().starts_with("Which resort?\n\n1. Arvenstock"));
    world.hears(BO, "snow corrie");
    assert!(
        written_to(&world, BO).pop().unwrap().starts_with("Corrie Mor"),
        "words that mean something need no greeting"
    );
}

#[test]
fn an_option_is_chosen_by_its_number_its_words_or_nearly_its_words() {
    for words in ["2", "2.", "Birch Hollow", "birch hollow", "birch holow", "BIRCH-HOLLOW!"] {
        let mut world = plain("snow");
        world.hears(ADA, "resorts");
        let said = world.hears(ADA, words);
        assert!(said.starts_with("Birch Hollow, Lower Dell"), "{words}: {said}");
    }
}

#[test]
fn an_option_is_chosen_by_other_words_too_in_either_dialect() {
    let script = "{ version: 1, name: a, start: a, fallback: lost, commands: { home: a }, nodes: {
        a: { say: What?, options: [{ label: Opening hours, words: [when open, times], go: b }, { label: Nothing, go: a }] },
        b: { say: From nine., options: [{ label: Back, go: a }] }, lost: { say: Lost, options: [{ label: Back, go: a }] } } }";
    for mut world in [World::new(), plain("hello")] {
        world.applies(script);
        for words in ["times", "When open?", "TIMES"] {
            world.hears(ADA, "home");
            assert!(world.hears(ADA, words).starts_with("From nine."), "{words}");
        }
        world.hears(ADA, "home");
        assert!(world.hears(ADA, "clock").starts_with("Lost"));
    }
}

#[test]
fn a_button_is_a_line_with_its_address() {
    let mut world = plain("hello");
    world.hears(ADA, "menu");
    world.hears(ADA, "2");
    let said = written_to(&world, ADA).pop().unwrap();
    assert!(said.contains("\n\nFollow the parcel: https://example.com/track\n\n1. Opening hours"), "{said}");
}

#[test]
fn where_a_number_would_be_an_answer_the_ways_on_are_words() {
    let mut world = plain("leaderboard");
    world.hears(ADA, "hi");
    world.hears(ADA, "2");
    let asked = written_to(&world, ADA).pop().unwrap();
    assert!(asked.contains("Which team?") && asked.contains("\n- ") && !asked.contains("\n1. "), "{asked}");
}

#[test]
fn when_x_closes_v1_in_mid_conversation_the_message_in_hand_goes_out_in_plain_once() {
    for how in [V1::Closed453, V1::Closed403, V1::Closed404] {
        let mut world = World::empty();
        // Rich to begin with, in whichever world the stories run.
        world.inner.borrow_mut().x.portal().v1 = V1::Open;
        assert_eq!(world.connects(BRAND)["ok"], true);
        world.writes(ADA, "hi");
        world.passes(Span::minutes(20));
        close_v1(&mut world, how);
        world.writes(ADA, "hours");
        world.drive();
        let said = written_to(&world, ADA);
        assert_eq!(said.len(), 2, "{how:?}: {said:?}");
        assert!(said[1].contains("Monday to Friday"), "{how:?}: {said:?}");
        let (_, listed) = world.api("GET", "/api/accounts", &Value::Null);
        assert_eq!(listed["accounts"][0]["speaks"], "plain", "{how:?}");
    }
}

#[test]
fn when_x_closes_both_the_account_says_so_and_the_message_goes_out_once_when_one_is_open_again() {
    for opens in ["rich", "plain"] {
        let mut world = World::empty();
        world.inner.borrow_mut().x.portal().v1 = V1::Open;
        assert_eq!(world.connects(BRAND)["ok"], true);
        world.passes(Span::minutes(20));
        close_v1(&mut world, V1::Closed453);
        world.inner.borrow_mut().x.portal().v2_messages = false;
        world.writes(ADA, "hours");
        world.passes(Span::minutes(30));
        assert!(written_to(&world, ADA).is_empty());
        let why = "neither through v1.1 nor through v2";
        assert!(world.trouble()["accounts"].to_string().contains(why), "{}", world.trouble());
        let health = world.api("GET", "/api/health", &Value::Null).1;
        assert!(health["problems"].to_string().contains(why), "{health:#}");
        match opens {
            "rich" => world.inner.borrow_mut().x.portal().v1 = V1::Open,
            _ => world.inner.borrow_mut().x.portal().v2_messages = true,
        }
        world.passes(Span::minutes(10));
        assert_eq!(written_to(&world, ADA).len(), 1, "{opens}");
        let (_, listed) = world.api("GET", "/api/accounts", &Value::Null);
        assert_eq!(listed["accounts"][0]["speaks"], opens);
        assert_eq!(world.api("GET", "/api/health", &Value::Null).1["problems"], json!([]));
    }
}

/// SnowBot spoke rich; X closes v1.1 twenty minutes later.
fn snow_when_x_closes_v1(how: V1) -> World {
    snow_when_x_closes_v1_after(Span::minutes(20), how)
}

fn snow_when_x_closes_v1_after(span: Span, how: V1) -> World {
    let mut world = World::empty();
    world.inner.borrow_mut().x.portal().v1 = V1::Open;
    assert_eq!(world.connects(BRAND)["ok"], true);
    world.publishes("snow");
    world.passes(span);
    close_v1(&mut world, how);
    world
}

fn one_picture_was_sent(world: &World, how: V1) {
    let inner = world.inner.borrow();
    let said = inner.x.said_to(BRAND, ADA);
    assert_eq!(said.len(), 1, "{how:?}");
    assert!(said[0].attachment.is_some(), "{how:?}: {}", said[0].text);
}

#[test]
fn when_x_closes_v1_a_picture_goes_the_other_way_with_its_words() {
    for how in [V1::Closed453, V1::Closed403, V1::Closed404] {
        let mut world = snow_when_x_closes_v1(how);
        world.writes(ADA, "photo");
        world.passes(Span::minutes(1));
        one_picture_was_sent(&world, how);
    }
}

#[test]
fn a_picture_that_x_refuses_a_moment_after_it_was_asked_waits_and_goes_the_other_way_with_its_words() {
    for how in [V1::Closed453, V1::Closed403, V1::Closed404] {
        for is_silent in [false, true] {
            let mut world = snow_when_x_closes_v1_after(Span::minutes(1), how);
            if is_silent {
                let begins = Calls::starting_with("/1.1/media/upload.json").times(1);
                world.misbehaves(Trouble::Calls(begins, Mishap::unavailable()));
            }
            world.writes(ADA, "photo");
            world.passes(Span::minutes(15));
            one_picture_was_sent(&world, how);
        }
    }
}

#[test]
fn a_film_under_way_when_a_message_finds_v1_closed_comes_the_other_way() {
    let finished = Calls::to(http::Method::GET, "/2/media/upload");
    for trouble in [None, Some(Trouble::Calls(finished, Mishap::refused(34)))] {
        let mut world = World::empty();
        world.inner.borrow_mut().x.portal().v1 = V1::Open;
        assert_eq!(world.connects(BRAND)["ok"], true);
        let files = json!({"clip.mp4": hash(&video())});
        publish(
            &mut world,
            "  a: { say: Look, media: clip.mp4, options: [{ label: Words, go: b }] }\n  b: { say: Only words, options: [{ label: Film, go: a }] }\ncommands: { words: b }\n",
            &files,
        );
        world.writes(BO, "hi");
        world.passes(Span::hours(25));
        world.writes(ADA, "hi");
        world.drive();
        assert!(world.sent_to(ADA).is_empty(), "X is still busy with the film");
        close_v1(&mut world, V1::Closed453);
        let is_forgotten = trouble.is_some();
        trouble.into_iter().for_each(|trouble| world.misbehaves(trouble));
        world.hears(BO, "words");
        let heard = written_to(&world, BO);
        assert!(heard.last().unwrap().starts_with("Only words"), "{heard:?}");
        world.passes(Span::minutes(1));
        let inner = world.inner.borrow();
        let said = inner.x.said_to(BRAND, ADA);
        assert_eq!(said.len(), 1);
        let film = said[0].attachment.as_ref().expect("the film");
        assert_eq!(inner.x.media(&film.media_id).unwrap().bytes(), video());
        let begun = inner.x.requests().iter().filter(|call| call.path.ends_with("/media/upload/initialize")).count();
        assert_eq!(begun, usize::from(is_forgotten), "anew only where X knows nothing of it in the other dialect");
    }
}

#[test]
fn while_x_does_not_say_what_it_takes_instead_a_picture_waits_and_comes() {
    for how in [V1::Closed453, V1::Closed403, V1::Closed404] {
        let mut world = snow_when_x_closes_v1(how);
        let looking = Calls::to(http::Method::GET, "/2/dm_events").times(2);
        world.misbehaves(Trouble::Calls(looking, Mishap::unavailable()));
        world.writes(ADA, "photo");
        world.drive();
        assert!(written_to(&world, ADA).is_empty(), "{how:?}");
        world.passes(Span::minutes(30));
        one_picture_was_sent(&world, how);
    }
}

#[test]
fn while_x_does_not_say_what_it_takes_instead_the_message_waits_and_is_not_lost() {
    for how in [V1::Closed403, V1::Closed404] {
        let mut world = World::empty();
        // Rich to begin with, in whichever world the stories run.
        world.inner.borrow_mut().x.portal().v1 = V1::Open;
        assert_eq!(world.connects(BRAND)["ok"], true);
        world.passes(Span::minutes(20));
        close_v1(&mut world, how);
        let looking = Calls::to(http::Method::GET, "/2/dm_events").times(2);
        world.misbehaves(Trouble::Calls(looking, Mishap::unavailable()));
        world.writes(ADA, "hi");
        world.drive();
        assert!(written_to(&world, ADA).is_empty());
        world.passes(Span::minutes(10));
        assert_eq!(written_to(&world, ADA).len(), 1, "{how:?}");
    }
}

#[test]
fn what_is_written_in_x_chat_is_shown_with_an_explanation_and_breaks_nothing() {
    let mut world = World::empty();
    world.set("X_PRODUCT", "xaa");
    assert_eq!(world.connects(BRAND)["ok"], true);
    let now = world.now().0.unsigned_abs();
    world.inner.borrow_mut().x.customer_writes_encrypted(now, ADA, BRAND);
    world.drive();
    assert!(world.sent_to(ADA).is_empty());
    assert_eq!((&world.trouble()["events"], &world.trouble()["encrypted"]), (&json!([]), &json!(1)));
    let told = world.api("GET", "/api/events", &Value::Null).1.to_string();
    assert!(told.contains("X Chat, encrypted"), "{told}");
    let ida = world.agent("ida", &json!({}));
    let listed = world.view(&ida, "all");
    assert_eq!((&listed[0]["customer_id"], &listed[0]["last"]["received"]), (&json!(ADA), &json!("encrypted")));
    assert_eq!(world.thread(&ida, ADA)["entries"][0]["body"]["received"], "encrypted");
    let again = include_str!("../fixtures/deliveries/activity_chat_received.json");
    let id = world.rows("SELECT x_id FROM entries")[0]["x_id"].as_str().unwrap().to_owned();
    let again = again.replace("2080765901528535098", &id).replace("4337869213", BRAND).replace("3001969357", ADA);
    world.passes(Span::minutes(5));
    assert_eq!(world.delivers(&again).status(), 200);
    world.drive();
    assert_eq!(world.view(&ida, "all")[0]["updated_at"], listed[0]["updated_at"], "it came before");
    assert_eq!(world.count("SELECT COUNT(*) FROM entries"), 1);
    world.writes(ADA, "and once more, readable");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
}
