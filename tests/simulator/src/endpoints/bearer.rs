//! The app's own token: bought with its keys, the same until it is invalidated.

use serde_json::json;

use super::{Answer, Call, Reply};
use crate::answer::{Refusal, json_answer};
use crate::simulator::Simulator;

impl Simulator {
    pub(super) fn give_bearer(&mut self, call: &Call<'_>) -> Answer {
        if call.parameters.get("grant_type") != Some("client_credentials") {
            return Err(Refusal::new(170));
        }
        let body = json!({"token_type": "bearer", "access_token": self.bearer_token()});
        Ok(Reply::Answer(json_answer(200, &body)))
    }

    pub(super) fn invalidate_bearer(&mut self, call: &Call<'_>) -> Answer {
        let token = self.bearer_token();
        let given = call.needed("access_token")?;
        // The token is half encoded already; both spellings reach X as one.
        if given != token && given != crate::parameters::decode(&token) {
            return Err(Refusal::new(89));
        }
        self.bearer_generation += 1;
        Ok(Reply::Answer(json_answer(200, &json!({"access_token": token}))))
    }
}
