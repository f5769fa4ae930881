//! Consent: the customer silences the bot, or wants to hear from it again. Whoever has the word, this is heard.

use super::draft::Draft;
use super::effect::{Effect, Stepped};
use super::labels::fitted;
use super::matching::{OPT_IN, folded};
use super::message::Choice;
use super::offers::is_ours;
use super::script::Script;
use super::state::State;
use super::turn::{Entry, Turn};

/// What a customer wants of the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Silence,
    Words,
}

/// Words of politeness around it change nothing.
const POLITE: &[&str] = &["please", "thanks", "thank you"];

/// The wish that the words are. A tapped option means what it leads to, whatever its label says.
pub fn of(script: &Script, text: &str, option: Option<&str>) -> Option<Wish> {
    match option {
        Some(OPT_IN) => return Some(Wish::Words),
        Some(id) if is_ours(script, id) => return None,
        _ => {}
    }
    if is_among(&script.opt_out.words, text) {
        return Some(Wish::Silence);
    }
    is_among(&script.opt_in.words, text).then_some(Wish::Words)
}

/// The conversation after the wish, where the bot does not answer; `None`: nothing changes.
pub fn heeded(state: &State, wish: Option<Wish>) -> Option<State> {
    let mut state = state.clone();
    match wish? {
        Wish::Silence if !state.opted_out => state.fall_silent(),
        Wish::Words if state.opted_out => state.opted_out = false,
        _ => return None,
    }
    Some(state)
}

/// Whether the text is one of the words, by its letters.
pub fn is_among(words: &[String], text: &str) -> bool {
    let said = folded(text);
    let bare = POLITE.iter().fold(said.as_str(), |said, polite| {
        let said = said.strip_prefix(polite).unwrap_or(said).trim_start();
        said.strip_suffix(polite).unwrap_or(said).trim_end()
    });
    words.iter().map(|word| folded(word)).any(|word| !word.is_empty() && (word == said || word == bare))
}

impl State {
    fn fall_silent(&mut self) {
        self.begin_anew();
        self.opted_out = true;
    }
}

impl Turn<'_> {
    pub fn opt_out(mut self) -> Stepped {
        self.draft = Draft::default();
        self.state.fall_silent();
        self.effects.push(Effect::Silence);
        self.say_one_of(&self.script.opt_out.say);
        let label = self.script.opt_in.words.first().cloned().unwrap_or_default();
        let label = fitted(&label, self.limits.label);
        self.end(vec![Choice { id: OPT_IN.to_owned(), label, description: None }])
    }

    pub fn opt_in(mut self) -> Stepped {
        self.state.opted_out = false;
        self.say_one_of(&self.script.opt_in.say);
        let start = &self.script.start;
        self.run(Entry::to(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "
version: 1
name: a
start: s
fallback: s
opt_out: { words: [stop, opt out, стоп, 🛑], say: Silent. }
nodes:
  s: { say: hi, options: [{ label: Stop, id: halt, go: s }] }
";

    fn wish(text: &str, option: Option<&str>) -> Option<Wish> {
        of(&Script::read(SCRIPT).unwrap(), text, option)
    }

    #[test]
    fn a_wish_is_read_by_its_letters() {
        for text in
            ["stop", "STOP!", "Stop 🛑", "“stop”", "stop…", "stop, please", "Please stop.", "Opt-out", "Стоп", "🛑"]
        {
            assert_eq!(wish(text, None), Some(Wish::Silence), "{text}");
        }
        for text in ["", "please", "stop it", "non-stop", "when does the bus stop?", "…"] {
            assert_eq!(wish(text, None), None, "{text}");
        }
        assert_eq!(wish("Start!", None), Some(Wish::Words));
    }

    #[test]
    fn a_tapped_option_is_what_it_leads_to_and_one_of_somebody_else_is_its_label() {
        assert_eq!(wish("Stop", Some("s/halt")), None);
        assert_eq!(wish("anything", Some(OPT_IN)), Some(Wish::Words));
        assert_eq!(wish("Stop", Some("of another program")), Some(Wish::Silence));
    }

    #[test]
    fn heeding_forgets_the_conversation_and_changes_nothing_twice() {
        let state = State { node: Some("s".to_owned()), after: Some("s".to_owned()), ..State::default() };
        let silent = heeded(&state, Some(Wish::Silence)).unwrap();
        assert_eq!(silent, State { opted_out: true, ..State::default() });
        assert_eq!(heeded(&silent, Some(Wish::Silence)), None);
        assert!(!heeded(&silent, Some(Wish::Words)).unwrap().opted_out);
        assert_eq!(heeded(&state, Some(Wish::Words)), None);
    }
}
