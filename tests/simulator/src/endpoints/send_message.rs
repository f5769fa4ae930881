//! `POST direct_messages/events/new.json`: a Direct Message of the account that signs.

use serde_json::json;

use super::message_rules::{self, Content};
use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::endpoint::Endpoint;
use crate::links::shorten_buttons;
use crate::message::DmEvent;
use crate::simulator::Simulator;

const DAY_MS: u64 = 86_400_000;

impl Simulator {
    pub(super) fn send_message(&mut self, call: &Call<'_>) -> Answer {
        call.must_be_json()?;
        let (user, proposed) = (call.user()?, message_rules::read(call.request.body())?);
        self.may_write_to(user, &proposed.recipient)?;
        if self.is_said_again(user, &proposed.recipient, &proposed.content.text) {
            return Err(Refusal::new(151));
        }
        let custom_profile = self.speaking_as(user, proposed.custom_profile.as_deref())?;
        let draft = self.draft(call.now_ms, user, &proposed.recipient, &proposed.content.text);
        let Content { options, buttons, attachment, .. } = proposed.content;
        let attachment = attachment.map(|id| self.attach(call.now_ms, user, &id, false)).transpose()?;
        let buttons = shorten_buttons(buttons, &draft.id);
        let source_app = Some(self.app.app_id.clone());
        let event = DmEvent { options, buttons, source_app, custom_profile, ..draft };
        let event = match attachment {
            Some(attachment) => self.carrying(event, attachment),
            None => event,
        };
        let body = json!({"event": event.to_json(&self.settings, true)});
        self.say(call.now_ms, event);
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// Whether this call is one of the replies that X does not count.
    pub(crate) fn is_free_reply(&self, call: &Call<'_>) -> bool {
        if call.endpoint != Endpoint::SendMessage || self.settings.free_replies == 0 {
            return false;
        }
        let (Ok(user), Ok(proposed)) = (call.user(), message_rules::read(call.request.body())) else { return false };
        let said = self.conversation(user, &proposed.recipient);
        let Some(last) = said.iter().rposition(|event| event.to == user) else { return false };
        let recent = said.get(last).is_some_and(|event| call.now_ms < event.created_ms + DAY_MS);
        recent && u32::try_from(said.len() - 1 - last).is_ok_and(|replies| replies < self.settings.free_replies)
    }

    /// Whether X refuses this as the same text twice in a row.
    pub(super) fn is_said_again(&self, user: &str, recipient: &str, text: &str) -> bool {
        let last = self.messages.iter().rev().find(|event| event.from == user && event.to == recipient);
        self.settings.refuse_duplicates && !text.is_empty() && last.is_some_and(|event| event.written == text)
    }

    pub(super) fn may_write_to(&self, user: &str, recipient: &str) -> Result<(), Refusal> {
        if self.user(recipient).is_none() {
            return Err(Refusal::new(108));
        }
        let Some(door) = self.doors.get(recipient) else { return Ok(()) };
        match (door.blocked.contains(user), door.closed) {
            (true, _) => Err(Refusal::new(349)),
            (false, true) => Err(Refusal::new(150)),
            (false, false) => Ok(()),
        }
    }
}
