//! The server as a program: its phone, its API over sockets, its deliveries to a real receiver.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use oauth1_request::{Builder, Credentials, HMAC_SHA1, ParameterList};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::mpsc;
use tokio::time::timeout;

const SIMULATOR: &str = env!("CARGO_BIN_EXE_simulator");
const ADA: &str = "1880000000000000101";
const OWNER: &str = "sim-owner-token";
const ACCOUNT: &str = "sim-account-token";

/// A simulator of its own, ended with the test.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start() -> Self {
        let mut child =
            Command::new(SIMULATOR).args(["--port", "0"]).env_clear().stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let port = line.split(':').nth(2).unwrap().split('/').next().unwrap().parse().unwrap();
        // From here on nobody reads its terminal any more.
        Self { child, port }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    async fn get(&self, path: &str) -> Response<Bytes> {
        ask(Request::get(self.url(path)).body(Bytes::new()).unwrap()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = Request::post(self.url(path)).header("content-type", "application/json");
        let response = ask(request.body(Bytes::from(body.to_string())).unwrap()).await;
        assert!(response.status().is_success(), "{path}: {response:?}");
        serde_json::from_slice(response.body()).unwrap()
    }

    async fn state(&self) -> Value {
        serde_json::from_slice(self.get(&format!("/sim/state?customer={ADA}")).await.body()).unwrap()
    }

    /// A call to the API, signed with one of the tokens that the server has by default.
    fn signed(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        token: &str,
        body: Option<&Value>,
    ) -> Request<Bytes> {
        // Nonce and time are the library's own.
        let mut builder = Builder::new(Credentials::new("sim-consumer-key", "sim-consumer-secret"), HMAC_SHA1);
        let secret = format!("{token}-secret");
        builder.token(Credentials::new(token, secret.as_str()));
        let header = builder.authorize(method.as_str(), self.url(path), &ParameterList::new(query.to_vec()));
        let encoded: Vec<String> = query.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(self.url(&format!("{path}?{}", encoded.join("&"))))
            .header("authorization", header);
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        request.body(body.map(|body| Bytes::from(body.to_string())).unwrap_or_default()).unwrap()
    }

    fn message(&self, text: &str) -> Request<Bytes> {
        let data =
            json!({"text": text, "quick_reply": {"type": "options", "options": [{"label": "Yes", "metadata": "y"}]}});
        let event = json!({"event": {"type": "message_create", "message_create": {"target": {"recipient_id": ADA}, "message_data": data}}});
        self.signed(Method::POST, "/1.1/direct_messages/events/new.json", &[], ACCOUNT, Some(&event))
    }

    /// Registers a receiver and subscribes the brand; gives what it receives: signature and body.
    async fn connect(&self) -> mpsc::UnboundedReceiver<(String, Bytes)> {
        let (got, receiver) = mpsc::unbounded_channel();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hook = format!("http://{}/webhook", listener.local_addr().unwrap());
        let answer = get(async |axum::extract::RawQuery(query): axum::extract::RawQuery| {
            let query = query.unwrap();
            let token = query.split('&').find_map(|pair| pair.strip_prefix("crc_token=")).unwrap();
            let token = percent_encoding::percent_decode_str(token).decode_utf8().unwrap().into_owned();
            json!({"response_token": hmac(token.as_bytes())}).to_string()
        });
        let answer = answer.post(async move |headers: http::HeaderMap, body: Bytes| {
            let _ = got.send((headers["x-twitter-webhooks-signature"].to_str().unwrap().to_owned(), body));
        });
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/webhook", answer)).await });
        let registered =
            ask(self.signed(Method::POST, "/1.1/account_activity/webhooks.json", &[("url", &hook)], OWNER, None)).await;
        let webhook: Value = serde_json::from_slice(registered.body()).unwrap();
        let path = format!("/1.1/account_activity/webhooks/{}/subscriptions/all.json", webhook["id"].as_str().unwrap());
        assert_eq!(ask(self.signed(Method::POST, &path, &[], ACCOUNT, None)).await.status(), 204);
        receiver
    }
}

async fn ask(request: Request<Bytes>) -> Response<Bytes> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let (parts, body) = client.request(request.map(Full::new)).await.unwrap().into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

fn hmac(message: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"sim-consumer-secret").unwrap();
    mac.update(message);
    format!("sha256={}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[tokio::test]
async fn the_phone_is_served_under_a_strict_policy_to_this_computer_alone() {
    let server = Server::start();
    assert_eq!(server.get("/healthz").await.status(), 200);
    let page = server.get("/").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("http"));
    let page = String::from_utf8(page.body().to_vec()).unwrap();
    for file in page.split('"').filter(|part| part.starts_with("/phone/")) {
        assert_eq!(server.get(file).await.status(), 200, "{file}");
    }
    assert!(!page.contains("://") && !page.contains("style=") && !page.contains("onclick"));
    assert_eq!(server.get("/nothing").await.status(), 404);

    let write = server.url(&format!("/sim/customers/{ADA}/messages"));
    let foreign =
        Request::post(&write).header("content-type", "text/plain").body(Bytes::from_static(br#"{"text":"x"}"#));
    assert_eq!(ask(foreign.unwrap()).await.status(), 403);
    let rebound = Request::get(server.url("/sim/state")).header("host", "evil.example").body(Bytes::new());
    assert_eq!(ask(rebound.unwrap()).await.status(), 403);
}

#[test]
fn a_taken_port_and_a_wrong_argument_are_said_plainly() {
    let server = Server::start();
    let second = Command::new(SIMULATOR).args(["--port", &server.port.to_string()]).output().unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8(second.stderr).unwrap().contains("is taken by another program"));
    let wrong = Command::new(SIMULATOR).arg("--prot").output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    let help = Command::new(SIMULATOR).arg("--help").output().unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("SIM_CONSUMER_KEY"));
}

#[tokio::test]
async fn a_message_goes_round_from_the_phone_to_the_webhook_and_back() {
    let server = Server::start();
    assert_eq!(server.state().await["subscribed"], false);
    let mut receiver = server.connect().await;
    server.post(&format!("/sim/customers/{ADA}/messages"), &json!({"text": "hello ❄"})).await;
    let (signature, body) = timeout(Duration::from_secs(5), receiver.recv()).await.unwrap().unwrap();
    assert_eq!(signature, hmac(&body));
    let event: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(event["direct_message_events"][0]["message_create"]["message_data"]["text"], "hello ❄");

    assert_eq!(ask(server.message("Are you there?")).await.status(), 200);
    let prompt = server.state().await["messages"][1].clone();
    assert_eq!((&prompt["direction"], &prompt["options"][0]["label"]), (&json!("in"), &json!("Yes")));
    let tap = json!({"event_id": prompt["id"], "option": 0});
    server.post(&format!("/sim/customers/{ADA}/taps"), &tap).await;
    let state = server.state().await;
    assert_eq!((&state["messages"][2]["text"], &state["subscribed"]), (&json!("Yes"), &json!(true)));
}

#[tokio::test]
async fn a_lost_answer_hangs_after_the_effect() {
    let server = Server::start();
    let switched = server.post("/sim/trouble", &json!({"trouble": "lose_answer", "on": true})).await;
    assert_eq!(switched["lose_answer"], true);
    assert!(timeout(Duration::from_millis(400), ask(server.message("lost"))).await.is_err());
    let state = server.state().await;
    assert_eq!((&state["messages"][0]["text"], &state["troubles"]["lose_answer"]), (&json!("lost"), &json!(false)));
    assert_eq!(ask(server.message("found")).await.status(), 200);
}

#[test]
fn what_is_new_comes_as_a_stream() {
    let server = Server::start();
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    std::io::Write::write_all(&mut stream, b"GET /sim/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
    let mut seen = String::new();
    while !seen.contains("\"subscribed\":false") {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).unwrap();
        seen.push_str(&String::from_utf8_lossy(&part[..read]));
    }
    assert!(seen.to_ascii_lowercase().contains("content-type: text/event-stream"));
    assert!(seen.contains("data: {"));
}

#[tokio::test]
async fn the_plan_is_switched_while_the_phone_is_open() {
    let server = Server::start();
    let plan = server.state().await["plan"].clone();
    assert_eq!(
        plan["switches"],
        json!({"v1_closed": false, "v2_closed": false, "fifteen": true, "new_signature": false})
    );
    assert_eq!((&plan["budget"]["v2"][0]["used"], &plan["budget"]["v2"][0]["limit"]), (&json!(0), &json!(15)));
    assert_eq!(plan["hears"], json!({"account_activity": false, "activity": []}));
    let turned = server.post("/sim/plan", &json!({"plan": "v1_closed", "on": true})).await;
    assert_eq!(turned["v1_closed"], true);
    assert_eq!(ask(server.message("closed")).await.status(), 403);
    let path = format!("/2/dm_conversations/with/{ADA}/messages");
    for (closed, status) in [(false, 201), (true, 403)] {
        server.post("/sim/plan", &json!({"plan": "v2_closed", "on": closed})).await;
        let send = server.signed(Method::POST, &path, &[], ACCOUNT, Some(&json!({"text": "open"})));
        assert_eq!(ask(send).await.status(), status);
    }
    server.post("/sim/plan", &json!({"plan": "fifteen", "on": false})).await;
    let budget = server.state().await["plan"]["budget"]["v2"].clone();
    assert_eq!(
        (budget.as_array().unwrap().len(), &budget[0]["used"], &budget[0]["limit"]),
        (1, &json!(1), &json!(1_000))
    );
    let written = server.post(&format!("/sim/customers/{ADA}/encrypted"), &json!({})).await;
    assert!(written["event_id"].is_string());
    assert_eq!(server.state().await["messages"].as_array().unwrap().len(), 1, "it is no message");
}
