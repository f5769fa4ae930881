//! Whose token this is.

use serde_json::json;

use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
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
            Some(user) => json!({"data": {"id": user.id, "name": user.name, "username": user.username}}),
            None => {
                json!({"errors": [{"value": name, "detail": format!("Could not find user with username: [{name}]."),
                "title": "Not Found Error", "resource_type": "user", "parameter": "username", "resource_id": name,
                "type": "https://api.x.com/2/problems/resource-not-found"}]})
            }
        };
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn me(&mut self, call: &Call<'_>) -> Answer {
        let user = self.user(call.user()?).ok_or_else(|| Refusal::new(32))?;
        let body = json!({"data": {"id": user.id, "name": user.name, "username": user.username}});
        Ok(Reply::Answer(json_answer(200, &body)))
    }
}
