//! Random conversations with random scripts: whatever is said, the engine answers with a way on and stays in its bounds.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::consent::is_among;
use super::effect::{Effect, Pause, Stepped};
use super::handed_back::{HandedBack, Line};
use super::input::{Act, Failure, Input, What};
use super::labels::has_link;
use super::message::Message;
use super::script::Script;
use super::speech::is_usable;
use super::state::State;
use super::step::step;
use super::tests::LIMITS;

/// Random scripts: nodes of every kind, which lead anywhere.
fn scripts() -> impl Strategy<Value = Script> {
    let name = |n: usize| format!("n{n}");
    let node = (0..15_u8, 0..6_usize, 0..6_usize, "[a-z {}%|]{0,12}", any::<bool>()).prop_map(move |(kind, a, b, text, everywhere)| {
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
            9 => json!({"post": {"say": say, "reply": everywhere, "prompt": "hello"}, "say": say, "options": options}),
            10 => json!({"post": {"say": if everywhere { "{{ nothing }}" } else { "{{ text }}" }}, "go": name(b)}),
            // What leads nowhere is left out, and what leads somewhere is more than one message shows.
            11 => json!({"say": say, "buttons": [
                {"label": "f", "follow": "{{ v }}"}, {"label": "m", "message": "{{ text }}"}, {"label": "{{ nothing }}", "url": "https://{{ v }}"},
                {"label": "{{ text ~ text ~ text ~ text }}", "post": {"text": "{{ text }}", "url": "https://{{ v }}"}}, {"label": "f", "follow": "@furni"}, {"label": "m", "message": "17"}], "options": options}),
            12 => json!({"say": say, "profile": "robot", "typing": true, "go": name(a)}),
            13 => json!({"say": say, "handoff": {"after": name(a)}}),
            _ => json!({"set": {"v": format!("{{{{ {text} }}}}")}, "say": say, "media": "https://a.example/b.png", "options": options}),
        }
    });
    let everywhere = proptest::collection::vec(0..4_u8, 0..4);
    let act = || proptest::option::of(0..6_usize);
    let acts = [act(), act(), act()];
    (proptest::collection::vec(node, 6), everywhere, acts, any::<bool>()).prop_map(move |(nodes, everywhere, acts, is_more)| {
        let general = everywhere.into_iter().enumerate().map(|(n, kind)| match kind {
            0 => json!({"label": "Home", "id": "home", "go": name(0)}),
            1 => json!({"label": "{{ nothing }}", "id": format!("none{n}"), "go": name(1)}),
            2 => json!({"each": "data.many", "id": "{{ item }}", "label": "number {{ item }}", "go": name(2)}),
            _ => json!({"label": "Back", "id": format!("back{n}"), "go": "back"}),
        });
        let general: Vec<Value> = general.collect();
        let nodes: serde_json::Map<String, Value> = nodes.into_iter().enumerate().map(|(n, node)| (name(n), node)).collect();
        let [mention, follow, favorite] = acts.map(|act| act.map(name));
        let ways = if is_more { json!([{"label": "on", "id": "on", "go": "n3"}, {"label": "back", "id": "back", "go": "back"}]) } else { json!([]) };
        let script = json!({
            "version": 1, "name": "random", "start": "n0", "fallback": "n1", "variables": {"v": 0, "nothing": ""}, "data": {"list": ["a", "b.example.com", "https://c.example"], "many": (0..30).collect::<Vec<u8>>()},
            "commands": {"go {v:int}": "n2"}, "everywhere": general, "nodes": nodes,
            "on": {"mention": mention, "follow": follow, "favorite": favorite},
            "profiles": {"robot": {"name": "Robot", "avatar": "robot.png"}}, "profile": is_more.then_some("robot"),
            "welcome_messages": {"hello": {"say": "Welcome", "options": ways}}, "default_welcome": "hello",
        });
        serde_json::from_value(script).unwrap()
    })
}

/// The customer writes or taps, with what X tells beside it.
fn words() -> impl Strategy<Value = What> {
    let text = "\\PC{0,12}|on|back|home|1|2|yes|no|go 7|undo|stop|start";
    let option = "n[0-5]/(on|back|a|yes|page:9)|everywhere/(home|opt-in)|welcome:(hello|gone)/(on|back)|\\PC{0,9}";
    let beside = [proptest::option::of(Just("hello")), proptest::option::of(Just("77"))];
    (text, proptest::option::of(option), beside).prop_map(|(text, option, beside)| {
        let [welcome, post] = beside.map(|name| name.map(str::to_owned));
        What::Said { text, option, welcome, post }
    })
}

/// Whatever else may happen between the words.
fn happenings() -> impl Strategy<Value = What> {
    let act = proptest::sample::select(vec![Act::Mention, Act::Follow, Act::Favorite]);
    let acts = (act, "\\PC{0,12}", proptest::option::of(Just("77")), any::<bool>())
        .prop_map(|(act, text, post, may_dm)| What::Did { act, text, post: post.map(str::to_owned), may_dm });
    let back = (proptest::option::of("\\PC{0,12}"), any::<bool>(), "\\PC{0,12}").prop_map(|(notice, quietly, text)| {
        let said = vec![Line { who: "customer".to_owned(), text }];
        let handoff = HandedBack { agent: "Ida".to_owned(), why: "ended".to_owned(), said };
        What::HandedBack { handoff, notice, quietly }
    });
    prop_oneof![3 => words(), 2 => acts, 2 => back]
}

/// All that comes of it, with whatever the turn asks of the world on its way.
fn turned(script: &Script, before: &State, what: What, turn: i64, greets: bool) -> Stepped {
    let mut all = Stepped { state: before.clone(), ..Stepped::default() };
    let mut what = what;
    for answer in 0..60 {
        let input = Input { what, at: turn * 1_000, dice: turn.unsigned_abs(), greets, ..Input::default() };
        let stepped = step(script, &LIMITS, &all.state, &input);
        all.state = stepped.state;
        all.effects.extend(stepped.effects);
        what = match stepped.pause {
            None => return all,
            // After a few failures the world gives a result: a circle of errors is the checker's to find.
            Some(Pause::Call { token, .. } | Pause::Skill { token, .. }) if answer > 30 => {
                What::Answered { token, result: Ok(json!({"x": 1})) }
            }
            Some(Pause::Call { token, .. } | Pause::Skill { token, .. }) => {
                What::Answered { token, result: Err(Failure::new("timeout", "")) }
            }
        };
    }
    panic!("the turn does not end");
}

fn said(effects: &[Effect]) -> Vec<&Message> {
    effects.iter().filter_map(|effect| if let Effect::Say(message) = effect { Some(message) } else { None }).collect()
}

/// Nothing is said or posted that X would refuse.
fn is_in_bounds(script: &Script, effects: &[Effect]) -> Result<(), TestCaseError> {
    for message in said(effects) {
        prop_assert!(!message.text.trim().is_empty());
        for option in &message.options {
            prop_assert!(!option.label.is_empty() && !has_link(&option.label), "{option:?}");
            prop_assert!(option.label.chars().count() <= LIMITS.label, "{option:?}");
        }
        for button in &message.buttons {
            prop_assert!(!button.label.is_empty() && is_usable(&button.target), "{button:?}");
            prop_assert!(button.label.chars().count() <= LIMITS.label, "{button:?}");
        }
        prop_assert!(message.options.len() <= LIMITS.options && message.buttons.len() <= LIMITS.buttons);
        prop_assert!(message.text.chars().count() <= LIMITS.text);
        prop_assert!(message.profile.as_ref().is_none_or(|name| script.profiles.contains_key(name)));
    }
    for effect in effects {
        if let Effect::Post(post) = effect {
            prop_assert!(!post.text.trim().is_empty());
        }
    }
    Ok(())
}

/// There is an answer, and it leads on.
fn leads_on(all: &Stepped) -> Result<(), TestCaseError> {
    let said = said(&all.effects);
    let handed_over = all.effects.iter().any(|effect| matches!(effect, Effect::Handoff { .. }));
    let Some(last) = said.last() else { return Err(TestCaseError::fail("silence")) };
    prop_assert!(handed_over || all.state.asking.is_some() || !last.options.is_empty(), "no way on: {said:?}");
    Ok(())
}

/// What the customer says is answered; but for who wants to hear nothing, to whom only that word itself is.
fn is_answered(script: &Script, text: &str, all: &Stepped) -> Result<(), TestCaseError> {
    if !all.state.opted_out {
        return leads_on(all);
    }
    prop_assert!(all.effects.is_empty() || is_among(&script.opt_out.words, text), "{:?}", all.effects);
    Ok(())
}

/// What is done in public is no word to the bot: nobody is told sorry for it, nobody who has not written or wants to hear
/// nothing is told anything, and where nothing is said the conversation stays where it was.
fn is_in_public(script: &Script, before: &State, may_dm: bool, all: &Stepped) -> Result<(), TestCaseError> {
    let may_say = may_dm && !before.opted_out;
    prop_assert!(may_say || all.effects.iter().all(|effect| matches!(effect, Effect::Post(_))), "{:?}", all.effects);
    let said = said(&all.effects);
    prop_assert!(!said.iter().any(|message| message.text.contains(&script.apology)), "{said:?}");
    if said.is_empty() {
        let stayed = State { vars: all.state.vars.clone(), at: all.state.at, ..before.clone() };
        prop_assert_eq!(&all.state, &stayed);
    }
    Ok(())
}

/// The bot has the conversation back: what there is to say is said with a way on, and else nothing; the next word begins anew.
fn is_handed_back(before: &State, notice: Option<&str>, quietly: bool, all: &Stepped) -> Result<(), TestCaseError> {
    let has_words = before.after.is_some() || notice.is_some_and(|notice| !notice.trim().is_empty());
    if has_words && !quietly && !before.opted_out {
        return leads_on(all);
    }
    prop_assert!(all.effects.is_empty(), "{:?}", all.effects);
    prop_assert!(all.state.node.is_none() && all.state.offered.is_empty() && all.state.after.is_none());
    Ok(())
}

proptest! {
    /// Also scripts that the checker would refuse: whatever happens, the customer gets an answer that leads on.
    #[test]
    fn whatever_is_said_to_whatever_script_there_is_an_answer_and_a_way_on(
        script in scripts(), greets in any::<bool>(), all_said in proptest::collection::vec(words(), 1..12),
    ) {
        let mut state = State::default();
        for (turn, what) in (1_i64..).zip(all_said) {
            let What::Said { text, .. } = what.clone() else { continue };
            let all = turned(&script, &state, what, turn, greets);
            is_in_bounds(&script, &all.effects)?;
            is_answered(&script, &text, &all)?;
            state = all.state;
        }
    }

    #[test]
    fn whatever_else_happens_between_the_words_says_what_it_may_and_no_more(
        script in scripts(), greets in any::<bool>(), happened in proptest::collection::vec(happenings(), 1..12),
    ) {
        let mut state = State::default();
        for (turn, what) in (1_i64..).zip(happened) {
            let all = turned(&script, &state, what.clone(), turn, greets);
            is_in_bounds(&script, &all.effects)?;
            match &what {
                What::Said { text, .. } => is_answered(&script, text, &all)?,
                What::Did { may_dm, .. } => is_in_public(&script, &state, *may_dm, &all)?,
                What::HandedBack { notice, quietly, .. } => is_handed_back(&state, notice.as_deref(), *quietly, &all)?,
                What::Answered { .. } => {}
            }
            state = all.state;
        }
    }
}
