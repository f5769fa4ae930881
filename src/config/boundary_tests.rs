//! Scripts at the limits of X: at each nothing is wrong, and of one more the checker tells, and of nothing else.

use super::LIMITS;
use crate::bot::check::check;
use crate::bot::check::planted::around;
use crate::bot::script::Script;

/// So many pass; of one more this is told.
fn takes(most: usize, script: impl Fn(usize) -> String, told: &str) {
    let mistakes = |count: usize| -> Vec<String> {
        check(&Script::read(&script(count)).unwrap(), &LIMITS).iter().map(ToString::to_string).collect()
    };
    assert_eq!(mistakes(most), Vec::<String>::new(), "{most} pass: {told}");
    let found = mistakes(most + 1);
    assert!(found.len() == 1 && found[0].starts_with(told), "{told} is missing in:\n{found:#?}");
}

fn node(does: &str) -> String {
    around(&format!("x: {{ {does} }}"), "")
}

fn besides(more: &str) -> String {
    around("x: { say: ho, OPTIONS }", more)
}

fn options(count: usize) -> String {
    let all: Vec<String> = (1..=count).map(|n| format!("{{ label: o{n}, id: o{n}, go: s }}")).collect();
    format!("[{}]", all.join(", "))
}

fn buttons(count: usize) -> String {
    let all: Vec<String> = (1..=count).map(|n| format!("{{ label: b{n}, url: 'https://a.b' }}")).collect();
    format!("[{}]", all.join(", "))
}

#[test]
fn a_text_has_10000_characters_however_many_bytes_they_are() {
    for letter in ["a", "é", "❄"] {
        let script = |n: usize| node(&format!("say: '{}', go: s", letter.repeat(n)));
        takes(10_000, script, "nodes.x.say: 10001 characters; X takes 10000");
    }
}

#[test]
fn a_text_has_10000_characters_with_its_options_and_buttons_as_lines_too() {
    // What plain text adds: "\n\n1. home", and "\n\nMap: https://a.b".
    for (more, added) in [("OPTIONS", 9), ("buttons: [{ label: Map, url: 'https://a.b' }], go: s", 18)] {
        let script = |n: usize| node(&format!("say: '{}', {more}", "a".repeat(n - added)));
        takes(
            10_000,
            script,
            "nodes.x.say: With its options and buttons as text it has 10001 characters; X takes 10000",
        );
    }
}

#[test]
fn a_message_has_20_options_and_those_of_everywhere_count() {
    takes(20, |n| node(&format!("say: hi, options: {}", options(n))), "nodes.x: 21 options; X shows 20");
    let everywhere = "everywhere: [{ label: Back, id: back, go: back }, { label: Home, id: home, go: s }]";
    let script = |n: usize| around(&format!("x: {{ say: hi, options: {} }}", options(n)), everywhere);
    takes(18, script, "nodes.x: 21 options; X shows 20");
    let told = "everywhere: 19 options; with those of a node X shows 20";
    takes(18, |n| besides(&format!("everywhere: {}", options(n))), told);
    let welcome = |n: usize| besides(&format!("welcome_messages: {{ a: {{ say: hi, options: {} }} }}", options(n)));
    takes(20, welcome, "welcome_messages.a: 21 options; X shows 20");
}

#[test]
fn a_message_has_3_buttons() {
    takes(3, |n| node(&format!("say: hi, buttons: {}, go: s", buttons(n))), "nodes.x: 4 buttons; X shows 3");
    let welcome = |n: usize| besides(&format!("welcome_messages: {{ a: {{ say: hi, buttons: {} }} }}", buttons(n)));
    takes(3, welcome, "welcome_messages.a: 4 buttons; X shows 3");
}

#[test]
fn a_label_has_36_characters_wherever_it_stands() {
    let welcome = |has: &str| besides(&format!("welcome_messages: {{ a: {{ say: hi, {has} }} }}"));
    let option = "options: [{ label: LABEL, id: a, go: s }]";
    let button = "buttons: [{ label: LABEL, url: 'https://a.b' }]";
    let confirm = "ask: { into: a, retry: hm, confirm: ok?, confirm_labels: [LABEL, b], go: s }";
    for (place, script) in [
        ("nodes.x.options[0].label", node(&format!("say: hi, {option}"))),
        ("nodes.x.buttons[0].label", node(&format!("say: hi, {button}, go: s"))),
        ("nodes.x.ask.confirm_labels", node(&format!("say: hi, {confirm}"))),
        ("everywhere[0].label", besides("everywhere: [{ label: LABEL, id: a, go: s }]")),
        ("welcome_messages.a.options[0].label", welcome(option)),
        ("welcome_messages.a.buttons[0].label", welcome(button)),
        ("start_over", besides("start_over: LABEL")),
        ("more", besides("more: LABEL")),
    ] {
        let script = |n: usize| script.replace("LABEL", &"é".repeat(n));
        takes(36, script, &format!("{place}: 37 characters; X takes 36"));
    }
}

#[test]
fn a_description_has_72_characters_and_what_an_option_is_known_by_1000() {
    let described = |n: usize| format!("say: hi, options: [{{ label: a, description: {}, go: s }}]", "é".repeat(n));
    takes(72, |n| node(&described(n)), "nodes.x.options[0].description: 73 characters; X takes 72");
    // X is given the name of the node with it: "x/".
    let known_by = |n: usize| format!("say: hi, options: [{{ label: a, id: {}, go: s }}]", "a".repeat(n - 2));
    takes(1_000, |n| node(&known_by(n)), "nodes.x.options[0].id: 1001 characters; X takes 1000");
}

#[test]
fn a_welcome_message_has_9990_characters_and_its_name_100() {
    let says = |n: usize| besides(&format!("welcome_messages: {{ a: {{ say: '{}' }} }}", "é".repeat(n)));
    takes(9_990, says, "welcome_messages.a.say: 9991 characters; X takes 9990");
    let named = |n: usize| besides(&format!("welcome_messages: {{ {}: {{ say: hi }} }}", "a".repeat(n)));
    takes(100, named, &format!("welcome_messages.{}: X takes no such name", "a".repeat(101)));
}

#[test]
fn the_name_of_a_profile_has_48_characters() {
    let named = |n: usize| besides(&format!("profiles: {{ a: {{ name: {}, avatar: a.png }} }}", "é".repeat(n)));
    takes(48, named, "profiles.a.name: 49 characters; X takes 48");
}

#[test]
fn a_post_has_280_letters_of_latin_scripts_or_half_as_many_of_others() {
    let says = |letter: &str, n: usize| node(&format!("post: {{ say: '{}' }}, go: s", letter.repeat(n)));
    let told = "nodes.x.post.say: 281 characters, which X counts as 281; it takes 280";
    takes(280, |n| says("é", n), told);
    let told = "nodes.x.post.say: 141 characters, which X counts as 282; it takes 280";
    takes(140, |n| says("雪", n), told);
}
