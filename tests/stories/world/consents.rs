//! People who sign in with OAuth 2.0: in their browser, on X's page, and back.

use bytes::Bytes;
use http::StatusCode;
use perch::x_api::request::Response;
use perch::x_api::time::Span;
use perch_simulator::Logged;
use serde_json::json;

use super::World;
use super::cast::{BRAND, CLIENT_ID, CLIENT_SECRET, HOST};
use super::dialects::{hears, is_v2};

/// Where X gives tokens of OAuth 2.0, and new ones for old ones.
pub const TOKEN: &str = "/2/oauth2/token";

/// A deployment that is a client of OAuth 2.0, with nobody connected.
pub fn client() -> World {
    let mut world = World::empty();
    // v1.1 subscribes nobody by OAuth 2.0.
    world.set("X_PRODUCT", &if is_v2() { hears() } else { "xaa".to_owned() });
    world.set("X_CLIENT_ID", CLIENT_ID);
    world.set("X_CLIENT_SECRET", CLIENT_SECRET);
    world
}

/// The same with `BRAND` signed in.
pub fn signed_in() -> World {
    let mut world = client();
    let page = signs_in(&mut world);
    assert_eq!(page.status(), StatusCode::OK, "{}", words(&page));
    world.drive();
    world
}

pub fn opens(world: &mut World, path: &str, cookie: Option<&str>) -> Response {
    let mut request = http::Request::get(format!("{HOST}{path}"));
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    world.asks(request.body(Bytes::new()).unwrap())
}

pub fn words(answer: &Response) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}

/// Sets out with a new invite: X's page, and the browser's cookie.
pub fn sets_out(world: &mut World) -> (String, String) {
    let (status, invite) = world.api("POST", "/api/invites", &json!({}));
    assert_eq!(status, 200, "{invite:#}");
    let invite = invite["url"].as_str().unwrap().strip_prefix(HOST).unwrap().to_owned();
    let out = opens(world, &invite, None);
    assert_eq!(out.status(), StatusCode::FOUND, "{}", words(&out));
    let header = |name: &str| out.headers()[name].to_str().unwrap().to_owned();
    (header("location"), header("set-cookie").split(';').next().unwrap().to_owned())
}

/// Says yes on X's page: where the browser is sent, without the host.
pub fn says_yes(world: &mut World, page: &str) -> String {
    says_yes_as(world, page, BRAND)
}

pub fn says_yes_as(world: &mut World, page: &str, user: &str) -> String {
    let mut inner = world.inner.borrow_mut();
    let now = inner.now.0.unsigned_abs();
    inner.x.user_authorizes2(now, page, user).unwrap().strip_prefix(HOST).unwrap().to_owned()
}

pub fn signs_in(world: &mut World) -> Response {
    let (page, cookie) = sets_out(world);
    let back = says_yes(world, &page);
    opens(world, &back, Some(&cookie))
}

pub fn grace(world: &mut World, span: Span) {
    world.inner.borrow_mut().x.settings().refresh_grace_ms = span.0.unsigned_abs();
}

pub fn asked(world: &World, path: &str) -> usize {
    world.inner.borrow().x.requests().iter().filter(|call: &&Logged| call.path.starts_with(path)).count()
}

pub fn health(world: &mut World) -> String {
    world.api("GET", "/api/health", &json!({})).1.to_string()
}
