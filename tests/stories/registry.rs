//! Webhooks, subscriptions and accounts by an admin's hand, in every product.

use perch::x_api::time::Span;
use perch_simulator::{Calls, Mishap, Permission, Trouble};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::cast::{ADA, BRAND, SHOP};

/// A deployment on this product, with the brand connected.
fn on(product: &str) -> World {
    let mut world = World::empty();
    world.set("X_PRODUCT", product);
    world.set("X_ENV_NAME", "prod");
    let report = world.connects(BRAND);
    assert_eq!(report["ok"], true, "{product}: {report:#}");
    world
}

const PRODUCTS: &[&str] = &["xaa", "aaa", "enterprise", "premium"];

#[test]
fn in_every_product_an_account_connects_is_listed_and_answers() {
    for product in PRODUCTS {
        let mut world = on(product);
        world.writes(ADA, "hi");
        world.drive();
        assert_eq!(world.sent_to(ADA).len(), 1, "{product}");
        let (_, webhooks) = world.api("GET", "/api/webhooks", &Value::Null);
        assert_eq!((&webhooks["product"], &webhooks["webhooks"][0]["valid"]), (&json!(product), &json!(true)));
        let (_, all) = world.api("GET", "/api/subscriptions", &Value::Null);
        // On X Activity each kind of event is one.
        let used = if *product == "xaa" { 5 } else { 1 };
        assert_eq!((&all["used"], &all["subscriptions"][0]["accounts"]), (&json!(used), &json!([BRAND])), "{product}");
        let check =
            |world: &mut World| world.api("POST", "/api/subscriptions/check", &json!({})).1["subscribed"].clone();
        assert_eq!(check(&mut world), true, "{product}");
        assert_eq!(world.api("POST", "/api/subscriptions/delete", &json!({})).0, 200);
        assert_eq!(world.api("POST", "/api/subscriptions/delete", &json!({})).0, 200, "{product}: as good twice");
        assert_eq!(check(&mut world), false, "{product}");
        assert_eq!(world.api("POST", "/api/subscriptions/add", &json!({})).1["step"]["result"], "done");
        assert_eq!(world.api("POST", "/api/subscriptions/add", &json!({})).1["step"]["result"], "kept");
        assert_eq!(check(&mut world), true, "{product}");
    }
}

#[test]
fn in_every_product_a_webhook_is_validated_deleted_and_registered_by_hand() {
    for product in PRODUCTS {
        let mut world = on(product);
        let (_, all) = world.api("GET", "/api/webhooks", &Value::Null);
        let id = json!({"id": all["webhooks"][0]["id"]});
        world.misbehaves(Trouble::InvalidateWebhooks);
        assert_eq!(world.api("GET", "/api/webhooks", &Value::Null).1["webhooks"][0]["valid"], false);
        assert_eq!(world.api("POST", "/api/webhooks/validate", &id).0, 200, "{product}");
        assert_eq!(world.api("GET", "/api/webhooks", &Value::Null).1["webhooks"][0]["valid"], true);
        assert_eq!(world.api("POST", "/api/webhooks/delete", &id).0, 200, "{product}");
        let (status, gone) = world.api("POST", "/api/webhooks/delete", &id);
        assert_eq!(status, 502);
        assert!(gone["what_to_do"].as_str().unwrap().len() > 10, "{gone:#}");
        assert_eq!(world.api("POST", "/api/webhooks/register", &json!({})).0, 200, "{product}");
        let (_, twice) = world.api("POST", "/api/webhooks/register", &json!({}));
        assert!(twice["what_to_do"].is_string(), "{product}: {twice:#}");
    }
}

#[test]
fn the_webhook_moves_to_another_address_and_everybody_with_it() {
    for product in PRODUCTS {
        let mut world = on(product);
        assert_eq!(world.connects(SHOP)["ok"], true);
        let (status, report) = world.api("POST", "/api/webhooks/move", &json!({"url": "https://new.example/webhook"}));
        assert_eq!(status, 200, "{product}: {report:#}");
        let steps: Vec<&str> =
            report["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
        assert!(steps.contains(&"subscribe @furni") && steps.contains(&"subscribe @shop"), "{steps:?}");
        {
            let inner = world.inner.borrow();
            let urls: Vec<&str> = inner.x.webhooks().iter().map(|webhook| webhook.url.as_str()).collect();
            assert_eq!(urls, ["https://new.example/webhook"], "{product}");
        }
        assert_eq!(world.api("POST", "/api/webhooks/move", &json!({"url": "https://new.example/webhook"})).0, 200);
        for account in [BRAND, SHOP] {
            world.writes_to(account, ADA, "hi");
        }
        world.drive();
        assert_eq!((world.sent_between(BRAND, ADA).len(), world.sent_between(SHOP, ADA).len()), (1, 1), "{product}");
    }
}

#[test]
fn what_x_refuses_is_explained() {
    let mut world = World::empty();
    world.set("X_PRODUCT", "aaa");
    world.inner.borrow_mut().x.settings().plan = (1, 1);
    assert_eq!(world.connects(BRAND)["ok"], true);
    let report = world.connects(SHOP);
    let last = report["steps"].as_array().unwrap().last().unwrap().clone();
    assert!(last["what_to_do"].as_str().unwrap().contains("larger plan"), "{last:#}");
    let (_, more) = world.api("POST", "/api/webhooks/register", &json!({"url": "https://more.example/webhook"}));
    assert!(more["what_to_do"].as_str().unwrap().contains("Delete one"), "{more:#}");
    world.set("X_PRODUCT", "party");
    assert!(world.connects(BRAND)["steps"][0]["cause"].as_str().unwrap().contains("aaa, enterprise or premium"));
}

#[test]
fn tokens_that_may_not_message_are_named_and_nothing_is_stored() {
    let mut world = World::empty();
    world.misbehaves(Trouble::Permission { user: BRAND.to_owned(), permission: Permission::Read });
    let report = world.connects(BRAND);
    let last = report["steps"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((report["ok"].as_bool(), last["step"].as_str()), (Some(false), Some("permission")));
    assert!(
        last["cause"].as_str().unwrap().contains("read")
            && last["what_to_do"].as_str().unwrap().contains("make new tokens")
    );
    assert_eq!(world.count("SELECT COUNT(*) FROM accounts"), 0);
}

#[test]
fn the_apps_token_is_asked_for_once_and_anew_when_x_takes_it_no_more() {
    let mut world = on("enterprise");
    for _ in 0..3 {
        world.api("GET", "/api/webhooks", &Value::Null);
    }
    assert_eq!(world.calls_to("/oauth2/token"), 1);
    world.misbehaves(Trouble::Calls(Calls::starting_with("/1.1/account_activity/webhooks.json"), Mishap::refused(89)));
    assert_eq!(world.api("GET", "/api/webhooks", &Value::Null).0, 200);
    assert_eq!(world.calls_to("/oauth2/token"), 2);
    let kept = world.rows("SELECT sealed FROM bearer")[0]["sealed"].to_string();
    assert!(kept.contains("v1.") && !kept.contains("AAAA%2F"), "{kept}");
}

#[test]
fn an_account_that_is_off_is_recorded_and_not_answered_until_it_is_on() {
    let mut world = World::new();
    assert_eq!(world.api("POST", "/api/accounts/switch", &json!({"account": "@furni", "on": false})).0, 200);
    world.writes(ADA, "hi");
    world.drive();
    assert!(world.sent_to(ADA).is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM entries WHERE author = 'customer'"), 1);
    assert_eq!(world.api("POST", "/api/accounts/switch", &json!({"on": true})).0, 200);
    world.writes(ADA, "hi again");
    world.drive();
    assert_eq!(world.sent_to(ADA).len(), 1);
    assert_eq!(world.api("POST", "/api/accounts/switch", &json!({})).0, 400);
}

#[test]
fn what_an_account_still_owes_when_it_is_switched_off_goes_out_when_it_is_on() {
    let mut world = World::new();
    world.misbehaves(crate::world::cast::rate_limited(1, 60));
    world.writes(ADA, "hi");
    world.drive();
    world.api("POST", "/api/accounts/switch", &json!({"on": false}));
    world.passes(Span::minutes(10));
    assert!(world.sent_to(ADA).is_empty());
    world.api("POST", "/api/accounts/switch", &json!({"on": true}));
    world.passes(Span::minutes(3));
    assert_eq!(world.sent_to(ADA).len(), 1);
}

#[test]
fn disconnecting_ends_the_subscription_and_leaves_nothing_behind() {
    let mut world = World::with_bot("snow");
    world.writes(ADA, "photo");
    world.passes(Span::minutes(1));
    assert_eq!(world.api("POST", "/api/accounts/disconnect", &json!({})).0, 400, "it has to be named");
    let (status, report) = world.api("POST", "/api/accounts/disconnect", &json!({"account": "furni"}));
    assert_eq!(status, 200, "{report:#}");
    assert!(!world.inner.borrow().x.is_subscribed(BRAND));
    assert!(world.inner.borrow().x.welcome_messages().is_empty(), "what was published is taken back");
    let steps = report["steps"].to_string();
    assert!(steps.contains("make its tokens invalid on X") && !steps.contains("not done"), "{report:#}");
    let left = world.inner.borrow().database.tables_with_account(BRAND);
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(world.api("POST", "/api/accounts/disconnect", &json!({"account": "furni"})).0, 404);
}

#[test]
fn accounts_are_listed_without_their_tokens() {
    let mut world = World::new();
    world.connects(SHOP);
    let (_, listed) = world.api("GET", "/api/accounts", &Value::Null);
    let names: Vec<&Value> = listed["accounts"].as_array().unwrap().iter().map(|row| &row["username"]).collect();
    assert_eq!(names, ["furni", "shop"]);
    assert!(!listed.to_string().contains("v1.") && listed["accounts"][0]["access"] == "read-write-directmessages");
    let [first, second] = [0, 1].map(|place| listed["accounts"][place]["budgets"].as_array().unwrap().clone());
    assert!(!first.is_empty() && first.iter().all(|budget| budget["used"] == 0 && budget["cap"].as_i64().unwrap() > 0));
    assert_eq!(first.len(), second.len());
    world.hears(ADA, "hi");
    let (_, later) = world.api("GET", "/api/accounts", &Value::Null);
    assert_eq!(later["accounts"][0]["budgets"][0]["used"], 1, "{later:#}");
    assert_eq!(later["accounts"][0]["last_message_at"], json!(world.now().0));
    let (_, rest) = world.api("GET", &format!("/api/accounts?after={BRAND}"), &Value::Null);
    assert_eq!(rest["accounts"].as_array().unwrap().len(), 1);
}

#[test]
fn every_change_is_written_down_and_no_look() {
    let mut world = World::new();
    world.api("GET", "/api/accounts", &Value::Null);
    world.api("POST", "/api/accounts/switch", &json!({"account": "furni", "on": false}));
    world.api("POST", "/api/posts", &json!({"text": "a secret launch"}));
    let (_, audit) = world.api("GET", "/api/audit", &Value::Null);
    let what: Vec<&Value> = audit["changes"].as_array().unwrap().iter().map(|row| &row["what"]).collect();
    assert!(
        what.contains(&&json!("/api/accounts/switch")) && what.contains(&&json!("/api/accounts/connect")),
        "{what:?}"
    );
    let all = audit.to_string();
    assert!(!all.contains("launch") && !all.contains("-token") && !all.contains("-secret"), "{all}");
}

#[test]
fn somebody_is_found_by_name_and_a_post_is_made_once() {
    let mut world = World::new();
    assert_eq!(world.api("GET", "/api/lookup?username=@ada", &Value::Null).1["id"], ADA);
    assert_eq!(world.api("GET", "/api/lookup?username=nobody", &Value::Null).0, 404);
    assert_eq!(world.api("GET", "/api/lookup?username=not%20a%20name", &Value::Null).0, 400);
    assert_eq!(world.api("GET", "/api/whoami", &Value::Null).1["username"], "furni");
    let (status, posted) = world.api("POST", "/api/posts", &json!({"text": "Hello", "account": "furni"}));
    assert_eq!(status, 200, "{posted:#}");
    let (status, twice) = world.api("POST", "/api/posts", &json!({"text": "Hello"}));
    assert_eq!(status, 502, "{twice:#}");
    assert_eq!(world.posts_of_the_brand(), ["Hello"]);
}
