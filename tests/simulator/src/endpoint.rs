//! What X can be asked, each thing by a name.

/// One thing that X can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    BearerToken,
    InvalidateBearerToken,
    RegisterWebhook,
    ListWebhooks,
    ValidateWebhook,
    DeleteWebhook,
    Subscribe,
    CheckSubscription,
    ListSubscriptions,
    CountSubscriptions,
    Unsubscribe,
    UnsubscribeUser,
    CreateActivity,
    ListActivity,
    UpdateActivity,
    DeleteActivity,
    /// Several at once.
    DeleteActivities,
    SendMessage,
    ListMessages,
    ShowMessage,
    DestroyMessage,
    SendV2,
    /// All of a user's events, or those of one conversation.
    ListEventsV2,
    ShowEventV2,
    DeleteEventV2,
    IndicateTyping,
    MarkRead,
    NewWelcomeMessage,
    ListWelcomeMessages,
    ShowWelcomeMessage,
    UpdateWelcomeMessage,
    DestroyWelcomeMessage,
    NewWelcomeRule,
    ListWelcomeRules,
    ShowWelcomeRule,
    DestroyWelcomeRule,
    NewProfile,
    ShowProfile,
    ListProfiles,
    DestroyProfile,
    UploadMedia,
    MediaStatus,
    BeginMediaV2,
    AppendMediaV2,
    FinishMediaV2,
    MediaStatusV2,
    GiveFile,
    GiveFileV2,
    CreatePost,
    ListPosts,
    Replay,
    UserByName,
    UsersById,
    RequestToken,
    InvalidateToken,
    AccessToken,
    AuthorizePage,
    Authorize,
    /// The page of OAuth 2.0.
    AuthorizePage2,
    Authorize2,
    GiveTokens,
    RevokeTokens,
    VerifyCredentials,
    Me,
}

impl Endpoint {
    /// The Direct Messages of v2.
    pub(crate) fn is_messages_v2(self) -> bool {
        matches!(self, Self::SendV2 | Self::ListEventsV2 | Self::ShowEventV2 | Self::DeleteEventV2)
    }

    /// What a token without the right to messages may not do.
    pub(crate) fn is_about_messages(self) -> bool {
        matches!(
            self,
            Self::SendMessage
                | Self::ListMessages
                | Self::ShowMessage
                | Self::DestroyMessage
                | Self::SendV2
                | Self::ListEventsV2
                | Self::ShowEventV2
                | Self::DeleteEventV2
                | Self::IndicateTyping
                | Self::MarkRead
                | Self::NewWelcomeMessage
                | Self::ListWelcomeMessages
                | Self::ShowWelcomeMessage
                | Self::UpdateWelcomeMessage
                | Self::DestroyWelcomeMessage
                | Self::NewWelcomeRule
                | Self::ListWelcomeRules
                | Self::ShowWelcomeRule
                | Self::DestroyWelcomeRule
                | Self::NewProfile
                | Self::ShowProfile
                | Self::ListProfiles
                | Self::DestroyProfile
                | Self::GiveFile
                | Self::GiveFileV2
        )
    }
}
