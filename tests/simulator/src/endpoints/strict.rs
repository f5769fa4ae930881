//! What v2 takes in a body and in a query: the keys that it knows, and no others.

use serde_json::{Map, Value};

use super::Call;
use crate::answer::Refusal;

/// The object, when it has no other keys.
pub(super) fn known_keys<'a>(given: &'a Value, name: &str, known: &[&str]) -> Result<&'a Map<String, Value>, Refusal> {
    let object = given.as_object().ok_or_else(|| invalid(&format!("{name}: must be an object")))?;
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(invalid(&format!("{name}: {key} is not known"))),
        None => Ok(object),
    }
}

/// The body, when it has no other keys.
pub(super) fn body_of(call: &Call<'_>, known: &[&str]) -> Result<Map<String, Value>, Refusal> {
    let body = call.json().map_err(|_| invalid("the body is no JSON"))?;
    known_keys(&body, "the body", known).cloned()
}

/// The query may have no other parameters.
pub(super) fn known_parameters(call: &Call<'_>, known: &[&str]) -> Result<(), Refusal> {
    match call.parameters.names().find(|name| !known.contains(name)) {
        Some(name) => Err(invalid(&format!("the query parameter [{name}] is not known"))),
        None => Ok(()),
    }
}

/// A comma-separated parameter, when all of its words are known.
pub(super) fn words<'a>(call: &'a Call<'_>, name: &str, known: &[&str]) -> Result<Vec<&'a str>, Refusal> {
    let given = call.parameters.get(name).unwrap_or_default();
    let words: Vec<&str> = given.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    match words.iter().find(|word| !known.contains(word)) {
        Some(word) => Err(invalid(&format!("{name}: [{word}] is not one of {known:?}"))),
        None => Ok(words),
    }
}

pub(super) fn is_id(text: &str) -> bool {
    (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn invalid(why: &str) -> Refusal {
    Refusal::problem(400, 214, why)
}
