//! How often each thing may be asked, as X's tables say.

use crate::limits::Limit;
use crate::routes::Endpoint;

impl Endpoint {
    /// What x-api.md's tables say, the shortest window first; empty: nothing is documented.
    pub fn documented_limits(self) -> Vec<Limit> {
        match self {
            Self::SendMessageV2 => {
                vec![Limit::per_15_minutes(15), Limit::per_day(1_440), Limit::per_day(1_440).of_the_app()]
            }
            Self::ListEvents | Self::ShowEvent => vec![Limit::per_15_minutes(15)],
            Self::DeleteEvent => {
                vec![Limit::per_15_minutes(300), Limit::per_day(1_500), Limit::per_day(4_000).of_the_app()]
            }
            Self::CreateActivity
            | Self::ListActivities
            | Self::ChangeActivity
            | Self::DeleteActivity
            | Self::DeleteActivities => vec![Limit::per_15_minutes(500).of_the_app()],
            Self::RegisterWebhook | Self::ListWebhooks | Self::ValidateWebhook | Self::DeleteWebhook => {
                vec![Limit::per_15_minutes(15)]
            }
            Self::Replay => vec![Limit::per_15_minutes(5)],
            Self::UserByName => vec![Limit::per_15_minutes(300)],
            Self::CountSubscriptions => vec![Limit::per_15_minutes(15)],
            Self::ListSubscriptions => vec![Limit::per_15_minutes(50)],
            Self::Subscribe | Self::CheckSubscription | Self::Unsubscribe | Self::UnsubscribeUser => {
                vec![Limit::per_15_minutes(500)]
            }
            Self::CreatePost => vec![Limit::per_15_minutes(100)],
            Self::UploadMedia => vec![Limit::per_15_minutes(1_875)],
            Self::MediaStatus => vec![Limit::per_15_minutes(1_000)],
            Self::SendMessage | Self::NewProfile => vec![Limit::per_day(1_000)],
            Self::ShowProfile | Self::ListProfiles => vec![Limit::per_15_minutes(180)],
            Self::ListMessages | Self::ShowMessage | Self::ListWelcomeMessages | Self::ListWelcomeRules => {
                vec![Limit::per_15_minutes(15)]
            }
            Self::IndicateTyping | Self::MarkRead => vec![Limit::per_15_minutes(1_000)],
            Self::VerifyCredentials | Self::Me => vec![Limit::per_15_minutes(75)],
            Self::BearerToken
            | Self::RequestToken
            | Self::AccessToken
            | Self::AuthorizePage
            | Self::Authorize
            | Self::InvalidateBearerToken
            | Self::DestroyMessage
            | Self::NewWelcomeMessage
            | Self::ShowWelcomeMessage
            | Self::UpdateWelcomeMessage
            | Self::DestroyWelcomeMessage
            | Self::NewWelcomeRule
            | Self::ShowWelcomeRule
            | Self::DestroyWelcomeRule
            | Self::DestroyProfile
            | Self::GiveFile
            | Self::ListPosts => Vec::new(),
        }
    }
}
