//! The account's custom profiles: new, show, list, destroy; and who may speak as one.

use serde_json::{Value, json};

use super::message_rules::{bad, missing};
use super::pages::Page;
use super::{Answer, Call, Reply};
use crate::answer::{Refusal, empty_answer, json_answer};
use crate::message::set;
use crate::profiles::CustomProfile;
use crate::simulator::Simulator;

const NAME: usize = 48;

impl Simulator {
    pub(super) fn new_profile(&mut self, call: &Call<'_>) -> Answer {
        self.is_allow_listed()?;
        let (user, given) = (call.user()?, call.object("custom_profile")?);
        let name = given.get("name").and_then(Value::as_str).filter(|name| !name.trim().is_empty());
        let name = name.ok_or_else(|| missing("custom_profile.name"))?;
        if name.chars().count() > NAME {
            return Err(bad("custom_profile.name", "must be at most 48 characters"));
        }
        let media = given.pointer("/avatar/media/id").and_then(Value::as_str).filter(|id| !id.is_empty());
        let media = media.ok_or_else(|| missing("custom_profile.avatar.media.id"))?;
        let id = self.ids.next(call.now_ms);
        let profile = CustomProfile {
            created_ms: call.now_ms,
            account: user.to_owned(),
            name: name.to_owned(),
            avatar_media_id: media.to_owned(),
            avatar_url: format!("https://pbs.twimg.com/custom_profiles/{id}/avatar.png"),
            id,
        };
        let body = json!({"custom_profile": profile.to_json()});
        self.custom_profiles.push(profile);
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn show_profile(&mut self, call: &Call<'_>) -> Answer {
        self.is_allow_listed()?;
        let id = call.captured.first().map_or("", String::as_str);
        let profile = self.custom_profile(call.user()?, id).ok_or_else(|| Refusal::new(34))?;
        Ok(Reply::Answer(json_answer(200, &json!({"custom_profile": profile.to_json()}))))
    }

    pub(super) fn list_profiles(&mut self, call: &Call<'_>) -> Answer {
        self.is_allow_listed()?;
        let (user, page) = (call.user()?, Page::asked(call)?);
        let own = self.custom_profiles.iter().filter(|profile| profile.account == user);
        let (here, next) = page.of(own, |profile| &profile.id);
        let profiles: Vec<Value> = here.iter().map(|profile| profile.to_json()).collect();
        let mut body = json!({"custom_profiles": profiles});
        if let Some(next) = next {
            set(&mut body, "next_cursor", json!(next));
        }
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// What was said under the profile keeps its name and picture.
    pub(super) fn destroy_profile(&mut self, call: &Call<'_>) -> Answer {
        self.is_allow_listed()?;
        let (user, id) = (call.user()?, call.needed("id")?);
        self.custom_profile(user, id).ok_or_else(|| Refusal::new(34))?;
        self.custom_profiles.retain(|profile| profile.id != id);
        Ok(Reply::Answer(empty_answer(204)))
    }

    /// The profile under which the account wants to speak.
    pub(super) fn speaking_as(&self, account: &str, id: Option<&str>) -> Result<Option<CustomProfile>, Refusal> {
        let Some(id) = id else { return Ok(None) };
        self.is_allow_listed()?;
        let profile = self.custom_profile(account, id).cloned();
        profile.map(Some).ok_or_else(|| bad("custom_profile_id", "there is no such custom profile"))
    }

    /// X lets only chosen accounts have custom profiles.
    fn is_allow_listed(&self) -> Result<(), Refusal> {
        if self.settings.custom_profiles {
            return Ok(());
        }
        Err(Refusal::saying(200, "This account is not on the list of those that may use custom profiles."))
    }
}
