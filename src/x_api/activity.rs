//! X Activity envelopes: one event under `data`, read as the items that Account Activity would have brought.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::delivery::{ARRAYS, RawItem, UNKNOWN};
use super::event::text;
use super::ids::UserId;
use super::time::Timestamp;

/// What a subscription of X Activity brings, the field of Account Activity that it stands for, and its kind.
///
/// See [X docs: X Activity](https://docs.x.com/x-api/activity/introduction).
const EVENTS: &[(&str, &str, &str)] = &[
    ("dm.received", "direct_message_events", "dm.message"),
    ("dm.sent", "direct_message_events", "dm.message"),
    ("dm.read", "direct_message_mark_read_events", "dm.read"),
    ("dm.indicate_typing", "direct_message_indicate_typing_events", "dm.typing"),
    ("chat.received", "chat_received_events", "chat.received"),
    ("chat.sent", "chat_sent_events", "chat.sent"),
    ("chat.", "chat_other_events", "chat.other"),
    ("post.delete", "tweet_delete_events", "post.delete"),
    ("post.", "tweet_create_events", "mention"),
    ("follow.", "follow_events", "follow"),
    ("like.create", "favorite_events", "favorite"),
    ("mute.", "mute_events", "mute"),
    ("block.", "block_events", "block"),
    ("oauth.revoke", "user_event", "revoke"),
    ("profile.", "activity_events", "activity"),
    ("spaces.", "activity_events", "activity"),
    ("broadcast.", "activity_events", "activity"),
    ("news.", "activity_events", "activity"),
];

#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow, default)]
    filter: Option<&'a RawValue>,
    #[serde(borrow, default)]
    event_type: Option<&'a RawValue>,
    #[serde(borrow, default)]
    payload: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Filter {
    #[serde(default)]
    user_id: Option<UserId>,
}

/// Whose the event is, its items, and the users beside them. `None` when this is no envelope of X Activity.
pub(super) type Unwrapped<'a> = (Option<UserId>, Vec<RawItem<'a>>, Option<&'a RawValue>);

pub(super) fn unwrap(data: &RawValue) -> Option<Unwrapped<'_>> {
    let wrapped: Wrapped<'_> = serde_json::from_str(data.get()).ok()?;
    let event_type: String = serde_json::from_str(wrapped.event_type?.get()).ok()?;
    let filter = wrapped.filter.and_then(|filter| serde_json::from_str::<Filter>(filter.get()).ok());
    let user = filter.and_then(|filter| filter.user_id);
    let known = EVENTS.iter().find(|(name, ..)| match name.strip_suffix('.') {
        Some(family) => event_type.split('.').next() == Some(family),
        None => event_type == *name,
    });
    let (field, kind) = known.map_or(("data", UNKNOWN), |(_, field, kind)| (*field, *kind));
    let whole = || vec![RawItem { field: field.to_owned(), kind, json: data }];
    if !matches!(kind, "dm.message" | "dm.read" | "dm.typing") {
        return Some((user, whole(), None));
    }
    // The inner arrays are those of Account Activity, each with its users beside it.
    let payload = wrapped.payload.map_or("", RawValue::get);
    let fields: std::collections::BTreeMap<String, &RawValue> = serde_json::from_str(payload).unwrap_or_default();
    let mut items = Vec::new();
    for (name, field, kind) in ARRAYS.iter().filter_map(|(name, kind)| Some((*name, *fields.get(*name)?, *kind))) {
        let all: Vec<&RawValue> = serde_json::from_str(field.get()).unwrap_or_else(|_| vec![field]);
        items.extend(all.into_iter().map(|json| RawItem { field: name.to_owned(), kind, json }));
    }
    if items.is_empty() {
        // No sample of it is published: perhaps the item stands there alone, perhaps not at all.
        let json = wrapped.payload.unwrap_or(data);
        items.push(RawItem { field: field.to_owned(), kind, json });
    }
    Some((user, items, fields.get("users").copied()))
}

/// The item as Account Activity writes it, where `item` is a whole event of X Activity; else as it is.
pub(super) fn as_item(kind: &str, item: Value) -> Value {
    let (Some(event_type), Some(payload)) = (text(&item, "/event_type"), item.get("payload")) else { return item };
    let users = included(&item);
    let user = |id: Option<String>| {
        let known = id.as_ref().and_then(|id| users.get(id)).cloned();
        known.unwrap_or_else(|| json!({"id_str": id}))
    };
    match kind {
        "mention" => json!({
            "id_str": text(payload, "/id"),
            "text": payload.pointer("/note_tweet/text").or_else(|| payload.get("text")),
            "timestamp_ms": moment(payload),
            "user": user(text(payload, "/author_id")),
            "entities": {"user_mentions": mentions(payload)},
            "retweeted_status": references(payload, "retweeted").then_some(true),
        }),
        "follow" | "mute" | "block" => json!({
            "type": event_type.rsplit('.').next(),
            "source": bare(payload.get("source")),
            "target": bare(payload.get("target")),
        }),
        "favorite" => json!({
            "id": text(payload, "/id"),
            "timestamp_ms": moment(payload),
            "user": user(liker(payload, &users)),
            "favorited_status": {
                "id_str": text(payload, "/liked_tweet_id"),
                "user": {"id_str": text(payload, "/liked_tweet_author_id")},
            },
        }),
        "post.delete" => json!({"status": {"id": text(payload, "/id"), "user_id": text(payload, "/author_id")}}),
        "revoke" => json!({"revoke": {
            "date_time": text(payload, "/date_time"),
            "target": {"app_id": text(payload, "/app_id")},
            "source": {"user_id": text(payload, "/user_id")},
        }}),
        "chat.received" | "chat.sent" | "chat.other" => payload.clone(),
        _ => item,
    }
}

/// Users are sometimes bare, sometimes below `data`.
pub(super) fn bare(user: Option<&Value>) -> Value {
    let user = user.map(|user| user.get("data").filter(|data| data.is_object()).unwrap_or(user));
    let mut user = user.cloned().unwrap_or_default();
    let name = text(&user, "/username");
    if let (Some(fields), Some(name)) = (user.as_object_mut(), name) {
        fields.entry("screen_name").or_insert(name.into());
    }
    user
}

/// The users beside the payload, by id.
fn included(item: &Value) -> Map<String, Value> {
    let all = item.pointer("/includes/users").and_then(Value::as_array);
    let all = all.into_iter().flatten().map(|user| bare(Some(user)));
    all.filter_map(|user| Some((text(&user, "/id")?, user))).collect()
}

fn mentions(payload: &Value) -> Vec<Value> {
    let all = payload.pointer("/entities/mentions").and_then(Value::as_array);
    let mut named: Vec<Value> =
        all.into_iter().flatten().filter_map(|one| Some(json!({"id_str": text(one, "/id")?}))).collect();
    named.extend(text(payload, "/in_reply_to_user_id").map(|id| json!({"id_str": id})));
    named
}

fn references(payload: &Value, kind: &str) -> bool {
    let all = ["/referenced_tweets", "/referenced_posts"].iter().filter_map(|list| payload.pointer(list)?.as_array());
    all.flatten().any(|one| text(one, "/type").as_deref() == Some(kind))
}

/// Who liked: named, or the one user beside the payload who did not write the post.
fn liker(payload: &Value, users: &Map<String, Value>) -> Option<String> {
    let author = text(payload, "/liked_tweet_author_id");
    let named = text(payload, "/user_id").or_else(|| text(payload, "/liking_user_id"));
    named.or_else(|| users.keys().find(|id| Some(*id) != author.as_ref()).cloned())
}

fn moment(payload: &Value) -> Option<i64> {
    super::event::number(payload, "/timestamp_ms")
        .or_else(|| text(payload, "/created_at").as_deref().and_then(Timestamp::read).map(|at| at.0))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::x_api::delivery::{Envelope, Item};
    use crate::x_api::event::Event;

    fn items(fixture: &str) -> Vec<Item> {
        let path = format!("{}/tests/fixtures/deliveries/{fixture}.json", env!("CARGO_MANIFEST_DIR"));
        Envelope::read(&std::fs::read_to_string(path).unwrap()).unwrap().items()
    }

    #[test]
    fn a_message_has_the_same_id_and_kind_through_both_products() {
        let (old, new) = (items("message").remove(0), items("activity_dm_received").remove(0));
        assert_eq!((old.kind, &old.id), (new.kind, &new.id));
        let (Ok(Event::Message(old)), Ok(Event::Message(new))) = (old.event, new.event) else { panic!("two messages") };
        assert_eq!((old.sender, old.recipient, old.text), (new.sender, new.recipient, new.text));
    }

    #[test]
    fn users_are_unwrapped_in_both_shapes() {
        let received = items("activity_dm_received").remove(0);
        let user = Item::user(&received.raw, &"3001969357".into());
        assert_eq!(user, (Some("Jordan".to_owned()), Some("jordan".to_owned())));
        for (fixture, name) in [("activity_mention", "ada"), ("activity_follow", "ada")] {
            let Ok(Event::Act(act)) = items(fixture).remove(0).event else { panic!("{fixture}") };
            assert_eq!(act.username.as_deref(), Some(name), "{fixture}");
            assert!(act.towards.iter().any(|user| user.as_str() == "4337869213"), "{fixture}");
        }
    }

    #[test]
    fn what_is_kept_can_be_read_again() {
        for (fixture, kind) in
            [("activity_mention", "mention"), ("activity_follow", "follow"), ("activity_like", "favorite")]
        {
            let item = items(fixture).remove(0);
            let Ok(Event::Act(act)) = item.event else { panic!("{fixture}") };
            assert_eq!(Item::act(kind, &item.raw), Some(act));
        }
    }

    #[test]
    fn a_second_delivery_of_the_same_has_the_same_key_although_its_uuid_is_another() {
        let path = format!("{}/tests/fixtures/deliveries/activity_follow.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let again = text.replace("-6850472171600526495", "17");
        assert_ne!(text, again);
        let id = |text: &str| Envelope::read(text).unwrap().items().remove(0).id;
        assert_eq!(id(&text), id(&again));
    }

    #[test]
    fn a_revocation_names_its_user_although_the_filter_is_empty() {
        let Ok(Event::Revoked(revocation)) = items("activity_revoke").remove(0).event else { panic!("a revocation") };
        assert_eq!(revocation.user.as_str(), "4337869213");
        assert!(revocation.at.is_some());
    }

    #[test]
    fn an_encrypted_message_is_known_by_its_sender_and_never_read() {
        let Ok(Event::Encrypted(encrypted)) = items("activity_chat_received").remove(0).event else { panic!("a chat") };
        assert_eq!(encrypted.sender.as_str(), "3001969357");
    }

    #[test]
    fn an_envelope_without_payload_is_set_aside_and_an_unknown_event_is_kept() {
        let read = |text: &str| Envelope::read(text).unwrap().items().remove(0);
        let bare = read(r#"{"data":{"event_type":"dm.received","filter":{"user_id":"1"}}}"#);
        assert!(bare.kind == "dm.message" && bare.event.is_err() && bare.raw.contains("dm.received"));
        let new = read(r#"{"data":{"event_type":"party.started","filter":{"user_id":"1"},"payload":{"a":1}}}"#);
        assert!(new.kind == super::UNKNOWN && new.raw.contains("party.started"));
        assert_eq!(read(r#"{"data":[1,2]}"#).kind, super::UNKNOWN);
        for odd in ["null", "{}"] {
            let kept = read(&format!(r#"{{"data":{odd}}}"#));
            assert_eq!((kept.kind, kept.raw), (super::UNKNOWN, format!(r#"{{"item":{odd},"users":{{}}}}"#)));
        }
    }

    /// The only item of a fixture in which this stands in this place.
    fn with(fixture: &str, place: &str, odd: &Value) -> Item {
        let path = format!("{}/tests/fixtures/deliveries/{fixture}.json", env!("CARGO_MANIFEST_DIR"));
        let mut body: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        *body.pointer_mut(place).unwrap() = odd.clone();
        Envelope::read(&body.to_string()).unwrap().items().remove(0)
    }

    #[test]
    fn a_user_of_whom_x_says_nothing_has_no_name_and_the_event_is_kept() {
        for odd in [json!(null), json!({}), json!({"data": null}), json!({"data": {}})] {
            let message = with("activity_dm_received", "/data/payload/users/3001969357", &odd);
            assert_eq!(Item::user(&message.raw, &"3001969357".into()), (None, None), "{odd}");
            let Ok(Event::Message(message)) = message.event else { panic!("{odd}") };
            assert_eq!(message.text, "Hello World!", "{odd}");
            let mention = with("activity_mention", "/data/includes/users/0", &odd);
            let Ok(Event::Act(act)) = mention.event else { panic!("{odd}") };
            assert_eq!((act.who.as_str(), act.name, act.username), ("3001969357", None, None), "{odd}");
            // Somebody follows, and nobody can say who: it is recorded as it came.
            let follow = with("activity_follow", "/data/payload/source", &odd);
            assert!(follow.raw.contains(&format!(r#""source":{odd}"#)), "{}", follow.raw);
            assert_eq!((follow.kind, follow.event), ("follow", Ok(Event::Other)), "{odd}");
        }
    }

    #[test]
    fn of_a_user_in_both_shapes_the_inner_one_counts_and_the_outer_where_there_is_none() {
        let inner = json!({"id": "3001969357", "username": "ada", "name": "Ada"});
        let both = json!({"data": inner, "id": "1", "username": "bo", "name": "Bo"});
        let outer = json!({"data": null, "id": "3001969357", "username": "ada", "name": "Ada"});
        for user in [both, outer] {
            let message = with("activity_dm_received", "/data/payload/users/3001969357", &user);
            let (name, username) = Item::user(&message.raw, &"3001969357".into());
            assert_eq!((name.as_deref(), username.as_deref()), (Some("Ada"), Some("ada")), "{user}");
            for (fixture, place) in [
                ("activity_follow", "/data/payload/source"),
                ("activity_mention", "/data/includes/users/0"),
                ("activity_like", "/data/includes/users/1"),
            ] {
                let Ok(Event::Act(act)) = with(fixture, place, &user).event else { panic!("{fixture}") };
                assert_eq!((act.who.as_str(), act.username.as_deref()), ("3001969357", Some("ada")), "{fixture}");
            }
        }
    }
}
