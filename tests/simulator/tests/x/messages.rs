//! Direct Messages: what may be sent, what comes back, what the list says.

use http::Method;
use perch_simulator::{Endpoint, Limit, SignalKind, Trouble};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, LIST, NOW};

fn options(count: usize) -> Value {
    let all: Vec<Value> = (0..count)
        .map(|number| json!({"label": format!("Option {number}"), "metadata": format!("m{number}")}))
        .collect();
    json!({"type": "options", "options": all})
}

#[test]
fn a_message_comes_back_as_x_keeps_it() {
    let mut client = Client::new();
    let buttons = json!([{"type": "web_url", "label": "Open", "url": "https://example.com/"}]);
    let said = client.send(&json!({"text": "Pick", "quick_reply": options(2), "ctas": buttons, "unknown": 1}));
    assert_eq!(said.status, 200);
    let event = &said.body["event"];
    assert!(event["id"].as_str().unwrap().parse::<u64>().unwrap() > 1 << 53);
    assert_eq!(event["created_timestamp"], NOW.to_string());
    assert_eq!(event["message_create"]["sender_id"], ACCOUNT);
    assert_eq!(event["message_create"]["source_app_id"], "13090192");
    assert_eq!(event["message_create"]["message_data"]["quick_reply"], options(2));
    assert!(
        event["message_create"]["message_data"]["ctas"][0]["tco_url"].as_str().unwrap().starts_with("https://t.co/")
    );
    let kept = client.x.conversation(ADA, ACCOUNT);
    assert_eq!((kept.len(), kept[0].text.as_str(), kept[0].options.len()), (1, "Pick", 2));
}

#[test]
fn links_come_back_as_xs_own() {
    let mut client = Client::new();
    let said = client.say("❄ See https://example.com/a?b=1, now");
    let data = &said.body["event"]["message_create"]["message_data"];
    let text = data["text"].as_str().unwrap();
    assert!(text.starts_with("❄ See https://t.co/") && text.ends_with(", now"));
    let url = &data["entities"]["urls"][0];
    assert_eq!((&url["expanded_url"], &url["indices"]), (&json!("https://example.com/a?b=1"), &json!([6, 29])));
    assert_eq!(client.x.said_to(ACCOUNT, ADA)[0].written, "❄ See https://example.com/a?b=1, now");
    client.x.settings().shorten_links = false;
    let said = client.say("https://example.com/");
    assert_eq!(said.body["event"]["message_create"]["message_data"]["text"], "https://example.com/");
}

#[test]
fn every_documented_rule_of_content_is_kept() {
    let described = |second: Value| json!({"type": "options", "options": [{"label": "a", "description": "b"}, second]});
    let one = |option: Value| json!({"text": "t", "quick_reply": {"type": "options", "options": [option]}});
    let button = |button: Value| json!({"text": "t", "ctas": [button]});
    let fine = [
        json!({"text": "❄".repeat(10_000)}),
        json!({"text": "t", "quick_reply": options(20)}),
        one(json!({"label": "❄".repeat(36), "description": "d".repeat(72), "metadata": "m".repeat(1000)})),
        json!({"text": "t", "quick_reply": described(json!({"label": "c", "description": "d"}))}),
        button(json!({"type": "web_url", "label": "l".repeat(36), "url": "http://example.com"})),
    ];
    for data in fine {
        let said = Client::new().send(&data);
        assert_eq!(said.status, 200, "{:?}", said.body);
    }
    let refused = [
        (json!({"text": "a".repeat(10_001)}), 354),
        (json!({"text": ""}), 357),
        (json!({}), 357),
        (json!({"text": "t", "quick_reply": options(0)}), 214),
        (json!({"text": "t", "quick_reply": options(21)}), 214),
        (json!({"text": "t", "quick_reply": {"type": "location"}}), 214),
        (one(json!({"metadata": "m"})), 357),
        (one(json!({"label": "l".repeat(37)})), 214),
        (one(json!({"label": "see https://example.com"})), 214),
        (one(json!({"label": "see example.com"})), 214),
        (one(json!({"label": "l", "description": "d".repeat(73)})), 214),
        (one(json!({"label": "l", "metadata": "m".repeat(1001)})), 214),
        (one(json!({"label": "l", "metadata": 7})), 214),
        (json!({"text": "t", "quick_reply": described(json!({"label": "c"}))}), 214),
        (json!({"text": "t", "ctas": []}), 214),
        (json!({"text": "t", "ctas": vec![json!({"type": "web_url", "label": "l", "url": "https://a.b"}); 4]}), 214),
        (button(json!({"type": "web_url", "label": "l".repeat(37), "url": "https://a.b"})), 214),
        (button(json!({"type": "web_url", "label": "l", "url": "javascript:alert(1)"})), 214),
        (button(json!({"type": "web_url", "label": "l", "url": "example.com"})), 214),
        (button(json!({"type": "phone", "label": "l", "url": "https://a.b"})), 214),
        (json!({"text": "t", "attachment": {"type": "media", "media": {"id": "1"}}}), 324),
    ];
    for (data, code) in refused {
        let mut client = Client::new();
        let said = client.send(&data);
        assert_eq!(said.code(), Some(code), "{data} {:?}", said.body);
        assert!(client.x.conversation(ACCOUNT, ADA).is_empty());
    }
}

#[test]
fn the_recipient_must_be_there_and_willing() {
    let mut client = Client::new();
    for (to, code) in [("ada", 214), ("", 214), ("99999999999999999999", 214), ("4004", 108)] {
        let request = client.message(to, &json!({"text": "hi"}));
        assert_eq!(client.ask(&request).code(), Some(code), "{to}");
    }
    client.x.customer_closes_messages(ADA, true);
    assert_eq!(client.say("hi").code(), Some(150));
    client.x.customer_closes_messages(ADA, false);
    client.x.customer_blocks(ADA, ACCOUNT);
    let said = client.say("hi");
    assert_eq!((said.status, said.code()), (403, Some(349)));
    client.x.customer_unblocks(ADA, ACCOUNT);
    assert_eq!(client.say("hi").status, 200);
    client.x.settings().refuse_duplicates = true;
    assert_eq!(client.say("hi").code(), Some(151));
    let mut request = client.message(ADA, &json!({"text": "hi"}));
    request.headers_mut().remove("content-type");
    assert_eq!(client.ask(&request).code(), Some(25));
}

#[test]
fn a_spent_limit_says_when_it_is_renewed() {
    let mut client = Client::new();
    assert_eq!(client.say("a").header("x-rate-limit-limit"), Some(1000));
    client.x.limit(Endpoint::SendMessage, Limit { calls: 2, window_ms: 60_000 });
    assert_eq!(client.say("b").header("x-rate-limit-remaining"), Some(0));
    client.now += 1_500;
    let said = client.say("c");
    assert_eq!((said.status, said.code()), (429, Some(88)));
    assert_eq!(said.header("x-rate-limit-reset"), Some(NOW / 1000 + 60));
    client.now = NOW + 60_000;
    assert_eq!(client.say("d").status, 200);
    client.x.settings().free_replies = 1;
    client.x.customer_writes(client.now, ADA, ACCOUNT, "and?");
    assert_eq!([client.say("free").status, client.say("counts").status, client.say("refused").status], [200, 200, 429]);
}

#[test]
fn the_list_is_newest_first_in_pages() {
    let mut client = Client::new();
    for number in 0..7 {
        client.now += 1000;
        client.x.customer_writes(client.now, ADA, ACCOUNT, &format!("in {number}"));
        client.say(&format!("out {number}"));
    }
    client.x.customer_writes(client.now, ADA, "4004", "not ours");
    let (mut cursor, mut texts) = (String::new(), Vec::new());
    loop {
        let said = client.as_account(Method::GET, &format!("{LIST}?count=5{cursor}"));
        let events = said.body["events"].as_array().unwrap();
        texts.extend(
            events.iter().map(|event| event["message_create"]["message_data"]["text"].as_str().unwrap().to_owned()),
        );
        match said.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={}", next.replace('=', "%3D").replace('+', "%2B")),
            None => break,
        }
    }
    assert_eq!(texts.len(), 14);
    assert_eq!((texts[0].as_str(), texts[13].as_str()), ("out 6", "in 0"));
    for query in ["?count=0", "?count=51", "?count=x", "?cursor=nonsense"] {
        assert_eq!(client.as_account(Method::GET, &format!("{LIST}{query}")).code(), Some(214));
    }
}

#[test]
fn an_empty_page_can_have_a_next_one() {
    let mut client = Client::new();
    client.say("hello");
    client.x.misbehave(Trouble::EmptyPages(1));
    let said = client.as_account(Method::GET, LIST);
    assert_eq!(said.body["events"], json!([]));
    let cursor = said.body["next_cursor"].as_str().unwrap().replace('=', "%3D");
    let said = client.as_account(Method::GET, &format!("{LIST}?cursor={cursor}"));
    assert_eq!(said.body["events"].as_array().unwrap().len(), 1);
    assert_eq!(said.body.get("next_cursor"), None);
}

#[test]
fn the_list_is_asked_fifteen_times_in_fifteen_minutes_and_forgets_after_thirty_days() {
    let mut client = Client::new();
    client.say("old");
    for _ in 0..15 {
        assert_eq!(client.as_account(Method::GET, LIST).status, 200);
    }
    assert_eq!(client.as_account(Method::GET, LIST).code(), Some(88));
    client.now += 30 * 86_400_000;
    assert_eq!(client.as_account(Method::GET, LIST).body["events"], json!([]));
}

#[test]
fn one_message_is_shown_and_destroyed_in_its_owners_view_alone() {
    let mut client = Client::new();
    let id = client.say("hello").body["event"]["id"].as_str().unwrap().to_owned();
    let path = format!("/1.1/direct_messages/events/show.json?id={id}");
    assert_eq!(client.as_account(Method::GET, &path).body["event"]["id"], json!(id));
    assert_eq!(
        client.as_account(Method::DELETE, &format!("/1.1/direct_messages/events/destroy.json?id={id}")).status,
        204
    );
    assert_eq!(client.as_account(Method::GET, &path).code(), Some(34));
    assert_eq!(client.as_account(Method::DELETE, "/1.1/direct_messages/events/destroy.json?id=5").code(), Some(34));
    assert_eq!(client.x.conversation(ADA, ACCOUNT).len(), 1);
}

#[test]
fn typing_and_reading_are_form_posts() {
    let mut client = Client::new();
    let event = client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    assert_eq!(client.post_form("/1.1/direct_messages/indicate_typing.json", &[("recipient_id", ADA)]).status, 204);
    assert_eq!(
        client
            .post_form("/1.1/direct_messages/mark_read.json", &[("last_read_event_id", &event), ("recipient_id", ADA)])
            .status,
        204
    );
    let signals = client.x.signals();
    assert_eq!((signals[0].from.as_str(), &signals[0].kind), (ACCOUNT, &SignalKind::Typing));
    assert_eq!(signals[1].kind, SignalKind::Read { last_event_id: event });
    for form in [&[("recipient_id", ADA)][..], &[("last_read_event_id", "1"), ("recipient_id", ADA)]] {
        assert_eq!(client.post_form("/1.1/direct_messages/mark_read.json", form).status, 400);
    }
    assert_eq!(client.post_form("/1.1/direct_messages/indicate_typing.json", &[("recipient_id", "4004")]).status, 400);
}
