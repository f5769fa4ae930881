//! One turn: what the bot does about one input.

use super::matching;
use super::message::{Button, Choice, Message};
use super::script::Script;
use super::state::State;

/// What the customer did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    pub text: String,
    /// Metadata of the option that was tapped.
    pub option: Option<String>,
    /// Seeded by the cause of the turn, so that the same turn always says the same.
    pub dice: u64,
}

/// What the world is asked to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Say(Message),
}

/// Steps the conversation. Always says something: a conversation never ends in silence.
pub fn step(script: &Script, state: &State, input: &Input) -> (State, Vec<Effect>) {
    let known = state.node.as_ref().is_some_and(|node| script.nodes.contains_key(node));
    let name = matching::target(script, state, input).unwrap_or(if known { &script.fallback } else { &script.start });
    let Some(node) = script.nodes.get(name) else {
        // Only a script that was never checked gets here.
        return (state.clone(), Vec::new());
    };
    let options = node
        .options
        .iter()
        .map(|option| Choice {
            id: format!("{name}/{}", option.id()),
            label: option.label.clone(),
            description: option.description.clone(),
        })
        .collect();
    let buttons = node.buttons.iter().map(|link| Button { label: link.label.clone(), url: link.url.clone() }).collect();
    let message = Message { text: node.say.pick(input.dice).to_owned(), options, buttons };
    (State { node: Some(name.to_owned()) }, vec![Effect::Say(message)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::check::Limits;
    use proptest::prelude::*;

    const LIMITS: Limits = Limits { text: 10_000, options: 20, label: 36, description: 72, metadata: 1000, buttons: 3 };

    fn hello() -> Script {
        Script::read(include_str!("../../bots/hello/bot.yaml"), &LIMITS).unwrap()
    }

    fn said(effects: &[Effect]) -> &Message {
        let [Effect::Say(message)] = effects else { panic!("one message expected: {effects:?}") };
        message
    }

    #[test]
    fn the_first_message_starts_the_script_whatever_it_says() {
        let script = hello();
        let (state, effects) = step(&script, &State::default(), &Input { text: "hi".to_owned(), ..Input::default() });
        assert_eq!(state.node.as_deref(), Some(script.start.as_str()));
        assert!(!said(&effects).options.is_empty());
    }

    #[test]
    fn what_is_not_understood_falls_back_and_offers_a_way_on() {
        let script = hello();
        let state = State { node: Some(script.start.clone()) };
        let (state, effects) = step(&script, &state, &Input { text: "qwertz".to_owned(), ..Input::default() });
        assert_eq!(state.node.as_deref(), Some(script.fallback.as_str()));
        assert!(!said(&effects).options.is_empty());
    }

    #[test]
    fn a_node_that_a_new_script_no_longer_has_starts_over() {
        let state = State { node: Some("gone".to_owned()) };
        let (state, _) = step(&hello(), &state, &Input { text: "hm".to_owned(), ..Input::default() });
        assert_eq!(state.node, Some(hello().start));
    }

    proptest! {
        #[test]
        fn any_input_is_answered_once_with_a_way_on(text in "\\PC{0,30}", option in proptest::option::of("\\PC{0,20}"),
            node in proptest::option::of("menu|hours|[a-z]{1,5}"), dice in any::<u64>()) {
            let input = Input { text, option, dice };
            let (state, effects) = step(&hello(), &State { node }, &input);
            prop_assert!(hello().nodes.contains_key(state.node.as_ref().unwrap()));
            prop_assert!(!said(&effects).text.is_empty());
            prop_assert!(!said(&effects).options.is_empty());
        }
    }
}
