//! The OpenAPI document, held against every answer of the admin API that a story gets.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use jsonschema::Validator;
use perch::x_api::request::Response;
use serde_json::{Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../../docs/openapi.json");
    serde_json::from_str(text).unwrap()
});

pub fn document() -> &'static Value {
    &DOCUMENT
}

/// The operation of a path and method, if the document has one.
pub fn operation(method: &str, path: &str) -> Option<&'static Value> {
    document()["paths"].get(path)?.get(method.to_ascii_lowercase())
}

/// Whether the document lets this be sent there.
pub fn takes(path: &str, body: &Value) -> bool {
    let operation = operation("POST", path).unwrap();
    validator(&operation["requestBody"]["content"]["application/json"]["schema"]).is_valid(body)
}

/// Status, type and body are those that the document promises.
pub fn must_fit(method: &str, target: &str, response: &Response) {
    let path = target.split('?').next().unwrap();
    let Some(operation) = operation(method, path) else { return };
    let (status, said) = (response.status().as_str().to_owned(), String::from_utf8_lossy(response.body()));
    let promised = &operation["responses"][&status];
    assert!(!promised.is_null(), "{method} {path} answers {status}, which the document does not know: {said}");
    let promised = promised.get("$ref").and_then(Value::as_str).map_or(promised, resolve);
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let content = &promised["content"];
    let family = format!("{}/*", kind.split('/').next().unwrap_or_default());
    let media = content.get(kind).or_else(|| content.get(&family));
    let media = media.unwrap_or_else(|| panic!("{method} {path} {status} answers {kind}: {said}"));
    let Some(schema) = media.get("schema") else { return };
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let wrong: Vec<String> =
        validator(schema).iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{method} {path} {status}: {wrong:?}\n{body:#}");
}

fn resolve(reference: &str) -> &'static Value {
    document().pointer(reference.trim_start_matches('#')).unwrap()
}

/// The schema with the document's own at hand; made once for each place in the document.
fn validator(schema: &'static Value) -> Rc<Validator> {
    thread_local! {
        static MADE: RefCell<BTreeMap<usize, Rc<Validator>>> = const { RefCell::new(BTreeMap::new()) };
    }
    let made = || {
        let whole = json!({"allOf": [schema], "components": document()["components"]});
        Rc::new(jsonschema::draft202012::new(&whole).unwrap())
    };
    MADE.with_borrow_mut(|all| Rc::clone(all.entry(std::ptr::from_ref(schema).addr()).or_insert_with(made)))
}
