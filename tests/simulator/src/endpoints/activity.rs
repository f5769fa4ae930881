//! `/2/activity/subscriptions`: which kinds of events of which users go to which webhook.

use serde_json::{Map, Value, json};

use super::pages::Page;
use super::strict::{body_of, invalid, is_id, known_keys, known_parameters};
use super::{Answer, Asking, Call, Reply};
use crate::activity::{ActivityShape, ActivitySubscription, Filter, is_kind, is_private, scope_of};
use crate::answer::{Refusal, json_answer};
use crate::app::Permission;
use crate::message::set;
use crate::registry::Place;
use crate::simulator::Simulator;

const TAG: usize = 200;
const KEYWORD: usize = 150;
const AT_ONCE: usize = 100;

impl Simulator {
    pub(super) fn create_activity(&mut self, call: &Call<'_>) -> Answer {
        let body = body_of(call, &["event_type", "filter", "tag", "webhook_id"])?;
        let event_type = text(&body, "event_type", 100)?.ok_or_else(|| invalid("event_type: must be there"))?;
        if !is_kind(&event_type) {
            return Err(invalid(&format!("event_type: [{event_type}] is not known")));
        }
        let filter = filter(&body)?;
        let (tag, webhook) = (text(&body, "tag", TAG)?, self.wanted_webhook(&body)?);
        self.may_hear(call, &event_type, &filter)?;
        if self.is_heard(&event_type, &filter, webhook.as_deref()) {
            return Err(invalid("DuplicateSubscriptionFailed: Subscription already exists."));
        }
        if self.activity.len() >= self.settings.activity_limit {
            return Err(invalid("SubscriptionLimitExceeded: Too many resources already created."));
        }
        let made = self.hear(call.now_ms, &event_type, filter, tag, webhook);
        Ok(self.shaped(&made))
    }

    pub(super) fn list_activity(&mut self, call: &Call<'_>) -> Answer {
        known_parameters(call, &["max_results", "pagination_token"])?;
        let asked = ("max_results", 1..=1000, 1000);
        let page = Page::read(call, asked, "pagination_token").map_err(|why| invalid(&why))?;
        let (here, next) = page.of(self.activity.iter(), |known| &known.id);
        let all: Vec<Value> = here.iter().map(|known| known.to_json()).collect();
        let mut meta = self.activity_meta();
        set(&mut meta, "result_count", json!(all.len()));
        if let Some(next) = next {
            set(&mut meta, "next_token", json!(next));
        }
        Ok(Reply::Answer(json_answer(200, &json!({"data": all, "meta": meta}))))
    }

    /// The filter and the kind cannot be changed.
    pub(super) fn update_activity(&mut self, call: &Call<'_>) -> Answer {
        let body = body_of(call, &["tag", "webhook_id"])?;
        let (tag, webhook) = (text(&body, "tag", TAG)?, self.wanted_webhook(&body)?);
        if tag.is_none() && webhook.is_none() {
            return Err(invalid("tag or webhook_id: one of them must be there"));
        }
        let id = call.captured.first().map_or("", String::as_str);
        let known = self.activity.iter_mut().find(|known| known.id == id).ok_or_else(not_found)?;
        known.tag = tag.or(known.tag.take());
        known.webhook = webhook.or(known.webhook.take());
        known.updated_ms = call.now_ms;
        let changed = known.clone();
        Ok(self.shaped(&changed))
    }

    pub(super) fn delete_activity(&mut self, call: &Call<'_>) -> Answer {
        let id = call.captured.first().map_or("", String::as_str);
        if !self.no_longer_heard(id) {
            return Err(not_found());
        }
        let body = json!({"data": {"deleted": true}, "meta": self.activity_meta()});
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// Several at once: those that are not there are named, and hinder no other.
    pub(super) fn delete_activities(&mut self, call: &Call<'_>) -> Answer {
        known_parameters(call, &["ids"])?;
        let given = call.parameters.get("ids").unwrap_or_default();
        let ids: Vec<&str> = given.split(',').filter(|id| !id.is_empty()).collect();
        if ids.is_empty() || ids.len() > AT_ONCE {
            return Err(invalid("ids: must be 1 to 100 ids"));
        }
        let (gone, unknown): (Vec<&str>, Vec<&str>) = ids.into_iter().partition(|id| self.no_longer_heard(id));
        let mut body = json!({"meta": self.activity_meta()});
        if !gone.is_empty() {
            set(&mut body, "data", json!({"deleted": true}));
        }
        let errors = unknown.iter().map(|id| {
            json!({"title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found", "value": id,
                "resource_type": "subscription", "parameter": "ids", "resource_id": id,
                "detail": format!("SubscriptionNotFound: Could not find subscription with ids: [{id}].")})
        });
        let errors: Vec<Value> = errors.collect();
        if !errors.is_empty() {
            set(&mut body, "errors", Value::Array(errors));
        }
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// What is private is heard by the user's own token, or by the app where the user lets it.
    fn may_hear(&self, call: &Call<'_>, event_type: &str, filter: &Filter) -> Result<(), Refusal> {
        let refused = |why: &str| Err(Refusal::problem(403, 348, why));
        let user = filter.user.as_deref();
        match &call.asking {
            Asking::User(signer) => {
                let scope = scope_of(event_type);
                if signer.scopes.as_ref().is_some_and(|scopes| !scopes.iter().any(|known| known == scope)) {
                    return refused(&format!("The access token lacks the scope {scope}."));
                }
                if !is_private(event_type) {
                    return Ok(());
                }
                if user != Some(signer.user.as_str()) {
                    return refused("Private events are heard with the token of the user whom they concern.");
                }
                match signer.permission {
                    Permission::ReadWriteDm => Ok(()),
                    _ => refused("The access token may not read Direct Messages."),
                }
            }
            _ if is_private(event_type) && !user.is_some_and(|user| self.has_granted(user)) => {
                refused("The user has not authorized this app.")
            }
            _ => Ok(()),
        }
    }

    fn wanted_webhook(&self, body: &Map<String, Value>) -> Result<Option<String>, Refusal> {
        let Some(id) = text(body, "webhook_id", 19)? else { return Ok(None) };
        let known = self.webhook(&id).is_some_and(|webhook| webhook.place == Place::V2);
        if known { Ok(Some(id)) } else { Err(invalid("WebhookIdInvalid: There is no such webhook.")) }
    }

    fn no_longer_heard(&mut self, id: &str) -> bool {
        let before = self.activity.len();
        self.activity.retain(|known| known.id != id);
        self.activity.len() < before
    }

    fn shaped(&self, known: &ActivitySubscription) -> Reply {
        let body = match self.settings.activity_shape {
            ActivityShape::Nested => json!({"data": {"subscription": known.to_json()}}),
            ActivityShape::Flat => json!({"data": known.to_json()}),
            ActivityShape::List => json!({"data": [known.to_json()], "meta": self.activity_meta()}),
        };
        Reply::Answer(json_answer(200, &body))
    }

    fn activity_meta(&self) -> Value {
        json!({"total_subscriptions": self.activity.len()})
    }
}

fn filter(body: &Map<String, Value>) -> Result<Filter, Refusal> {
    let given = body.get("filter").ok_or_else(|| invalid("filter: must be there"))?;
    let given = known_keys(given, "filter", &["user_id", "keyword", "direction"])?;
    let (user, direction) = (text(given, "user_id", 19)?, text(given, "direction", 10)?);
    let keyword = text(given, "keyword", KEYWORD)?;
    if user.as_deref().is_some_and(|user| !is_id(user)) {
        return Err(invalid("filter.user_id: must be an id"));
    }
    if direction.as_deref().is_some_and(|direction| !["inbound", "outbound"].contains(&direction)) {
        return Err(invalid("filter.direction: must be inbound or outbound"));
    }
    if user.is_none() && keyword.is_none() {
        return Err(invalid("filter: must name a user or a keyword"));
    }
    Ok(Filter { user, keyword, direction })
}

/// A text that may be missing, of 1 to so many characters.
fn text(object: &Map<String, Value>, key: &str, longest: usize) -> Result<Option<String>, Refusal> {
    let Some(given) = object.get(key) else { return Ok(None) };
    let text = given.as_str().filter(|text| (1..=longest).contains(&text.chars().count()));
    match text {
        Some(text) => Ok(Some(text.to_owned())),
        None => Err(invalid(&format!("{key}: must be a text of 1 to {longest} characters"))),
    }
}

fn not_found() -> Refusal {
    Refusal::problem(404, 34, "SubscriptionNotFound: There is no such subscription.")
}
