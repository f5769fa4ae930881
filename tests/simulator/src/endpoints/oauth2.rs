//! `/i/oauth2/authorize`, `/2/oauth2/token` and `/2/oauth2/revoke`: people agree, and the app gets tokens for it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::sign_in::{decision_page, sent_on, wrong_page};
use super::{Answer, Call, Reply};
use crate::answer::{Manner, Refusal, json_answer};
use crate::bearer::credentials;
use crate::message::set;
use crate::oauth2::{Tokens, Wish};
use crate::parameters::{content_type, decode, encode};
use crate::simulator::Simulator;

const PARAMETERS: [&str; 7] =
    ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];

impl Simulator {
    pub(super) fn authorize_page2(&mut self, call: &Call<'_>) -> Answer {
        let wish = match Wish::read(self, |name| call.parameters.get(name).map(str::to_owned)) {
            Ok(wish) => wish,
            Err(why) => return Ok(wrong_page(400, &format!("Something went wrong: {why}."))),
        };
        let hidden: Vec<(&str, &str)> =
            PARAMETERS.iter().map(|name| (*name, call.parameters.get(name).unwrap_or_default())).collect();
        let asked = format!("It asks for: {}.", wish.scopes.join(", "));
        Ok(decision_page(self, call.request.uri().path(), &hidden, &asked))
    }

    pub(super) fn authorize2(&mut self, call: &Call<'_>) -> Answer {
        let wish = match Wish::read(self, |name| call.parameters.get(name).map(str::to_owned)) {
            Ok(wish) => wish,
            Err(why) => return Ok(wrong_page(400, &format!("Something went wrong: {why}."))),
        };
        let user = call.parameters.get("user").unwrap_or_default();
        let yes = call.parameters.get("answer") == Some("yes") && self.user(user).is_some();
        let next = if yes {
            Some(self.consent(call.now_ms, user, wish))
        } else {
            let all = PARAMETERS.iter().filter_map(|name| Some((name, call.parameters.get(name)?)));
            let query: Vec<String> = all.map(|(name, value)| format!("{name}={}", encode(value))).collect();
            self.user_denies2(&query.join("&"))
        };
        sent_on(next)
    }

    pub(super) fn give_tokens(&mut self, call: &Call<'_>) -> Answer {
        self.is_client(call)?;
        let given = |name: &str| field(call, name).unwrap_or_default();
        let tokens = match given("grant_type").as_str() {
            "authorization_code" => {
                let (code, back, verifier) = (given("code"), given("redirect_uri"), given("code_verifier"));
                let tokens = self.redeem(call.now_ms, &code, &back, &verifier);
                tokens.ok_or_else(|| invalid("Value passed for the authorization code was invalid."))?
            }
            "refresh_token" => {
                let tokens = self.refresh(call.now_ms, &given("refresh_token"));
                tokens.ok_or_else(|| invalid("Value passed for the token was invalid."))?
            }
            _ => return Err(refused(400, "unsupported_grant_type", "Value passed for the grant type was invalid.")),
        };
        Ok(Reply::Answer(json_answer(200, &tokens.to_json())))
    }

    /// Says yes to any token, as RFC 7009 wants it.
    pub(super) fn revoke_tokens(&mut self, call: &Call<'_>) -> Answer {
        self.is_client(call)?;
        let token = field(call, "token").filter(|token| !token.is_empty());
        self.revoke_token(&token.ok_or_else(|| invalid("Missing required parameter [token]."))?);
        Ok(Reply::Answer(json_answer(200, &json!({"revoked": true}))))
    }

    /// A confidential client proves its secret in a Basic header; a public one says who it is in the form.
    fn is_client(&self, call: &Call<'_>) -> Result<(), Refusal> {
        let kind = content_type(call.request);
        if !["application/x-www-form-urlencoded", "application/json"].iter().any(|known| kind.starts_with(known)) {
            return Err(invalid("Content-Type must be application/x-www-form-urlencoded."));
        }
        let Some(id) = &self.app.client_id else {
            return Err(refused(401, "unauthorized_client", "There is no such client."));
        };
        let Some(secret) = &self.app.client_secret else {
            return if field(call, "client_id").as_ref() == Some(id) {
                Ok(())
            } else {
                Err(refused(401, "unauthorized_client", "Missing or wrong client_id."))
            };
        };
        let given = credentials(call.request, "basic").and_then(|text| STANDARD.decode(text).ok());
        let given = given.and_then(|bytes| String::from_utf8(bytes).ok());
        match given.as_deref().and_then(|text| text.split_once(':')) {
            Some((name, word)) if decode(name) == *id && decode(word) == *secret => Ok(()),
            _ => Err(refused(401, "unauthorized_client", "Missing valid authorization header")),
        }
    }
}

impl Tokens {
    fn to_json(&self) -> Value {
        let mut body = json!({"token_type": "bearer", "expires_in": self.expires_in_s,
            "access_token": self.access_token, "scope": self.scope});
        if let Some(refresh) = &self.refresh_token {
            set(&mut body, "refresh_token", json!(refresh));
        }
        body
    }
}

/// From the form that X's pages want, or from the JSON that a common client sends all the same. Never from the address.
fn field(call: &Call<'_>, name: &str) -> Option<String> {
    if content_type(call.request).starts_with("application/json") {
        return call.json().ok()?.get(name)?.as_str().map(str::to_owned);
    }
    call.form(name)
}

fn invalid(why: &str) -> Refusal {
    refused(400, "invalid_request", why)
}

fn refused(status: u16, name: &'static str, why: &str) -> Refusal {
    Refusal { status, code: 99, message: why.to_owned(), manner: Manner::Grant(name) }
}
