//! A delivery that is too large for one queue message, cut into one delivery per item.

use serde_json::json;

use super::delivery::{Envelope, People, RawItem, named_in, people};

/// One delivery per item, each with the users and apps that its item names. A part may still be large: the caller looks.
pub fn split(envelope: &Envelope<'_>) -> Vec<String> {
    let (users, apps) = (people(envelope.users.iter().copied()), people(envelope.apps));
    envelope.items.iter().map(|item| part(envelope, item, &users, &apps)).collect()
}

/// Put together as text, so that everything stays as it came: an id written as a number keeps its digits.
fn part(envelope: &Envelope<'_>, item: &RawItem<'_>, users: &People<'_>, apps: &People<'_>) -> String {
    let account = envelope.for_user.as_ref().map(|account| format!("\"for_user_id\":{},", json!(account)));
    let named = [("users", users), ("apps", apps)].map(|(field, people)| {
        let named = named_in(item.json.get(), people);
        let text = if named.is_empty() { None } else { serde_json::to_string(&named).ok() };
        text.map(|text| format!("\"{field}\":{text},")).unwrap_or_default()
    });
    format!("{{{}{}{}:[{}]}}", account.unwrap_or_default(), named.concat(), json!(item.field), item.json.get())
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
