//! What is said on X: Direct Messages, and the typing and reading around them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::app::Settings;
use crate::calendar;
use crate::composer::InitiatedVia;
use crate::media::Attachment;
use crate::profiles::CustomProfile;

/// One Direct Message, as X keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DmEvent {
    pub id: String,
    pub created_ms: u64,
    pub from: String,
    pub to: String,
    /// With X's short links.
    pub text: String,
    /// As it was written.
    pub written: String,
    pub links: Vec<Link>,
    /// The quick replies that it offers.
    pub options: Vec<QuickOption>,
    pub buttons: Vec<Button>,
    pub attachment: Option<Attachment>,
    /// The metadata of the quick reply that was tapped; an option need not have any.
    pub tapped: Option<Option<String>>,
    /// The app that sent it.
    pub source_app: Option<String>,
    /// The name and picture under which the account said it.
    pub custom_profile: Option<CustomProfile>,
    /// What made the customer write it.
    pub initiated_via: Option<InitiatedVia>,
    /// Who deleted it from their own view.
    pub(crate) destroyed_by: BTreeSet<String>,
}

/// A link in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub short: String,
    pub long: String,
    /// Where the short one stands, in characters.
    pub indices: (usize, usize),
}

/// A quick reply that can be tapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickOption {
    pub label: String,
    pub description: Option<String>,
    pub metadata: Option<String>,
}

/// A button that opens an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    pub url: String,
    pub tco_url: String,
}

/// Somebody types, or has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    pub at_ms: u64,
    pub from: String,
    pub to: String,
    pub kind: SignalKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignalKind {
    Typing,
    /// Up to and including this event.
    Read {
        last_event_id: String,
    },
}

impl DmEvent {
    pub(crate) fn is_between(&self, a: &str, b: &str) -> bool {
        (self.from == a && self.to == b) || (self.from == b && self.to == a)
    }

    /// The event object of answers and deliveries.
    pub(crate) fn to_json(&self, settings: &Settings, source_app: bool) -> Value {
        let mut data = data_json(settings, &self.text, &self.links, &self.options, &self.buttons);
        if let Some(attachment) = &self.attachment {
            set(&mut data, "attachment", attachment.to_json());
        }
        if let Some(metadata) = &self.tapped {
            let mut response = json!({"type": "options"});
            if let Some(metadata) = metadata {
                set(&mut response, "metadata", json!(metadata));
            }
            set(&mut data, "quick_reply_response", response);
        }
        let mut message = json!({"target": {"recipient_id": self.to}, "sender_id": self.from, "message_data": data});
        if let Some(app) = self.source_app.as_ref().filter(|_| source_app) {
            set(&mut message, "source_app_id", json!(app));
        }
        if let Some(profile) = &self.custom_profile {
            set(&mut message, "custom_profile_id", json!(profile.id));
        }
        let mut event = json!({
            "type": "message_create",
            "id": self.id,
            "created_timestamp": self.created_ms.to_string(),
            "message_create": message,
        });
        if let Some(via) = &self.initiated_via {
            set(&mut event, "initiated_via", via.to_json());
        }
        event
    }
}

impl DmEvent {
    /// The text alone.
    pub(crate) fn plain(&self) -> Self {
        Self {
            options: Vec::new(),
            buttons: Vec::new(),
            attachment: None,
            tapped: None,
            custom_profile: None,
            initiated_via: None,
            ..self.clone()
        }
    }

    /// Every field that v2 has for it.
    pub(crate) fn to_v2_json(&self, settings: &Settings) -> Map<String, Value> {
        let mut event = json!({
            "id": self.id,
            "event_type": "MessageCreate",
            "text": shown(settings, &self.text),
            "sender_id": self.from,
            "created_at": calendar::v2(self.created_ms),
            "dm_conversation_id": conversation_id(&self.from, &self.to),
        });
        if let Some(attachment) = &self.attachment {
            set(&mut event, "attachments", json!({"media_keys": [attachment.key()]}));
        }
        if !self.links.is_empty() {
            let links: Vec<Value> = self.links.iter().map(Link::to_v2_json).collect();
            set(&mut event, "entities", json!({"urls": links}));
        }
        match event {
            Value::Object(event) => event,
            _ => Map::new(),
        }
    }
}

impl QuickOption {
    fn to_json(&self) -> Value {
        let mut option = json!({"label": self.label});
        for (key, value) in [("description", &self.description), ("metadata", &self.metadata)] {
            if let Some(value) = value {
                set(&mut option, key, json!(value));
            }
        }
        option
    }
}

impl Button {
    fn to_json(&self) -> Value {
        json!({"type": "web_url", "label": self.label, "url": self.url, "tco_url": self.tco_url})
    }
}

/// The `message_data` of a message or a welcome message.
pub(crate) fn data_json(
    settings: &Settings,
    text: &str,
    links: &[Link],
    options: &[QuickOption],
    buttons: &[Button],
) -> Value {
    let mut data = json!({
        "text": shown(settings, text),
        "entities": {
            "hashtags": [], "symbols": [], "user_mentions": [],
            "urls": links.iter().map(Link::to_json).collect::<Vec<_>>(),
        },
    });
    if !options.is_empty() {
        let options: Vec<Value> = options.iter().map(QuickOption::to_json).collect();
        set(&mut data, "quick_reply", json!({"type": "options", "options": options}));
    }
    if !buttons.is_empty() {
        set(&mut data, "ctas", buttons.iter().map(Button::to_json).collect());
    }
    data
}

/// The smaller id comes first; they are numbers, not words.
pub(crate) fn conversation_id(a: &str, b: &str) -> String {
    let number = |id: &str| id.parse::<u64>().unwrap_or(u64::MAX);
    let (small, large) = if number(a) <= number(b) { (a, b) } else { (b, a) };
    format!("{small}-{large}")
}

pub(crate) fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

/// A text as it is delivered.
pub(crate) fn shown(settings: &Settings, text: &str) -> String {
    if !settings.escape_text {
        return text.to_owned();
    }
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
