//! Conversations with the engine.

use serde_json::{Value, json};

use super::check::{Limits, check};
use super::effect::{Effect, Pause, Stepped};
use super::input::{Act, Failure, Input, What};
use super::message::{Message, Target};
use super::script::Script;
use super::state::State;
use super::step::step;

pub(super) const LIMITS: Limits = crate_limits();

const fn crate_limits() -> Limits {
    Limits {
        text: 10_000,
        options: 20,
        label: 36,
        description: 72,
        metadata: 1000,
        buttons: 3,
        post: 280,
        weight: super::check::characters,
        link: |_| String::new(),
        welcome: 9_990,
        welcome_name: 100,
        profile_name: 48,
    }
}

/// Somebody who talks to a bot, and what came of the last words.
pub(super) struct Talk {
    script: Script,
    state: State,
    at: i64,
    last: Stepped,
}

impl Talk {
    pub(super) fn with(yaml: &str) -> Self {
        let script = Script::read(yaml).unwrap();
        assert_eq!(check(&script, &LIMITS), Vec::new());
        Self { script, state: State::default(), at: 1_000_000, last: Stepped::default() }
    }

    pub(super) fn hears(&mut self, what: What) -> &mut Self {
        self.at += 1_000;
        let input = Input { what, at: self.at, dice: self.at.unsigned_abs(), ..Input::default() };
        self.last = step(&self.script, &LIMITS, &self.state, &input);
        self.state = self.last.state.clone();
        self
    }

    pub(super) fn says(&mut self, text: &str) -> &mut Self {
        self.hears(What::Said { text: text.to_owned(), option: None, welcome: None, post: None })
    }

    pub(super) fn taps(&mut self, option: &str) -> &mut Self {
        self.hears(What::Said {
            text: "a label".to_owned(),
            option: Some(option.to_owned()),
            welcome: None,
            post: None,
        })
    }

    pub(super) fn gets(&mut self, result: Result<Value, Failure>) -> &mut Self {
        let token = match &self.last.pause {
            Some(Pause::Call { token, .. } | Pause::Skill { token, .. }) => token.clone(),
            None => panic!("nothing is waited for"),
        };
        self.hears(What::Answered { token, result })
    }

    pub(super) fn messages(&self) -> Vec<&Message> {
        self.last
            .effects
            .iter()
            .filter_map(|effect| if let Effect::Say(message) = effect { Some(message) } else { None })
            .collect()
    }

    pub(super) fn posts(&self) -> usize {
        self.last.effects.iter().filter(|effect| matches!(effect, Effect::Post(_))).count()
    }

    pub(super) fn text(&self) -> String {
        self.messages().iter().map(|message| message.text.as_str()).collect::<Vec<_>>().join("|")
    }

    pub(super) fn labels(&self) -> Vec<String> {
        self.messages()
            .last()
            .map(|message| message.options.iter().map(|option| option.label.clone()).collect())
            .unwrap_or_default()
    }
}

const SHOP: &str = r#"
version: 1
name: shop
start: menu
fallback: lost
session: 1h
commands: { help: help, "order {number:int}": order, "size": ask_size }
variables: { number: 0, size: "" }
data: { colours: [{ id: r, name: Red }, { id: b, name: Blue }] }
everywhere: [{ label: Back, id: back, go: back }, { label: Home, id: home, go: menu }]
on: { follow: thanks, mention: mentioned }
nodes:
  menu: { say: "Hello", options: [{ label: Colours, go: colours }, { label: Size, go: ask_size }, { label: Track, go: order }] }
  colours:
    say: Which colour?
    options: [{ each: data.colours, as: colour, id: "{{ colour.id }}", label: "{{ colour.name }}", set: { colour: "{{ colour }}" }, go: colour }]
  colour: { say: "{{ colour.name }} it is ({{ option }}).", options: [{ label: Again, go: colours }] }
  ask_size:
    say: Which size?
    ask: { into: size, kind: int, min: 30, max: 50, retry: "Sizes are 30 to 50.", confirm: "{{ size }}?", tries: 2, otherwise: help, go: sized }
  sized: { say: "Size {{ size + 1 }} next.", go: menu }
  order:
    say: "Looking."
    go: looked
  looked:
    call: { get: "https://shop.example/orders/{{ number }}", headers: { Authorization: "Bearer {{ secret('SHOP') }}" }, into: found, on_error: trouble }
    when: [{ if: "found.gone", go: trouble }]
    say: "It is {{ found.state }}."
    options: [{ label: Again, id: again, go: order }]
  trouble: { say: "No answer ({{ error.kind }}).", options: [{ label: Again, id: again, go: order }] }
  thanks: { say: "Thank you.", options: [{ label: Colours, go: colours }] }
  mentioned: { post: { say: "Hello to you", reply: true } }
  help: { say: "{{ 'Ask me.' if not number else 'Order ' ~ number }}", options: [{ label: A person, id: person, go: person }] }
  person: { say: "A person comes.", handoff: { note: "please" } }
  lost: { say: "What?", options: [{ label: Help, go: help }] }
"#;

#[test]
fn the_first_words_start_the_script_and_unknown_ones_fall_back() {
    let mut talk = Talk::with(SHOP);
    assert_eq!(talk.says("anything").text(), "Hello");
    assert_eq!(talk.says("qwertz").text(), "What?");
    assert_eq!(talk.labels(), ["Help", "Back", "Home"]);
    assert_eq!(talk.says("BACK").text(), "Hello");
}

#[test]
fn options_of_a_list_are_tapped_typed_and_numbered_and_old_ones_understood() {
    let mut talk = Talk::with(SHOP);
    talk.says("hi");
    assert_eq!(talk.says("colours").labels(), ["Red", "Blue", "Back", "Home"]);
    assert_eq!(talk.says("2.").text(), "Blue it is (b).");
    assert_eq!(talk.taps("colours/r").text(), "Red it is (r).", "an old prompt's answer");
    assert_eq!(talk.taps("colours/green").text(), "What?", "an option that never was");
    assert_eq!(talk.taps("nonsense").text(), "What?");
}

#[test]
fn a_question_is_asked_until_it_is_answered_and_can_be_taken_back() {
    let mut talk = Talk::with(SHOP);
    talk.says("hi");
    assert_eq!(talk.says("size").text(), "Which size?");
    assert_eq!(talk.says("99").text(), "Sizes are 30 to 50.");
    assert_eq!(talk.says("41").text(), "41?");
    assert_eq!(talk.labels(), ["Yes", "No"]);
    assert_eq!(talk.says("no").text(), "Which size?");
    assert_eq!(talk.says("42").text(), "42?");
    assert_eq!(talk.says("yes").text(), "Size 43 next.\n\nHello", "two nodes, one message");
    assert_eq!(talk.says("undo").text(), "Which size?");
    talk.says("x");
    assert_eq!(talk.says("y").text(), "Ask me.", "after two tries something else comes");
}

#[test]
fn a_command_captures_and_a_call_waits_and_goes_on() {
    let mut talk = Talk::with(SHOP);
    talk.says("order 17");
    let Some(Pause::Call { call, .. }) = talk.last.pause.clone() else { panic!("a call expected") };
    assert_eq!((call.method.as_str(), call.url.as_str()), ("GET", "https://shop.example/orders/17"));
    assert!(!call.headers["Authorization"].contains("{{"));
    assert_eq!(talk.messages().len(), 0, "one message in the end");
    assert_eq!(talk.gets(Ok(json!({"state": "on its way"}))).text(), "Looking.\n\nIt is on its way.");
    talk.says("again");
    assert_eq!(talk.gets(Err(Failure::new("timeout", ""))).text(), "Looking.\n\nNo answer (timeout).");
}

#[test]
fn who_writes_while_a_call_is_under_way_is_answered_and_the_late_answer_is_not_heard() {
    let mut talk = Talk::with(SHOP);
    talk.says("order 17");
    let Some(Pause::Call { token, .. }) = talk.last.pause.clone() else { panic!("a call expected") };
    assert!(talk.says("help").text().ends_with("Order 17"));
    assert!(talk.hears(What::Answered { token, result: Ok(json!({})) }).messages().is_empty());
}

#[test]
fn stop_is_obeyed_until_start() {
    let mut talk = Talk::with(SHOP);
    talk.says("hi").says("Stop!");
    assert!(talk.last.effects.contains(&Effect::Silence));
    assert!(talk.text().contains("not hear from this assistant"));
    for words in ["hello?", "help", "order 17"] {
        assert!(talk.says(words).messages().is_empty());
    }
    assert_eq!(talk.says("start").text(), "Welcome back.\n\nHello");
}

#[test]
fn a_long_silence_starts_over_and_forgets() {
    let mut talk = Talk::with(SHOP);
    talk.says("order 17");
    talk.gets(Ok(json!({"state": "x"})));
    assert_eq!(talk.says("help").text(), "Order 17");
    talk.at += 2 * 3_600_000;
    assert_eq!(talk.says("hm").text(), "Hello");
    assert_eq!(talk.says("help").text(), "Ask me.");
}

#[test]
fn people_take_over_with_a_note() {
    let mut talk = Talk::with(SHOP);
    talk.says("help").says("a person");
    assert_eq!(talk.text(), "A person comes.");
    assert!(
        talk.last
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Handoff { note: Some(note), .. } if note == "please"))
    );
}

#[test]
fn a_public_act_writes_only_to_people_who_wrote_before() {
    let mut talk = Talk::with(SHOP);
    let did = |act, may_dm| What::Did { act, text: String::new(), post: Some("77".to_owned()), may_dm };
    assert!(talk.hears(did(Act::Follow, false)).last.effects.is_empty());
    assert_eq!(talk.state.node, None, "the conversation has not begun");
    assert_eq!(talk.hears(did(Act::Follow, true)).text(), "Thank you.");
    assert!(talk.hears(did(Act::Favorite, true)).last.effects.is_empty());
    let [Effect::Post(post)] = talk.hears(did(Act::Mention, false)).last.effects.as_slice() else {
        panic!("a post expected")
    };
    assert_eq!((post.text.as_str(), post.in_reply_to.as_deref()), ("Hello to you", Some("77")));
}

#[test]
fn a_long_list_turns_its_pages() {
    let list: Vec<Value> = (0..50).map(|n| json!({"id": n.to_string(), "name": format!("Item {n}")})).collect();
    let yaml = format!(
        "version: 1\nname: l\nstart: s\nfallback: s\ndata: {{ list: {} }}\nnodes:\n  s:\n    say: Which?\n    options: [{{ each: data.list, id: '{{{{ item.id }}}}', label: '{{{{ item.name }}}}', go: t }}]\n  t: {{ say: '{{{{ option }}}}', options: [{{ label: Again, go: s }}] }}\n",
        json!(list)
    );
    let mut talk = Talk::with(&yaml);
    talk.says("hi");
    assert_eq!((talk.labels().len(), talk.labels()[19].as_str()), (20, "More"));
    talk.says("more");
    assert_eq!(talk.labels()[0], "Item 19");
    assert_eq!(talk.says("1").text(), "19");
    assert_eq!(talk.taps("s/49").text(), "49");
}

#[test]
fn what_fails_at_run_time_is_an_apology_with_a_way_on() {
    let yaml = "version: 1\nname: f\nstart: s\nfallback: s\nnodes:\n  s: { say: '{{ text + 1 }}', options: [{ label: a, go: s }] }\n";
    let mut talk = Talk::with(yaml);
    assert!(talk.says("hi").text().starts_with("Sorry"));
    assert_eq!(talk.labels(), ["Start over"]);
}

#[test]
fn a_button_that_comes_out_empty_is_left_out() {
    let yaml = "version: 1\nname: f\nstart: s\nfallback: s\nnodes:\n  s: { say: hi, buttons: [{ label: a, url: '{{ text }}' }, { label: b, post: { text: '{{ text }}' } }], options: [{ label: a, go: s }] }\n";
    let mut talk = Talk::with(yaml);
    talk.says("no address");
    let [message] = talk.messages()[..] else { panic!("one message expected") };
    assert_eq!(
        message.buttons.iter().map(|button| &button.target).collect::<Vec<_>>(),
        [&Target::Post { text: "no address".to_owned(), url: None }]
    );
}

#[test]
fn what_a_customer_writes_is_never_a_template() {
    let yaml = "version: 1\nname: f\nstart: s\nfallback: s\nnodes:\n  s: { say: 'You said {{ text }}', options: [{ label: a, go: s }] }\n";
    assert_eq!(Talk::with(yaml).says("{{ data }} {% raw %}").text(), "You said {{ data }} {% raw %}");
}
