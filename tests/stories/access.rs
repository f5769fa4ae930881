//! People come through Cloudflare Access: whom it names is logged in, and nobody else.

use bytes::Bytes;
use http::Method;
use perch::x_api::request::Response;
use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::access::{TEAM, token};
use crate::world::people::{Agent, browser};

/// A deployment behind Access.
fn gated() -> World {
    let mut world = World::new();
    world.set("ACCESS_TEAM", "furni");
    world.set("ACCESS_AUD", "tag");
    let (status, _) = world.api("POST", "/api/agents/add", &json!({"login": "ida@furni.example", "name": "Ida"}));
    assert_eq!(status, 200);
    world
}

fn claims(world: &World, more: &Value) -> Value {
    let now = world.now().0 / 1000;
    let mut claims = json!({"aud": ["tag"], "iss": format!("https://{TEAM}"), "exp": now + 600, "nbf": now, "email": "Ida@furni.example"});
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    claims
}

fn comes(world: &mut World, token: &str) -> Response {
    let mut request = browser(Method::GET, "/log-in", None, Bytes::new());
    request.headers_mut().insert("cf-access-jwt-assertion", token.parse().unwrap());
    world.asks(request)
}

fn words(answer: &Response) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}

#[test]
fn whoever_access_names_is_logged_in_as_the_agent_of_that_mail_address() {
    let mut world = gated();
    let good = token(&claims(&world, &json!({})));
    let answer = comes(&mut world, &good);
    assert_eq!(answer.status(), 200);
    assert!(words(&answer).contains(r#"content="0; url=/app/""#), "{}", words(&answer));
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let ida = Agent { login: "ida@furni.example".to_owned(), cookie };
    assert_eq!(world.does(&ida, "GET", "/api/me", &Value::Null).1["name"], "Ida");
    world.api("POST", "/api/agents/remove", &json!({"login": "ida@furni.example"}));
    assert_eq!(world.does(&ida, "GET", "/api/me", &Value::Null).0, 401, "and is out with the agent");
}

#[test]
fn a_token_of_somebody_elses_or_one_that_is_over_opens_nothing() {
    let mut world = gated();
    let good = token(&claims(&world, &json!({})));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let other = token(&claims(&world, &json!({"email": "boss@furni.example"})));
    let forged = format!("{}.{signature}", other.rsplit_once('.').unwrap().0);
    let stranger = token(&claims(&world, &json!({"email": "eve@elsewhere.example"})));
    for (wrong, said) in [
        (forged, "not for this deployment"),
        (format!("{signed}."), "not for this deployment"),
        (token(&claims(&world, &json!({"aud": ["another"]}))), "not for this deployment"),
        (token(&claims(&world, &json!({"iss": "https://evil.cloudflareaccess.com"}))), "not for this deployment"),
        ("nonsense".to_owned(), "not for this deployment"),
        (stranger, "Nobody logs in as eve@elsewhere.example"),
    ] {
        let answer = comes(&mut world, &wrong);
        assert_eq!(answer.status(), 403, "{wrong}");
        assert!(words(&answer).contains(said) && !answer.headers().contains_key("set-cookie"), "{}", words(&answer));
    }
    world.passes(Span::minutes(12));
    assert_eq!(comes(&mut world, &good).status(), 403, "its time is over");
}

#[test]
fn without_the_settings_the_header_means_nothing() {
    let mut world = gated();
    world.set("ACCESS_AUD", "");
    let good = token(&claims(&world, &json!({})));
    let answer = comes(&mut world, &good);
    assert!(answer.status() == 200 && !answer.headers().contains_key("set-cookie"));
    assert!(words(&answer).contains(r#"name="password""#), "the form is there");
}
