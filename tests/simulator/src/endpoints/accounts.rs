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

    pub(super) fn me(&mut self, call: &Call<'_>) -> Answer {
        let user = self.user(call.user()?).ok_or_else(|| Refusal::new(32))?;
        let body = json!({"data": {"id": user.id, "name": user.name, "username": user.username}});
        Ok(Reply::Answer(json_answer(200, &body)))
    }
}
