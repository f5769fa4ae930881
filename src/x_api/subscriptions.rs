//! Subscriptions in both v1.1 shapes: whose events X delivers.

use super::ids::WebhookId;
use super::request::{Call, encode};
use super::webhooks::Product;

/// Subscribes the account that signs. Answers 204; when it is subscribed already X says so in words.
pub fn add(base: &str, product: &Product, webhook: &WebhookId) -> Call {
    Call::post(base, path(product, webhook))
}

/// Whether the account that signs is subscribed: 204, or a refusal.
pub fn check(base: &str, product: &Product, webhook: &WebhookId) -> Call {
    Call::get(base, path(product, webhook))
}

fn path(product: &Product, webhook: &WebhookId) -> String {
    match product {
        Product::Enterprise => product.path(&format!("webhooks/{}/subscriptions/all.json", encode(webhook.as_str()))),
        Product::Premium { .. } => product.path("subscriptions.json"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_shapes_have_their_own_paths() {
        let webhook = WebhookId::from("7");
        assert_eq!(
            add("", &Product::Enterprise, &webhook).path,
            "/1.1/account_activity/webhooks/7/subscriptions/all.json"
        );
        let premium = Product::Premium { environment: "dev".to_owned() };
        assert_eq!(check("", &premium, &webhook).path, "/1.1/account_activity/all/dev/subscriptions.json");
    }
}
