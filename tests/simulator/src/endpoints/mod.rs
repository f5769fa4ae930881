//! What X does when it is asked: one file per family of endpoints.

mod accounts;
mod activity;
mod bearer;
mod media;
mod media_v2;
mod message_rules;
mod messages;
mod messages_v2;
mod oauth2;
mod pages;
mod posts;
mod profiles;
mod replay;
mod send_message;
mod send_v2;
mod sign_in;
mod signals;
mod strict;
mod subscriptions;
mod webhooks;
mod welcome;
mod welcome_rules;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;

use self::message_rules::{bad, missing};
use crate::answer::Refusal;
use crate::endpoint::Endpoint;
use crate::handle::is_v2;
use crate::oauth1::Signer;
use crate::parameters::{Parameters, content_type, query_of};
use crate::registry::Place;
use crate::simulator::Simulator;

pub use webhooks::Challenge;

/// A call that found its route and whose caller is known.
pub(crate) struct Call<'a> {
    pub now_ms: u64,
    pub endpoint: Endpoint,
    pub asking: Asking,
    /// The variable parts of the path.
    pub captured: Vec<String>,
    pub parameters: Parameters,
    pub request: &'a Request<Bytes>,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) enum Asking {
    Keys,
    App,
    User(Signer),
    /// Somebody on the way to sign in: the app, with the request token if there is one already.
    Consumer(Option<String>),
    /// A browser.
    Nobody,
}

pub(crate) enum Reply {
    Answer(Response<Bytes>),
    Challenge(Challenge),
}

pub(crate) type Answer = Result<Reply, Refusal>;

impl Simulator {
    pub(crate) fn serve(&mut self, call: &Call<'_>) -> Answer {
        match call.endpoint {
            Endpoint::BearerToken => self.give_bearer(call),
            Endpoint::InvalidateBearerToken => self.invalidate_bearer(call),
            Endpoint::RegisterWebhook => self.register_webhook(call),
            Endpoint::ListWebhooks => self.list_webhooks(call),
            Endpoint::ValidateWebhook => self.validate_webhook(call),
            Endpoint::DeleteWebhook => self.delete_webhook(call),
            Endpoint::Subscribe => self.subscribe(call),
            Endpoint::CheckSubscription => self.check_subscription(call),
            Endpoint::ListSubscriptions => self.list_subscriptions(call),
            Endpoint::CountSubscriptions => self.count_subscriptions(call),
            Endpoint::Unsubscribe => self.unsubscribe(call, call.user()?),
            Endpoint::UnsubscribeUser => self.unsubscribe(call, call.captured.last().map_or("", String::as_str)),
            Endpoint::CreateActivity => self.create_activity(call),
            Endpoint::ListActivity => self.list_activity(call),
            Endpoint::UpdateActivity => self.update_activity(call),
            Endpoint::DeleteActivity => self.delete_activity(call),
            Endpoint::DeleteActivities => self.delete_activities(call),
            Endpoint::SendMessage => self.send_message(call),
            Endpoint::ListMessages => self.list_messages(call),
            Endpoint::ShowMessage => self.show_message(call),
            Endpoint::DestroyMessage => self.destroy_message(call),
            Endpoint::SendV2 => self.send_v2(call),
            Endpoint::ListEventsV2 => self.list_events_v2(call),
            Endpoint::ShowEventV2 => self.show_event_v2(call),
            Endpoint::DeleteEventV2 => self.delete_event_v2(call),
            Endpoint::IndicateTyping => self.indicate_typing(call),
            Endpoint::MarkRead => self.mark_read(call),
            Endpoint::NewWelcomeMessage => self.new_welcome_message(call),
            Endpoint::ListWelcomeMessages => self.list_welcome_messages(call),
            Endpoint::ShowWelcomeMessage => self.show_welcome_message(call),
            Endpoint::UpdateWelcomeMessage => self.update_welcome_message(call),
            Endpoint::DestroyWelcomeMessage => self.destroy_welcome_message(call),
            Endpoint::NewWelcomeRule => self.new_welcome_rule(call),
            Endpoint::ListWelcomeRules => self.list_welcome_rules(call),
            Endpoint::ShowWelcomeRule => self.show_welcome_rule(call),
            Endpoint::DestroyWelcomeRule => self.destroy_welcome_rule(call),
            Endpoint::NewProfile => self.new_profile(call),
            Endpoint::ShowProfile => self.show_profile(call),
            Endpoint::ListProfiles => self.list_profiles(call),
            Endpoint::DestroyProfile => self.destroy_profile(call),
            Endpoint::UploadMedia => self.upload_media(call),
            Endpoint::MediaStatus => self.media_status(call),
            Endpoint::BeginMediaV2 => self.begin_media_v2(call),
            Endpoint::AppendMediaV2 => self.append_media_v2(call),
            Endpoint::FinishMediaV2 => self.finish_media_v2(call),
            Endpoint::MediaStatusV2 => self.media_status_v2(call),
            Endpoint::GiveFile => self.give_file(call),
            Endpoint::GiveFileV2 => self.give_file_v2(call),
            Endpoint::CreatePost => self.create_post(call),
            Endpoint::ListPosts => self.list_posts(call),
            Endpoint::Replay => self.replay(call),
            Endpoint::UserByName => self.user_by_name(call),
            Endpoint::UsersById => self.users_by_id(call),
            Endpoint::RequestToken => self.request_token(call),
            Endpoint::InvalidateToken => self.invalidate_token(call),
            Endpoint::AccessToken => self.access_token(call),
            Endpoint::AuthorizePage => self.authorize_page(call),
            Endpoint::Authorize => self.authorize(call),
            Endpoint::AuthorizePage2 => self.authorize_page2(call),
            Endpoint::Authorize2 => self.authorize2(call),
            Endpoint::GiveTokens => self.give_tokens(call),
            Endpoint::RevokeTokens => self.revoke_tokens(call),
            Endpoint::VerifyCredentials => self.verify_credentials(call),
            Endpoint::Me => self.me(call),
        }
    }

    /// Which product the path speaks of, where the app has it.
    fn place(&self, call: &Call<'_>) -> Result<Place, Refusal> {
        if call.is_v2() {
            return if self.app.v2 {
                Ok(Place::V2)
            } else {
                Err(Refusal::problem(403, 453, "Client forbidden: this endpoint is not in your plan."))
            };
        }
        if !call.is_premium() {
            return if self.app.enterprise { Ok(Place::Enterprise) } else { Err(Refusal::new(200)) };
        }
        // The label is case-sensitive.
        let given = call.captured.first();
        match given.filter(|given| self.app.environment.as_ref() == Some(given)) {
            Some(label) => Ok(Place::Environment(label.clone())),
            None => Err(Refusal::new(200)),
        }
    }
}

impl Call<'_> {
    /// The user who signed.
    fn user(&self) -> Result<&str, Refusal> {
        match &self.asking {
            Asking::User(signer) => Ok(&signer.user),
            Asking::Keys | Asking::App | Asking::Consumer(_) | Asking::Nobody => Err(Refusal::new(220)),
        }
    }

    fn must_be_json(&self) -> Result<(), Refusal> {
        if content_type(self.request).starts_with("application/json") { Ok(()) } else { Err(Refusal::new(25)) }
    }

    /// The body.
    fn json(&self) -> Result<Value, Refusal> {
        self.must_be_json()?;
        serde_json::from_slice(self.request.body()).map_err(|_| bad("body", "is no JSON"))
    }

    /// The body's object of this name.
    fn object(&self, name: &str) -> Result<Value, Refusal> {
        self.json()?.get(name).filter(|value| value.is_object()).cloned().ok_or_else(|| missing(name))
    }

    pub(crate) fn is_v2(&self) -> bool {
        is_v2(self.request.uri().path())
    }

    fn is_premium(&self) -> bool {
        self.request.uri().path().starts_with("/1.1/account_activity/all/")
    }

    /// A field of the form body; the query is not looked at.
    fn form(&self, name: &str) -> Option<String> {
        query_of(&format!("?{}", String::from_utf8_lossy(self.request.body())), name)
    }

    /// A parameter that must be there.
    fn needed(&self, name: &str) -> Result<&str, Refusal> {
        let given = self.parameters.get(name).filter(|value| !value.is_empty());
        given.ok_or_else(|| Refusal::saying(357, format!("{name}: queryParam is required")))
    }
}
