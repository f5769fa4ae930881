//! Scripts: any text is read or refused in words, mistakes can be printed, and a script that the checker passes answers whatever
//! is said to it.

use perch::bot::check::check;
use perch::bot::effect::{Effect, Pause};
use perch::bot::flow;
use perch::bot::input::{Act, Failure, Input, What};
use perch::bot::script::Script;
use perch::bot::state::State;
use perch::bot::step::step;
use perch::config::LIMITS;
use serde_json::json;

/// What customers say, and what a script may have offered.
const SAID: [(&str, Option<&str>); 8] = [
    ("hello", None),
    ("1", None),
    ("yes", None),
    ("undo", None),
    ("\u{E0F0}{{ x }}", Some("a/b")),
    ("12", Some("everywhere/home")),
    ("stop", None),
    ("start", None),
];

pub fn yaml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let script = match Script::read(text) {
        Ok(script) => script,
        Err(why) => return assert!(!why.is_empty()),
    };
    // As it goes to the Worker.
    let sent = serde_json::to_string(&script).expect("a script can be written as JSON");
    assert_eq!(Script::read_json(&sent).as_ref(), Ok(&script), "JSON says what YAML said");
    plays(&script);
}

pub fn json(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(script) = Script::read_json(text) {
        let again = serde_json::to_string(&script).unwrap();
        assert_eq!(Script::read_json(&again).as_ref(), Ok(&script));
        plays(&script);
    }
}

fn plays(script: &Script) {
    let mistakes = check(script, &LIMITS);
    assert!(mistakes.iter().all(|mistake| !mistake.to_string().is_empty() && !mistake.mend.is_empty()));
    if !mistakes.is_empty() {
        return;
    }
    let ways = flow::ways(script);
    assert!(flow::order(script, &ways).len() <= script.nodes.len());
    let mut state = State::default();
    for (turn, (text, option)) in (1_i64..).zip(SAID) {
        let said = What::Said { text: text.to_owned(), option: option.map(str::to_owned), welcome: None, post: None };
        state = answered(script, state, said, turn);
        // The last thing that was offered, tapped.
        if let Some(offer) = state.offered.last().cloned() {
            let tapped = What::Said { text: offer.label, option: Some(offer.id), welcome: None, post: None };
            state = answered(script, state, tapped, turn);
        }
    }
    for act in [Act::Mention, Act::Follow, Act::Favorite] {
        state = answered(
            script,
            state,
            What::Did { act, text: "hi".to_owned(), post: Some("5".to_owned()), may_dm: true },
            20,
        );
    }
}

/// One turn to its end, and the state after it, which can be stored.
fn answered(script: &Script, mut state: State, what: What, turn: i64) -> State {
    let mut what = what;
    let is_word = matches!(&what, What::Said { .. });
    let before = state.clone();
    let mut effects = Vec::new();
    for pause in 0.. {
        assert!(pause < 100, "the turn does not end");
        let input = Input { what, at: turn * 1_000, dice: turn.unsigned_abs(), ..Input::default() };
        let stepped = step(script, &LIMITS, &state, &input);
        assert_eq!(step(script, &LIMITS, &state, &input), stepped, "the same input, another turn");
        effects.extend(stepped.effects);
        state = stepped.state;
        let kept = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&kept).unwrap(), state, "a state comes back as it was stored");
        what = match stepped.pause {
            None => break,
            Some(Pause::Call { token, .. } | Pause::Skill { token, .. }) if pause % 2 == 0 => {
                What::Answered { token, result: Ok(json!({"x": [1, "a"]})) }
            }
            Some(Pause::Call { token, .. } | Pause::Skill { token, .. }) => {
                What::Answered { token, result: Err(Failure::new("timeout", "")) }
            }
        };
    }
    // Silence is for who asked for it, and for whom people answer.
    let is_silent = effects.is_empty() && is_word;
    assert!(!is_silent || before.opted_out || state.opted_out, "no answer to a customer");
    for effect in &effects {
        if let Effect::Say(message) = effect {
            assert!(message.text.chars().count() <= LIMITS.text && message.options.len() <= LIMITS.options);
        }
    }
    state
}
