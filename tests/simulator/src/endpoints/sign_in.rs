//! `/oauth/…`: three-legged OAuth 1.0a, with the page on which people decide.

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderValue, Response};

use super::{Answer, Asking, Call, Reply};
use crate::answer::{Refusal, page_answer, text_answer};
use crate::parameters::encode;
use crate::sign_ins::SignIn;
use crate::simulator::Simulator;

impl Simulator {
    pub(super) fn request_token(&mut self, call: &Call<'_>) -> Answer {
        let Asking::Consumer(Some(callback)) = &call.asking else {
            return Err(Refusal::saying(215, "oauth_callback is required."));
        };
        if self.app.callbacks.as_ref().is_some_and(|known| !known.contains(callback)) {
            let words = "Callback URL not approved for this client application. Approved callback URLs can be adjusted in your application settings";
            return Err(Refusal::saying(415, words));
        }
        let (token, secret) = (self.opaque(call.now_ms, "request"), self.opaque(call.now_ms, "request secret"));
        let body = format!("oauth_token={token}&oauth_token_secret={secret}&oauth_callback_confirmed=true");
        let (callback, since_ms) = (callback.clone(), call.now_ms);
        self.sign_ins.push(SignIn { token, secret, callback, since_ms, given: None });
        Ok(Reply::Answer(text_answer(&body)))
    }

    pub(super) fn access_token(&mut self, call: &Call<'_>) -> Answer {
        let Asking::Consumer(Some(given)) = &call.asking else { return Err(Refusal::new(215)) };
        let (token, verifier) = given.split_once(' ').unwrap_or((given, ""));
        let (user, grant) = self.exchange(call.now_ms, token, verifier).ok_or_else(|| {
            Refusal::saying(89, "Error processing your OAuth request: Invalid oauth_verifier parameter")
        })?;
        let name = self.user(&user).map(|user| user.username.clone()).unwrap_or_default();
        let (token, secret) = (encode(&grant.token), encode(&grant.token_secret));
        let body = format!("oauth_token={token}&oauth_token_secret={secret}&user_id={user}&screen_name={name}");
        Ok(Reply::Answer(text_answer(&body)))
    }

    pub(super) fn authorize_page(&mut self, call: &Call<'_>) -> Answer {
        let token = call.needed("oauth_token")?.to_owned();
        if self.pending(call.now_ms, &token).is_none() {
            return Ok(Reply::Answer(page_answer(
                403,
                "<h1>This page is no longer valid.</h1><p>Go back and begin again.</p>",
            )));
        }
        // The app's owner hardly connects themselves.
        let owner = self.app.owner_id.clone();
        let mut users: Vec<_> = self.users().collect();
        users.sort_by_key(|user| user.id == owner);
        let people: String = users
            .into_iter()
            .map(|user| {
                format!(
                    "<option value=\"{}\">{} (@{})</option>",
                    text(&user.id),
                    text(&user.name),
                    text(&user.username)
                )
            })
            .collect();
        let body = format!(
            "<h1>Let {} use your account?</h1><form method=\"post\" action=\"/oauth/authorize\">\
             <input type=\"hidden\" name=\"oauth_token\" value=\"{}\">\
             <p><label>You are <select name=\"user\">{people}</select></label></p>\
             <p><button name=\"answer\" value=\"yes\">Authorize app</button> <button name=\"answer\" value=\"no\">Cancel</button></p></form>",
            text(&self.app.name),
            text(&token),
        );
        Ok(Reply::Answer(page_answer(200, &body)))
    }

    pub(super) fn authorize(&mut self, call: &Call<'_>) -> Answer {
        let (token, user) = (call.needed("oauth_token")?.to_owned(), call.parameters.get("user").unwrap_or_default());
        let next = if call.parameters.get("answer") == Some("yes") && self.user(user).is_some() {
            let user = user.to_owned();
            self.user_authorizes(call.now_ms, &token, &user)
        } else {
            self.user_denies(call.now_ms, &token)
        };
        let next = next.and_then(|next| HeaderValue::from_str(&next).ok()).ok_or_else(|| Refusal::new(89))?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = http::StatusCode::FOUND;
        response.headers_mut().insert(LOCATION, next);
        Ok(Reply::Answer(response))
    }
}

/// As text of a page.
fn text(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
