//! A schedule, played over the World until everything is at rest.

use std::collections::BTreeMap;

use perch::x_api::time::{Span, Timestamp};
use perch_simulator::{Calls, FailureBody, Mishap, Slip, Trouble};
use serde_json::json;

use crate::invariants;
use crate::schedule::{Act, Schedule};
use crate::world::World;
use crate::world::cast::{BRAND, hangs, loses_answer, rate_limited, refuses};
use crate::world::faults::Seam;
use crate::world::planted::Planted;
use crate::world::scheduler::Order;

/// Counts what it answers, so that a turn too many or too few shows in every later message.
const COUNTING: &str = r#"
version: 1
name: counting
start: count
fallback: count
session: 30d
variables: { n: 0 }
nodes:
  count: { set: { n: "{{ n + 1 }}" }, say: "{{ n }}: {{ text }}", options: [{ label: More, go: count }] }
"#;

/// What a message may take: the longest that it is owed, and an hour.
const LONGEST: Span = Span::hours(25);

/// What was written, by X's id of it.
pub type Written = BTreeMap<String, String>;

/// What is wrong in the end, in words; given up once nobody wants to know.
pub fn play(
    schedule: &Schedule,
    planted: Option<&'static Planted>,
    is_wanted: &dyn Fn() -> bool,
) -> Result<(), String> {
    let mut world = World::new();
    world.applies(COUNTING);
    world.x_redelivers();
    world.order(Order::Shuffled(schedule.order));
    if let Some(limits) = schedule.limits {
        world.set("SEND_LIMITS", limits);
    }
    {
        let mut inner = world.inner.borrow_mut();
        inner.planted = planted;
        inner.taken.clear();
        inner.faults.plan(schedule.faults.iter().copied());
        inner.faults.delays = schedule.delays.iter().copied().collect();
    }
    let begin = world.now();
    let mut written = Written::new();
    let mut away: Vec<(Timestamp, Seam)> = Vec::new();
    for (at, act) in &schedule.acts {
        go_on(&mut world, begin + Span::seconds(*at), &mut away, is_wanted);
        happens(&mut world, *act, &mut written, &mut away);
    }
    let end = world.now() + LONGEST;
    while !away.is_empty() || !invariants::is_at_rest(&world) {
        if world.now() > end {
            return Err(format!("it never comes to rest: {}", invariants::what_is_left(&world)));
        }
        if !is_wanted() {
            return Err("given up".to_owned());
        }
        let next = world.now() + Span::minutes(1);
        go_on(&mut world, next, &mut away, is_wanted);
    }
    invariants::hold(&world, &written, schedule)
}

/// Time goes by up to then; what was away comes back on the way.
fn go_on(world: &mut World, to: Timestamp, away: &mut Vec<(Timestamp, Seam)>, is_wanted: &dyn Fn() -> bool) {
    away.sort_by_key(|(back, _)| *back);
    while let Some((back, seam)) = away.first().copied().filter(|(back, _)| *back <= to) {
        if back > world.now() {
            let span = back - world.now();
            world.passes_while(span, is_wanted);
        }
        world.inner.borrow_mut().faults.up(seam);
        away.remove(0);
    }
    if to > world.now() {
        let span = to - world.now();
        world.passes_while(span, is_wanted);
    }
}

fn happens(world: &mut World, act: Act, written: &mut Written, away: &mut Vec<(Timestamp, Seam)>) {
    match act {
        Act::Writes { customer, again } => {
            if again > 0 {
                world.misbehaves(Trouble::Deliveries(Slip::Repeated(again), 1));
            }
            let text = format!("word {}", written.len() + 1);
            let id = world.writes(customer, &text);
            written.insert(id, text);
        }
        Act::Late(seconds) => world.misbehaves(Trouble::Deliveries(Slip::Late(seconds * 1_000), 1)),
        Act::AnswerLost => world.misbehaves(loses_answer(1)),
        Act::NeverArrives => world.misbehaves(hangs(1)),
        Act::RateLimited(seconds) => world.misbehaves(rate_limited(1, seconds)),
        Act::Overloaded(times) => {
            let body = FailureBody::Code(130);
            world.misbehaves(Trouble::Calls(
                Calls::sending().times(times),
                Mishap::Fails { status: 503, body, done: false },
            ));
        }
        Act::Refused => world.misbehaves(refuses(1, 349)),
        Act::Away(seam, seconds) => {
            world.inner.borrow_mut().faults.down(seam);
            away.push((world.now() + Span::seconds(seconds), seam));
        }
        Act::NoTurns(times) => world.loses_turns(times),
        Act::Jump(seconds) => world.sleeps(Span::seconds(seconds)),
        Act::InApp(customer) => {
            let mut inner = world.inner.borrow_mut();
            let now = inner.now.0.unsigned_abs();
            inner.x.types_in_app(now, BRAND, customer, "Typed by hand.");
        }
        Act::Replay(minutes) => {
            let moment = |at: Timestamp| at.to_string().replace(' ', "T").replace("TUTC", "Z");
            let now = world.now();
            let asked = json!({"from": moment(now - Span::minutes(minutes)), "to": moment(now)});
            // Where this fails, nothing is asked for: a person would see it and ask again.
            let _ = world.tries_admin("POST", "/api/replays", &asked.to_string());
        }
    }
}
