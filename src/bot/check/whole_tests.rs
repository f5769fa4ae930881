//! Mistakes that show in several places of a script together, and scripts too large or too twisted to look at.

use super::tests::{mistakes, with};
use super::*;

#[test]
fn a_public_act_may_not_wait_and_may_not_post_to_people_who_said_nothing() {
    let on = |nodes: &str, more: &str| {
        with(&format!("  x: {{ say: ho, options: [{{ label: home, go: s }}] }}\n  {nodes}"), more).join("\n")
    };
    assert!(
        on("p: { post: { say: thanks } }", "on: { follow: p }")
            .contains("X forbids posts to people who did not mention")
    );
    assert!(
        on("p: { say: hm, ask: { into: a, retry: hm, go: s } }", "on: { mention: p }")
            .contains("nobody waits for an answer")
    );
    assert_eq!(on("p: { post: { say: thanks, reply: true } }", "on: { mention: p }"), "");
}

#[test]
fn a_node_that_is_too_long_as_plain_text_is_found() {
    let say = "word ".repeat(18);
    let found = with(
        &format!("  x: {{ say: '{say}', options: [{{ label: home, go: s }}, {{ label: more, id: m, go: s }}] }}"),
        "",
    )
    .join("\n");
    assert!(found.contains("nodes.x.say: With its options and buttons as text it has"), "{found}");
    // 60 of words, and a button whose link is long.
    let buttons = "buttons: [{ label: Tell, post: { text: 'a post of forty letters, as long as this' } }]";
    let found = with(&format!("  x: {{ say: '{}', {buttons}, go: s }}", "word ".repeat(12)), "").join("\n");
    assert!(found.contains("nodes.x.say: With its options and buttons as text it has"), "{found}");
}

#[test]
fn a_misspelt_field_is_named_with_its_line() {
    let error = Script::read("version: 1\nname: a\nstart: s\nfallback: s\nnodes:\n  s:\n    sya: hi\n").unwrap_err();
    assert!(error.contains("sya") && error.contains('7'), "{error}");
}

#[test]
fn a_bomb_of_aliases_is_refused_and_an_alias_is_not() {
    let bomb = |levels: usize| {
        let mut yaml = "version: 1\nname: a\nstart: n\nfallback: n\nnodes: { n: { say: hi } }\nvariables:\n".to_owned();
        yaml.push_str("  a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..levels {
            let before = vec![format!("*a{}", level - 1); 9].join(", ");
            yaml.push_str(&format!("  a{level}: &a{level} [{before}]\n"));
        }
        yaml
    };
    assert_eq!(Script::read(&bomb(2)).unwrap().variables["a1"].as_array().unwrap().len(), 9);
    assert!(Script::read(&bomb(12)).is_err());
}

#[test]
fn ten_thousand_nodes_are_checked_and_too_many_are_refused() {
    let script = |count: usize| {
        let nodes: String = (0..count)
            .map(|n| {
                format!(
                    "  n{n}: {{ say: '{{{{ text }}}} {n}', options: [{{ label: on, go: n{} }}] }}\n",
                    (n + 1) % count
                )
            })
            .collect();
        format!("version: 1\nname: a\nstart: n0\nfallback: n0\nnodes:\n{nodes}")
    };
    assert_eq!(mistakes(&script(10_000)), Vec::<String>::new());
    assert!(mistakes(&script(20_001)).join("").contains("20001 nodes"));
}

#[test]
fn a_long_way_without_the_customer_is_found_where_it_begins() {
    let chain = |count: usize, node: &str| {
        let nodes: String = (0..count).map(|n| format!("  n{n}: {{ {node}, go: n{} }}\n", n + 1)).collect();
        mistakes(&format!(
            "version: 1\nname: a\nstart: n0\nfallback: n0\nnodes:\n{nodes}  n{count}: {{ say: hi, options: [{{ label: on, go: n0 }}] }}\n"
        ))
    };
    assert_eq!(chain(24, "say: a"), Vec::<String>::new());
    let [mistake] = &chain(40, "say: a")[..] else { panic!("one mistake expected") };
    assert!(mistake.starts_with("nodes.n15: 26 nodes follow each other"), "{mistake}");
    let call = "call: { get: 'https://a.b', into: r, on_error: n40 }";
    assert_eq!(chain(40, call), Vec::<String>::new(), "each answer is a turn of its own");
}
