//! People log in, and nobody else gets in: passwords, sessions, other people's pages, roles.

use bytes::Bytes;
use http::Method;
use perch::web::routes::{Access, Path, ROUTES};
use perch::x_api::time::Span;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BRAND, HOST, admin_request};
use crate::world::people::browser;

#[test]
fn no_route_under_app_or_api_answers_without_a_log_in() {
    let mut world = World::new();
    for route in ROUTES {
        let path = match route.path {
            Path::Is(path) => path.to_owned(),
            Path::Below(path) => format!("{path}anything.js"),
            Path::Webhook => continue,
        };
        let is_private = path.starts_with("/api") || path.starts_with("/app");
        assert_eq!(is_private, route.access != Access::Public, "{path}");
        if !is_private {
            continue;
        }
        for cookie in [None, Some("__Host-perch=0123456789abcdef")] {
            let answer = world.asks(browser(route.method.clone(), &path, cookie, Bytes::new()));
            let status = answer.status().as_u16();
            if path.starts_with("/app") {
                assert_eq!((status, answer.headers()["location"].to_str().unwrap()), (303, "/log-in"), "{path}");
            } else {
                assert!(status == 401 || status == 429, "{} {path}: {status}", route.method);
            }
            world.passes(Span::minutes(1));
        }
    }
}

#[test]
fn a_session_opens_what_its_role_may_until_it_ends() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    let boss = world.agent("boss", &json!({"role": "admin"}));
    assert_eq!(world.does(&ida, "GET", "/api/me", &Value::Null).1["name"], "Ida");
    assert_eq!(world.does(&ida, "GET", "/api/accounts", &Value::Null).0, 403);
    assert_eq!(world.does(&boss, "GET", "/api/accounts", &Value::Null).0, 200);
    let (status, _) = world.does(&boss, "POST", "/api/accounts/switch", &json!({"account": BRAND, "on": true}));
    assert_eq!(status, 200);
    assert_eq!(world.rows("SELECT who FROM audit WHERE what = '/api/accounts/switch'")[0]["who"], "boss");
    let page = world.asks(browser(Method::GET, "/app/", Some(&ida.cookie), Bytes::new()));
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
    world.passes(Span::hours(11));
    assert_eq!(world.does(&ida, "GET", "/api/me", &Value::Null).0, 200, "a session that is used lasts on");
    world.passes(Span::hours(11));
    assert_eq!(world.does(&ida, "GET", "/api/me", &Value::Null).0, 200);
    world.passes(Span::hours(13));
    assert_eq!(world.does(&ida, "GET", "/api/me", &Value::Null).0, 401, "one that nobody uses does not");
    let eve = world.agent("eve", &json!({}));
    let mut hours = 0;
    while world.does(&eve, "GET", "/api/me", &Value::Null).0 == 200 {
        world.sleeps(Span::hours(11));
        hours += 11;
    }
    assert!((160..=180).contains(&hours), "one that is used all the while ends after a week, not after {hours} hours");
}

#[test]
fn whoever_logs_out_or_gets_a_new_password_is_out() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    let answer = world.asks(browser(Method::POST, "/log-out", Some(&ida.cookie), Bytes::new()));
    assert!(answer.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(world.does(&ida, "GET", "/api/me", &Value::Null).0, 401);
    let max = world.agent("max", &json!({}));
    let (_, changed) = world.api("POST", "/api/agents/change", &json!({"login": "max", "password": true}));
    assert_eq!(world.does(&max, "GET", "/api/me", &Value::Null).0, 401);
    let given = changed["password"].as_str().unwrap().to_owned();
    let first = crate::world::people::Agent { login: "max".to_owned(), cookie: world.logs_in("max", &given).unwrap() };
    let other = crate::world::people::Agent { login: "max".to_owned(), cookie: world.logs_in("max", &given).unwrap() };
    let new = json!({"old": given, "new": "a longer password"});
    assert_eq!(
        world.does(&first, "POST", "/api/me/password", &json!({"old": "wrong", "new": "a longer password"})).0,
        403
    );
    assert_eq!(world.does(&first, "POST", "/api/me/password", &json!({"old": given, "new": "short"})).0, 400);
    let request = browser(Method::POST, "/api/me/password", Some(&first.cookie), new.to_string().into());
    let changed = world.asks(request);
    assert_eq!(changed.status(), 200);
    let cookie = changed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let here = crate::world::people::Agent { login: "max".to_owned(), cookie };
    assert_eq!(world.does(&here, "GET", "/api/me", &Value::Null).0, 200, "here it goes on");
    for before in [&first, &other] {
        assert_eq!(world.does(before, "GET", "/api/me", &Value::Null).0, 401, "whoever has an older cookie is out");
    }
    assert!(world.logs_in("max", "a+longer+password").is_ok());
}

#[test]
fn whoever_is_changed_stays_logged_in_unless_their_role_is_another() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    let form =
        json!({"login": "ida", "name": "Ida", "role": "agent", "teams": ["returns"], "at_once": 3, "profile": ""});
    assert_eq!(world.api("POST", "/api/agents/change", &form).0, 200);
    assert_eq!(world.does(&ida, "GET", "/api/me", &Value::Null).0, 200, "the same role was said again");
    assert_eq!(world.rows("SELECT at_once FROM agents")[0]["at_once"], 3);
    assert_eq!(world.api("POST", "/api/agents/change", &json!({"login": "ida", "role": "admin"})).0, 200);
    assert_eq!(world.does(&ida, "GET", "/api/me", &Value::Null).0, 401, "more rights");
}

#[test]
fn a_page_of_somebody_else_changes_nothing() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({"role": "admin"}));
    let body = json!({"account": BRAND, "on": false}).to_string();
    for (header, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("x-nothing", "a")] {
        let mut request = browser(Method::POST, "/api/accounts/switch", Some(&ida.cookie), body.clone().into());
        request.headers_mut().remove("origin");
        request.headers_mut().insert(header, value.parse().unwrap());
        assert_eq!(world.asks(request).status(), 403, "{header}");
    }
    assert_eq!(world.count("SELECT is_on FROM accounts"), 1);
    let mut form = browser(Method::POST, "/log-in", None, "login=ida&password=x".into());
    form.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    assert_eq!(world.asks(form).status(), 403, "nobody is logged in by another page");
}

#[test]
fn the_admin_token_is_nobodys_name() {
    let mut world = World::new();
    let body = json!({"account": BRAND, "customer": ADA, "text": "hi", "id": "a"}).to_string();
    assert_eq!(world.asks(admin_request("POST", "/api/inbox/say", &body)).status(), 403);
    assert_eq!(world.asks(admin_request("GET", "/api/inbox", "")).status(), 200, "but it may look");
}

#[test]
fn what_cannot_be_an_agent_is_refused_with_its_reason() {
    let mut world = World::new();
    world.agent("ida", &json!({}));
    for (body, said) in [
        (json!({"login": "IDA"}), "Somebody logs in as"),
        (json!({"login": "a b"}), "'login' is a name"),
        (json!({"login": "max", "name": " "}), "'name' has"),
        (json!({"login": "max", "teams": ["a b"]}), "a team is one word"),
        (json!({"login": "max", "at_once": 0}), "'at_once'"),
        (json!({"login": "max", "role": "boss"}), "The body is not what is asked for"),
    ] {
        let (status, problem) = world.api("POST", "/api/agents/add", &body);
        assert!(status == 400 || status == 409, "{body}");
        assert!(problem["detail"].as_str().unwrap().contains(said), "{problem}");
    }
    let agents = world.api("GET", "/api/agents", &Value::Null).1;
    assert_eq!(agents["agents"].as_array().unwrap().len(), 1);
    assert!(!agents.to_string().contains("pbkdf2"), "no password is ever told");
}

#[test]
fn over_plain_http_nobody_but_this_computer_is_served() {
    let mut world = World::new();
    let (_, made) = world.api("POST", "/api/agents/add", &json!({"login": "ida"}));
    let form = format!("login=ida&password={}", made["password"].as_str().unwrap());
    let mut asks = |method: Method, origin: &str, path: &str, forwarded: Option<&str>| {
        let mut request = browser(method, path, None, form.clone().into());
        *request.uri_mut() = format!("{origin}{path}").parse().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        forwarded.map(|scheme| request.headers_mut().insert("x-forwarded-proto", scheme.parse().unwrap()));
        world.asks(request)
    };
    let http = HOST.replace("https", "http");
    let page = asks(Method::GET, &http, "/log-in?a=b", None);
    assert_eq!(page.status(), 308);
    assert_eq!(page.headers()["location"], format!("{HOST}/log-in?a=b"));
    assert_eq!(asks(Method::POST, &http, "/log-in", None).status(), 403);
    assert_eq!(asks(Method::POST, HOST, "/log-in", Some("http")).status(), 403);
    assert_eq!(asks(Method::GET, &http, "/healthz", None).status(), 200, "what is no secret is answered");
    assert_eq!(asks(Method::GET, &http, "/log-in", Some("https")).status(), 200, "a tunnel speaks http from there on");
    let secure = asks(Method::GET, HOST, "/log-in", None);
    assert_eq!(secure.headers()["strict-transport-security"], "max-age=31536000");
    let here = asks(Method::POST, "http://127.0.0.1:8787", "/log-in", None);
    let cookie = here.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("perch=") && !cookie.contains("Secure"), "{cookie}");
}

#[test]
fn through_a_tunnel_that_speaks_http_from_there_on_people_work_as_over_https() {
    let mut world = World::new();
    let (_, made) = world.api("POST", "/api/agents/add", &json!({"login": "ida"}));
    let form = format!("login=ida&password={}", made["password"].as_str().unwrap());
    let mut asks = |method: Method, path: &str, cookie: Option<&str>, from: &str, body: &str| {
        let mut request = browser(method, path, cookie, body.to_owned().into());
        *request.uri_mut() = format!("{}{path}", HOST.replace("https", "http")).parse().unwrap();
        request.headers_mut().insert("origin", from.parse().unwrap());
        // Two proxies, of which the first heard the browser.
        request.headers_mut().insert("x-forwarded-proto", "HTTPS, http".parse().unwrap());
        world.asks(request)
    };
    let logged_in = asks(Method::POST, "/log-in", None, HOST, &form);
    assert_eq!(logged_in.status(), 303);
    let cookie = logged_in.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-perch=") && cookie.contains("; Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let away = r#"{"presence":"away"}"#;
    assert_eq!(asks(Method::POST, "/api/me/presence", Some(&cookie), HOST, away).status(), 200);
    let elsewhere = HOST.replace("https", "http");
    assert_eq!(asks(Method::POST, "/api/me/presence", Some(&cookie), &elsewhere, away).status(), 403);
}
