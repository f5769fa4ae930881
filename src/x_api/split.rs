//! A delivery that is too large for one queue message, cut into one delivery per item.

use serde_json::{Map, Value, json};

use super::delivery::{Envelope, RawItem, named_in};

/// One delivery per item, each with the users and apps that its item names. A part may still be large: the caller looks.
pub fn split(envelope: &Envelope<'_>) -> Vec<String> {
    let users = envelope.users.and_then(|users| serde_json::from_str(users.get()).ok()).unwrap_or_default();
    let apps = envelope.apps.and_then(|apps| serde_json::from_str(apps.get()).ok()).unwrap_or_default();
    envelope.items.iter().map(|item| part(envelope, item, &users, &apps)).collect()
}

fn part(envelope: &Envelope<'_>, item: &RawItem<'_>, users: &Map<String, Value>, apps: &Map<String, Value>) -> String {
    let mut part = Map::new();
    if let Some(account) = &envelope.for_user {
        part.insert("for_user_id".to_owned(), json!(account));
    }
    for (field, people) in [("users", users), ("apps", apps)] {
        let named = named_in(item.json.get(), people);
        if !named.is_empty() {
            part.insert(field.to_owned(), json!(named));
        }
    }
    let mut text = Value::Object(part).to_string();
    // The item goes in as the text it came as: an id written as a number keeps its digits.
    text.truncate(text.len().saturating_sub(1));
    let comma = if text.len() > 1 { "," } else { "" };
    format!("{text}{comma}{}:[{}]}}", json!(item.field), item.json.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_large_one_hold_the_same_items_with_their_users() {
        let text = include_str!("../../tests/fixtures/deliveries/ten_events_of_three_kinds.json");
        let whole = Envelope::read(text).unwrap();
        let parts = split(&whole);
        assert_eq!(parts.len(), 10);
        for (part, item) in parts.iter().zip(whole.items()) {
            let alone = Envelope::read(part).unwrap();
            assert_eq!(alone.for_user, whole.for_user);
            let items = alone.items();
            assert_eq!(items.len(), 1);
            assert_eq!((&items[0].id, items[0].kind, &items[0].raw), (&item.id, item.kind, &item.raw));
        }
    }

    #[test]
    fn a_delivery_of_no_account_has_parts_of_no_account() {
        let text = r#"{"follow_events":[{"a":1},{"b":2}]}"#;
        let parts = split(&Envelope::read(text).unwrap());
        assert_eq!(parts, [r#"{"follow_events":[{"a":1}]}"#, r#"{"follow_events":[{"b":2}]}"#]);
    }
}
