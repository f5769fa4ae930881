//! Each planted mistake is found, with its place.

use super::planted::{BESIDES, IN_NODES, LIMITS, around};
use super::*;

pub(super) fn mistakes(yaml: &str) -> Vec<String> {
    let script = Script::read(yaml).unwrap();
    check(&script, &LIMITS).iter().map(ToString::to_string).collect()
}

pub(super) fn with(nodes: &str, more: &str) -> Vec<String> {
    mistakes(&around(nodes, more))
}

fn tells(script: &str, mistake: &str) {
    let found = mistakes(script);
    assert!(found.iter().any(|found| found.starts_with(mistake)), "{script}\n{mistake} is missing in:\n{found:#?}");
}

#[test]
fn a_sound_script_has_none() {
    assert_eq!(with("  x: { say: ho, options: [{ label: back, go: back }] }", ""), Vec::<String>::new());
    // What is made of a template is cut where it is shown.
    let label = "{% if text %}Map{% else %}Plan{% endif %}";
    let button = format!("x: {{ say: ho, buttons: [{{ label: '{label}', url: 'https://a.b' }}], OPTIONS }}");
    assert_eq!(with(&button, ""), Vec::<String>::new());
}

#[test]
fn each_planted_mistake_is_found_with_its_place() {
    for (nodes, mistake) in IN_NODES {
        tells(&around(nodes, ""), mistake);
    }
    for (more, mistake) in BESIDES {
        tells(&around("x: { say: ho, OPTIONS }", more), mistake);
    }
    let commands = "{version: 2, name: a, start: s, fallback: gone, commands: {'t{team': s, stop: s, help: gone, HELP!: s}, nodes: {s: {say: hi, options: [{label: a, go: s}]}}}";
    for place in [
        "version: Version 2",
        "fallback: There is no node 'gone'",
        "commands.t{team: The command cannot be read",
        "commands.stop: 'stop' already means",
        "commands.help: There is no node",
        "commands.help: Another command is written the same",
    ] {
        tells(commands, place);
    }
}
