//! Pictures of a bot: brought to X once, sent with their words, brought anew when X has forgotten them.

use perch::bot::script::Script;
use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Trouble, Weather};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
use crate::world::dialects::speaks_plain;
use crate::world::faults::FAULTS;

#[test]
fn a_photo_is_brought_to_x_once_and_sent_with_its_words() {
    let mut world = World::with_bot("snow");
    world.writes(ADA, "photo");
    world.passes(Span::minutes(1));
    world.writes(BO, "photo");
    world.passes(Span::minutes(1));
    let inner = world.inner.borrow();
    let (ada, bo) = (inner.x.said_to(BRAND, ADA), inner.x.said_to(BRAND, BO));
    let (one, two) = (ada[0].attachment.as_ref().unwrap(), bo[0].attachment.as_ref().unwrap());
    assert_eq!(one.media_id, two.media_id, "shared, not brought twice");
    let picture = std::fs::read(format!("{}/bots/snow/media/snow-dawn.png", env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert_eq!(inner.x.media(&one.media_id).unwrap().bytes(), picture);
}

#[test]
fn a_photo_that_x_has_forgotten_is_brought_there_anew() {
    let mut world = World::with_bot("snow");
    world.writes(ADA, "photo");
    world.passes(Span::minutes(1));
    world.passes(Span::hours(25));
    world.writes(ADA, "photo");
    world.passes(Span::minutes(1));
    let inner = world.inner.borrow();
    let said = inner.x.said_to(BRAND, ADA);
    assert_eq!(said.len(), 2);
    assert_ne!(said[0].attachment.as_ref().unwrap().media_id, said[1].attachment.as_ref().unwrap().media_id);
}

#[test]
fn whatever_happens_on_the_way_a_photo_comes_or_its_words_go_without_it() {
    for fault in FAULTS {
        for seam in 0..40 {
            let mut world = World::with_bot("snow");
            // What never got to X is said after all.
            world.set("WHEN_DOUBTFUL", "resend");
            world.inner.borrow_mut().faults.at(seam, fault);
            world.writes(ADA, "photo");
            world.x_redelivers();
            world.passes(Span::hours(2));
            let inner = world.inner.borrow();
            let said = inner.x.said_to(BRAND, ADA);
            assert_eq!(said.len(), 1, "{fault:?} at {seam}");
            assert!(said[0].attachment.is_some(), "{fault:?} at {seam}");
        }
    }
}

/// A bot whose one node shows this.
pub fn showing(media: &str, files: &Value) -> World {
    following(&format!("  a: {{ say: Look, media: '{media}', options: [{{ label: Again, go: a }}] }}\n"), files)
}

/// A bot with these nodes, that begins with `a`.
fn following(nodes: &str, files: &Value) -> World {
    let mut world = World::new();
    publish(&mut world, nodes, files);
    world
}

pub fn publish(world: &mut World, nodes: &str, files: &Value) {
    let yaml = format!("version: 1\nname: one\nstart: a\nfallback: a\nnodes:\n{nodes}");
    let body = json!({"script": Script::read(&yaml).unwrap(), "media": files}).to_string();
    bring(world, files);
    let report = world.admin("POST", "/api/scripts/apply", &body);
    assert_eq!(report.status(), 200, "{report:?}");
}

pub const MIB: usize = 1 << 20;

/// Three MiB and a bit that begin as an MP4 does.
pub fn video() -> Vec<u8> {
    let mut bytes: Vec<u8> = b"\0\0\0\x18ftypmp42".to_vec();
    bytes.extend((0..3 * MIB + 5).map(|n| u8::try_from(n % 251).unwrap()));
    bytes
}

pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bring(world: &mut World, files: &Value) {
    if files.as_object().is_none_or(serde_json::Map::is_empty) {
        return;
    }
    let bytes = video();
    let (hash, parts) = (hash(&bytes), bytes.len().div_ceil(MIB));
    for (part, data) in bytes.chunks(MIB).enumerate() {
        let target =
            format!("/api/media/part?sha256={hash}&part={part}&parts={parts}&type=video/mp4&bytes={}", bytes.len());
        assert_eq!(world.admin_bytes("POST", &target, data.to_vec()).status(), 200);
    }
}

#[test]
fn a_video_goes_to_x_in_parts_and_its_message_waits_until_x_is_done_with_it() {
    let mut world = showing("clip.mp4", &json!({"clip.mp4": hash(&video())}));
    world.writes(ADA, "hi");
    world.drive();
    assert!(world.sent_to(ADA).is_empty(), "X is still busy with it");
    world.passes(Span::minutes(1));
    let inner = world.inner.borrow();
    let said = inner.x.said_to(BRAND, ADA);
    assert_eq!(said.len(), 1);
    let id = &said[0].attachment.as_ref().unwrap().media_id;
    assert_eq!(inner.x.media(id).unwrap().bytes(), video());
    let calls = inner.x.requests().iter().filter(|call| call.path.contains("/media/upload"));
    let largest = calls.map(|call| call.body.len()).max().unwrap();
    assert!(largest < 2 * MIB, "{largest} bytes in one call: no job holds the whole file");
}

#[test]
fn a_video_above_the_limit_is_not_taken() {
    let mut world = World::new();
    let target = format!("/api/media/part?sha256={}&part=0&parts=26&type=video/mp4&bytes={}", "a".repeat(64), 26 * MIB);
    let part = || video()[..MIB].to_vec();
    let refused = world.admin_bytes("POST", &target, part());
    assert_eq!(refused.status(), 400);
    assert!(String::from_utf8_lossy(refused.body()).contains("VIDEO_LIMIT_MB"));
    world.set("VIDEO_LIMIT_MB", "30");
    assert_eq!(world.admin_bytes("POST", &target, part()).status(), 200);
}

/// Sends one part of what is said to be this file; gives the status.
#[test]
fn what_x_keeps_refusing_is_left_out_and_tried_again_for_a_later_message() {
    let mut world = World::with_bot("snow");
    world.misbehaves(Trouble::Calls(
        Calls::starting_with(if speaks_plain() { "/2/media/upload" } else { "/1.1/media/upload.json" }).for_ever(),
        Mishap::refused(324),
    ));
    world.writes(ADA, "photo");
    world.passes(Span::minutes(1));
    world.inner.borrow_mut().x.behave();
    world.passes(Span::minutes(15));
    world.writes(ADA, "photo");
    world.passes(Span::minutes(1));
    let inner = world.inner.borrow();
    let carried: Vec<bool> = inner.x.said_to(BRAND, ADA).iter().map(|event| event.attachment.is_some()).collect();
    assert_eq!(carried, [false, true]);
}

const WEBCAM: &str = "https://weather.perch.example/weather/v1/webcam.png";

#[test]
fn a_picture_at_an_address_is_fetched_once_an_hour_and_sent() {
    let mut world = showing(WEBCAM, &json!({}));
    for customer in [ADA, BO] {
        world.writes(customer, "hi");
        world.passes(Span::minutes(1));
    }
    assert_eq!(world.inner.borrow().x.weather_calls(), 1);
    world.passes(Span::hours(2));
    world.writes(ADA, "again");
    world.passes(Span::minutes(1));
    let inner = world.inner.borrow();
    assert_eq!(inner.x.weather_calls(), 2);
    let said = inner.x.said_to(BRAND, ADA);
    assert!(said.len() == 2 && said.iter().all(|event| event.attachment.is_some()), "{said:?}");
}

#[test]
fn whatever_stands_at_the_address_the_words_are_said() {
    for weather in [Weather::Hangs, Weather::Fails, Weather::Html, Weather::Huge, Weather::Redirects] {
        let mut world = showing(WEBCAM, &json!({}));
        world.weather(weather);
        world.writes(ADA, "hi");
        world.passes(Span::minutes(2));
        let inner = world.inner.borrow();
        let said = inner.x.said_to(BRAND, ADA);
        assert!(said.len() == 1 && said[0].attachment.is_none(), "{weather:?}: {said:?}");
    }
}

#[test]
fn an_address_at_a_host_that_is_not_allowed_is_never_called() {
    let mut world = showing("https://169.254.169.254/latest.png", &json!({}));
    world.writes(ADA, "hi");
    world.passes(Span::minutes(1));
    assert_eq!(world.sent_to(ADA), ["Look"]);
    assert_eq!(world.rows("SELECT why FROM media")[0]["why"], "'169.254.169.254' is not in CALL_HOSTS");
    assert_eq!(world.inner.borrow().x.weather_calls(), 0);
}

#[test]
fn a_post_of_a_script_carries_its_file_and_a_message_with_the_same_file_one_of_its_own() {
    let nodes = "  a: { say: Look, media: clip.mp4, options: [{ label: Again, go: a }] }
  shown: { post: { say: 'Here it is', reply: true, media: clip.mp4 } }
on: { mention: shown }
";
    let mut world = following(nodes, &json!({"clip.mp4": hash(&video())}));
    let now = world.now().0.unsigned_abs();
    world.inner.borrow_mut().x.customer_mentions(now, BO, BRAND, "@furni show me");
    world.writes(ADA, "hi");
    world.drive();
    assert!(world.posts_of_the_brand().is_empty(), "X is still busy with it");
    world.passes(Span::minutes(2));
    assert_eq!((world.posts_of_the_brand(), world.sent_to(ADA).len()), (vec!["Here it is".to_owned()], 1));
    let inner = world.inner.borrow();
    let post = inner.x.posts().iter().find(|post| post.author == BRAND).unwrap();
    let in_post = post.media.clone().unwrap();
    assert_eq!(inner.x.media(&in_post).unwrap().bytes(), video());
    let in_message = &inner.x.said_to(BRAND, ADA)[0].attachment.as_ref().unwrap().media_id;
    assert_ne!(*in_message, in_post, "X takes a file for messages in no post");
}

#[test]
fn a_post_goes_without_a_file_that_x_would_not_take() {
    let nodes = "  a: { say: Look, options: [{ label: Again, go: a }] }
  shown: { post: { say: 'Here it is', reply: true, media: clip.mp4 } }
on: { mention: shown }
";
    let mut world = following(nodes, &json!({"clip.mp4": hash(&video())}));
    let uploads = ["/1.1/media/upload.json", "/2/media/upload"];
    for path in uploads {
        world.misbehaves(Trouble::Calls(Calls::starting_with(path).for_ever(), Mishap::refused(324)));
    }
    let now = world.now().0.unsigned_abs();
    world.inner.borrow_mut().x.customer_mentions(now, BO, BRAND, "@furni show me");
    world.passes(Span::hours(12));
    assert_eq!(world.posts_of_the_brand(), ["Here it is"]);
}
