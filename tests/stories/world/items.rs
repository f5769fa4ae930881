//! Deliveries written by hand.

use serde_json::{Value, json};

/// A delivery with one message, as X writes it.
pub fn message(id: &str, at: i64, from: &str, to: &str, text: &str) -> String {
    json!({"for_user_id": to, "direct_message_events": [item(id, at, from, to, text)]}).to_string()
}

pub fn item(id: &str, at: i64, from: &str, to: &str, text: &str) -> Value {
    json!({"type": "message_create", "id": id, "created_timestamp": at.to_string(), "message_create": {
        "target": {"recipient_id": to}, "sender_id": from, "message_data": {"text": text}}})
}
