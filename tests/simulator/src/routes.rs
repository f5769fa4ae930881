//! Where X can be asked: one table of methods, paths, what is asked there, and who may.

use http::Method;

use crate::app::Permission;
use crate::endpoint::Endpoint;
use crate::parameters::decode;

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Consumer key and secret, in a Basic header.
    Keys,
    /// The app's bearer token.
    App,
    /// The user who owns the app.
    Owner,
    /// Any user, with at least this permission.
    User(Permission),
    /// The app's bearer token, or any user.
    AppOrUser,
    /// A user with a token of OAuth 2.0.
    Session,
    /// The app's keys sign; with a request token, where `true`.
    Consumer(bool),
    /// A browser.
    Anybody,
}

pub(crate) struct Route {
    method: Method,
    /// Segments that start with a colon are captured.
    path: &'static str,
    pub endpoint: Endpoint,
    pub who: Who,
}

/// What a path turned out to be.
pub(crate) enum Found {
    Route { route: &'static Route, captured: Vec<String> },
    OtherMethod,
    Nothing,
}

const fn route(method: Method, path: &'static str, endpoint: Endpoint, who: Who) -> Route {
    Route { method, path, endpoint, who }
}

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    route(Method::POST, "/oauth2/token", Endpoint::BearerToken, Who::Keys),
    route(Method::POST, "/oauth2/invalidate_token", Endpoint::InvalidateBearerToken, Who::Keys),

    // The enterprise shape.
    route(Method::POST, "/1.1/account_activity/webhooks.json", Endpoint::RegisterWebhook, Who::Owner),
    route(Method::GET, "/1.1/account_activity/webhooks.json", Endpoint::ListWebhooks, Who::App),
    route(Method::PUT, "/1.1/account_activity/webhooks/:webhook.json", Endpoint::ValidateWebhook, Who::Owner),
    route(Method::DELETE, "/1.1/account_activity/webhooks/:webhook.json", Endpoint::DeleteWebhook, Who::Owner),
    route(Method::POST, "/1.1/account_activity/webhooks/:webhook/subscriptions/all.json", Endpoint::Subscribe, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/1.1/account_activity/webhooks/:webhook/subscriptions/all.json", Endpoint::CheckSubscription, Who::User(Permission::Read)),
    route(Method::DELETE, "/1.1/account_activity/webhooks/:webhook/subscriptions/all.json", Endpoint::Unsubscribe, Who::User(Permission::Read)),
    route(Method::GET, "/1.1/account_activity/webhooks/:webhook/subscriptions/all/list.json", Endpoint::ListSubscriptions, Who::App),
    route(Method::DELETE, "/1.1/account_activity/webhooks/:webhook/subscriptions/:user/all.json", Endpoint::UnsubscribeUser, Who::App),
    route(Method::GET, "/1.1/account_activity/subscriptions/count.json", Endpoint::CountSubscriptions, Who::App),

    // The premium shape.
    route(Method::GET, "/1.1/account_activity/all/subscriptions/count.json", Endpoint::CountSubscriptions, Who::App),
    route(Method::GET, "/1.1/account_activity/all/webhooks.json", Endpoint::ListWebhooks, Who::App),
    route(Method::POST, "/1.1/account_activity/all/:env/webhooks.json", Endpoint::RegisterWebhook, Who::Owner),
    route(Method::GET, "/1.1/account_activity/all/:env/webhooks.json", Endpoint::ListWebhooks, Who::App),
    route(Method::PUT, "/1.1/account_activity/all/:env/webhooks/:webhook.json", Endpoint::ValidateWebhook, Who::Owner),
    route(Method::DELETE, "/1.1/account_activity/all/:env/webhooks/:webhook.json", Endpoint::DeleteWebhook, Who::Owner),
    route(Method::POST, "/1.1/account_activity/all/:env/subscriptions.json", Endpoint::Subscribe, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/1.1/account_activity/all/:env/subscriptions.json", Endpoint::CheckSubscription, Who::User(Permission::Read)),
    route(Method::DELETE, "/1.1/account_activity/all/:env/subscriptions.json", Endpoint::Unsubscribe, Who::User(Permission::Read)),
    route(Method::GET, "/1.1/account_activity/all/:env/subscriptions/list.json", Endpoint::ListSubscriptions, Who::App),
    route(Method::DELETE, "/1.1/account_activity/all/:env/subscriptions/:user.json", Endpoint::UnsubscribeUser, Who::App),

    // The shape of v2.
    route(Method::POST, "/2/webhooks", Endpoint::RegisterWebhook, Who::App),
    route(Method::GET, "/2/webhooks", Endpoint::ListWebhooks, Who::App),
    route(Method::POST, "/2/webhooks/replay", Endpoint::Replay, Who::App),
    route(Method::PUT, "/2/webhooks/:webhook", Endpoint::ValidateWebhook, Who::App),
    route(Method::DELETE, "/2/webhooks/:webhook", Endpoint::DeleteWebhook, Who::App),
    route(Method::POST, "/2/account_activity/webhooks/:webhook/subscriptions/all", Endpoint::Subscribe, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/2/account_activity/webhooks/:webhook/subscriptions/all", Endpoint::CheckSubscription, Who::User(Permission::Read)),
    route(Method::GET, "/2/account_activity/webhooks/:webhook/subscriptions/all/list", Endpoint::ListSubscriptions, Who::App),
    route(Method::DELETE, "/2/account_activity/webhooks/:webhook/subscriptions/:user/all", Endpoint::UnsubscribeUser, Who::App),
    route(Method::GET, "/2/account_activity/subscriptions/count", Endpoint::CountSubscriptions, Who::App),

    route(Method::POST, "/2/activity/subscriptions", Endpoint::CreateActivity, Who::AppOrUser),
    route(Method::GET, "/2/activity/subscriptions", Endpoint::ListActivity, Who::AppOrUser),
    route(Method::DELETE, "/2/activity/subscriptions", Endpoint::DeleteActivities, Who::App),
    route(Method::PUT, "/2/activity/subscriptions/:subscription", Endpoint::UpdateActivity, Who::App),
    route(Method::DELETE, "/2/activity/subscriptions/:subscription", Endpoint::DeleteActivity, Who::App),

    route(Method::POST, "/1.1/account_activity/replay/webhooks/:webhook/subscriptions/all.json", Endpoint::Replay, Who::App),

    route(Method::POST, "/oauth/request_token", Endpoint::RequestToken, Who::Consumer(false)),
    route(Method::POST, "/1.1/oauth/invalidate_token.json", Endpoint::InvalidateToken, Who::User(Permission::Read)),
    route(Method::GET, "/oauth/authorize", Endpoint::AuthorizePage, Who::Anybody),
    route(Method::POST, "/oauth/authorize", Endpoint::Authorize, Who::Anybody),
    route(Method::POST, "/oauth/access_token", Endpoint::AccessToken, Who::Consumer(true)),

    route(Method::GET, "/i/oauth2/authorize", Endpoint::AuthorizePage2, Who::Anybody),
    route(Method::POST, "/i/oauth2/authorize", Endpoint::Authorize2, Who::Anybody),
    route(Method::GET, "/2/oauth2/authorize", Endpoint::AuthorizePage2, Who::Anybody),
    route(Method::POST, "/2/oauth2/authorize", Endpoint::Authorize2, Who::Anybody),
    route(Method::POST, "/2/oauth2/token", Endpoint::GiveTokens, Who::Anybody),
    route(Method::POST, "/2/oauth2/revoke", Endpoint::RevokeTokens, Who::Anybody),

    route(Method::POST, "/1.1/direct_messages/events/new.json", Endpoint::SendMessage, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/1.1/direct_messages/events/list.json", Endpoint::ListMessages, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/1.1/direct_messages/events/show.json", Endpoint::ShowMessage, Who::User(Permission::ReadWriteDm)),
    route(Method::DELETE, "/1.1/direct_messages/events/destroy.json", Endpoint::DestroyMessage, Who::User(Permission::ReadWriteDm)),
    route(Method::POST, "/1.1/direct_messages/indicate_typing.json", Endpoint::IndicateTyping, Who::User(Permission::ReadWriteDm)),
    route(Method::POST, "/1.1/direct_messages/mark_read.json", Endpoint::MarkRead, Who::User(Permission::ReadWriteDm)),

    route(Method::POST, "/2/dm_conversations/with/:participant/messages", Endpoint::SendV2, Who::User(Permission::ReadWriteDm)),
    route(Method::POST, "/2/dm_conversations/:conversation/messages", Endpoint::SendV2, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/2/dm_conversations/with/:participant/dm_events", Endpoint::ListEventsV2, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/2/dm_conversations/:conversation/dm_events", Endpoint::ListEventsV2, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/2/dm_events", Endpoint::ListEventsV2, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/2/dm_events/:event", Endpoint::ShowEventV2, Who::User(Permission::ReadWriteDm)),
    route(Method::DELETE, "/2/dm_events/:event", Endpoint::DeleteEventV2, Who::User(Permission::ReadWriteDm)),

    route(Method::POST, "/1.1/direct_messages/welcome_messages/new.json", Endpoint::NewWelcomeMessage, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/1.1/direct_messages/welcome_messages/list.json", Endpoint::ListWelcomeMessages, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/1.1/direct_messages/welcome_messages/show.json", Endpoint::ShowWelcomeMessage, Who::User(Permission::ReadWriteDm)),
    route(Method::PUT, "/1.1/direct_messages/welcome_messages/update.json", Endpoint::UpdateWelcomeMessage, Who::User(Permission::ReadWriteDm)),
    route(Method::DELETE, "/1.1/direct_messages/welcome_messages/destroy.json", Endpoint::DestroyWelcomeMessage, Who::User(Permission::ReadWriteDm)),
    route(Method::POST, "/1.1/direct_messages/welcome_messages/rules/new.json", Endpoint::NewWelcomeRule, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/1.1/direct_messages/welcome_messages/rules/list.json", Endpoint::ListWelcomeRules, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/1.1/direct_messages/welcome_messages/rules/show.json", Endpoint::ShowWelcomeRule, Who::User(Permission::ReadWriteDm)),
    route(Method::DELETE, "/1.1/direct_messages/welcome_messages/rules/destroy.json", Endpoint::DestroyWelcomeRule, Who::User(Permission::ReadWriteDm)),

    route(Method::POST, "/1.1/custom_profiles/new.json", Endpoint::NewProfile, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/1.1/custom_profiles/list.json", Endpoint::ListProfiles, Who::User(Permission::ReadWriteDm)),
    route(Method::GET, "/1.1/custom_profiles/:id.json", Endpoint::ShowProfile, Who::User(Permission::ReadWriteDm)),
    route(Method::DELETE, "/1.1/custom_profiles/destroy.json", Endpoint::DestroyProfile, Who::User(Permission::ReadWriteDm)),

    route(Method::POST, "/1.1/media/upload.json", Endpoint::UploadMedia, Who::User(Permission::ReadWrite)),
    route(Method::GET, "/1.1/media/upload.json", Endpoint::MediaStatus, Who::User(Permission::ReadWrite)),
    route(Method::GET, "/1.1/ton/data/dm/:event/:media/:file", Endpoint::GiveFile, Who::User(Permission::ReadWriteDm)),
    route(Method::POST, "/2/media/upload/initialize", Endpoint::BeginMediaV2, Who::User(Permission::ReadWrite)),
    route(Method::POST, "/2/media/upload/:media/append", Endpoint::AppendMediaV2, Who::User(Permission::ReadWrite)),
    route(Method::POST, "/2/media/upload/:media/finalize", Endpoint::FinishMediaV2, Who::User(Permission::ReadWrite)),
    route(Method::GET, "/2/media/upload", Endpoint::MediaStatusV2, Who::User(Permission::ReadWrite)),
    route(Method::GET, "/2/dm_conversations/media/:event/:media/:file", Endpoint::GiveFileV2, Who::Session),
    route(Method::POST, "/2/tweets", Endpoint::CreatePost, Who::User(Permission::ReadWrite)),
    route(Method::GET, "/2/users/:user/tweets", Endpoint::ListPosts, Who::User(Permission::Read)),

    route(Method::GET, "/1.1/account/verify_credentials.json", Endpoint::VerifyCredentials, Who::User(Permission::Read)),
    route(Method::GET, "/2/users/by/username/:username", Endpoint::UserByName, Who::AppOrUser),
    route(Method::GET, "/2/users/me", Endpoint::Me, Who::User(Permission::Read)),
    route(Method::GET, "/2/users", Endpoint::UsersById, Who::AppOrUser),
];

pub(crate) fn find(method: &Method, path: &str) -> Found {
    let mut known = false;
    for route in ROUTES {
        let Some(captured) = captures(route.path, path) else { continue };
        if route.method == method {
            return Found::Route { route, captured };
        }
        known = true;
    }
    if known { Found::OtherMethod } else { Found::Nothing }
}

/// The captured segments, decoded, when the path fits the pattern.
fn captures(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut captured = Vec::new();
    let (mut left, mut right) = (pattern.split('/'), path.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Some(captured),
            (Some(expected), Some(given)) => match expected.strip_prefix(':') {
                None if expected == given => {}
                None => return None,
                Some(name) => {
                    let given = if name.ends_with(".json") { given.strip_suffix(".json")? } else { given };
                    if given.is_empty() {
                        return None;
                    }
                    captured.push(decode(given));
                }
            },
            _ => return None,
        }
    }
}
