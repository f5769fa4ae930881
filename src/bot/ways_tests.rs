//! Ways on that stand everywhere, and what is said where words come out empty.

use serde_json::{Value, json};

use super::tests::Talk;

/// The labels of the node `s` with these options everywhere.
fn everywhere(options: &str, own: usize) -> Vec<String> {
    let list: Vec<Value> = (0..30).map(|n| json!({"id": n.to_string(), "name": format!("Item {n}")})).collect();
    let own: String = (0..own).map(|n| format!("{{ label: Own {n}, id: own{n}, go: s }}, ")).collect();
    let yaml = format!(
        "version: 1\nname: e\nstart: s\nfallback: s\ndata: {{ list: {}, few: [a, b, c] }}\neverywhere: [{options}]\nnodes:\n  s: {{ say: hi, options: [{own}] }}\n  t: {{ say: ho }}\n",
        json!(list)
    );
    let mut talk = Talk::with(&yaml);
    talk.says("hi").labels()
}

#[test]
fn what_stands_everywhere_stands_there_with_a_list_and_with_a_label_that_comes_out_empty() {
    let list = "{ each: data.few, id: '{{ item }}', label: 'Item {{ item }}', go: t }";
    let ways = "{ label: Help, id: help, go: t }, { label: Start, id: start, go: s }";
    assert_eq!(everywhere(&format!("{list}, {ways}"), 0), ["Item a", "Item b", "Item c", "Help"]);
    let ways = "{ label: Back, go: back }, { label: Home, id: home, go: s }, { label: Help, go: t }";
    assert_eq!(everywhere(&format!("{{ label: '{{{{ data.few[9] }}}}', id: none, go: t }}, {ways}"), 0), ["Help"]);
}

#[test]
fn a_long_list_that_stands_everywhere_leaves_room_for_the_rest() {
    let list =
        "{ each: data.list, id: '{{ item.id }}', label: '{{ item.name }}', go: t }, { label: Help, id: help, go: t }";
    let labels = everywhere(list, 3);
    assert_eq!((labels.len(), labels[0].as_str(), labels[1].as_str()), (20, "Own 0", "More"));
    assert_eq!((labels[18].as_str(), labels[19].as_str()), ("Item 16", "Help"));
    assert_eq!(everywhere(list, 0).len(), 20);
}

#[test]
fn words_that_come_out_empty_are_an_apology_where_a_message_needs_some() {
    let yaml = "version: 1\nname: f\nstart: s\nfallback: s\ndata: { found: {}, host: example.com }\nnodes:\n  s: { say: '{{ data.found.text }}', buttons: [{ label: Map, url: 'https://a.example' }], options: [{ label: 'See {{ data.host }}', id: p, go: p }] }\n  p: { say: '{{ data.found.text }}', media: 'https://a.example/a.png', go: q }\n  q: { say: Look., media: 'https://a.example/b.png', options: [{ label: a, go: s }] }\n";
    let mut talk = Talk::with(yaml);
    assert!(talk.says("hi").text().starts_with("Sorry"));
    assert_eq!((talk.messages()[0].buttons.len(), talk.labels()), (1, vec!["See example com".to_owned()]));
    assert_eq!(talk.says("see example.com").messages().len(), 2);
    assert!(talk.text().starts_with("Sorry") && talk.text().ends_with("|Look."), "{}", talk.text());
}

#[test]
fn the_label_of_a_button_is_cut_to_what_x_takes() {
    let yaml = "version: 1\nname: f\nstart: s\nfallback: s\nnodes:\n  s: { say: hi, buttons: [{ label: 'See {{ text }}', url: 'https://a.example' }], options: [{ label: a, go: s }] }\n";
    let mut talk = Talk::with(yaml);
    talk.says("a long way through the mountains, and home again");
    assert_eq!(talk.messages()[0].buttons[0].label, "See a long way through the mountain…");
}
