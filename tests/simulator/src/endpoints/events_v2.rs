//! `/2/dm_events`: the account's messages of the last 30 days, as v2 shows them: list, show, delete.

use serde_json::{Value, json};

use super::pages::Page;
use super::send_v2::{conversation_of, invalid};
use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::calendar;
use crate::message::{DmEvent, set, shown};
use crate::simulator::Simulator;

impl Simulator {
    /// Newest first; with somebody in the path, the messages with them.
    pub(super) fn list_events(&mut self, call: &Call<'_>) -> Answer {
        let user = call.user()?;
        let page = Page::read(call, ("max_results", 1..=100, 100), "pagination_token")
            .map_err(|why| invalid("max_results or pagination_token", &why))?;
        if self.troubles.empty_pages > 0 {
            self.troubles.empty_pages -= 1;
            let body = json!({"meta": {"result_count": 0, "next_token": page.cursor()}});
            return Ok(Reply::Answer(json_answer(200, &body)));
        }
        let other = if call.captured.is_empty() { None } else { Some(self.other_participant(call)?) };
        let seen = self.visible(user, call.now_ms);
        let seen = seen.filter(|event| other.as_ref().is_none_or(|other| event.is_between(user, other)));
        let (all, next) = page.of(seen, |event| &event.id);
        let mut meta = json!({"result_count": all.len()});
        if let Some(next) = next {
            set(&mut meta, "next_token", json!(next));
        }
        let mut body = json!({"meta": meta});
        if !all.is_empty() {
            set(&mut body, "data", all.iter().map(|event| self.event_v2(call, event)).collect());
            self.expand(call, &all, &mut body);
        }
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn show_event(&mut self, call: &Call<'_>) -> Answer {
        let (user, id) = (call.user()?, call.captured.first().map_or("", String::as_str));
        let event = self.visible(user, call.now_ms).find(|event| event.id == id).ok_or_else(gone)?;
        let mut body = json!({"data": self.event_v2(call, event)});
        self.expand(call, &[event], &mut body);
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// Only from the view of the user who signs.
    pub(super) fn delete_event(&mut self, call: &Call<'_>) -> Answer {
        let (user, id) = (call.user()?, call.captured.first().cloned().unwrap_or_default());
        self.visible(user, call.now_ms).find(|event| event.id == id).ok_or_else(gone)?;
        for event in self.messages.iter_mut().filter(|event| event.id == id) {
            event.destroyed_by.insert(user.to_owned());
        }
        Ok(Reply::Answer(json_answer(200, &json!({"data": {"deleted": true}}))))
    }

    /// Id, kind and text, and whatever else was asked for.
    fn event_v2(&self, call: &Call<'_>, event: &DmEvent) -> Value {
        let mut body =
            json!({"id": event.id, "event_type": "MessageCreate", "text": shown(&self.settings, &event.text)});
        let mut add = |name: &str, value: Value| {
            if wants(call, "dm_event.fields", name) || wants(call, "expansions", name) {
                set(&mut body, name, value);
            }
        };
        add("created_at", json!(calendar::v2(event.created_ms)));
        add("sender_id", json!(event.from));
        add("dm_conversation_id", json!(conversation_of(&event.from, &event.to)));
        if !event.links.is_empty() {
            let links = event.links.iter().map(|link| json!({"url": link.short, "expanded_url": link.long}));
            add("entities", json!({"urls": links.collect::<Vec<_>>()}));
        }
        if let Some(attachment) = &event.attachment {
            add("attachments", json!({"media_keys": [format!("3_{}", attachment.media_id)]}));
        }
        body
    }

    fn expand(&self, call: &Call<'_>, all: &[&DmEvent], body: &mut Value) {
        let mut includes = json!({});
        if wants(call, "expansions", "sender_id") {
            let mut ids: Vec<&String> = all.iter().map(|event| &event.from).collect();
            ids.sort();
            ids.dedup();
            let users = ids.into_iter().filter_map(|id| self.user(id));
            let users = users.map(|user| json!({"id": user.id, "name": user.name, "username": user.username}));
            set(&mut includes, "users", users.collect());
        }
        if wants(call, "expansions", "attachments.media_keys") {
            let files = all.iter().filter_map(|event| event.attachment.as_ref());
            let files = files
                .map(|file| json!({"media_key": format!("3_{}", file.media_id), "type": file.kind, "url": file.url}));
            let files: Vec<Value> = files.collect();
            if !files.is_empty() {
                set(&mut includes, "media", json!(files));
            }
        }
        set(body, "includes", includes);
    }
}

fn wants(call: &Call<'_>, parameter: &str, name: &str) -> bool {
    call.parameters.get(parameter).is_some_and(|all| all.split(',').any(|one| one == name))
}

fn gone() -> Refusal {
    Refusal::problem(404, 34, "Could not find dm_event with id.")
}
