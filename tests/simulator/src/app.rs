//! The one app that talks to the simulated X: its keys, its tokens, and how X treats it.

use crate::activity::ActivityShape;
use crate::answer::Refusal;
use crate::limits::Headers;

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
    /// What the tier makes of v1.1.
    pub v1: V1,
    /// Whether Direct Messages of v2 are open.
    pub v2_messages: bool,
    /// Where people may be sent back to after they signed in; `None`: anywhere.
    pub callbacks: Option<Vec<String>>,
    /// What tokens may do that people give from now on.
    pub permission: Permission,
}

/// Whether v1.1 is open to the app; tiers close it in several ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum V1 {
    #[default]
    Open,
    /// 403 with code 453.
    Closed,
    /// 403 without a code.
    Forbidden,
    /// 404, as if it had never been there.
    Gone,
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
    /// How the rate limits are told.
    pub rate_limit_headers: Headers,
    /// In which of its documented shapes X answers a new subscription of X Activity.
    pub activity_shape: ActivityShape,
    /// Whether messages of X Activity carry taps, options, buttons and files.
    pub activity_carries_rich: bool,
    /// Subscriptions of X Activity that the app may have.
    pub activity_plan: usize,
    /// So many replays end incomplete: they bring half of what they should.
    pub incomplete_replays: u32,
}

impl App {
    /// Why nothing at this path is for the app; `None`: it is.
    pub(crate) fn closed(&self, path: &str) -> Option<Refusal> {
        // The products that deliver events are sold apart.
        let is_v1 = path.starts_with("/1.1/")
            && !path.starts_with("/1.1/account_activity/")
            && path != "/1.1/account/verify_credentials.json";
        let is_message = path.starts_with("/2/dm_conversations") || path.starts_with("/2/dm_events");
        match self.v1 {
            V1::Closed if is_v1 => Some(Refusal::new(453)),
            V1::Forbidden if is_v1 => Some(Refusal::problem(403, 453, "Client forbidden.")),
            V1::Gone if is_v1 => Some(Refusal::problem(404, 34, "Not found.")),
            _ if is_message && !self.v2_messages => {
                Some(Refusal::problem(403, 453, "This endpoint takes only apps that belong to a project."))
            }
            _ => None,
        }
    }
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
            rate_limit_headers: Headers::default(),
            activity_shape: ActivityShape::default(),
            activity_carries_rich: true,
            activity_plan: 1_500,
            incomplete_replays: 0,
        }
    }
}
