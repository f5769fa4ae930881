//! A challenge that X signs: a Worker with one secret and nothing else answers it, and notes that X was here.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use bytes::Bytes;
use perch::config::Config;
use perch::job::Job;
use perch::web;
use perch::web::answer::Answer;
use perch::x_api::crc::sha256_mark;
use perch::x_api::request::Request;
use perch::x_api::secret::Secret;
use perch::x_api::signature::HEADER;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{CONSUMER_SECRET, HOST};
use crate::world::faults::Seam;

const QUERY: &str = "crc_token=foo&nonce=bar";
/// All that an answer may depend on.
const SETTINGS: [&str; 6] = [
    "WEBHOOK_PATH",
    "X_CLIENT_SECRET",
    "X_CLIENT_SECRET_PREVIOUS",
    "X_CONSUMER_SECRET",
    "X_CONSUMER_SECRET_PREVIOUS",
    "X_CRC_SECRET",
];

/// A deployment with one secret.
fn bare() -> World {
    let mut world = World::empty();
    world.inner.borrow_mut().settings.clear();
    world.set("X_CONSUMER_SECRET", CONSUMER_SECRET);
    world
}

/// A challenge, signed by whoever has this secret.
fn challenge(signed_with: Option<&str>) -> Request {
    let mut request = http::Request::get(format!("{HOST}/webhook?{QUERY}"));
    if let Some(secret) = signed_with {
        request = request.header(HEADER, sha256_mark(&Secret::new(secret), QUERY.as_bytes()));
    }
    request.body(Bytes::new()).unwrap()
}

/// The answer, with the settings that were looked at for it; what follows from it is left undone.
fn answered(world: &mut World, request: Request) -> (Answer, BTreeSet<String>) {
    let given = Rc::new(RefCell::new(None));
    let into = Rc::clone(&given);
    let task = world.task(|edge| async move {
        let settings = edge.inner.borrow().settings.clone();
        let read = RefCell::new(BTreeSet::new());
        let get = |name: &str| {
            read.borrow_mut().insert(name.to_owned());
            settings.get(name).cloned()
        };
        let answer = web::handle(&edge, &Config::new(&get), &request).await;
        *into.borrow_mut() = Some((answer, read.take()));
    });
    world.run(vec![task], false);
    given.take().unwrap()
}

fn is_right(body: &Bytes) -> bool {
    let token = sha256_mark(&Secret::new(CONSUMER_SECRET), b"foo");
    serde_json::from_slice::<Value>(body).unwrap() == json!({"response_token": token})
}

#[test]
fn a_signed_challenge_is_answered_with_one_secret_and_no_binding() {
    let mut world = bare();
    let seams = world.inner.borrow().faults.passed();
    let (answer, read) = answered(&mut world, challenge(Some(CONSUMER_SECRET)));
    assert_eq!(answer.response.status(), 200);
    assert!(is_right(answer.response.body()), "{answer:?}");
    assert_eq!(world.inner.borrow().faults.passed(), seams, "no binding was touched");
    assert!(read.iter().all(|name| SETTINGS.contains(&name.as_str())), "{read:?}");
    assert!(read.contains("X_CONSUMER_SECRET"), "{read:?}");
}

#[test]
fn a_challenge_is_answered_where_neither_queue_nor_database_is_there() {
    let mut world = bare();
    for seam in [Seam::Enqueue, Seam::Sql] {
        world.inner.borrow_mut().faults.down(seam);
    }
    let seams = world.inner.borrow().faults.passed();
    let answer = world.asks(challenge(Some(CONSUMER_SECRET)));
    assert_eq!(answer.status(), 200);
    assert!(is_right(answer.body()), "{answer:?}");
    assert_eq!(world.inner.borrow().faults.passed(), seams + 1, "its note, for which the answer does not wait");
}

#[test]
fn a_challenge_is_answered_to_anybody_and_noted_where_x_has_signed_it() {
    for (signed_with, is_noted) in [(Some(CONSUMER_SECRET), true), (Some("somebody's own"), false), (None, false)] {
        let mut world = bare();
        let (answer, _) = answered(&mut world, challenge(signed_with));
        assert!(answer.response.status() == 200 && is_right(answer.response.body()), "{signed_with:?}: {answer:?}");
        let note = answer.note.map(|note| note.job);
        assert_eq!(matches!(note, Some(Job::Challenged { .. })), is_noted, "{signed_with:?}: {note:?}");
    }
}
