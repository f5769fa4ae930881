//! The account's messages of the last 30 days: list, show, destroy.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::{Answer, Call, Reply};
use crate::answer::{Refusal, empty_answer, json_answer};
use crate::message::{DmEvent, set};
use crate::simulator::Simulator;

const KEPT_MS: u64 = 30 * 86_400_000;
const PAGE: usize = 20;
const LONGEST_PAGE: usize = 50;

impl Simulator {
    /// Newest first. `next_cursor` is there while there is more.
    pub(super) fn list_messages(&mut self, call: &Call<'_>) -> Answer {
        let count = match call.parameters.get("count") {
            None => PAGE,
            Some(count) => count
                .parse()
                .ok()
                .filter(|count| (1..=LONGEST_PAGE).contains(count))
                .ok_or_else(|| Refusal::saying(214, "count: must be between 1 and 50"))?,
        };
        let cursor = call.parameters.get("cursor").filter(|cursor| !cursor.is_empty());
        let before = cursor
            .map(|cursor| position(cursor).ok_or_else(|| Refusal::saying(214, "cursor: is not valid")))
            .transpose()?;
        if self.troubles.empty_pages > 0 {
            self.troubles.empty_pages -= 1;
            let body = json!({"events": [], "next_cursor": cursor_at(before.unwrap_or(u64::MAX))});
            return Ok(Reply::Answer(json_answer(200, &body)));
        }
        let user = call.user()?;
        let mut all: Vec<&DmEvent> =
            self.visible(user, call.now_ms).filter(|event| number(event) < before.unwrap_or(u64::MAX)).collect();
        all.sort_by_key(|event| std::cmp::Reverse(number(event)));
        let more = all.len() > count;
        all.truncate(count);
        let events: Vec<Value> = all.iter().map(|event| event.to_json(&self.settings, true)).collect();
        let mut body = json!({"events": events});
        if let Some(last) = all.last().filter(|_| more) {
            set(&mut body, "next_cursor", json!(cursor_at(number(last))));
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

    fn visible<'a>(&'a self, user: &'a str, now_ms: u64) -> impl Iterator<Item = &'a DmEvent> {
        self.messages.iter().filter(move |event| {
            (event.from == user || event.to == user)
                && !event.destroyed_by.contains(user)
                && now_ms < event.created_ms.saturating_add(KEPT_MS)
        })
    }
}

fn number(event: &DmEvent) -> u64 {
    event.id.parse().unwrap_or_default()
}

fn cursor_at(before: u64) -> String {
    STANDARD.encode(format!("before {before}"))
}

fn position(cursor: &str) -> Option<u64> {
    let text = String::from_utf8(STANDARD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("before ")?.parse().ok()
}
