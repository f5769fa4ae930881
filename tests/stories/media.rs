//! Pictures of a bot: brought to X once, sent with their words, brought anew when X has forgotten them.

use perch::x_api::time::Span;

use crate::world::World;
use crate::world::cast::{ADA, BO, BRAND};
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
