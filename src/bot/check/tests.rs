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

#[test]
fn what_stands_everywhere_takes_no_descriptions_away() {
    let node = "x: { say: ho, options: [{ label: a, description: d, go: s }] }";
    let told = |node: &str, everywhere: &str| with(node, &format!("everywhere: [{everywhere}]"));
    let bare = "{ label: Back, id: back, go: back }, { label: Home, id: home, description: d, go: s }";
    let cause = "everywhere[0]: It has no description, so that X shows none of those in 'x'. Describe those of";
    let [mistake] = &told(node, bare)[..] else { panic!("one mistake expected") };
    assert!(mistake.starts_with(cause), "{mistake}");
    let described = "{ label: Back, id: back, description: d, go: back }";
    assert_eq!(told(node, described), Vec::<String>::new());
    // There it is never offered.
    assert_eq!(told(node, "{ label: Home, id: home, go: s }"), Vec::<String>::new());
    let alone = "x: { say: ho, everywhere: false, options: [{ label: a, description: d, go: s }] }";
    assert_eq!(told(alone, "{ label: Back, id: back, go: back }"), Vec::<String>::new());
}
