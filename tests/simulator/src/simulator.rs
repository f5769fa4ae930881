//! The simulated X as a whole: who is there, what was said, what is owed.

use std::collections::{BTreeMap, BTreeSet};

use crate::activity::ActivitySubscription;
use crate::app::{App, Grant, Settings};
use crate::composer::Composer;
use crate::endpoint::Endpoint;
use crate::handle::Logged;
use crate::ids::Ids;
use crate::limits::{Bound, Counted, Limit, Limits, Spent};
use crate::media::Media;
use crate::message::{DmEvent, Signal};
use crate::oauth2::{Consent, Session};
use crate::parcels::Parcels;
use crate::people::{Door, User};
use crate::posts::Post;
use crate::profiles::CustomProfile;
use crate::registry::{Place, Subscription, Webhook};
use crate::sign_ins::SignIn;
use crate::signature::Signatures;
use crate::trouble::Troubles;
use crate::welcome::{WelcomeMessage, WelcomeRule};

/// X, for one app. Made with [`Simulator::new`], asked with [`Simulator::handle`].
#[derive(Debug)]
pub struct Simulator {
    pub(crate) app: App,
    pub(crate) settings: Settings,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) doors: BTreeMap<String, Door>,
    pub(crate) grants: Vec<Granted>,
    pub(crate) bearer_generation: u32,
    pub(crate) nonces: BTreeSet<(u64, String)>,
    pub(crate) webhooks: Vec<Webhook>,
    /// Of Account Activity.
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) activity: Vec<ActivitySubscription>,
    /// Whether the last envelope wrapped the users beside its payload.
    pub(crate) wraps_users: bool,
    pub(crate) messages: Vec<DmEvent>,
    pub(crate) signals: Vec<Signal>,
    pub(crate) welcome_messages: Vec<WelcomeMessage>,
    pub(crate) welcome_rules: Vec<WelcomeRule>,
    /// By customer and account.
    pub(crate) composers: BTreeMap<(String, String), Composer>,
    pub(crate) custom_profiles: Vec<CustomProfile>,
    pub(crate) posts: Vec<Post>,
    pub(crate) parcels: Parcels,
    pub(crate) limits: Limits,
    pub(crate) troubles: Troubles,
    pub(crate) log: Vec<Logged>,
    pub(crate) weather_calls: usize,
    pub(crate) media: Vec<Media>,
    pub(crate) sign_ins: Vec<SignIn>,
    pub(crate) consents: Vec<Consent>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) ids: Ids,
    /// The latest time that was given.
    pub(crate) clock_ms: u64,
}

#[derive(Debug)]
pub(crate) struct Granted {
    pub user: String,
    pub grant: Grant,
    pub revoked: bool,
}

impl Simulator {
    /// X with this app, its owner, and nobody else.
    pub fn new(app: App) -> Self {
        let mut simulator = Self {
            settings: Settings::default(),
            users: BTreeMap::new(),
            doors: BTreeMap::new(),
            grants: Vec::new(),
            bearer_generation: 0,
            nonces: BTreeSet::new(),
            webhooks: Vec::new(),
            subscriptions: Vec::new(),
            activity: Vec::new(),
            wraps_users: false,
            messages: Vec::new(),
            signals: Vec::new(),
            welcome_messages: Vec::new(),
            welcome_rules: Vec::new(),
            composers: BTreeMap::new(),
            custom_profiles: Vec::new(),
            posts: Vec::new(),
            parcels: Parcels::default(),
            limits: Limits::default(),
            troubles: Troubles::default(),
            log: Vec::new(),
            weather_calls: 0,
            media: Vec::new(),
            sign_ins: Vec::new(),
            consents: Vec::new(),
            sessions: Vec::new(),
            ids: Ids::default(),
            clock_ms: 0,
            app,
        };
        let (owner, grant) = (simulator.app.owner_id.clone(), simulator.app.owner.clone());
        simulator.add_user(User::new(owner.clone(), "appowner", "The App's Owner"));
        simulator.grant(owner, grant);
        simulator
    }

    /// The app for which all this is simulated.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The app in X's portal, to be changed at any time.
    pub fn portal(&mut self) -> &mut App {
        &mut self.app
    }

    /// What X leaves open, to be changed at any time.
    pub fn settings(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// Adds a user, or renames one. Customers who act without having been added get a name of their own.
    pub fn add_user(&mut self, user: User) {
        self.users.insert(user.id.clone(), user);
    }

    /// Gives the app a token of this user. A token that was there before, revoked or not, means this user from now on.
    pub fn grant(&mut self, user_id: impl Into<String>, grant: Grant) {
        let user = user_id.into();
        self.meet(&user);
        self.grants.retain(|granted| granted.grant.token != grant.token);
        self.grants.push(Granted { user, grant, revoked: false });
    }

    /// Another limit than the documented ones, for each user.
    pub fn limit(&mut self, endpoint: Endpoint, limit: Limit) {
        self.limits(endpoint, vec![Bound::Caller(limit)]);
    }

    /// Other limits than the documented ones.
    pub fn limits(&mut self, endpoint: Endpoint, bounds: Vec<Bound>) {
        self.limits.set(endpoint, bounds);
    }

    /// The documented limits again.
    pub fn limit_as_documented(&mut self, endpoint: Endpoint) {
        self.limits.unset(endpoint);
    }

    /// How much of its limits a user has used up at an endpoint of this version of the API.
    pub fn spent(&self, now_ms: u64, endpoint: Endpoint, v2: bool, user: &str) -> Vec<Spent> {
        self.limits.standing(Counted { endpoint, v2, user: Some(user) }, now_ms)
    }

    /// Registers the webhook, valid, without a challenge, where it is not there yet, and subscribes the user to it.
    pub fn subscribe_now(&mut self, now_ms: u64, user: &str, url: &str) {
        self.meet(user);
        let known = self.webhooks.iter().find(|webhook| webhook.url == url).map(|webhook| webhook.id.clone());
        let webhook = known.unwrap_or_else(|| self.add_webhook(now_ms, Place::Enterprise, url));
        if !self.is_subscribed_to(&webhook, user) {
            self.subscriptions.push(Subscription { webhook, user: user.to_owned() });
        }
    }

    /// Ends every subscription of the user, of both products, and tells nobody.
    pub fn unsubscribe_now(&mut self, user: &str) {
        self.activity.retain(|known| known.filter.user.as_deref() != Some(user));
        self.subscriptions.retain(|subscription| subscription.user != user);
    }

    /// Somebody by id.
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.get(id)
    }

    /// Everybody on X, by id.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// Everything said between the two, both ways, oldest first.
    pub fn conversation(&self, a: &str, b: &str) -> Vec<&DmEvent> {
        let mut all: Vec<&DmEvent> = self.messages.iter().filter(|event| event.is_between(a, b)).collect();
        all.sort_by_key(|event| event.created_ms);
        all
    }

    /// Every message, oldest first.
    pub fn messages(&self) -> &[DmEvent] {
        &self.messages
    }

    /// What the account said to this customer, through the API or in X's app, oldest first.
    pub fn said_to(&self, account: &str, customer: &str) -> Vec<&DmEvent> {
        self.conversation(account, customer).into_iter().filter(|event| event.from == account).collect()
    }

    /// Every typing indicator and read receipt, oldest first.
    pub fn signals(&self) -> &[Signal] {
        &self.signals
    }

    /// Every call to the API, oldest first.
    pub fn requests(&self) -> &[Logged] {
        &self.log
    }

    /// Every webhook that is registered, oldest first.
    pub fn webhooks(&self) -> &[Webhook] {
        &self.webhooks
    }

    /// Whether any webhook gets this user's events.
    pub fn is_subscribed(&self, user: &str) -> bool {
        let mut activity = self.activity.iter().filter(|known| known.webhook.is_some());
        self.hears_account_activity(user) || activity.any(|known| known.filter.user.as_deref() == Some(user))
    }

    /// Whether any webhook gets them through Account Activity.
    pub fn hears_account_activity(&self, user: &str) -> bool {
        self.subscriptions.iter().any(|subscription| subscription.user == user)
    }

    /// With which secrets X signs.
    pub fn signatures(&self) -> Signatures {
        self.settings.signatures
    }

    /// Makes a name for a user that nobody introduced.
    pub(crate) fn meet(&mut self, id: &str) {
        if !self.users.contains_key(id) {
            self.add_user(User::new(id, format!("user{id}"), format!("User {id}")));
        }
    }

    pub(crate) fn advance(&mut self, now_ms: u64) {
        self.clock_ms = self.clock_ms.max(now_ms);
    }
}
