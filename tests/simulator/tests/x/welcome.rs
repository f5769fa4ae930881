//! Welcome messages and the rule that makes one of them the default.

use http::Method;
use perch_simulator::{Endpoint, Limit};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Client, Said};

const BASE: &str = "/1.1/direct_messages/welcome_messages";

#[test]
fn a_welcome_message_is_made_shown_and_listed_newest_first() {
    let mut client = Client::new();
    let options = json!({"type": "options", "options": [{"label": "Order"}, {"label": "Return"}]});
    let said = make(&mut client, &json!({"text": "See https://example.com/", "quick_reply": options}));
    assert_eq!((said.status, &said.body["name"]), (200, &json!("hello_there-1 #a @b")));
    assert!(said.body["apps"].get("13090192").is_some());
    let (id, data) = (id_of(&said), &said.body["welcome_message"]["message_data"]);
    assert_eq!(data["quick_reply"], options);
    assert!(data["text"].as_str().unwrap().starts_with("See https://t.co/"));
    assert_eq!(data["entities"]["urls"][0]["expanded_url"], "https://example.com/");
    let shown = client.as_account(Method::GET, &format!("{BASE}/show.json?id={id}"));
    assert_eq!(shown.body, said.body);

    let second = id_of(&make(&mut client, &json!({"text": "two"})));
    let list = client.as_account(Method::GET, &format!("{BASE}/list.json?count=1"));
    assert_eq!(ids(&list.body["welcome_messages"]), [second]);
    let cursor = list.body["next_cursor"].as_str().unwrap().replace('=', "%3D");
    let list = client.as_account(Method::GET, &format!("{BASE}/list.json?count=1&cursor={cursor}"));
    assert_eq!((ids(&list.body["welcome_messages"]), list.body.get("next_cursor")), (vec![id], None));
}

#[test]
fn an_update_replaces_the_whole_content() {
    let mut client = Client::new();
    let options = json!({"type": "options", "options": [{"label": "Order"}]});
    let id = id_of(&make(&mut client, &json!({"text": "one", "quick_reply": options})));
    let path = format!("{BASE}/update.json?id={id}");
    let said = client.json_as_account(Method::PUT, &path, &json!({"message_data": {"text": "two"}}));
    let data = &said.body["welcome_message"]["message_data"];
    assert_eq!((said.status, &data["text"], data.get("quick_reply")), (200, &json!("two"), None));
    assert_eq!((id_of(&said), &said.body["name"]), (id, &json!("hello_there-1 #a @b")));
    assert_eq!(client.x.welcome_messages()[0].written, "two");
    let said = client.json_as_account(Method::PUT, &path, &json!({}));
    assert_eq!(said.code(), Some(357));
}

#[test]
fn names_and_content_keep_their_rules() {
    let mut client = Client::new();
    assert_eq!(make(&mut client, &json!({"text": "x".repeat(9_990)})).status, 200);
    for (data, code) in [
        (json!({"text": "x".repeat(9_991)}), 354),
        (json!({"text": " "}), 357),
        (json!({"text": "t", "quick_reply": {"type": "options", "options": []}}), 214),
        (json!({"text": "t", "ctas": [{"type": "web_url", "label": "l", "url": "example.com"}]}), 214),
    ] {
        assert_eq!(make(&mut client, &data).code(), Some(code), "{data}");
    }
    for name in ["x".repeat(101), "émile".to_owned(), "a/b".to_owned()] {
        let body = json!({"welcome_message": {"name": name, "message_data": {"text": "t"}}});
        let said = client.json_as_account(Method::POST, &format!("{BASE}/new.json"), &body);
        assert_eq!(said.code(), Some(214), "{name}");
    }
    let form = client.post_form(&format!("{BASE}/new.json"), &[("name", "n")]);
    assert_eq!(form.code(), Some(25));
    assert_eq!(client.x.welcome_messages().len(), 1);
}

#[test]
fn an_account_has_one_rule_at_most() {
    let mut client = Client::new();
    let none = client.as_account(Method::GET, &format!("{BASE}/rules/list.json"));
    assert_eq!((none.status, &none.body), (200, &json!({})));
    let first = id_of(&make(&mut client, &json!({"text": "one"})));
    let second = id_of(&make(&mut client, &json!({"text": "two"})));
    let said = rule(&mut client, &first);
    let made = &said.body["welcome_message_rule"];
    assert_eq!((said.status, &made["welcome_message_id"]), (200, &json!(first)));
    let id = made["id"].as_str().unwrap().to_owned();
    let shown = client.as_account(Method::GET, &format!("{BASE}/rules/show.json?id={id}"));
    assert_eq!(shown.body, said.body);
    let list = client.as_account(Method::GET, &format!("{BASE}/rules/list.json"));
    assert_eq!(list.body, json!({"welcome_message_rules": [made]}));

    let refused = rule(&mut client, &second);
    assert_eq!((refused.status, refused.code()), (400, Some(214)));
    assert!(refused.message().contains(&id), "{}", refused.message());
    assert_eq!(client.as_account(Method::DELETE, &format!("{BASE}/rules/destroy.json?id={id}")).status, 204);
    assert_eq!(rule(&mut client, &second).status, 200);
    assert_eq!(rule(&mut client, "77").code(), Some(214));
}

#[test]
fn a_rule_goes_with_its_message() {
    let mut client = Client::new();
    let id = id_of(&make(&mut client, &json!({"text": "one"})));
    let other = id_of(&make(&mut client, &json!({"text": "two"})));
    rule(&mut client, &id);
    assert_eq!(client.as_account(Method::DELETE, &format!("{BASE}/destroy.json?id={other}")).status, 204);
    assert_eq!(client.x.welcome_rules().len(), 1);
    assert_eq!(client.as_account(Method::DELETE, &format!("{BASE}/destroy.json?id={id}")).status, 204);
    assert!(client.x.welcome_rules().is_empty());
    assert_eq!(client.as_account(Method::GET, &format!("{BASE}/show.json?id={id}")).code(), Some(34));
    assert_eq!(client.as_account(Method::DELETE, &format!("{BASE}/destroy.json?id={id}")).code(), Some(34));
}

#[test]
fn accounts_do_not_see_each_others() {
    let mut client = Client::new();
    client.grant_ada();
    let id = id_of(&make(&mut client, &json!({"text": "one"})));
    let made = rule(&mut client, &id).body["welcome_message_rule"]["id"].as_str().unwrap().to_owned();
    for path in [format!("show.json?id={id}"), format!("rules/show.json?id={made}")] {
        assert_eq!(client.as_ada(Method::GET, &format!("{BASE}/{path}")).code(), Some(34));
    }
    for path in [format!("destroy.json?id={id}"), format!("rules/destroy.json?id={made}")] {
        assert_eq!(client.as_ada(Method::DELETE, &format!("{BASE}/{path}")).code(), Some(34));
    }
    let list = client.as_ada(Method::GET, &format!("{BASE}/list.json"));
    assert_eq!(list.body["welcome_messages"], json!([]));
    assert_eq!(client.x.welcome_messages()[0].account, ACCOUNT);
}

#[test]
fn the_lists_are_limited_and_need_the_right_to_messages() {
    for (endpoint, path) in
        [(Endpoint::ListWelcomeMessages, "list.json"), (Endpoint::ListWelcomeRules, "rules/list.json")]
    {
        let mut client = Client::new();
        assert_eq!(endpoint.documented_limit(), Some(Limit::per_15_minutes(15)));
        for _ in 0..15 {
            assert_eq!(client.as_account(Method::GET, &format!("{BASE}/{path}")).status, 200);
        }
        assert_eq!(client.as_account(Method::GET, &format!("{BASE}/{path}")).code(), Some(88));
        client.now += 900_000;
        assert_eq!(client.as_account(Method::GET, &format!("{BASE}/{path}")).status, 200);
        client.may_only_write(ACCOUNT);
        assert_eq!(client.as_account(Method::GET, &format!("{BASE}/{path}")).code(), Some(93));
    }
}

pub fn make(client: &mut Client, data: &Value) -> Said {
    let body = json!({"welcome_message": {"name": "hello_there-1 #a @b", "message_data": data}});
    client.json_as_account(Method::POST, &format!("{BASE}/new.json"), &body)
}

pub fn rule(client: &mut Client, message: &str) -> Said {
    let body = json!({"welcome_message_rule": {"welcome_message_id": message}});
    client.json_as_account(Method::POST, &format!("{BASE}/rules/new.json"), &body)
}

pub fn id_of(said: &Said) -> String {
    said.body["welcome_message"]["id"].as_str().unwrap().to_owned()
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}
