//! Consent in a turn: the customer silences the bot, or wants to hear from it again.

use super::draft::Draft;
use super::effect::{Effect, Stepped};
use super::matching::OPT_IN;
use super::message::Choice;
use super::turn::{Entry, Turn};

impl Turn<'_> {
    pub fn opt_out(mut self) -> Stepped {
        self.draft = Draft::default();
        self.state.begin_anew();
        self.state.opted_out = true;
        self.effects.push(Effect::Silence);
        self.say_one_of(&self.script.opt_out.say);
        let label = self.script.opt_in.words.first().cloned().unwrap_or_default();
        let label = label.chars().take(self.limits.label).collect();
        self.end(vec![Choice { id: OPT_IN.to_owned(), label, description: None }])
    }

    pub fn opt_in(mut self) -> Stepped {
        self.state.opted_out = false;
        self.say_one_of(&self.script.opt_in.say);
        let start = &self.script.start;
        self.run(Entry::to(start))
    }
}
