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
                json!({"errors": [{"value": name, "detail": format!("Could not find user with username: [{name}]."),
                "title": "Not Found Error", "resource_type": "user", "parameter": "username", "resource_id": name,
                "type": "https://api.x.com/2/problems/resource-not-found"}]})
            }
        };
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
