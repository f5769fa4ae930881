//! The rule that says which welcome message is shown by default (v1.1); an account has one at most.

use serde_json::{Value, json};

use super::event::{Unreadable, text};
use super::ids::{RuleId, WelcomeMessageId};
use super::request::{Body, Call, Response};

const PLACE: &str = "/1.1/direct_messages/welcome_messages/rules";

#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub id: RuleId,
    pub welcome_message: WelcomeMessageId,
}

/// `POST …/new.json`. X wants the rule before it deleted first.
///
/// See [X docs: Default welcome message](https://developer.x.com/en/docs/x-api/v1/direct-messages/welcome-messages/guides/setting-default-welcome-message).
pub fn new(base: &str, welcome_message: &WelcomeMessageId) -> Call {
    let body = json!({"welcome_message_rule": {"welcome_message_id": welcome_message}});
    Call::post(base, format!("{PLACE}/new.json")).body(Body::Json(body.to_string()))
}

/// `GET …/list.json`.
pub fn list(base: &str, cursor: Option<&str>) -> Call {
    Call::get(base, format!("{PLACE}/list.json")).query("count", "50").at(cursor)
}

/// `GET …/show.json`.
pub fn show(base: &str, id: &RuleId) -> Call {
    Call::get(base, format!("{PLACE}/show.json")).query("id", id.as_str())
}

/// `DELETE …/destroy.json`.
pub fn delete(base: &str, id: &RuleId) -> Call {
    Call::delete(base, format!("{PLACE}/destroy.json")).query("id", id.as_str())
}

pub fn made(response: &Response) -> Option<RuleId> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    text(&body, "/welcome_message_rule/id").map(RuleId::from)
}

/// The rules of an answer; X leaves the key out when there is none.
pub fn all(response: &Response) -> Result<Vec<Rule>, Unreadable> {
    let body: Value =
        serde_json::from_slice(response.body()).map_err(|_| Unreadable("X's list of rules is no JSON"))?;
    let all = body.get("welcome_message_rules").and_then(Value::as_array);
    let rule = |item: &Value| {
        Some(Rule { id: text(item, "/id")?.into(), welcome_message: text(item, "/welcome_message_id")?.into() })
    };
    Ok(all.into_iter().flatten().filter_map(rule).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn no_rule_is_a_list_without_its_key() {
        assert_eq!(all(&Response::new(Bytes::from_static(b"{}"))), Ok(Vec::new()));
        let one = br#"{"welcome_message_rules":[{"id":"9","created_timestamp":"1","welcome_message_id":"8"}]}"#;
        let rule = Rule { id: "9".into(), welcome_message: "8".into() };
        assert_eq!(all(&Response::new(Bytes::from_static(one))), Ok(vec![rule]));
    }
}
