//! `npm run fuzz`: libFuzzer over one target, named by `--target=NAME`; `--list` names them all.

#![cfg_attr(not(test), no_main)]

use std::process::exit;
use std::sync::OnceLock;

use perch_fuzz::{TARGETS, Target};

static CHOSEN: OnceLock<&'static Target> = OnceLock::new();

libfuzzer_sys::fuzz_target!(init: choose(), |bytes: &[u8]| {
    if let Some(target) = CHOSEN.get() {
        (target.run)(bytes);
    }
});

/// libFuzzer leaves alone what begins with two dashes.
fn choose() {
    let words: Vec<String> = std::env::args().collect();
    if words.iter().any(|word| word == "--list") {
        for target in TARGETS {
            println!("{}\t{}\t{}\t{}", target.name, target.runs, target.most_bytes, target.what);
        }
        exit(0);
    }
    let name = words.iter().find_map(|word| word.strip_prefix("--target="));
    let Some(target) = TARGETS.iter().find(|target| Some(target.name) == name) else {
        eprintln!("There is no such target; --list names them all.");
        exit(2);
    };
    CHOSEN.get_or_init(|| target);
}
