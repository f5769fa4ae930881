//! Who plays: a brand, customers, and what they do.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use bytes::Bytes;
use perch::told::Seldom;
use perch::x_api::request::Response;
use perch_simulator::{App, Grant, Permission, Simulator, Trouble, User};
use serde_json::{Value, json};

use super::api_document::must_fit;
use super::database::Database;
use super::dialects;
use super::faults::{Fault, Faults, Seam};
use super::mutants;
use super::queue::Queue;
use super::scheduler::Order;
use super::unsaid::Unsaid;
use super::{Inner, START, World};

pub use super::items::{item, message};
pub use super::requests::{admin_request, post, sign};
pub use super::troubles::{hangs, loses_answer, rate_limited, refuses};

pub const BRAND: &str = "1893471234567890001";
pub const SHOP: &str = "1893471234567890002";
pub const ADA: &str = "1893471234567891001";
pub const BO: &str = "1893471234567891002";
pub const HOST: &str = "https://perch.example";
/// The host that scripts call.
pub const WEATHER: &str = "weather.perch.example";
pub const X: &str = "https://api.x.com";
pub const ADMIN: &str = "an-admin-token-of-32-characters!";
pub const CONSUMER_SECRET: &str = "consumer-secret";
pub const CLIENT_ID: &str = "client-id";
pub const CLIENT_SECRET: &str = "client-secret";

impl World {
    /// A deployment with all its settings, and nobody connected.
    pub fn empty() -> Self {
        let mut x = Simulator::new(App {
            consumer_key: "consumer-key".to_owned(),
            consumer_secret: CONSUMER_SECRET.to_owned(),
            owner_id: "1".to_owned(),
            owner: grant_of("1"),
            environment: Some("prod".to_owned()),
            client_id: Some(CLIENT_ID.to_owned()),
            client_secret: Some(CLIENT_SECRET.to_owned()),
            ..App::default()
        });
        for (id, username, name) in
            [(BRAND, "furni", "Furni"), (SHOP, "shop", "Shop"), (ADA, "ada", "Ada"), (BO, "bo", "Bo")]
        {
            x.add_user(User::new(id, username, name));
        }
        for id in [BRAND, SHOP] {
            x.grant(id, grant_of(id));
        }
        let hears = dialects::hears();
        let settings = [
            ("X_API_BASE", X),
            ("X_PRODUCT", hears.as_str()),
            ("X_CONSUMER_KEY", "consumer-key"),
            ("X_CONSUMER_SECRET", CONSUMER_SECRET),
            ("X_ACCESS_TOKEN", "1-token"),
            ("X_ACCESS_TOKEN_SECRET", "1-secret"),
            ("CALL_HOSTS", WEATHER),
            ("ADMIN_TOKEN", ADMIN),
            ("TOKEN_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ];
        let settings = BTreeMap::from(settings.map(|(name, value)| (name.to_owned(), value.to_owned())));
        dialects::arrange(&mut x);
        let mut unsaid = Unsaid::default();
        settings.iter().for_each(|(name, value)| unsaid.learn_setting(name, value));
        let inner = Inner {
            now: START,
            nonces: 0,
            database: Database::new(),
            queue: Queue::default(),
            x,
            faults: Faults::default(),
            settings,
            dead: BTreeSet::new(),
            log: Vec::new(),
            told: Vec::new(),
            seldom: Seldom::new(),
            opened: None,
            refused_since: None,
            unsaid,
            echoes_get_lost: false,
            alerts: Vec::new(),
            alerts_fail: 0,
            last_call: None,
            failures: BTreeMap::new(),
            x_is_ahead: 0,
            planted: mutants::of_environment(),
            taken: Vec::new(),
            delivering: BTreeMap::new(),
        };
        Self { inner: Rc::new(RefCell::new(inner)), order: Order::OneByOne, tasks: 0, last_cron: START.0 / 60_000 }
    }

    /// A deployment with one connected account, `BRAND`.
    pub fn new() -> Self {
        let mut world = Self::empty();
        let report = world.connects(BRAND);
        assert_eq!(report["ok"], true, "{report:#}");
        world.drive();
        world
    }

    /// The admin connects an account; the report.
    pub fn connects(&mut self, account: &str) -> Value {
        let body = json!({"access_token": token(account), "access_token_secret": secret(account)});
        let response = self.admin("POST", "/api/accounts/connect", &body.to_string());
        serde_json::from_slice(response.body()).unwrap()
    }

    /// The account gives tokens of OAuth 2.0, besides those that it has.
    pub fn signs_in_by_oauth2(&mut self) {
        self.set("X_CLIENT_ID", CLIENT_ID);
        self.set("X_CLIENT_SECRET", CLIENT_SECRET);
        let tokens = {
            let mut inner = self.inner.borrow_mut();
            let now = inner.now.0.unsigned_abs();
            inner.x.grant2(now, BRAND, &["dm.read", "dm.write", "tweet.read", "users.read", "offline.access"])
        };
        let body = json!({"access_token": tokens.access_token, "refresh_token": tokens.refresh_token});
        let (status, report) = self.api("POST", "/api/accounts/connect", &body);
        assert_eq!(status, 200, "{report:#}");
        self.drive();
    }

    pub fn admin(&mut self, method: &str, path: &str, body: &str) -> Response {
        let response = self.asks(admin_request(method, path, body));
        must_fit(method, path, &response);
        response
    }

    pub fn admin_bytes(&mut self, method: &str, path: &str, body: Vec<u8>) -> Response {
        let mut request = admin_request(method, path, "");
        *request.body_mut() = Bytes::from(body);
        let response = self.asks(request);
        must_fit(method, path, &response);
        response
    }

    /// An admin's request on which the Worker may die.
    pub fn tries_admin(&mut self, method: &str, path: &str, body: &str) -> Option<Response> {
        self.tries(admin_request(method, path, body))
    }

    /// The worker dies at its n-th call of the platform from now on, after it.
    pub fn dies_at_call(&mut self, n: usize) {
        self.inner.borrow_mut().faults.at(n, Fault::DiesAfter);
    }

    /// The worker dies in the next call of a script.
    pub fn dies_in_the_call(&mut self) {
        self.inner.borrow_mut().faults.at_next(Seam::Call, Fault::DiesBefore);
    }

    /// `from` writes to the account, and X delivers it.
    pub fn writes(&mut self, from: &str, text: &str) -> String {
        self.writes_to(BRAND, from, text)
    }

    pub fn writes_to(&mut self, account: &str, from: &str, text: &str) -> String {
        let mut inner = self.inner.borrow_mut();
        let now = inner.now.0.unsigned_abs();
        inner.x.customer_writes(now, from, account, text)
    }

    /// What the account has said to this customer on X, oldest first.
    pub fn sent_to(&self, customer: &str) -> Vec<String> {
        self.sent_between(BRAND, customer)
    }

    pub fn sent_between(&self, account: &str, customer: &str) -> Vec<String> {
        let inner = self.inner.borrow();
        inner.x.said_to(account, customer).iter().map(|event| dialects::words_of(&event.written)).collect()
    }

    /// The customer taps the option with this label in the latest message that offers it.
    pub fn taps(&mut self, customer: &str, label: &str) {
        let mut inner = self.inner.borrow_mut();
        let now = inner.now.0.unsigned_abs();
        if dialects::speaks_plain() {
            // Nothing can be tapped there: the customer answers with the number.
            let said = inner.x.said_to(BRAND, customer);
            let number = said.iter().rev().find_map(|event| dialects::number_of(&event.written, label));
            let number = number.expect("nobody offered that");
            inner.x.customer_writes(now, customer, BRAND, &number);
            return;
        }
        let (prompt, index) = {
            let said = inner.x.said_to(BRAND, customer);
            let found = said.iter().rev().find_map(|event| {
                let index = event.options.iter().position(|option| option.label == label)?;
                Some((event.id.clone(), index))
            });
            found.expect("nobody offered that")
        };
        inner.x.customer_taps(now, customer, BRAND, &prompt, index).unwrap();
    }

    /// Somebody types in X's own app, as the account.
    pub fn human_types(&mut self, customer: &str, text: &str) {
        let mut inner = self.inner.borrow_mut();
        let now = inner.now.0.unsigned_abs();
        inner.x.types_in_app(now, BRAND, customer, text);
    }

    pub fn misbehaves(&mut self, trouble: Trouble) {
        self.inner.borrow_mut().x.misbehave(trouble);
    }

    /// X repeats deliveries that got no 200, as the enterprise product does.
    pub fn x_redelivers(&mut self) {
        self.inner.borrow_mut().x.settings().retries = true;
    }

    /// X's deliveries of the account's own messages get lost.
    pub fn without_echoes(&mut self) {
        self.inner.borrow_mut().echoes_get_lost = true;
    }

    pub fn allow_own_accounts(&mut self) {
        for account in [BRAND, SHOP] {
            assert_eq!(self.api("POST", "/api/accounts/own", &json!({"account": account, "answers": true})).0, 200);
        }
    }

    /// The worker dies at the next call to X, after X has taken the message.
    pub fn lose_the_worker_at_send(&mut self) {
        self.inner.borrow_mut().faults.at_next(Seam::Send, Fault::DiesAfter);
    }

    /// The worker dies right before its next call to X.
    pub fn lose_the_worker_before_send(&mut self) {
        self.inner.borrow_mut().faults.at_next(Seam::Send, Fault::DiesBefore);
    }

    /// From now on every worker dies that is about to write a turn for this event; `None`: no more.
    pub fn poisons(&mut self, event_id: Option<&str>) {
        self.inner.borrow_mut().faults.poison = event_id.map(str::to_owned);
    }

    /// The next turns cannot be written: the database does not answer.
    pub fn loses_turns(&mut self, times: usize) {
        self.inner.borrow_mut().faults.lost_turns = times;
    }

    /// A call to connect of which the answer may never come.
    pub fn tries_to_connect(&mut self, account: &str) {
        let body = json!({"access_token": token(account), "access_token_secret": secret(account)});
        self.tries(admin_request("POST", "/api/accounts/connect", &body.to_string()));
    }

    /// A POST to the webhook as anybody could send it.
    pub fn posts(&mut self, signature: Option<&str>, body: impl Into<Bytes>) -> Response {
        self.asks(post(signature, body))
    }

    /// A POST as X sends it: signed.
    pub fn delivers(&mut self, body: &str) -> Response {
        self.posts(Some(&sign(body.as_bytes())), body.to_owned())
    }

    /// An admin's call that answers JSON: status and body.
    pub fn api(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let body = if method == "GET" { String::new() } else { body.to_string() };
        let response = self.admin(method, path, &body);
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
    }

    /// The page of an operator: what is in trouble.
    pub fn trouble(&mut self) -> Value {
        let response = self.admin("GET", "/api/trouble", "");
        assert_eq!(response.status(), 200);
        serde_json::from_slice(response.body()).unwrap()
    }
}

fn grant_of(id: &str) -> Grant {
    Grant::new(token(id), secret(id), Permission::ReadWriteDm)
}

pub fn token(id: &str) -> String {
    format!("{id}-token")
}

pub fn secret(id: &str) -> String {
    format!("{id}-secret")
}
