//! The bot has the conversation back from people: what became of it, and what the bot says to that.

use serde::{Deserialize, Serialize};

use super::effect::Stepped;
use super::turn::{Entry, Turn};

/// What templates see as `handoff`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandedBack {
    /// Who had the conversation; empty where nobody did.
    pub agent: String,
    /// `ended`, `timed_out`, `nobody` or `over`.
    pub why: String,
    /// What was said meanwhile, oldest first.
    pub said: Vec<Line>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// `customer` or `agent`.
    pub who: String,
    pub text: String,
}

/// The fields of `handoff` in a template.
pub const FIELDS: &[&str] = &["agent", "why", "said"];

impl Turn<'_> {
    /// Says the notice, then what the script says after a handoff. `quietly`: nobody waits for a word.
    pub fn handed_back(mut self, handoff: &HandedBack, notice: Option<&str>, quietly: bool) -> Stepped {
        let after = self.state.after.take();
        // The next word begins where a first one does.
        self.state.node = None;
        self.state.asking = None;
        // A call from before comes too late, whatever it brings.
        self.state.waiting = None;
        self.state.trail.clear();
        self.state.offered.clear();
        self.state.handoff = Some(handoff.clone());
        if quietly || self.state.opted_out {
            return self.end_silently();
        }
        let notice = notice.filter(|notice| !notice.trim().is_empty());
        if let Some(notice) = notice {
            self.say(notice.to_owned());
        }
        match after {
            Some(node) => self.run(Entry::to(&node)),
            None if notice.is_some() => self.end(Vec::new()),
            None => self.end_silently(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::effect::Effect;
    use crate::bot::input::{Input, What};
    use crate::bot::script::Script;
    use crate::bot::state::State;
    use crate::bot::step::step;
    use crate::bot::tests::LIMITS;

    const SCRIPT: &str = "
version: 1
name: shop
start: menu
fallback: lost
nodes:
  menu: { say: Menu, options: [{ label: A person, id: person, go: person }] }
  person: { say: A person comes., handoff: { after: back } }
  back: { say: \"{% if handoff.why == 'nobody' %}Nobody was there.{% else %}I hope {{ handoff.agent }} could help with: {{ handoff.said[0].text }}{% endif %}\", go: menu }
  lost: { say: Lost, options: [{ label: Menu, go: menu }] }
";

    fn handed(after: Option<&str>) -> (Script, State) {
        let mut script = Script::read(SCRIPT).unwrap();
        script.nodes.get_mut("person").unwrap().handoff.as_mut().unwrap().after = after.map(str::to_owned);
        let mut state = State::default();
        for words in ["hi", "A person"] {
            state = step(&script, &LIMITS, &state, &Input::said(words)).state;
        }
        (script, state)
    }

    fn said(script: &Script, state: &State, why: &str, notice: Option<&str>, quietly: bool) -> (Vec<String>, State) {
        let said = vec![Line { who: "customer".to_owned(), text: "a lamp".to_owned() }];
        let handoff = HandedBack { agent: "Ida".to_owned(), why: why.to_owned(), said };
        let what = What::HandedBack { handoff, notice: notice.map(str::to_owned), quietly };
        let stepped = step(script, &LIMITS, state, &Input { what, ..Input::default() });
        let texts = stepped.effects.iter().filter_map(|effect| match effect {
            Effect::Say(message) => Some(message.text.clone()),
            _ => None,
        });
        (texts.collect(), stepped.state)
    }

    #[test]
    fn the_notice_and_what_the_script_says_after_it_are_one_message() {
        let (script, state) = handed(Some("back"));
        let (texts, state) = said(&script, &state, "ended", Some("Ida has gone."), false);
        assert_eq!(texts, ["Ida has gone.\n\nI hope Ida could help with: a lamp\n\nMenu"]);
        assert_eq!(state.node.as_deref(), Some("menu"));
        let (script, state) = handed(Some("back"));
        assert_eq!(said(&script, &state, "nobody", None, false).0, ["Nobody was there.\n\nMenu"]);
    }

    #[test]
    fn without_a_word_about_it_the_next_one_begins_anew() {
        let (script, state) = handed(None);
        let (texts, state) = said(&script, &state, "over", None, false);
        assert!(texts.is_empty());
        let next = step(&script, &LIMITS, &state, &Input::said("hello?"));
        assert_eq!(next.state.node.as_deref(), Some("menu"));
    }

    #[test]
    fn what_ends_quietly_says_nothing_whatever_the_script_has() {
        let (script, state) = handed(Some("back"));
        assert!(said(&script, &state, "over", Some("Bye."), true).0.is_empty());
    }

    #[test]
    fn a_call_from_before_comes_too_late_whatever_it_brings() {
        let call = "person: { call: { get: 'https://a.example/', into: found, on_error: lost }, say: \"{{ found }}\", handoff: { after: back } }";
        let script = Script::read(&SCRIPT.replace("person: { say: A person comes., handoff: { after: back } }", call));
        let script = script.unwrap();
        let mut state = State::default();
        for words in ["hi", "A person"] {
            state = step(&script, &LIMITS, &state, &Input::said(words)).state;
        }
        let token = state.waiting.as_ref().unwrap().token.clone();
        let (_, state) = said(&script, &state, "ended", Some("Ida has gone."), false);
        let what = What::Answered { token, result: Ok("late".into()) };
        let stepped = step(&script, &LIMITS, &state, &Input { what, ..Input::default() });
        assert!(stepped.effects.is_empty() && stepped.state == state, "{:?}", stepped.effects);
    }
}
