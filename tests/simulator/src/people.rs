//! The users of the simulated X.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Somebody with an account on X: a brand or a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: String,
    pub username: String,
    pub name: String,
}

/// Whom a user lets write to them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Door {
    pub closed: bool,
    pub blocked: BTreeSet<String>,
}

const JOINED_MS: u64 = 1_422_556_069_340;

const V2_FIELDS: [&str; 7] =
    ["created_at", "description", "protected", "verified", "verified_type", "profile_image_url", "public_metrics"];

impl User {
    /// Id, username without the @, name.
    pub fn new(id: impl Into<String>, username: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), username: username.into(), name: name.into() }
    }

    /// The user object of v1.1 deliveries.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "created_timestamp": JOINED_MS.to_string(),
            "name": self.name,
            "screen_name": self.username,
            "location": "",
            "description": "",
            "protected": false,
            "verified": false,
            "followers_count": 22,
            "friends_count": 45,
            "statuses_count": 494,
            "profile_image_url": "null",
            "profile_image_url_https": format!("https://pbs.twimg.com/profile_images/{}/normal.png", self.id),
        })
    }

    /// The user object of v2 with these fields beside the three that come unasked.
    pub(crate) fn to_v2_json(&self, fields: &[&str]) -> Value {
        let all = json!({
            "id": self.id,
            "name": self.name,
            "username": self.username,
            "created_at": crate::calendar::v2(JOINED_MS),
            "description": "",
            "location": "",
            "protected": false,
            "verified": false,
            "verified_type": "none",
            "profile_image_url": format!("https://pbs.twimg.com/profile_images/{}/normal.png", self.id),
            "public_metrics": {"followers_count": 22, "following_count": 45, "tweet_count": 494, "listed_count": 0},
        });
        let asked = |key: &str| ["id", "name", "username"].contains(&key) || fields.contains(&key);
        let kept = all.as_object().into_iter().flatten().filter(|(key, _)| asked(key));
        Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// The user object of the X Activity API: v2's with twins of its numbers.
    pub(crate) fn to_activity_json(&self) -> Value {
        let mut user = self.to_v2_json(&V2_FIELDS);
        let numbers = user.pointer_mut("/public_metrics").and_then(Value::as_object_mut);
        if let Some(numbers) = numbers {
            let twins: Vec<(String, Value)> =
                numbers.iter().map(|(key, value)| (format!("{key}_str"), Value::from(value.to_string()))).collect();
            numbers.extend(twins);
        }
        user
    }

    /// The user object of v1.1 calls and posts: the id as a number, too.
    pub(crate) fn to_profile_json(&self) -> Value {
        let mut user = self.to_json();
        if let Some(user) = user.as_object_mut() {
            user.insert("id".to_owned(), self.id.parse::<u64>().map_or(Value::Null, Value::from));
            user.insert("id_str".to_owned(), Value::from(self.id.clone()));
            user.remove("created_timestamp");
            user.insert("created_at".to_owned(), Value::from(crate::calendar::post(JOINED_MS)));
        }
        user
    }
}
