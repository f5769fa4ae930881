//! Doors that others than their owner try: pages of somebody else, cookies that were chosen, names that are markup.

use bytes::Bytes;
use http::Method;
use perch::web::routes::{Access, Path, ROUTES};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, HOST};
use crate::world::people::browser;

/// All that stands in the tables which no mere look changes.
fn tables(world: &World) -> String {
    let names =
        world.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('sessions', 'agents')");
    let names = names.iter().map(|row| row["name"].as_str().unwrap().to_owned());
    names.map(|name| world.inner.borrow().database.whole(&name)).collect()
}

#[test]
fn no_change_is_made_by_a_page_of_somebody_else_on_any_route() {
    let mut world = World::new();
    world.hears(ADA, "hi");
    let boss = world.agent("boss", &json!({"role": "admin"}));
    let before = tables(&world);
    let mut tried = 0;
    for route in ROUTES.iter().filter(|route| route.method != Method::GET && route.access != Access::Public) {
        let Path::Is(path) = route.path else { continue };
        for (origin, kind) in [
            (Some("https://evil.example"), "text/plain"),
            (Some("null"), "application/x-www-form-urlencoded"),
            (Some("https://perch.example.evil.example"), "application/json"),
            (None, "multipart/form-data; boundary=a"),
        ] {
            let mut request = browser(route.method.clone(), path, Some(&boss.cookie), "{}".into());
            request.headers_mut().remove("origin");
            request.headers_mut().insert("content-type", kind.parse().unwrap());
            if let Some(origin) = origin {
                request.headers_mut().insert("origin", origin.parse().unwrap());
            }
            assert_eq!(world.asks(request).status(), 403, "{path} from {origin:?}");
            tried += 1;
        }
    }
    assert!(tried > 150, "{tried}");
    assert_eq!(tables(&world), before);
}

#[test]
fn nobody_is_logged_out_by_a_page_of_somebody_else() {
    let mut world = World::new();
    let ida = world.agent("ida", &json!({}));
    for origin in ["https://evil.example", "null"] {
        let mut request = browser(Method::POST, "/log-out", Some(&ida.cookie), Bytes::new());
        request.headers_mut().insert("origin", origin.parse().unwrap());
        world.asks(request);
        assert_eq!(world.does(&ida, "GET", "/api/me", &Value::Null).0, 200, "{origin}");
    }
}

#[test]
fn a_cookie_that_somebody_chose_before_the_log_in_opens_nothing_after_it() {
    let mut world = World::new();
    let made = world.api("POST", "/api/agents/add", &json!({"login": "ida", "name": "Ida"})).1;
    let chosen = "__Host-perch=0123456789abcdef0123456789abcdef";
    let form = format!("login=ida&password={}", made["password"].as_str().unwrap());
    let mut request = browser(Method::POST, "/log-in", Some(chosen), form.into());
    request.headers_mut().insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
    let answer = world.asks(request);
    let given = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_ne!(given, chosen);
    let status = |world: &mut World, cookie: &str| {
        world.asks(browser(Method::GET, "/api/me", Some(cookie), Bytes::new())).status().as_u16()
    };
    assert_eq!((status(&mut world, chosen), status(&mut world, &given)), (401, 200));
    assert!(given.starts_with("__Host-perch=") && HOST.starts_with("https"));
}

#[test]
fn a_name_full_of_templates_and_statements_is_a_name() {
    let name = "{{ 7 * 7 }}'); DROP TABLE entries;-- %s ${x}";
    let mut world = World::new();
    world.applies(
        "{ version: 1, name: a, start: a, fallback: a, nodes: { a: { say: 'You are {{ customer.name }}', options: [{ label: Again, go: a }] } } }",
    );
    world.inner.borrow_mut().x.add_user(perch_simulator::User::new(ADA, "ada", name));
    world.hears(ADA, "hi");
    assert_eq!(world.sent_to(ADA), [format!("You are {name}")]);
    let ida = world.agent("ida", &json!({}));
    assert_eq!(world.view(&ida, "all")[0]["name"], name);
    assert_eq!(world.acts(&ida, "note", ADA, &json!({"text": name})).0, 200);
    assert_eq!(world.thread(&ida, ADA)["notes"][0]["text"], name);
    for wanted in ["DROP TABLE", "\"; --", "* OR 1", "NEAR(a b)", "said:hi", "(", "{{"] {
        let path =
            format!("/api/inbox/search?q={}", wanted.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>());
        assert_eq!(world.does(&ida, "GET", &path, &Value::Null).0, 200, "{wanted}");
    }
    assert!(world.count("SELECT COUNT(*) FROM entries") >= 2);
}

#[test]
fn whoever_logs_in_is_led_to_no_other_place() {
    let mut world = World::new();
    let made = world.api("POST", "/api/agents/add", &json!({"login": "ida", "name": "Ida"})).1;
    let form = format!("login=ida&password={}", made["password"].as_str().unwrap());
    for elsewhere in ["https://evil.example", "//evil.example", "%2F%2Fevil.example"] {
        let path = format!("/log-in?next={elsewhere}");
        let answer = world.asks(browser(Method::POST, &path, None, form.clone().into()));
        assert_eq!(answer.status(), 303, "{path}");
        assert_eq!(answer.headers()["location"], "/app/", "{path}");
    }
    // What came over plain http is led to https, and stays on this host.
    for path in ["//evil.example/log-in", "/log-in?next=//evil.example", "/@evil.example"] {
        let mut request = browser(Method::GET, path, None, Bytes::new());
        *request.uri_mut() = format!("{}{path}", HOST.replace("https", "http")).parse().unwrap();
        let answer = world.asks(request);
        assert_eq!(answer.status(), 308, "{path}");
        assert_eq!(answer.headers()["location"], format!("{HOST}{path}"));
    }
}
