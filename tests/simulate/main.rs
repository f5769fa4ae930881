//! `npm run simulate`: random schedules of everything that can happen, over the World; what must hold is looked at after each.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test that cannot go on ends
#![allow(dead_code, unused_imports)] // the World can do more than schedules ask of it
#![allow(clippy::disallowed_methods)] // how long it takes is told by the real clock

mod invariants;
mod mutants;
mod options;
mod run;
mod schedule;
#[path = "../stories/world/mod.rs"]
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use options::{Options, Wanted};
use schedule::Schedule;
use world::planted::{ALL, Planted};

fn main() -> ExitCode {
    // What breaks within a schedule is told with it.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    match Options::read(std::env::args().skip(1)) {
        Ok(Wanted::Help) => {
            println!("{}", options::HELP);
            ExitCode::SUCCESS
        }
        Ok(Wanted::Schedules(options)) => schedules(&options),
        Ok(Wanted::Planted(options)) => planted(&options),
        Ok(Wanted::One(seed)) => one(seed),
        Ok(Wanted::Mutants(wanted)) => mutants::play(&wanted),
        Err(wrong) => {
            eprintln!("simulate: {wrong}\n\n{}", options::HELP);
            ExitCode::from(2)
        }
    }
}

/// Why the schedule does not hold.
fn fault(schedule: &Schedule, planted: Option<&'static Planted>) -> Option<String> {
    fault_while(schedule, planted, &|| true)
}

fn fault_while(schedule: &Schedule, planted: Option<&'static Planted>, is_wanted: &dyn Fn() -> bool) -> Option<String> {
    let played = catch_unwind(AssertUnwindSafe(|| run::play(schedule, planted, is_wanted)));
    let broken = |broken: Box<dyn std::any::Any + Send>| {
        let said = broken.downcast_ref::<String>().cloned();
        said.or_else(|| broken.downcast_ref::<&str>().map(|said| (*said).to_owned())).unwrap_or_default()
    };
    played.unwrap_or_else(|panic| Err(format!("it broke: {}", broken(panic)))).err()
}

/// The first seed of the range whose schedule does not hold, and how many were played.
fn first_fault(options: &Options, planted: Option<&'static Planted>, tell: bool) -> (Option<(u64, String)>, u64) {
    let (next, played) = (AtomicU64::new(options.seed), AtomicU64::new(0));
    // What comes after the first one found is of no interest, and may take a hundred times as long.
    let (first, found) = (AtomicU64::new(u64::MAX), Mutex::new(None));
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    let is_wanted = || seed < first.load(Ordering::Relaxed);
                    if seed >= options.seed + options.schedules || !is_wanted() {
                        return;
                    }
                    if let Some(said) = fault_while(&Schedule::of(seed), planted, &is_wanted) {
                        let mut found = found.lock().unwrap();
                        if first.fetch_min(seed, Ordering::Relaxed) > seed {
                            *found = Some((seed, said));
                        }
                    }
                    let count = played.fetch_add(1, Ordering::Relaxed) + 1;
                    if tell && count.is_multiple_of(10_000) {
                        let seconds = begin.elapsed().as_secs();
                        println!("{count:>9} schedules, {seconds} s");
                    }
                }
            });
        }
    });
    (found.into_inner().unwrap(), played.into_inner())
}

fn schedules(options: &Options) -> ExitCode {
    let begin = Instant::now();
    let (found, played) = first_fault(options, None, true);
    let last = options.seed + options.schedules - 1;
    match found {
        None => {
            let seconds = begin.elapsed().as_secs_f64();
            println!("{played} schedules (seeds {} to {last}), none violated, {seconds:.0} s", options.seed);
            ExitCode::SUCCESS
        }
        Some((seed, said)) => {
            println!("Seed {seed} does not hold: {said}\n\nNarrowing it down ...");
            tell(&narrowed(Schedule::of(seed), None), &said);
            println!("\nOnce more: npm run simulate -- --one {seed}");
            ExitCode::FAILURE
        }
    }
}

fn one(seed: u64) -> ExitCode {
    let schedule = Schedule::of(seed);
    println!("{schedule}\n");
    match fault(&schedule, None) {
        None => {
            println!("It holds.");
            ExitCode::SUCCESS
        }
        Some(said) => {
            println!("It does not hold: {said}\n\nNarrowing it down ...");
            tell(&narrowed(schedule, None), &said);
            ExitCode::FAILURE
        }
    }
}

fn tell(schedule: &Schedule, first: &str) {
    let said = fault(schedule, None).unwrap_or_else(|| first.to_owned());
    println!("{schedule}\n\n{said}");
}

/// Nothing can be left out of it without its holding.
fn narrowed(mut schedule: Schedule, planted: Option<&'static Planted>) -> Schedule {
    while let Some(smaller) = schedule.smaller().into_iter().find(|smaller| fault(smaller, planted).is_some()) {
        schedule = smaller;
    }
    schedule
}

/// Whether every planted bug is found, by a schedule that shows the same once more and can be narrowed down.
fn planted(options: &Options) -> ExitCode {
    println!("{:<36} {:>9} {:>16}  what is seen of it", "planted bug", "schedules", "parts, narrowed");
    let (mut missed, mut left_out) = (0, 0);
    for planted in ALL {
        match first_fault(options, Some(planted), false) {
            (Some((seed, said)), _) => {
                let schedule = Schedule::of(seed);
                let is_same = fault(&schedule, Some(planted)).as_ref() == Some(&said);
                let narrow = narrowed(schedule.clone(), Some(planted));
                let parts = format!("{} -> {}", schedule.parts(), narrow.parts());
                let is_left = fault(&narrow, Some(planted)).is_some();
                left_out += schedule.parts() - narrow.parts();
                missed += usize::from(!is_same || !is_left);
                let said = match (is_same, is_left) {
                    (true, true) => said.chars().take(80).collect(),
                    (false, _) => "NOT THE SAME ONCE MORE".to_owned(),
                    (true, false) => "GONE ONCE IT IS NARROWED DOWN".to_owned(),
                };
                println!("{:<36} {:>9} {parts:>16}  {said}", planted.name, seed - options.seed + 1);
            }
            (None, played) => {
                missed += 1;
                println!("{:<36} {:>9} {:>16}  NOT FOUND", planted.name, format!("> {played}"), "");
            }
        }
    }
    if left_out == 0 {
        println!("\nNothing was left out of any of them: they are not narrowed down.");
    }
    if missed == 0 && left_out > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
