//! Who plays: a brand, customers, and what they do.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use bytes::Bytes;
use perch::x_api::request::{Request, Response};
use perch_simulator::{App, Grant, Permission, Simulator, User};
use serde_json::{Value, json};

use super::database::Database;
use super::faults::Faults;
use super::queue::Queue;
use super::scheduler::Order;
use super::{Inner, START, World};

pub const BRAND: &str = "1893471234567890001";
pub const SHOP: &str = "1893471234567890002";
pub const ADA: &str = "1893471234567891001";
pub const BO: &str = "1893471234567891002";
pub const HOST: &str = "https://perch.example";
pub const X: &str = "https://api.x.com";
pub const ADMIN: &str = "an-admin-token-of-32-characters!";
pub const CONSUMER_SECRET: &str = "consumer-secret";

impl World {
    /// A deployment with all its settings, and nobody connected.
    pub fn empty() -> Self {
        let mut x = Simulator::new(App {
            id: "13090192".to_owned(),
            name: "Perch".to_owned(),
            consumer_key: "consumer-key".to_owned(),
            consumer_secret: CONSUMER_SECRET.to_owned(),
        });
        for (id, name, username) in
            [(BRAND, "Furni", "furni"), (SHOP, "Shop", "shop"), (ADA, "Ada", "ada"), (BO, "Bo", "bo"), ("1", "Owner", "owner")]
        {
            x.add_user(User { id: id.to_owned(), name: name.to_owned(), username: username.to_owned() });
        }
        for id in [BRAND, SHOP, "1"] {
            x.grant(id, Grant { token: token(id), token_secret: secret(id), permission: Permission::ReadWriteDm });
        }
        x.set_owner("1");
        let settings = [
            ("X_API_BASE", X),
            ("X_CONSUMER_KEY", "consumer-key"),
            ("X_CONSUMER_SECRET", CONSUMER_SECRET),
            ("X_ACCESS_TOKEN", "1-token"),
            ("X_ACCESS_TOKEN_SECRET", "1-secret"),
            ("ADMIN_TOKEN", ADMIN),
            ("TOKEN_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ];
        let settings: BTreeMap<String, String> =
            settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
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
        };
        Self { inner: Rc::new(RefCell::new(inner)), order: Order::OneByOne, tasks: 0 }
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

    pub fn admin(&mut self, method: &str, path: &str, body: &str) -> Response {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{HOST}{path}"))
            .header("authorization", format!("Bearer {ADMIN}"))
            .body(Bytes::from(body.to_owned()))
            .unwrap();
        self.asks(request)
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
        let all = inner.x.conversation(account, customer);
        all.iter().filter(|event| event.sender_id == account).map(|event| event.text.clone()).collect()
    }

    /// A POST to the webhook as anybody could send it.
    pub fn posts(&mut self, signature: Option<&str>, body: impl Into<Bytes>) -> Response {
        self.asks(post(signature, body))
    }

    /// A POST as X sends it: signed.
    pub fn delivers(&mut self, body: &str) -> Response {
        self.posts(Some(&sign(body.as_bytes())), body.to_owned())
    }

    pub fn gets(&mut self, path: &str) -> Response {
        let request = http::Request::builder().uri(format!("{HOST}{path}")).body(Bytes::new()).unwrap();
        self.asks(request)
    }

    /// The page of an operator: what is in trouble.
    pub fn trouble(&mut self) -> Value {
        let response = self.admin("GET", "/api/trouble", "");
        assert_eq!(response.status(), 200);
        serde_json::from_slice(response.body()).unwrap()
    }
}

pub fn post(signature: Option<&str>, body: impl Into<Bytes>) -> Request {
    let mut request = http::Request::builder().method("POST").uri(format!("{HOST}/webhook"));
    if let Some(signature) = signature {
        request = request.header("x-twitter-webhooks-signature", signature);
    }
    request.body(body.into()).unwrap()
}

pub fn sign(body: &[u8]) -> String {
    perch_simulator::signature(CONSUMER_SECRET, body)
}

pub fn token(id: &str) -> String {
    format!("{id}-token")
}

pub fn secret(id: &str) -> String {
    format!("{id}-secret")
}

/// A delivery with one message, as X writes it.
pub fn message(id: &str, at: i64, from: &str, to: &str, text: &str) -> String {
    json!({"for_user_id": to, "direct_message_events": [item(id, at, from, to, text)]}).to_string()
}

pub fn item(id: &str, at: i64, from: &str, to: &str, text: &str) -> Value {
    json!({"type": "message_create", "id": id, "created_timestamp": at.to_string(), "message_create": {
        "target": {"recipient_id": to}, "sender_id": from, "message_data": {"text": text}}})
}
