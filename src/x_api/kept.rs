//! What is kept of an item, read back: it says what the item said when it came.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::activity;
use super::delivery::{Item, people};
use super::event::{Message, Unreadable, text};
use super::ids::UserId;
use super::public_act::PublicAct;

impl Item {
    /// Reads what [`Item::raw`] holds back into a message.
    pub fn message(raw: &str) -> Result<Message, Unreadable> {
        Message::read(&Stored::of(raw).item())
    }

    /// Reads what [`Item::raw`] holds back into a public act.
    pub fn act(kind: &str, raw: &str) -> Option<PublicAct> {
        PublicAct::read(kind, &activity::as_item(kind, Stored::of(raw).item()))
    }

    /// Name and username of `user` from what [`Item::raw`] holds, in both shapes that X sends users in.
    pub fn user(raw: &str, user: &UserId) -> (Option<String>, Option<String>) {
        let users = people(Stored::of(raw).users);
        let person = users.get(user.as_str()).and_then(|person| serde_json::from_str(person.get()).ok());
        let person = activity::bare(person.as_ref());
        (text(&person, "/name"), text(&person, "/screen_name"))
    }
}

/// What [`Item::raw`] holds. Each is read alone, as it was when it came: beneath another it would be deeper than parsers go.
#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow, default)]
    item: Option<&'a RawValue>,
    #[serde(borrow, default)]
    users: Option<&'a RawValue>,
}

impl<'a> Stored<'a> {
    fn of(raw: &'a str) -> Self {
        serde_json::from_str(raw).unwrap_or(Self { item: None, users: None })
    }

    fn item(&self) -> Value {
        self.item.and_then(|item| serde_json::from_str(item.get()).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x_api::delivery::Envelope;
    use crate::x_api::event::Event;

    #[test]
    fn an_item_as_deep_as_a_parser_goes_says_the_same_when_it_is_read_again() {
        for depth in [1, 125, 126] {
            let more = format!("\"more\":{}{}", "[".repeat(depth), "]".repeat(depth));
            let message =
                format!(r#"{{"id":"1","created_timestamp":"5","message_create":{{"sender_id":"2"}},{more}}}"#);
            let follow = format!(r#"{{"type":"follow","source":{{"id":"2"}},"target":{{"id":"1"}},{more}}}"#);
            let text = format!(r#"{{"direct_message_events":[{message}],"follow_events":[{follow}]}}"#);
            let items = Envelope::read(&text).unwrap().items();
            assert_eq!(items[0].event, Item::message(&items[0].raw).map(Event::Message), "{depth}");
            assert_eq!(
                items[1].event,
                Item::act("follow", &items[1].raw).map(Event::Act).ok_or(Unreadable("")),
                "{depth}"
            );
        }
    }

    #[test]
    fn a_user_that_no_parser_takes_takes_no_other_along_and_stays_as_x_wrote_it() {
        let text = r#"{"direct_message_events":[{"id":"23"}],"users":{"2":{"name":"Ada","rank":1.0000000000000002e-5},"3":1e400}}"#;
        let item = Envelope::read(text).unwrap().items().remove(0);
        assert_eq!(Item::user(&item.raw, &"2".into()).0.as_deref(), Some("Ada"));
        assert!(item.raw.contains("1.0000000000000002e-5") && item.raw.contains("\"3\":1e400"), "{}", item.raw);
    }
}
