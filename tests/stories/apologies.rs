//! What X refuses for good becomes an apology with a way on.

use perch::x_api::time::Span;

use crate::world::World;
use crate::world::cast::{ADA, refuses};
use crate::world::dialects::words_of;

const REFUSED: &str = r#"
version: 1
name: refused
start: menu
fallback: lost
apology: That went wrong.
start_over: From the start
merge: false
nodes:
  menu: { say: Menu, options: [{ label: Two, id: two, go: two }] }
  two: { say: One., media: "https://weather.perch.example/a.png", go: second }
  second: { say: Two., media: "https://weather.perch.example/b.png", options: [{ label: Menu, go: menu }] }
  lost: { say: Lost, options: [{ label: Menu, go: menu }] }
"#;

#[test]
fn whose_answer_x_refuses_for_good_hears_an_apology_with_a_way_on_once_for_each_turn() {
    let mut world = World::new();
    world.applies(REFUSED);
    world.hears(ADA, "hi");
    world.misbehaves(refuses(2, 151));
    world.taps(ADA, "Two");
    world.passes(Span::hours(2));
    let said = world.sent_to(ADA);
    assert_eq!(words_of(&said[1]), "That went wrong.", "{said:?}");
    assert_eq!(said.len(), 2, "once for both: {said:?}");
    assert_eq!(words_of(&world.tapped(ADA, "From the start")), "Menu");
    assert_eq!(words_of(&world.hears(ADA, "from the start!")), "Menu", "also typed");
}

#[test]
fn an_apology_that_x_refuses_too_is_not_apologised_for_and_nobody_else_hears_one() {
    let mut world = World::new();
    world.applies(REFUSED);
    world.misbehaves(refuses(2, 151));
    world.writes(ADA, "hi");
    world.passes(Span::hours(2));
    assert_eq!(world.sent_to(ADA), Vec::<String>::new());
    assert_eq!(world.count("SELECT COUNT(*) FROM outbox WHERE status = 'failed'"), 2);
    world.misbehaves(refuses(1, 151));
    world.writes(ADA, "stop");
    world.passes(Span::hours(2));
    assert_eq!(world.sent_to(ADA), Vec::<String>::new(), "who wants to hear nothing hears nothing");
}
