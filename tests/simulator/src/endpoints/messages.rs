//! The account's messages of the last 30 days: list, show, destroy.

use serde_json::{Map, Value, json};

use super::pages::Page;
use super::{Answer, Call, Reply};
use crate::answer::{Refusal, empty_answer, json_answer};
use crate::message::{DmEvent, set};
use crate::simulator::Simulator;

const KEPT_MS: u64 = 30 * 86_400_000;

impl Simulator {
    /// Newest first. `next_cursor` is there while there is more.
    pub(super) fn list_messages(&mut self, call: &Call<'_>) -> Answer {
        let page = Page::asked(call)?;
        if self.troubles.empty_pages > 0 {
            self.troubles.empty_pages -= 1;
            let body = json!({"events": [], "next_cursor": page.cursor()});
            return Ok(Reply::Answer(json_answer(200, &body)));
        }
        let user = call.user()?;
        let (all, next) = page.of(self.visible(user, call.now_ms), |event| &event.id);
        let events: Vec<Value> = all.iter().map(|event| event.to_json(&self.settings, true)).collect();
        let mut body = json!({"events": events});
        if let Some(next) = next {
            set(&mut body, "next_cursor", json!(next));
        }
        let sources = all.iter().filter_map(|event| event.source_app.as_deref());
        let apps: Map<String, Value> =
            sources.filter_map(|app| self.apps_json(app).as_object().cloned()).flatten().collect();
        if !apps.is_empty() {
            set(&mut body, "apps", Value::Object(apps));
        }
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn show_message(&mut self, call: &Call<'_>) -> Answer {
        let (user, id) = (call.user()?, call.needed("id")?);
        let event = self.visible(user, call.now_ms).find(|event| event.id == id).ok_or_else(|| Refusal::new(34))?;
        Ok(Reply::Answer(json_answer(200, &json!({"event": event.to_json(&self.settings, true)}))))
    }

    /// Only from the view of the user who signs.
    pub(super) fn destroy_message(&mut self, call: &Call<'_>) -> Answer {
        let (user, id) = (call.user()?, call.needed("id")?);
        self.visible(user, call.now_ms).find(|event| event.id == id).ok_or_else(|| Refusal::new(34))?;
        for event in self.messages.iter_mut().filter(|event| event.id == id) {
            event.destroyed_by.insert(user.to_owned());
        }
        Ok(Reply::Answer(empty_answer(204)))
    }

    /// What the user can still see.
    pub(super) fn visible<'a>(&'a self, user: &'a str, now_ms: u64) -> impl Iterator<Item = &'a DmEvent> {
        self.messages.iter().filter(move |event| {
            (event.from == user || event.to == user)
                && !event.destroyed_by.contains(user)
                && now_ms < event.created_ms.saturating_add(KEPT_MS)
        })
    }
}
