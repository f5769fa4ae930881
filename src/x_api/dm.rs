//! Direct Messages in the rich dialect (v1.1): send one, list the latest.

use serde::Serialize;
use serde_json::Value;

use super::event::{Message, Unreadable, text};
use super::ids::{DmId, MediaId, ProfileId, UserId};
use super::request::{Body, Call, Response};

/// The most that X takes, counted in characters.
pub mod limits {
    pub const TEXT: usize = 10_000;
    pub const OPTIONS: usize = 20;
    pub const LABEL: usize = 36;
    pub const DESCRIPTION: usize = 72;
    pub const METADATA: usize = 1000;
    pub const BUTTONS: usize = 3;
}

/// What is sent. Exact, since X refuses what it does not know.
#[derive(Clone, Debug, Serialize)]
pub struct Outgoing<'a> {
    pub text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quick_reply: Option<QuickReply<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ctas: Vec<Cta<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment<'a>>,
}

/// A file that was uploaded before.
///
/// See [X docs: Attaching media](https://developer.x.com/en/docs/x-api/v1/direct-messages/message-attachments/guides/attaching-media).
#[derive(Clone, Debug, Serialize)]
pub struct Attachment<'a> {
    r#type: &'static str,
    media: Media<'a>,
}

#[derive(Clone, Debug, Serialize)]
struct Media<'a> {
    id: &'a MediaId,
}

impl<'a> Attachment<'a> {
    pub fn of(id: &'a MediaId) -> Self {
        Self { r#type: "media", media: Media { id } }
    }
}

/// A button.
///
/// See [X docs: Buttons](https://developer.x.com/en/docs/x-api/v1/direct-messages/buttons/overview).
#[derive(Clone, Debug, Serialize)]
pub struct Cta<'a> {
    pub r#type: &'static str,
    pub label: &'a str,
    pub url: &'a str,
}

#[derive(Clone, Debug, Serialize)]
pub struct QuickReply<'a> {
    pub r#type: &'static str,
    pub options: Vec<QuickOption<'a>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct QuickOption<'a> {
    pub label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    pub metadata: &'a str,
}

impl<'a> Cta<'a> {
    pub fn to(label: &'a str, url: &'a str) -> Self {
        Self { r#type: "web_url", label, url }
    }
}

impl<'a> QuickReply<'a> {
    pub fn of(options: Vec<QuickOption<'a>>) -> Option<Self> {
        (!options.is_empty()).then_some(Self { r#type: "options", options })
    }
}

/// `POST /1.1/direct_messages/events/new.json`, signed as the account; the JSON body is not part of the signature.
pub fn send(base: &str, to: &UserId, message: &Outgoing<'_>, speaker: Option<&ProfileId>) -> Call {
    let mut create = serde_json::json!({"target": {"recipient_id": to}, "message_data": message});
    if let (Some(create), Some(speaker)) = (create.as_object_mut(), speaker) {
        create.insert("custom_profile_id".to_owned(), speaker.as_str().into());
    }
    let body = serde_json::json!({"event": {"type": "message_create", "message_create": create}});
    Call::post(base, "/1.1/direct_messages/events/new.json").body(Body::Json(body.to_string()))
}

/// X's id for the message it has just accepted.
pub fn sent(response: &Response) -> Option<DmId> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    text(&body, "/event/id").map(DmId::from)
}

/// `GET /1.1/direct_messages/events/list.json`: the account's latest messages, both ways, newest first, 30 days.
pub fn list(base: &str, cursor: Option<&str>) -> Call {
    Call::get(base, "/1.1/direct_messages/events/list.json").query("count", "50").at(cursor)
}

/// `GET /1.1/direct_messages/events/show.json`: one message.
pub fn show(base: &str, id: &DmId) -> Call {
    Call::get(base, "/1.1/direct_messages/events/show.json").query("id", id.as_str())
}

/// `DELETE /1.1/direct_messages/events/destroy.json`: from the account's own view alone.
pub fn delete(base: &str, id: &DmId) -> Call {
    Call::delete(base, "/1.1/direct_messages/events/destroy.json").query("id", id.as_str())
}

/// One page of that list. A page may be empty and still have a next one.
#[derive(Debug, Default)]
pub struct Page {
    pub seen: Vec<Seen>,
    pub next: Option<String>,
}

/// A message of the list, beside the text that it was read from, kept as a delivery's item is kept.
#[derive(Clone, Debug)]
pub struct Seen {
    pub message: Message,
    pub raw: String,
}

impl Page {
    pub fn read(response: &Response) -> Result<Self, Unreadable> {
        let body: Value =
            serde_json::from_slice(response.body()).map_err(|_| Unreadable("X's list of messages is no JSON"))?;
        let events = body.get("events").and_then(Value::as_array);
        if events.is_none() {
            return Err(Unreadable("X's list of messages has no messages in it, not even none"));
        }
        Ok(Self {
            seen: events
                .into_iter()
                .flatten()
                .filter_map(|item| {
                    let raw = serde_json::json!({"item": item, "users": {}}).to_string();
                    Message::read(item).ok().map(|message| Seen { message, raw })
                })
                .collect(),
            next: text(&body, "/next_cursor"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn a_message_with_options_is_written_as_x_documents_it() {
        let option = |label, metadata| QuickOption { label, description: None, metadata };
        let message = Outgoing {
            text: "What's your favorite type of bird?",
            ctas: vec![Cta::to("Open", "https://example.com/")],
            attachment: None,
            quick_reply: QuickReply::of(vec![
                option("Red Bird", "external_id_1"),
                option("Blue Bird", "external_id_2"),
            ]),
        };
        let Body::Json(json) = send("https://api.x.com", &UserId::from("844385345234"), &message, None).body else {
            panic!("JSON expected")
        };
        let expected = include_str!("../../tests/fixtures/calls/dm_with_options.json");
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), serde_json::from_str::<Value>(expected).unwrap());
    }

    #[test]
    fn an_empty_page_can_have_a_next_one() {
        let page = Page::read(&Response::new(Bytes::from_static(br#"{"events":[],"next_cursor":"abc"}"#))).unwrap();
        assert!(page.seen.is_empty());
        assert_eq!(page.next.as_deref(), Some("abc"));
        assert!(Page::read(&Response::new(Bytes::from_static(b"<html>"))).is_err());
    }

    #[test]
    fn the_id_of_an_accepted_message_is_read_as_text_or_number() {
        for body in [r#"{"event":{"id":"1893471234567890123"}}"#, r#"{"event":{"id":1893471234567890123}}"#] {
            let id = sent(&Response::new(Bytes::from_static(body.as_bytes()))).unwrap();
            assert_eq!(id.as_str(), "1893471234567890123");
        }
    }
}
