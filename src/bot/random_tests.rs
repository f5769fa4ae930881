//! Random conversations with random scripts: whatever is said, the engine answers with a way on and stays in its bounds.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::effect::{Effect, Pause};
use super::input::{Failure, Input, What};
use super::labels::has_link;
use super::message::Message;
use super::script::Script;
use super::state::State;
use super::step::step;
use super::tests::LIMITS;

/// Random scripts: nodes of every kind, which lead anywhere.
fn scripts() -> impl Strategy<Value = Script> {
    let name = |n: usize| format!("n{n}");
    let node = (0..10_u8, 0..6_usize, 0..6_usize, "[a-z {}%|]{0,12}", any::<bool>()).prop_map(move |(kind, a, b, text, everywhere)| {
        let options = json!([{"label": "on", "id": "on", "go": name(a)}, {"label": "back", "id": "back", "go": "back"}]);
        let say = format!("text {text}");
        match kind {
            0 => json!({"say": say, "options": options, "everywhere": everywhere}),
            1 => json!({"say": say, "go": name(a)}),
            2 => json!({"say": say, "ask": {"into": "v", "kind": "int", "retry": "no", "confirm": "{{ v }}?", "go": name(a)}}),
            3 => json!({"say": say, "when": [{"if": "v > 3", "go": name(a)}], "go": name(b)}),
            4 => json!({"call": {"get": "https://a.example/{{ v }}", "into": "r", "on_error": name(a)}, "say": "{{ r.x }}", "options": options}),
            5 => json!({"skill": {"name": "leaderboard.standings", "with": {"board": "b", "pars": [3]}, "into": "r", "on_error": name(a)}, "say": "x", "options": options}),
            6 => json!({"say": say, "handoff": {}}),
            // Nothing to say, beside what wants words.
            8 => match a {
                0 | 1 => json!({"say": "{{ nothing }}", "media": "https://a.example/b.png", "go": name(b)}),
                2 => json!({"say": "{{ nothing }}", "buttons": [{"label": "b", "url": "https://a.example"}], "options": options}),
                3 => json!({"say": "{{ nothing }}", "ask": {"into": "v", "kind": "int", "retry": "{{ nothing }}", "confirm": "{{ nothing }}", "confirm_labels": ["", "a.com"], "go": name(b)}, "everywhere": false}),
                4 => json!({"say": " {{ nothing }}", "handoff": {}}),
                _ => json!({"say": "{{ nothing }}", "options": [{"each": "data.list", "id": "{{ item }}", "label": "{{ nothing }}", "go": name(b)}], "everywhere": false}),
            },
            7 => json!({"say": say, "options": [{"each": "data.list", "id": "{{ item }}", "label": "{{ item }}", "go": name(a)}]}),
            _ => json!({"set": {"v": format!("{{{{ {text} }}}}")}, "say": say, "media": "https://a.example/b.png", "options": options}),
        }
    });
    let everywhere = proptest::collection::vec(0..4_u8, 0..4);
    (proptest::collection::vec(node, 6), everywhere).prop_map(move |(nodes, everywhere)| {
        let general = everywhere.into_iter().enumerate().map(|(n, kind)| match kind {
            0 => json!({"label": "Home", "id": "home", "go": name(0)}),
            1 => json!({"label": "{{ nothing }}", "id": format!("none{n}"), "go": name(1)}),
            2 => json!({"each": "data.many", "id": "{{ item }}", "label": "number {{ item }}", "go": name(2)}),
            _ => json!({"label": "Back", "id": format!("back{n}"), "go": "back"}),
        });
        let general: Vec<Value> = general.collect();
        let nodes: serde_json::Map<String, Value> = nodes.into_iter().enumerate().map(|(n, node)| (name(n), node)).collect();
        let script = json!({
            "version": 1, "name": "random", "start": "n0", "fallback": "n1", "variables": {"v": 0, "nothing": ""}, "data": {"list": ["a", "b.example.com", "https://c.example"], "many": (0..30).collect::<Vec<u8>>()},
            "commands": {"go {v:int}": "n2"}, "everywhere": general, "nodes": nodes,
        });
        serde_json::from_value(script).unwrap()
    })
}

proptest! {
    /// Also scripts that the checker would refuse: whatever happens, the customer gets an answer that leads on.
    #[test]
    fn whatever_is_said_to_whatever_script_there_is_an_answer_and_a_way_on(
        script in scripts(),
        said in proptest::collection::vec(("\\PC{0,12}|on|back|home|1|2|yes|no|go 7|undo", proptest::option::of("n[0-5]/(on|back|a|yes|page:9)|everywhere/home|\\PC{0,9}")), 1..12),
    ) {
        let mut state = State::default();
        for (turn, (text, option)) in (1_i64..).zip(said) {
            let mut what = What::Said { text, option, welcome: None, post: None };
            let mut effects = Vec::new();
            for answer in 0.. {
                prop_assert!(answer < 60, "the turn does not end");
                let input = Input { what, at: turn * 1_000, dice: turn.unsigned_abs(), ..Input::default() };
                let stepped = step(&script, &LIMITS, &state, &input);
                state = stepped.state;
                effects.extend(stepped.effects);
                what = match stepped.pause {
                    None => break,
                    // After a few failures the world gives a result: a circle of errors is the checker's to find.
                    Some(Pause::Call { token, .. } | Pause::Skill { token, .. }) if answer > 30 => What::Answered { token, result: Ok(json!({"x": 1})) },
                    Some(Pause::Call { token, .. } | Pause::Skill { token, .. }) => What::Answered { token, result: Err(Failure::new("timeout", "")) },
                };
            }
            let said: Vec<&Message> = effects.iter().filter_map(|effect| if let Effect::Say(message) = effect { Some(message) } else { None }).collect();
            let handed_over = effects.iter().any(|effect| matches!(effect, Effect::Handoff { .. }));
            if state.opted_out { continue; }
            let last = said.last();
            prop_assert!(last.is_some(), "silence");
            prop_assert!(handed_over || state.asking.is_some() || !last.unwrap().options.is_empty(), "no way on: {said:?}");
            for message in said {
                prop_assert!(!message.text.trim().is_empty());
                for option in &message.options {
                    prop_assert!(!option.label.is_empty() && !has_link(&option.label), "{option:?}");
                }
                prop_assert!(message.options.len() <= LIMITS.options && message.buttons.len() <= LIMITS.buttons);
                prop_assert!(message.text.chars().count() <= LIMITS.text);
            }
        }
    }
}
