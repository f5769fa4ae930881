//! How long a customer of `perch chat` waits: the start of the program with its first answer, and one turn of the engine. What
//! takes ten times as long as it should has gone wrong, however busy the computer is: then the bench fails.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods)] // a bench measures, and may end

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use perch::bot::input::Input;
use perch::bot::script::Script;
use perch::bot::state::State;
use perch::bot::step::step;
use perch::config::LIMITS;

const BOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bots/snow/bot.yaml");

/// Ten times of 50 ms and of 2 ms.
const SLOWEST_START: Duration = Duration::from_millis(500);
const SLOWEST_TURN: Duration = Duration::from_millis(20);

fn main() {
    let program = measured(20, || {
        let mut chat = Command::new(env!("CARGO_BIN_EXE_perch"))
            .args(["chat", BOT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        chat.stdin.take().unwrap().write_all(b"hi\n/quit\n").unwrap();
        let said = chat.wait_with_output().unwrap().stdout;
        assert!(String::from_utf8_lossy(&said).contains("Snow report"));
    });
    let script = Script::read(&std::fs::read_to_string(BOT).unwrap()).unwrap();
    let turn = measured(2_000, || {
        let stepped = step(&script, &LIMITS, &State::default(), &Input::said("resorts"));
        assert!(!stepped.effects.is_empty());
    });
    println!("perch chat, started and answered once: {program:?}");
    println!("one turn of the engine: {turn:?}");
    assert!(
        program < SLOWEST_START,
        "perch chat takes {program:?} to start and answer; {SLOWEST_START:?} are the most"
    );
    assert!(turn < SLOWEST_TURN, "a turn of the engine takes {turn:?}; {SLOWEST_TURN:?} are the most");
}

/// The median.
fn measured(times: usize, mut work: impl FnMut()) -> Duration {
    let mut all: Vec<Duration> = (0..times)
        .map(|_| {
            let since = Instant::now();
            work();
            since.elapsed()
        })
        .collect();
    all.sort();
    all[times / 2]
}
