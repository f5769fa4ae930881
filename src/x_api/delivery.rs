//! One POST from X, read in two steps: the envelope, then each item alone, so that a bad item takes no neighbour along.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::activity;
use super::customer_sign::Sign;
use super::event::{Encrypted, Event, Message, Unreadable, number, text};
use super::ids::UserId;
use super::public_act::PublicAct;
use super::replay::Ended;
use super::revocation::Revocation;
use super::time::Timestamp;

/// The largest body that is accepted, in bytes. X sends far less.
pub const LARGEST: usize = 1024 * 1024;

/// Arrays of a delivery and the kind that their items have.
pub const ARRAYS: &[(&str, &str)] = &[
    ("direct_message_events", "dm.message"),
    ("direct_message_indicate_typing_events", "dm.typing"),
    ("direct_message_mark_read_events", "dm.read"),
    ("tweet_create_events", "mention"),
    ("tweet_delete_events", "post.delete"),
    ("favorite_events", "favorite"),
    ("follow_events", "follow"),
    ("block_events", "block"),
    ("mute_events", "mute"),
    // The parts of large events of X Activity, which knows no such arrays.
    ("chat_received_events", "chat.received"),
    ("chat_sent_events", "chat.sent"),
    ("chat_other_events", "chat.other"),
    ("activity_events", "activity"),
];

/// Single objects of a delivery and their kind. Neither is ever dropped.
pub const NOTICES: &[(&str, &str)] = &[("user_event", "revoke"), ("replay_job_status", "replay")];

/// The kind of what this version does not know: kept, since nobody can say yet that it does not matter.
pub const UNKNOWN: &str = "unknown";

/// An envelope whose items are still the text that X wrote.
#[derive(Debug)]
pub struct Envelope<'a> {
    pub for_user: Option<UserId>,
    pub items: Vec<RawItem<'a>>,
    /// By id: those of the delivery, and those of an event of X Activity in it.
    pub users: Vec<&'a RawValue>,
    pub apps: Option<&'a RawValue>,
}

#[derive(Debug)]
pub struct RawItem<'a> {
    /// The key of the envelope under which it stood.
    pub field: String,
    pub kind: &'static str,
    pub json: &'a RawValue,
}

/// One item, with what is needed to remember it.
#[derive(Clone, Debug)]
pub struct Item {
    pub kind: &'static str,
    /// Unique within account and kind.
    pub id: String,
    pub created: Option<Timestamp>,
    pub event: Result<Event, Unreadable>,
    /// The item as X wrote it, with the users it names: `{"item":…,"users":{…}}`.
    pub raw: String,
}

impl<'a> Envelope<'a> {
    /// `None` when the text is no JSON object.
    pub fn read(text: &'a str) -> Option<Self> {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
        let named: Option<UserId> = fields.get("for_user_id").and_then(|id| serde_json::from_str(id.get()).ok());
        // A delivery is of one account: an event of another is kept as it came.
        let unwrapped = fields
            .get("data")
            .and_then(|data| activity::unwrap(data))
            .filter(|(user, ..)| named.is_none() || user.is_none() || *user == named);
        let is_unwrapped = unwrapped.is_some();
        let (user, mut items, users) = unwrapped.unwrap_or_default();
        for (field, json) in &fields {
            if let Some(kind) = kind_of(field).filter(|_| !is_unwrapped || field != "data") {
                match serde_json::from_str::<Vec<&RawValue>>(json.get()) {
                    Ok(all) => items.extend(all.into_iter().map(|json| RawItem { field: field.clone(), kind, json })),
                    Err(_) => items.push(RawItem { field: field.clone(), kind, json }),
                }
            }
        }
        let users = users.into_iter().chain(fields.get("users").copied()).collect();
        Some(Self { for_user: named.or(user), items, users, apps: fields.get("apps").copied() })
    }

    /// The items, each read alone.
    pub fn items(&self) -> Vec<Item> {
        let users = people(self.users.iter().copied());
        self.items.iter().map(|raw| Item::read(raw, &users)).collect()
    }
}

/// Users or apps by their ids, each as X wrote it: what none of our parsers takes is kept all the same.
pub(super) type People<'a> = BTreeMap<String, &'a RawValue>;

pub(super) fn people<'a>(all: impl IntoIterator<Item = &'a RawValue>) -> People<'a> {
    let mut people = People::new();
    for all in all {
        for (id, one) in serde_json::from_str::<People<'_>>(all.get()).unwrap_or_default() {
            people.insert(id, one);
        }
    }
    people
}

/// The kind of a field of the envelope; `None` for the fields that carry no items.
pub fn kind_of(field: &str) -> Option<&'static str> {
    ARRAYS
        .iter()
        .chain(NOTICES)
        .find(|(name, _)| *name == field)
        .map(|(_, kind)| *kind)
        // `data` is how X Activity wraps an event: see activity.rs for those that are known.
        .or_else(|| (field.ends_with("_events") || field == "data").then_some(UNKNOWN))
}

impl Item {
    fn read(raw: &RawItem<'_>, users: &People<'_>) -> Self {
        let item = activity::as_item(raw.kind, serde_json::from_str(raw.json.get()).unwrap_or_default());
        let event = match raw.kind {
            _ if !item.is_object() => Err(Unreadable("the item is no JSON object")),
            "dm.message" => Message::read(&item).map(Event::Message),
            "revoke" => Ok(Revocation::read(&item).map_or(Event::Other, Event::Revoked)),
            "chat.received" => Ok(Encrypted::read(&item).map_or(Event::Other, Event::Encrypted)),
            "replay" => Ok(Ended::read(&item).map_or(Event::Other, Event::Replayed)),
            "dm.typing" | "dm.read" => Ok(Sign::read(raw.kind, &item).map_or(Event::Other, Event::Sign)),
            kind => Ok(PublicAct::read(kind, &item).map_or(Event::Other, Event::Act)),
        };
        let created = ["/created_timestamp", "/timestamp_ms", "/created_at_msec"];
        let created = created.iter().find_map(|place| number(&item, place));
        let created = created.and_then(Timestamp::sensible);
        let named = serde_json::to_string(&named_in(raw.json.get(), users)).unwrap_or_default();
        Self {
            kind: raw.kind,
            id: identity(raw, &item),
            created,
            event,
            // Put together as text: the item stays as X wrote it, and one that no parser takes is kept all the same.
            raw: format!("{{\"item\":{},\"users\":{}}}", raw.json.get(), named),
        }
    }
}

/// X's id where the kind has one, else what tells two of the kind apart (x-api.md 2.2), else the hash of the item.
fn identity(raw: &RawItem<'_>, item: &Value) -> String {
    let joined = |pointers: &[&str]| {
        let parts: Option<Vec<String>> = pointers.iter().map(|pointer| text(item, pointer)).collect();
        parts.map(|parts| parts.join("-"))
    };
    let known = match raw.kind {
        "dm.message" | "favorite" | "chat.received" | "chat.sent" => joined(&["/id"]),
        "mention" => joined(&["/id_str"]).or_else(|| joined(&["/id"])),
        "dm.typing" | "dm.read" => joined(&["/sender_id", "/created_timestamp"]),
        // X Activity names no moment: then somebody's second follow counts as the first one delivered again.
        "follow" | "block" | "mute" => joined(&["/type", "/source/id", "/target/id", "/created_timestamp"])
            .or_else(|| joined(&["/type", "/source/id", "/target/id"])),
        "post.delete" => joined(&["/status/id"]),
        _ => None,
    };
    known.unwrap_or_else(|| {
        let hash = Sha256::digest(raw.json.get().as_bytes());
        hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    })
}

/// The users whose ids stand in the item: what goes along when it is stored alone.
pub(super) fn named_in<'u>(json: &str, users: &'u People<'u>) -> BTreeMap<&'u str, &'u RawValue> {
    users.iter().filter(|(id, _)| json.contains(id.as_str())).map(|(id, user)| (id.as_str(), *user)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x_api::text::as_text;
    use proptest::prelude::*;

    #[test]
    fn ten_events_of_three_kinds_are_ten_items_each_with_its_own_verdict() {
        let body = include_str!("../../tests/fixtures/deliveries/ten_events_of_three_kinds.json");
        let items = Envelope::read(body).unwrap().items();
        let count = |kind| items.iter().filter(|item| item.kind == kind).count();
        assert_eq!((count("dm.message"), count("follow"), count("favorite")), (6, 2, 2));
        let bad: Vec<_> = items.iter().filter(|item| item.event.is_err()).collect();
        assert_eq!(bad.len(), 1, "the one message without a sender is set aside alone");
        let mut ids: Vec<_> = items.iter().map(|item| (item.kind, item.id.clone())).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 10);
    }

    #[test]
    fn every_fixture_is_read_and_nothing_of_it_is_lost() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/deliveries");
        let mut read = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let text = as_text(&bytes);
            let envelope = Envelope::read(&text).unwrap_or_else(|| panic!("{}", path.display()));
            for item in envelope.items() {
                assert!(serde_json::from_str::<Value>(&item.raw).is_ok(), "{}", path.display());
                read += 1;
            }
        }
        assert!(read > 20, "{read}");
    }

    #[test]
    fn an_unknown_array_is_kept_and_other_fields_are_not_items() {
        let envelope =
            Envelope::read(r#"{"for_user_id":1,"party_events":[{"a":1}],"users":{},"new_field":[1]}"#).unwrap();
        assert_eq!(envelope.for_user, Some(UserId::from("1")));
        assert_eq!(envelope.items.iter().map(|item| item.kind).collect::<Vec<_>>(), [UNKNOWN]);
    }

    #[test]
    fn an_item_that_no_parser_takes_is_kept_as_it_came() {
        let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
        for item in [deep.as_str(), "1e400", r#"{"id":1,"a":1e400}"#] {
            let text = format!("{{\"for_user_id\":\"1\",\"direct_message_events\":[{item}]}}");
            let items = Envelope::read(&text).unwrap().items();
            assert!(items[0].event.is_err() && items[0].raw.contains(item), "{item}");
            assert!(Item::message(&items[0].raw).is_err());
        }
    }

    #[test]
    fn a_time_that_no_clock_shows_is_set_aside() {
        let item = r#"{"id":"1","created_timestamp":"1700000000000000000","message_create":{"sender_id":"2"}}"#;
        let text = format!("{{\"for_user_id\":\"1\",\"direct_message_events\":[{item}]}}");
        let items = Envelope::read(&text).unwrap().items();
        assert!(items[0].event.is_err() && items[0].created.is_none());
    }

    #[test]
    fn an_event_of_x_activity_and_a_key_with_an_escape_are_kept() {
        let envelope = Envelope::read(r#"{"data":{"event_type":"party.started"},"\u0061":1}"#).unwrap();
        assert_eq!(envelope.items.iter().map(|item| item.kind).collect::<Vec<_>>(), [UNKNOWN]);
    }

    #[test]
    fn arrays_beside_an_event_of_x_activity_are_items_too_and_an_event_of_another_account_is_kept_as_it_came() {
        let mut both: Value =
            serde_json::from_str(include_str!("../../tests/fixtures/deliveries/activity_dm_received.json")).unwrap();
        let account = both["data"]["filter"]["user_id"].clone();
        both["follow_events"] = serde_json::json!([{"type": "follow", "source": {"id": "77"}}]);
        both["users"] = serde_json::json!({"77": {"name": "Lee"}});
        for (named, kind) in [(Value::Null, "dm.message"), (account.clone(), "dm.message"), ("5".into(), UNKNOWN)] {
            both["for_user_id"] = named.clone();
            let text = both.to_string();
            let envelope = Envelope::read(&text).unwrap();
            let of = if named.is_null() { &account } else { &named };
            assert_eq!(envelope.for_user.as_ref().map(UserId::as_str), of.as_str());
            let items = envelope.items();
            assert_eq!(items.iter().map(|item| item.kind).collect::<Vec<_>>(), [kind, "follow"], "{named}");
            assert!(items[0].raw.contains("Jordan") && items[1].raw.contains("Lee"), "{named}");
        }
    }

    #[test]
    fn what_is_no_object_is_no_envelope() {
        for text in ["", "[]", "null", "1", "\"{}\"", "{", "{}x"] {
            assert!(Envelope::read(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(envelope) = Envelope::read(&as_text(&bytes)) {
                envelope.items();
            }
        }
    }
}
