//! Posts: who is told of them, and what the account may post.

use http::Method;
use perch_simulator::{Calls, Endpoint, Limit, Mishap, Outcome, Trouble};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, ADA, Client, HOOK, NOW, Said, subscribed};
use crate::welcome::{id_of, make};

const POSTS: &str = "/2/users/2001/tweets";

#[test]
fn a_post_is_told_to_its_author_and_to_everybody_whom_it_names_once() {
    let mut client = subscribed();
    client.x.subscribe_now(NOW, ADA, HOOK);
    let id = client.x.customer_mentions(NOW, ADA, ACCOUNT, "@PerchDemo, @perchdemo: see https://example.com (@nobody)");
    let bodies = client.receive();
    let told: Vec<_> = bodies.iter().map(|body| (&body["for_user_id"], body.get("user_has_blocked"))).collect();
    assert_eq!(told, [(&json!(ADA), None), (&json!(ACCOUNT), Some(&json!("false")))]);
    let post = &bodies[1]["tweet_create_events"][0];
    assert_eq!(post["entities"]["urls"][0]["expanded_url"], "https://example.com");
    let kept = &client.x.posts()[0];
    assert_eq!((&kept.id, &kept.author, &kept.mentioned), (&id, &ADA.to_owned(), &vec![ACCOUNT.to_owned()]));
}

#[test]
fn nobody_is_told_who_is_not_subscribed() {
    let mut client = Client::new();
    client.x.customer_mentions(NOW, ADA, ACCOUNT, "hello");
    client.x.customer_follows(NOW, ADA, ACCOUNT);
    let post = client.x.posts_in_app(NOW, ACCOUNT, "hello");
    client.x.customer_likes(NOW, ADA, ACCOUNT, &post).unwrap();
    assert!(client.receive().is_empty());
    assert_eq!(client.x.posts().len(), 2);
}

#[test]
fn a_post_of_the_account_is_kept_and_comes_back_to_it() {
    let mut client = subscribed();
    let asked = client.x.customer_mentions(NOW, ADA, ACCOUNT, "@perchdemo help");
    client.receive();
    let said = post(&mut client, &json!({"text": "Write to us", "reply": {"in_reply_to_tweet_id": asked}}));
    let id = said.body["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!((said.status, &said.body), (201, &json!({"data": {"id": id, "text": "Write to us"}})));
    let kept = client.x.posts().last().unwrap();
    assert_eq!((&kept.id, &kept.author, kept.created_ms), (&id, &ACCOUNT.to_owned(), NOW));
    assert_eq!(kept.in_reply_to.as_ref(), Some(&asked));
    let own = client.receive().remove(0);
    let event = &own["tweet_create_events"][0];
    assert_eq!((&event["id_str"], &event["user"]["id_str"]), (&json!(id), &json!(ACCOUNT)));
    assert_eq!((&event["in_reply_to_status_id_str"], &event["in_reply_to_user_id_str"]), (&json!(asked), &json!(ADA)));
}

#[test]
fn what_a_post_may_not_be_is_a_problem() {
    let mut client = Client::new();
    for body in [
        json!({}),
        json!([]),
        json!({"text": ""}),
        json!({"text": 1}),
        json!({"text": "t", "poll": {}}),
        json!({"text": "t", "reply": {}}),
        json!({"text": "t", "reply": {"in_reply_to_tweet_id": "x"}}),
        json!({"text": "t", "reply": {"in_reply_to_tweet_id": "1", "auto": true}}),
        json!({"text": "t", "direct_message_deep_link": "https://example.com/"}),
        json!({"text": "t", "direct_message_deep_link": "https://twitter.com/messages/compose"}),
    ] {
        let said = post(&mut client, &body);
        assert_eq!((said.status, &said.body["title"]), (400, &json!("Invalid Request")), "{body}");
        assert!(said.body["detail"].is_string() && said.code().is_none());
        assert!(said.headers["content-type"].to_str().unwrap().starts_with("application/problem+json"));
    }
    let gone = post(&mut client, &json!({"text": "t", "reply": {"in_reply_to_tweet_id": "77"}}));
    assert_eq!((gone.status, &gone.body["title"]), (403, &json!("Forbidden")));
    assert_eq!(client.post_form("/2/tweets", &[("text", "t")]).status, 400);
    assert!(client.x.posts().is_empty());
    assert!(client.x.requests().iter().all(|call| matches!(call.outcome, Outcome::Refused { .. })));
}

#[test]
fn a_text_weighs_280_and_a_link_23_of_them() {
    let mut client = Client::new();
    let long = format!("https://example.com/{}", "x".repeat(300));
    for (text, status) in [
        ("x".repeat(280), 201),
        ("x".repeat(281), 400),
        ("é".repeat(280), 201),
        ("鳥".repeat(140), 201),
        ("鳥".repeat(141), 400),
        (format!("{} {long}", "x".repeat(256)), 201),
        (format!("{} {long}", "x".repeat(257)), 400),
    ] {
        assert_eq!(post(&mut client, &json!({"text": text})).status, status, "{text}");
    }
}

#[test]
fn the_same_text_is_refused_for_ten_minutes() {
    let mut client = Client::new();
    client.grant_ada();
    client.x.posts_in_app(NOW, ADA, "hello");
    assert_eq!(post(&mut client, &json!({"text": "hello"})).status, 201);
    client.now = NOW + 599_999;
    let again = post(&mut client, &json!({"text": "hello"}));
    assert_eq!(again.status, 403);
    assert_eq!(again.body["detail"], "You are not allowed to create a Tweet with duplicate content.");
    assert_eq!(post(&mut client, &json!({"text": "hello!"})).status, 201);
    client.now = NOW + 600_000;
    assert_eq!(post(&mut client, &json!({"text": "hello"})).status, 201);
}

#[test]
fn a_client_whose_answer_was_lost_finds_its_post() {
    let mut client = Client::new();
    client.x.misbehave(Trouble::Calls(Calls::to(Method::POST, "/2/tweets"), Mishap::AnswerLost));
    let mut request = client.signed(Method::POST, "/2/tweets", &[], ("account-token", "account-secret"));
    request.headers_mut().insert("content-type", "application/json".parse().unwrap());
    *request.body_mut() = json!({"text": "hello"}).to_string().into();
    client.x.handle(NOW, &request);
    let list = client.as_account(Method::GET, &format!("{POSTS}?tweet.fields=created_at"));
    assert_eq!(list.body["data"][0]["text"], "hello");
    assert_eq!(list.body["data"][0]["created_at"], "2026-09-21T14:13:20.000Z");
}

#[test]
fn the_list_is_the_newest_first_in_pages_with_the_fields_that_are_asked_for() {
    let mut client = Client::new();
    let none = client.as_account(Method::GET, POSTS);
    assert_eq!((none.status, none.body), (200, json!({"meta": {"result_count": 0}})));
    let mut ids: Vec<String> =
        (0..6).map(|number| client.x.posts_in_app(NOW + number, ACCOUNT, &format!("post {number}"))).collect();
    ids.reverse();
    client.x.posts_in_app(NOW, ADA, "not ours");
    let first = client.as_account(Method::GET, &format!("{POSTS}?max_results=5"));
    assert_eq!(listed(&first), ids[..5]);
    assert_eq!((&first.body["meta"]["newest_id"], &first.body["meta"]["oldest_id"]), (&json!(ids[0]), &json!(ids[4])));
    assert_eq!(first.body["data"][0], json!({"id": ids[0], "text": "post 5"}));
    let token = first.body["meta"]["next_token"].as_str().unwrap().replace('=', "%3D");
    let second = client.as_account(Method::GET, &format!("{POSTS}?max_results=5&pagination_token={token}"));
    assert_eq!((listed(&second), second.body["meta"].get("next_token")), (ids[5..].to_vec(), None));
    assert_eq!(client.as_account(Method::GET, &format!("{POSTS}?max_results=4")).body["title"], "Invalid Request");
    let nobody = client.as_account(Method::GET, "/2/users/77/tweets");
    assert_eq!((nobody.status, nobody.body.get("data")), (200, None));
    assert!(nobody.body["errors"][0]["type"].as_str().unwrap().ends_with("resource-not-found"));
}

#[test]
fn posting_needs_the_right_to_write_and_is_limited() {
    let mut client = Client::new();
    assert_eq!(Endpoint::CreatePost.documented_limit(), Some(Limit::per_15_minutes(100)));
    client.may_only_write(ACCOUNT);
    assert_eq!(post(&mut client, &json!({"text": "hello"})).header("x-rate-limit-remaining"), Some(99));
    assert_eq!(client.as_app(Method::POST, "/2/tweets").status, 403);
}

#[test]
fn the_button_under_a_post_leads_to_its_welcome_message() {
    let mut client = subscribed();
    let welcome = id_of(&make(&mut client, &json!({"text": "From the post?"})));
    let link = format!("https://twitter.com/messages/compose?recipient_id={ACCOUNT}&welcome_message_id={welcome}");
    let said = post(&mut client, &json!({"text": "Write to us", "direct_message_deep_link": link}));
    let id = said.body["data"]["id"].as_str().unwrap();
    assert_eq!(client.x.posts()[0].direct_message_deep_link, Some(link));
    client.receive();
    let shown = client.x.customer_opens_from_post(NOW, ADA, ACCOUNT, id, None).unwrap();
    assert_eq!(shown.id, welcome);
    client.x.customer_writes(NOW, ADA, ACCOUNT, "hello");
    let event = client.receive().remove(0)["direct_message_events"][0].clone();
    assert_eq!(event["initiated_via"], json!({"tweet_id": id, "welcome_message_id": welcome}));
}

fn post(client: &mut Client, body: &Value) -> Said {
    client.json_as_account(Method::POST, "/2/tweets", body)
}

fn listed(said: &Said) -> Vec<String> {
    said.body["data"].as_array().unwrap().iter().map(|post| post["id"].as_str().unwrap().to_owned()).collect()
}
