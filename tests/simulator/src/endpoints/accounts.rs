//! Whose token this is.

use serde_json::{Value, json};

use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::message::set;
use crate::people::User;
use crate::simulator::Simulator;

impl Simulator {
    pub(super) fn verify_credentials(&mut self, call: &Call<'_>) -> Answer {
        let user = self.user(call.user()?).ok_or_else(|| Refusal::new(32))?;
        Ok(Reply::Answer(json_answer(200, &user.to_profile_json())))
    }

    pub(super) fn user_by_name(&mut self, call: &Call<'_>) -> Answer {
        let name = call.captured.first().map_or("", String::as_str);
        let user = self.users().find(|user| user.username.eq_ignore_ascii_case(name));
        let body = match user {
            Some(user) => json!({"data": self.shown_user(call, user)}),
            None => {
                json!({"errors": [not_found("username", "username", name)]})
            }
        };
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// Up to a hundred; those that nobody has stand in `errors`, beside the others.
    pub(super) fn users_by_id(&mut self, call: &Call<'_>) -> Answer {
        let ids: Vec<&str> = call.parameters.get("ids").unwrap_or_default().split(',').collect();
        if ids.len() > 100 || ids.iter().any(|id| id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(Refusal::problem(400, 214, "The `ids` query parameter must hold 1 to 100 ids of users."));
        }
        let (known, unknown): (Vec<&str>, Vec<&str>) = ids.into_iter().partition(|id| self.user(id).is_some());
        let users = known.iter().filter_map(|id| self.user(id)).map(|user| self.shown_user(call, user));
        let mut body = json!({"data": users.collect::<Vec<_>>()});
        if !unknown.is_empty() {
            let errors = unknown.iter().map(|id| not_found("id", "ids", id));
            set(&mut body, "errors", errors.collect());
        }
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn me(&mut self, call: &Call<'_>) -> Answer {
        let user = self.user(call.user()?).ok_or_else(|| Refusal::new(32))?;
        let body = json!({"data": self.shown_user(call, user)});
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    /// With the fields that are asked for; whether they take messages is told to a user alone.
    fn shown_user(&self, call: &Call<'_>, user: &User) -> Value {
        let fields: Vec<&str> = call.parameters.get("user.fields").unwrap_or_default().split(',').collect();
        let mut body = user.to_v2_json(&fields);
        if let (true, Ok(asking)) = (fields.contains(&"receives_your_dm"), call.user()) {
            set(&mut body, "receives_your_dm", json!(self.may_write_to(asking, &user.id).is_ok()));
        }
        body
    }
}

fn not_found(by: &str, parameter: &str, value: &str) -> Value {
    json!({"value": value, "detail": format!("Could not find user with {by}: [{value}]."), "title": "Not Found Error",
        "resource_type": "user", "parameter": parameter, "resource_id": value,
        "type": "https://api.x.com/2/problems/resource-not-found"})
}
