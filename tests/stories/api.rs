//! The admin API as its document has it: every route is there, what its bodies hold is what the document says, and every answer is promised.

use perch::web::routes::{Path, ROUTES};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::api_document::{document, operation};

#[test]
fn every_route_stands_in_the_document_and_nothing_else() {
    let mut known = Vec::new();
    for route in ROUTES {
        let Path::Is(path) = route.path else { continue };
        if !path.starts_with("/api/") {
            continue;
        }
        let there =
            operation(route.method.as_str(), path).unwrap_or_else(|| panic!("{} {path} is not in it", route.method));
        assert!(there["summary"].as_str().is_some_and(|summary| summary.ends_with('.')), "{path}");
        known.push((path.to_owned(), route.method.as_str().to_ascii_lowercase()));
    }
    for (path, methods) in document()["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            assert!(known.contains(&(path.clone(), method.clone())), "{method} {path} is no route");
        }
    }
}

/// Values that a field might get by mistake, or on purpose.
fn odd() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "furni",
            "@furni",
            "welcome",
            "rule",
            "profile",
            "1",
            "2026-01-01T00:00:00Z",
            "https://a.example/b"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

/// The names of the fields that the operation knows.
fn fields(operation: &Value) -> Vec<String> {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["properties"];
    schema.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
}

#[test]
fn whatever_is_sent_the_answer_is_one_that_the_document_promises() {
    let mut world = World::with_bot("snow");
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    for (path, methods) in document()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let names = fields(operation);
            for _ in 0..12 {
                let mut tree = |strategy: BoxedStrategy<Value>| strategy.new_tree(&mut runner).unwrap().current();
                let mut body = serde_json::Map::new();
                for name in &names {
                    body.insert(name.clone(), tree(odd().boxed()));
                }
                let query: Vec<String> = operation["parameters"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|parameter| format!("{}=x%20{}", parameter["name"].as_str().unwrap(), body.len()))
                    .collect();
                let target = if query.is_empty() { path.clone() } else { format!("{path}?{}", query.join("&")) };
                // The world holds every answer against the document.
                world.admin(&method.to_ascii_uppercase(), &target, &Value::Object(body).to_string());
                world.admin(&method.to_ascii_uppercase(), path, "[1, \"broken\"");
            }
        }
    }
}

/// A value of the schema's type, the first where it names some.
fn sample(schema: &Value) -> Value {
    if let Some(known) = schema["enum"].get(0) {
        return known.clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match (kind.unwrap(), schema["format"].as_str()) {
        ("string", Some("date-time")) => json!("2026-01-01T00:00:00Z"),
        ("string", _) => json!("1"),
        ("boolean", _) => json!(true),
        ("integer", _) => json!(1),
        ("array", _) => json!([]),
        ("object", _) => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            required.map(|name| (name, sample(&schema["properties"][name]))).collect()
        }
        (kind, _) => panic!("no sample of {kind}"),
    }
}

/// Values that the schema does not allow.
fn wrong(schema: &Value) -> Vec<Value> {
    let is_whole = ["array", "object"].iter().any(|kind| schema["type"] == **kind || schema["type"][0] == **kind);
    let mut all = vec![if is_whole { json!("1") } else { json!([true]) }];
    all.extend(schema["enum"].is_array().then(|| json!("nothing of these")));
    all
}

/// An operation with a JSON body.
struct Asked {
    method: String,
    path: &'static str,
    fields: &'static serde_json::Map<String, Value>,
    required: Vec<&'static str>,
}

fn asked() -> Vec<Asked> {
    let mut all = Vec::new();
    for (path, methods) in document()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let Some(fields) = schema["properties"].as_object() else { continue };
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            all.push(Asked { method: method.to_ascii_uppercase(), path, fields, required });
        }
    }
    all
}

#[test]
fn a_body_is_taken_as_the_document_has_it_and_in_no_other_way() {
    for Asked { method, path, fields, required } in asked() {
        let mut world = World::with_bot("snow");
        let boss = world.agent("boss", &json!({"role": "admin"}));
        let mut all: serde_json::Map<_, _> =
            fields.iter().map(|(name, schema)| (name.clone(), sample(schema))).collect();
        all.entry("account").and_modify(|account| *account = json!("furni"));
        let least: serde_json::Map<_, _> =
            all.clone().into_iter().filter(|(name, _)| required.contains(&name.as_str())).collect();
        let mut ask = |body: &serde_json::Map<String, Value>| {
            let (status, said) = world.does(&boss, &method, path, &Value::Object(body.clone()));
            (status, said["detail"].as_str().unwrap_or_default().to_owned())
        };
        for body in [&all, &least] {
            let (status, detail) = ask(body);
            assert!(!detail.starts_with("The body"), "{path} {body:?}: {status} {detail}");
        }
        for name in &required {
            let mut without = all.clone();
            without.remove(*name);
            let (status, detail) = ask(&without);
            assert!(matches!(status, 400 | 422), "{path} without {name}: {status} {detail}");
        }
        for (name, schema) in fields {
            for odd in wrong(schema) {
                let mut with = all.clone();
                with.insert(name.clone(), odd.clone());
                let (status, detail) = ask(&with);
                assert!(matches!(status, 400 | 422), "{path} with {name} {odd}: {status} {detail}");
            }
        }
    }
}

#[test]
fn a_parameter_is_read_as_every_client_writes_it() {
    let mut world = World::new();
    for account in ["furni", "@furni", "%40furni", "%66urni", "&account=furni"] {
        for path in ["/api/accounts/handoff", "/api/whoami", "/api/events"] {
            let answer = world.admin("GET", &format!("{path}?account={account}"), "");
            assert_eq!(answer.status(), 200, "{path} {account}");
        }
    }
    assert_eq!(world.admin("GET", "/api/lookup?username=%40furni", "").status(), 200);
}
