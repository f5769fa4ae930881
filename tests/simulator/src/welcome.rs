//! Welcome messages: what a customer reads before the first word is written, and which of them is the account's default.

use serde_json::{Value, json};

use crate::app::Settings;
use crate::media::Attachment;
use crate::message::{Button, Link, QuickOption, data_json, set};
use crate::profiles::CustomProfile;
use crate::simulator::Simulator;

/// One welcome message, as X keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WelcomeMessage {
    pub id: String,
    pub created_ms: u64,
    /// Whose it is.
    pub account: String,
    /// For the account's own eyes; customers never see it.
    pub name: Option<String>,
    /// With X's short links.
    pub text: String,
    /// As it was written.
    pub written: String,
    pub links: Vec<Link>,
    pub options: Vec<QuickOption>,
    pub buttons: Vec<Button>,
    pub attachment: Option<Attachment>,
    /// The name and picture under which it is said.
    pub custom_profile: Option<CustomProfile>,
}

/// Makes a welcome message the account's default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WelcomeRule {
    pub id: String,
    pub created_ms: u64,
    pub account: String,
    pub welcome_message_id: String,
}

impl Simulator {
    /// Every welcome message of every account, oldest first.
    pub fn welcome_messages(&self) -> &[WelcomeMessage] {
        &self.welcome_messages
    }

    /// Every rule; an account has one at most.
    pub fn welcome_rules(&self) -> &[WelcomeRule] {
        &self.welcome_rules
    }

    pub(crate) fn welcome_message(&self, account: &str, id: &str) -> Option<&WelcomeMessage> {
        self.welcome_messages.iter().find(|message| message.account == account && message.id == id)
    }
}

impl WelcomeMessage {
    pub(crate) fn to_json(&self, settings: &Settings) -> Value {
        let mut data = data_json(settings, &self.text, &self.links, &self.options, &self.buttons);
        if let Some(attachment) = &self.attachment {
            set(&mut data, "attachment", attachment.to_json());
        }
        let mut message =
            json!({"id": self.id, "created_timestamp": self.created_ms.to_string(), "message_data": data});
        if let Some(profile) = &self.custom_profile {
            set(&mut message, "custom_profile_id", json!(profile.id));
        }
        message
    }
}

impl WelcomeRule {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "created_timestamp": self.created_ms.to_string(),
            "welcome_message_id": self.welcome_message_id,
        })
    }
}
