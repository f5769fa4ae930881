//! Posts: who is told of them, and what the account may post.

use serde_json::json;

use crate::client::{ACCOUNT, ADA, HOOK, NOW, subscribed};

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
    let mut client = crate::client::Client::new();
    client.x.customer_mentions(NOW, ADA, ACCOUNT, "hello");
    client.x.customer_follows(NOW, ADA, ACCOUNT);
    let post = client.x.posts_in_app(NOW, ACCOUNT, "hello");
    client.x.customer_likes(NOW, ADA, ACCOUNT, &post).unwrap();
    assert!(client.receive().is_empty());
    assert_eq!(client.x.posts().len(), 2);
}
