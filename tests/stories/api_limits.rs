//! The limits of the admin API: what the document lets be sent is taken, and what it does not is refused.

use serde_json::{Value, json};

use crate::world::World;
use crate::world::api_document::{document, operation, takes};
use crate::world::cast::ADA;

const PAGE: &str = "https://a.example";

fn option(id: usize, label: usize) -> Value {
    json!({"id": "i".repeat(id), "label": "é".repeat(label)})
}

fn button(label: usize, url: &str) -> Value {
    json!({"label": "é".repeat(label), "url": url})
}

/// What may be sent in a field, and what may not.
type Limit = (&'static str, Value, Value);

fn limits_of_what_is_said() -> Vec<Limit> {
    vec![
        ("text", json!("é".repeat(10_000)), json!("é".repeat(10_001))),
        ("text", json!("é"), json!(" \n")),
        ("id", json!("i".repeat(100)), json!("i".repeat(101))),
        ("id", json!("i"), json!("")),
        ("options", json!(vec![option(1, 1); 20]), json!(vec![option(1, 1); 21])),
        ("options", json!([option(1_000, 36)]), json!([option(1_001, 36)])),
        ("options", json!([option(1, 36)]), json!([option(1, 37)])),
        ("options", json!([option(1, 1)]), json!([option(0, 1)])),
        ("buttons", json!(vec![button(1, PAGE); 3]), json!(vec![button(1, PAGE); 4])),
        ("buttons", json!([button(36, PAGE)]), json!([button(37, PAGE)])),
        ("buttons", json!([button(1, PAGE)]), json!([button(1, "http://a.example")])),
        ("media", Value::Null, json!({"file": "a.png"})),
    ]
}

fn limits_of_a_text(field: &'static str, most: usize) -> Vec<Limit> {
    let text = |count: usize| json!("é".repeat(count));
    vec![(field, text(most), text(most + 1)), (field, text(1), json!("  "))]
}

#[test]
fn what_is_taken_is_what_the_document_lets_be_sent() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.drive();
    let boss = world.agent("boss", &json!({"role": "admin"}));
    let (of_ada, canned) = (json!({"customer": ADA, "text": "hi"}), json!({"name": "hours", "text": "Nine to five."}));
    let eve = json!({"login": "eve"});
    let logins = ("login", json!("e".repeat(80)), json!("e".repeat(81)));
    let plain = ("login", json!("e._+-@E1"), json!("é"));
    let profile = ("profile", json!("é".repeat(80)), json!("é".repeat(81)));
    let passwords = vec![
        ("new", json!("é".repeat(10)), json!("é".repeat(9))),
        ("new", json!("é".repeat(200)), json!("é".repeat(201))),
    ];
    let of_agents = [vec![logins, plain, profile], limits_of_a_text("name", 80)].concat();
    for (path, whole, limits) in [
        ("/api/inbox/say", &of_ada, limits_of_what_is_said()),
        ("/api/dm/send", &of_ada, limits_of_what_is_said()),
        ("/api/inbox/note", &of_ada, limits_of_a_text("text", 5_000)),
        ("/api/canned-answers/save", &canned, limits_of_a_text("name", 60)),
        ("/api/canned-answers/save", &canned, limits_of_a_text("text", 10_000)),
        ("/api/agents/add", &eve, of_agents.clone()),
        ("/api/agents/change", &eve, of_agents),
        ("/api/me/password", &json!({"old": "another"}), passwords),
    ] {
        for (field, fits, other) in limits {
            for (value, may_be) in [(fits, true), (other, false)] {
                let mut body = whole.clone();
                body[field] = value;
                if body[field].is_null() {
                    body.as_object_mut().unwrap().remove(field);
                }
                assert_eq!(takes(path, &body), may_be, "{path} {field}, by the document");
                let (status, answer) = world.does(&boss, "POST", path, &body);
                assert_eq!(status != 400, may_be, "{path} {field}: {answer:#}");
            }
        }
    }
    let q = &operation("GET", "/api/inbox/search").unwrap()["parameters"][0]["schema"];
    assert_eq!((&q["maxLength"], &q["minLength"]), (&json!(200), &json!(1)));
    for (count, status) in [(0, 400), (200, 200), (201, 400)] {
        let path = format!("/api/inbox/search?q={}", "e".repeat(count));
        assert_eq!(world.does(&boss, "GET", &path, &Value::Null).0, status, "{count} characters");
    }
}

#[test]
fn words_may_be_missing_only_beside_a_file_of_an_account_that_speaks_plain() {
    let mut world = World::new();
    world.writes(ADA, "hi");
    world.drive();
    let (nothing, file) = (json!({"customer": ADA}), json!({"customer": ADA, "file": "0".repeat(64)}));
    assert!(!takes("/api/dm/send", &nothing) && takes("/api/dm/send", &file));
    assert_eq!(world.api("POST", "/api/dm/send", &nothing).0, 400);
    // In plain it is refused because it was not brought here.
    for (speaks, status) in [("rich", 400), ("plain", 409)] {
        assert_eq!(world.api("POST", "/api/accounts/speak", &json!({"speaks": speaks})).0, 200);
        assert_eq!(world.api("POST", "/api/dm/send", &file).0, status, "{speaks}");
    }
}

#[test]
fn a_body_that_is_too_large_is_refused_wherever_there_is_one() {
    for (path, methods) in document()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let promised = operation["responses"]["413"]["$ref"].as_str();
            let has_body = operation["requestBody"].is_object();
            assert_eq!(promised.is_some(), has_body, "{method} {path}");
        }
    }
}
