//! Welcome messages (v1.1): what X shows in an empty conversation.

use serde_json::{Value, json};

use super::dm::Outgoing;
use super::event::{Unreadable, text};
use super::ids::{ProfileId, UserId, WelcomeMessageId};
use super::request::{Body, Call, Response, encode};

/// The most that X takes, counted in characters.
pub mod limits {
    pub const TEXT: usize = 9_990;
    pub const NAME: usize = 100;
}

const PLACE: &str = "/1.1/direct_messages/welcome_messages";

/// One of the account's, as X has it.
#[derive(Clone, Debug, PartialEq)]
pub struct WelcomeMessage {
    pub id: WelcomeMessageId,
    pub text: String,
    /// Metadata of its options.
    pub options: Vec<String>,
}

/// `POST …/new.json`. The name is for the account alone.
///
/// See [X docs: Welcome messages](https://developer.x.com/en/docs/x-api/v1/direct-messages/welcome-messages/overview).
pub fn new(base: &str, name: &str, message: &Outgoing<'_>, speaker: Option<&ProfileId>) -> Call {
    let body = json!({"welcome_message": spoken(json!({"name": name, "message_data": message}), speaker)});
    Call::post(base, format!("{PLACE}/new.json")).body(Body::Json(body.to_string()))
}

/// `PUT …/update.json`: replaces it as a whole; what is left out is gone.
pub fn update(base: &str, id: &WelcomeMessageId, message: &Outgoing<'_>, speaker: Option<&ProfileId>) -> Call {
    let body = spoken(json!({"message_data": message}), speaker);
    Call::put(base, format!("{PLACE}/update.json")).query("id", id.as_str()).body(Body::Json(body.to_string()))
}

fn spoken(mut message: Value, speaker: Option<&ProfileId>) -> Value {
    if let (Some(message), Some(speaker)) = (message.as_object_mut(), speaker) {
        message.insert("custom_profile_id".to_owned(), speaker.as_str().into());
    }
    message
}

/// `GET …/list.json`.
pub fn list(base: &str, cursor: Option<&str>) -> Call {
    Call::get(base, format!("{PLACE}/list.json")).query("count", "50").at(cursor)
}

/// `GET …/show.json`.
pub fn show(base: &str, id: &WelcomeMessageId) -> Call {
    Call::get(base, format!("{PLACE}/show.json")).query("id", id.as_str())
}

/// `DELETE …/destroy.json`.
pub fn delete(base: &str, id: &WelcomeMessageId) -> Call {
    Call::delete(base, format!("{PLACE}/destroy.json")).query("id", id.as_str())
}

/// X's id for the one that it has just made.
pub fn made(response: &Response) -> Option<WelcomeMessageId> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    text(&body, "/welcome_message/id").map(WelcomeMessageId::from)
}

/// Those of one page of the list.
pub fn all(response: &Response) -> Result<Vec<WelcomeMessage>, Unreadable> {
    let body: Value =
        serde_json::from_slice(response.body()).map_err(|_| Unreadable("X's list of welcome messages is no JSON"))?;
    let all = body.get("welcome_messages").and_then(Value::as_array);
    Ok(all.into_iter().flatten().filter_map(read).collect())
}

/// Opens the conversation with this account, and this welcome message in it.
pub fn deep_link(account: &UserId, welcome: Option<&WelcomeMessageId>) -> String {
    let welcome = welcome.map(|id| format!("&welcome_message_id={}", encode(id.as_str()))).unwrap_or_default();
    format!("https://twitter.com/messages/compose?recipient_id={}{welcome}", encode(account.as_str()))
}

fn read(item: &Value) -> Option<WelcomeMessage> {
    let options = item.pointer("/message_data/quick_reply/options").and_then(Value::as_array);
    Some(WelcomeMessage {
        id: text(item, "/id")?.into(),
        text: text(item, "/message_data/text").unwrap_or_default(),
        options: options.into_iter().flatten().filter_map(|option| text(option, "/metadata")).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn a_welcome_message_is_written_and_read_as_x_documents_it() {
        let message = Outgoing { text: "Welcome!", quick_reply: None, ctas: Vec::new(), attachment: None };
        let Body::Json(json) = new("https://api.x.com", "simple 01", &message, None).body else {
            panic!("JSON expected")
        };
        assert_eq!(json, r#"{"welcome_message":{"message_data":{"text":"Welcome!"},"name":"simple 01"}}"#);
        let made_by_x =
            Response::new(Bytes::from_static(br#"{"welcome_message":{"id":"844385345234"},"name":"simple"}"#));
        assert_eq!(made(&made_by_x).unwrap().as_str(), "844385345234");
        let listed = br#"{"welcome_messages":[{"id":"1","message_data":{"text":"Hi","quick_reply":{"type":"options","options":[{"label":"a","metadata":"m"}]}}},"junk"],"next_cursor":"c"}"#;
        let page = Response::new(Bytes::from_static(listed));
        let (all, next) = (all(&page).unwrap(), crate::x_api::request::next_cursor(&page));
        assert_eq!((all.len(), all[0].options.join(","), next.as_deref()), (1, "m".to_owned(), Some("c")));
    }

    #[test]
    fn a_deep_link_names_account_and_welcome_message() {
        assert_eq!(
            deep_link(&"12".into(), Some(&"34".into())),
            "https://twitter.com/messages/compose?recipient_id=12&welcome_message_id=34"
        );
    }
}
