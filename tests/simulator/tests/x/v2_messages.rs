//! Direct Messages of v2: what may be sent, who may get it, what the lists say.

use http::Method;
use perch_simulator::{Calls, Handled, Mishap, Outcome, Trouble};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, NOW, SEND_V2, Said, subscribed};

const EVENTS: &str = "/2/dm_events";
const DAY: u64 = 86_400_000;

fn send(client: &mut Client, path: &str, body: &Value) -> Said {
    client.json_as_account(Method::POST, path, body)
}

#[test]
fn a_message_of_v2_is_one_conversation_with_those_of_v1() {
    let mut client = subscribed();
    let said = client.say_v2("hello https://example.com/");
    assert_eq!((said.status, &said.body["data"]["dm_conversation_id"]), (201, &json!("2001-3001")));
    let kept = client.x.said_to(ACCOUNT, ADA)[0].clone();
    assert_eq!(said.body["data"]["dm_event_id"], json!(kept.id));
    assert!(kept.text.starts_with("hello https://t.co/"));
    let echo = client.receive().remove(0);
    assert_eq!(echo["direct_message_events"][0]["id"], json!(kept.id));
    assert_eq!(echo["direct_message_events"][0]["message_create"]["sender_id"], ACCOUNT);
    let into = send(&mut client, "/2/dm_conversations/2001-3001/messages", &json!({"text": "more"}));
    assert_eq!(into.status, 201, "{into:?}");
    assert_eq!(client.x.said_to(ACCOUNT, ADA).len(), 2);
}

#[test]
fn ids_of_a_conversation_are_compared_as_numbers() {
    let mut client = Client::new();
    client.x.customer_writes(NOW, "999", ACCOUNT, "hi");
    assert_eq!(
        send(&mut client, "/2/dm_conversations/with/999/messages", &json!({"text": "a"})).body["data"]["dm_conversation_id"],
        "999-2001"
    );
    assert_eq!(send(&mut client, "/2/dm_conversations/999-2001/messages", &json!({"text": "b"})).status, 201);
    for (id, status) in
        [("2001-999", 400), ("3001-999", 400), ("999-3001", 403), ("123456789012345678", 403), ("a-b", 400)]
    {
        let said = send(&mut client, &format!("/2/dm_conversations/{id}/messages"), &json!({"text": "c"}));
        assert_eq!(said.status, status, "{id}: {said:?}");
    }
    assert_eq!(send(&mut client, "/2/dm_conversations/with/ada/messages", &json!({"text": "c"})).status, 400);
}

#[test]
fn a_body_has_a_text_or_one_file_and_nothing_else() {
    let mut client = Client::new();
    for body in [
        json!({}),
        json!([]),
        json!({"text": ""}),
        json!({"text": "  "}),
        json!({"text": 7}),
        json!({"text": "❄".repeat(10_001)}),
        json!({"text": "t", "quick_reply": {"type": "options"}}),
        json!({"attachments": []}),
        json!({"attachments": [{"media_id": "1"}, {"media_id": "2"}]}),
        json!({"attachments": [{"media_id": "1", "shared": true}]}),
        json!({"attachments": [{"media_id": 1}]}),
        json!({"text": "t", "attachments": [{"media_id": "12345"}]}),
    ] {
        let said = send(&mut client, SEND_V2, &body);
        assert_eq!((said.status, said.body["title"].as_str()), (400, Some("Invalid Request")), "{body}: {said:?}");
        assert_eq!(said.headers["content-type"], "application/problem+json;charset=utf-8");
    }
    assert!(client.x.said_to(ACCOUNT, ADA).is_empty());
    assert_eq!(send(&mut client, SEND_V2, &json!({"text": "❄".repeat(10_000)})).status, 201);
}

#[test]
fn who_may_not_write_is_told_so_in_one_sentence() {
    for (door, code) in [(0, 349), (1, 150), (2, 108)] {
        let mut client = Client::new();
        match door {
            0 => client.x.customer_blocks(ADA, ACCOUNT),
            1 => client.x.customer_closes_messages(ADA, true),
            _ => {}
        }
        let path = if door == 2 { "/2/dm_conversations/with/77/messages" } else { SEND_V2 };
        let said = send(&mut client, path, &json!({"text": "hi"}));
        assert_eq!(
            (said.status, &said.body["title"], &said.body["type"]),
            (403, &json!("Forbidden"), &json!("about:blank"))
        );
        assert_eq!(said.detail(), "You do not have permission to DM one or more participants.");
        assert_eq!(client.x.requests()[0].outcome, Outcome::Refused { code });
    }
    let mut client = Client::new();
    assert_eq!(client.json_as_app(Method::POST, SEND_V2, &json!({"text": "hi"})).status, 403, "the app is nobody");
    client.may_only_write(ACCOUNT);
    let said = client.say_v2("hi");
    assert_eq!((said.status, said.detail().contains("oauth1 app permissions")), (403, true));
}

#[test]
fn settings_and_troubles_are_those_of_v1() {
    let mut client = subscribed();
    client.x.settings().refuse_duplicates = true;
    assert_eq!((client.say_v2("again").status, client.say_v2("again").status), (201, 403));
    client.x.misbehave(Trouble::Calls(Calls::sending(), Mishap::AnswerLost));
    let mut request = client.signed(Method::POST, SEND_V2, &[], ("account-token", "account-secret"));
    request.headers_mut().insert("content-type", "application/json".parse().unwrap());
    *request.body_mut() = json!({"text": "lost"}).to_string().into();
    assert!(matches!(client.x.handle(client.now, &request), Handled::Silence));
    assert_eq!(client.x.said_to(ACCOUNT, ADA).len(), 2, "it was sent");
    client.x.misbehave(Trouble::Calls(Calls::sending(), Mishap::RateLimited { reset_in_s: 60 }));
    let limited = client.say_v2("limited");
    assert_eq!((limited.status, limited.header("x-rate-limit-reset")), (429, Some(NOW / 1000 + 60)));
    client.x.misbehave(Trouble::Calls(Calls::sending(), Mishap::refused(226)));
    assert_eq!(client.say_v2("robot").code(), Some(226), "of the whole account: told by its code");
    client.x.misbehave(Trouble::Calls(Calls::sending(), Mishap::refused(349)));
    assert!(client.say_v2("blocked").detail().contains("do not have permission to DM"));
    client.x.misbehave(Trouble::EmptyPages(1));
    let empty = client.as_account(Method::GET, EVENTS);
    assert!(empty.body.get("data").is_none() && empty.body["meta"]["next_token"].is_string());
}

#[test]
fn a_list_has_only_the_fields_that_are_asked_for() {
    let mut client = Client::new();
    client.x.customer_writes(NOW + 7, ADA, ACCOUNT, "hello");
    let plain = client.as_account(Method::GET, EVENTS).body;
    let id = client.x.conversation(ADA, ACCOUNT)[0].id.clone();
    assert_eq!(plain["data"], json!([{"id": id, "event_type": "MessageCreate", "text": "hello"}]));
    assert_eq!(plain["meta"], json!({"result_count": 1}));
    assert!(plain.get("includes").is_none());
    let full = client.as_account(
        Method::GET,
        &format!("{EVENTS}?dm_event.fields=created_at,dm_conversation_id,sender_id&event_types=MessageCreate"),
    );
    let expected = json!([{"id": id, "event_type": "MessageCreate", "text": "hello", "sender_id": ADA,
        "created_at": "2026-09-21T14:13:20.007Z", "dm_conversation_id": "2001-3001"}]);
    assert_eq!(full.body["data"], expected);
    let expanded =
        client.as_account(Method::GET, &format!("{EVENTS}/{id}?expansions=sender_id&user.fields=created_at"));
    assert_eq!(expanded.body["data"]["sender_id"], ADA);
    assert_eq!(expanded.body["includes"]["users"][0]["username"], "ada");
    assert!(expanded.body["includes"]["users"][0]["created_at"].is_string());
    for wrong in [
        "dm_event.fields=nothing",
        "expansions=everything",
        "max_results=0",
        "max_results=101",
        "event_types=X",
        "cursor=1",
    ] {
        assert_eq!(client.as_account(Method::GET, &format!("{EVENTS}?{wrong}")).status, 400, "{wrong}");
    }
    assert!(
        client.as_account(Method::GET, &format!("{EVENTS}?event_types=ParticipantsJoin")).body.get("data").is_none()
    );
}

#[test]
fn a_list_is_newest_first_in_pages_for_thirty_days() {
    let mut client = Client::new();
    for number in 0..5 {
        client.x.customer_writes(NOW + number, ADA, ACCOUNT, &format!("m{number}"));
    }
    client.x.customer_writes(NOW + 9, "4001", ACCOUNT, "another");
    let texts = |said: &Said| -> Vec<String> {
        said.body["data"].as_array().unwrap().iter().map(|event| event["text"].as_str().unwrap().to_owned()).collect()
    };
    let with = format!("/2/dm_conversations/with/{ADA}/dm_events?max_results=2");
    let first = client.as_account(Method::GET, &with);
    assert_eq!(
        (texts(&first), &first.body["meta"]["previous_token"]),
        (vec!["m4".to_owned(), "m3".to_owned()], &Value::Null)
    );
    let token = |said: &Said, name: &str| said.body["meta"][name].as_str().unwrap().replace('=', "%3D");
    let second = client.as_account(Method::GET, &format!("{with}&pagination_token={}", token(&first, "next_token")));
    assert_eq!(texts(&second), ["m2", "m1"]);
    let back = client.as_account(Method::GET, &format!("{with}&pagination_token={}", token(&second, "previous_token")));
    assert_eq!(texts(&back), ["m4", "m3"]);
    let last = client.as_account(Method::GET, &format!("{with}&pagination_token={}", token(&second, "next_token")));
    assert_eq!((texts(&last), last.body["meta"].get("next_token")), (vec!["m0".to_owned()], None));
    let by_id = client.as_account(Method::GET, "/2/dm_conversations/2001-3001/dm_events");
    assert_eq!(texts(&by_id).len(), 5);
    assert_eq!(texts(&client.as_account(Method::GET, EVENTS)).len(), 6);
    client.now = NOW + 30 * DAY + 20;
    assert_eq!(client.as_account(Method::GET, EVENTS).body, json!({"meta": {"result_count": 0}}));
}

#[test]
fn an_event_is_deleted_from_ones_own_view() {
    let mut client = Client::new();
    client.grant_ada();
    let id = client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    let path = format!("{EVENTS}/{id}");
    assert_eq!(client.as_account(Method::DELETE, &path).body, json!({"data": {"deleted": true}}));
    assert_eq!(client.as_account(Method::DELETE, &path).status, 404);
    assert!(client.as_account(Method::GET, &path).body["errors"][0]["type"].as_str().unwrap().contains("not-found"));
    assert_eq!(client.as_ada(Method::GET, &path).body["data"]["text"], "hello");
}
