//! The one app that talks to the simulated X: its keys, its tokens, and how X treats it.

use crate::activity::ActivityShape;
use crate::limits::Headers;
use crate::signature::{CrcSecret, Signatures};
use crate::tiers::V1;

/// An app as X's portal shows it.
#[derive(Clone, Debug)]
pub struct App {
    pub consumer_key: String,
    pub consumer_secret: String,
    /// What `source_app_id` says of messages sent through the API.
    pub app_id: String,
    pub name: String,
    /// The user whose token manages webhooks.
    pub owner_id: String,
    pub owner: Grant,
    /// The `:env_name` of the premium product; `None`: not bought.
    pub environment: Option<String>,
    /// Whether the enterprise paths are open.
    pub enterprise: bool,
    /// Whether the paths of v2 are open.
    pub v2: bool,
    /// What v1.1 says in the app's plan.
    pub v1: V1,
    /// Whether the plan has the Direct Messages of v2.
    pub v2_messages: bool,
    /// Where people may be sent back to after they signed in; `None`: anywhere.
    pub callbacks: Option<Vec<String>>,
    /// What tokens may do that people give from now on.
    pub permission: Permission,
    /// The app's name in OAuth 2.0; `None`: it has none.
    pub client_id: Option<String>,
    /// `None`: a public client.
    pub client_secret: Option<String>,
}

/// A user's access token for the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub token: String,
    pub token_secret: String,
    pub permission: Permission,
}

/// What a token was allowed when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    Read,
    ReadWrite,
    ReadWriteDm,
}

/// What X leaves open or does differently from product to product. Change it through [`crate::Simulator::settings`].
#[derive(Clone, Debug)]
pub struct Settings {
    /// Webhooks on 127.0.0.1 and localhost, with plain http and a port.
    pub allow_loopback: bool,
    /// Failed deliveries are repeated after 3, 27 and 242 seconds (the enterprise product), else never.
    pub retries: bool,
    /// `source_app_id` in the echo of a message that the app sent.
    pub source_app_on_sent: bool,
    /// `apps` in that echo.
    pub apps_on_sent: bool,
    /// `source_app_id` and `apps` in messages of customers.
    pub source_app_on_received: bool,
    /// Links in texts become `https://t.co/…`.
    pub shorten_links: bool,
    /// `&`, `<` and `>` in texts are delivered as `&amp;`, `&lt;` and `&gt;`.
    pub escape_text: bool,
    /// The same text twice in a row to the same user is refused with 151.
    pub refuse_duplicates: bool,
    /// Replies to each message of a customer that do not count against the daily limit.
    pub free_replies: u32,
    /// X has put the accounts on its list of those that may have custom profiles.
    pub custom_profiles: bool,
    /// So long X is busy with a GIF or a video.
    pub processing_ms: u64,
    /// How the weather service beside X behaves.
    pub weather: crate::weather::Weather,
    /// Deliveries become due so long after the event.
    pub delivery_delay_ms: u64,
    /// Webhooks and subscriptions that the premium environment may have.
    pub sandbox: (usize, usize),
    /// The same for the enterprise product.
    pub contract: (usize, usize),
    /// The same for v2, with pay-per-use.
    pub plan: (usize, usize),
    /// So many replays end incomplete: they bring half of what they should.
    pub incomplete_replays: u32,
    /// What the rate-limit headers look like.
    pub rate_limit_headers: Headers,
    /// Subscriptions of the X Activity API that the app may have.
    pub activity_limit: usize,
    /// What the answer to a new one looks like.
    pub activity_shape: ActivityShape,
    /// Whether messages that come that way bring more than their text: taps, files, buttons, and what made them be written.
    pub activity_carries_rich: bool,
    /// With which secrets X signs.
    pub signatures: Signatures,
    /// So long a refresh token that was given back gives the same new pair again.
    pub refresh_grace_ms: u64,
    /// With which secret the challenge is judged.
    pub crc_secret: CrcSecret,
}

impl Grant {
    /// A token with its secret.
    pub fn new(token: impl Into<String>, token_secret: impl Into<String>, permission: Permission) -> Self {
        Self { token: token.into(), token_secret: token_secret.into(), permission }
    }
}

impl Permission {
    /// As the `x-access-level` header says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadWrite => "read-write",
            Self::ReadWriteDm => "read-write-directmessages",
        }
    }
}

/// Keys that a test need not invent.
impl Default for App {
    fn default() -> Self {
        Self {
            consumer_key: "sim-consumer-key".to_owned(),
            consumer_secret: "sim-consumer-secret".to_owned(),
            app_id: "13090192".to_owned(),
            name: "Perch".to_owned(),
            owner_id: "1000000000000000001".to_owned(),
            owner: Grant::new("sim-owner-token", "sim-owner-token-secret", Permission::ReadWriteDm),
            environment: Some("dev".to_owned()),
            enterprise: true,
            v2: true,
            v1: V1::Open,
            v2_messages: true,
            callbacks: None,
            permission: Permission::ReadWriteDm,
            client_id: None,
            client_secret: None,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow_loopback: false,
            retries: false,
            source_app_on_sent: true,
            apps_on_sent: false,
            source_app_on_received: true,
            shorten_links: true,
            escape_text: false,
            refuse_duplicates: false,
            free_replies: 0,
            custom_profiles: true,
            processing_ms: 6_000,
            weather: crate::weather::Weather::default(),
            delivery_delay_ms: 0,
            sandbox: (1, 15),
            contract: (3, 500),
            plan: (1, 3),
            incomplete_replays: 0,
            rate_limit_headers: Headers::AsDocumented,
            activity_limit: 1_500,
            activity_shape: ActivityShape::Flat,
            activity_carries_rich: true,
            signatures: Signatures::Both,
            refresh_grace_ms: 0,
            crc_secret: CrcSecret::Consumer,
        }
    }
}
