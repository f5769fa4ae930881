//! `GET /2/dm_events` and its kin: a user's messages of the last 30 days, with the fields that are asked for.

use serde_json::{Map, Value, json};

use super::pages::Page;
use super::send_v2::participant;
use super::strict::{invalid, is_id, known_parameters, words};
use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::message::{DmEvent, set};
use crate::simulator::Simulator;

const PARAMETERS: &[&str] = &[
    "max_results",
    "pagination_token",
    "event_types",
    "dm_event.fields",
    "expansions",
    "user.fields",
    "media.fields",
    "tweet.fields",
    "post.fields",
];
const KINDS: &[&str] = &["MessageCreate", "ParticipantsJoin", "ParticipantsLeave"];
/// With the names of the guide, too, which the specification has given up.
const FIELDS: &[&str] = &[
    "attachments",
    "created_at",
    "dm_conversation_id",
    "entities",
    "event_type",
    "id",
    "participant_ids",
    "referenced_posts",
    "referenced_tweets",
    "sender_id",
    "text",
];
const EXPANSIONS: &[&str] = &[
    "attachments.media_keys",
    "participant_ids",
    "referenced_posts",
    "referenced_posts.id",
    "referenced_tweets.id",
    "sender_id",
];

/// What a call wants to see.
struct Wanted<'a> {
    fields: Vec<&'a str>,
    expansions: Vec<&'a str>,
    user_fields: Vec<&'a str>,
}

impl Simulator {
    /// Newest first: all, or those of one conversation.
    pub(super) fn list_events_v2(&mut self, call: &Call<'_>) -> Answer {
        known_parameters(call, PARAMETERS)?;
        let (user, wanted) = (call.user()?, Wanted::asked(call)?);
        let page = Page::read(call, ("max_results", 1..=100, 100), "pagination_token").map_err(|why| invalid(&why))?;
        let kinds = words(call, "event_types", KINDS)?;
        let other = if call.captured.is_empty() { None } else { Some(participant(call, user)?) };
        if self.troubles.empty_pages > 0 {
            self.troubles.empty_pages -= 1;
            let body = json!({"meta": {"result_count": 0, "next_token": page.cursor()}});
            return Ok(Reply::Answer(json_answer(200, &body)));
        }
        let wanted_kind = kinds.is_empty() || kinds.contains(&"MessageCreate");
        let mut all: Vec<&DmEvent> = self.visible(user, call.now_ms).filter(|_| wanted_kind).collect();
        all.retain(|event| other.as_ref().is_none_or(|other| event.is_between(user, other)));
        let previous = page.previous(all.iter().copied(), |event| &event.id);
        let (here, next) = page.of(all.into_iter(), |event| &event.id);
        let mut meta = json!({"result_count": here.len()});
        for (key, token) in [("next_token", next), ("previous_token", previous)] {
            if let Some(token) = token {
                set(&mut meta, key, json!(token));
            }
        }
        let mut body = json!({"meta": meta});
        if !here.is_empty() {
            let events: Vec<Value> = here.iter().map(|event| self.event_v2(event, &wanted)).collect();
            set(&mut body, "data", Value::Array(events));
        }
        self.include(&mut body, &here, &wanted);
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn show_event_v2(&mut self, call: &Call<'_>) -> Answer {
        known_parameters(call, PARAMETERS.get(3..).unwrap_or_default())?;
        let (user, wanted, id) = (call.user()?, Wanted::asked(call)?, named(call)?);
        let Some(event) = self.visible(user, call.now_ms).find(|event| event.id == id) else {
            let error = json!({"title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found",
                "resource_type": "dm_event", "parameter": "event_id", "resource_id": id, "value": id,
                "detail": format!("Could not find dm_event with event_id: [{id}].")});
            return Ok(Reply::Answer(json_answer(200, &json!({"errors": [error]}))));
        };
        let mut body = json!({"data": self.event_v2(event, &wanted)});
        self.include(&mut body, &[event], &wanted);
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// Only from the view of the user who asks.
    pub(super) fn delete_event_v2(&mut self, call: &Call<'_>) -> Answer {
        let (user, id) = (call.user()?, named(call)?);
        if !self.visible(user, call.now_ms).any(|event| event.id == id) {
            return Err(Refusal::problem(404, 34, "Could not find this dm_event."));
        }
        for event in self.messages.iter_mut().filter(|event| event.id == id) {
            event.destroyed_by.insert(user.to_owned());
        }
        Ok(Reply::Answer(json_answer(200, &json!({"data": {"deleted": true}}))))
    }

    fn event_v2(&self, event: &DmEvent, wanted: &Wanted<'_>) -> Value {
        let all = event.to_v2_json(&self.settings);
        let kept = all.into_iter().filter(|(key, _)| wanted.field(key));
        Value::Object(kept.collect())
    }

    /// Adds the objects to which the events point, where they were asked for.
    fn include(&self, body: &mut Value, events: &[&DmEvent], wanted: &Wanted<'_>) {
        let mut includes = Map::new();
        if wanted.expansions.contains(&"sender_id") {
            let mut senders: Vec<&str> = events.iter().map(|event| event.from.as_str()).collect();
            senders.sort_unstable();
            senders.dedup();
            let users = senders.into_iter().filter_map(|id| self.user(id));
            let users: Vec<Value> = users.map(|user| user.to_v2_json(&wanted.user_fields)).collect();
            includes.insert("users".to_owned(), Value::Array(users));
        }
        let media = events.iter().filter_map(|event| event.attachment.as_ref());
        let media: Vec<Value> = media.map(|file| json!({"media_key": file.key(), "type": file.kind})).collect();
        if wanted.expansions.contains(&"attachments.media_keys") && !media.is_empty() {
            includes.insert("media".to_owned(), Value::Array(media));
        }
        if !includes.is_empty() && !events.is_empty() {
            set(body, "includes", Value::Object(includes));
        }
    }
}

impl<'a> Wanted<'a> {
    fn asked(call: &'a Call<'_>) -> Result<Self, Refusal> {
        let user_fields = call.parameters.get("user.fields").unwrap_or_default().split(',').map(str::trim).collect();
        Ok(Self {
            fields: words(call, "dm_event.fields", FIELDS)?,
            expansions: words(call, "expansions", EXPANSIONS)?,
            user_fields,
        })
    }

    /// Three come unasked. Whoever expands a field gets the field, too.
    fn field(&self, name: &str) -> bool {
        ["id", "event_type", "text"].contains(&name)
            || self.fields.contains(&name)
            || self.expansions.iter().any(|expansion| expansion.split('.').next() == Some(name))
    }
}

fn named<'a>(call: &'a Call<'_>) -> Result<&'a str, Refusal> {
    let id = call.captured.first().map_or("", String::as_str);
    if is_id(id) { Ok(id) } else { Err(invalid("event_id: must be an id")) }
}
