//! The account's welcome messages: new, list, show, update, destroy.

use serde_json::{Value, json};

use super::message_rules::{self, Content, bad};
use super::pages::Page;
use super::{Answer, Call, Reply};
use crate::answer::{Refusal, empty_answer, json_answer};
use crate::links::shorten_buttons;
use crate::message::set;
use crate::profiles::CustomProfile;
use crate::simulator::Simulator;
use crate::welcome::WelcomeMessage;

const NAME: usize = 100;

impl Simulator {
    pub(super) fn new_welcome_message(&mut self, call: &Call<'_>) -> Answer {
        let given = call.object("welcome_message")?;
        let (name, content) = (name(&given)?, message_rules::read_welcome(given.get("message_data"))?);
        let custom_profile = self.welcoming_as(call, &given)?;
        let id = self.ids.next(call.now_ms);
        let message = WelcomeMessage {
            name,
            custom_profile,
            ..self.welcoming(call.now_ms, id, call.now_ms, call.user()?, content)?
        };
        let body = self.welcome_body(&message);
        self.welcome_messages.push(message);
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn list_welcome_messages(&mut self, call: &Call<'_>) -> Answer {
        let (user, page) = (call.user()?, Page::asked(call)?);
        let own = self.welcome_messages.iter().filter(|message| message.account == user);
        let (here, next) = page.of(own, |message| &message.id);
        let messages: Vec<Value> = here.iter().map(|message| message.to_json(&self.settings)).collect();
        let mut body = json!({"welcome_messages": messages});
        if let Some(next) = next {
            set(&mut body, "next_cursor", json!(next));
        }
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn show_welcome_message(&mut self, call: &Call<'_>) -> Answer {
        let message = self.named_welcome_message(call)?;
        Ok(Reply::Answer(json_answer(200, &self.welcome_body(message))))
    }

    /// The whole content is replaced: what the call leaves out is gone. The name stays.
    pub(super) fn update_welcome_message(&mut self, call: &Call<'_>) -> Answer {
        let old = self.named_welcome_message(call)?.clone();
        let given = call.json()?;
        let content = message_rules::read_welcome(given.get("message_data"))?;
        let custom_profile = self.welcoming_as(call, &given)?;
        let new = self.welcoming(call.now_ms, old.id, old.created_ms, &old.account, content)?;
        let new = WelcomeMessage { name: old.name, custom_profile, ..new };
        let body = self.welcome_body(&new);
        for message in self.welcome_messages.iter_mut().filter(|message| message.id == new.id) {
            *message = new.clone();
        }
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// A rule without its message would show nothing, so it goes too.
    pub(super) fn destroy_welcome_message(&mut self, call: &Call<'_>) -> Answer {
        let id = self.named_welcome_message(call)?.id.clone();
        self.welcome_messages.retain(|message| message.id != id);
        self.welcome_rules.retain(|rule| rule.welcome_message_id != id);
        Ok(Reply::Answer(empty_answer(204)))
    }

    fn named_welcome_message(&self, call: &Call<'_>) -> Result<&WelcomeMessage, Refusal> {
        let (user, id) = (call.user()?, call.needed("id")?);
        self.welcome_message(user, id).ok_or_else(|| Refusal::new(34))
    }

    fn welcoming_as(&self, call: &Call<'_>, given: &Value) -> Result<Option<CustomProfile>, Refusal> {
        self.speaking_as(call.user()?, message_rules::read_welcome_profile(given)?.as_deref())
    }

    fn welcoming(
        &mut self,
        now_ms: u64,
        id: String,
        created_ms: u64,
        account: &str,
        content: Content,
    ) -> Result<WelcomeMessage, Refusal> {
        // Everybody sees it, so its file must be one that may be sent again and again.
        let attachment = content.attachment.map(|media| self.attach(now_ms, account, &media, true)).transpose()?;
        let (text, links) = self.shortened(&content.text, &id);
        Ok(WelcomeMessage {
            created_ms,
            attachment,
            account: account.to_owned(),
            name: None,
            text,
            written: content.text,
            links,
            options: content.options,
            buttons: shorten_buttons(content.buttons, &id),
            custom_profile: None,
            id,
        })
    }

    /// X puts the name beside the message and not into it.
    fn welcome_body(&self, message: &WelcomeMessage) -> Value {
        let mut body = json!({"welcome_message": message.to_json(&self.settings)});
        set(&mut body, "apps", self.apps_json(&self.app.app_id));
        if let Some(name) = &message.name {
            set(&mut body, "name", json!(name));
        }
        body
    }
}

fn name(given: &Value) -> Result<Option<String>, Refusal> {
    let Some(name) = given.get("name").filter(|name| !name.is_null()) else { return Ok(None) };
    let name = name.as_str().ok_or_else(|| bad("welcome_message.name", "must be a string"))?;
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || " -_#@".contains(letter);
    if name.chars().count() > NAME || !name.chars().all(allowed) {
        return Err(bad("welcome_message.name", "must be at most 100 letters, digits, spaces and - _ # @"));
    }
    Ok(Some(name.to_owned()))
}
