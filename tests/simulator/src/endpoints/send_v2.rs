//! `POST /2/dm_conversations/…/messages`: a Direct Message in plain text, with one file at most.

use serde_json::{Value, json};

use super::strict::{body_of, invalid, is_id, known_keys};
use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::message::{DmEvent, conversation_id};
use crate::simulator::Simulator;

const TEXT: usize = 10_000;
const NOT_ALLOWED: &str = "You do not have permission to DM one or more participants.";
const REPEATED: &str = "There was an error sending your message: It looks like you already said that.";

impl Simulator {
    pub(super) fn send_v2(&mut self, call: &Call<'_>) -> Answer {
        let user = call.user()?;
        let (recipient, proposed) = (participant(call, user)?, read(call)?);
        self.may_write_to(user, &recipient).map_err(|refusal| Refusal::problem(403, refusal.code, NOT_ALLOWED))?;
        if self.is_said_again(user, &recipient, &proposed.text) {
            return Err(Refusal::problem(403, 151, REPEATED));
        }
        let draft = self.draft(call.now_ms, user, &recipient, &proposed.text);
        let attachment = proposed.media.map(|id| self.attach(call.now_ms, user, &id, false)).transpose();
        let event = DmEvent { source_app: Some(self.app.app_id.clone()), ..draft };
        let event = match attachment.map_err(Refusal::into_problem)? {
            Some(attachment) => self.carrying(event, attachment),
            None => event,
        };
        let body = json!({"data": {"dm_conversation_id": conversation_id(user, &recipient), "dm_event_id": event.id}});
        self.say(call.now_ms, event);
        Ok(Reply::Answer(json_answer(201, &body)))
    }
}

/// The other one of the two: the path names them, or the conversation.
pub(super) fn participant(call: &Call<'_>, user: &str) -> Result<String, Refusal> {
    let named = call.captured.first().map_or("", String::as_str);
    if call.request.uri().path().starts_with("/2/dm_conversations/with/") {
        return if is_id(named) { Ok(named.to_owned()) } else { Err(invalid("participant_id: must be an id")) };
    }
    let (a, b) = named.split_once('-').filter(|(a, b)| is_id(a) && is_id(b)).unwrap_or_default();
    let other = if a == user { b } else { a };
    match (other, conversation_id(user, other) == named) {
        // A group has one number for its id.
        ("", _) if is_id(named) => Err(Refusal::problem(403, 349, NOT_ALLOWED)),
        ("", _) => Err(invalid("dm_conversation_id: must be two ids, the smaller one first")),
        (_, true) => Ok(other.to_owned()),
        (_, false) if conversation_id(a, b) != named => {
            Err(invalid("dm_conversation_id: must be two ids, the smaller one first"))
        }
        (_, false) => Err(Refusal::problem(403, 349, NOT_ALLOWED)),
    }
}

struct Proposed {
    text: String,
    media: Option<String>,
}

/// Quick replies, buttons and all the rest of v1.1 are unknown here.
fn read(call: &Call<'_>) -> Result<Proposed, Refusal> {
    let body = body_of(call, &["text", "attachments"])?;
    let text = match body.get("text") {
        None => None,
        Some(text) => {
            let text = text.as_str().filter(|text| !text.trim().is_empty());
            Some(text.ok_or_else(|| invalid("text: must be a text that is not empty"))?)
        }
    };
    if text.is_some_and(|text| text.chars().count() > TEXT) {
        return Err(invalid("text: is longer than 10000"));
    }
    let media = match body.get("attachments") {
        None => None,
        Some(attachments) => {
            let all = attachments.as_array().map(Vec::as_slice).unwrap_or_default();
            let [attachment] = all else { return Err(invalid("attachments: must be a list of one")) };
            let id = known_keys(attachment, "attachments", &["media_id"])?.get("media_id").and_then(Value::as_str);
            Some(id.filter(|id| is_id(id)).ok_or_else(|| invalid("attachments.media_id: must be an id"))?.to_owned())
        }
    };
    if text.is_none() && media.is_none() {
        return Err(invalid("text or attachments: one of them must be there"));
    }
    Ok(Proposed { text: text.unwrap_or_default().to_owned(), media })
}
