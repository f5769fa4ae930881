//! What one event costs when the tables are large: the same world with a thousand and with a million events in its inbox.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a bench measures, and may end
#![allow(dead_code, unused_imports)] // the World can do more than this asks of it
#![allow(clippy::disallowed_methods)] // how long it takes is told by the real clock

#[path = "../tests/stories/world/mod.rs"]
mod world;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use perch::x_api::time::Span;
use world::World;
use world::cast::ADA;
use world::database::steps;

const SMALL: u64 = 1_000;
const EVENTS: usize = 200;
/// Time for one event among many, as a ratio to that among few.
const MOST_TIME: f64 = 1.2;
/// The same for the steps of SQLite, which no other program on the computer changes.
const MOST_STEPS: f64 = 1.02;

fn main() -> ExitCode {
    let large = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let mut worlds = [SMALL, large].map(filled);
    let mut times: [Vec<Duration>; 2] = Default::default();
    let mut counted = [0, 0];
    // In turn, so that what else the computer does hits both alike.
    for event in 0..EVENTS {
        for (at, world) in worlds.iter_mut().enumerate() {
            let (took, ran) = answered(world, event);
            times[at].push(took);
            counted[at] += ran;
        }
    }
    let [few, many] = times.map(median);
    let per_event = counted.map(|steps| steps / EVENTS as u64);
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    let growth = counted[1] as f64 / counted[0] as f64;
    println!("{:<42} {:>12} {:>12} {:>8}", "one event, answered, with its minute", SMALL, large, "ratio");
    println!("{:<42} {:>12?} {:>12?} {:>8.2}", "time (median)", few, many, ratio);
    println!("{:<42} {:>12} {:>12} {:>8.2}", "steps of SQLite", per_event[0], per_event[1], growth);
    if ratio > MOST_TIME {
        println!("\nAbove {MOST_TIME}: measure again on a quiet computer, then look for the statement that grew.");
    }
    // Time is a figure; steps are a check.
    if growth > MOST_STEPS {
        println!("\nSQLite takes more steps among many events: a statement reads what it does not need.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// A minute goes by, with the sweep in it; then a customer writes and is answered, and the echo comes back.
fn answered(world: &mut World, event: usize) -> (Duration, u64) {
    world.sleeps(Span::minutes(1));
    world.writes(ADA, "hours");
    let (since, before) = (Instant::now(), steps());
    world.drive();
    let took = since.elapsed();
    assert_eq!(world.sent_to(ADA).len(), event + 1);
    (took, steps() - before)
}

/// So many settled events of the last days, half of them of the account itself; what was written for them stands with them.
fn filled(events: u64) -> World {
    let mut world = World::new();
    let rows = format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})", events / 2);
    let brand = world::cast::BRAND;
    let at = world.now().0 - 20 * 24 * 60 * 60 * 1000;
    let customer = "(3000000 + i % 50000)";
    let received = format!("'{brand}:dm.message:' || (700000000 + i)");
    for sql in [
        format!(
            "{rows} INSERT INTO inbox (key, account_id, customer_id, kind, event_id, created_at, received_at, raw, status, outcome, settled_at)
             SELECT {received}, '{brand}', {customer}, 'dm.message', 700000000 + i, {at} + i, {at} + i, hex(zeroblob(150)), 'handled', 'answered', {at} + i FROM n"
        ),
        format!(
            "{rows} INSERT INTO inbox (key, account_id, customer_id, kind, event_id, created_at, received_at, raw, status, outcome, settled_at)
             SELECT '{brand}:dm.message:' || (900000000 + i), '{brand}', {customer}, 'dm.message', 900000000 + i, {at} + i, {at} + i, hex(zeroblob(150)), 'handled', 'ours', {at} + i FROM n"
        ),
        format!(
            "{rows} INSERT INTO turns (account_id, customer_id, number, cause, by, at)
             SELECT '{brand}', {customer}, i, 'event:' || {received}, 'bot', {at} + i FROM n"
        ),
        format!(
            "{rows} INSERT INTO outbox (id, account_id, customer_id, turn, place, kind, holder, body, send_by, created_at, status, due_at, x_id, sent_at)
             SELECT 'event:' || {received} || '/0', '{brand}', {customer}, i, 0, 'dm', 'bot', hex(zeroblob(60)), {at} + i, {at} + i, 'sent', {at} + i, 900000000 + i, {at} + i FROM n"
        ),
        format!(
            "{rows} INSERT INTO entries (account_id, customer_id, x_id, at, author, body)
             SELECT '{brand}', {customer}, 700000000 + i, {at} + i, 'customer', '{{\"text\":\"\"}}' FROM n"
        ),
    ] {
        world.change(sql.leak());
    }
    world
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}
