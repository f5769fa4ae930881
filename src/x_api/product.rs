//! The products that deliver events: each has paths of its own, and its own idea of who signs.

use super::request::{Call, encode};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Product {
    /// v1.1: `/1.1/account_activity/…`
    Enterprise,
    /// v1.1: `/1.1/account_activity/all/:env_name/…`; the label is case-sensitive.
    Premium { environment: String },
    /// v2: `/2/webhooks` and `/2/account_activity/…`
    AccountActivity,
    /// `/2/webhooks` and `/2/activity/…`: one subscription for each kind of event.
    XActivity,
}

/// Who signs a call of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The app alone, with its bearer token.
    App,
    /// The user who owns the app.
    Owner,
    /// The account that it is about.
    Account,
}

/// A call, and who has to sign it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub by: By,
    pub call: Call,
}

impl Product {
    /// As the setting `X_PRODUCT` names it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Premium { .. } => "premium",
            Self::AccountActivity => "aaa",
            Self::XActivity => "xaa",
        }
    }

    /// Whether its webhooks are those of `/2/webhooks`.
    pub fn is_v2(&self) -> bool {
        matches!(self, Self::AccountActivity | Self::XActivity)
    }

    /// Whether the webhooks of one are those of the other.
    pub fn shares_webhooks(&self, other: &Self) -> bool {
        self == other || self.is_v2() && other.is_v2()
    }

    pub fn environment(&self) -> Option<&str> {
        match self {
            Self::Premium { environment } => Some(environment),
            Self::Enterprise | Self::AccountActivity | Self::XActivity => None,
        }
    }

    /// Where things of the registry of webhooks are: v2 keeps it apart from the subscriptions.
    pub(super) fn registry(&self, rest: &str) -> String {
        match self {
            Self::Enterprise => format!("/1.1/account_activity/{rest}.json"),
            Self::Premium { environment } => {
                format!("/1.1/account_activity/all/{}/{rest}.json", encode(environment))
            }
            Self::AccountActivity | Self::XActivity => format!("/2/{rest}"),
        }
    }

    /// Who may change the registry.
    pub(super) fn keeper(&self) -> By {
        match self {
            Self::Enterprise | Self::Premium { .. } => By::Owner,
            Self::AccountActivity | Self::XActivity => By::App,
        }
    }
}

impl Asked {
    pub(super) fn by(by: By, call: Call) -> Self {
        Self { by, call }
    }
}
