//! A client of X's: signs, asks, reads. And a receiver that answers the challenge.

use std::num::NonZeroU64;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, Request, Response};
use oauth1_request::{Builder, Credentials, HMAC_SHA1, ParameterList};
use perch_simulator::{App, Grant, Handled, Permission, Simulator, Trouble, User};
use serde_json::{Value, json};
use sha2::Sha256;

pub const NOW: u64 = 1_790_000_000_000;
pub const ACCOUNT: &str = "2001";
pub const ADA: &str = "3001";
pub const HOOK: &str = "https://perch.example/webhook";
pub const NEW: &str = "/1.1/direct_messages/events/new.json";
pub const SEND_V2: &str = "/2/dm_conversations/with/3001/messages";
pub const LIST: &str = "/1.1/direct_messages/events/list.json";

/// X with an account, a customer, and a time that the test moves.
pub struct Client {
    pub x: Simulator,
    pub now: u64,
    nonces: u32,
}

/// An answer, read.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Value,
}

impl Said {
    pub fn code(&self) -> Option<i64> {
        self.body.pointer("/errors/0/code").and_then(Value::as_i64)
    }

    pub fn message(&self) -> &str {
        self.body.pointer("/errors/0/message").and_then(Value::as_str).unwrap_or_default()
    }

    pub fn detail(&self) -> &str {
        self.body["detail"].as_str().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<u64> {
        self.headers.get(name)?.to_str().ok()?.parse().ok()
    }
}

impl From<Response<Bytes>> for Said {
    fn from(response: Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}

/// The same client with the account subscribed.
pub fn subscribed() -> Client {
    let mut client = Client::new();
    client.x.subscribe_now(NOW, ACCOUNT, HOOK);
    client
}

impl Client {
    pub fn new() -> Self {
        let mut x = Simulator::new(App::default());
        x.add_user(User::new(ACCOUNT, "perchdemo", "Perch Demo"));
        x.add_user(User::new(ADA, "ada", "Ada"));
        x.grant(ACCOUNT, Grant::new("account-token", "account-secret", Permission::ReadWriteDm));
        Self { x, now: NOW, nonces: 0 }
    }

    /// A request signed with this token pair; parameters of the path's query are signed, those of `form` too.
    pub fn signed(&mut self, method: Method, path: &str, form: &[(&str, &str)], token: (&str, &str)) -> Request<Bytes> {
        self.nonces += 1;
        let nonce = format!("nonce{}", self.nonces);
        let app = App::default();
        let mut builder = Builder::new(Credentials::new(app.consumer_key, app.consumer_secret), HMAC_SHA1);
        builder.token(Credentials::new(token.0.to_owned(), token.1.to_owned()));
        builder.nonce(nonce.as_str()).timestamp(NonZeroU64::new(self.now / 1000)).version(true);
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut parameters: Vec<(String, String)> =
            form.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap();
            let value = percent_encoding::percent_decode_str(value).decode_utf8().unwrap();
            parameters.push((key.to_owned(), value.into_owned()));
        }
        let url = format!("https://api.x.com{path}");
        let header = builder.authorize(method.as_str(), &url, &ParameterList::new(parameters));
        let url = if query.is_empty() { url } else { format!("{url}?{query}") };
        let mut request = Request::builder().method(method).uri(url).header("authorization", header);
        if !form.is_empty() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let body: Vec<String> = form.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        request.body(Bytes::from(body.join("&"))).unwrap()
    }

    pub fn as_account(&mut self, method: Method, path: &str) -> Said {
        let request = self.signed(method, path, &[], ("account-token", "account-secret"));
        self.ask(&request)
    }

    pub fn json_as_account(&mut self, method: Method, path: &str, body: &Value) -> Said {
        let mut request = self.signed(method, path, &[], ("account-token", "account-secret"));
        request.headers_mut().insert("content-type", "application/json".parse().unwrap());
        *request.body_mut() = Bytes::from(body.to_string());
        self.ask(&request)
    }

    /// Makes Ada an account that the app acts for, too.
    pub fn grant_ada(&mut self) {
        self.x.grant(ADA, Grant::new("ada-token", "ada-secret", Permission::ReadWriteDm));
    }

    pub fn as_ada(&mut self, method: Method, path: &str) -> Said {
        let request = self.signed(method, path, &[], ("ada-token", "ada-secret"));
        self.ask(&request)
    }

    /// Takes the right to messages from the user's token.
    pub fn may_only_write(&mut self, user: &str) {
        let (user, permission) = (user.to_owned(), Permission::ReadWrite);
        self.x.misbehave(Trouble::Permission { user, permission });
    }

    pub fn post_form(&mut self, path: &str, form: &[(&str, &str)]) -> Said {
        let request = self.signed(Method::POST, path, form, ("account-token", "account-secret"));
        self.ask(&request)
    }

    /// The request that sends `message_data` to Ada.
    pub fn message(&mut self, to: &str, data: &Value) -> Request<Bytes> {
        let mut request = self.signed(Method::POST, NEW, &[], ("account-token", "account-secret"));
        request.headers_mut().insert("content-type", "application/json".parse().unwrap());
        let event =
            json!({"type": "message_create", "message_create": {"target": {"recipient_id": to}, "message_data": data}});
        *request.body_mut() = Bytes::from(json!({"event": event}).to_string());
        request
    }

    pub fn send(&mut self, data: &Value) -> Said {
        let request = self.message(ADA, data);
        self.ask(&request)
    }

    pub fn say(&mut self, text: &str) -> Said {
        self.send(&json!({"text": text}))
    }

    /// Sends a text to Ada as v2 does.
    pub fn say_v2(&mut self, text: &str) -> Said {
        self.json_as_account(Method::POST, SEND_V2, &json!({"text": text}))
    }

    /// Asks as the app's owner; a receiver that knows the secret answers a challenge.
    pub fn as_owner(&mut self, method: Method, path: &str) -> Said {
        let request = self.signed(method, path, &[], ("sim-owner-token", "sim-owner-token-secret"));
        self.ask(&request)
    }

    pub fn as_app(&mut self, method: Method, path: &str) -> Said {
        let token = self.bearer();
        let request = Request::builder().method(method).uri(format!("https://api.x.com{path}"));
        self.ask(&request.header("authorization", format!("Bearer {token}")).body(Bytes::new()).unwrap())
    }

    pub fn json_as_app(&mut self, method: Method, path: &str, body: &Value) -> Said {
        let bearer = self.bearer();
        let request = Request::builder().method(method).uri(format!("https://api.x.com{path}"));
        let request =
            request.header("authorization", format!("Bearer {bearer}")).header("content-type", "application/json");
        self.ask(&request.body(Bytes::from(body.to_string())).unwrap())
    }

    /// Asks with an access token of OAuth 2.0.
    pub fn with_token(&mut self, method: Method, path: &str, token: &str, body: &Value) -> Said {
        let request = Request::builder().method(method).uri(format!("https://api.x.com{path}"));
        let request = request.header("authorization", format!("Bearer {token}"));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.ask(&request.header("content-type", "application/json").body(Bytes::from(body)).unwrap())
    }

    pub fn bearer(&mut self) -> String {
        let said =
            self.basic("sim-consumer-key", "sim-consumer-secret", "/oauth2/token", "grant_type=client_credentials");
        said.body["access_token"].as_str().unwrap().to_owned()
    }

    pub fn basic(&mut self, key: &str, secret: &str, path: &str, form: &str) -> Said {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("https://api.x.com{path}"))
            .header("authorization", format!("Basic {}", STANDARD.encode(format!("{key}:{secret}"))))
            .header("content-type", "application/x-www-form-urlencoded;charset=UTF-8");
        self.ask(&request.body(Bytes::from(form.to_owned())).unwrap())
    }

    pub fn ask(&mut self, request: &Request<Bytes>) -> Said {
        match self.x.handle(self.now, request) {
            Handled::Answer(response) => response.into(),
            Handled::Challenge(challenge) => {
                let answer = answer_to(&challenge.request());
                self.x.challenged(self.now, challenge, Some(&answer)).into()
            }
            Handled::Silence => panic!("no answer to {} {}", request.method(), request.uri()),
        }
    }

    /// The bodies that are due, delivered with 200.
    pub fn receive(&mut self) -> Vec<Value> {
        let due = self.x.deliveries(self.now);
        due.iter().for_each(|delivery| self.x.delivered(delivery.id, Some(200)));
        due.iter().map(|delivery| serde_json::from_slice(delivery.request.body()).unwrap()).collect()
    }
}

/// A receiver that does what X asks of it.
pub fn answer_to(request: &Request<Bytes>) -> Response<Bytes> {
    let query = request.uri().query().unwrap();
    let token = query.split('&').find_map(|pair| pair.strip_prefix("crc_token=")).unwrap();
    let token = percent_encoding::percent_decode_str(token).decode_utf8().unwrap();
    let body = json!({"response_token": hmac(token.as_bytes())});
    Response::new(Bytes::from(body.to_string()))
}

pub fn hmac(message: &[u8]) -> String {
    hmac_with(&App::default().consumer_secret, message)
}

pub fn hmac_with(secret: &str, message: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message);
    format!("sha256={}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
