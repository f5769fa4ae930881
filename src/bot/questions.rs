//! Questions of a turn: an answer taken, confirmed, or refused.

use serde_json::Value;

use super::effect::Stepped;
use super::labels::fitted;
use super::matching::{NO, YES};
use super::message::Choice;
use super::script::Ask;
use super::state::Asking;
use super::template;
use super::turn::{Entry, Failed, Turn};

impl<'s> Turn<'s> {
    pub fn answered(mut self, ask: &'s Ask, value: Value) -> Stepped {
        self.state.vars.insert(ask.into.clone(), value);
        let Some(confirm) = &ask.confirm else { return self.go_on_after(ask) };
        let node = self.asked();
        let Ok(text) = template::render(confirm, &self.scope.with(&self.state)) else { return self.apologise() };
        let [yes, no] = &ask.confirm_labels;
        let choice = |(id, label): (&str, &String)| {
            let label = fitted(label, self.limits.label);
            Choice { id: format!("{node}/{id}"), label, description: None }
        };
        let options =
            [(YES, yes), (NO, no)].into_iter().map(choice).filter(|choice| !choice.label.is_empty()).collect();
        self.state.asking = Some(Asking { node: node.clone(), confirming: true, tries: 0 });
        self.say(text);
        self.end(options)
    }

    pub fn confirmed(self, ask: &'s Ask, right: bool) -> Stepped {
        if right {
            return self.go_on_after(ask);
        }
        let node = self.asked();
        self.run(Entry::to(&node))
    }

    pub fn unfit(mut self, ask: &'s Ask) -> Stepped {
        let asking = self.state.asking.clone().unwrap_or_default();
        let tries = asking.tries + 1;
        if let Some(otherwise) = ask.otherwise.as_deref().filter(|_| tries >= ask.tries) {
            return self.run(Entry::to(otherwise));
        }
        let Ok(text) = template::render(&ask.retry, &self.scope.with(&self.state)) else { return self.apologise() };
        let Some((name, node)) = self.script.nodes.get_key_value(&asking.node) else { return self.apologise() };
        self.say(text);
        match self.offers(Entry::to(name), node) {
            Ok(options) => {
                self.state.asking = Some(Asking { tries, confirming: false, ..asking });
                self.end(options)
            }
            Err(Failed) => self.apologise(),
        }
    }

    fn go_on_after(mut self, ask: &'s Ask) -> Stepped {
        let node = self.asked();
        self.state.answered.retain(|answered| *answered != node);
        self.state.answered.push(node);
        self.run(Entry::to(&ask.go))
    }

    fn asked(&self) -> String {
        self.state.asking.as_ref().map(|asking| asking.node.clone()).unwrap_or_default()
    }
}
