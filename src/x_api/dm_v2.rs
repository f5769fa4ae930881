//! Direct Messages in the plain dialect (v2): a text and one file; send, list, show, delete.

use serde_json::{Value, json};

use super::dm::{Page, Seen};
use super::event::{Message, Unreadable, text};
use super::ids::{DmId, MediaId, UserId};
use super::request::{Body, Call, Response, encode};
use super::time::Timestamp;

/// `POST /2/dm_conversations/with/:participant_id/messages`.
///
/// See [X docs: Manage Direct Messages](https://docs.x.com/x-api/direct-messages/manage/introduction).
pub fn send(base: &str, to: &UserId, text: &str, media: Option<&MediaId>) -> Call {
    let mut body = serde_json::Map::new();
    if !text.is_empty() {
        body.insert("text".to_owned(), text.into());
    }
    if let Some(media) = media {
        body.insert("attachments".to_owned(), json!([{"media_id": media}]));
    }
    Call::post(base, format!("/2/dm_conversations/with/{}/messages", encode(to.as_str())))
        .body(Body::Json(Value::Object(body).to_string()))
}

/// X's id for the message it has just accepted. An answer may name errors beside it, and is a success all the same.
pub fn sent(response: &Response) -> Option<DmId> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    text(&body, "/data/dm_event_id").map(DmId::from)
}

/// `GET /2/dm_events`: the account's latest messages, both ways, newest first, 30 days. Each that is read is billed.
pub fn list(base: &str, most: u32, token: Option<&str>) -> Call {
    let call = Call::get(base, "/2/dm_events")
        .query("max_results", most.to_string())
        .query("event_types", "MessageCreate")
        .query("dm_event.fields", FIELDS)
        .query("expansions", "sender_id,attachments.media_keys")
        .query("media.fields", "media_key,type,url");
    match token {
        Some(token) => call.query("pagination_token", token),
        None => call,
    }
}

/// `GET /2/dm_events/:event_id`.
pub fn show(base: &str, id: &DmId) -> Call {
    Call::get(base, format!("/2/dm_events/{}", encode(id.as_str())))
        .query("dm_event.fields", FIELDS)
        .query("expansions", "sender_id")
}

/// `DELETE /2/dm_events/:event_id`: from the account's own view alone.
pub fn delete(base: &str, id: &DmId) -> Call {
    Call::delete(base, format!("/2/dm_events/{}", encode(id.as_str())))
}

const FIELDS: &str = "id,text,event_type,created_at,dm_conversation_id,entities,attachments";

/// A page of [`list`], each message as v1.1 would write it. A page may be empty and still have a next one.
pub fn page(response: &Response) -> Result<Page, Unreadable> {
    let body: Value =
        serde_json::from_slice(response.body()).map_err(|_| Unreadable("X's list of messages is no JSON"))?;
    let events = body.get("data").and_then(Value::as_array);
    if events.is_none() && body.get("meta").is_none() {
        return Err(Unreadable("X's list of messages has neither messages nor a count of none"));
    }
    let media = body.pointer("/includes/media").and_then(Value::as_array).cloned().unwrap_or_default();
    let seen = events.into_iter().flatten().filter_map(|event| {
        let item = as_v1(event, &media)?;
        let raw = json!({"item": item, "users": {}}).to_string();
        Message::read(&item).ok().map(|message| Seen { message, raw })
    });
    Ok(Page { seen: seen.collect(), next: text(&body, "/meta/next_token") })
}

/// `None`: not a message between two.
fn as_v1(event: &Value, media: &[Value]) -> Option<Value> {
    let sender = text(event, "/sender_id")?;
    let conversation = text(event, "/dm_conversation_id")?;
    let (one, other) = conversation.split_once('-')?;
    let recipient = if one == sender { other } else { one };
    let created = Timestamp::read(&text(event, "/created_at")?)?;
    let mut data = json!({"text": event.get("text"), "entities": {"urls": event.pointer("/entities/urls")}});
    let key = text(event, "/attachments/media_keys/0");
    let file = media.iter().find(|one| key.is_some() && text(one, "/media_key") == key);
    if let (Some(file), Some(data)) = (file, data.as_object_mut()) {
        let carried = json!({"media_url_https": file.get("url"), "type": file.get("type")});
        data.insert("attachment".to_owned(), json!({"type": "media", "media": carried}));
    }
    Some(json!({
        "type": "message_create", "id": event.get("id"), "created_timestamp": created.0.to_string(),
        "message_create": {"sender_id": sender, "target": {"recipient_id": recipient}, "message_data": data},
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn read(body: &'static str) -> Response {
        Response::new(Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn a_message_is_a_text_and_at_most_one_file_and_nothing_else() {
        let body = |text: &str, media: Option<&MediaId>| match send("", &"9".into(), text, media).body {
            Body::Json(json) => json,
            _ => panic!("JSON expected"),
        };
        assert_eq!(body("hi", None), r#"{"text":"hi"}"#);
        assert_eq!(body("", Some(&"7".into())), r#"{"attachments":[{"media_id":"7"}]}"#);
        assert_eq!(send("", &"9".into(), "hi", None).path, "/2/dm_conversations/with/9/messages");
    }

    #[test]
    fn an_accepted_message_with_errors_beside_it_is_accepted() {
        let id = sent(&read(r#"{"data":{"dm_conversation_id":"1-2","dm_event_id":"128"},"errors":[{"title":"x"}]}"#));
        assert_eq!(id, Some("128".into()));
        assert_eq!(sent(&read(r#"{"errors":[{"title":"x"}]}"#)), None);
    }

    #[test]
    fn a_page_is_read_as_v1_would_write_it() {
        let page = page(&read(
            r#"{"data":[{"id":"5","event_type":"MessageCreate","text":"hi https://t.co/a","sender_id":"2","created_at":"2026-07-24T21:23:44.500Z",
              "dm_conversation_id":"1-2","entities":{"urls":[{"url":"https://t.co/a","expanded_url":"https://example.com"}]}},
              {"id":"6","event_type":"ParticipantsJoin"}],"meta":{"result_count":2,"next_token":"n"}}"#,
        ))
        .unwrap();
        assert_eq!((page.seen.len(), page.next.as_deref()), (1, Some("n")));
        let message = &page.seen[0].message;
        assert_eq!((message.sender.as_str(), message.recipient.as_ref().unwrap().as_str()), ("2", "1"));
        assert_eq!(message.plain_text(), "hi https://example.com");
        assert_eq!(message.created, Timestamp::read("2026-07-24T21:23:44.500Z").unwrap());
    }
}
