//! Custom profiles: the name and the picture of the person or bot who speaks for an account.

use serde_json::{Value, json};

use crate::simulator::Simulator;

/// One custom profile, as X keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomProfile {
    pub id: String,
    pub created_ms: u64,
    /// Whose it is.
    pub account: String,
    pub name: String,
    pub avatar_media_id: String,
    pub avatar_url: String,
}

impl Simulator {
    /// Every custom profile of every account, oldest first.
    pub fn custom_profiles(&self) -> &[CustomProfile] {
        &self.custom_profiles
    }

    /// Another program makes one for the account.
    pub fn makes_profile(&mut self, now_ms: u64, account: &str, name: &str) {
        let id = self.ids.next(now_ms);
        let (account, name) = (account.to_owned(), name.to_owned());
        let (avatar_media_id, avatar_url) = (String::new(), String::new());
        self.custom_profiles.push(CustomProfile { id, created_ms: now_ms, account, name, avatar_media_id, avatar_url });
    }

    pub(crate) fn custom_profile(&self, account: &str, id: &str) -> Option<&CustomProfile> {
        self.custom_profiles.iter().find(|profile| profile.account == account && profile.id == id)
    }
}

impl CustomProfile {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "created_timestamp": self.created_ms.to_string(),
            "name": self.name,
            "avatar": {"media": {"url": self.avatar_url}},
        })
    }
}
