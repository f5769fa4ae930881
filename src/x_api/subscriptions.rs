//! Subscriptions of Account Activity in their three shapes: whose events X delivers. Those of X Activity: activity_subscriptions.rs.

use serde::Serialize;
use serde_json::Value;

use super::event::{number, text};
use super::ids::{UserId, WebhookId};
use super::product::{Asked, By, Product};
use super::request::{Body, Call, Response, encode};

/// How many subscriptions the app has, of how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    pub used: i64,
    /// `None`: X does not say.
    pub allowed: Option<i64>,
}

/// Subscribes the account that signs; when it is subscribed already X says so in words.
///
/// See [X docs: Account Activity](https://docs.x.com/x-api/account-activity/introduction).
pub fn add(base: &str, product: &Product, webhook: &WebhookId) -> Asked {
    let call = Call::post(base, own(product, webhook));
    Asked::by(By::Account, if product.is_v2() { call.body(Body::Json("{}".to_owned())) } else { call })
}

/// Whether the account that signs is subscribed: see [`is_subscribed`]; v1.1 refuses when it is not.
pub fn check(base: &str, product: &Product, webhook: &WebhookId) -> Asked {
    Asked::by(By::Account, Call::get(base, own(product, webhook)))
}

/// Everybody who is subscribed to the webhook.
pub fn list(base: &str, product: &Product, webhook: &WebhookId) -> Asked {
    Asked::by(By::App, Call::get(base, below(product, webhook, "all/list", "list")))
}

/// How many there are in the whole app.
pub fn count(base: &str, product: &Product) -> Asked {
    let path = match product {
        Product::Enterprise => "/1.1/account_activity/subscriptions/count.json",
        Product::Premium { .. } => "/1.1/account_activity/all/subscriptions/count.json",
        Product::AccountActivity | Product::XActivity => "/2/account_activity/subscriptions/count",
    };
    Asked::by(By::App, Call::get(base, path))
}

/// Ends the subscription of this user, without their signature.
pub fn delete(base: &str, product: &Product, webhook: &WebhookId, user: &UserId) -> Asked {
    let user = encode(user.as_str());
    Asked::by(By::App, Call::delete(base, below(product, webhook, &format!("{user}/all"), &user)))
}

/// What the answer to [`check`] says, when it is no refusal.
pub fn is_subscribed(response: &Response) -> bool {
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    // A success may carry errors instead of data.
    let is_refused = body.get("errors").is_some() && body.get("data").is_none();
    body.pointer("/data/subscribed").and_then(Value::as_bool).unwrap_or(!is_refused)
}

pub fn read_list(response: &Response) -> Option<Vec<UserId>> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    let Some(all) = body.pointer("/data/subscriptions").or_else(|| body.get("subscriptions")) else {
        // Nobody is subscribed.
        return body.get("data").filter(|data| data.is_object()).map(|_| Vec::new());
    };
    let all = all.as_array()?;
    Some(all.iter().filter_map(|one| text(one, "/user_id")).map(UserId::from).collect())
}

/// X writes the numbers as strings.
pub fn read_count(response: &Response) -> Option<Count> {
    let body: Value = serde_json::from_slice(response.body()).ok()?;
    let body = body.get("data").unwrap_or(&body);
    Some(Count { used: number(body, "/subscriptions_count_all")?, allowed: number(body, "/provisioned_count") })
}

/// The account's own.
fn own(product: &Product, webhook: &WebhookId) -> String {
    match product {
        Product::Premium { .. } => product.registry("subscriptions"),
        Product::Enterprise | Product::AccountActivity | Product::XActivity => below(product, webhook, "all", ""),
    }
}

fn below(product: &Product, webhook: &WebhookId, rest: &str, premium: &str) -> String {
    let webhook = encode(webhook.as_str());
    match product {
        Product::Enterprise => product.registry(&format!("webhooks/{webhook}/subscriptions/{rest}")),
        Product::Premium { .. } => product.registry(&format!("subscriptions/{premium}")),
        Product::AccountActivity | Product::XActivity => {
            product.registry(&format!("account_activity/webhooks/{webhook}/subscriptions/{rest}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn the_three_shapes_have_their_own_paths() {
        let (webhook, user) = (WebhookId::from("7"), UserId::from("9"));
        let premium = Product::Premium { environment: "dev".to_owned() };
        let (enterprise, v2) = (Product::Enterprise, Product::AccountActivity);
        for (asked, path) in [
            (add("", &enterprise, &webhook), "/1.1/account_activity/webhooks/7/subscriptions/all.json"),
            (add("", &premium, &webhook), "/1.1/account_activity/all/dev/subscriptions.json"),
            (add("", &v2, &webhook), "/2/account_activity/webhooks/7/subscriptions/all"),
            (list("", &enterprise, &webhook), "/1.1/account_activity/webhooks/7/subscriptions/all/list.json"),
            (list("", &premium, &webhook), "/1.1/account_activity/all/dev/subscriptions/list.json"),
            (list("", &v2, &webhook), "/2/account_activity/webhooks/7/subscriptions/all/list"),
            (delete("", &enterprise, &webhook, &user), "/1.1/account_activity/webhooks/7/subscriptions/9/all.json"),
            (delete("", &premium, &webhook, &user), "/1.1/account_activity/all/dev/subscriptions/9.json"),
            (delete("", &v2, &webhook, &user), "/2/account_activity/webhooks/7/subscriptions/9/all"),
            (count("", &premium), "/1.1/account_activity/all/subscriptions/count.json"),
        ] {
            assert_eq!(asked.call.path, path);
        }
    }

    #[test]
    fn both_generations_of_answers_are_read() {
        let read = |body: &'static str| Response::new(Bytes::from_static(body.as_bytes()));
        for body in [r#"{"subscriptions":[{"user_id":"3"}]}"#, r#"{"data":{"subscriptions":[{"user_id":"3"}]}}"#] {
            assert_eq!(read_list(&read(body)), Some(vec!["3".into()]));
        }
        for body in [
            r#"{"subscriptions_count_all":"2","provisioned_count":"15"}"#,
            r#"{"data":{"subscriptions_count_all":"2","provisioned_count":"15"}}"#,
        ] {
            assert_eq!(read_count(&read(body)), Some(Count { used: 2, allowed: Some(15) }));
        }
        assert!(is_subscribed(&read("")) && is_subscribed(&read(r#"{"data":{"subscribed":true}}"#)));
        assert!(!is_subscribed(&read(r#"{"data":{"subscribed":false}}"#)));
        assert!(!is_subscribed(&read(r#"{"errors":[{"title":"x"}]}"#)));
    }
}
