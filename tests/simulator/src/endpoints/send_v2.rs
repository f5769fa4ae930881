//! `POST /2/dm_conversations/…/messages`: a text and at most one file.

use serde_json::{Value, json};

use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::message::DmEvent;
use crate::simulator::Simulator;

const LONGEST: usize = 10_000;
const NO_PERMISSION: &str = "You do not have permission to DM one or more participants.";

impl Simulator {
    pub(super) fn send_message_v2(&mut self, call: &Call<'_>) -> Answer {
        let (user, to) = (call.user()?.to_owned(), self.other_participant(call)?);
        let (text, file) = read(&call.json()?)?;
        self.may_write_to(&user, &to).map_err(|refusal| Refusal::problem(403, refusal.code, NO_PERMISSION))?;
        let again = self.messages.iter().rev().find(|event| event.from == user && event.to == to);
        if self.settings.refuse_duplicates && again.is_some_and(|event| event.written == text) {
            return Err(Refusal::problem(403, 151, "You already said that."));
        }
        let attachment = file.map(|id| self.attach(call.now_ms, &user, &id, false)).transpose();
        let attachment = attachment.map_err(|refusal| Refusal::problem(400, 324, &refusal.message))?;
        let draft = self.draft(call.now_ms, &user, &to, &text);
        let event = DmEvent { source_app: Some(self.app.app_id.clone()), ..draft };
        let event = match attachment {
            Some(attachment) => self.carrying(event, attachment),
            None => event,
        };
        let (conversation, id) = (conversation_of(&user, &to), self.say(call.now_ms, event));
        let body = json!({"data": {"dm_conversation_id": conversation, "dm_event_id": id}});
        Ok(Reply::Answer(json_answer(201, &body)))
    }

    /// The one whom the path names, or with whom the conversation is.
    pub(super) fn other_participant(&self, call: &Call<'_>) -> Result<String, Refusal> {
        let (user, named) = (call.user()?, call.captured.first().map_or("", String::as_str));
        let other = match named.split_once('-') {
            Some((one, other)) if one == user => other,
            Some((other, one)) if one == user => other,
            Some(_) => return Err(Refusal::problem(403, 349, NO_PERMISSION)),
            None => named,
        };
        let is_id = !other.is_empty() && other.len() <= 19 && other.bytes().all(|byte| byte.is_ascii_digit());
        if is_id { Ok(other.to_owned()) } else { Err(invalid("participant_id", "is not an id")) }
    }
}

/// `<smaller id>-<larger id>`, by number.
pub(super) fn conversation_of(one: &str, other: &str) -> String {
    let number = |id: &str| id.parse::<u64>().unwrap_or_default();
    if number(one) < number(other) { format!("{one}-{other}") } else { format!("{other}-{one}") }
}

fn read(body: &Value) -> Result<(String, Option<String>), Refusal> {
    let fields = body.as_object().ok_or_else(|| invalid("body", "is no object"))?;
    if let Some(key) = fields.keys().find(|key| !matches!(key.as_str(), "text" | "attachments")) {
        return Err(invalid(key, "is not one of [text,attachments]"));
    }
    let text = match fields.get("text") {
        None => String::new(),
        Some(Value::String(text)) if !text.is_empty() && text.chars().count() <= LONGEST => text.clone(),
        Some(_) => return Err(invalid("text", "must have 1 to 10000 characters")),
    };
    let files = match fields.get("attachments") {
        None => Vec::new(),
        Some(Value::Array(files)) if files.len() == 1 => files.clone(),
        Some(_) => return Err(invalid("attachments", "size must be 1")),
    };
    let file = match files.first() {
        None => None,
        Some(file) => {
            let id = file.get("media_id").and_then(Value::as_str).ok_or_else(|| invalid("media_id", "is missing"))?;
            Some(id.to_owned())
        }
    };
    if text.is_empty() && file.is_none() {
        return Err(invalid("text", "or attachments must be there"));
    }
    Ok((text, file))
}

pub(super) fn invalid(field: &str, why: &str) -> Refusal {
    Refusal::problem(400, 214, &format!("The parameter [{field}] {why}."))
}
