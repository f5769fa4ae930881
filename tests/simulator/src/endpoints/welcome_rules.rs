//! Which welcome message is the account's default: rules new, list, show, destroy.

use serde_json::{Value, json};

use super::message_rules::{bad, missing};
use super::pages::Page;
use super::{Answer, Call, Reply};
use crate::answer::{Refusal, empty_answer, json_answer};
use crate::message::set;
use crate::simulator::Simulator;
use crate::welcome::WelcomeRule;

impl Simulator {
    /// One per account: whoever wants another one takes the first away.
    pub(super) fn new_welcome_rule(&mut self, call: &Call<'_>) -> Answer {
        let (user, given) = (call.user()?, call.object("welcome_message_rule")?);
        let message = given.get("welcome_message_id").and_then(Value::as_str);
        let message = message.ok_or_else(|| missing("welcome_message_rule.welcome_message_id"))?;
        if self.welcome_message(user, message).is_none() {
            return Err(bad("welcome_message_rule.welcome_message_id", "there is no such welcome message"));
        }
        if let Some(rule) = self.welcome_rules.iter().find(|rule| rule.account == user) {
            return Err(bad("welcome_message_rule", &format!("the account has rule {}; destroy it first", rule.id)));
        }
        let rule = WelcomeRule {
            id: self.ids.next(call.now_ms),
            created_ms: call.now_ms,
            account: user.to_owned(),
            welcome_message_id: message.to_owned(),
        };
        let body = json!({"welcome_message_rule": rule.to_json()});
        self.welcome_rules.push(rule);
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// Without any rule X leaves the key out.
    pub(super) fn list_welcome_rules(&mut self, call: &Call<'_>) -> Answer {
        let (user, page) = (call.user()?, Page::asked(call)?);
        let (here, next) = page.of(self.welcome_rules.iter().filter(|rule| rule.account == user), |rule| &rule.id);
        let rules: Vec<Value> = here.iter().map(|rule| rule.to_json()).collect();
        let mut body = json!({});
        if !rules.is_empty() {
            set(&mut body, "welcome_message_rules", json!(rules));
        }
        if let Some(next) = next {
            set(&mut body, "next_cursor", json!(next));
        }
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn show_welcome_rule(&mut self, call: &Call<'_>) -> Answer {
        let body = json!({"welcome_message_rule": self.named_welcome_rule(call)?.to_json()});
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn destroy_welcome_rule(&mut self, call: &Call<'_>) -> Answer {
        let id = self.named_welcome_rule(call)?.id.clone();
        self.welcome_rules.retain(|rule| rule.id != id);
        Ok(Reply::Answer(empty_answer(204)))
    }

    fn named_welcome_rule(&self, call: &Call<'_>) -> Result<&WelcomeRule, Refusal> {
        let (user, id) = (call.user()?, call.needed("id")?);
        let rule = self.welcome_rules.iter().find(|rule| rule.account == user && rule.id == id);
        rule.ok_or_else(|| Refusal::new(34))
    }
}
