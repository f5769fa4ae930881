//! The way back: to where the customer last stood, and not to what a turn passed through.

use crate::world::World;
use crate::world::cast::ADA;

#[test]
fn back_from_a_report_leads_before_the_command_and_asks_the_service_for_nothing() {
    let mut world = World::with_bot("snow");
    world.hears(ADA, "home");
    assert!(world.hears(ADA, "snow fjell").contains("Fjellvik"));
    let said = world.hears(ADA, "back");
    assert!(said.contains("Ada") && !said.contains("Fjellvik"), "{said}");
    assert_eq!(world.inner.borrow().x.weather_calls(), 1);
}

#[test]
fn back_after_a_birdie_neither_records_nor_posts_it_again() {
    let mut world = World::with_bot("leaderboard");
    world.hears(ADA, "hi");
    assert!(world.hears(ADA, "t7 h1 s3").contains("birdie"));
    let said = world.hears(ADA, "back");
    assert!(said.starts_with("Live leaderboard."), "{said}");
    assert_eq!(world.posts_of_the_brand().len(), 1);
}

#[test]
fn back_and_back_again_leads_further_back() {
    let mut world = World::with_bot("snow");
    world.hears(ADA, "home");
    world.hears(ADA, "playlist");
    world.hears(ADA, "snow fjell");
    assert!(world.hears(ADA, "help").contains("These words work everywhere"));
    assert!(world.hears(ADA, "back").contains("Fjellvik"), "the report is where the customer stood");
    assert!(world.hears(ADA, "back").contains("Which one?"));
    assert!(world.hears(ADA, "back").contains("Ada"));
}
