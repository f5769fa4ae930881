//! `/oauth/…`: three-legged OAuth 1.0a, with the page on which people decide.

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderValue, Response};
use serde_json::json;

use super::{Answer, Asking, Call, Reply};
use crate::answer::{Refusal, json_answer, page_answer, text_answer};
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

    /// The user's tokens are good for nothing from now on.
    pub(super) fn invalidate_token(&mut self, call: &Call<'_>) -> Answer {
        let user = call.user()?.to_owned();
        let of_user = self.grants.iter_mut().filter(|granted| granted.user == user);
        of_user.for_each(|granted| granted.revoked = true);
        Ok(Reply::Answer(json_answer(200, &json!({"access_token": user}))))
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
            return Ok(wrong_page(403, "This page is no longer valid."));
        }
        Ok(decision_page(self, "/oauth/authorize", &[("oauth_token", &token)], ""))
    }

    pub(super) fn authorize(&mut self, call: &Call<'_>) -> Answer {
        let (token, user) = (call.needed("oauth_token")?.to_owned(), call.parameters.get("user").unwrap_or_default());
        let next = if call.parameters.get("answer") == Some("yes") && self.user(user).is_some() {
            let user = user.to_owned();
            self.user_authorizes(call.now_ms, &token, &user)
        } else {
            self.user_denies(call.now_ms, &token)
        };
        sent_on(next)
    }
}

/// The page on which people decide. The owner of the app hardly connects themselves, so they come last.
pub(super) fn decision_page(x: &Simulator, action: &str, hidden: &[(&str, &str)], asked: &str) -> Reply {
    let mut users: Vec<_> = x.users().collect();
    users.sort_by_key(|user| user.id == x.app.owner_id);
    let people = users.into_iter().map(|user| {
        let (id, name, username) = (text(&user.id), text(&user.name), text(&user.username));
        format!("<option value=\"{id}\">{name} (@{username})</option>")
    });
    let kept = hidden
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", text(name), text(value)));
    let (people, kept): (String, String) = (people.collect(), kept.collect());
    let asked = if asked.is_empty() { String::new() } else { format!("<p>{}</p>", text(asked)) };
    let body = format!(
        "<h1>Let {} use your account?</h1>{asked}<form method=\"post\" action=\"{}\">{kept}\
         <p><label>You are <select name=\"user\">{people}</select></label></p>\
         <p><button name=\"answer\" value=\"yes\">Authorize app</button> <button name=\"answer\" value=\"no\">Cancel</button></p></form>",
        text(&x.app.name),
        text(action),
    );
    Reply::Answer(page_answer(200, &body))
}

/// A page without a button.
pub(super) fn wrong_page(status: u16, words: &str) -> Reply {
    Reply::Answer(page_answer(status, &format!("<h1>{}</h1><p>Go back and begin again.</p>", text(words))))
}

/// The browser goes back to the app.
pub(super) fn sent_on(next: Option<String>) -> Answer {
    let next = next.and_then(|next| HeaderValue::from_str(&next).ok()).ok_or_else(|| Refusal::new(89))?;
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = http::StatusCode::FOUND;
    response.headers_mut().insert(LOCATION, next);
    Ok(Reply::Answer(response))
}

/// As text of a page.
fn text(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
