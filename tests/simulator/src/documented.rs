//! How often X can be asked, as its pages tell it (x-api.md, sections 3.4, 4 to 7 and 11).

use crate::endpoint::Endpoint;
use crate::limits::{Bound, Limit};

impl Endpoint {
    /// The limit that the pages name first; `None`: nothing is documented.
    pub fn documented_limit(self) -> Option<Limit> {
        documented(self, false, true).first().map(|bound| bound.limit())
    }
}

/// Every limit of a call. Where v1.1 and v2 have the same endpoint, the path decides; for some, whether a user asks.
pub(crate) fn documented(endpoint: Endpoint, v2: bool, by_user: bool) -> Vec<Bound> {
    let often = |calls| vec![Bound::Caller(Limit::per_15_minutes(calls))];
    let and_daily = |calls, user, app| {
        let mut all = often(calls);
        all.extend(Option::map(user, |calls| Bound::Caller(Limit::per_day(calls))));
        all.push(Bound::App(Limit::per_day(app)));
        all
    };
    match endpoint {
        Endpoint::RegisterWebhook | Endpoint::ListWebhooks | Endpoint::ValidateWebhook | Endpoint::DeleteWebhook => {
            often(if v2 { 450 } else { 15 })
        }
        Endpoint::Replay => often(if v2 { 100 } else { 5 }),
        Endpoint::UserByName | Endpoint::UsersById => often(if by_user { 900 } else { 300 }),
        Endpoint::CountSubscriptions => often(15),
        Endpoint::ListSubscriptions => often(50),
        Endpoint::Subscribe | Endpoint::CheckSubscription | Endpoint::Unsubscribe | Endpoint::UnsubscribeUser => {
            often(500)
        }
        Endpoint::CreateActivity
        | Endpoint::ListActivity
        | Endpoint::UpdateActivity
        | Endpoint::DeleteActivity
        | Endpoint::DeleteActivities => vec![Bound::App(Limit::per_15_minutes(500))],
        Endpoint::CreatePost => and_daily(100, None, 10_000),
        Endpoint::UploadMedia => often(1_875),
        Endpoint::MediaStatus => often(1_000),
        Endpoint::BeginMediaV2 | Endpoint::AppendMediaV2 | Endpoint::FinishMediaV2 => and_daily(1_875, None, 180_000),
        Endpoint::MediaStatusV2 => and_daily(1_000, None, 100_000),
        Endpoint::SendMessage => {
            vec![Bound::Caller(Limit::per_day(1_000)), Bound::App(Limit::per_day(15_000))]
        }
        Endpoint::NewProfile => vec![Bound::Caller(Limit::per_day(1_000))],
        Endpoint::SendV2 => and_daily(15, Some(1_440), 1_440),
        Endpoint::ListEventsV2 | Endpoint::ShowEventV2 => often(15),
        Endpoint::DeleteEventV2 => and_daily(300, Some(1_500), 4_000),
        Endpoint::ShowProfile | Endpoint::ListProfiles => often(180),
        Endpoint::ListMessages | Endpoint::ShowMessage | Endpoint::ListWelcomeMessages | Endpoint::ListWelcomeRules => {
            often(15)
        }
        Endpoint::IndicateTyping | Endpoint::MarkRead => often(1_000),
        Endpoint::VerifyCredentials | Endpoint::Me => often(75),
        Endpoint::BearerToken
        | Endpoint::RequestToken
        | Endpoint::InvalidateToken
        | Endpoint::AccessToken
        | Endpoint::AuthorizePage
        | Endpoint::Authorize
        | Endpoint::AuthorizePage2
        | Endpoint::Authorize2
        | Endpoint::GiveTokens
        | Endpoint::RevokeTokens
        | Endpoint::InvalidateBearerToken
        | Endpoint::DestroyMessage
        | Endpoint::NewWelcomeMessage
        | Endpoint::ShowWelcomeMessage
        | Endpoint::UpdateWelcomeMessage
        | Endpoint::DestroyWelcomeMessage
        | Endpoint::NewWelcomeRule
        | Endpoint::ShowWelcomeRule
        | Endpoint::DestroyWelcomeRule
        | Endpoint::DestroyProfile
        | Endpoint::GiveFile
        | Endpoint::GiveFileV2
        | Endpoint::ListPosts => Vec::new(),
    }
}
