//! The admin API as its document has it: every route is there, and whatever is sent, the answer is one that is promised.

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
