//! Anything that comes in at any address: an answer always, never a 500, each refusal a problem document that says what to do.

use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, ORIGIN};
use perch::seal::{Keys, Tokens, seal};
use perch::web::handle;
use perch::x_api::secret::Secret;
use serde_json::{Value, json};
use std::sync::LazyLock;

use crate::still::{ADMIN_TOKEN, CLIENT_SECRET, CONSUMER_SECRET, Still, TOKEN_KEY, at_once, config};

/// Answers of X's that a handler may get, one line of the input chooses among them.
const REPLIES: [&[u8]; 4] = [
    br#"{"data":{"id":"7","username":"perch","name":"Perch"},"id_str":"7","screen_name":"perch","name":"Perch"}"#,
    br#"{"data":[],"meta":{"result_count":0}}"#,
    b"{\"errors\":[{\"code\":34,\"message\":\"no\"}]}",
    b"\xff",
];

static ACCOUNT: LazyLock<Value> = LazyLock::new(|| {
    let keys = Keys { present: Secret::new(TOKEN_KEY), previous: None };
    let tokens = Tokens { token: Secret::new("token"), secret: Secret::new("secret") };
    json!({
        "id": "7", "username": "perch", "name": "Perch", "tokens": seal(&tokens, &"7".into(), &keys, "0123").unwrap(),
        "status": "active", "held_until": 0, "looked_at": 0, "answers_own": 0, "is_on": 1, "webhook_id": "1", "speaks": "rich",
        "speaks_by": "probe", "probed_at": 0, "oauth2": null, "oauth2_until": 0, "oauth2_since": 0, "acts": "", "product": "xaa",
        "environment": null, "webhook_url": "https://perch.example/webhook", "hears": 1, "spent_until": 0, "handoff": null,
    })
});

/// A byte that chooses who calls, whether the account is there and what X says; then the request.
pub fn run(bytes: &[u8]) {
    let Some((chosen, rest)) = bytes.split_first() else { return };
    let has = |bit: u8| chosen & (1 << bit) != 0;
    let Some(mut request) = crate::http::request(rest) else { return };
    let headers = request.headers_mut();
    if has(0) {
        headers.insert(AUTHORIZATION, format!("Bearer {ADMIN_TOKEN}").parse().unwrap());
    }
    if has(1) {
        headers.insert(COOKIE, "__Host-perch=session".parse().unwrap());
        headers.insert(ORIGIN, "https://perch.example".parse().unwrap());
    }
    let mut rows = vec![(
        "FROM sessions",
        json!({"id": "a1", "login": "ida", "name": "Ida", "role": "admin", "presence": "here", "profile": null}),
    )];
    if has(2) {
        rows.push(("oauth2, oauth2_until, oauth2_since", ACCOUNT.clone()));
    }
    let mut reply = crate::http::response(b"");
    *reply.body_mut() = REPLIES[usize::from(chosen >> 3) % REPLIES.len()].into();
    if has(5) {
        *reply.status_mut() = StatusCode::BAD_REQUEST;
    }
    let world = Still::with(rows, (!has(6)).then_some(reply));
    let answer = at_once(handle(&world, &config(), &request));

    let response = &answer.response;
    let status = response.status().as_u16();
    assert!(status != 500 && (100..600).contains(&status), "{status}");
    assert!(response.headers().contains_key("x-content-type-options"));
    let kind = response.headers().get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap()).unwrap_or_default();
    let is_page = kind.starts_with("text/html");
    if is_page {
        assert!(["/", "/log-in", "/sign-in/x", "/sign-in/x/callback"].contains(&request.uri().path()));
        assert!(response.headers().contains_key("content-security-policy"));
    }
    if status >= 400 && !is_page && request.method() != "HEAD" {
        assert_eq!(kind, "application/problem+json");
        let problem: Value = serde_json::from_slice(response.body()).unwrap();
        let has_words = |name: &str| problem.get(name).and_then(Value::as_str).is_some_and(|words| !words.is_empty());
        assert!(has_words("title") && has_words("detail") && has_words("what_to_do"), "{problem}");
        assert_eq!(problem.get("status"), Some(&json!(status)));
    }
    is_guarded(&request, status, has(0) || has(1));
    let said = [&response.body()[..], answer.log.unwrap_or_default().as_bytes()].concat();
    tells_no_secret(&String::from_utf8_lossy(&said), &String::from_utf8_lossy(rest));
}

/// What the caller brought along may come back to them, also unwrapped.
fn tells_no_secret(said: &str, brought: &str) {
    for secret in [TOKEN_KEY, CONSUMER_SECRET, CLIENT_SECRET, "owner-secret"] {
        assert!(!said.contains(secret) || brought.contains(secret) || brought.contains(['%', '\\']), "{said}");
    }
}

/// Under `/api` nobody does anything without the token or a log-in.
fn is_guarded(request: &perch::x_api::request::Request, status: u16, is_known: bool) {
    let is_token =
        request.headers().get_all(AUTHORIZATION).iter().any(|given| given.as_bytes().ends_with(ADMIN_TOKEN.as_bytes()));
    let is_cookie = request.headers().contains_key(COOKIE);
    if request.uri().path().starts_with("/api/") && !is_known && !is_token && !is_cookie {
        assert!(matches!(status, 401 | 404 | 405), "{status}");
    }
}
