//! Files that customers send: told to the bot as their words, and opened by people through the one guarded route.

use bytes::Bytes;
use http::StatusCode;
use perch_simulator::{Calls, Mishap, Trouble};

use crate::world::World;
use crate::world::cast::{ADA, BRAND};
use crate::world::dialects::speaks_plain;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

fn sends(world: &mut World, words: &str) -> String {
    let mut inner = world.inner.borrow_mut();
    let now = inner.now.0.unsigned_abs();
    inner.x.customer_sends_file(now, ADA, BRAND, words, ("image/png", Bytes::from_static(PICTURE))).unwrap()
}

fn opens(world: &mut World, message: &str) -> perch::x_api::request::Response {
    world.admin("GET", &format!("/api/media/received?message={message}"), "")
}

#[test]
fn a_picture_opens_for_an_admin_and_for_nobody_else() {
    let mut world = World::new();
    if speaks_plain() {
        // v2 gives files out for tokens of OAuth 2.0 alone.
        world.signs_in_by_oauth2();
    }
    let message = sends(&mut world, "look");
    world.drive();
    let opened = opens(&mut world, &message);
    assert_eq!((opened.status(), opened.body().as_ref()), (StatusCode::OK, PICTURE));
    assert_eq!(opened.headers()["content-type"], "image/png");
    assert!(opened.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
    let request = http::Request::get(format!("https://perch.example/api/media/received?message={message}"));
    assert_eq!(world.asks(request.body(Bytes::new()).unwrap()).status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn the_bot_reads_the_words_without_the_link_to_the_picture() {
    let mut world = World::with_bot("snow");
    sends(&mut world, "help");
    world.drive();
    let (said, sent) = (world.sent_to(ADA), world.rows("SELECT body FROM entries WHERE author = 'customer'"));
    assert!(said[0].contains("snow"), "{said:?}");
    assert_eq!(sent[0]["body"], r#"{"text":"help","received":"photo"}"#);
}

#[test]
fn a_picture_without_words_is_answered_too() {
    let mut world = World::with_bot("snow");
    sends(&mut world, "");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn what_is_not_there_says_so() {
    let mut world = World::new();
    let words = world.writes(ADA, "hi");
    world.drive();
    for (message, said) in
        [(words.as_str(), "carries no file"), ("123", "no such message"), ("", "No message is named")]
    {
        let answer = opens(&mut world, message);
        assert!(answer.status().is_client_error(), "{message}");
        assert!(String::from_utf8_lossy(answer.body()).contains(said), "{message}");
    }
}

#[test]
fn only_hosts_of_xs_are_asked() {
    let mut world = World::new();
    world.set("X_MEDIA_HOSTS", "pbs.twimg.com");
    let message = sends(&mut world, "look");
    world.drive();
    let before = world.inner.borrow().x.requests().len();
    let refused = opens(&mut world, &message);
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert!(String::from_utf8_lossy(refused.body()).contains("ton.twitter.com"));
    assert_eq!(world.inner.borrow().x.requests().len(), before, "nobody was asked");
}

#[test]
fn when_x_does_not_give_it_the_answer_says_why() {
    for (mishap, said) in [
        (Mishap::NeverArrives, "X does not give the file"),
        (Mishap::refused(34), "404"),
        (Mishap::refused(89), "Connect the account again"),
    ] {
        let mut world = World::new();
        let message = sends(&mut world, "look");
        world.drive();
        world.misbehaves(Trouble::Calls(Calls::starting_with("/1.1/ton"), mishap));
        let answer = opens(&mut world, &message);
        assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
        assert!(String::from_utf8_lossy(answer.body()).contains(said), "{said}");
    }
}
